"""Notes that a job of the clock has run, for the operators' page and `doctor`."""

from datetime import datetime

from workflows.commands.desk import Work
from workflows.models import ClockBeat


def note_beat(work: Work, *, job: str, count: int, now: datetime) -> None:
    """The job's last run and how many items it saw to then."""
    beat = work.session.get(ClockBeat, job, with_for_update=True)
    if beat is None:
        beat = ClockBeat(job=job)
        work.session.add(beat)
    beat.ran_at, beat.counts = now, {"done": count}
