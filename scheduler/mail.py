"""Speaks SMTP.  It knows no table: it is given a mail and either the server takes it or an exception says why not."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from workflows.commands.outbox import Delivery
from workflows.settings import Settings

SECONDS_TO_ANSWER = 10.0


class BadAddress(ValueError):
    """The recipient is not exactly one mail address."""


@dataclass(frozen=True)
class Postman:
    """One open connection to the mail server."""

    server: smtplib.SMTP
    mail_from: str

    def send(self, mail: Delivery, now: datetime) -> None:
        """Hands over one mail; raises what smtplib raises, or BadAddress."""
        message = letter_of(mail, mail_from=self.mail_from, now=now)
        self.server.send_message(message, from_addr=self.mail_from, to_addrs=[mail.recipient])


@contextmanager
def postman(settings: Settings) -> Iterator[Postman]:
    """A connection for one round of mails.  Raises OSError or SMTPException when the server cannot be reached."""
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS_TO_ANSWER) as server:
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls()
        yield Postman(server, settings.mail_from)


def letter_of(mail: Delivery, *, mail_from: str, now: datetime) -> EmailMessage:
    """The mail as RFC 5322 text.  The policy refuses line breaks in headers, so a subject can add none."""
    message = EmailMessage(policy=SMTP)
    message["From"] = mail_from
    message["To"] = _one_address(mail.recipient)
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(mail.idempotency_key, mail_from)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def message_id(idempotency_key: str, mail_from: str) -> str:
    """The same for every try of one item, so that the receiving side drops the second copy."""
    domain = mail_from.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<{sha256(idempotency_key.encode()).hexdigest()[:40]}@{domain}>"


def _one_address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or any(c.isspace() or c in ',;<>"\\' or not c.isprintable() for c in text):
        raise BadAddress(f"“{text!r}”不是有效的邮件地址")
    return text
