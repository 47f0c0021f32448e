"""`huitou model check | rehearse | publish | layout`: looks at models nobody has approved yet.

Everything that reads a model runs in a child that can be killed: a hostile file costs seconds, never a hang.
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from huitou.contained import check_target, lay_out_file, rehearse_target
from huitou.targets import Target, read_targets
from workflows.assembly import build_desk
from workflows.clock import utc_now
from workflows.commands.publishing import publish_model, read_folder
from workflows.refusal import Refusal
from workflows.settings import Settings
from workflows.studio.rehearsal import Answers, BadAnswers
from workflows.workdays.local_time import as_local

SEVERITIES = {"error": "错误", "warning": "提示"}
MOST_ANSWERS = 1_000_000
FIRST_YEAR, LAST_YEAR = 2004, 2150
FILES = click.argument(
    "paths", nargs=-1, required=True, metavar="FILE…", type=click.Path(exists=True, path_type=Path)
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON")


@click.group()
def model() -> None:
    """流程模型：检查、预演、发布、排版"""


@model.command()
@FILES
@AS_JSON
def check(paths: tuple[Path, ...], as_json: bool) -> None:
    """检查流程模型（.bpmn、.dmn、表单 .json 或流程目录）。退出码：0 通过，1 有错误，2 用法不对"""
    problems = [problem for target in read_targets(paths) for problem in check_target(target)]
    if as_json:
        _echo_json({"outcome": "problems" if _has_errors(problems) else "clean", "problems": problems})
    else:
        _echo_problems(problems)
        _echo("检查未通过。" if _has_errors(problems) else "检查通过。")
    sys.exit(1 if _has_errors(problems) else 0)


@model.command()
@FILES
@click.option("--answers", "given", help="各任务的答案：JSON 文本或文件路径")
@click.option("--now", "moment", help="预演开始的时刻（ISO，默认此刻）")
@AS_JSON
def rehearse(paths: tuple[Path, ...], given: str | None, moment: str | None, as_json: bool) -> None:
    """在内存中预演流程，不产生任何外部影响。退出码：0 正常，1 有错误，2 用法不对"""
    answers, now = _answers(given), _moment(moment)
    told = [rehearse_target(target, answers, now) for target in read_targets(paths)]
    failed = any(_has_errors(each["problems"]) or each["outcome"] in ("failed", "limit") for each in told)
    if as_json:
        _echo_json(told[0] if len(told) == 1 else {"rehearsals": told})
    else:
        for each in told:
            _echo_rehearsal(each)
    sys.exit(1 if failed else 0)


@model.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def publish(folder: Path) -> None:
    """检查流程目录并发布为新版本；内容未变时不产生新版本"""
    process_id = folder.resolve().name
    (target,) = read_targets([folder])[:1] or [Target(str(folder), {}, fault="目录是空的")]
    problems = check_target(target)
    _echo_problems(problems)
    if _has_errors(problems):
        _echo("检查未通过，没有发布。")
        sys.exit(1)
    try:
        digest = build_desk(Settings.from_environment()).act(
            publish_model, files=read_folder(folder), process_id=process_id, actor=None, now=utc_now()
        )
    except SQLAlchemyError as error:
        raise Refusal("数据库不可用或尚未初始化，请先运行 huitou init。", rule="database") from error
    _echo(f"已发布“{process_id}”，内容摘要 {digest[:12]}。")


@model.command()
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写到此文件（默认写回原文件）")
def layout(path: Path, output: Path | None) -> None:
    """为流程图重新排版（泳道、节点、连线），流程含义不变"""
    drawn = lay_out_file(path)
    (output or path).write_bytes(drawn)
    _echo(f"已排版：{output or path}")


def _answers(given: str | None) -> Answers:
    if given is None:
        return Answers()
    try:
        text = given if given.lstrip().startswith(("{", "[")) else _read(Path(given))
        return Answers.read(text)
    except (BadAnswers, OSError, ValueError) as error:
        message = str(error) if isinstance(error, BadAnswers) else "答案文件不存在或不能读取"
        raise click.BadParameter(message, param_hint="--answers") from error


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_ANSWERS).decode("utf-8")


def _moment(text: str | None) -> datetime:
    if text is None:
        return utc_now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"“{text[:40]}”不是有效的时刻", param_hint="--now") from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise click.BadParameter(f"预演的时刻应在{FIRST_YEAR}年至{LAST_YEAR}年之间", param_hint="--now")
    return moment if moment.tzinfo else as_local(moment)


def _has_errors(problems: list[dict[str, Any]]) -> bool:
    return any(each["severity"] == "error" for each in problems)


def _echo_rehearsal(told: dict[str, Any]) -> None:
    for line in told["trace"]:
        role = f"（{line['role']}）" if line["role"] else ""
        _echo(f"{line['at']}  {line['element']}  {line['what']}{role}")
    for deadline in told["deadlines"]:
        _echo(f"期限  {deadline['rule']}  {deadline['words']}")
    _echo_problems(told["problems"])
    _echo(f"预演结果：{told['outcome_text']}。")


def _echo_problems(problems: list[dict[str, Any]]) -> None:
    for each in problems:
        severity = SEVERITIES.get(each["severity"], each["severity"])
        _echo(f"{each['file']}  {each['element'] or '-'}  [{each['code']}] {severity}：{each['message']}")


def _echo_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _echo(line: str) -> None:
    """One line for a terminal: what a file holds cannot move the cursor or hide text."""
    click.echo("".join(char if char.isprintable() else "?" for char in line))
