"""办班 (P12): who must come, who came, what they learned along three abilities, and making up until everybody has."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from workflows.models import TrainingAttendance, TrainingSession, Unit, User
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.operations.trainings import MOST_AT_ONCE, TrainingRefused
from workflows.policy.vocabulary import ABILITY, ORG_TIER, TRAINING_KIND, TRAINING_LEVEL, word
from workflows.queries import audiences
from workflows.records import messages


@operation
def begin_session(context: Context, *, session_no: str) -> dict[str, Any]:
    """确定应训人员（按层次和类别取在册人员）。返回 title、kind_name、audience、clauses、planned_on、people。"""
    session = _session(context, session_no)
    people = audiences.must_attend(context.session, session.org_tier, session.level, context.now)
    for user in people[(session.part_no - 1) * MOST_AT_ONCE : session.part_no * MOST_AT_ONCE]:
        context.session.add(TrainingAttendance(session_id=session.id, user_id=user.id, unit_id=user.unit_id))
    context.session.flush()
    return {
        "title": session.title,
        "kind_name": word(TRAINING_KIND, session.kind),
        "audience": f"{ORG_TIER[session.org_tier]}·{TRAINING_LEVEL[session.level]}",
        "clauses": "；".join(session.clauses),
        "planned_on": session.planned_on.isoformat(),
        "people": _absent(context, session),
    }


@operation
def record_attendance(
    context: Context, *, session_no: str, held_on: str, people: list[dict[str, Any]]
) -> dict[str, Any]:
    """登记签到与测评。返回 percent（覆盖率）、absent（尚未参加的人员）、must_make_up（两项法规未全覆盖须补训，S112）。"""
    session, day = _session(context, session_no), date.fromisoformat(held_on)
    if day > context.today:
        raise TrainingRefused("举办日期不能晚于今天。", rule="S111")
    present = {row["staff_no"]: row for row in people if row.get("attended")}
    for attendance, user in _rows(context, session):
        if (row := present.get(user.staff_no)) and not attendance.attended:
            attendance.attended, attendance.attended_on = True, day
            attendance.scores_before, attendance.scores_after = _scores(row, "before"), _scores(row, "after")
    context.session.flush()
    absent, due = _absent(context, session), len(_rows(context, session))
    session.held_on = session.held_on or day
    session.round_no += 1
    must_make_up = session.two_regulations and bool(absent)
    session.status = "making_up" if must_make_up else "held"
    percent = round(100 * (due - len(absent)) / due) if due else 100
    context.record("hold_session", f"{session.title}：应训{due}人，未参加{len(absent)}人", session_no=session_no)
    return {"percent": percent, "absent": absent, "must_make_up": must_make_up}


@operation
def finish_session(context: Context, *, session_no: str, plan_key: str) -> dict[str, Any]:
    """班次办结；全部班次办结的通知年度计划（training.sessions_done）。"""
    session = _session(context, session_no)
    session.status = "done"
    context.session.flush()
    open_ones = select(func.count()).where(
        TrainingSession.plan_id == session.plan_id, TrainingSession.status != "done"
    )
    if not context.session.scalar(open_ones):
        messages.send(
            context.session,
            name="training.sessions_done",
            key=plan_key,
            now=context.now,
            sender_id=context.instance.id,
        )
    context.record("finish_session", f"{session.title}办结", session_no=session_no)
    return {}


def _session(context: Context, session_no: str) -> TrainingSession:
    session = context.session.scalar(select(TrainingSession).where(TrainingSession.session_no == session_no))
    if session is None:
        raise TrainingRefused(f"没有班次“{session_no}”。")
    return session


def _rows(context: Context, session: TrainingSession) -> list[tuple[TrainingAttendance, User]]:
    """Those who must come; somebody who has left since and never came is no gap."""
    query = (
        select(TrainingAttendance, User)
        .join(User, User.id == TrainingAttendance.user_id)
        .where(TrainingAttendance.session_id == session.id)
        .where(User.is_active | TrainingAttendance.attended)
        .order_by(TrainingAttendance.id)
    )
    return [(attendance, user) for attendance, user in context.session.execute(query)]


def _absent(context: Context, session: TrainingSession) -> list[dict[str, Any]]:
    units = dict(context.session.execute(select(Unit.id, Unit.name)).all())
    return [
        {"staff_no": user.staff_no, "name": user.name, "unit": units[attendance.unit_id]}
        for attendance, user in _rows(context, session)
        if not attendance.attended
    ]


def _scores(row: dict[str, Any], when: str) -> dict[str, int]:
    given = {ability: row.get(f"{when}_{ability}") for ability in ABILITY}
    return {ability: int(score) for ability, score in given.items() if score is not None}
