"""`huitou calendar`: due moments and working days, from the database's table or, before `init`, from the seed."""

import json
from datetime import date, datetime
from typing import Any

import click

from workflows.deadlines.derivation import derive
from workflows.deadlines.register import REGISTER
from workflows.deadlines.time_limit import TimeLimit, limit_on
from workflows.refusal import Refusal
from workflows.workdays import seed_calendar

DAY = click.DateTime(formats=["%Y-%m-%d"])
MOMENT = click.DateTime(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


@click.group()
def calendar() -> None:
    """工作日与时限推算"""


@calendar.command()
@click.option("--rule", required=True, help="时限编号，如 T10、T13.tour")
@click.option("--from", "anchor", required=True, help="起算日 YYYY-MM-DD（按小时的时限须写到分钟）")
@click.option("--label", default="起算", help="起算事件的名称")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def due(rule: str, anchor: str, label: str, as_json: bool) -> None:
    """推算到期时刻，并写明推算过程"""
    start = _anchor(anchor)
    day = start.date() if isinstance(start, datetime) else start
    found = derive(_limit(rule, day), start, seed_calendar(), anchor_label=label)
    answer = {
        "rule": rule,
        "from": anchor,
        "due_at": found.due_at.isoformat(),
        "due_on": found.due_on.isoformat(),
        "derivation": found.words,
        "provisional": found.provisional,
        "calendar_version": found.calendar_version,
    }
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else found.words)


@calendar.command()
@click.option("--after", type=DAY, required=True, help="起算日 YYYY-MM-DD，当日不计")
@click.option("--days", type=click.IntRange(0, 2000), required=True, help="工作日数")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def workdays(after: datetime, days: int, as_json: bool) -> None:
    """某日之后第 N 个工作日"""
    table = seed_calendar()
    day = table.workdays_after(after.date(), days)
    provisional = table.is_provisional(day)
    if as_json:
        answer: dict[str, Any] = {"day": day.isoformat(), "provisional": provisional}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(day.isoformat() + ("（该年度放假安排尚未公布，暂定）" if provisional else ""))


def _limit(rule: str, day: date) -> TimeLimit:
    return limit_on(rule, day, REGISTER)


def _anchor(text: str) -> date | datetime:
    try:
        if len(text) == len("YYYY-MM-DD"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"“{text}”不是有效的日期，请写成 2026-09-25 的样式。", rule="date") from error
    if moment.tzinfo is None:
        raise Refusal("写到时刻的起算须带时区，如 2026-09-25T10:30+08:00。", rule="date")
    return moment
