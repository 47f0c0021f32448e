"""The message gateway: signed, once in effect, only to allowed hosts; what it never takes is set aside."""

import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from sqlalchemy import select

from scheduler.timetable import run_once
from scheduler.webhook import GatewayForbidden, allowed_address
from workflows.commands.notification_choice import choose_notification
from workflows.database import atomic
from workflows.models import Incident, OutboxItem
from workflows.policy.notification import KINDS
from workflows.records import notices
from workflows.settings import Settings

MINUTE = timedelta(minutes=1)
SECRET = "只在测试里用的签名密钥"


@dataclass
class MessageGateway:
    """A gateway as WeCom or DingTalk stand before the intranet: it takes a message once by its key."""

    port: int = 0
    taken: list[dict[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)  # said before it takes anything
    refused: set[str] = field(default_factory=set)  # titles it never takes


@pytest.fixture
def message_gateway() -> Iterator[MessageGateway]:
    known = MessageGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = known.answers.pop(0) if known.answers else 200
            status = 500 if json.loads(body)["title"] in known.refused else status
            known.keys.append(self.headers["Idempotency-Key"])
            known.headers.append(dict(self.headers))
            known.bodies.append(body)
            if status == 200:
                known.taken.append(json.loads(body))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write("已收".encode() if status == 200 else "暂不受理".encode())

        def log_message(self, *_: object) -> None:
            """A test server keeps quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def joined(settings: Settings, message_gateway: MessageGateway) -> Settings:
    """The settings of an installation with a gateway and no mail server."""
    return replace(
        settings, webhook_url=f"http://127.0.0.1:{message_gateway.port}/huitou?tenant=1", webhook_secret=SECRET,
        webhook_hosts=("127.0.0.1",),
    )  # fmt: skip


@pytest.fixture
def told(desk, region, now) -> int:
    """陆处长 wants messages, not mails, and has been told of a red letter."""
    ways = {kind: ["in_app", "webhook"] for kind in KINDS}
    desk.act(choose_notification, ways=ways, begins="20:00", ends="07:30", days_off=True, actor=region.chief, now=now)
    return tell(desk, region, now)


def tell(desk, region, now, title: str = "办理提示", kind: str = "process") -> int:
    with atomic(desk.sessions) as session:
        notices.notify(session, user_ids=[region.chief.user_id], kind=kind, title=title, body="请办理。", now=now)
        session.flush()
        return session.scalars(select(OutboxItem.id).order_by(OutboxItem.id.desc())).first()


def item(desk, item_id) -> OutboxItem:
    with desk.sessions() as session:
        return session.get_one(OutboxItem, item_id)


def test_a_message_reaches_the_gateway_signed(desk, told, joined, message_gateway, now):
    assert run_once(desk, joined, now)["deliver_outbox"] == 1
    (message,) = message_gateway.taken
    assert (message["to"], message["title"], message["text"]) == ("chief", "办理提示", "请办理。")
    assert message["link"] == "http://127.0.0.1:8000/notices/"
    headers, body = message_gateway.headers[0], message_gateway.bodies[0]
    stamp = headers["X-Huitou-Timestamp"]
    expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, "sha256").hexdigest()
    assert headers["X-Huitou-Signature"] == f"sha256={expected}"
    assert headers["Idempotency-Key"] == item(desk, told).idempotency_key == message["id"]
    assert run_once(desk, joined, now + MINUTE)["deliver_outbox"] == 0
    assert len(message_gateway.taken) == 1


@pytest.mark.parametrize("status", [302, 400, 429, 500, 503])
def test_what_is_not_taken_is_tried_again_under_the_same_key(desk, told, joined, message_gateway, now, status):
    message_gateway.answers[:] = [status]
    assert run_once(desk, joined, now)["deliver_outbox"] == 0
    assert item(desk, told).last_error.startswith(str(status))
    assert run_once(desk, joined, now + MINUTE)["deliver_outbox"] == 1
    assert len(set(message_gateway.keys)) == 1
    assert len(message_gateway.keys) == 2


def test_a_poison_message_is_set_aside_and_holds_nobody_up(desk, region, told, joined, message_gateway, now):
    message_gateway.refused.add("办理提示")
    tell(desk, region, now, title="第二件")
    moment, waits = now, []
    for _ in range(5):
        run_once(desk, joined, moment)
        waits.append(item(desk, told).next_at - moment)
        moment = item(desk, told).next_at
    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert item(desk, told).status == "failed"
    assert [message["title"] for message in message_gateway.taken] == ["第二件"]
    with desk.sessions() as session:
        incident = session.scalars(select(Incident)).one()
    assert (incident.kind, incident.element) == ("outbox", f"outbox:{told}")


def test_a_gateway_out_of_reach_is_one_incident(desk, told, joined, now):
    deaf = replace(joined, webhook_url="http://127.0.0.1:1/")
    for minute in range(20):
        run_once(desk, deaf, now + minute * MINUTE)
    assert (item(desk, told).status, item(desk, told).attempts) == ("pending", 0)
    run_once(desk, joined, now + 20 * MINUTE)
    assert item(desk, told).status == "sent"
    with desk.sessions() as session:
        outage = session.scalars(select(Incident)).one()
    assert outage.element == "channel:webhook"
    assert outage.resolved_at == now + 20 * MINUTE


@pytest.mark.parametrize(
    "change",
    [
        {"webhook_hosts": ()},
        {"webhook_hosts": ("gateway.example.org",)},
        {"webhook_hosts": ("127.0.0.1:1",)},
        {"webhook_url": "ftp://127.0.0.1/"},
        {"webhook_url": "http://name:word@127.0.0.1/"},
        {"webhook_url": "http://127.0.0.1:huitou/"},
        {"webhook_secret": ""},
    ],
)
def test_nothing_goes_to_an_address_that_is_not_allowed(desk, told, joined, message_gateway, now, change):
    with pytest.raises(GatewayForbidden):
        allowed_address(replace(joined, **change))
    run_once(desk, replace(joined, **change), now)
    assert message_gateway.taken == []
    assert item(desk, told).status == "pending"


def test_without_a_gateway_the_notice_in_the_system_is_enough(desk, told, settings, now):
    run_once(desk, settings, now)
    assert item(desk, told).status == "held"


def test_clocks_at_once_send_each_message_once(desk, region, told, joined, message_gateway, now):
    for number in range(11):
        tell(desk, region, now, title=f"第{number}件")
    with ThreadPoolExecutor(4) as clocks:
        list(clocks.map(lambda _: run_once(desk, joined, now), range(4)))
    assert len(message_gateway.keys) == len(set(message_gateway.keys)) == 12
