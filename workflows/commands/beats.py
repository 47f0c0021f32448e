"""Notes that the clock's jobs have run, for the operators' page and `doctor`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.database import savepoint
from workflows.models import ClockBeat


def note_beats(work: Work, *, counts: Mapping[str, int], now: datetime) -> None:
    """When each job ran last, and how many items it saw to then.  Two clocks may note their first beats at once."""
    for job, count in sorted(counts.items()):
        query = select(ClockBeat).where(ClockBeat.job == job).with_for_update()
        values: dict[str, Any] = {"ran_at": now, "counts": {"done": count}}
        beat = work.session.scalar(query) or _begun(work.session, job, values) or work.session.scalars(query).one()
        beat.ran_at, beat.counts = now, {"done": count}


def _begun(session: Session, job: str, values: dict[str, Any]) -> ClockBeat | None:
    beat = ClockBeat(job=job, **values)
    try:
        with savepoint(session):
            session.add(beat)
    except IntegrityError:
        return None
    return beat
