"""What the clock tells people by itself: the digest of the working day, and what nobody has signed for."""

from scheduler.jobs import Clock
from workflows.commands.digests import send_digests as send_some
from workflows.commands.receipts import remind_of_receipts as remind_of_some
from workflows.policy.quiet_hours import is_digest_time
from workflows.policy.receipts import earliest_missing
from workflows.queries.due import digest_readers
from workflows.queries.letter_receipts import overdue_receipts
from workflows.records import calendars
from workflows.workdays import local_date

MOST_ROUNDS = 50  # of one run; what is left comes with the next


def send_digests(clock: Clock) -> int:
    """Until everybody has his digest of the day; how many were written."""
    with clock.desk.sessions() as session:
        now = clock.now()
        if not digest_readers(session, local_date(now), 1) or not is_digest_time(now, calendars.in_force(session)):
            return 0
    done = 0
    for _ in range(MOST_ROUNDS):
        written = clock.desk.act(send_some, now=clock.now())
        done += written
        if not written:
            break
    return done


def remind_of_receipts(clock: Clock) -> int:
    """What has been without a receipt for two working days: told once to the unit, once to the supervisors."""
    with clock.desk.sessions() as session:
        if not overdue_receipts(session, earliest_missing(clock.now()), 1):
            return 0
    done = 0
    for _ in range(MOST_ROUNDS):
        told = clock.desk.act(remind_of_some, now=clock.now())
        done += told
        if not told:
            break
    return done
