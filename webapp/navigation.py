"""The left navigation of the person who asks, with what waits behind each line.  One statement a page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, url_for
from sqlalchemy import ColumnElement

from webapp import current
from webapp.shell import NavEntry
from workflows.policy import CASE_READERS, SUPERVISORS, TASK_READERS, UNIT_ROLES, Actor
from workflows.queries import margins
from workflows.queries.accountability_statistics import STATISTICS_READERS
from workflows.queries.duty_reviews import DUTY_READERS
from workflows.queries.inspectors import POOL_READERS

READERS = CASE_READERS | UNIT_ROLES | TASK_READERS
OPERATORS = ("process_designer", "sys_admin", "supervision_chief")
EVERYBODY: frozenset[str] = frozenset()
Line = tuple[str, str, str, Collection[str], str]
# What the person does → (title, page, icon, who it is for, the letter after "g").
LINES: Mapping[str, tuple[Line, ...]] = {
    "办理": (
        ("我的待办", "inbox.page", "inbox", EVERYBODY, "t"),
        ("通知", "notices.index", "bell", EVERYBODY, "n"),
        ("日历", "agenda.page", "calendar", EVERYBODY, "k"),
        ("个案全景", "cases.index", "case", READERS, "c"),
        ("搜索", "search.page", "search", EVERYBODY, "s"),
        ("我的后台任务", "jobs.index", "clock", EVERYBODY, ""),
    ),
    "谋划": (
        ("轮次", "rounds.index", "revisit", CASE_READERS, "r"),
        ("一报告两评议", "report_reviews.index", "scale", CASE_READERS, ""),
        ("巡视对象", "tour_lists.index", "building", {"tour_office", *SUPERVISORS} & CASE_READERS, ""),
    ),
    "检查": (
        ("检查人才库", "teams.pool", "user", POOL_READERS, ""),
        ("回避申报", "recusals.index", "shield", CASE_READERS | TASK_READERS | {"security_admin"}, ""),
        ("责任倒查", "duty_reviews.index", "search", DUTY_READERS, ""),
    ),
    "整改": (
        ("问题", "findings.index", "warning", READERS, "f"),
        ("整改台账", "ledger.page", "ledger", READERS, "l"),
        ("挂图作战", "wall.page", "fit", READERS, "w"),
        ("对账", "reconciliation.index", "scale", READERS, ""),
        ("共性问题专项", "campaigns.index", "flow", CASE_READERS | UNIT_ROLES, ""),
        ("整改成效", "effect.page", "check", CASE_READERS, ""),
    ),
    "督办": (
        ("领导驾驶舱", "cockpit.page", "scale", READERS, "b"),
        ("期限", "deadlines.index", "calendar", READERS, ""),
        ("逾期监控", "overdue.page", "clock", READERS, "d"),
        ("督办文书", "letters.page", "paper", READERS, ""),
        ("临期风险", "forecast.page", "warning", READERS, ""),
        ("月度调度", "monthly.index", "download", SUPERVISORS, ""),
        ("重点关注", "watch_list.page", "star", SUPERVISORS, ""),
        ("问责统计", "accountability_statistics.page", "scale", STATISTICS_READERS, ""),
        ("全区文书", "documents.regional", "paper", {*SUPERVISORS, "training_officer"}, ""),
        ("年度考核参考", "annual.index", "paper", SUPERVISORS | {"assessment_office"}, ""),
        ("越权特批", "overrides.index", "shield", READERS, ""),
    ),
    "制度与培训": (
        ("制度库", "institutions.index", "paper", READERS, ""),
        ("政策问答", "institutions.questions", "info", READERS, ""),
        ("经验做法", "practices.index", "check", READERS, ""),
        ("宣讲培训", "training.index", "user", {*SUPERVISORS, "training_officer", "policy_officer"}, ""),
    ),
    "管理": (
        ("规则库", "regulations.page", "paper", EVERYBODY, ""),
        ("问题类别", "taxonomy.page", "list", EVERYBODY, ""),
        ("工作日历", "calendar.page", "calendar", EVERYBODY, ""),
        ("文书模板", "documents.templates", "list", {"supervision_chief", "supervision_officer"}, ""),
        ("情况来源", "intel_sources.index", "list", {"sys_admin"}, ""),
        ("流程", "processes.index", "flow", EVERYBODY, "p"),
        ("流程异常", "incidents.index", "warning", OPERATORS, ""),
    ),
}


@dataclass(frozen=True)
class Person:
    """What the user menu says of the person."""

    name: str
    unit: str


def entries() -> list[NavEntry]:
    """What this person's work consists of; nothing for a stranger."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return []
    if "navigation" not in g:
        g.navigation = _entries(actor, _margins(actor))
    found: list[NavEntry] = g.navigation
    return found


def person() -> Person | None:
    """Who is signed in."""
    actor: Actor | None = g.get("actor")
    return Person(actor.name, _margins(actor).unit_name) if actor else None


def margin_columns() -> list[ColumnElement[Any]]:
    """The margins as values for a page that asks for them along with its own numbers."""
    actor = current.actor()
    return margins.columns(actor, now=current.now(), with_overdue=_supervises(actor))


def put_margins(row: Mapping[str, Any], *, waiting: int) -> None:
    """What such a page has found, so that nothing is asked twice."""
    g.margins = margins.of_row(row, waiting=waiting)


def _margins(actor: Actor) -> margins.Margins:
    if "margins" not in g:
        g.margins = margins.margins(current.session(), actor, now=current.now(), with_overdue=_supervises(actor))
    found: margins.Margins = g.margins
    return found


def _supervises(actor: Actor) -> bool:
    return actor.has_role(*SUPERVISORS, *UNIT_ROLES)


def _entries(actor: Actor, around: margins.Margins) -> list[NavEntry]:
    """The lines open to this person, group by group."""
    waiting = {
        "inbox.page": around.waiting, "notices.index": around.unread, "overdue.page": around.overdue,
        "incidents.index": around.incidents,
    }  # fmt: skip
    return [
        NavEntry(title, url_for(page), icon, waiting.get(page), group, key)
        for group, lines in LINES.items()
        for title, page, icon, who, key in lines
        if not who or actor.has_role(*who)
    ]


def register(app: Flask) -> None:
    app.extensions["navigation"] = entries
    app.context_processor(_names)


def _names() -> dict[str, object]:
    known = person()
    if known is None:
        return {"person": None}
    return {
        "person": known, "sign_out_url": url_for("sign_in.leave"), "profile_url": url_for("sign_in.profile"),
        "absences_url": url_for("absences.index"),
    }  # fmt: skip
