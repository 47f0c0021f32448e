"""Where shapes stand: layers from left to right, lanes from top to bottom, rows in a lane.  Knows no flow's course.

Layer = longest way from a start, back edges ignored.  Row = as near as possible to the rows of the nodes before, so
that the main line of a process is straight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflows.studio.layout.geometry import Box, text_size
from workflows.studio.layout.scope import Node, Scope

COLUMN_GAP, ROW_GAP, TRACK = 80.0, 60.0, 15.0
LANE_HEADER, MARGIN = 30.0, 20.0
BOUNDARY_ROOM = 45.0
LABEL_WIDTH = 90.0
_LEAST_ROW = 80.0

Cell = tuple[int, int, int]  # lane, row in the lane, layer


@dataclass
class Places:
    """The boxes of one scope, with the grid lines on which flows may run."""

    boxes: dict[str, Box] = field(default_factory=dict)
    lanes: list[Box] = field(default_factory=list)
    columns: list[float] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0
    layers: Mapping[str, int] = field(default_factory=dict)


def place(scope: Scope) -> Places:
    """Puts every node of a scope; its sub-processes must have their sizes already."""
    layers = layer_nodes(scope)
    cells = _choose_rows(scope, layers)
    places = Places(layers=layers)
    lefts, widths = _columns(scope, cells, places)
    tops, heights = _rows(scope, cells, places)
    for node in scope.free_nodes():
        lane, row, layer = cells[node.id]
        x = lefts[layer] + (widths[layer] - node.width) / 2
        y = tops[lane, row] + (heights[lane, row] - node.height) / 2
        places.boxes[node.id] = Box(x, y, node.width, node.height)
        _place_boundary_events(scope, node, places)
    return places


def layer_nodes(scope: Scope) -> dict[str, int]:
    """The layer of each node that has a place of its own; a boundary event's flows leave from its host."""
    after = _successors(scope)
    order, back = _depth_first(scope, after)
    layers = dict.fromkeys(order, 0)
    for node in order:
        for target in after[node]:
            if (node, target) not in back:
                layers[target] = max(layers[target], layers[node] + 1)
    return layers


def _successors(scope: Scope) -> dict[str, list[str]]:
    after: dict[str, list[str]] = {node.id: [] for node in scope.free_nodes()}
    for flow in scope.flows:
        source = scope.nodes[flow.source].host or flow.source
        if source in after and flow.target in after and flow.target not in after[source]:
            after[source].append(flow.target)
    return after


def _depth_first(scope: Scope, after: Mapping[str, list[str]]) -> tuple[list[str], set[tuple[str, str]]]:
    """Nodes in topological order once the edges back (second result) are left out."""
    finished: list[str] = []
    open_nodes: set[str] = set()
    done: set[str] = set()
    back: set[tuple[str, str]] = set()
    for root in sorted(after, key=lambda name: not scope.nodes[name].kind.startswith("start")):
        if root in done:
            continue
        open_nodes.add(root)
        path = [(root, iter(after[root]))]
        while path:
            node, rest = path[-1]
            target = next(rest, None)
            if target is None:
                path.pop()
                open_nodes.discard(node)
                done.add(node)
                finished.append(node)
            elif target in open_nodes:
                back.add((node, target))
            elif target not in done:
                open_nodes.add(target)
                path.append((target, iter(after[target])))
    return finished[::-1], back


def _choose_rows(scope: Scope, layers: Mapping[str, int]) -> dict[str, Cell]:
    before = _predecessors(scope, layers)
    cells: dict[str, Cell] = {}
    taken: set[Cell] = set()
    wished: set[Cell] = set()  # where a flow would like to pass straight on
    for layer in range(1 + max(layers.values(), default=0)):
        names = [name for name in layers if layers[name] == layer]
        for name in sorted(names, key=lambda name: _wish(scope.nodes[name], before[name], cells)):
            lane = scope.nodes[name].lane
            wish = _wish(scope.nodes[name], before[name], cells)
            free = [cell for row in range(len(layers) + 1) if (cell := (lane, row, layer)) not in taken]
            cells[name] = min(free, key=lambda cell: abs(cell[1] - wish) + 0.6 * (cell in wished) + 0.01 * cell[1])
            taken.add(cells[name])
            for source, _ in before[name]:
                wished |= _passed(cells[source], cells[name])
    return _squeezed(cells)


