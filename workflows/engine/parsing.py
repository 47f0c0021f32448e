"""From checked XML to SpiffWorkflow's specs, with our own kinds of element in the places of its own.

The files have passed `check`; what still goes wrong here is named with its element, never a bare traceback.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.event_parsers import SIGNAL_EVENT_XPATH
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import first, full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
)
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.parser import event_parsers as events
from SpiffWorkflow.spiff.parser import task_spec as tasks
from SpiffWorkflow.spiff.parser.process import SpiffProcessParser
from SpiffWorkflow.spiff.specs import defaults as kinds

from workflows.engine.diagram import BPMN, NODES, SPIFF, elements, local, message_of, own_text
from workflows.engine.elements import DecisionTask, InclusiveJoin, Message, OperationTask, ParallelJoin, Process
from workflows.engine.repetition import ParallelInstances, Repeated, SequentialInstances
from workflows.engine.timers import DateTimer, DueTimer, DurationTimer
from workflows.refusal import Refusal


class UnreadableModel(Refusal):
    """A model cannot be read; says where and why."""

    rule = "unreadable_model"


@dataclass(frozen=True)
class Definition:
    """The specs of one process and of all it contains and calls; shared by its instances, never changed."""

    spec: BpmnProcessSpec
    parts: Mapping[str, BpmnProcessSpec]


def define(process_id: str, documents: Mapping[str, etree._Element], start: str | None) -> Definition:
    """The definition of a process that begins at this start event (None: its plain one)."""
    try:
        # The parser goes one node deeper with each flow it follows: a thread of its own gives it an empty stack.
        with ThreadPoolExecutor(1) as fresh:
            definition = fresh.submit(_parsed, process_id, documents, start).result()
    except ValidationException as error:
        where = getattr(error, "id", "") or getattr(error, "name", "")
        raise UnreadableModel(f"流程模型在“{where or process_id}”处无法读取：{error}") from error
    except (KeyError, AttributeError, IndexError, TypeError, ValueError, RecursionError) as error:
        raise UnreadableModel(f"流程“{process_id}”的模型无法读取：{type(error).__name__} {error}") from error
    lanes = {(each.scope, each.id): each.lane for each in elements(documents)}
    for spec in (definition.spec, *definition.parts.values()):
        _connect_instances(spec)
        _keep_own_lanes(spec, lanes)
    return definition


def _parsed(process_id: str, documents: Mapping[str, etree._Element], start: str | None) -> Definition:
    parser = Parser()
    for path, root in documents.items():
        parser.add_bpmn_xml(root.getroottree(), path)
    for each in parser.process_parsers.values():
        _keep_one_start(each, start if each.bpmn_id == process_id else None)
    return Definition(parser.get_spec(process_id), parser.get_subprocess_specs(process_id))


def _keep_one_start(process: Any, start: str | None) -> None:
    for node in process.xpath("./bpmn:startEvent"):
        plain = not any(etree.QName(child).localname.endswith("EventDefinition") for child in node)
        if not (plain if start is None else node.get("id") == start):
            process.node.remove(node)


def _keep_own_lanes(spec: BpmnProcessSpec, lanes: Mapping[tuple[str, str], str]) -> None:
    """An element keeps the lane that names it; SpiffWorkflow gives all of a sub-process the sub-process's lane."""
    for task in spec.task_specs.values():
        if own := lanes.get((spec.name, getattr(task, "bpmn_id", None) or "")):
            task.lane = own


def _connect_instances(spec: BpmnProcessSpec) -> None:
    """An instance that ends tells its loop; SpiffWorkflow connects them only when it makes an instance."""
    for loop in [each for each in spec.task_specs.values() if isinstance(each, LoopTask)]:
        ended = spec.task_specs[loop.task_spec].completed_event
        if not ended.is_connected(loop.merge_child):
            ended.connect(loop.merge_child)


class _Repeated:
    STANDARD_LOOP_CLASS = Repeated
    PARALLEL_MI_CLASS = ParallelInstances
    SEQUENTIAL_MI_CLASS = SequentialInstances


class _Event(_Repeated):
    """Reads timers and messages into our own definitions."""

    node: Any
    xpath: Any

    def parse_timer_event(self, event: etree._Element) -> DueTimer:
        for tag, kind in (("timeDate", DateTimer), ("timeDuration", DurationTimer)):
            written = event.find(f"{BPMN}{tag}")
            if written is not None:
                return kind(self.node.get("name") or self.node.get("id"), own_text(written).strip())
        raise ValidationException("定时事件只支持时刻（timeDate）与时长（timeDuration）", node=self.node)

    def parse_message_event(self, event: etree._Element) -> Message:
        declared = message_of(event)
        if declared is None:
            raise ValidationException("消息事件没有指明消息", node=self.node)
        payload, variable = (
            _extension(event, name) or _extension(self.node, name) or _extension(declared, name)
            for name in ("messagePayload", "messageVariable")
        )
        key = self.parse_extensions().get("properties", {}).get("key")  # type: ignore[attr-defined]
        return Message(declared.get("name") or "", key=key, expression=payload, message_var=variable)


