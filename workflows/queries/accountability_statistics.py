"""问责统计 (S63) and the register of typical problems (S62).  The cross-table is counted from the very rows it shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from workflows.models import Finding, InspectionCase, Referral
from workflows.policy import Actor
from workflows.policy.vocabulary import ACCOUNTABILITY_FORM, MGMT_LEVEL, REFERRAL_REASON, word
from workflows.queries import figures
from workflows.queries.figure_subjects import SUBJECTS
from workflows.queries.finding_filters import Filters
from workflows.queries.scope import visible_cases
from workflows.workdays import local_date

STATISTICS_READERS = (
    "council_member", "deputy_minister", "supervision_chief", "supervision_officer", "accountability_officer",
)  # fmt: skip


EVERYWHERE = Filters()


@dataclass(frozen=True)
class Disposed:
    """One person held to account: by whom managed, for what, and how."""

    ref_no: str
    case_no: str
    unit: str
    name: str
    post: str
    level: str
    reason: str
    form: str
    decided_on: date


@dataclass(frozen=True)
class Statistics:
    """The persons, and how many of each management level, reason and form; the two always agree."""

    rows: Sequence[Disposed]
    counts: Mapping[tuple[str, str, str], int]
    forms: Sequence[str]
    lines: Sequence[tuple[str, str]]

    def total(self, level: str, reason: str) -> int:
        """Persons of a line."""
        return sum(number for (at, why, _), number in self.counts.items() if (at, why) == (level, reason))

    def of_form(self, form: str) -> int:
        """Persons of a column."""
        return sum(number for (_, _, how), number in self.counts.items() if how == form)


@dataclass(frozen=True)
class Typical:
    """A finding kept as typical, with the referrals that came of it and whether they were published."""

    finding: Finding
    unit: str
    referrals: Sequence[Referral]

    @property
    def is_published(self) -> bool:
        """Whether a circular told the region of it."""
        return any(referral.facts.get("published") for referral in self.referrals)


def statistics(
    session: Session, actor: Actor, filters: Filters = EVERYWHERE, *, since: date | None, until: date | None
) -> Statistics:
    """The persons disposed of by decisions of the period (both days included) on the cases the person reads."""
    subject = SUBJECTS["referral"]
    query = (
        subject.source(select(Referral, InspectionCase))
        .where(*figures.conditions(subject, actor, filters), Referral.decided_at.is_not(None))
        .options(contains_eager(InspectionCase.unit))
        .order_by(Referral.decided_at, Referral.ref_no)
    )
    rows = [
        Disposed(
            referral.ref_no, case.case_no, case.unit.name, str(person.get("name", "")), str(person.get("post", "")),
            word(MGMT_LEVEL, person.get("mgmt_level")), word(REFERRAL_REASON, person.get("reason")),
            word(ACCOUNTABILITY_FORM, person.get("form")), local_date(referral.decided_at),
        )
        for referral, case in session.execute(query)
        if referral.decided_at and _lies_within(local_date(referral.decided_at), since, until)
        for person in referral.persons
    ]  # fmt: skip
    counts = Counter((row.level, row.reason, row.form) for row in rows)
    forms = [name for name in ACCOUNTABILITY_FORM.values() if any(row.form == name for row in rows)]
    return Statistics(rows, counts, forms, sorted({(row.level, row.reason) for row in rows}))


def typical_findings(session: Session, actor: Actor) -> list[Typical]:
    """The typical problems on the cases the person reads, newest first."""
    query = select(Finding).join(InspectionCase).where(visible_cases(actor), Finding.is_typical)
    found = list(session.scalars(query.order_by(Finding.id.desc())))
    links: dict[int, list[Referral]] = {}
    parents = select(Referral).where(
        Referral.finding_id.in_([finding.id for finding in found]), Referral.parent_id.is_(None)
    )
    for referral in session.scalars(parents.order_by(Referral.id)):
        links.setdefault(referral.finding_id or 0, []).append(referral)
    return [Typical(finding, finding.case.unit.name, links.get(finding.id, [])) for finding in found]


def _lies_within(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or day >= since) and (until is None or day <= until)