def _predecessors(scope: Scope, layers: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
    """For each node those before it, with 1 if the way starts at a boundary event: it then likes the row below."""
    before: dict[str, list[tuple[str, int]]] = {name: [] for name in layers}
    for flow in scope.flows:
        host = scope.nodes[flow.source].host
        source = host or flow.source
        if flow.target in before and source in layers and layers[source] < layers[flow.target]:
            before[flow.target].append((source, int(host is not None)))
    return before


def _wish(node: Node, before: Sequence[tuple[str, int]], cells: Mapping[str, Cell]) -> float:
    rows = [cells[source][1] + down for source, down in before if cells[source][0] == node.lane]
    return sum(rows) / len(rows) if rows else 0.0


def _passed(start: Cell, end: Cell) -> set[Cell]:
    if start[:2] != end[:2]:
        return set()
    return {(start[0], start[1], layer) for layer in range(start[2] + 1, end[2])}


def _squeezed(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The same cells without empty rows."""
    used = {lane: sorted({cell[1] for cell in cells.values() if cell[0] == lane}) for lane, _, _ in cells.values()}
    return {name: (lane, used[lane].index(row), layer) for name, (lane, row, layer) in cells.items()}


def _columns(scope: Scope, cells: Mapping[str, Cell], places: Places) -> tuple[dict[int, float], dict[int, float]]:
    widths: dict[int, float] = {}
    for name, (_, _, layer) in cells.items():
        widths[layer] = max(widths.get(layer, 0.0), scope.nodes[name].width)
    x = (LANE_HEADER if scope.lanes else 0.0) + COLUMN_GAP / 2
    lefts: dict[int, float] = {}
    places.columns += _tracks(x - COLUMN_GAP / 2, x)
    for layer in sorted(widths):
        lefts[layer] = x
        x += widths[layer]
        places.columns += _tracks(x, x + COLUMN_GAP)
        x += COLUMN_GAP
    places.width = x - COLUMN_GAP / 2
    return lefts, widths


def _rows(
    scope: Scope, cells: Mapping[str, Cell], places: Places
) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    heights: dict[tuple[int, int], float] = {}
    rooms: dict[tuple[int, int], float] = {}
    for name, (lane, row, _) in cells.items():
        node = scope.nodes[name]
        heights[lane, row] = max(heights.get((lane, row), _LEAST_ROW), node.height)
        room = _room_below(scope, node)
        rooms[lane, row] = max(rooms.get((lane, row), 0.0), room)
    tops: dict[tuple[int, int], float] = {}
    y = 0.0
    for lane in range(max(1, len(scope.lanes))):
        lane_top = y
        places.rows += _tracks(y, y + ROW_GAP)
        y += ROW_GAP
        for key in sorted(key for key in heights if key[0] == lane):
            tops[key] = y
            y += heights[key] + rooms[key]
            places.rows += _tracks(y - rooms[key], y + ROW_GAP)
            y += ROW_GAP
        y = max(y, lane_top + _LEAST_ROW)
        places.lanes.append(Box(0.0, lane_top, places.width, y - lane_top))
    places.height = y
    return tops, heights


def _room_below(scope: Scope, node: Node) -> float:
    """What a row must leave free below a node, for boundary events and for the name of an event or gateway."""
    if scope.boundary_events(node.id):
        return BOUNDARY_ROOM
    if (node.is_event or node.is_gateway) and node.name:
        excess = node.height / 2 + text_size(node.name, LABEL_WIDTH)[1] + 6 - _LEAST_ROW / 2
        return max(0.0, excess)
    return 0.0


def _tracks(start: float, end: float) -> list[float]:
    count = int((end - start) / TRACK)
    return [start + TRACK * step for step in range(1, count)]


def _place_boundary_events(scope: Scope, host: Node, places: Places) -> None:
    """Evenly along the lower border; a single one to the right, so that its way out is short."""
    box = places.boxes[host.id]
    events = scope.boundary_events(host.id)
    step = box.width / max(2, len(events))
    for place, event in enumerate(reversed(events)):
        centre = box.right - step * (place + 0.5)
        places.boxes[event.id] = Box(
            centre - event.width / 2, box.bottom - event.height / 2, event.width, event.height
        )
