"""One step, carried to rest in phases: run; open the deadlines of new tasks; look at the clock; again.

Deadlines come before timers, so that a task that has been returned gets its new deadline before its own
boundary timer is read.
"""

from workflows.engine.projection import OPENED, awaited, manual_tasks, properties, timer_tasks
from workflows.engine.step import Stalled
from workflows.engine.workflow import Instance


def advance(instance: Instance) -> None:
    """Bring the instance to rest; Stalled when it can never go on."""
    instance.run_to_rest()
    _open_deadlines(instance)
    while _fire_first_due(instance):
        instance.run_to_rest()
        _open_deadlines(instance)
    _check_not_stalled(instance)


def _open_deadlines(instance: Instance) -> None:
    surroundings = instance.script_engine.surroundings
    for task in manual_tasks(instance):
        if OPENED in task.internal_data:
            continue
        task._set_internal_data(**{OPENED: True})
        rule = properties(task).get("deadline_rule")
        if rule:
            surroundings.open_deadline(rule)


def _fire_first_due(instance: Instance) -> bool:
    """Fire the timer that has been due longest; whether there was one.  The others are asked again after it."""
    waiting = timer_tasks(instance)
    if not waiting or instance.is_completed():
        return False
    moments = [(task.task_spec.event_definition.due_at(task), place) for place, task in enumerate(waiting)]
    due_at, place = min(moments)
    if due_at > instance.script_engine.now:
        return False
    task = waiting[place]
    instance.at = task.task_spec.bpmn_id
    task.task_spec.event_definition.fire(task)
    return True


def _check_not_stalled(instance: Instance) -> None:
    """At rest an instance goes on by a person, a timer or a message only: a join that waits alone waits for ever."""
    if not (instance.is_completed() or manual_tasks(instance) or timer_tasks(instance) or awaited(instance)):
        raise Stalled("流程没有办结，却没有任何任务、定时或消息在等待", element=instance.at)
