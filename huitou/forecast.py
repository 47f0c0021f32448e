"""`huitou forecast`: fits the weights of the risk forecast, reckons open deadlines, and prints how good it is."""

import json
from datetime import datetime

import click

from huitou.operating import parse_moment
from workflows.assembly import build_desk
from workflows.commands import forecast as commands
from workflows.forecast.past import Past
from workflows.forecast.reliability import Backtest, backtest
from workflows.settings import Settings

NOW = click.option("--now", "moment", help="以此时刻为“现在”（ISO，默认此刻）")


@click.group()
def forecast() -> None:
    """临期风险：拟合、测算与回测（提示，不作为结论）"""


@forecast.command("backtest")
@NOW
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def backtest_(moment: str | None, as_json: bool) -> None:
    """按季向前回测：只用当时已知的，与基准逾期率比较"""
    found = backtest(_past(parse_moment(moment)).snapshots(), parse_moment(moment))
    if as_json:
        more = {"skill": found.skill, "skill_over_rule": found.skill_over_rule}
        click.echo(json.dumps(found.as_data() | more, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(found)))


@forecast.command()
@NOW
def fit(moment: str | None) -> None:
    """拟合新一版系数并测算全部在办期限"""
    now = parse_moment(moment)
    desk, known = build_desk(Settings.from_environment()), _past(now)
    number = commands.fit_forecast(desk, known)
    click.echo(f"已拟合第{number}版，测算在办期限{commands.reckon_forecasts(desk, known)}项。")


@forecast.command()
@NOW
def reckon(moment: str | None) -> None:
    """用现行系数测算全部在办期限"""
    now = parse_moment(moment)
    desk = build_desk(Settings.from_environment())
    click.echo(f"测算在办期限{commands.reckon_forecasts(desk, _past(now))}项。")


def _past(now: datetime) -> Past:
    return commands.read_past(build_desk(Settings.from_environment()), now)


def _lines(found: Backtest) -> list[str]:
    """The back-test as a table for a terminal."""
    verdict = "优于基准" if found.beats_base_rate else "不优于基准，仅供参考"
    return [
        f"回测观察{found.tried_on}次，实际逾期{found.late_share:.1%}。",
        f"布里尔分数（越小越好）：本预测{found.brier:.4f}，基准逾期率{found.base_brier:.4f}，同类期限逾期率{found.rule_brier:.4f}。",
        f"技巧分：对基准{found.skill:+.1%}（{verdict}），对同类{found.skill_over_rule:+.1%}。",
        "",
        "季度起始      拟合  回测  本预测  基准    同类",
        *(
            f"{p.begins}  {p.fitted_on:6d}{p.tried_on:6d}  {p.brier:.4f}  {p.base:.4f}  {p.by_rule:.4f}"
            for p in found.periods
        ),
        "",
        "预测区间      次数  平均预测  实际逾期",
        *(f"{b.low:4.0%}–{b.high:4.0%}  {b.number:6d}  {b.said:7.1%}  {b.came:7.1%}" for b in found.bins),
    ]
