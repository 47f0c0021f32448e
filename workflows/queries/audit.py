"""Verifies the history: every chain from its first entry on, the closure records, and the daily roots over them.

Finds an edited, inserted, deleted or exchanged entry and a chain that was cut off, and names the first bad entry of
each chain.  What was cut off after the last daily root, with the head set back, nobody can see; hence the root a day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import Chain, ClosureRecord, DailyRoot, HistoryEntry, InspectionCase
from workflows.queries.chain_hashes import Leaf, closure_hash, entry_hash, merkle_root

CLOSURES = "closures"
ROOTS = "daily_roots"

Seals = Mapping[int, tuple[str, date]]  # length of a chain → (its head then, the day it was sealed)


@dataclass(frozen=True)
class AuditProblem:
    """The first bad entry of a chain; `seq` counts from 1, `case_no` is empty for what belongs to no case."""

    chain: str
    case_no: str
    seq: int
    what: str

    def __str__(self) -> str:
        place = {CLOSURES: "销号单链", ROOTS: "每日校验根", "system": "系统记录"}.get(
            self.chain, f"案 {self.case_no}"
        )
        return f"{place}第{self.seq}条：{self.what}"


def verify(session: Session, *, exported: Mapping[date, str] | None = None) -> list[AuditProblem]:
    """Every chain's first problem; empty when all is as it was written.

    `exported` is day → root from the copy that left the host (documents.root_export).
    """
    roots = list(session.scalars(select(DailyRoot).order_by(DailyRoot.day)))
    seals = _seals(roots)
    problems = [*_root_problems(roots, exported or {})]
    numbers = {row[0]: row[1] for row in session.execute(select(InspectionCase.id, InspectionCase.case_no))}
    chains = {chain.id: chain for chain in session.scalars(select(Chain).order_by(Chain.id))}
    seen: set[int] = set()
    query = select(HistoryEntry).order_by(HistoryEntry.chain_id, HistoryEntry.seq).execution_options(yield_per=500)
    for chain_id, entries in groupby(session.scalars(query), key=lambda entry: entry.chain_id):
        seen.add(chain_id)
        chain = chains.get(chain_id)
        if chain is None:
            problems.append(AuditProblem(f"chain:{chain_id}", "", next(entries).seq, "记录不属于任何已登记的链"))
        elif found := _chain_problem(chain, entries, seals.get(chain.name, {})):
            problems.append(AuditProblem(chain.name, numbers.get(chain.case_id or 0, ""), *found))
    problems += _empty_chains(chains, seen, seals, numbers)
    if found := _closure_problem(session.scalars(select(ClosureRecord).order_by(ClosureRecord.id)), seals):
        problems.append(AuditProblem(CLOSURES, "", *found))
    return problems


def heads(session: Session) -> list[Leaf]:
    """The leaves of a daily root: the head of every chain, and of the closure records."""
    leaves: list[Leaf] = [
        [chain.name, chain.length, chain.head] for chain in session.scalars(select(Chain).order_by(Chain.name))
    ]
    closures = list(session.execute(select(ClosureRecord.hash).order_by(ClosureRecord.id)))
    if closures:
        leaves.append([CLOSURES, len(closures), closures[-1][0]])
    return leaves


def _chain_problem(chain: Chain, entries: Iterable[HistoryEntry], seals: Seals) -> tuple[int, str] | None:
    length, head = 0, ""
    for entry in entries:
        if problem := _entry_problem(entry, length + 1, head):
            return length + 1, problem
        length, head = entry.seq, entry.hash
        if length in seals and seals[length][0] != head:
            return length, f"与{seals[length][1]}封存的校验根不一致，此前记录已被改写"
    if problem := _cut_off(length, seals):
        return length + 1, problem
    if (chain.length, chain.head) != (length, head):
        return min(length, chain.length) + 1, f"链头登记{chain.length}条，实有{length}条，末尾记录被增删或链头被改动"
    return None


def _entry_problem(entry: HistoryEntry, expected: int, head: str) -> str:
    if entry.seq != expected:
        return f"缺少第{expected}条记录，其后为第{entry.seq}条"
    if entry.prev_hash != head:
        return "与前一条记录不衔接，记录被插入、删除或调换"
    if entry_hash(entry) != entry.hash:
        return "内容与登记时不一致，记录已被改动"
    return ""


def _cut_off(length: int, seals: Seals) -> str:
    longest = max(seals, default=0)
    return f"{seals[longest][1]}封存时有{longest}条记录，现仅{length}条" if longest > length else ""


def _empty_chains(
    chains: Mapping[int, Chain], seen: set[int], seals: Mapping[str, Seals], numbers: Mapping[int, str]
) -> Iterator[AuditProblem]:
    """Chains that have lost every entry, and sealed chains that have gone altogether."""
    for chain in chains.values():
        if chain.id not in seen and (found := _chain_problem(chain, (), seals.get(chain.name, {}))):
            yield AuditProblem(chain.name, numbers.get(chain.case_id or 0, ""), *found)
    known = {chain.name for chain in chains.values()} | {CLOSURES}
    for name in sorted(seals.keys() - known):
        case_id = name.partition(":")[2]
        number = numbers.get(int(case_id), "") if case_id.isdigit() else ""
        yield AuditProblem(name, number, 1, f"整条链已不存在：{_cut_off(0, seals[name])}")


def _closure_problem(records: Iterable[ClosureRecord], seals: Mapping[str, Seals]) -> tuple[int, str] | None:
    sealed = seals.get(CLOSURES, {})
    length, head = 0, ""
    for record in records:
        length += 1
        if record.prev_hash != head:
            return length, f"销号单{record.closure_no}与前一张不衔接，销号单被插入、删除或调换"
        if closure_hash(record) != record.hash:
            return length, f"销号单{record.closure_no}内容与销号时不一致，已被改动"
        head = record.hash
        if length in sealed and sealed[length][0] != head:
            return length, f"与{sealed[length][1]}封存的校验根不一致，此前销号单已被改写"
    problem = _cut_off(length, sealed)
    return (length + 1, problem) if problem else None


def _seals(roots: Iterable[DailyRoot]) -> dict[str, dict[int, tuple[str, date]]]:
    """What each chain was sealed at; the earliest day of a length stands."""
    seals: dict[str, dict[int, tuple[str, date]]] = {}
    for root in roots:
        for name, length, head in root.leaves:
            seals.setdefault(name, {}).setdefault(length, (head, root.day))
    return seals


def _root_problems(roots: list[DailyRoot], exported: Mapping[date, str]) -> Iterator[AuditProblem]:
    """The first root that does not fit its leaves or the exported copy."""
    kept = {root.day: root for root in roots}
    for seq, day in enumerate(sorted(kept.keys() | exported.keys()), 1):
        root = kept.get(day)
        if root is None:
            yield AuditProblem(ROOTS, "", seq, f"已导出的{day}校验根在库中不存在")
        elif merkle_root(root.leaves) != root.root:
            yield AuditProblem(ROOTS, "", seq, f"{day}校验根与其各链头不符，已被改动")
        elif day in exported and exported[day] != root.root:
            yield AuditProblem(ROOTS, "", seq, f"{day}校验根与导出留存的不一致，已被改写")
        else:
            continue
        return
