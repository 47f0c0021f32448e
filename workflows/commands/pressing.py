"""批量督办: supervision presses what is late, one deadline after the other, with a result for each under one number.

Pressing starts the escalation where it has not begun (its first notice follows at once); where it runs, or the limit
does not escalate, whoever must act is reminded.  The ladder itself (P09) still climbs by its own rules.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from workflows.commands.desk import Desk, Work
from workflows.commands.errands import Errand, JobKind, Outcome, Progress, Run
from workflows.commands.letters import sweep_deadline
from workflows.models import Batch, Deadline, HistoryEntry, Task
from workflows.policy import SUPERVISORS, Actor, NotAllowed
from workflows.policy.vocabulary import SUPERVISION_LEVEL
from workflows.queries.overdue import OverdueRow, late_of_ids
from workflows.queries.places import place_of
from workflows.records import calendars, deadlines, history, notices
from workflows.refusal import Refusal
from workflows.workdays import due_text, local_date, start_of_day

logger = logging.getLogger(__name__)
VERB = "press"
MOST_AT_ONCE = 60  # more are done in the background
MOST = 500
LONGEST_TEXT = 500
HIGH = 2  # from this level on the unit's principal is reminded too
CHANGED = "内容已被他人更新，请刷新后再督办。"
BROKEN = "系统出现故障，本项没有写入任何内容，请联系运维人员。"


class PressRefused(Refusal):
    """This deadline cannot be pressed now."""

    rule = "P09"


@dataclass(frozen=True)
class Pressed:
    """What became of one deadline; `subject` says whose it is, `sentence` what was done, or why nothing was."""

    deadline_id: int
    title: str
    subject: str
    is_done: bool
    sentence: str


def press_deadline(work: Work, *, deadline_id: int, text: str, actor: Actor, now: datetime) -> str:
    """督办: returns what was done.  Once a deadline and local day; raises NotAllowed, PressRefused."""
    session = work.session
    deadline = deadlines.locked(session, deadline_id)
    if not actor.holds_any(SUPERVISORS, place_of(session, deadline.case_id)):
        raise NotAllowed("您没有督办该事项的权限。", rule="press")
    _require_late(deadline, now)
    if _pressed_today(session, deadline, now):
        raise PressRefused("该事项今天已经督办过，请等待落实情况。")
    done = _escalate(work, deadline, now) or _remind(session, deadline, text, actor, now)
    deadline.last_act_at = now
    deadlines.plan_next_look(session, deadline, now)
    deadlines.record_act(
        session, deadline, "press_deadline", f"督办“{deadline.title}”：{done}", now, actor=actor, text=text
    )
    return done


def press_each(
    desk: Desk, rows: Sequence[OverdueRow], *, text: str, actor: Actor, now: datetime
) -> Iterator[Pressed]:
    """Each in a transaction of its own; one that cannot be pressed stops no other."""
    for row in rows:
        number = row.finding.finding_no if row.finding else row.case.case_no
        is_done, sentence = _tried(desk, row.deadline.id, text, actor, now)
        yield Pressed(row.deadline.id, row.deadline.title, f"{row.unit.name} {number}", is_done, sentence)


def keep_presses(work: Work, *, results: Sequence[Pressed], text: str, actor: Actor, now: datetime) -> Batch:
    """Writes down what became of each under one number."""
    batch = Batch(verb=VERB, asked_by_id=actor.user_id, at=now, results=[asdict(result) for result in results])
    work.session.add(batch)
    work.session.flush()
    done = sum(result.is_done for result in results)
    history.record(
        work.session, action="act_on_many", now=now, actor=actor, object_kind="batch", object_id=batch.id,
        summary=f"批量督办 {len(results)} 项：成功 {done} 项，未成功 {len(results) - done} 项",
        details={"verb": VERB, "deadlines": [result.deadline_id for result in results], "text": text},
    )  # fmt: skip
    return batch


def press_many(errand: Errand) -> Run:
    """The same in the background; what was pressed before a break is told as such."""
    with errand.desk.sessions() as session:
        calendar = calendars.in_force(session)
        rows = late_of_ids(session, errand.actor, errand.arguments["ids"], now=errand.now, calendar=calendar)
    results = []
    yield Progress(0, len(rows))
    text = str(errand.arguments["text"])
    for result in press_each(errand.desk, rows, text=text, actor=errand.actor, now=errand.now):
        results.append(result)
        yield Progress(len(results), len(rows), "正在督办")
    batch = errand.desk.act(keep_presses, results=results, text=text, actor=errand.actor, now=errand.now)
    done = sum(result.is_done for result in results)
    told = [{"title": f"{result.subject} {result.title}", "result": result.sentence} for result in results]
    note = f"批次号{batch.id:06d}：成功{done}项，未成功{len(results) - done}项"
    return Outcome("", note, {"press_batch": batch.id, "rows": told})


def accept_presses(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Ids of deadlines and the words that go with the reminder."""
    ids, text = arguments.get("ids"), arguments.get("text", "")
    is_list = isinstance(ids, list) and 0 < len(ids) <= MOST and all(type(each) is int for each in ids)
    if not is_list or not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise Refusal("督办事项无效，请返回列表重新选择。", rule="job_arguments")
    return {"ids": ids, "text": text}


