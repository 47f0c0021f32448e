"""Letters and notices: each once, levels only upwards."""

from datetime import datetime

from sqlalchemy import func, select

from workflows.models import Deadline, DeadlineChange, Letter, SupervisionNotice
from workflows.queries.doctor._rules import Examination, Finds, rule


@rule("letter_twice", "同一到期时刻同一颜色的预警函只发一次")
def letter_twice(seen: Examination) -> Finds:
    """Whatever the number of deadline rows: a subject is told once a rule, due moment and colour."""
    query = (
        select(Deadline.subject_no, Deadline.rule, Letter.kind)
        .join(Deadline, Deadline.id == Letter.deadline_id)
        .where(Letter.superseded.is_(False))
        .group_by(Deadline.subject_no, Deadline.rule, Letter.due_at, Letter.kind)
        .having(func.count() > 1)
    )
    for subject_no, code, kind in seen.session.execute(query):
        yield f"{subject_no} {code}", f"同一到期时刻的预警函（{kind}）发了两次以上"


@rule("level_down", "督办等级只升不降")
def level_down(seen: Examination) -> Finds:
    """Within one due moment; an extension begins anew."""
    extended: dict[int, list[datetime]] = {}
    changes = select(DeadlineChange.deadline_id, DeadlineChange.at).where(DeadlineChange.kind == "extended")
    for deadline_id, at in seen.session.execute(changes):
        extended.setdefault(deadline_id, []).append(at)
    last: dict[int, SupervisionNotice] = {}
    query = select(SupervisionNotice).where(SupervisionNotice.deadline_id.is_not(None)).order_by(SupervisionNotice.id)
    for notice in seen.session.scalars(query):
        key = notice.deadline_id or 0
        before = last.get(key)
        last[key] = notice
        if before is None or notice.level >= before.level:
            continue
        if not any(before.issued_at <= at <= notice.issued_at for at in extended.get(key, ())):
            yield notice.notice_no, f"督办文书 {notice.notice_no} 的等级低于前一份 {before.notice_no}"
