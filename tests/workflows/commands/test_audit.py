"""Whatever is changed behind the system's back is found, and the first bad entry is named."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.workflows.situations import case_of, finding_of
from workflows.commands.daily_root import export_roots, seal_day
from workflows.commands.desk import Desk
from workflows.database import atomic
from workflows.documents.root_export import exported_roots, roots_folder
from workflows.models import Chain, DailyRoot, Finding, HistoryEntry
from workflows.queries.audit import CLOSURES, ROOTS, verify
from workflows.queries.chain_hashes import entry_hash, merkle_root
from workflows.records import closures, history

CASES, ENTRIES, CLOSED = 3, 12, 6
FAST = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass
class Archive:
    """Three cases of twelve entries each and six closures, sealed and exported."""

    desk: Desk
    case_nos: dict[str, str]  # chain → case number

    def found(self, session: Session) -> list[tuple[str, str, int]]:
        exported = exported_roots(roots_folder(self.desk.files_dir))
        return [(p.chain, p.case_no, p.seq) for p in verify(session, exported=exported)]


@pytest.fixture
def archive(desk, region, now) -> Archive:
    return fill(desk, region, now)


def fill(desk: Desk, region, now: datetime) -> Archive:
    case_nos = {}
    for n in range(CASES):
        case_id = case_of(
            desk.sessions, region, now, no=f"XR-12-04-{n + 1:03d}",
            unit_id=(region.unit_a_id, region.unit_b_id, region.department_id)[n],
        )  # fmt: skip
        case_nos[f"case:{case_id}"] = f"XR-12-04-{n + 1:03d}"
        with atomic(desk.sessions) as session:
            for step in range(ENTRIES):
                history.record(
                    session, action="complete_task", summary=f"办理第{step + 1}步", now=now + timedelta(minutes=step),
                    actor=region.officer, case_id=case_id, details={"step": step, "share": step / 4},
                )  # fmt: skip
        finding_id = finding_of(desk.sessions, case_id)
        with atomic(desk.sessions) as session:
            for m in range(CLOSED // CASES):
                closures.add_closure(
                    session, closure_no=f"XH-2026-{n * 2 + m + 1:04d}", finding=session.get_one(Finding, finding_id),
                    snapshot={"measures": m, "effect": "已消化"}, approver_id=region.chief.user_id, now=now,
                )  # fmt: skip
    desk.act(seal_day, day=now.date(), now=now + timedelta(days=1))
    desk.act(export_roots)
    return Archive(desk, case_nos)


@dataclass(frozen=True)
class Tampering:
    """One change by somebody with access to the database, to the n-th case's entry `seq` (1-based)."""

    kind: str
    case: int
    seq: int
    other: int


TAMPERINGS = st.builds(
    Tampering,
    kind=st.sampled_from(
        ["edit_summary", "edit_details", "edit_actor", "edit_at", "edit_denied", "delete", "insert", "swap", "truncate",
         "rewrite", "cut_with_head", "drop"]
    ),
    case=st.integers(0, CASES - 1),
    seq=st.integers(1, ENTRIES),
    other=st.integers(1, ENTRIES),
)  # fmt: skip


@FAST
@given(tampering=TAMPERINGS)
def test_every_tampering_with_a_case_is_found(archive: Archive, tampering: Tampering) -> None:
    with archive.desk.sessions() as session:
        name = list(archive.case_nos)[tampering.case]
        chain = session.query(Chain).filter_by(name=name).one()
        expected = _tamper(session, chain, tampering)
        session.flush()
        session.expire_all()
        found = archive.found(session)
        session.rollback()
    if expected is None:  # an entry exchanged with itself
        assert found == []
    else:
        assert found == [(name, archive.case_nos[name], expected)]


EDITS = {
    "edit_summary": "UPDATE history SET summary = summary || '。' WHERE chain_id = :chain AND seq = :seq",
    "edit_details": """UPDATE history SET details = '{"step": 99}' WHERE chain_id = :chain AND seq = :seq""",
    "edit_actor": "UPDATE history SET actor_name = '别人' WHERE chain_id = :chain AND seq = :seq",
    "edit_at": "UPDATE history SET at = '2020-01-01 00:00:00.000000' WHERE chain_id = :chain AND seq = :seq",
    "edit_denied": "UPDATE history SET denied = true WHERE chain_id = :chain AND seq = :seq",
    "delete": "DELETE FROM history WHERE chain_id = :chain AND seq = :seq",
    "truncate": "DELETE FROM history WHERE chain_id = :chain AND seq >= :seq",
}


def _tamper(session: Session, chain: Chain, tampering: Tampering) -> int | None:
    """Does it, and says which entry must be named."""
    if tampering.kind in EDITS:
        session.execute(text(EDITS[tampering.kind]), {"chain": chain.id, "seq": tampering.seq})
        return tampering.seq
    deeds = {"insert": _insert, "swap": _swap, "rewrite": _rewrite, "cut_with_head": _cut_with_head, "drop": _drop}
    return deeds[tampering.kind](session, chain, tampering.seq, tampering.other)


def _insert(session: Session, chain: Chain, seq: int, _other: int) -> int:
    """A forged entry after `seq`, well hashed; the later ones are moved on."""
    entries = _entries(session, chain)
    for entry in reversed(entries[seq:]):
        entry.seq += 1
        session.flush()
    before = entries[seq - 1]
    forged = HistoryEntry(
        chain_id=chain.id, seq=seq + 1, at=before.at, action="complete_task", actor_name="伪造", case_id=chain.case_id,
        object_kind="", denied=False, summary="从未发生", details={}, prev_hash=before.hash,
    )  # fmt: skip
    forged.hash = entry_hash(forged)
    session.add(forged)
    return seq + 2 if seq < ENTRIES - 1 else seq + 1  # the last ones meet the seal or the head first


