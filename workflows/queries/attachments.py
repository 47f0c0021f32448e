"""Which attached files a person may read."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from workflows.models import Attachment, InspectionCase, Task
from workflows.policy import CASE_READERS, TASK_READERS, UNIT_ROLES, Actor, Place
from workflows.queries.places import place_of
from workflows.queries.scope import Condition, visible_cases, visible_tasks


def readable_attachments(actor: Actor, place: Place) -> Condition:
    """A condition over Attachment at a place: those of a case one reads, or of a task one may open.

    The unit's people do not read what supervision or the team has attached to working tasks of its own.
    """
    through_task = Attachment.task_id.in_(select(Task.id).where(visible_tasks(actor)))
    in_case = Attachment.case_id.in_(select(InspectionCase.id).where(visible_cases(actor)))
    on_unit_side = or_(
        Attachment.uploaded_by_id == actor.user_id,
        Attachment.task_id.is_(None),
        Attachment.task_id.in_(select(Task.id).where(Task.role.in_(UNIT_ROLES))),
    )
    if actor.holds_any(CASE_READERS | TASK_READERS, place):
        return or_(through_task, in_case)
    return or_(through_task, and_(in_case, on_unit_side))


def find_attachment(session: Session, actor: Actor, attachment_id: int) -> Attachment:
    """The attachment, if the person may read it; else NoResultFound, as for a number that does not exist."""
    case_id = session.scalars(select(Attachment.case_id).where(Attachment.id == attachment_id)).one()
    query = (
        select(Attachment)
        .where(Attachment.id == attachment_id, readable_attachments(actor, place_of(session, case_id)))
        .options(joinedload(Attachment.file), joinedload(Attachment.uploaded_by))
    )
    return session.scalars(query).one()
