"""What was known at a moment, and nothing later: every fact is counted from events up to that moment.

A deadline is missed once a due moment then in force has passed while it was neither met nor voided nor paused; an
extension granted afterwards does not heal it.  So an outcome depends on nothing that happens after it is known.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from workflows.workdays import Calendar, local_date

YEAR = timedelta(days=365)
PRIOR = 10.0
"""How many items of the region's average stand behind a unit's own record (shrinkage)."""
SHARES = (0.0, 0.5, 0.75)
"""At which parts of its time a past deadline is looked at again."""


class Change(NamedTuple):
    """From `at` on, the deadline is due at this moment, paused or not, after so many extensions."""

    at: datetime
    due_at: datetime
    is_paused: bool
    extensions: int


@dataclass(frozen=True)
class Course:
    """A deadline's whole course.  `party` is who has to act: a unit, or a post of the region."""

    key: int
    rule: str
    title: str
    party: str
    subject: str
    severity: int
    opened_at: datetime
    changes: tuple[Change, ...]
    met_at: datetime | None = None
    voided_at: datetime | None = None

    @property
    def ended_at(self) -> datetime | None:
        """When it was met or voided."""
        return self.met_at or self.voided_at

    def standing(self, at: datetime) -> Change:
        """What was in force at a moment; before the first change, the first."""
        found = bisect_right([change.at for change in self.changes], at)
        return self.changes[max(found - 1, 0)]

    def missed_at(self, now: datetime) -> datetime | None:
        """The due moment that passed unmet, if one had by `now`."""
        end = min(now, self.ended_at or now)
        untils = [*(later.at for later in self.changes[1:]), end]
        for change, until in zip(self.changes, untils, strict=True):
            if not change.is_paused and change.due_at <= min(until, end) and change.due_at != self.ended_at:
                return change.due_at
        return None


class Outcome(NamedTuple):
    """How a deadline ended, and since when that is known."""

    known_at: datetime
    is_late: bool


def outcome(course: Course, now: datetime) -> Outcome | None:
    """None while it is open, where it was voided in time, and where it was over before it began: nothing to foresee."""
    if course.changes[0].due_at <= course.opened_at:
        return None
    if (missed := course.missed_at(now)) is not None:
        return Outcome(missed, True)
    return Outcome(course.met_at, False) if course.met_at is not None and course.met_at <= now else None


class Tally(NamedTuple):
    """How many ended, how many of these late, and how many late ones their kinds let expect."""

    ended: int
    late: int
    expected: float


class Facts(NamedTuple):
    """What was known of an open deadline at a moment.  Days are working days."""

    days_left: int
    share: float
    idle_days: int
    returns: int
    severity: int
    extensions: int
    load: int
    rule_record: Tally
    stage_record: Tally
    party_record: Tally
    region_record: Tally


class Snapshot(NamedTuple):
    """A past look at a deadline that was still open then, with the outcome that came later."""

    key: int
    at: datetime
    facts: Facts
    outcome: Outcome


class Record:
    """Outcomes by the moment they became known, each with what was expected of its kind, so that none counts before."""

    def __init__(self, outcomes: Iterable[tuple[Outcome, float]]) -> None:
        ordered = sorted(outcomes)
        self._known = [each.known_at for each, _ in ordered]
        self._late = [0, *accumulate(int(each.is_late) for each, _ in ordered)]
        self._expected = [0.0, *accumulate(expected for _, expected in ordered)]

    def within(self, after: datetime | None, until: datetime) -> Tally:
        """What became known in (after, until]."""
        last = bisect_right(self._known, until)
        first = bisect_right(self._known, after) if after else 0
        return Tally(last - first, self._late[last] - self._late[first], self._expected[last] - self._expected[first])


