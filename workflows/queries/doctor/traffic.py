"""What is on its way: messages between instances and mails to people arrive, or somebody knows that they did not."""

from datetime import timedelta

from sqlalchemy import and_, or_, select

from workflows.models import Message, OutboxItem
from workflows.queries.doctor._rules import Examination, Finds, rule

LONGEST = timedelta(days=1)


@rule("message_stuck", "流程间消息须在一天内送达")
def message_stuck(seen: Examination) -> Finds:
    """Failed, or still pending after a day."""
    late = and_(Message.status == "pending", Message.sent_at < seen.now - LONGEST)
    query = select(Message.id, Message.name, Message.key, Message.status).where(or_(Message.status == "failed", late))
    for id_, name, key, status in seen.session.execute(query):
        state = "投递失败" if status == "failed" else "一天以上未送达"
        yield id_, f"消息 {name}（{key}）{state}"


@rule("mail_stuck", "邮件须在一天内发出")
def mail_stuck(seen: Examination) -> Finds:
    """Failed, or still pending after a day."""
    late = and_(OutboxItem.status == "pending", OutboxItem.created_at < seen.now - LONGEST)
    query = select(OutboxItem.id, OutboxItem.subject, OutboxItem.status).where(
        or_(OutboxItem.status == "failed", late)
    )
    for id_, subject, status in seen.session.execute(query):
        yield id_, f"邮件“{subject[:40]}”{'发送失败' if status == 'failed' else '一天以上未发出'}"
