"""检查人才库 (S22): who may be sent — put in, kept up to date, taken out.  Nobody is deleted; teams of the past keep him."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.models import Inspector, Team, TeamMember, Unit, User
from workflows.policy import Actor
from workflows.queries.teams import SERVING
from workflows.records import history
from workflows.refusal import Refusal
from workflows.teams.people import CHANNELS, POST_KINDS, SPECIALITIES
from workflows.workdays import local_date

KEEPERS = ("supervision_chief", "supervision_officer")
AGES = (20, 65)  # years, from youngest to oldest
EARLIEST_WORK = 18  # years of age
LONGEST_POST = 60  # characters
MOST_POSTS = 20


class PoolRefused(Refusal):
    """The person cannot be kept in the pool like this."""

    rule = "S22"


@dataclass(frozen=True)
class Entry:
    """What the pool says of somebody.  `posts`: former posts as {unit_code, post, from, to}, days as ISO text."""

    channel: str
    born_on: str
    experience_years: str
    speciality: str
    post_kind: str
    is_division_head: bool = False
    posts: Sequence[Mapping[str, str]] = ()


def keep_inspector(work: Work, *, staff_no: str, entry: Entry, actor: Actor, now: datetime) -> Inspector:
    """入库，或更新库内信息.  Raises PoolRefused with the sentence for what is wrong."""
    actor.require_role(*KEEPERS, act="维护检查人才库")
    session, today = work.session, local_date(now)
    user = session.scalar(select(User).where(User.staff_no == staff_no.strip(), User.is_active))
    if user is None:
        raise PoolRefused(f"没有工号为“{staff_no.strip()[:40]}”的人员。")
    values = _values(session, user, entry, today)
    row = session.scalar(select(Inspector).where(Inspector.user_id == user.id))
    is_new = row is None or not row.is_active
    if row is None:
        row = Inspector(user_id=user.id, **values)
        session.add(row)
    for name, value in (values | {"is_active": True}).items():
        setattr(row, name, value)
    session.flush()
    summary = f"{user.name}{'入检查人才库' if is_new else '的人才库信息更新'}（{CHANNELS[entry.channel]}）"
    history.record(
        session, action="keep_inspector", summary=summary, now=now, actor=actor, object_kind="inspector", object_id=row.id,
        details={**values, "born_on": values["born_on"].isoformat()},
    )  # fmt: skip
    return row


def remove_inspector(work: Work, *, staff_no: str, reason: str, actor: Actor, now: datetime) -> Inspector:
    """出库, with a reason; not while the person serves in a team."""
    actor.require_role(*KEEPERS, act="维护检查人才库")
    query = select(Inspector).join(Inspector.user).where(User.staff_no == staff_no.strip(), Inspector.is_active)
    row = work.session.scalars(query).one()
    if not reason.strip():
        raise PoolRefused("移出人才库须写明理由。")
    serving = select(Team).join(Team.members).where(TeamMember.user_id == row.user_id, Team.status.in_(SERVING))
    team = work.session.scalar(serving.limit(1))
    if team is not None:
        raise PoolRefused(
            f"{row.user.name}正在{team.case.unit.name}检查组（{team.case.case_no}），请先调整检查组人员再移出人才库。"
        )
    row.is_active = False
    history.record(
        work.session, action="remove_inspector", summary=f"{row.user.name}移出检查人才库", now=now, actor=actor,
        object_kind="inspector", object_id=row.id, details={"reason": reason.strip()},
    )  # fmt: skip
    return row


def _values(session: Session, user: User, entry: Entry, today: date) -> dict[str, Any]:
    for value, known, name in (
        (entry.channel, CHANNELS, "来源渠道"), (entry.speciality, SPECIALITIES, "专业特长"),
        (entry.post_kind, POST_KINDS, "现任岗位"),
    ):  # fmt: skip
        if value not in known:
            raise PoolRefused(f"请选择{name}。")
    if entry.is_division_head and user.unit.kind != "org_department":
        raise PoolRefused("只有自治区党委组织部的干部处处长可以担任组长。", rule="S23")
    born_on, years = _born(entry.born_on, today), _years(entry.experience_years)
    if years > today.year - born_on.year - EARLIEST_WORK:
        raise PoolRefused("检查工作年限与出生日期不符。")
    return {
        "channel": entry.channel, "born_on": born_on, "experience_years": years, "speciality": entry.speciality,
        "post_kind": entry.post_kind, "is_division_head": entry.is_division_head,
        "posts": _posts(session, entry.posts, today),
    }  # fmt: skip


def _born(text: str, today: date) -> date:
    born_on = _day(text, "出生日期")
    if born_on is None or not AGES[0] <= today.year - born_on.year <= AGES[1]:
        raise PoolRefused(f"请填写出生日期，年龄应在{AGES[0]}至{AGES[1]}岁之间。")
    return born_on


def _years(text: str) -> int:
    if not (text.strip().isdecimal() and len(text.strip()) <= 2):
        raise PoolRefused("请用数字填写检查工作年限。")
    return int(text)


def _posts(session: Session, given: Sequence[Mapping[str, str]], today: date) -> list[dict[str, Any]]:
    """Former posts, newest first; they decide from which units the person keeps away."""
    rows = [_post(session, row, today) for row in given if any(str(value).strip() for value in row.values())]
    if len(rows) > MOST_POSTS:
        raise PoolRefused(f"任职经历最多填写{MOST_POSTS}条。")
    return sorted(rows, key=lambda row: row["to"] or "9999", reverse=True)


def _post(session: Session, row: Mapping[str, str], today: date) -> dict[str, Any]:
    unit = session.scalar(select(Unit).where(Unit.code == row.get("unit_code", "").strip()))
    post = row.get("post", "").strip()
    if unit is None or not 2 <= len(post) <= LONGEST_POST:
        raise PoolRefused("任职经历请选择单位并填写职务。")
    begun, left = _day(row.get("from", ""), "任职起始日期"), _day(row.get("to", ""), "离任日期")
    if left is not None and (left > today or (begun is not None and left < begun)):
        raise PoolRefused(f"任职经历“{unit.name}{post}”的离任日期不对：不能晚于今天，也不能早于任职日期。")
    return {
        "unit_id": unit.id, "unit": unit.name, "post": post, "from": begun.isoformat() if begun else "",
        "to": left.isoformat() if left else None,
    }  # fmt: skip


def _day(text: str, title: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise PoolRefused(f"{title}请按“年-月-日”填写。") from None
