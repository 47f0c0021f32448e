"""每日汇总: at 08:30 of a working day, what each person wanted to hear once a day, in one notification.

One a person and day, whatever the number of clocks: the row of `digests` is written by whoever comes first.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import and_, case, func, select, update
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.models import Digest, Notification, Task
from workflows.policy.quiet_hours import is_digest_time
from workflows.queries.due import digest_readers, waits_for_digest
from workflows.records import calendars
from workflows.records.notices import Telling, tell
from workflows.records.numbers import INSERTS
from workflows.workdays import end_of_day, local_date

AT_ONCE = 200  # people in one transaction
MOST_LINES = 30


def send_digests(work: Work, *, now: datetime) -> int:
    """The digests that are due, for up to two hundred people; how many were written.  Eight statements in all."""
    session, day = work.session, local_date(now)
    if not is_digest_time(now, calendars.in_force(session)):
        return 0
    waiting = digest_readers(session, day, AT_ONCE)
    ours = _open(session, waiting, day, now) if waiting else {}
    if not ours:
        return 0
    lines = _take(session, ours, day)
    counts = _open_tasks(session, list(ours), now)
    tellings = [
        Telling([user_id], "digest", f"每日汇总 {day}", _text(lines[user_id], *counts.get(user_id, (0, 0, 0))),
                key=f"digest:{day}")
        for user_id in sorted(ours)
    ]  # fmt: skip
    tell(session, tellings, now=now)
    return len(ours)


def _open(session: Session, user_ids: Sequence[int], day: date, now: datetime) -> dict[int, int]:
    """Person → digest, of those that nobody has begun."""
    insert = INSERTS[session.get_bind().dialect.name]
    rows = [{"user_id": user_id, "day": day, "sent_at": now} for user_id in user_ids]
    begun = insert(Digest).values(rows).on_conflict_do_nothing(index_elements=["user_id", "day"])
    return {user_id: digest_id for digest_id, user_id in session.execute(begun.returning(Digest.id, Digest.user_id))}


def _take(session: Session, ours: dict[int, int], day: date) -> dict[int, list[str]]:
    """Puts what waits into the digests; the titles of each person's, oldest first."""
    waiting = select(Notification.id, Notification.user_id, Notification.title).where(
        waits_for_digest(day), Notification.user_id.in_(ours)
    )
    found: dict[int, list[str]] = defaultdict(list)
    taken = []
    for number, user_id, title in session.execute(waiting.order_by(Notification.id)):
        found[user_id].append(title)
        taken.append(number)
    own = select(Digest.id).where(Digest.user_id == Notification.user_id, Digest.day == day).scalar_subquery()
    into = update(Notification).where(Notification.id.in_(taken)).values(digest_id=own)
    session.execute(into.execution_options(synchronize_session=False))
    return found


def _open_tasks(session: Session, user_ids: Sequence[int], now: datetime) -> dict[int, tuple[int, int, int]]:
    """Person → open tasks in his hands, due today, overdue."""
    tonight = end_of_day(local_date(now))
    today = case((and_(Task.due_at > now, Task.due_at <= tonight), 1))
    late = case((Task.due_at <= now, 1))
    query = (
        select(Task.assignee_id, func.count(), func.count(today), func.count(late))
        .where(Task.status == "open", Task.assignee_id.in_(user_ids))
        .group_by(Task.assignee_id)
    )
    return {user_id: (count, due, overdue) for user_id, count, due, overdue in session.execute(query) if user_id}


def _text(titles: Sequence[str], count: int, due: int, overdue: int) -> str:
    lines = [f"您名下待办{count}项，其中今日到期{due}项、已逾期{overdue}项。", f"近期通知{len(titles)}条："]
    lines += [f"{number}. {title}" for number, title in enumerate(titles[:MOST_LINES], start=1)]
    return "\n".join([*lines, *_rest(titles)])


def _rest(titles: Sequence[str]) -> Iterable[str]:
    more = len(titles) - MOST_LINES
    return [f"另有{more}条，请登录系统查看。"] if more > 0 else []
