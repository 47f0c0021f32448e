"""What is added to a dossier by hand: dated notes and items (S16), and which sources are asked at all (S15)."""

import re
from datetime import date, datetime

from sqlalchemy import func, select

from workflows.commands.desk import Work
from workflows.models import DossierNote, InspectionCase, IntelItem, IntelRequest, IntelSource, Unit
from workflows.policy import Actor
from workflows.policy.clearance import require_cleared
from workflows.policy.vocabulary import RELIABILITY
from workflows.queries import dossier
from workflows.queries.task_facts import place_of_case
from workflows.records import exposures, history
from workflows.refusal import Refusal
from workflows.workdays import local_date

CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
LONGEST_TEXT, LONGEST_TITLE = 2000, 120


class DossierClosed(Refusal):
    """The team has left; what becomes known now is no preparation any more."""

    rule = "S16"


class DossierRefused(Refusal):
    """What was typed is incomplete or cannot be right."""

    rule = "dossier"


def add_note(work: Work, *, case_no: str, source: str, text: str, actor: Actor, now: datetime) -> DossierNote:
    """补充活情况: a dated note with author and source, until the team has left; notes are never changed (S16)."""
    case = _living_case(work, case_no, actor)
    note = DossierNote(
        case_id=case.id, by_id=actor.user_id, at=now, source=_text(source, "情况来源", 1, LONGEST_TITLE),
        text=_text(text, "情况内容", 2, LONGEST_TEXT),
    )  # fmt: skip
    work.session.add(note)
    work.session.flush()
    history.record(
        work.session, action="add_note", summary=f"案卷补充情况（来源：{note.source}）", now=now, actor=actor,
        case_id=case.id, object_kind="dossier_note", object_id=note.id,
    )  # fmt: skip
    return note


def add_intel_item(
    work: Work,
    *,
    case_no: str,
    source_type: str,
    title: str,
    occurred_on: str,
    body: str,
    reliability: str,
    first_hand: bool,
    selection_related: bool,
    actor: Actor,
    now: datetime,
) -> IntelItem:
    """登记情况条目: what reached the division another way; sealed where the source is confidential."""
    case = _living_case(work, case_no, actor)
    source = work.session.scalar(select(IntelSource).where(IntelSource.code == source_type))
    if source is None or reliability not in RELIABILITY:
        raise DossierRefused("请从列表中选择情况来源和可靠程度。")
    day, text = _day(occurred_on, now), _text(body, "主要内容", 4, LONGEST_TEXT)
    request = work.session.scalar(
        select(IntelRequest).where(IntelRequest.case_id == case.id, IntelRequest.source_type == source.code)
    )
    item = IntelItem(
        case_id=case.id, request_id=request.id if request else None, source_type=source.code,
        title=_text(title, "事项", 4, LONGEST_TITLE), occurred_on=day,
        body=work.sealer.seal(text) if source.confidential else text, reliability=reliability, first_hand=first_hand,
        outside_window=request is not None and day < request.window_start, selection_related=selection_related,
        concrete=True, added_by_id=actor.user_id, added_at=now,
    )  # fmt: skip
    work.session.add(item)
    work.session.flush()
    exposures.expose_intel(work.session, item, case, now)
    history.record(
        work.session, action="add_intel_item", summary=f"登记情况（{source.name}）", now=now, actor=actor,
        case_id=case.id, object_kind="intel_item", object_id=item.id,
    )  # fmt: skip
    return item


def save_source(
    work: Work,
    *,
    code: str,
    name: str,
    confidential: bool,
    provider_unit_id: int | None,
    is_active: bool,
    actor: Actor,
    now: datetime,
) -> IntelSource:
    """设置情况来源: adds a kind of source or changes one; it is asked from the next dossier on (S15)."""
    actor.require_role("sys_admin", act="设置情况来源")
    if not CODE.fullmatch(code):
        raise DossierRefused("来源代码应为小写英文字母、数字和下划线，例如 public_opinion。")
    if provider_unit_id is not None and work.session.get(Unit, provider_unit_id) is None:
        raise DossierRefused("请从列表中选择提供单位。")
    source = work.session.scalar(select(IntelSource).where(IntelSource.code == code))
    if source is None:
        last = work.session.scalar(select(func.max(IntelSource.seq)))
        source = IntelSource(code=code, seq=(last or 0) + 1)
        work.session.add(source)
    source.name, source.confidential = _text(name, "来源名称", 2, 40), confidential
    source.provider_unit_id, source.is_active = provider_unit_id, is_active
    work.session.flush()
    history.record(
        work.session, action="save_source", summary=f"设置情况来源“{source.name}”", now=now, actor=actor,
        object_kind="intel_source", object_id=source.id,
        details={"code": code, "confidential": confidential, "provider_unit": provider_unit_id, "active": is_active},
    )  # fmt: skip
    return source


def _living_case(work: Work, case_no: str, actor: Actor) -> InspectionCase:
    case = dossier.find(work.session, actor, case_no)
    require_cleared(actor, place_of_case(case))
    if case.status not in dossier.OPEN_UNTIL_EXIT:
        raise DossierClosed("检查组已离点，案卷不再补充；新的情况请按线索登记。")
    return case


def _text(text: str, title: str, least: int, most: int) -> str:
    stripped = text.strip()
    if not least <= len(stripped) <= most:
        raise DossierRefused(f"“{title}”应为{least}至{most}个字。")
    return stripped


def _day(text: str, now: datetime) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise DossierRefused("请填写发生日期。") from error
    if day > local_date(now):
        raise DossierRefused("发生日期不能晚于今天。")
    return day
