"""督办文书登记簿: every paper that presses, who signed for it and when, what was answered; the unit signs here."""

from dataclasses import asdict
from datetime import date
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import number
from webapp.formats import local_date, local_time
from webapp.ledger import MOST_AT_ONCE, XLSX
from webapp.navigation import READERS
from webapp.preferences import own_path
from workflows.commands.jobs import ask_job
from workflows.commands.letter_register_export import COLUMNS, TITLE, accept_filters, cells, state_of
from workflows.commands.receipts import sign_receipts
from workflows.documents import ledger_xlsx
from workflows.policy import Place
from workflows.policy.receipts import RECEIVERS
from workflows.queries import cases, letter_register
from workflows.queries.letter_receipts import TABLES, Paper
from workflows.queries.letter_register import Entry, Filters
from workflows.records import calendars
from workflows.refusal import Refusal

FIRST, EVERY = "papers", "all"

bp = Blueprint("letters", __name__, url_prefix="/letters")


@bp.get("/")
@open_to(*READERS)
def page() -> ResponseReturnValue:
    session, actor, filters, now = current.session(), current.actor(), filters_asked(), current.now()
    calendar = calendars.in_force(session)
    found = letter_register.register(
        session, actor, filters, now=now, calendar=calendar, after=request.args.get("after", "")
    )
    return render_template(
        "letters/index.html", found=found, filters=filters, kinds=letter_register.KINDS, now=now,
        receipts=letter_register.RECEIPTS, units=cases.units(session, actor), state_of=state_of,
        counts=letter_register.counts(session, actor, filters, now=now, calendar=calendar), may_sign=_may_sign,
        signs=actor.has_role(*RECEIVERS),
    )  # fmt: skip


@bp.post("/receipts")
@open_to(*RECEIVERS)
def sign() -> ResponseReturnValue:
    """The ticked papers, or the one of the button."""
    papers = [_paper(text) for text in request.form.getlist("paper")]
    if not papers:
        raise Refusal("请先勾选要签收的文书。", rule="receipt")
    signed = current.desk().act(sign_receipts, papers=papers, actor=current.actor(), now=current.now())
    flash(f"已签收{signed}件文书，签收人和时间已记入办理记录。", "success")
    return redirect(own_path(request.form.get("next"), url_for("letters.page")))


@bp.post("/export")
@open_to(*READERS)
def export() -> ResponseReturnValue:
    """At once, as long as it takes a second or two; more is a job."""
    session, actor, filters, now = current.session(), current.actor(), filters_asked(), current.now()
    calendar = calendars.in_force(session)
    if letter_register.counts(session, actor, filters, now=now, calendar=calendar).total > MOST_AT_ONCE:
        kept = {name: value for name, value in accept_filters(_as_json(filters)).items() if value not in ("", None)}
        job = current.desk().act(ask_job, kind="letter_register_export", arguments=kept, actor=actor, now=now)
        return redirect(url_for("jobs.page", job_id=job.id))
    blocks = letter_register.every_entry(session, actor, filters, now=now, calendar=calendar)
    rows = (row for block in blocks for row in cells(block))
    subtitle = f"导出人：{actor.name}　导出时间：{local_time(now)}（北京时间）"
    content = ledger_xlsx.ledger_bytes(rows, COLUMNS, title=TITLE, subtitle=subtitle)
    name = f"{TITLE}-{local_date(now)}.xlsx"
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


def filters_asked() -> Filters:
    """What the address asks for: the five papers unless it says otherwise ("all" for every kind)."""
    asked = request.args
    kind, receipt = asked.get("kind", FIRST), asked.get("receipt", "")
    return Filters(
        kind="" if kind == EVERY else kind if kind in letter_register.KINDS else FIRST,
        receipt=receipt if receipt in letter_register.RECEIPTS else "",
        level=number("level"), colour=asked.get("colour", ""), unit_id=number("unit"), text=asked.get("q", ""),
        since=_day("since"), until=_day("until"),
    )  # fmt: skip


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _as_json(filters: Filters) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(filters).items()}


def _paper(text: str) -> Paper:
    kind, _, row = text.partition(":")
    if kind not in TABLES or not row.isdecimal() or len(row) > 9:
        raise Refusal("没有找到所选的文书。", rule="receipt")
    return Paper(kind, int(row))


def _may_sign(entry: Entry) -> bool:
    place = Place(unit_id=entry.unit_id, city_id=entry.city_id)
    return entry.is_waiting and current.actor().holds_any(RECEIVERS, place)
