"""Drives one instance of a model from its start to its end, answering its tasks and moving its clock."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from workflows.engine import Engine, LimitExceeded, Limits, ModelFiles, OpenTask, Step, StepFailed
from workflows.engine.checks import ERROR, WARNING, ModelProblem, check
from workflows.engine.diagram import Element
from workflows.engine.gates import check_answer_data
from workflows.engine.specs import Model
from workflows.forms import Form, InvalidForm
from workflows.refusal import Refusal
from workflows.studio.check import OF_THE_WHOLE
from workflows.studio.rehearsal.answers import Answers
from workflows.studio.rehearsal.samples import sample_answer
from workflows.studio.rehearsal.trace import FAILED, FINISHED, LIMIT, WAITING, Happening, Rehearsal
from workflows.studio.rehearsal.world import World

MOST_ACTS = 200
LIMITS = Limits(seconds=5.0)
FACTS = {
    "key": "YY-0001", "case_no": "YY-0001", "unit_name": "预演单位", "unit_code": "YY", "finding_no": "YY-0001-01",
    "finding_title": "预演问题", "round_no": 1, "started_by": "预演人",
}  # fmt: skip
"""What production tells every process at its start, with names nobody has."""
KINDS = {
    "startEvent": "开始", "endEvent": "结束", "userTask": "办理", "manualTask": "办理", "scriptTask": "执行脚本",
    "serviceTask": "系统操作（预演不执行）", "businessRuleTask": "决策", "sendTask": "发送消息",
    "receiveTask": "收到消息", "intermediateCatchEvent": "事件发生", "intermediateThrowEvent": "发出事件",
    "boundaryEvent": "边界事件发生", "subProcess": "子流程结束", "callActivity": "调用流程结束",
}  # fmt: skip


def rehearse(
    files: ModelFiles, answers: Answers, now: datetime, operations: Collection[str] | Mapping[str, Any]
) -> Rehearsal:
    """Runs the model once.  `now` is aware; `operations` are the names a diagram may call.

    A model with errors is not run at all; what goes wrong on the way is a problem of the rehearsal, never raised.
    """
    problems = [
        each for each in check(files, operations=operations)
        if each.severity == ERROR and each.code not in OF_THE_WHOLE
    ]  # fmt: skip
    if problems:
        return Rehearsal(files.process_id, now, now, outcome=FAILED, problems=problems)
    return _Run(files, answers, now).play()


class _Run:
    def __init__(self, files: ModelFiles, answers: Answers, now: datetime):
        self.model = Model(files)
        self.answers = answers
        self.world = World(now, answers)
        self.engine = Engine(load=lambda _digest: files, limits=LIMITS)
        self.elements: dict[str, Element] = {each.id: each for each in self.model.elements}
        self.told = Rehearsal(files.process_id, now, now)
        self.told.decisions, self.told.operations = self.world.decisions, self.world.operations
        self.left_open: set[str] = set()
        self.visits: dict[str, int] = {}

    def play(self) -> Rehearsal:
        """Start, then act until nothing can be done any more."""
        try:
            self._finish(self._play())
        except LimitExceeded as failure:
            self._fail(failure, LIMIT)
        except (Refusal, StepFailed) as failure:
            self._fail(failure, FAILED)
        self.told.ended_at = self.world.now
        self.told.deadlines = [asdict(each) for each in self.world.deadlines]
        self._name_unused_answers()
        return self.told

    def _play(self) -> Step:
        step = self._take(self._start)
        for _ in range(MOST_ACTS):
            act = None if step.finished else self._next_act(step)
            if act is None:
                return step
            step = self._take(act)
        raise LimitExceeded(f"预演超过{MOST_ACTS}步，流程可能不会结束")

    def _start(self) -> Step:
        names = tuple(name for name in self.model.starts if name is not None)
        message, payload = (None, {}) if None in self.model.starts else self.answers.take_start(names)
        facts = FACTS | payload | self.answers.data
        check_answer_data(facts)
        return self.engine.start(self._digest, data=facts, surroundings=self.world, message=message)

    @property
    def _digest(self) -> str:
        return self.model.files.digest

    def _next_act(self, step: Step) -> Callable[[], Step] | None:
        message = self.answers.next_message()
        if message is not None and message["name"] in step.waits:
            return lambda: self._deliver(step, message)
        for task in step.tasks:
            if task.key not in self.left_open and (answer := self._answer(task)) is not None:
                return lambda task=task, answer=answer: self._complete(step, task, answer)  # type: ignore[misc]
        if not step.timers:
            return None
        return lambda: self._skip_to(step, min(timer.due_at for timer in step.timers))

    def _answer(self, task: OpenTask) -> dict[str, Any] | None:
        """What the form accepts of the given answer, or a sample; None when the task shall stay open."""
        is_given, answer = self.answers.to_task(task.element)
        if is_given and answer is None:
            self.left_open.add(task.key)
            return None
        try:
            accepted = self._accepted(task, answer)
            check_answer_data(accepted)
        except InvalidForm as refusal:
            words = "给出的答案不符合表单" if is_given else "不能自动生成符合表单的答案，请用 answers 给出"
            self._problem(task.element, "answer", f"任务“{task.title}”：{words}（{refusal}）", ERROR)
            self.left_open.add(task.key)
            return None
        return accepted

    def _accepted(self, task: OpenTask, answer: dict[str, Any] | None) -> dict[str, Any]:
        visit = self.visits.get(task.element, 0)
        self.visits[task.element] = visit + 1
        if not task.form:
            return answer or {}
        form = Form.load(self.model.files.files[task.form])
        if answer is None:
            answer = sample_answer(form, given=task.data, visit=visit, now=self.world.now)
        blank = dict.fromkeys(form.schema["properties"])  # as in production: left empty is None
        return blank | form.accept(answer, given=task.data)

    def _complete(self, step: Step, task: OpenTask, answer: dict[str, Any]) -> Step:
        if task.rule:
            self.world.meet(task.rule)
        return self.engine.complete(self._digest, step.state, key=task.key, answer=answer, surroundings=self.world)

    def _deliver(self, step: Step, message: dict[str, Any]) -> Step:
        self.answers.take_message()
        self._note("", f"收到消息“{message['name']}”")
        return self.engine.deliver(
            self._digest, step.state, message=message["name"], payload=dict(message.get("payload", {})),
            surroundings=self.world,
        )  # fmt: skip

    def _skip_to(self, step: Step, moment: datetime) -> Step:
        if moment > self.world.now:
            self.world.now = moment
            self._note("", "时间快进到下一个定时")
        return self.engine.wake(self._digest, step.state, surroundings=self.world)

    def _take(self, act: Callable[[], Step]) -> Step:
        step = act()
        for element in step.passed:
            self._note(element, self._words(element))
        self.told.sent += step.sent
        self.told.data = step.data
        return step

    def _words(self, id_: str) -> str:
        element = self.elements.get(id_)
        if element is None:
            return ""
        return (
            f"{KINDS.get(element.kind, '经过')}：{element.name}" if element.name else KINDS.get(element.kind, "经过")
        )

    def _note(self, element: str, what: str) -> None:
        drawn = self.elements.get(element)
        role = self.model.role(drawn.lane) or drawn.lane if drawn and drawn.kind in ("userTask", "manualTask") else ""
        self.told.trace.append(Happening(self.world.now, element, what, role))

    def _finish(self, step: Step) -> None:
        self.told.outcome = FINISHED if step.finished else WAITING
        self.told.open_tasks = [
            {"element": each.element, "title": each.title, "role": each.role, "due_at": each.due_at}
            for each in step.tasks
        ]
        self.told.timers = [asdict(each) for each in step.timers]
        self.told.waits = list(step.waits)
        if not step.finished and not step.tasks:
            self._problem("", "waits", f"流程停下，等待消息：{'、'.join(step.waits) or '无'}", WARNING)

    def _fail(self, failure: Exception, outcome: str) -> None:
        self.told.outcome = outcome
        element = getattr(failure, "element", "")
        self._note(element, "预演在此停止")
        code = failure.rule if isinstance(failure, Refusal) else "limit" if outcome == LIMIT else "step_failed"
        self._problem(element, code or "refused", str(failure), ERROR)

    def _name_unused_answers(self) -> None:
        for name in sorted(self.answers.elements - set(self.elements)):
            self._problem(name, "unknown_answer", f"答案中的任务“{name[:60]}”在流程图中不存在", WARNING)

    def _problem(self, element: str, code: str, message: str, severity: str) -> None:
        drawn = self.elements.get(element)
        file = drawn.file if drawn else next(iter(self.model.documents), "")
        self.told.problems.append(ModelProblem(file, element, code, severity, message))