class Past:
    """All courses, the acts and the returns of their subjects, as they were known from moment to moment.

    `now` bounds the whole: nothing later is looked at, whatever the rows hold.
    """

    def __init__(
        self,
        courses: Sequence[Course],
        *,
        acts: dict[str, list[datetime]],
        returns: dict[str, list[datetime]],
        calendar: Calendar,
        now: datetime,
    ) -> None:
        self.now, self.calendar = now, calendar
        self.courses = [course for course in courses if course.opened_at <= now]
        self._acts, self._returns = _ordered(acts), _ordered(returns)
        self.outcomes = {course.key: found for course in self.courses if (found := outcome(course, now))}
        self._expected = self._expectations()
        self._of_rules, self._of_parties = self._records("rule"), self._records("party")
        self._of_stages = self._records_of_stages()
        self._of_all = Record((found, self._expected[key]) for key, found in self.outcomes.items())
        self._opened, self._closed = self._flows()

    def snapshots(self) -> list[Snapshot]:
        """Every look at every deadline whose outcome is known, in order of time."""
        found = [
            Snapshot(course.key, at, self.facts(course, at), self.outcomes[course.key])
            for course in self.courses
            if course.key in self.outcomes
            for at in self._looks(course, self.outcomes[course.key])
        ]
        return sorted(found, key=lambda each: (each.at, each.key))

    def facts(self, course: Course, at: datetime) -> Facts:
        """What was known of the deadline at the moment."""
        standing, today = course.standing(at), local_date(at)
        acted = _last(self._acts.get(course.subject, []), at)
        share = _share(course, standing.due_at, at)
        return Facts(
            days_left=max(self.calendar.workdays_between(today, local_date(standing.due_at - timedelta.resolution)), 0),
            share=share,
            idle_days=max(self.calendar.workdays_between(local_date(max(acted or course.opened_at, course.opened_at)), today), 0),
            returns=bisect_right(self._returns.get(course.subject, []), at),
            severity=course.severity,
            extensions=standing.extensions,
            load=self._load(course.party, at),
            rule_record=self._of_rules[course.rule].within(None, at),
            stage_record=self._of_stages[course.rule, _stage(share)].within(None, at),
            party_record=self._of_parties[course.party].within(at - YEAR, at),
            region_record=self._of_all.within(at - YEAR, at),
        )  # fmt: skip

    def _looks(self, course: Course, ended: Outcome) -> Iterable[datetime]:
        """Moments at which it was open, not paused and not yet missed."""
        first = course.standing(course.opened_at)
        whole = first.due_at - course.opened_at
        for share in SHARES:
            at = course.opened_at + whole * share
            if at < min(ended.known_at, course.ended_at or ended.known_at) and not course.standing(at).is_paused:
                yield at

    def _load(self, party: str, at: datetime) -> int:
        return bisect_right(self._opened[party], at) - bisect_right(self._closed[party], at)

    def _records_of_stages(self) -> defaultdict[tuple[str, int], Record]:
        """How those of a kind ended that were still open at a stage of their time."""
        grouped: dict[tuple[str, int], list[tuple[Outcome, float]]] = defaultdict(list)
        for course in self.courses:
            if course.key in self.outcomes:
                known = self.outcomes[course.key], self._expected[course.key]
                for at in self._looks(course, known[0]):
                    grouped[course.rule, _stage(_share(course, course.standing(at).due_at, at))].append(known)
        nothing = Record(())
        return defaultdict(lambda: nothing, {name: Record(found) for name, found in grouped.items()})

    def _records(self, attribute: str) -> defaultdict[str, Record]:
        grouped: dict[str, list[tuple[Outcome, float]]] = defaultdict(list)
        for course in self.courses:
            if course.key in self.outcomes:
                known = self.outcomes[course.key], self._expected[course.key]
                grouped[getattr(course, attribute)].append(known)
        nothing = Record(())
        return defaultdict(lambda: nothing, {name: Record(found) for name, found in grouped.items()})

    def _expectations(self) -> dict[int, float]:
        """What was to be expected of each ended deadline by those of its kind that were known before it."""
        seen: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        expected: dict[int, float] = {}
        known = [course for course in self.courses if course.key in self.outcomes]
        for course in sorted(known, key=lambda each: (self.outcomes[each.key].known_at, each.key)):
            of_rule, of_all = seen[course.rule], seen[""]
            general = (of_all[1] + 1) / (of_all[0] + 2)
            expected[course.key] = (of_rule[1] + general) / (of_rule[0] + 1)
            for counts in (of_rule, of_all):
                counts[0] += 1
                counts[1] += self.outcomes[course.key].is_late
        return expected

    def _flows(self) -> tuple[defaultdict[str, list[datetime]], defaultdict[str, list[datetime]]]:
        opened: defaultdict[str, list[datetime]] = defaultdict(list)
        closed: defaultdict[str, list[datetime]] = defaultdict(list)
        for course in self.courses:
            opened[course.party].append(course.opened_at)
            if course.ended_at is not None:
                closed[course.party].append(course.ended_at)
        for moments in (*opened.values(), *closed.values()):
            moments.sort()
        return opened, closed


def _ordered(moments: dict[str, list[datetime]]) -> dict[str, list[datetime]]:
    return {name: sorted(found) for name, found in moments.items()}


def _last(moments: list[datetime], at: datetime) -> datetime | None:
    found = bisect_right(moments, at)
    return moments[found - 1] if found else None


def _share(course: Course, due_at: datetime, at: datetime) -> float:
    """The part of its time that has been used, 0 to 1."""
    whole = (due_at - course.opened_at).total_seconds()
    return min(max((at - course.opened_at).total_seconds() / whole, 0.0), 1.0) if whole > 0 else 1.0


def _stage(share: float) -> int:
    return bisect_right(SHARES, share) - 1
