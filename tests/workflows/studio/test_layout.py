"""The drawing of a process: everything has a place, nothing lies on anything else, and twice the same is the same."""

from itertools import combinations, pairwise

import pytest
from lxml import etree

from workflows.studio.layout import NothingToDraw, lay_out

NAMES = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "dd": "http://www.omg.org/spec/DD/20100524/DI",
}

RETURN_LOOP = """<?xml version="1.0" encoding="UTF-8"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:x="urn:author"
  id="d" targetNamespace="urn:t">
 <b:process id="loop" isExecutable="true">
  <b:laneSet id="ls">
   <b:lane id="unit" name="单位"><b:flowNodeRef>start</b:flowNodeRef><b:flowNodeRef>draft</b:flowNodeRef>
    <b:flowNodeRef>remind</b:flowNodeRef><b:flowNodeRef>told</b:flowNodeRef></b:lane>
   <b:lane id="division" name="监督处"><b:flowNodeRef>review</b:flowNodeRef><b:flowNodeRef>ok</b:flowNodeRef>
    <b:flowNodeRef>phase</b:flowNodeRef><b:flowNodeRef>end</b:flowNodeRef></b:lane>
  </b:laneSet>
  <b:startEvent id="start" name="开始"/>
  <b:userTask id="draft" name="编制整改方案">
   <b:extensionElements><x:note>kept</x:note></b:extensionElements></b:userTask>
  <b:boundaryEvent id="late" name="到期前五个工作日" attachedToRef="draft" cancelActivity="false">
   <b:timerEventDefinition/></b:boundaryEvent>
  <b:serviceTask id="remind" name="提醒"/>
  <b:endEvent id="told"/>
  <b:userTask id="review" name="会审"/>
  <b:exclusiveGateway id="ok" name="是否通过？" default="f5"/>
  <b:subProcess id="phase" name="集中整改期">
   <b:startEvent id="s"/><b:userTask id="report" name="月报"/><b:endEvent id="e"/>
   <b:sequenceFlow id="i1" sourceRef="s" targetRef="report"/>
   <b:sequenceFlow id="i2" sourceRef="report" targetRef="e"/>
  </b:subProcess>
  <b:endEvent id="end" name="结束"/>
  <b:sequenceFlow id="f1" sourceRef="start" targetRef="draft"/>
  <b:sequenceFlow id="f2" sourceRef="draft" targetRef="review"/>
  <b:sequenceFlow id="f3" sourceRef="review" targetRef="ok"/>
  <b:sequenceFlow id="f4" name="退回修改" sourceRef="ok" targetRef="draft"/>
  <b:sequenceFlow id="f5" name="通过" sourceRef="ok" targetRef="phase"/>
  <b:sequenceFlow id="f6" sourceRef="phase" targetRef="end"/>
  <b:sequenceFlow id="f7" sourceRef="late" targetRef="remind"/>
  <b:sequenceFlow id="f8" sourceRef="remind" targetRef="told"/>
 </b:process>
</b:definitions>""".encode()


def drawn(xml):
    return etree.fromstring(lay_out(xml))


def box(element):
    bounds = element.find("dc:Bounds", NAMES)
    return tuple(float(bounds.get(side)) for side in ("x", "y", "width", "height"))


def boxes(document):
    return {shape.get("bpmnElement"): box(shape) for shape in document.iterfind(".//di:BPMNShape", NAMES)}


def ways(document):
    return {
        edge.get("bpmnElement"): [(float(p.get("x")), float(p.get("y"))) for p in edge.iterfind("dd:waypoint", NAMES)]
        for edge in document.iterfind(".//di:BPMNEdge", NAMES)
    }


def on_border(point, rectangle):
    x, y, width, height = rectangle
    return (point[0] in (x, x + width) and y <= point[1] <= y + height) or (
        point[1] in (y, y + height) and x <= point[0] <= x + width
    )