def _extension(node: etree._Element, name: str) -> str | None:
    found = node.find(f"{BPMN}extensionElements/{SPIFF}{name}")
    return own_text(found).strip() or None if found is not None else None


class StartParser(_Event, events.SpiffStartEventParser):
    pass


class EndParser(_Event, events.SpiffEndEventParser):
    def get_event_definition(self, paths: list[str]) -> Any:
        # SpiffWorkflow 3.2.0 reads a signal end event as a plain one.
        return super().get_event_definition([*paths, SIGNAL_EVENT_XPATH])


class CatchParser(_Event, events.SpiffIntermediateCatchEventParser):
    pass


class ThrowParser(_Event, events.SpiffIntermediateThrowEventParser):
    pass


class BoundaryParser(_Event, events.SpiffBoundaryEventParser):
    pass


class SendParser(_Event, events.SpiffSendTaskParser):
    pass


class ReceiveParser(_Event, events.SpiffReceiveTaskParser):
    pass


class PlainTaskParser(_Repeated, tasks.SpiffTaskParser):
    pass


class UserTaskParser(_Repeated, tasks.UserTaskParser):
    pass


class ScriptParser(_Repeated, tasks.ScriptTaskParser):
    def create_task(self) -> Any:
        script = own_text(first(self.xpath("./bpmn:script")))
        return self.spec_class(self.spec, self.bpmn_id, script, **self.bpmn_attributes)


class SubProcessParser(_Repeated, tasks.SubWorkflowParser):
    pass


class CallParser(_Repeated, tasks.CallActivityParser):
    pass


class OperationParser(_Repeated, tasks.ServiceTaskParser):
    pass


class DecisionParser(_Repeated, tasks.SpiffTaskParser):
    def create_task(self) -> Any:
        extensions = self.parse_extensions()
        return DecisionTask(
            self.spec,
            self.bpmn_id,
            extensions.get("calledDecisionId", "").strip(),
            prescript=extensions.get("preScript"),
            postscript=extensions.get("postScript"),
            **self.bpmn_attributes,
        )


class ProcessReader(SpiffProcessParser):
    """Makes our kind of process and finds a flow's target among the flow nodes alone.

    An operation or a variable may have a node's name.
    """

    def create_spec(self) -> Process:
        return Process(name=self.bpmn_id, description=self.get_name(), filename=self.filename)

    def _index_process_nodes(self) -> None:
        super()._index_process_nodes()
        self.nodes_by_id |= {node.get("id"): node for node in self.xpath(".//*[@id]") if local(node) in NODES}


class Parser(SpiffBpmnParser):
    """SpiffWorkflow's parser with our parsers and our kinds."""

    PROCESS_PARSER_CLASS = ProcessReader

    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("startEvent"): (StartParser, StartEvent),
        full_tag("endEvent"): (EndParser, EndEvent),
        full_tag("intermediateCatchEvent"): (CatchParser, IntermediateCatchEvent),
        full_tag("intermediateThrowEvent"): (ThrowParser, IntermediateThrowEvent),
        full_tag("boundaryEvent"): (BoundaryParser, BoundaryEvent),
        full_tag("sendTask"): (SendParser, kinds.SendTask),
        full_tag("receiveTask"): (ReceiveParser, kinds.ReceiveTask),
        full_tag("parallelGateway"): (GatewayParser, ParallelJoin),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, InclusiveJoin),
        full_tag("userTask"): (UserTaskParser, kinds.UserTask),
        full_tag("manualTask"): (PlainTaskParser, kinds.ManualTask),
        full_tag("scriptTask"): (ScriptParser, kinds.ScriptTask),
        full_tag("serviceTask"): (OperationParser, OperationTask),
        full_tag("businessRuleTask"): (DecisionParser, DecisionTask),
        full_tag("subProcess"): (SubProcessParser, kinds.SubWorkflowTask),
        full_tag("callActivity"): (CallParser, kinds.CallActivity),
    }

    def _find_dependencies(self, process: etree._Element) -> None:
        """Nothing outside the package: decisions are ours, callees are bundled."""
