"""`huitou init | demo | serve | clock | tick | doctor | audit`: what an operator runs."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from huitou.demo import fill, is_filled, is_under_way
from huitou.serving import serve_forever
from huitou.setting_up import create_schema, first_administrator, prepare
from scheduler.timetable import run_forever, run_once
from workflows.assembly import build_desk
from workflows.clock import utc_now
from workflows.documents.root_export import exported_roots, roots_folder
from workflows.queries import audit as audit_queries
from workflows.queries import doctor as doctor_queries
from workflows.refusal import Refusal
from workflows.settings import Settings


@click.command()
def init() -> None:
    """建立数据库，写入时限表与工作日历，发布流程模型，创建管理员"""
    settings = Settings.from_environment()
    desk = build_desk(settings)
    prepare(desk, settings, utc_now())
    if password := first_administrator(desk, utc_now()):
        click.echo(f"管理员账号 admin，初始口令 {password}（只显示一次，请登录后立即修改）")
    click.echo("初始化完成。")


@click.command()
@click.option("--now", "moment", help="演示数据截止的时刻（ISO，默认此刻）")
@click.option(
    "--scale", type=click.Choice(["small", "full"]), default="small", help="small 约25个单位；full 全区三年"
)
@click.option("--if-empty", is_flag=True, help="已有业务数据时什么也不做")
def demo(moment: str | None, scale: str, if_empty: bool) -> None:
    """生成云朔自治区演示数据（真实流程，注入时钟）；中断后再次运行即接续"""
    settings = Settings.from_environment()
    desk = build_desk(settings)
    settings.files_dir.mkdir(parents=True, exist_ok=True)
    create_schema(desk)
    if if_empty and is_filled(desk) and not is_under_way(settings):
        prepare(desk, settings, utc_now())
    else:
        fill(desk, settings, parse_moment(moment), scale)


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000, type=int)
@click.option("--clock/--no-clock", "with_clock", default=True, help="同时运行系统时钟")
def serve(host: str, port: int, with_clock: bool) -> None:
    """启动网页服务"""
    serve_forever(host=host, port=port, with_clock=with_clock)


@click.command()
def clock() -> None:
    """单独运行系统时钟（可同时运行任意多个）"""
    settings = Settings.from_environment()
    run_forever(build_desk(settings), settings)


@click.command()
@click.option("--now", "moment", help="以此时刻为“现在”（ISO，默认此刻）")
def tick(moment: str | None) -> None:
    """把此刻应办的全部到期事项办理一遍，输出 JSON 计数"""
    settings = Settings.from_environment()
    counts = run_once(build_desk(settings), settings, parse_moment(moment))
    click.echo(json.dumps(counts, ensure_ascii=False))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def doctor(as_json: bool) -> None:
    """核对台账、时限与流程实例是否一致"""
    desk = build_desk(Settings.from_environment())
    with desk.sessions() as session:
        problems = doctor_queries.examine(session, now=utc_now(), files_dir=desk.files_dir)
    if as_json:
        click.echo(json.dumps([vars(problem) for problem in problems], ensure_ascii=False, default=str))
    else:
        for problem in problems:
            click.echo(f"{problem.code}  {problem.object}  {problem.message}")
        click.echo(f"共检查{len(doctor_queries.RULES)}条规则，发现{len(problems)}个问题。")
    sys.exit(1 if problems else 0)


@click.group()
def audit() -> None:
    """办理记录的防篡改校验"""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def verify(as_json: bool) -> None:
    """逐案校验哈希链与每日根，指出第一条异常记录"""
    desk = build_desk(Settings.from_environment())
    with desk.sessions() as session:
        problems = audit_queries.verify(session, exported=exported_roots(roots_folder(desk.files_dir)))
    if as_json:
        click.echo(json.dumps([vars(problem) for problem in problems], ensure_ascii=False, default=str))
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo("校验通过。" if not problems else f"发现{len(problems)}处异常。")
    sys.exit(1 if problems else 0)


def parse_moment(text: str | None) -> datetime:
    """An aware moment from the command line, or the present one."""
    if text is None:
        return utc_now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"“{text}”不是有效的时刻，请写成 2026-11-01T09:00+08:00 的样式。", rule="date") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def var_folder(settings: Settings) -> Path:
    """Where this installation keeps its files."""
    return settings.files_dir.parent