def meet(one, other):
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def test_every_node_lane_and_flow_is_drawn():
    document = drawn(RETURN_LOOP)
    elements = {
        node.get("id")
        for node in document.find("b:process", NAMES).iter()
        if node.get("id") and node.tag != f"{{{NAMES['b']}}}laneSet"
    }
    assert set(boxes(document)) | set(ways(document)) - {"loop"} == elements - {"loop"}


def test_nodes_of_one_level_do_not_overlap():
    places = boxes(drawn(RETURN_LOOP))
    level = ["start", "draft", "remind", "told", "review", "ok", "phase", "end"]
    assert not [(one, other) for one, other in combinations(level, 2) if meet(places[one], places[other])]


def test_nodes_stand_in_their_lane_and_inner_nodes_in_their_sub_process():
    places = boxes(drawn(RETURN_LOOP))
    for inner, outer in [("draft", "unit"), ("review", "division"), ("report", "phase"), ("phase", "division")]:
        x, y, width, height = places[outer]
        assert x < places[inner][0]
        assert y < places[inner][1]
        assert places[inner][0] + places[inner][2] < x + width
        assert places[inner][1] + places[inner][3] < y + height


def test_the_process_reads_from_left_to_right():
    places = boxes(drawn(RETURN_LOOP))
    order = [places[name][0] for name in ("start", "draft", "review", "ok", "phase", "end")]
    assert order == sorted(order)


def test_a_boundary_event_sits_on_its_hosts_border():
    places = boxes(drawn(RETURN_LOOP))
    x, y, width, height = places["late"]
    assert on_border((x + width / 2, y + height / 2), places["draft"])


def test_flows_are_right_angled_from_border_to_border():
    document = drawn(RETURN_LOOP)
    places = boxes(document)
    for flow in document.iterfind(".//b:sequenceFlow", NAMES):
        way = ways(document)[flow.get("id")]
        assert all(start[0] == end[0] or start[1] == end[1] for start, end in pairwise(way))
        assert on_border(way[0], places[flow.get("sourceRef")])
        assert on_border(way[-1], places[flow.get("targetRef")])


def test_no_flow_runs_through_a_node():
    document = drawn(RETURN_LOOP)
    places = {name: place for name, place in boxes(document).items() if name not in ("unit", "division", "phase")}
    for way in ways(document).values():
        for start, end in pairwise(way):
            piece = (min(start[0], end[0]), min(start[1], end[1]), abs(start[0] - end[0]), abs(start[1] - end[1]))
            assert not [name for name, place in places.items() if meet(piece, place)]


def test_names_outside_shapes_have_bounds_of_their_own():
    document = drawn(RETURN_LOOP)
    places = boxes(document)
    labels = {
        label.getparent().get("bpmnElement"): box(label) for label in document.iterfind(".//di:BPMNLabel", NAMES)
    }
    assert set(labels) == {"start", "late", "ok", "end", "f4", "f5"}
    nodes = [place for name, place in places.items() if name not in ("unit", "division")]
    assert not [name for name, label in labels.items() if any(meet(label, node) for node in nodes)]


def test_the_same_process_is_drawn_the_same_and_redrawing_changes_nothing():
    once = lay_out(RETURN_LOOP)
    assert lay_out(RETURN_LOOP) == once
    assert lay_out(once) == once


def test_what_the_author_wrote_is_kept():
    assert drawn(RETURN_LOOP).find(".//{urn:author}note").text == "kept"


def test_a_process_without_lanes_is_drawn():
    document = etree.fromstring(RETURN_LOOP)
    process = document.find("b:process", NAMES)
    process.remove(process.find("b:laneSet", NAMES))
    assert "draft" in boxes(drawn(etree.tostring(document)))


@pytest.mark.parametrize("file", [b"", b"<a", b"<a/>"])
def test_what_is_no_process_is_refused_in_words(file):
    with pytest.raises(NothingToDraw):
        lay_out(file)
