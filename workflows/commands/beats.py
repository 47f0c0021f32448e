"""Notes that the clock's jobs have run, for the operators' page and `doctor`."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from workflows.commands.desk import Work
from workflows.models import ClockBeat


def note_beats(work: Work, *, counts: Mapping[str, int], now: datetime) -> None:
    """When each job ran last, and how many items it saw to then."""
    query = select(ClockBeat).where(ClockBeat.job.in_(counts)).order_by(ClockBeat.job).with_for_update()
    known = {beat.job: beat for beat in work.session.scalars(query)}
    for job, count in sorted(counts.items()):
        beat = known.get(job) or ClockBeat(job=job)
        beat.ran_at, beat.counts = now, {"done": count}
        work.session.add(beat)
