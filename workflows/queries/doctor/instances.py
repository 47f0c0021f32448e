"""Instances: none stands still unseen, none leaves anything behind, each runs on a model that is there."""

from sqlalchemy import and_, exists, func, or_, select

from workflows.models import Incident, InspectionCase, Message, MessageWait, ModelFile, ProcessInstance, Task, Timer
from workflows.queries.doctor._rules import Examination, Finds, rule

OPEN_TASK = exists().where(Task.instance_id == ProcessInstance.id, Task.status == "open")
TIMER = exists().where(Timer.instance_id == ProcessInstance.id, Timer.state == 0)
WAIT = exists().where(MessageWait.instance_id == ProcessInstance.id)
INCIDENT = exists().where(Incident.instance_id == ProcessInstance.id, Incident.resolved_at.is_(None))
IN_WORK = ("fed_back", "planning", "rectifying", "reporting", "revisit_due", "revisiting", "refeedback_pending")


@rule("silent_stall", "运行中的流程必须有待办、定时、消息等待或异常")
def silent_stall(seen: Examination) -> Finds:
    """trust.md: no instance may stand still without anybody knowing."""
    query = select(ProcessInstance.id, ProcessInstance.process_id, ProcessInstance.key).where(
        ProcessInstance.status == "running", ~OPEN_TASK, ~TIMER, ~WAIT, ~INCIDENT
    )
    for id_, process_id, key in seen.session.execute(query):
        yield id_, f"流程 {process_id}（{key}）仍在运行，却没有任何待办、定时或消息等待"


@rule("left_behind", "结束的流程不得遗留待办、定时或消息等待")
def left_behind(seen: Examination) -> Finds:
    """An ended instance waits for nobody."""
    query = select(ProcessInstance.id, ProcessInstance.process_id, ProcessInstance.key).where(
        ProcessInstance.status.in_(("finished", "cancelled")), or_(OPEN_TASK, TIMER, WAIT)
    )
    for id_, process_id, key in seen.session.execute(query):
        yield id_, f"流程 {process_id}（{key}）已经结束，却遗留待办、定时或消息等待"


@rule("incident_unexplained", "异常的流程必须有待处理的异常记录")
def incident_unexplained(seen: Examination) -> Finds:
    """A stopped instance says why, or nobody will ever mend it."""
    query = select(ProcessInstance.id, ProcessInstance.process_id).where(
        ProcessInstance.status == "incident", ~INCIDENT
    )
    for id_, process_id in seen.session.execute(query):
        yield id_, f"流程 {process_id} 处于异常状态，却没有待处理的异常记录"


@rule("model_missing", "运行中的流程所用的模型版本必须存在")
def model_missing(seen: Examination) -> Finds:
    """Every live instance can load its model."""
    query = select(ProcessInstance.id, ProcessInstance.process_id, ProcessInstance.model_digest).where(
        ProcessInstance.status.in_(("running", "incident")),
        ~exists().where(ModelFile.digest == ProcessInstance.model_digest),
    )
    for id_, process_id, digest in seen.session.execute(query):
        yield id_, f"流程 {process_id} 所用的模型版本 {digest[:12]} 不在库中"


@rule("running_twice", "同一事项的同一流程不得同时运行两个")
def running_twice(seen: Examination) -> Finds:
    """One live instance a process and key."""
    query = (
        select(ProcessInstance.process_id, ProcessInstance.key, func.count())
        .where(ProcessInstance.status.in_(("running", "incident")))
        .group_by(ProcessInstance.process_id, ProcessInstance.key)
        .having(func.count() > 1)
    )
    for process_id, key, count in seen.session.execute(query):
        yield key, f"流程 {process_id}（{key}）同时有 {count} 个实例在运行"


@rule("case_without_process", "办理中的案件必须有流程在运行")
def case_without_process(seen: Examination) -> Finds:
    """From feedback to zero somebody, or the clock, has the case in hand; a message on its way counts."""
    running = exists().where(
        ProcessInstance.case_id == InspectionCase.id, ProcessInstance.status.in_(("running", "incident"))
    )
    on_its_way = exists().where(and_(Message.case_id == InspectionCase.id, Message.status == "pending"))
    query = select(InspectionCase.case_no, InspectionCase.status).where(
        InspectionCase.status.in_(IN_WORK), ~running, ~on_its_way
    )
    for case_no, _ in seen.session.execute(query):
        yield case_no, f"案 {case_no} 尚未了结，却没有任何流程在办理"
