"""外出委托 by API."""

from flask import Blueprint

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.task_shapes import AbsenceAsked, Absences, AbsenceShape
from workflows.commands import absences as commands
from workflows.models import Absence
from workflows.queries import absences

bp = Blueprint("absences", __name__)
TAGS = ["外出委托"]


@bp.get("/absences")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Absences))
def list_absences() -> Answer:
    """我的外出，和我代行职责的"""
    return _all()


@bp.post("/absences")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Absences))
def declare(json: AbsenceAsked) -> Answer:
    """登记外出委托"""
    current.desk().act(
        commands.declare_absence, substitute_id=json.substitute_id, first_day=json.first_day, last_day=json.last_day,
        roles=json.roles, reason=json.reason, actor=current.actor(), now=current.now(),
    )  # fmt: skip
    return _all()


@bp.delete("/absences/<int:absence_id>")
@open_to(SIGNED_IN)
@document.validate(tags=TAGS, resp=gives(Absences))
def end(absence_id: int) -> Answer:
    """结束外出委托"""
    current.desk().act(commands.end_absence, absence_id=absence_id, actor=current.actor(), now=current.now())
    return _all()


def _all() -> Answer:
    current.forget_reads()
    own, others = absences.of(current.session(), current.actor().user_id)
    return Absences(own=[_shape(row) for row in own], others=[_shape(row) for row in others]).model_dump(mode="json")


def _shape(row: Absence) -> AbsenceShape:
    return AbsenceShape(
        id=row.id, user=row.user.name, substitute=row.substitute.name, first_day=row.first_day, last_day=row.last_day,
        roles=list(row.roles), reason=row.reason, ended_at=row.ended_at,
    )  # fmt: skip
