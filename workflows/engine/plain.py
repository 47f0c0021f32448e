"""The library as its documentation uses it: load, run, serialise.  Only the benchmark needs it, as its other side."""

import sqlite3
from io import BytesIO
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState


class PlainLibrary:
    """One instance in one row of an SQLite file; every step loads it, completes the ready task and writes it back."""

    def __init__(self, diagram: bytes, process_id: str, folder: Path):
        parser = SpiffBpmnParser()
        parser.add_bpmn_xml(etree.parse(BytesIO(diagram)), filename="plain.bpmn")
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))
        workflow = BpmnWorkflow(parser.get_spec(process_id), parser.get_subprocess_specs(process_id))
        workflow.do_engine_steps()
        self._rows = sqlite3.connect(folder / "plain.db", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("PRAGMA synchronous=NORMAL")
        self._rows.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, state TEXT)")
        self._rows.execute("INSERT INTO instance VALUES (1, ?)", (self._serializer.serialize_json(workflow),))

    def complete(self, answer: dict[str, str]) -> bool:
        """Completes the task that is ready; whether anything is left to do."""
        (state,) = self._rows.execute("SELECT state FROM instance").fetchone()
        workflow = self._serializer.deserialize_json(state)
        task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
        task.data.update(answer)
        task.run()
        workflow.do_engine_steps()
        self._rows.execute("BEGIN IMMEDIATE")
        self._rows.execute("UPDATE instance SET state = ?", (self._serializer.serialize_json(workflow),))
        self._rows.execute("COMMIT")
        return not workflow.is_completed()

    def close(self) -> None:
        """Closes the row's file."""
        self._rows.close()
