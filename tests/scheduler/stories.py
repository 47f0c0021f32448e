"""Small processes that wait for the clock, put straight into the store of models."""

from datetime import datetime

from sqlalchemy import delete, select

from tests.workflows.engine.drawing import (
    boundary,
    diagram,
    end,
    files,
    flows,
    message,
    node,
    script,
    start,
    timer,
    user,
)
from workflows.commands.desk import Desk, Work
from workflows.commands.stepping import start_instance
from workflows.database import Sessions, atomic
from workflows.models import CalendarDay, CalendarVersion, ModelFile, ModelVersion

# Ten days after its start the story asks somebody to look; before that nobody has anything to do.
PATIENT = diagram(
    start(),
    node("intermediateCatchEvent", "ten_days", timer(duration="P10D")),
    user("look"),
    end(),
    flows("start>ten_days>look>end"),
    process="patient",
)
# After ten days it counts working days, which fails while there is no table of them.
FRAGILE = diagram(
    start(),
    node("intermediateCatchEvent", "ten_days", timer(duration="P10D")),
    script("reckon", "reply_by = workdays_after(today(), 3)"),
    user("look"),
    boundary("met", "look", message("deadline_met")),
    end(),
    flows("start>ten_days>reckon>look>end", "met>end"),
    process="fragile",
    extra='<bpmn:message id="deadline_met" name="deadline.met"/>',
)


def publish(desk: Desk, process: str, drawing: bytes, now: datetime) -> None:
    """Makes a drawing the active version of its process."""
    model = files(drawing, process, **{"words_json": '{"lanes": {}}', "forms__look_json": '{"type": "object"}'})
    with atomic(desk.sessions) as session:
        session.add_all(ModelFile(digest=model.digest, path=path, content=body) for path, body in model.files.items())
        session.add(
            ModelVersion(
                process_id=process, number=1, digest=model.digest, title=process, status="active", published_at=now
            )
        )


def lose_calendar(sessions: Sessions) -> None:
    """The working-day table is gone: every step that counts working days fails until it is back."""
    with atomic(sessions) as session:
        session.execute(delete(CalendarDay))
        session.execute(delete(CalendarVersion))


def restore_calendar(sessions: Sessions, now: datetime) -> None:
    """Somebody has mended the cause."""
    with atomic(sessions) as session:
        session.add(CalendarVersion(number=1, published_at=now, last_certain_year=2026, note="restored"))


def begin(work: Work, *, process: str, count: int, now: datetime, data: dict[str, object] | None = None) -> list[int]:
    """Starts `count` instances of a process and returns their ids."""
    model = work.session.scalars(select(ModelVersion).where(ModelVersion.process_id == process)).one()
    return [
        start_instance(work, model=model, key=f"{process}-{n}", data=data or {}, now=now, actor=None).id
        for n in range(count)
    ]
