"""A user task in a loop: visit 400 beside visit 5, time and size of the state."""

from pathlib import Path

from sqlalchemy import func, select

from huitou.bench.ground import NOW, Ground, diagram_of, prepare_ground
from huitou.bench.row import Row, cpu_ms, middle
from workflows.commands.opening import start_process
from workflows.commands.tasks import complete_task
from workflows.models import ProcessInstance

VISITS, WINDOW = 400, 9


def visits_of_a_loop(folder: Path) -> list[Row]:
    """CPU of one completed task around visit 5 and around visit 400, and the state's bytes there."""
    ground = prepare_ground(folder, "bench_loop", _diagram())
    ground.desk.act(start_process, process_id="bench_loop", actor=ground.officer, now=NOW)
    times: list[float] = []
    sizes: list[int] = []
    for _ in range(VISITS + WINDOW):
        task_id = ground.open_task()
        times.append(
            cpu_ms(
                lambda task_id=task_id: ground.desk.act(  # type: ignore[misc]
                    complete_task, task_id=task_id, answer={"comment": "再来"}, actor=ground.officer, now=NOW
                )
            )
        )
        sizes.append(_state_bytes(ground))
    early, late = middle(times[1 : 1 + WINDOW]), middle(times[VISITS : VISITS + WINDOW])
    return [
        Row(
            "visit 400 of a loop (CPU)", f"{late:.2f} ms", f"{early:.2f} ms (visit 5)", f"{late / early:.2f}", "≤ 1.5"
        ),
        Row(
            "state at visit 400 of a loop",
            f"{sizes[VISITS]} bytes",
            f"{sizes[4]} bytes (visit 5)",
            f"{sizes[VISITS] / sizes[4]:.2f}",
            "≤ 1.5",
        ),
    ]


def _state_bytes(ground: Ground) -> int:
    with ground.desk.sessions() as session:
        return int(session.scalars(select(func.length(ProcessInstance.state))).one())


def _diagram() -> bytes:
    elements = (
        '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="merge"/><bpmn:userTask id="again" name="再来一次"/>'
        '<bpmn:exclusiveGateway id="choice" default="f4"/><bpmn:endEvent id="end"/>'
    )
    flows = [
        ("start", "merge", ""),
        ("merge", "again", ""),
        ("again", "choice", ""),
        ("choice", "end", 'comment == "结束"'),
        ("choice", "merge", ""),
    ]
    return diagram_of("bench_loop", ["start", "merge", "again", "choice", "end"], flows, elements)
