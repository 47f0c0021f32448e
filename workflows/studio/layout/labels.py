"""Where names stand that are drawn outside their shapes: events, gateways and flows.  First free place wins."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from workflows.studio.layout.geometry import Box, Point, segment_box, text_size
from workflows.studio.layout.placing import LABEL_WIDTH, Places
from workflows.studio.layout.scope import Node, Scope

_SPACE = 4.0


def place_labels(scope: Scope, places: Places, ways: Mapping[str, Sequence[Point]]) -> dict[str, Box]:
    """Label boxes by element id, for events, gateways and flows that have a name."""
    shapes = [box for name, box in places.boxes.items()]
    lines = [segment_box(*piece) for way in ways.values() for piece in pairwise(way)]
    labels: dict[str, Box] = {}
    for node in scope.nodes.values():
        if node.name and (node.is_event or node.is_gateway):
            candidates = list(_around(node, places.boxes[node.id]))
            labels[node.id] = _best(candidates, [*shapes, *labels.values()], lines)
    for flow in scope.flows:
        if flow.name:
            own = [segment_box(*piece) for piece in pairwise(ways[flow.id])]
            candidates = list(_along(flow.name, ways[flow.id]))
            labels[flow.id] = _best(candidates, [*shapes, *labels.values()], [*lines, *own])
    return labels


def _best(candidates: Sequence[Box], solid: Sequence[Box], lines: Sequence[Box]) -> Box:
    """The first candidate of the lowest trouble; touching a shape or another label is worse than a line."""

    def trouble(label: Box) -> int:
        return 5 * sum(label.meets(box) for box in solid) + sum(label.meets(box) for box in lines)

    return min(candidates, key=trouble)


def _around(node: Node, box: Box) -> Iterator[Box]:
    width, height = text_size(node.name, LABEL_WIDTH)
    middle = box.centre[0] - width / 2
    below, above = box.bottom + _SPACE, box.y - _SPACE - height
    if not node.host:
        yield Box(middle, below, width, height)
        yield Box(middle, above, width, height)
    side = box.centre[0] + _SPACE + 2
    other_side = box.centre[0] - _SPACE - 2 - width
    for left in (side, other_side):
        for drop in (0.0, height, 2 * height):
            yield Box(left, below + drop, width, height)
        if not node.host:
            yield Box(left, above, width, height)
    yield Box(box.right + _SPACE, below - height, width, height)
    yield Box(box.x - _SPACE - width, below - height, width, height)


def _along(text: str, way: Sequence[Point]) -> Iterator[Box]:
    """Beside each piece of a way, the pieces near the source first."""
    width, height = text_size(text, LABEL_WIDTH)
    for (x1, y1), (x2, y2) in pairwise(way):
        if y1 == y2:
            yield from _beside_level(min(x1, x2), max(x1, x2), x1 <= x2, y1, width, height)
        else:
            top, bottom = min(y1, y2), max(y1, y2)
            for y in (y1 + 6 if y1 < y2 else y1 - 6 - height, (top + bottom - height) / 2):
                yield Box(x1 + _SPACE, y, width, height)
                yield Box(x1 - _SPACE - width, y, width, height)


def _beside_level(left: float, right: float, forward: bool, y: float, width: float, height: float) -> Iterator[Box]:
    starts = [left + 4 if forward else right - 4 - width, (left + right - width) / 2]
    for x in starts:
        yield Box(x, y - _SPACE - height, width, height)
        yield Box(x, y + _SPACE, width, height)
