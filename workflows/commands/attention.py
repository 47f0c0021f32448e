"""What a person keeps an eye on and how: following a case, having read what he was told, theme and language."""

from datetime import datetime

from sqlalchemy import delete, select, update

from workflows.commands.desk import Work
from workflows.models import InspectionCase, Notification, User, Watch
from workflows.policy import Actor
from workflows.queries.scope import visible_cases
from workflows.refusal import Refusal

THEMES = ("auto", "light", "dark")
LANGUAGES = ("zh", "en")


def watch_case(work: Work, *, case_no: str, actor: Actor, now: datetime) -> None:
    """关注: the person follows a case he sees; following it twice is following it once."""
    case = _visible(work, case_no, actor)
    mine = select(Watch.id).where(Watch.case_id == case.id, Watch.user_id == actor.user_id)
    if work.session.scalar(mine) is None:
        work.session.add(Watch(case_id=case.id, user_id=actor.user_id))


def unwatch_case(work: Work, *, case_no: str, actor: Actor, now: datetime) -> None:
    """取消关注."""
    case = _visible(work, case_no, actor)
    work.session.execute(delete(Watch).where(Watch.case_id == case.id, Watch.user_id == actor.user_id))


def read_notifications(work: Work, *, actor: Actor, now: datetime, notification_id: int | None = None) -> None:
    """Marks one of the person's own notifications as read, or all of them."""
    mine = update(Notification).where(Notification.user_id == actor.user_id, Notification.read_at.is_(None))
    if notification_id is not None:
        mine = mine.where(Notification.id == notification_id)
    work.session.execute(mine.values(read_at=now))


def choose_appearance(work: Work, *, theme: str, language: str, actor: Actor, now: datetime) -> None:
    """The person's own theme and language, on every machine; unknown ones are refused."""
    if theme not in THEMES or language not in LANGUAGES:
        raise Refusal("请选择列表中的外观和语言。", rule="appearance")
    user = work.session.get_one(User, actor.user_id)
    user.theme, user.language = theme, language


def _visible(work: Work, case_no: str, actor: Actor) -> InspectionCase:
    query = select(InspectionCase).where(InspectionCase.case_no == case_no, visible_cases(actor))
    return work.session.scalars(query).one()
