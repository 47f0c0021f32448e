"""How the data of branches comes together: what a branch changed counts, what it left alone does not.

SpiffWorkflow merges lists element by element and cuts the result to the last one's length, so that a list changed
in one branch came out as a mixture of both.  Here the state before the branches parted is the measure.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


def merged(base: Mapping[str, Any], branches: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`base` with the changes of every branch; where two changed the same value, the later one's.

    Groups (dicts) are merged name by name; lists and plain values are taken whole.
    """
    result = dict(base)
    for branch in branches:
        for name, value in branch.items():
            before = base.get(name)
            if name in base and (before is value or before == value):
                continue
            mine = result.get(name)
            if isinstance(value, dict) and isinstance(mine, dict) and name in result:
                value = merged(before, (mine, value)) if isinstance(before, dict) else {**mine, **value}
            result[name] = value
    return result


def join(task: Task) -> None:
    """Give a join the data of all that has arrived at it, in the order of arrival."""
    arrived = [
        each
        for each in task.workflow.tasks.values()
        if each.task_spec is task.task_spec
        and each.has_state(TaskState.FINISHED_MASK)
        and not task.is_descendant_of(each)
    ]
    arrived.sort(key=lambda each: each.last_state_change)
    task.data = together([*arrived, task])


def together(arrivals: list[Task]) -> dict[str, Any]:
    """The data that the parents of these tasks bring, measured against where their ways parted."""
    if len(arrivals) == 1:
        return dict(arrivals[0].parent.data)
    return merged(_parting(arrivals).data, [each.parent.data for each in arrivals])


def _parting(tasks: list[Task]) -> Task:
    """The nearest task that all of these descend from."""
    ways = [_way_down(task) for task in tasks]
    parting = ways[0][0]
    for step in zip(*ways, strict=False):
        if any(each is not step[0] for each in step):
            break
        parting = step[0]
    return parting


def _way_down(task: Task) -> list[Task]:
    way = []
    above = task.parent
    while above is not None:
        way.append(above)
        above = above.parent
    return way[::-1]