PRESS = JobKind("press_deadlines", "批量督办", press_many, SUPERVISORS, accept_presses)


def _tried(desk: Desk, deadline_id: int, text: str, actor: Actor, now: datetime) -> tuple[bool, str]:
    try:
        return True, desk.act(press_deadline, deadline_id=deadline_id, text=text, actor=actor, now=now)
    except Refusal as no:
        return False, str(no)
    except (StaleDataError, IntegrityError, NoResultFound):
        return False, CHANGED
    except Exception:  # one broken instance stops no other
        logger.exception("pressing deadline %d", deadline_id)
        return False, BROKEN


def _require_late(deadline: Deadline, now: datetime) -> None:
    if deadline.met_at or deadline.voided_at:
        raise PressRefused("该事项已经办结或作废，无需督办。")
    if deadline.paused_since:
        raise PressRefused("该事项正在中止计时，恢复计时后方可督办。")
    if deadline.due_at > now:
        raise PressRefused("该事项尚未逾期，无需督办。")


def _pressed_today(session: Session, deadline: Deadline, now: datetime) -> bool:
    same = select(HistoryEntry.id).where(
        HistoryEntry.object_kind == "deadline", HistoryEntry.object_id == deadline.id,
        HistoryEntry.action == "press_deadline", HistoryEntry.denied.is_(False),
        HistoryEntry.at >= start_of_day(local_date(now)),
    )  # fmt: skip
    return session.scalar(same.limit(1)) is not None


def _escalate(work: Work, deadline: Deadline, now: datetime) -> str:
    """Starts the ladder where it has not begun: the clock's own look, only sooner.  "" when there is none to start."""
    if not deadline.escalates or deadline.level:
        return ""
    started = sweep_deadline(work, deadline_id=deadline.id, now=now)["escalations"]
    return f"启动{SUPERVISION_LEVEL[deadline.level]}，下发督办文书" if started else ""


def _remind(session: Session, deadline: Deadline, text: str, actor: Actor, now: datetime) -> str:
    roles = {deadline.responsible_role, *(("unit_principal",) if deadline.level >= HIGH else ())}
    told: set[int] = set()
    for role in sorted(roles):
        told |= set(notices.holders(session, role=role, now=now, unit_id=deadline.unit_id, case_id=deadline.case_id))
    handlers = select(Task.assignee_id).where(Task.deadline_id == deadline.id, Task.status == "open")
    told |= {user_id for user_id in session.scalars(handlers) if user_id}
    if not told:
        raise PressRefused("没有可以通知的责任人，请先明确承办人。")
    notices.notify(
        session, user_ids=told, kind="press", title=f"【督办】{deadline.subject_no} {deadline.title}",
        body=f"该事项已于{due_text(deadline.due_at)}到期。{text.strip()[:LONGEST_TEXT]}（督办人：{actor.name}）", now=now,
        case_id=deadline.case_id, finding_id=deadline.finding_id,
        key=f"press:{deadline.id}:{local_date(now).isoformat()}",
    )  # fmt: skip
    return f"已向{len(told)}名责任人发出督办提醒"
