"""A database with the register installed, one process published and one officer, for measuring."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from workflows import migrations
from workflows.assembly import build_desk
from workflows.commands.desk import Desk, Work
from workflows.commands.installing import install_register
from workflows.commands.publishing import publish_model
from workflows.models import Grant, Task, Unit, User
from workflows.policy import Actor
from workflows.queries.people import actor_of
from workflows.settings import ROOT, Settings

NOW = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="bench">'
    '<bpmn:process id="{process}" name="测速" isExecutable="true">'
    '<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="经办人">{lane}</bpmn:lane></bpmn:laneSet>'
    "{body}</bpmn:process></bpmn:definitions>"
)
FORM = '{"type": "object", "title": "办理", "properties": {"comment": {"type": "string", "title": "意见"}}}'.encode()
WORDS = '{"title": "测速", "lanes": {"经办人": "supervision_officer"}}'.encode()


@dataclass(frozen=True)
class Ground:
    """What a measurement stands on."""

    desk: Desk
    settings: Settings
    officer: Actor

    def open_task(self) -> int:
        """The id of the newest open task."""
        with self.desk.sessions() as session:
            return session.scalars(
                select(Task.id).where(Task.status == "open").order_by(Task.id.desc()).limit(1)
            ).one()


def prepare_ground(folder: Path, process_id: str, diagram: bytes) -> Ground:
    """A fresh database in `folder` with the process published."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'bench.db'}", secret_key="bench", bpmn_dir=ROOT / "bpmn",
        files_dir=folder / "files", smtp_host="", smtp_port=25, mail_from="bench@example.org",
        base_url="http://127.0.0.1", secure_cookies=False, demo=False,
    )  # fmt: skip
    desk = build_desk(settings)
    migrations.upgrade(desk.sessions.kw["bind"])
    desk.act(install_register, now=NOW)
    forms = {f"forms/{task}.json": FORM for task in re.findall(r'<bpmn:userTask id="(\w+)"', diagram.decode())}
    files = {f"{process_id}.bpmn": diagram, "words.json": WORDS, **forms}
    desk.act(publish_model, files=files, process_id=process_id, actor=None, now=NOW)
    user_id = desk.act(_officer)
    with desk.sessions() as session:
        officer = actor_of(session, user_id, NOW)
    assert officer is not None
    return Ground(desk, settings, officer)


def diagram_of(process: str, nodes: list[str], flows: list[tuple[str, str, str]], elements: str) -> bytes:
    """A diagram in one lane; flows are (source, target, condition or "")."""
    lane = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
    lines = "".join(
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="{source}" targetRef="{target}">'
        + (f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else "")
        + "</bpmn:sequenceFlow>"
        for n, (source, target, condition) in enumerate(flows)
    )
    return _HEAD.format(process=process, lane=lane, body=elements + lines).encode()


def _officer(work: Work) -> int:
    home = Unit(code="ORG", name="组织部", kind="org_department")
    work.session.add(home)
    work.session.flush()
    user = User(login="officer", staff_no="B0001", name="测速员", unit_id=home.id, password_hash="-")
    user.grants = [Grant(role="supervision_officer", scope="region", scope_id=0)]
    work.session.add(user)
    work.session.flush()
    return user.id
