"""An act on more tasks than a person should wait for, as a background job: one step a task, told row by row."""

from collections.abc import Mapping
from typing import Any

from workflows.commands.batches import ACTS, Result, act_on_each, keep_batch
from workflows.commands.errands import Errand, JobKind, Outcome, Progress, Run
from workflows.queries.inbox import MOST_AT_ONCE, named_tasks
from workflows.refusal import Refusal

# What each act needs to be told, and of what kind it is.
ASKED: Mapping[str, Mapping[str, type]] = {
    "claim": {},
    "reassign": {"to_user_id": int, "reason": str},
    "agree": {"opinion": str},
    "urge": {"text": str},
}


def run_batch(errand: Errand) -> Run:
    """Tasks done before the job was cut off are passed over; the rights looked at are those of this very moment."""
    verb, ids = str(errand.arguments["verb"]), list(errand.arguments["tasks"])
    with errand.desk.sessions() as session:
        tasks = named_tasks(session, errand.actor, ids[errand.done_before :])
    results: list[Result] = []
    yield Progress(errand.done_before, len(ids))
    acts = act_on_each(
        errand.desk, verb=verb, tasks=tasks, actor=errand.actor, now=errand.now, arguments=errand.arguments["told"]
    )
    for result in acts:
        results.append(result)
        yield Progress(errand.done_before + len(results), len(ids), "正在逐项办理")
    batch = errand.desk.act(keep_batch, verb=verb, results=results, actor=errand.actor, now=errand.now)
    done = sum(result.is_done for result in results)
    rows = [{"title": f"{each.title} {each.subject}", "result": each.sentence or "成功"} for each in results]
    note = f"批次号 {batch.id:06d}：成功 {done} 项，未成功 {len(results) - done} 项"
    return Outcome(note=note, details={"batch_id": batch.id, "rows": rows})


def accept_batch(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A known act, some tasks by number, and what the act needs to be told; a Refusal for anything else."""
    verb, ids, told = arguments.get("verb"), arguments.get("tasks"), arguments.get("told", {})
    if not isinstance(verb, str) or verb not in ACTS or not isinstance(ids, list) or not isinstance(told, Mapping):
        raise Refusal("批量办理的内容不完整。", rule="job_arguments")
    if not 0 < len(ids) <= MOST_AT_ONCE or not all(type(number) is int for number in ids):
        raise Refusal(f"批量办理一次为1至{MOST_AT_ONCE}项。", rule="job_arguments")
    if {name: type(value) for name, value in told.items()} != dict(ASKED[verb]):
        raise Refusal("批量办理的内容不完整。", rule="job_arguments")
    return {"verb": verb, "tasks": ids, "told": dict(told)}


BATCH = JobKind("batch", "批量办理", run_batch, accepts=accept_batch)
