"""`huitou`: every command by name.  Each group lives in a file of its own."""

import sys

import click

from huitou.bench import bench
from huitou.calendar import calendar
from huitou.forecast import forecast
from huitou.model import model
from huitou.operating import audit, clock, demo, doctor, init, serve, tick
from workflows.refusal import Refusal


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """回头看：选人用人专项检查整改全流程系统"""


for command in (init, demo, serve, clock, tick, doctor, model, calendar, forecast, audit, bench):
    commands.add_command(command)


def main() -> None:
    """Entry point: a refusal is one clear sentence and exit code 1, never a traceback."""
    try:
        commands()
    except Refusal as refusal:
        click.echo(f"不能执行：{refusal}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
