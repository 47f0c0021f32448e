"""The inbox of a person with 200 tasks among 10,000 open tasks of 2,000 cases: server time of the question behind the page."""

from pathlib import Path

from sqlalchemy import insert

from huitou.bench.ground import NOW, diagram_of, prepare_ground
from huitou.bench.row import Row, middle, wall_ms
from workflows.commands.desk import Work
from workflows.models import InspectionCase, InspectionRound, ProcessInstance, Task, Unit
from workflows.queries.inbox import Filters, inbox

CASES, TASKS, OWN, UNITS = 2_000, 10_000, 200, 200


def inbox_of_many(folder: Path) -> list[Row]:
    """Elapsed time of one page of the inbox with its counts."""
    diagram = diagram_of(
        "bench_inbox",
        ["start", "end"],
        [("start", "end", "")],
        '<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>',
    )
    ground = prepare_ground(folder, "bench_inbox", diagram)
    ground.desk.act(_open_tasks, owner_id=ground.officer.user_id)

    def ask() -> None:
        with ground.desk.sessions() as session:
            inbox(session, ground.officer, Filters(), now=NOW)

    ask()
    times = [wall_ms(ask) for _ in range(15)]
    return [Row("inbox with 200 own tasks among 10,000 open ones", f"{middle(times):.1f} ms", "–", "–", "≤ 50 ms")]


def _open_tasks(work: Work, *, owner_id: int) -> None:
    session = work.session
    units = [{"id": n + 10, "code": f"U{n}", "name": f"单位{n}", "kind": "department"} for n in range(UNITS)]
    session.execute(insert(Unit), units)
    rounds = range(1, CASES // UNITS + 1)
    session.execute(
        insert(InspectionRound),
        [{"id": n, "code": f"R{n}", "name": f"第{n}轮", "kind": "regular", "starts_on": NOW.date()} for n in rounds],
    )
    session.execute(
        insert(InspectionCase),
        [
            {
                "id": n, "case_no": f"XR-{n:05d}", "round_id": 1 + (n - 1) // UNITS, "unit_id": 10 + (n - 1) % UNITS,
                "status": "rectifying", "opened_at": NOW,
            }
            for n in range(1, CASES + 1)
        ],
    )  # fmt: skip
    session.execute(
        insert(ProcessInstance),
        [
            {
                "id": n, "process_id": "bench_inbox", "model_digest": "-", "key": f"K{n}", "case_id": n,
                "unit_id": 10 + (n - 1) % UNITS, "status": "running", "started_at": NOW, "state": b"", "version": 1,
            }
            for n in range(1, CASES + 1)
        ],
    )  # fmt: skip
    session.execute(insert(Task), [_task(n, owner_id) for n in range(TASKS)])


def _task(number: int, owner_id: int) -> dict[str, object]:
    case_id = 1 + number % CASES
    own = number % (TASKS // OWN) == 0
    return {
        "instance_id": case_id, "key": f"T{number}", "process_id": "bench_inbox", "element": "work", "title": "办理",
        "lane": "经办人", "role": "supervision_officer" if own else "unit_liaison", "form": "", "status": "open",
        "case_id": case_id, "unit_id": 10 + (case_id - 1) % UNITS, "opened_at": NOW,
        "assignee_id": owner_id if own else None,
    }  # fmt: skip
