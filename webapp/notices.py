"""通知: what a person is told; and the registers of letters, supervision notices and circulars."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.addresses import flag
from webapp.navigation import READERS
from webapp.preferences import own_path
from workflows.commands import attention
from workflows.policy import Place
from workflows.policy.receipts import HIGHEST_SIGNED_LEVEL, RECEIVERS
from workflows.queries import notices

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("/")
@open_to(SIGNED_IN)
def index() -> ResponseReturnValue:
    found = notices.notifications(
        current.session(), current.actor(), only_unread=flag("unread"), after=request.args.get("after", "")
    )
    sees_registers = current.actor().has_role(*READERS)
    return render_template("notices/index.html", found=found, now=current.now(), sees_registers=sees_registers)


@bp.post("/<int:notification_id>/reading")
@open_to(SIGNED_IN)
def read(notification_id: int) -> ResponseReturnValue:
    """Marks it as read and goes where it leads."""
    told = notices.find_notification(current.session(), current.actor(), notification_id)
    current.desk().act(
        attention.read_notifications, notification_id=told.id, actor=current.actor(), now=current.now()
    )
    return redirect(own_path(request.form.get("next"), url_for("notices.index")))


@bp.post("/reading")
@open_to(SIGNED_IN)
def read_all() -> ResponseReturnValue:
    current.desk().act(attention.read_notifications, actor=current.actor(), now=current.now())
    return redirect(url_for("notices.index"))


@bp.get("/letters")
@open_to(*READERS)
def letters() -> ResponseReturnValue:
    """The register holds them; old addresses lead there."""
    return redirect(url_for("letters.page", kind="letters"))


@bp.get("/supervision")
@open_to(*READERS)
def supervision() -> ResponseReturnValue:
    return redirect(url_for("letters.page", kind="papers"))


@bp.get("/supervision/<notice_no>")
@open_to(*READERS)
def supervision_notice(notice_no: str) -> ResponseReturnValue:
    row = notices.find_notice(current.session(), current.actor(), notice_no)
    notice = row.notice
    is_waiting = notice.status == "issued" and notice.level <= HIGHEST_SIGNED_LEVEL
    may_sign = is_waiting and current.actor().holds_any(RECEIVERS, Place(unit_id=notice.unit_id))
    return render_template(
        "notices/supervision_notice.html", row=row, notice=notice, may_sign=may_sign, now=current.now()
    )


@bp.get("/circulars")
@open_to(*READERS)
def circulars() -> ResponseReturnValue:
    found = notices.circulars(current.session(), current.actor(), after=request.args.get("after", ""))
    return render_template("notices/circulars.html", found=found, now=current.now())


@bp.get("/circulars/<circular_no>")
@open_to(*READERS)
def circular(circular_no: str) -> ResponseReturnValue:
    found = notices.find_circular(current.session(), current.actor(), circular_no)
    receipts = notices.receipts(current.session(), current.actor(), found)
    rate = notices.answer_rate([receipt for receipt, _ in receipts])
    answer = request.args.get("answer", "")
    shown = [row for row in receipts if notices.is_answer(row[0], answer)]
    return render_template(
        "notices/circular.html", circular=found, receipts=shown, rate=rate, answer=answer, now=current.now(),
        may_sign=lambda unit: current.actor().holds_any(RECEIVERS, Place(unit_id=unit.id, city_id=unit.city_id)),
    )  # fmt: skip
