"""Mail reaches a real SMTP server once in effect; what cannot be sent is pushed back and told."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from scheduler.mail import BadAddress, letter_of, message_id
from scheduler.timetable import run_once
from workflows.commands.outbox import Delivery, claim_delivery, note_sent, postpone_delivery
from workflows.database import atomic
from workflows.models import Incident, Notification, OutboxItem
from workflows.records import notices
from workflows.settings import Settings

MINUTE = timedelta(minutes=1)


@dataclass
class MailServer:
    """What the department's mail server has taken; it refuses some recipients."""

    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[list[str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content or b"", policy=policy.SMTP))
        self.envelopes.append(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture
def mail_server() -> MailServer:
    return MailServer()


@pytest.fixture
def connected(settings: Settings, mail_server: MailServer) -> Iterator[Settings]:
    """The settings of an installation with a mail server."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mail_server, hostname="127.0.0.1", port=port)
    controller.start()
    yield replace(settings, smtp_host="127.0.0.1", smtp_port=port)
    controller.stop()


@pytest.fixture
def told(desk, region, now) -> int:
    """陆处长 has been sent a letter."""
    with atomic(desk.sessions) as session:
        notices.notify(
            session, user_ids=[region.chief.user_id], kind="letter", title="红色预警函：澜城区", body="已逾期，请督办。",
            now=now,
        )  # fmt: skip
        session.flush()
        return session.scalars(select(OutboxItem.id)).one()


def item(desk, item_id) -> OutboxItem:
    with desk.sessions() as session:
        return session.get_one(OutboxItem, item_id)


def test_a_notice_reaches_the_mail_server(desk, told, connected, mail_server, now):
    assert run_once(desk, connected, now)["deliver_outbox"] == 1
    (mail,) = mail_server.taken
    assert mail["Subject"] == "红色预警函：澜城区"
    assert mail["To"] == "chief@example.org"
    assert mail["From"] == "huitou@example.org"
    assert mail.get_content().strip() == "已逾期，请督办。"
    assert (item(desk, told).status, item(desk, told).sent_at) == ("sent", now)
    assert run_once(desk, connected, now + MINUTE)["deliver_outbox"] == 0
    assert len(mail_server.taken) == 1


def test_a_sender_that_dies_sends_again_under_the_same_message_id(desk, told, connected, mail_server, now):
    assert desk.act(claim_delivery, item_id=told, now=now) is not None  # and then the process is gone
    assert run_once(desk, connected, now + MINUTE)["deliver_outbox"] == 0
    assert run_once(desk, connected, now + 2 * MINUTE)["deliver_outbox"] == 1
    assert mail_server.taken[0]["Message-ID"] == message_id(item(desk, told).idempotency_key, "huitou@example.org")


def test_two_senders_never_hold_one_mail(desk, told, now):
    assert desk.act(claim_delivery, item_id=told, now=now) is not None
    assert desk.act(claim_delivery, item_id=told, now=now) is None
    desk.act(note_sent, item_id=told, now=now)
    assert desk.act(claim_delivery, item_id=told, now=now + 60 * MINUTE) is None


def test_a_mail_the_server_refuses_is_an_incident_after_five_tries(desk, told, connected, mail_server, now):
    mail_server.refused.add("chief@example.org")
    moment, waits = now, []
    for _ in range(5):
        run_once(desk, connected, moment)
        waits.append(item(desk, told).next_at - moment)
        moment = item(desk, told).next_at
    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert item(desk, told).status == "failed"
    with desk.sessions() as session:
        incident = session.scalars(select(Incident)).one()
    assert (incident.kind, incident.element) == ("outbox", f"outbox:{told}")
    assert "550" in incident.message


def test_one_refused_mail_does_not_keep_the_others_back(desk, region, told, connected, mail_server, now):
    mail_server.refused.add("chief@example.org")
    with atomic(desk.sessions) as session:
        notices.notify(session, user_ids=[region.officer.user_id], kind="letter", title="黄色预警函", now=now)
    assert run_once(desk, connected, now)["deliver_outbox"] == 1
    assert [mail["To"] for mail in mail_server.taken] == ["officer@example.org"]


def test_a_server_out_of_reach_is_one_incident_and_no_mails_fault(desk, told, connected, mail_server, now):
    deaf = replace(connected, smtp_port=1)
    for minute in range(20):
        assert run_once(desk, deaf, now + minute * MINUTE)["deliver_outbox"] == 0
    assert (item(desk, told).status, item(desk, told).attempts) == ("pending", 0)
    with desk.sessions() as session:
        outage = session.scalars(select(Incident)).one()
    assert (outage.element, outage.resolved_at) == ("channel:mail", None)
    run_once(desk, connected, now + 20 * MINUTE)
    assert [mail["To"] for mail in mail_server.taken] == ["chief@example.org"]
    with desk.sessions() as session:
        assert session.scalars(select(Incident.resolved_at)).one() == now + 20 * MINUTE


def test_a_sender_whose_lease_has_run_out_changes_nothing(desk, told, now):
    stale = desk.act(claim_delivery, item_id=told, now=now)
    held = desk.act(claim_delivery, item_id=told, now=now + 2 * MINUTE)
    assert (stale.attempt, held.attempt) == (1, 2)
    desk.act(postpone_delivery, delivery=stale, error="too late", now=now + 3 * MINUTE)
    assert item(desk, told).last_error == ""
    assert item(desk, told).next_at == now + 4 * MINUTE


def test_without_a_mail_server_the_notice_in_the_system_is_enough(desk, told, settings, now):
    assert run_once(desk, settings, now)["deliver_outbox"] == 1
    assert item(desk, told).status == "held"
    assert run_once(desk, settings, now + MINUTE)["deliver_outbox"] == 0
    with desk.sessions() as session:
        assert session.scalars(select(Notification.title)).one() == "红色预警函：澜城区"


@pytest.mark.parametrize("subject", ["预警\r\nBcc: all@example.org", "预警\nX-Evil: 1", "预警\r\n\r\n正文"])
def test_a_subject_adds_no_header(subject, now):
    letter = letter_of(Delivery(1, "k", "chief@example.org", subject, "正文"), mail_from="h@example.org", now=now)
    assert {"Bcc", "X-Evil"}.isdisjoint(letter.keys())
    again = message_from_bytes(letter.as_bytes(), policy=policy.SMTP)
    assert sorted(again.keys()) == sorted(letter.keys())
    assert again.get_content().strip() == "正文"


@pytest.mark.parametrize(
    "address", ["", "chief", "a@x.org, b@x.org", "a@x.org\r\nBcc: b@x.org", "Lu <a@x.org>", "@x.org", "a@"]
)
def test_what_is_not_one_address_is_refused(address, now):
    with pytest.raises(BadAddress):
        letter_of(Delivery(1, "k", address, "预警", "正文"), mail_from="h@example.org", now=now)
