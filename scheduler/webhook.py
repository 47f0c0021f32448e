"""Speaks HTTP to the intranet's message gateway.  It knows no table: the gateway takes a message or an exception says why not.

The address is the installation's, and its host must stand in the installation's own list; redirects are not followed.
What is sent is signed, so that the gateway can tell our messages from anybody else's.
"""

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from workflows.commands.outbox import Delivery
from workflows.settings import Settings

SECONDS_TO_ANSWER = 10.0
MOST_ANSWER = 64 * 1024
TAKEN = range(200, 300)
BROKEN = (OSError, HTTPException)
"""The connection broke or hangs, whatever the message."""
CONNECTIONS: Mapping[str, Callable[..., HTTPConnection]] = {"http": HTTPConnection, "https": HTTPSConnection}


class GatewayForbidden(OSError):
    """The configured address may not be spoken to."""


class NotTaken(Exception):
    """The gateway answered, but did not take the message."""


@dataclass(frozen=True)
class Gateway:
    """The message gateway over one open connection."""

    connection: HTTPConnection
    target: str
    secret: str
    link: str

    def send(self, delivery: Delivery, now: datetime) -> None:
        """Hands over one message; raises NotTaken, or OSError and HTTPException when the gateway is out of reach."""
        body = message_of(delivery, link=self.link, now=now)
        stamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": delivery.idempotency_key,
            "X-Huitou-Timestamp": stamp,
            "X-Huitou-Signature": f"sha256={signature(self.secret, stamp, body)}",
        }
        self.connection.request("POST", self.target, body, headers)
        answer = self.connection.getresponse()
        said = answer.read(MOST_ANSWER)
        self.connection.close()  # the next message opens it anew: a gateway may drop an idle connection unseen
        if answer.status not in TAKEN:
            raise NotTaken(f"{answer.status} {said[:200].decode('utf-8', 'replace')}".strip())


@contextmanager
def gateway(settings: Settings) -> Iterator[Gateway]:
    """A connection for one round.  Raises GatewayForbidden for an address outside of the list, OSError when out of reach."""
    address = allowed_address(settings)
    connection = CONNECTIONS[address.scheme](address.hostname, address.port, timeout=SECONDS_TO_ANSWER)
    target = f"{address.path or '/'}{'?' + address.query if address.query else ''}"
    try:
        connection.connect()
        yield Gateway(connection, target, settings.webhook_secret, f"{settings.base_url.rstrip('/')}/notices/")
    finally:
        connection.close()


def allowed_address(settings: Settings) -> SplitResult:
    """The gateway's address, if it is one we may speak to; else GatewayForbidden."""
    try:
        address = urlsplit(settings.webhook_url)
        named = {address.hostname or "", f"{address.hostname}:{address.port}"}
    except ValueError as error:
        raise GatewayForbidden(f"消息网关地址无效：{error}") from error
    if address.scheme not in CONNECTIONS or address.username is not None or address.password is not None:
        raise GatewayForbidden("消息网关地址须以http或https开头，且不含账号口令")
    if named.isdisjoint(settings.webhook_hosts):
        raise GatewayForbidden(f"消息网关主机“{address.hostname}”不在允许的主机名单内")
    if not settings.webhook_secret:
        raise GatewayForbidden("消息网关没有配置签名密钥")
    return address


def message_of(delivery: Delivery, *, link: str, now: datetime) -> bytes:
    """The message as JSON: to whom, what, and where to read on."""
    message = {
        "id": delivery.idempotency_key,
        "to": delivery.recipient,
        "kind": delivery.facts.get("kind", ""),
        "title": delivery.subject,
        "text": delivery.body,
        "link": link,
        "sent_at": now.isoformat(),
    }
    return json.dumps(message, ensure_ascii=False).encode()


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over "timestamp.body" in hex; the gateway recomputes it, and refuses old timestamps."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, "sha256").hexdigest()
