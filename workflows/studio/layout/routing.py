"""How flows run: right-angled ways over the free grid lines, cheapest first found (Dijkstra).  Knows only boxes.

Cheap is short, with few bends and crossings, and not on top of another flow; flows into one target may merge.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from workflows.studio.layout.geometry import Box, Point
from workflows.studio.layout.placing import Places
from workflows.studio.layout.scope import Flow, Node, Scope

BEND, CROSSING, CORNER_TOUCH, OVERLAP, FORK = 45.0, 30.0, 90.0, 600.0, 70.0
_CLEAR = 6.0
_SIDES: dict[str, tuple[int, int]] = {"right": (1, 0), "bottom": (0, 1), "left": (-1, 0), "top": (0, -1)}
_OPPOSITE_USE, _SAME_EXIT = 250.0, 150.0
_LEAVE = {"right": 0.0, "bottom": 60.0, "top": 60.0, "left": 240.0}
_LEAVE_GATEWAY = {"right": 0.0, "bottom": 5.0, "top": 5.0, "left": 240.0}
_ENTER = {"left": 0.0, "top": 45.0, "bottom": 45.0, "right": 180.0}

Spot = tuple[int, int]
State = tuple[int, int, str]


@dataclass
class Grid:
    """The lines flows may use, what is blocked, and which flows already run where."""

    xs: list[float]
    ys: list[float]
    blocked: set[Spot]
    runs: dict[tuple[Spot, Spot], list[Flow]] = field(default_factory=dict)
    spots: dict[Spot, list[tuple[Flow, bool, bool]]] = field(default_factory=dict)  # flow, runs across, runs down
    ports: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def at(self, spot: Spot) -> Point:
        return self.xs[spot[0]], self.ys[spot[1]]


def route(scope: Scope, places: Places) -> dict[str, list[Point]]:
    """The way points of every flow, from border to border."""
    grid = _grid(places)
    ways: dict[str, list[Point]] = {}
    for flow in sorted(scope.flows, key=lambda flow: _effort(flow, scope, places)):
        ways[flow.id] = _straightened(_run(grid, flow, scope, places))
    return ways


def _effort(flow: Flow, scope: Scope, places: Places) -> tuple[bool, bool, int, float]:
    """Straight and short flows first, ways back last."""
    source = scope.nodes[flow.source].host or flow.source
    span = places.layers[flow.target] - places.layers[source]
    rise = abs(places.boxes[flow.source].centre[1] - places.boxes[flow.target].centre[1])
    return span <= 0, rise > 1, abs(span), rise


def _grid(places: Places) -> Grid:
    boxes = places.boxes.values()
    xs = sorted({round(x, 1) for x in [*places.columns, *(box.centre[0] for box in boxes)]})
    ys = sorted({round(y, 1) for y in [*places.rows, *(box.centre[1] for box in boxes)]})
    return Grid(xs, ys, set(_covered(xs, ys, boxes)))


def _covered(xs: list[float], ys: list[float], boxes: Iterable[Box]) -> Iterable[Spot]:
    for box in boxes:
        wide = box.grown(_CLEAR)
        for column in range(bisect_right(xs, wide.x), bisect_left(xs, wide.right)):
            for row in range(bisect_right(ys, wide.y), bisect_left(ys, wide.bottom)):
                yield column, row


def _run(grid: Grid, flow: Flow, scope: Scope, places: Places) -> list[Point]:
    source, target = scope.nodes[flow.source], scope.nodes[flow.target]
    exits = _ports(grid, source, places.boxes[source.id], leaving=True)
    entries = _ports(grid, target, places.boxes[target.id], leaving=False)
    arrivals = {spot: (side, cost) for side, (spot, cost) in entries.items()}
    spots, leave, enter = _cheapest(grid, flow, exits, arrivals)
    _occupy(grid, flow, spots, leave, enter)
    grid.ports.setdefault((source.id, leave), []).append("out")
    grid.ports.setdefault((target.id, enter), []).append("in")
    start, end = _border(places.boxes[source.id], leave), _border(places.boxes[target.id], enter)
    return [start, *(grid.at(spot) for spot in spots), end]


def _border(box: Box, side: str) -> Point:
    dx, dy = _SIDES[side]
    return box.centre[0] + dx * box.width / 2, box.centre[1] + dy * box.height / 2


def _ports(grid: Grid, node: Node, box: Box, *, leaving: bool) -> dict[str, tuple[Spot, float]]:
    """For each usable side of a node: the first free spot outside, and what using the side costs."""
    found: dict[str, tuple[Spot, float]] = {}
    costs = _ENTER if not leaving else _LEAVE_GATEWAY if node.is_gateway else _LEAVE
    for side, cost in costs.items():
        if node.host and side != "bottom":
            continue
        spot = _outside(grid, box, side)
        if spot is None or spot in grid.blocked:
            continue
        uses = grid.ports.get((node.id, side), [])
        cost += _OPPOSITE_USE * any(use == ("in" if leaving else "out") for use in uses)
        found[side] = (spot, cost + _SAME_EXIT * (leaving and "out" in uses))
    return found


def _outside(grid: Grid, box: Box, side: str) -> Spot | None:
    centre_x, centre_y = round(box.centre[0], 1), round(box.centre[1], 1)
    column, row = bisect_left(grid.xs, centre_x), bisect_left(grid.ys, centre_y)
    wide = box.grown(_CLEAR)
    if side == "right":
        column = bisect_left(grid.xs, wide.right)
    elif side == "left":
        column = bisect_right(grid.xs, wide.x) - 1
    elif side == "bottom":
        row = bisect_left(grid.ys, wide.bottom)
    else:
        row = bisect_right(grid.ys, wide.y) - 1
    inside = 0 <= column < len(grid.xs) and 0 <= row < len(grid.ys)
    return (column, row) if inside else None


def _cheapest(
    grid: Grid,
    flow: Flow,
    exits: dict[str, tuple[Spot, float]],
    arrivals: dict[Spot, tuple[str, float]],
) -> tuple[list[Spot], str, str]:
    queue: list[tuple[float, int, State, State | None]] = []
    for place, (side, (spot, cost)) in enumerate(exits.items()):
        heapq.heappush(queue, (cost, place, (*spot, side), None))
    came: dict[State, State | None] = {}
    goals: list[tuple[float, State, str]] = []
    count = len(exits)
    while queue:
        cost, _, state, previous = heapq.heappop(queue)
        if goals and cost >= min(goals)[0]:
            break
        if state in came:
            continue
        came[state] = previous
        if state[:2] in arrivals:
            goals.append(_arrive(cost, state, *arrivals[state[:2]]))
        for price, following in _steps(grid, flow, state):
            count += 1
            heapq.heappush(queue, (cost + price, count, following, state))
    if not goals:
        raise ValueError(f"no way for flow {flow.id}")
    _, last, enter = min(goals)
    return _trace(came, last, enter)


def _arrive(cost: float, state: State, side: str, price: float) -> tuple[float, State, str]:
    dx, dy = _SIDES[side]
    turned = _SIDES[state[2]] != (-dx, -dy)
    return cost + price + BEND * turned, state, side


def _trace(came: dict[State, State | None], last: State, enter: str) -> tuple[list[Spot], str, str]:
    spots: list[Spot] = []
    state: State | None = last
    first = last
    while state is not None:
        spots.append(state[:2])
        first, state = state, came[state]
    return spots[::-1], first[2], enter


def _steps(grid: Grid, flow: Flow, state: State) -> Iterable[tuple[float, State]]:
    column, row, heading = state
    here = (column, row)
    back = tuple(-part for part in _SIDES[heading])
    for side, (dx, dy) in _SIDES.items():
        there = (column + dx, row + dy)
        free = 0 <= there[0] < len(grid.xs) and 0 <= there[1] < len(grid.ys) and there not in grid.blocked
        if free and (dx, dy) != back:
            turns = side != heading
            price = _length(grid, here, there) + BEND * turns + _traffic(grid, flow, here, there, turns)
            yield price, (*there, side)


def _length(grid: Grid, here: Spot, there: Spot) -> float:
    return abs(grid.xs[here[0]] - grid.xs[there[0]]) + abs(grid.ys[here[1]] - grid.ys[there[1]])


def _traffic(grid: Grid, flow: Flow, here: Spot, there: Spot, turns: bool) -> float:
    """What it costs to meet other flows on the step from `here` to `there`."""
    price = 0.0
    for other in grid.runs.get(_piece(here, there), ()):
        price += 2.0 if other.target == flow.target else FORK if other.source == flow.source else OVERLAP
    for other, across, down in grid.spots.get(here, ()):
        if other.target == flow.target or other.source == flow.source:
            continue
        price += CORNER_TOUCH if turns or (across and down) else CROSSING
    return price


def _piece(here: Spot, there: Spot) -> tuple[Spot, Spot]:
    return (here, there) if here <= there else (there, here)


def _occupy(grid: Grid, flow: Flow, spots: list[Spot], leave: str, enter: str) -> None:
    for here, there in pairwise(spots):
        grid.runs.setdefault(_piece(here, there), []).append(flow)
    for place, spot in enumerate(spots):
        around = [spots[place - 1] if place else None, spots[place + 1] if place + 1 < len(spots) else None]
        across = any(other and other[1] == spot[1] for other in around)
        down = any(other and other[0] == spot[0] for other in around)
        if place == 0:
            across, down = across or leave in ("left", "right"), down or leave in ("top", "bottom")
        if place == len(spots) - 1:
            across, down = across or enter in ("left", "right"), down or enter in ("top", "bottom")
        grid.spots.setdefault(spot, []).append((flow, across, down))


def _straightened(points: list[Point]) -> list[Point]:
    """The same way without points on a straight piece."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept[-1] = point
        else:
            kept.append(point)
    return kept