def _swap(session: Session, chain: Chain, seq: int, other: int) -> int | None:
    entries = _entries(session, chain)
    first, second = entries[seq - 1], entries[other - 1]
    first.seq = 900
    session.flush()
    second.seq = seq
    session.flush()
    first.seq = other
    return None if seq == other else min(seq, other)


def _rewrite(session: Session, chain: Chain, seq: int, _other: int = 0) -> int:
    """The skilled one: edits an entry and writes every later hash and the head anew."""
    entries = _entries(session, chain)
    entries[seq - 1].summary = "改写"
    head = entries[seq - 2].hash if seq > 1 else ""
    for entry in entries[seq - 1 :]:
        entry.prev_hash = head
        entry.hash = head = entry_hash(entry)
    chain.head = head
    return ENTRIES  # the entry at which the chain was sealed


def _cut_with_head(session: Session, chain: Chain, seq: int, _other: int) -> int:
    entries = _entries(session, chain)
    for entry in entries[seq - 1 :]:
        session.delete(entry)
    chain.length, chain.head = seq - 1, entries[seq - 2].hash if seq > 1 else ""
    return seq


def _drop(session: Session, chain: Chain, _seq: int, _other: int) -> int:
    """The whole chain, head and all."""
    session.execute(text("DELETE FROM history WHERE chain_id = :chain"), {"chain": chain.id})
    session.execute(text("DELETE FROM history_chains WHERE id = :chain"), {"chain": chain.id})
    return 1


def _entries(session: Session, chain: Chain) -> list[HistoryEntry]:
    return session.query(HistoryEntry).filter_by(chain_id=chain.id).order_by(HistoryEntry.seq).all()


@FAST
@given(n=st.integers(1, CLOSED), kind=st.sampled_from(["edit", "delete", "swap", "approver"]))
def test_every_tampering_with_a_closure_is_found(archive: Archive, n: int, kind: str) -> None:
    change = {
        "edit": """UPDATE closure_records SET snapshot = '{"measures": 9}' WHERE id = :n""",
        "delete": "DELETE FROM closure_records WHERE id = :n",
        "swap": "UPDATE closure_records SET finding_id = (SELECT max(id) + 0 FROM findings), round_no = 7 WHERE id = :n",
        "approver": "UPDATE closure_records SET approver_id = NULL WHERE id = :n",
    }[kind]
    with archive.desk.sessions() as session:
        session.execute(text(change), {"n": n})
        found = archive.found(session)
        session.rollback()
    assert found == [(CLOSURES, "", n)]


def test_an_untouched_archive_verifies_also_after_more_has_been_added(archive, region, now):
    with archive.desk.sessions() as session:
        assert archive.found(session) == []
    with atomic(archive.desk.sessions) as session:
        history.record(session, action="sign_in", summary="登录系统", now=now, actor=region.officer)
    with archive.desk.sessions() as session:
        assert archive.found(session) == []


def test_a_history_rewritten_together_with_its_root_is_given_away_by_the_export(archive, now):
    """All hashes, the head and the root in the database are made to fit; only the copy outside does not."""
    with archive.desk.sessions() as session:
        chain = session.query(Chain).filter_by(name=next(iter(archive.case_nos))).one()
        _rewrite(session, chain, 4)
        session.flush()
        leaves = [[each.name, each.length, each.head] for each in session.query(Chain).order_by(Chain.name)]
        leaves.append(
            [CLOSURES, CLOSED, session.execute(text("SELECT hash FROM closure_records ORDER BY id DESC")).first()[0]]
        )
        root = session.execute(text("SELECT root FROM daily_roots")).scalar_one()
        kept = session.get_one(DailyRoot, now.date())
        kept.leaves, kept.root = leaves, merkle_root(leaves)
        session.flush()
        assert root != kept.root
        assert verify(session) == []
        assert archive.found(session) == [(ROOTS, "", 1)]
        session.rollback()


def test_a_root_removed_from_the_database_is_missed(archive, now):
    with archive.desk.sessions() as session:
        session.execute(text("DELETE FROM daily_roots"))
        assert archive.found(session) == [(ROOTS, "", 1)]
        session.rollback()


def test_the_problem_reads_as_a_sentence(archive):
    with archive.desk.sessions() as session:
        chain = next(iter(archive.case_nos))
        session.execute(
            text(
                "UPDATE history SET summary = 'x' WHERE seq = 3 AND chain_id = (SELECT id FROM history_chains WHERE name = :c)"
            ),
            {"c": chain},
        )
        assert [str(p) for p in verify(session)] == ["案 XR-12-04-001第3条：内容与登记时不一致，记录已被改动"]
        session.rollback()


def test_an_entry_written_with_a_local_time_verifies(archive, region):
    local = datetime.fromisoformat("2026-09-01T09:00:00+08:00")
    with atomic(archive.desk.sessions) as session:
        history.record(
            session, action="x", summary="x", now=local, details={"big": 1e16, "whole": 100.0, "part": 1e-7}
        )
    with archive.desk.sessions() as session:
        assert verify(session) == []


def test_the_root_depends_on_every_leaf_and_on_their_order():
    leaves = [[f"case:{n}", n, "ab" * 32] for n in range(7)]
    roots = {merkle_root(leaves[:n]) for n in range(8)} | {merkle_root(leaves[::-1])}
    assert len(roots) == 9
