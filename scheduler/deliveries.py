"""What leaves the system, channel by channel: claim one item, send it with no transaction open, note the outcome.

A channel that is not configured holds its items.  One out of reach costs a connection a round and is one incident; an
item that breaks the connection or is refused is that item's own fault, and is set aside after five tries.
"""

import logging
import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scheduler import webhook
from scheduler.jobs import AT_ONCE, Clock
from scheduler.mail import postman
from workflows.commands.outbox import (
    Delivery,
    claim_delivery,
    hold_deliveries,
    note_channel_back,
    note_outage,
    note_sent,
    postpone_delivery,
)
from workflows.queries.due import due_deliveries
from workflows.settings import Settings

logger = logging.getLogger(__name__)


class Carrier(Protocol):
    """Somebody who hands over one item, or raises."""

    def send(self, delivery: Delivery, now: datetime, /) -> None: ...


@dataclass(frozen=True)
class Channel:
    """A way out: whether it is there, how it is opened, which errors of an item mean that the connection is gone."""

    name: str
    is_configured: Callable[[Settings], bool]
    open: Callable[[Settings], AbstractContextManager[Carrier]]
    broken: tuple[type[Exception], ...]


class BrokenOff(Exception):
    """The connection is gone: the round ends here."""


CHANNELS = (
    Channel(
        "mail",
        lambda settings: bool(settings.smtp_host),
        postman,
        (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError),
    ),
    Channel("webhook", lambda settings: bool(settings.webhook_url), webhook.gateway, webhook.BROKEN),
)


def deliver_outbox(clock: Clock) -> int:
    """Everything due on every channel; how much was handed over or set aside."""
    return sum(_deliver(clock, channel) for channel in CHANNELS)


def _deliver(clock: Clock, channel: Channel) -> int:
    waiting = _due(clock, channel)
    if not waiting:
        return 0
    if not channel.is_configured(clock.settings):
        return clock.desk.act(hold_deliveries, channel=channel.name, now=clock.now())
    sent = 0
    try:
        with channel.open(clock.settings) as carrier:
            for item_id in waiting:
                sent += _send(clock, channel, carrier, item_id)
    except BrokenOff:
        pass  # noted with the item that broke it
    except OSError as error:  # every error of smtplib is one
        logger.warning("%s out of reach: %s", channel.name, error)
        clock.desk.act(note_outage, channel=channel.name, error=f"{error}", now=clock.now())
    if sent:
        clock.desk.act(note_channel_back, channel=channel.name, now=clock.now())
    return sent


def _send(clock: Clock, channel: Channel, carrier: Carrier, item_id: int) -> bool:
    delivery = clock.desk.act(claim_delivery, item_id=item_id, now=clock.now())
    if delivery is None:
        return False
    try:
        carrier.send(delivery, clock.now())
    except Exception as error:  # address, size, refusal by the server, a connection that it broke
        logger.warning("%s %d was not taken: %s", channel.name, item_id, error)
        clock.desk.act(postpone_delivery, delivery=delivery, error=f"{error}", now=clock.now())
        if isinstance(error, channel.broken):
            raise BrokenOff from error
        return False
    clock.desk.act(note_sent, item_id=item_id, now=clock.now())
    return True


def _due(clock: Clock, channel: Channel) -> list[int]:
    with clock.desk.sessions() as session:
        return due_deliveries(session, channel.name, clock.now(), AT_ONCE)
