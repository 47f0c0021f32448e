"""A hundred thousand open timers, none due: what one look of the clock costs."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from huitou.bench.ground import NOW, diagram_of, prepare_ground
from huitou.bench.row import Row, middle, wall_ms
from scheduler.timetable import run_once
from workflows.commands.desk import Work
from workflows.models import ProcessInstance, Timer

TIMERS, INSTANCES = 100_000, 1_000


def many_timers(folder: Path) -> list[Row]:
    """Elapsed time of one whole pass of the clock (timers, messages, deadlines, mail) with nothing due."""
    diagram = diagram_of(
        "bench_wait",
        ["start", "end"],
        [("start", "end", "")],
        '<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>',
    )
    ground = prepare_ground(folder, "bench_wait", diagram)
    ground.desk.act(_open_timers)
    run_once(ground.desk, ground.settings, NOW)
    times = [wall_ms(lambda: run_once(ground.desk, ground.settings, NOW)) for _ in range(15)]
    return [Row("one sweep over 100,000 open timers, none due", f"{middle(times):.1f} ms", "–", "–", "≤ 50 ms")]


def _open_timers(work: Work) -> None:
    work.session.execute(
        insert(ProcessInstance),
        [
            {
                "id": n, "process_id": "bench_wait", "model_digest": "-", "key": f"K{n}", "status": "running",
                "started_at": NOW, "timer_count": 100, "wait_count": 0, "state": b"", "version": 1,
            }
            for n in range(1, INSTANCES + 1)
        ],
    )  # fmt: skip
    work.session.execute(
        insert(Timer),
        [
            {
                "instance_id": 1 + n % INSTANCES, "key": f"T{n}", "element": "wait", "state": 0, "attempts": 0,
                "due_at": NOW + timedelta(days=1, seconds=n), "last_error": "",
            }
            for n in range(TIMERS)
        ],
    )  # fmt: skip
