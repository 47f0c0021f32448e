"""Every name in a diagram means something in the code, and the other way round; every element has its place."""

import json
from itertools import combinations
from pathlib import Path

import pytest

from tests.bpmn.walking import model_of
from workflows.engine.diagram import BPMN, elements
from workflows.engine.specs import form_path
from workflows.engine.xml import read_xml
from workflows.operations import all_operations
from workflows.policy import ROLE_NAMES
from workflows.settings import ROOT
from workflows.studio.check import check_model
from workflows.studio.layout import lay_out

PROCESSES = sorted(folder.name for folder in (ROOT / "bpmn").iterdir() if folder.is_dir())
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"


def document_of(process):
    return read_xml(model_of(process).files[f"{process}.bpmn"])


def elements_of(process):
    """The elements of the process's own diagram."""
    return elements({f"{process}.bpmn": document_of(process)})


def bundled_elements_of(process):
    """Its own elements, and those of the processes it calls."""
    files = model_of(process).files
    return elements({path: read_xml(content) for path, content in files.items() if path.endswith(".bpmn")})


def places_of(process):
    shapes = document_of(process).iter(f"{DI}BPMNShape")
    return {shape.get("bpmnElement"): shape.find(f"{DC}Bounds").attrib for shape in shapes}


def operations_of(process):
    return {element.operator.get("id") for element in elements_of(process) if element.operator is not None}


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_may_be_published(process):
    assert check_model(model_of(process), operations=all_operations()) == []


@pytest.mark.parametrize("process", PROCESSES)
def test_a_diagram_names_only_what_exists(process):
    model = model_of(process)
    assert operations_of(process) <= set(all_operations())
    decisions = {
        name.removeprefix("decisions/").removesuffix(".dmn") for name in model.files if name.endswith(".dmn")
    }
    called = {element.extension("calledDecisionId") for element in bundled_elements_of(process)} - {"", None}
    assert called <= decisions


@pytest.mark.parametrize("process", PROCESSES)
def test_every_user_task_has_a_form_and_every_form_a_task(process):
    files = model_of(process).files
    tasks = [element for element in bundled_elements_of(process) if element.kind == "userTask"]
    asked = {form_path(task.id, task.properties, files) for task in tasks}
    assert asked == {name for name in files if name.startswith("forms/")}


@pytest.mark.parametrize("process", PROCESSES)
def test_every_lane_is_a_role(process):
    files = model_of(process).files
    diagrams = [read_xml(content) for path, content in files.items() if path.endswith(".bpmn")]
    lanes = {lane.get("name") for root in diagrams for lane in root.iter(f"{BPMN}lane")}
    mapped = json.loads(files["words.json"])["lanes"]
    assert lanes == set(mapped)
    assert set(mapped.values()) <= set(ROLE_NAMES)


@pytest.mark.parametrize("process", PROCESSES)
def test_folder_file_and_process_carry_one_name(process):
    assert (ROOT / "bpmn" / process / f"{process}.bpmn").is_file()
    assert [each.get("id") for each in document_of(process).iter(f"{BPMN}process")] == [process]


@pytest.mark.parametrize("process", PROCESSES)
def test_every_element_has_its_place(process):
    flows = {flow.get("id") for flow in document_of(process).iter(f"{BPMN}sequenceFlow")}
    edges = {edge.get("bpmnElement") for edge in document_of(process).iter(f"{DI}BPMNEdge")}
    lanes = {lane.get("id") for lane in document_of(process).iter(f"{BPMN}lane")}
    assert set(places_of(process)) == {element.id for element in elements_of(process)} | lanes
    assert edges == flows


@pytest.mark.parametrize("process", PROCESSES)
def test_no_element_covers_another(process):
    places = places_of(process)
    solid = [e for e in elements_of(process) if e.kind not in ("boundaryEvent", "subProcess")]
    boxes = [(e.id, *(float(places[e.id][side]) for side in ("x", "y", "width", "height"))) for e in solid]
    assert not [
        (one[0], other[0])
        for one, other in combinations(boxes, 2)
        if one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
        and one[2] < other[2] + other[4]
        and other[2] < one[2] + one[4]
    ]


@pytest.mark.parametrize("process", PROCESSES)
def test_pictures_are_drawn_by_the_layout(process):
    """So that an author edits what a process means, and nobody the picture by hand."""
    content = model_of(process).files[f"{process}.bpmn"]
    assert lay_out(content) == content


def test_every_operation_is_called_by_some_diagram():
    called = set().union(*map(operations_of, PROCESSES))
    assert set(all_operations()) <= called


def test_decisions_of_one_name_are_one_table():
    tables: dict[str, set[bytes]] = {}
    for path in Path(ROOT / "bpmn").glob("*/decisions/*.dmn"):
        tables.setdefault(path.name, set()).add(path.read_bytes())
    assert not [name for name, contents in tables.items() if len(contents) > 1]
