"""Draws each process of a document: sub-processes first, then what holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.studio.layout.geometry import Box, Point
from workflows.studio.layout.interchange import Picture, write
from workflows.studio.layout.labels import place_labels
from workflows.studio.layout.placing import MARGIN, Places, place
from workflows.studio.layout.routing import route
from workflows.studio.layout.scope import Node, Scope, parse, processes

_TITLE_ROOM = 20.0  # the name of an expanded sub-process stands in its upper left corner


@dataclass
class Drawing:
    """A scope with everything it needs to be drawn, from its own upper left corner."""

    scope: Scope
    places: Places
    ways: Mapping[str, list[Point]]
    labels: Mapping[str, Box]
    inner: dict[str, "Drawing"] = field(default_factory=dict)


def lay_out(xml: bytes) -> bytes:
    """The same BPMN with a picture: lanes as bands, nodes left to right, right-angled flows, names with bounds.

    The picture depends on nothing but `xml`.  Raises NothingToDraw for a file that holds no process.
    """
    document = parse(xml)
    pictures = []
    for scope in processes(document):
        drawing = _draw(scope)
        picture = Picture(scope.id)
        _fill(picture, drawing, MARGIN, MARGIN)
        pictures.append(picture)
    return write(document, pictures)


def _draw(scope: Scope) -> Drawing:
    inner: dict[str, Drawing] = {}
    for node in scope.nodes.values():
        if node.inner is not None:
            inner[node.id] = _draw(node.inner)
            size = inner[node.id].places
            node.width, node.height = size.width, size.height + _TITLE_ROOM
    places = place(scope)
    ways = route(scope, places)
    return Drawing(scope, places, ways, place_labels(scope, places, ways), inner)


def _fill(picture: Picture, drawing: Drawing, dx: float, dy: float) -> None:
    scope, places = drawing.scope, drawing.places
    for (lane, _name), box in zip(scope.lanes, places.lanes, strict=False):
        picture.add_shape(lane, box.moved(dx, dy), isHorizontal="true")
    for node in sorted(scope.nodes.values(), key=lambda node: node.host is not None):
        box = places.boxes[node.id].moved(dx, dy)
        label = drawing.labels.get(node.id)
        picture.add_shape(node.id, box, label and label.moved(dx, dy), **_facts(node))
        if node.id in drawing.inner:
            _fill(picture, drawing.inner[node.id], box.x, box.y + _TITLE_ROOM)
    for flow in scope.flows:
        way = [(x + dx, y + dy) for x, y in drawing.ways[flow.id]]
        label = drawing.labels.get(flow.id)
        picture.add_edge(flow.id, way, label and label.moved(dx, dy))


def _facts(node: Node) -> dict[str, str]:
    if node.inner is not None:
        return {"isExpanded": "true"}
    return {"isMarkerVisible": "true"} if node.kind == "exclusiveGateway" else {}
