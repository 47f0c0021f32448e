"""The rule base and the taxonomy: what an installation starts with, and how they grow (S3, S42).

Nothing is overwritten: a regulation, a clause and a category each end on a day, and another row begins.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.models import Category, Clause, Regulation
from workflows.policy import Actor
from workflows.policy.rule_base import REGULATIONS, TAXONOMY_FROM, UNVERIFIED, categories
from workflows.queries import regulations, taxonomy
from workflows.records import history
from workflows.refusal import Refusal
from workflows.workdays import local_date


class RuleBaseRefused(Refusal):
    """A clause or category that cannot be."""

    rule = "rule_base"


def seed(session: Session) -> None:
    """Writes regulations and categories into an empty installation."""
    for each in REGULATIONS:
        row = Regulation(
            title=each.title, version=each.version, issuer=each.issuer, valid_from=each.valid_from,
            valid_to=each.valid_to, source=UNVERIFIED,
        )  # fmt: skip
        row.clauses = [
            Clause(article=article, text=text, valid_from=each.valid_from, valid_to=each.valid_to, source=UNVERIFIED)
            for article, text in each.clauses
        ]
        session.add(row)
    session.add_all(
        Category(
            code=each.code, parent=each.parent, name=each.name, version=1, valid_from=TAXONOMY_FROM,
            default_rectify_type=each.rectify_type, violation_appointment=each.violation_appointment,
            default_severity="serious" if each.violation_appointment else "moderate",
        )
        for each in categories()
    )  # fmt: skip


def add_category(
    work: Work,
    *,
    parent: str,
    code: str,
    name: str,
    rectify_type: str,
    violation_appointment: bool,
    actor: Actor,
    now: datetime,
) -> Category:
    """A new leaf under a category in force; findings already determined keep their label."""
    actor.require_role("supervision_chief", act="维护问题类别")
    today, code, name = local_date(now), code.strip(), name.strip()
    known = {row.code for row in taxonomy.in_force(work.session, today)}
    if parent not in known:
        raise RuleBaseRefused("请选择现行的上级类别。")
    if not code.startswith(parent) or not code.isascii() or not code.isalnum() or not len(parent) < len(code) <= 8:
        raise RuleBaseRefused(f"类别代码应以上级代码“{parent}”开头，由字母和数字组成，不超过8位。")
    if work.session.scalar(select(Category.id).where(Category.code == code).limit(1)) is not None:
        raise RuleBaseRefused(f"类别代码“{code}”已经使用，不得重复。")
    row = Category(
        code=code, parent=parent, name=_named(name), version=1, valid_from=today,
        default_rectify_type=rectify_type, violation_appointment=violation_appointment,
    )  # fmt: skip
    work.session.add(row)
    _record(work, "add_category", f"增设问题类别：{code} {name}", actor, now)
    return row


def rename_category(work: Work, *, code: str, name: str, actor: Actor, now: datetime) -> Category:
    """The next version of a category, valid from today; the old one ends yesterday and stays readable."""
    actor.require_role("supervision_chief", act="维护问题类别")
    today = local_date(now)
    old = next((row for row in taxonomy.in_force(work.session, today) if row.code == code), None)
    if old is None:
        raise RuleBaseRefused(f"没有现行的问题类别“{code}”。")
    if old.valid_from >= today:
        raise RuleBaseRefused("该类别今天刚刚启用，明天起方可修订。")
    row = Category(
        code=code, parent=old.parent, name=_named(name), version=old.version + 1, valid_from=today,
        default_severity=old.default_severity, default_rectify_type=old.default_rectify_type,
        violation_appointment=old.violation_appointment,
    )  # fmt: skip
    old.valid_to = today - timedelta(days=1)
    work.session.add(row)
    _record(work, "rename_category", f"修订问题类别：{code} {old.name} → {row.name}", actor, now)
    return row


def add_clause(
    work: Work,
    *,
    regulation_id: int,
    article: str,
    text: str,
    source: str,
    actor: Actor,
    now: datetime,
) -> Clause:
    """A clause of a regulation already in the rule base, in force as long as the regulation is."""
    actor.require_role("policy_officer", "supervision_chief", act="维护规则库")
    regulation = work.session.get_one(Regulation, regulation_id)
    article, text = article.strip(), text.strip()
    if not article or not text:
        raise RuleBaseRefused("条文序号和要旨都须填写。")
    if any(row.article == article for row in regulation.clauses):
        raise RuleBaseRefused(f"《{regulation.title}》（{regulation.version}）{article}已在规则库中。")
    row = Clause(
        article=article[:40], text=text[:500], valid_from=regulation.valid_from, valid_to=regulation.valid_to,
        source=source.strip()[:200],
    )  # fmt: skip
    regulation.clauses.append(row)
    work.session.flush()
    _record(work, "add_clause", f"规则库增加条款：{regulations.citation(row)}", actor, now)
    return row


def add_regulation(
    work: Work,
    *,
    title: str,
    version: str,
    issuer: str,
    valid_from: date,
    source: str,
    actor: Actor,
    now: datetime,
) -> Regulation:
    """A regulation, or a new version of one: the version before ends on the day before, with its clauses."""
    actor.require_role("policy_officer", "supervision_chief", act="维护规则库")
    title, version = title.strip().strip("《》"), version.strip()
    if not title or not version:
        raise RuleBaseRefused("法规名称和版本都须填写。")
    before = work.session.scalars(
        select(Regulation).where(Regulation.title == title).order_by(Regulation.valid_from.desc()).limit(1)
    ).first()
    if before is not None and valid_from <= before.valid_from:
        raise RuleBaseRefused(f"新版本的施行日期须晚于{before.version}（{before.valid_from.isoformat()}）。")
    if before is not None and before.valid_to is None:
        _end(before, valid_from - timedelta(days=1))
    row = Regulation(
        title=title, version=version, issuer=issuer.strip(), valid_from=valid_from, source=source.strip()
    )
    work.session.add(row)
    work.session.flush()
    _record(work, "add_regulation", f"规则库增加《{title}》（{version}）", actor, now)
    return row


def verify_clause(work: Work, *, clause_id: int, actor: Actor, now: datetime) -> None:
    """Somebody has compared the clause with the original."""
    actor.require_role("policy_officer", act="核对条款")
    clause = work.session.get_one(Clause, clause_id)
    clause.verified_at = now
    _record(work, "verify_clause", f"核对条款：{regulations.citation(clause)}", actor, now)


def _end(regulation: Regulation, on: date) -> None:
    regulation.valid_to = on
    for clause in regulation.clauses:
        clause.valid_to = clause.valid_to or on


def _named(name: str) -> str:
    if not 2 <= len(name.strip()) <= 40:
        raise RuleBaseRefused("类别名称应为2至40个字。")
    return name.strip()


def _record(work: Work, action: str, summary: str, actor: Actor, now: datetime) -> None:
    history.record(work.session, action=action, summary=summary, now=now, actor=actor, object_kind="rule_base")
