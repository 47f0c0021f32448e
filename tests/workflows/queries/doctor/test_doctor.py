"""Every rule of the doctor: silent on a house in order, and loud about exactly what was broken in it."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import delete, event

from tests.workflows.queries.doctor.breaking import BREAKS, Break, broken
from tests.workflows.queries.doctor.house import AGO, DUE, NOW, House, build
from workflows.database import Base, make_sessions
from workflows.documents import file_store
from workflows.models import (
    ClosureRecord,
    Deadline,
    DeadlineChange,
    ExtensionRequest,
    Finding,
    Grant,
    HistoryEntry,
    Incident,
    InspectionCase,
    Letter,
    Measure,
    Message,
    MessageWait,
    ModelFile,
    ModelVersion,
    NumberSeries,
    OutboxItem,
    Participation,
    ProcessInstance,
    Recusal,
    Referral,
    StoredFile,
    SupervisionNotice,
    Task,
    Timer,
)
from workflows.queries import doctor

for _file in sorted(Path(__file__).parent.glob("*_breaks.py")):  # each remembers what it breaks
    import_module(f"{__package__}.{_file.stem}")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    sessions = make_sessions("sqlite://")
    engine = sessions.kw["bind"]
    Base.metadata.create_all(engine)
    with sessions() as session:
        yield build(session, tmp_path / "files")
    engine.dispose()


def found(house: House) -> list[doctor.Problem]:
    house.session.flush()
    house.session.expire_all()
    return doctor.examine(house.session, now=NOW, files_dir=house.files_dir)


def test_a_house_in_order_has_no_problem(house: House) -> None:
    assert found(house) == []


# -- one way, or several, to break each rule: (rule, the object it must name, what is done to the house) -----------


@broken("silent_stall", "1")
def _stall(house: House) -> None:
    house.one(Task).status = "done"


@broken("silent_stall", "3")
def _stall_after_message(house: House) -> None:
    house.session.execute(delete(MessageWait))


@broken("left_behind", "1")
def _ended_with_task(house: House) -> None:
    house.one(ProcessInstance, key="F1").status = "finished"


@broken("left_behind", "4")
def _cancelled_with_timer(house: House) -> None:
    house.one(ProcessInstance, key="F1|D4").status = "cancelled"


@broken("incident_unexplained", "5")
def _resolved_but_stopped(house: House) -> None:
    house.one(Incident).resolved_at = NOW


@broken("model_missing", "1")
def _other_model(house: House) -> None:
    house.one(ProcessInstance, key="F1").model_digest = "e" * 64


@broken("running_twice", "F1")
def _second_instance(house: House) -> None:
    twin = house.instance("finding", "F1", "running", case_id=1)
    house.add(MessageWait(instance_id=twin.id, name="finding.closed", key="F1"))


@broken("case_without_process", "C1")
def _nothing_runs(house: House) -> None:
    for key in ("F1", "C1", "F1|D4"):
        house.one(ProcessInstance, key=key).status = "finished"


@broken("task_after_met", "1")
def _met_elsewhere(house: House) -> None:
    house.one(Deadline, rule="D4").met_at = NOW


@broken("deadline_after_withdrawal", "F1 D4")
def _task_withdrawn(house: House) -> None:
    house.one(Task).status = "withdrawn"


@broken("task_due_differs", "1")
def _task_left_behind(house: House) -> None:
    house.one(Task).due_at = DUE - timedelta(days=3)


@broken("nobody_for_task", "1")
def _role_ended(house: House) -> None:
    house.one(Grant, role="unit_liaison").valid_to = AGO


@broken("nobody_for_task", "1")
def _role_elsewhere(house: House) -> None:
    house.one(Grant, role="unit_liaison").scope_id = 1


@broken("nobody_for_task", "1")
def _holder_recused(house: House) -> None:
    house.add(Recusal(user_id=2, unit_id=2, reason="亲属", declared_at=AGO))


@broken("assignee_gone", "1")
def _taken_by_one_who_left(house: House) -> None:
    house.one(Task).assignee_id = 3


@broken("deadline_unreconciled", "F1 D4")
def _moved_without_a_change(house: House) -> None:
    deadline = house.one(Deadline, rule="D4")
    deadline.due_at += timedelta(days=5)


@broken("deadline_unreconciled", "F1 D4")
def _changes_lost(house: House) -> None:
    house.session.execute(delete(DeadlineChange).where(DeadlineChange.deadline_id == 1))


@broken("deadline_unreconciled", "C1 T10")
def _changed_after_the_end(house: House) -> None:
    house.change(house.one(Deadline, rule="T10"), "recalculated", NOW, DUE)


@broken("deadline_unwatched", "F1 D4")
def _nobody_looks(house: House) -> None:
    house.one(Deadline, rule="D4").next_at = None


@broken("clock_behind", "F1 D4")
def _nobody_came(house: House) -> None:
    house.one(Deadline, rule="D4").next_at = NOW - timedelta(days=2)


@broken("extension_count", "C1 T10")
def _extended_without_approval(house: House) -> None:
    house.one(ExtensionRequest).status = "refused"


@broken("extension_without_deadline", "F1 D4")
def _asked_and_nobody_knows(house: House) -> None:
    house.one(Deadline, rule="D4").extension_asked = True


@broken("deadline_open_twice", "F1 D4")
def _opened_again(house: House) -> None:
    house.deadline("F1", "D4", finding_id=1, seq=2)


@broken("rectifying_without_deadline", "F1")
def _own_deadline_void(house: House) -> None:
    house.one(Deadline, rule="D4").voided_at = NOW


@broken("closed_without_record", "F2")
def _closed_by_hand(house: House) -> None:
    house.session.execute(delete(ClosureRecord))


@broken("closed_without_record", "F2")
def _other_number(house: House) -> None:
    house.one(Finding, finding_no="F2").closed_no = "XH-2026-0009"


@broken("closed_without_effect", "F2")
def _no_effect(house: House) -> None:
    house.one(Finding, finding_no="F2").effect = ""


@broken("closed_with_open_measures", "F2")
def _measure_returned(house: House) -> None:
    house.one(Measure).status = "returned"


@broken("closed_with_open_measures", "F2")
def _no_measure(house: House) -> None:
    house.one(Measure).status = "superseded"


@broken("violation_without_decision", "F2")
def _nobody_dealt_with(house: House) -> None:
    for referral in house.session.query(Referral):
        referral.decided_at, referral.status = None, "inquiry"


@broken("long_term_without_check", "F2")
def _never_again(house: House) -> None:
    house.one(Finding, finding_no="F2").next_check_date = None


@broken("text_changed", "F1")
def _reworded(house: House) -> None:
    house.one(Finding, finding_no="F1").text = "改过的原文"


@broken("four_eyes", "F1")
def _verified_own_work(house: House) -> None:
    house.add(Participation(subject_no="F1", round_no=1, part="verifier", user_id=2, at=AGO))


@broken("open_count", "C1")
def _counted_wrong(house: House) -> None:
    house.one(InspectionCase, case_no="C1").open_count = 4


@broken("settled_with_open_findings", "C1")
def _zeroed_too_early(house: House) -> None:
    house.one(InspectionCase, case_no="C1").status = "zeroed"


@broken("closed_over_open_track", "WZ-2026-001")
def _track_still_open(house: House) -> None:
    house.one(Referral, track="B").status = "inquiry"


@broken("proved_without_disposition", "WZ-2026-001A")
def _proved_and_forgotten(house: House) -> None:
    house.one(Referral, track="A").form = ""


@broken("letter_twice", "F1 D4")
def _told_twice(house: House) -> None:
    again = house.deadline("F1", "D4", finding_id=1, seq=2, voided_at=NOW)
    house.change(again, "voided", NOW, DUE)
    house.add(
        Letter(letter_no="YJ-2026-0002", deadline_id=again.id, due_at=DUE, kind="yellow", rule_at=AGO, sent_at=AGO)
    )


@broken("level_down", "DB-2026-003")
def _back_to_the_first_level(house: House) -> None:
    house.notice("DB-2026-003", 1, AGO + timedelta(days=8), house.one(Deadline, rule="D4"))
    house.one(NumberSeries, series="DB-2026-#").last = 3


@broken("number_gap", "DB-2026-#")
def _number_left_out(house: House) -> None:
    house.one(SupervisionNotice, level=2).notice_no = "DB-2026-004"
    house.one(NumberSeries, series="DB-2026-#").last = 4


@broken("number_gap", "DB-2026-#")
def _number_given_twice(house: House) -> None:
    house.one(SupervisionNotice, level=2).notice_no = "DB-2026-01"


@broken("number_gap", "XH-2026-#")
def _paper_gone(house: House) -> None:
    house.one(NumberSeries, series="XH-2026-#").last = 2


@broken("message_stuck", "1")
def _message_failed(house: House) -> None:
    house.one(Message).status = "failed"


@broken("message_stuck", "1")
def _message_waits(house: House) -> None:
    house.one(Message).status = "pending"


@broken("mail_stuck", "1")
def _mail_waits(house: House) -> None:
    house.one(OutboxItem).status = "pending"


@broken("model_without_files", "finding")
def _files_gone(house: House) -> None:
    house.session.execute(delete(ModelFile))


@broken("two_active_versions", "finding")
def _old_one_back(house: House) -> None:
    house.one(ModelVersion, number=1).status = "active"


@broken("file_damaged", "")
def _bytes_gone(house: House) -> None:
    file_store.path_of(house.files_dir, house.one(StoredFile).sha256).unlink()


@broken("file_damaged", "")
def _bytes_changed(house: House) -> None:
    path = file_store.path_of(house.files_dir, house.one(StoredFile).sha256)
    path.chmod(0o640)
    path.write_bytes("别的".encode())


@broken("history_broken", "C1")
def _history_rewritten(house: House) -> None:
    house.one(HistoryEntry, case_id=1).summary = "没有反馈过"


@broken("closure_chain_broken", "1")
def _closure_rewritten(house: House) -> None:
    house.one(ClosureRecord).snapshot = {"progress": "未完成"}


@pytest.mark.parametrize(
    ("code", "thing", "act"), [pytest.param(*each, id=f"{each[0]}-{each[2].__name__[1:]}") for each in BREAKS]
)
def test_a_rule_names_what_was_broken(house: House, code: str, thing: str, act: Break) -> None:
    act(house)
    named = [problem for problem in found(house) if problem.code == code]
    assert {problem.object for problem in named} == {thing or house.one(StoredFile).sha256[:12]}
    assert named[0].message
    assert named[0].title == doctor.RULES[code].title


def test_every_rule_can_fail() -> None:
    assert {code for code, _, _ in BREAKS} == set(doctor.RULES)


# -- what looks odd and is right ----------------------------------------------------------------------------------


def test_an_extension_lets_the_levels_begin_anew(house: House) -> None:
    deadline = house.one(Deadline, rule="D4")
    deadline.extension_count = 1
    house.change(deadline, "extended", AGO + timedelta(days=7), DUE, approver_role="supervision_chief")
    house.add(
        ExtensionRequest(
            deadline_id=deadline.id, nth=1, old_due_at=DUE, new_due_at=DUE, reason="洪灾", status="approved",
            requested_by_id=2, requested_at=AGO,
        )
    )  # fmt: skip
    house.notice("DB-2026-003", 1, AGO + timedelta(days=8), deadline)
    house.one(NumberSeries, series="DB-2026-#").last = 3
    assert found(house) == []


def test_one_person_may_change_sides_in_another_round(house: House) -> None:
    house.add(Participation(subject_no="F1", round_no=2, part="verifier", user_id=2, at=AGO))
    assert found(house) == []


def test_a_late_deadline_under_escalation_needs_no_further_look(house: House) -> None:
    deadline = house.one(Deadline, rule="D4")
    late = NOW - timedelta(days=9)
    deadline.due_at = deadline.original_due_at = house.one(DeadlineChange, deadline_id=deadline.id).due_at = late
    deadline.next_at, house.one(Task).due_at = None, late
    assert found(house) == []


def test_a_waiting_timer_alone_keeps_an_instance_alive(house: House) -> None:
    house.one(Timer).state = 1
    assert [(each.code, each.object) for each in found(house)] == [("silent_stall", "4")]


def test_the_examination_takes_a_bounded_number_of_statements(house: House) -> None:
    statements: list[str] = []
    event.listen(house.session.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    for number in range(3, 60):
        house.deadline(f"F{number}", "T16")
    before = len(statements)
    found(house)
    assert len(statements) - before <= len(doctor.RULES) + 25
