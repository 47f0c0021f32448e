"""`huitou bench`: speed side by side, as medians and ratios.  It judges nothing by the clock of one run."""

import json
import tempfile
from pathlib import Path

import click

from huitou.bench.inbox import inbox_of_many
from huitou.bench.lookup import search_and_export
from huitou.bench.loop import visits_of_a_loop
from huitou.bench.memory import served_demo
from huitou.bench.row import Row
from huitou.bench.sequence import twenty_steps
from huitou.bench.sweep import many_timers


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def bench(as_json: bool) -> None:
    """并排测量：中位数与比值"""
    rows: list[Row] = []
    for measure in (twenty_steps, visits_of_a_loop, many_timers, inbox_of_many, search_and_export, served_demo):
        with tempfile.TemporaryDirectory() as folder:
            rows += measure(Path(folder))
    if as_json:
        click.echo(json.dumps([row._asdict() for row in rows], ensure_ascii=False))
        return
    click.echo("| what | ours | beside | ratio | target |")
    click.echo("|---|---|---|---|---|")
    for row in rows:
        click.echo(f"| {row.what} | {row.ours} | {row.beside} | {row.ratio} | {row.target} |")
