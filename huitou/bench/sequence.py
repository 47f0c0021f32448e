"""Twenty user tasks in a row: our whole act (task, history, one commit) beside the library with one row."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Engine, event

from huitou.bench.ground import NOW, Ground, diagram_of, prepare_ground
from huitou.bench.row import Row, cpu_ms, middle
from workflows.commands.opening import start_process
from workflows.commands.tasks import complete_task
from workflows.engine.plain import PlainLibrary

STEPS, ROUNDS = 20, 15
ANSWER = {"comment": "同意"}


def twenty_steps(folder: Path) -> list[Row]:
    """CPU of one completed task, medians over rounds taken in turn."""
    diagram = _diagram()
    ground = prepare_ground(folder, "bench_sequence", diagram)
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(ROUNDS):
        ground.desk.act(start_process, process_id="bench_sequence", actor=ground.officer, now=NOW)
        for _ in range(STEPS):
            task_id = ground.open_task()
            ours.append(
                cpu_ms(
                    lambda task_id=task_id: ground.desk.act(  # type: ignore[misc]
                        complete_task, task_id=task_id, answer=ANSWER, actor=ground.officer, now=NOW
                    )
                )
            )
        inside = folder / str(number)
        inside.mkdir()
        library = PlainLibrary(diagram, "bench_sequence", inside)
        theirs += [cpu_ms(lambda library=library: library.complete(ANSWER)) for _ in range(STEPS)]  # type: ignore[misc]
        library.close()
    mine, plain = middle(ours), middle(theirs)
    return [
        Row(
            "complete a task and persist everything, 20-step sequence (CPU)",
            f"{mine:.2f} ms",
            f"{plain:.2f} ms (library: load, run, serialise, one row)",
            f"{mine / plain:.2f}",
            "≤ 3",
        ),
        _statements(ground),
    ]


def _statements(ground: Ground) -> Row:
    """What the database is asked to do for each task of one more sequence: the dearest of them."""
    ground.desk.act(start_process, process_id="bench_sequence", actor=ground.officer, now=NOW)
    counts = []
    for _ in range(STEPS):
        task_id = ground.open_task()
        with counted(ground.desk.sessions.kw["bind"]) as asked:
            ground.desk.act(complete_task, task_id=task_id, answer=ANSWER, actor=ground.officer, now=NOW)
        commits = asked.count("COMMIT")
        counts.append((len(asked) - commits - sum(each.startswith("BEGIN") for each in asked), commits))
    statements, commits = max(counts)
    return Row(
        "SQL statements and commits of a completed task, the dearest of the 20",
        f"{statements}, {commits}",
        "–",
        "–",
        "≤ 15, 1",
    )


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Every statement, BEGIN and COMMIT among them, that the block sends to the database."""
    seen: list[str] = []

    def executed(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    def committed(_connection: object) -> None:
        seen.append("COMMIT")

    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "commit", committed)
    yield seen
    event.remove(engine, "before_cursor_execute", executed)
    event.remove(engine, "commit", committed)


def _diagram() -> bytes:
    names = ["start", *(f"t{n}" for n in range(STEPS)), "end"]
    elements = '<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>' + "".join(
        f'<bpmn:userTask id="t{n}" name="第{n + 1}步"/>' for n in range(STEPS)
    )
    flows = [(source, target, "") for source, target in pairwise(names)]
    return diagram_of("bench_sequence", names, flows, elements)
