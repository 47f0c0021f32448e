"""Takes in a year of 一报告两评议 (S12, S56): all of it or nothing, then the year is ranked afresh."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.documents.report_review_sheet import BALLOTS, PROMOTED, SheetRefused, read_sheet
from workflows.models import ReportReview, Unit
from workflows.policy import Actor
from workflows.policy.report_reviews import standings
from workflows.queries.report_reviews import votes_of
from workflows.records import history
from workflows.workdays import local_date

FIRST_YEAR = 2004
KEEPERS = ("supervision_officer", "supervision_chief")


def import_report_sheet(
    work: Work, *, year: int, name: str, content: bytes, actor: Actor, now: datetime
) -> list[ReportReview]:
    """导入一年的评议结果表.  Raises SheetRefused with every wrong cell; nothing is kept then."""
    actor.require_role(*KEEPERS, act="导入一报告两评议结果")
    rows, problems = read_sheet(name, content)
    problems += _strange_units(work.session, rows)
    if problems:
        raise SheetRefused(problems)
    return import_report_reviews(work, year=year, rows=rows, actor=actor, now=now)


def import_report_reviews(
    work: Work, *, year: int, rows: Sequence[dict[str, Any]], actor: Actor, now: datetime
) -> list[ReportReview]:
    """登记一年的评议结果: rows name the unit by code; known ones of the year are replaced, the year is ranked afresh."""
    actor.require_role(*KEEPERS, act="导入一报告两评议结果")
    if not FIRST_YEAR <= year <= local_date(now).year:
        raise SheetRefused([f"年度应在{FIRST_YEAR}至{local_date(now).year}之间。"])
    session = work.session
    if strange := _strange_units(session, rows):
        raise SheetRefused(strange)
    known = {each.unit_id: each for each in session.scalars(select(ReportReview).where(ReportReview.year == year))}
    kept = [_keep(session, known, year, row, actor, now) for row in rows]
    session.flush()
    rank_year(session, year)
    history.record(
        session, action="import_report_reviews", summary=f"导入{year}年度一报告两评议结果{len(kept)}个单位", now=now,
        actor=actor, object_kind="report_review", object_id=year,
    )  # fmt: skip
    return kept


def rank_year(session: Session, year: int) -> None:
    """Writes place and bottom band of every unit of the year; the same votes give the same places."""
    rows = list(session.scalars(select(ReportReview).where(ReportReview.year == year)))
    found = standings(votes_of(row) for row in rows)
    for row in rows:
        standing = found[row.unit_id]
        row.rank, row.rank_of, row.bottom_band = standing.rank, standing.rank_of, standing.bottom_band


def _keep(
    session: Session, known: dict[int, ReportReview], year: int, row: dict[str, Any], actor: Actor, now: datetime
) -> ReportReview:
    unit = session.scalars(select(Unit).where(Unit.code == row["unit_code"])).one()
    review = known.get(unit.id) or ReportReview(unit=unit, year=year)
    for field in (*BALLOTS, *PROMOTED):
        setattr(review, field, row[field])
    review.problem_votes = dict(row.get("problem_votes", {}))
    review.imported_at, review.imported_by_id = now, actor.user_id
    session.add(review)
    return review


def _strange_units(session: Session, rows: Sequence[dict[str, Any]]) -> list[str]:
    """What is wrong with the units of a sheet: unknown, ours, or named twice."""
    codes = [str(row["unit_code"]) for row in rows if row["unit_code"]]
    kinds = dict(session.execute(select(Unit.code, Unit.kind).where(Unit.code.in_(codes), Unit.is_active)).all())
    problems = []
    for at, row in enumerate(rows, 2):
        line, code = row.get("line", at), str(row["unit_code"])
        if code and code not in kinds:
            problems.append(f"第{line}行“单位代码”：没有单位“{code[:20]}”。")
        elif kinds.get(code) == "org_department":
            problems.append(f"第{line}行“单位代码”：组织部门不参加排名。")
    return problems + [f"单位“{code}”出现{n}次。" for code, n in Counter(codes).items() if n > 1]
