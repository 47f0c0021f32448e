"""The best choice by CP-SAT.  The solver is an extra (`[optimize]`) and is loaded only when it is asked for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from workflows.teams.balance import SCALES, Scale
from workflows.teams.people import Candidate, Mission, Requirements
from workflows.teams.plan import A_SECOND_TEAM, A_SURPLUS, HEAVIEST_LEADER, LED_BEFORE, Choice

EFFORT = 4.0  # the solver's own units of work, so that the same question has the same answer on every machine


def is_installed() -> bool:
    """Whether the solver is there."""
    return find_spec("ortools") is not None


def solve(
    missions: Sequence[Mission], pool: tuple[Candidate, ...], needs: Requirements, *, effort: float = EFFORT
) -> tuple[list[Choice], bool] | None:
    """The cheapest choice found and whether it is proven to be the cheapest; None when there is none."""
    return _Question(missions, pool, needs).answer(effort)


class _Question:
    """The choice as a model: a variable a person and mission, in `goes` for members, in `leads` for leaders."""

    def __init__(self, missions: Sequence[Mission], pool: tuple[Candidate, ...], needs: Requirements):
        self.cp_model: Any = import_module("ortools.sat.python.cp_model")
        self.missions, self.pool, self.needs = missions, pool, needs
        self.model: Any = self.cp_model.CpModel()
        self.leads = {(m.key, p.key): self._yes_no() for m in missions for p in m.leaders(pool)}
        self.goes = {(m.key, p.key): self._yes_no() for m in missions for p in m.members(pool)}
        for mission in missions:
            self._require(mission)
        self.model.minimize(sum(self._costs()))

    def answer(self, effort: float) -> tuple[list[Choice], bool] | None:
        solver: Any = self.cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        if status not in (self.cp_model.OPTIMAL, self.cp_model.FEASIBLE):
            return None
        return [self._choice(solver, mission) for mission in self.missions], status == self.cp_model.OPTIMAL

    def _require(self, mission: Mission) -> None:
        """One leader, so many members, enough channels, somebody who knows the trade, more than one age band."""
        members = mission.members(self.pool)
        self.model.add_exactly_one(self.leads[mission.key, p.key] for p in mission.leaders(self.pool))
        self.model.add(self._count(mission, members) == mission.size)
        self.model.add(self._count(mission, (p for p in members if p.is_core)) >= 1)
        by_channel, by_age = defaultdict(list), defaultdict(list)
        for person in members:
            by_channel[person.channel].append(person)
            by_age[person.age_band].append(person)
        seen = {channel: self._yes_no() for channel in by_channel}
        for channel, people in by_channel.items():
            self.model.add(self._count(mission, people) >= seen[channel])
        self.model.add(sum(seen.values()) >= self.needs.channels)
        for people in by_age.values():
            self.model.add(self._count(mission, people) <= mission.size - 1)

    def _costs(self) -> list[Any]:
        costs = [A_SURPLUS * each for m in self.missions for scale in SCALES for each in self._surpluses(m, scale)]
        costs += [LED_BEFORE * self.leads[m.key, key] for m in self.missions for key in self._led_before(m)]
        costs += [A_SECOND_TEAM * self._beyond_one(person) for person in self.pool if not person.is_head]
        return [*costs, HEAVIEST_LEADER * self._busiest()]

    def _surpluses(self, mission: Mission, scale: Scale) -> Iterable[Any]:
        quota = scale.quota(mission.size + 1)
        for band in scale.bands:
            members = [p for p in mission.members(self.pool) if scale.band_of(p) == band]
            leaders = [p for p in mission.leaders(self.pool) if scale.band_of(p) == band]
            surplus = self._number(mission.size + 1)
            led = sum(self.leads[mission.key, p.key] for p in leaders)
            self.model.add(surplus >= self._count(mission, members) + led - quota)
            yield surplus

    def _led_before(self, mission: Mission) -> list[int]:
        return [p.key for p in mission.leaders(self.pool) if p.key in mission.led_before]

    def _beyond_one(self, person: Candidate) -> Any:
        more = self._number(len(self.missions) + person.load)
        self.model.add(more >= self._sum(self.goes, person) + person.load - 1)
        return more

    def _busiest(self) -> Any:
        heads = [person for person in self.pool if person.is_head]
        busiest = self._number(len(self.missions) + max((head.load for head in heads), default=0))
        for head in heads:
            self.model.add(busiest >= self._sum(self.leads, head) + head.load)
        return busiest

    def _sum(self, variables: dict[tuple[int, int], Any], person: Candidate) -> Any:
        return sum(variables[m.key, person.key] for m in self.missions if (m.key, person.key) in variables)

    def _count(self, mission: Mission, people: Iterable[Candidate]) -> Any:
        return sum(self.goes[mission.key, person.key] for person in people)

    def _choice(self, solver: Any, mission: Mission) -> Choice:
        leader = next(p for p in mission.leaders(self.pool) if solver.value(self.leads[mission.key, p.key]))
        members = [p for p in mission.members(self.pool) if solver.value(self.goes[mission.key, p.key])]
        return Choice(mission, leader, tuple(members))

    def _yes_no(self) -> Any:
        return self.model.new_bool_var("")

    def _number(self, largest: int) -> Any:
        return self.model.new_int_var(0, largest, "")
