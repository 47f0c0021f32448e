"""动员培训 (P02c, S30–S32): held before entry, with its three sections; who has not passed makes up for it.

A member's rights on the case begin when he has passed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from workflows.models import MobilisationTraining, Team, TrainingPass
from workflows.operations._registry import operation
from workflows.operations.context import Context
from workflows.queries.teams import DUTIES, team_of
from workflows.records.teams import give_rights, role_of, training_of, untrained
from workflows.refusal import Refusal

SECTIONS = {"tasks": "主要任务", "methods": "方式方法", "requirements": "工作要求"}


class TrainingRefused(Refusal):
    """The training is not complete."""

    rule = "S32"


@operation(repeatable=True)
def list_trainees(context: Context) -> dict[str, Any]:
    """列出应参加动员培训的人员（组长和全体组员）。返回 rows。"""
    team = _sent_team(context)
    return {"rows": _rows(context, team), "unit_name": context.case.unit.name}


@operation
def record_mobilisation(
    context: Context,
    *,
    held_on: str,
    tasks: str,
    methods: str,
    requirements: str,
    attendance: list[dict[str, Any]],
    pass_mark: int,
) -> dict[str, Any]:
    """登记动员培训会（S31、S32）：议程须有主要任务、方式方法、工作要求三部分；测试达到 pass_mark 分为合格。

    返回 passed（是否全部合格）、rows（须补训的人员）。
    """
    agenda = {"tasks": tasks, "methods": methods, "requirements": requirements}
    if missing := [title for name, title in SECTIONS.items() if not (agenda[name] or "").strip()]:
        raise TrainingRefused(f"动员培训会议程缺少：{'、'.join(missing)}。", rule="S31")
    day = date.fromisoformat(held_on)
    if day > context.today:
        raise TrainingRefused("动员培训会日期不能晚于今天。", rule="S30")
    case = context.case
    training = training_of(context.session, case.id)
    if training is None:
        training = MobilisationTraining(case_id=case.id, held_on=day, agenda=agenda)
        context.session.add(training)
    training.held_on, training.agenda = day, agenda
    return _record(context, training, attendance, pass_mark)


@operation
def record_make_up(
    context: Context, *, made_up_on: str, attendance: list[dict[str, Any]], pass_mark: int
) -> dict[str, Any]:
    """登记补训（S32）：未合格的继续补训。返回 passed、rows。"""
    training = training_of(context.session, context.case.id)
    if training is None:
        raise TrainingRefused("尚未召开动员培训会，不能补训。", rule="S30")
    day = date.fromisoformat(made_up_on)
    if not training.held_on <= day <= context.today:
        raise TrainingRefused("补训日期应在动员培训会之后，且不能晚于今天。")
    return _record(context, training, attendance, pass_mark)


def _record(
    context: Context, training: MobilisationTraining, attendance: Sequence[dict[str, Any]], pass_mark: int
) -> dict[str, Any]:
    team = _sent_team(context)
    seats = {member.user.staff_no: member for member in team.members}
    known = {row.user_id: row for row in training.passes}
    for given in attendance:
        member = seats.get(str(given["person"]))
        if member is None:
            continue  # has left the team while the training was being prepared
        row = known.get(member.user_id)
        if row is None:
            row = TrainingPass(user_id=member.user_id, attended=False, score=0, passed=False, make_ups=0)
            training.passes.append(row)
        elif not row.passed:
            row.make_ups += 1
        _mark(row, given, pass_mark)
    context.session.flush()
    _give_rights(context, team)
    waiting = _rows(context, team)
    context.record(
        "record_training",
        f"动员培训：{len(team.members) - len(waiting)}人合格，{len(waiting)}人待补训",
        agenda=training.agenda,
    )
    return {"passed": not waiting, "rows": waiting}


def _mark(row: TrainingPass, given: dict[str, Any], pass_mark: int) -> None:
    """A pass is kept; absence is no pass whatever the score."""
    if row.passed:
        return
    row.attended = bool(given.get("attended"))
    row.score = int(given.get("score") or 0) if row.attended else 0
    row.passed = row.attended and row.score >= pass_mark


def _give_rights(context: Context, team: Team) -> None:
    missing = {member.id for member in untrained(context.session, team)}
    roles = {member.user_id: role_of(member) for member in team.members if member.id not in missing}
    give_rights(context.session, roles, context.case.id, context.now)


def _rows(context: Context, team: Team) -> list[dict[str, Any]]:
    """Those who have yet to pass."""
    return [
        {"person": member.user.staff_no, "name": member.user.name, "seat": DUTIES[member.duty]}
        for member in untrained(context.session, team)
    ]


def _sent_team(context: Context) -> Team:
    team = team_of(context.session, context.case.id)
    if team is None or team.status not in ("active", "released"):
        raise TrainingRefused("检查组尚未启用，不能组织动员培训。", rule="S45")
    return team
