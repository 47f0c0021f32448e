"""The left navigation of the person who asks, with what waits behind each line.  One statement a page."""

from dataclasses import dataclass

from flask import Flask, g, url_for

from webapp import current
from webapp.shell import NavEntry
from workflows.policy import CASE_READERS, SUPERVISORS, TASK_READERS, UNIT_ROLES, Actor
from workflows.queries import margins
from workflows.queries.accountability_statistics import STATISTICS_READERS
from workflows.queries.duty_reviews import DUTY_READERS
from workflows.queries.inspectors import POOL_READERS

READERS = CASE_READERS | UNIT_ROLES | TASK_READERS
GROUPS = ("办理", "谋划", "督办", "制度", "管理")
OPERATORS = ("process_designer", "sys_admin", "supervision_chief")


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


def _margins(actor: Actor) -> margins.Margins:
    if "margins" not in g:
        supervises = actor.has_role(*SUPERVISORS, *UNIT_ROLES)
        g.margins = margins.margins(current.session(), actor, now=current.now(), with_overdue=supervises)
    found: margins.Margins = g.margins
    return found


def _entries(actor: Actor, around: margins.Margins) -> list[NavEntry]:
    found = [NavEntry("我的待办", url_for("inbox.page"), "inbox", around.waiting, "办理", "t")]
    if actor.has_role(*READERS):
        found += [
            NavEntry("个案全景", url_for("cases.index"), "case", None, "办理", "c"),
            NavEntry("问题", url_for("findings.index"), "warning", None, "办理"),
            NavEntry("整改台账", url_for("ledger.page"), "ledger", None, "办理", "l"),
            NavEntry("对账", url_for("reconciliation.index"), "scale", None, "办理"),
            NavEntry("期限", url_for("deadlines.index"), "scale", None, "督办"),
            NavEntry("逾期监控", url_for("overdue.page"), "clock", around.overdue, "督办", "d"),
        ]
    found += _planning(actor)
    if actor.has_role(*POOL_READERS):
        found.append(NavEntry("检查人才库", url_for("teams.pool"), "user", None, "谋划"))
    found += _follow_up(actor)
    found.append(NavEntry("通知", url_for("notices.index"), "bell", around.unread, "督办", "n"))
    if actor.has_role(*READERS):
        found.append(NavEntry("越权特批", url_for("overrides.index"), "shield", None, "督办"))
    if actor.has_role(*SUPERVISORS):
        found.append(NavEntry("重点关注", url_for("watch_list.page"), "star", None, "督办"))
    found += _institutions(actor)
    found.append(NavEntry("规则库", url_for("regulations.page"), "paper", None, "管理"))
    found.append(NavEntry("问题类别", url_for("taxonomy.page"), "list", None, "管理"))
    found.append(NavEntry("工作日历", url_for("calendar.page"), "calendar", None, "管理"))
    if actor.has_role("supervision_chief", "supervision_officer"):
        found.append(NavEntry("文书模板", url_for("documents.templates"), "list", None, "管理"))
    found.append(NavEntry("流程", url_for("processes.index"), "flow", None, "管理", "p"))
    if actor.has_role("sys_admin"):
        found.append(NavEntry("情况来源", url_for("intel_sources.index"), "list", None, "管理"))
    if actor.has_role(*OPERATORS):
        found.append(NavEntry("流程异常", url_for("incidents.index"), "info", around.incidents, "管理"))
    return sorted(found, key=lambda entry: GROUPS.index(entry.group))


def _planning(actor: Actor) -> list[NavEntry]:
    """Rounds, votes and the tour's list, for those who plan and read rounds."""
    if not actor.has_role(*CASE_READERS):
        return []
    found = [
        NavEntry("轮次", url_for("rounds.index"), "revisit", None, "谋划", "r"),
        NavEntry("一报告两评议", url_for("report_reviews.index"), "scale", None, "谋划"),
    ]
    if actor.has_role("tour_office", *SUPERVISORS):
        found.append(NavEntry("巡视对象", url_for("tour_lists.index"), "building", None, "谋划"))
    return found


def _institutions(actor: Actor) -> list[NavEntry]:
    """制度与培训: what lasts after a case."""
    found = []
    if actor.has_role(*READERS):
        found += [
            NavEntry("制度库", url_for("institutions.index"), "list", None, "制度"),
            NavEntry("政策问答", url_for("institutions.questions"), "info", None, "制度"),
            NavEntry("经验做法", url_for("practices.index"), "check", None, "制度"),
        ]
    if actor.has_role(*SUPERVISORS, "training_officer", "policy_officer"):
        found.append(NavEntry("宣讲培训", url_for("training.index"), "user", None, "制度"))
    if actor.has_role(*CASE_READERS):
        found.append(NavEntry("整改成效", url_for("effect.page"), "scale", None, "制度"))
    return found


def _follow_up(actor: Actor) -> list[NavEntry]:
    """What follows beyond one case: campaigns, accountability, duty, the year."""
    lines = (
        (CASE_READERS | UNIT_ROLES, "共性问题专项", "campaigns.index", "flow"),
        (STATISTICS_READERS, "问责统计", "accountability_statistics.page", "scale"),
        (DUTY_READERS, "责任倒查", "duty_reviews.index", "search"),
        (SUPERVISORS | {"assessment_office"}, "年度考核参考", "annual.index", "star"),
    )
    return [NavEntry(title, url_for(page), icon, None, "督办") for who, title, page, icon in lines if actor.has_role(*who)]


def register(app: Flask) -> None:
    app.extensions["navigation"] = entries
    app.context_processor(_names)


def _names() -> dict[str, object]:
    known = person()
    if known is None:
        return {"person": None}
    return {"person": known, "sign_out_url": url_for("sign_in.leave"), "profile_url": url_for("sign_in.profile")}
