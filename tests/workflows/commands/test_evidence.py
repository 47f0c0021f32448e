"""Evidence is kept once, versioned, voided with a reason, and never handed out other than it was handed in."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from tests.people import recuse
from tests.scheduler.stories import publish
from tests.workflows.documents.office import EXE, PDF
from tests.workflows.engine.drawing import diagram, end, flows, start, user
from tests.workflows.situations import case_of, finding_of
from workflows.commands.evidence import DamagedFile, attach_file, read_file, void_file
from workflows.commands.stepping import start_instance
from workflows.database import atomic
from workflows.documents import file_store
from workflows.documents.file_types import FileRefused
from workflows.models import (
    Attachment,
    Finding,
    HistoryEntry,
    Incident,
    InspectionCase,
    ModelVersion,
    Notification,
    StoredFile,
    Task,
)
from workflows.policy import NotAllowed
from workflows.refusal import Refusal

REPORT = diagram(start(), user("look"), end(), flows("start>look>end"), process="report")


@pytest.fixture
def case_a(desk, region, now) -> int:
    return case_of(desk.sessions, region, now)


@pytest.fixture
def finding_a(desk, case_a) -> int:
    return finding_of(desk.sessions, case_a)


@pytest.fixture
def task_a(desk, region, case_a, finding_a, now) -> int:
    """The liaison of unit A has a task on the finding."""
    return _task(desk, case_a, finding_a, region.unit_a_id, now, role="unit_liaison")


def _task(desk, case_id, finding_id, unit_id, now, *, role) -> int:
    with desk.sessions() as session:
        known = session.scalar(select(ModelVersion.id).where(ModelVersion.process_id == "report"))
    if known is None:
        publish(desk, "report", REPORT, now)

    def begin(work) -> int:
        model = work.session.scalars(select(ModelVersion).where(ModelVersion.process_id == "report")).one()
        instance = start_instance(
            work, model=model, key=role, data={}, now=now, actor=None, case_id=case_id, finding_id=finding_id,
            unit_id=unit_id,
        )  # fmt: skip
        task = work.session.scalars(select(Task).where(Task.instance_id == instance.id)).one()
        task.role = role
        return task.id

    return desk.act(begin)


def attach(desk, actor, now, *, name="会议纪要.pdf", content=PDF, **subject) -> Attachment:
    return desk.act(attach_file, name=name, content=content, actor=actor, now=now, **subject)


def stored_files(desk) -> list[str]:
    return sorted(path.name for path in desk.files_dir.rglob("*") if path.is_file())


def test_a_file_on_a_task_belongs_to_its_finding_and_case(desk, region, task_a, case_a, finding_a, now):
    attachment = attach(desk, region.liaison, now, task_id=task_a)
    assert (attachment.task_id, attachment.finding_id, attachment.case_id) == (task_a, finding_a, case_a)
    assert (attachment.name, attachment.version_no) == ("会议纪要.pdf", 1)
    content = read_file(desk, attachment_id=attachment.id, actor=region.liaison, now=now)
    assert (content.content, content.media_type) == (PDF, "application/pdf")
    with desk.sessions() as session:
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "attach_file")).one()
        assert (entry.case_id, entry.details["sha256"]) == (case_a, attachment.sha256)


def test_the_same_bytes_are_kept_once(desk, region, finding_a, now):
    attach(desk, region.liaison, now, finding_id=finding_a, name="甲.pdf")
    attach(desk, region.liaison, now, finding_id=finding_a, name="乙.pdf")
    with desk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
        (digest,) = session.scalars(select(StoredFile.sha256))
    assert stored_files(desk) == [digest]
    assert file_store.path_of(desk.files_dir, digest).parent.parent.parent == desk.files_dir


def test_the_same_name_with_other_bytes_is_the_next_version(desk, region, finding_a, case_a, now):
    versions = [
        attach(desk, region.liaison, now, finding_id=finding_a, content=PDF + bytes([n])).version_no for n in range(3)
    ]
    assert versions == [1, 2, 3]
    again = attach(desk, region.liaison, now, finding_id=finding_a, content=PDF + bytes([2]))
    assert again.version_no == 3  # a repeated upload changes nothing
    assert attach(desk, region.liaison, now, case_id=case_a).version_no == 1


@pytest.mark.parametrize("person", ["liaison_b", "accountability", "designer", "admin", "auditor"])
def test_a_stranger_attaches_nothing_and_reads_nothing(desk, region, task_a, finding_a, now, person):
    attachment = attach(desk, region.liaison, now, task_id=task_a)
    stranger = region.actors[person]
    with pytest.raises(NotAllowed):
        attach(desk, stranger, now, task_id=task_a)
    with pytest.raises(NoResultFound):
        attach(desk, stranger, now, finding_id=finding_a)
    for attachment_id in (attachment.id, 999):
        with pytest.raises(NoResultFound):
            read_file(desk, attachment_id=attachment_id, actor=stranger, now=now)
    assert len(stored_files(desk)) == 1


def test_the_unit_does_not_read_what_supervision_attached_to_its_own_task(desk, region, case_a, finding_a, now):
    working = _task(desk, case_a, finding_a, region.unit_a_id, now, role="supervision_officer")
    attachment = attach(desk, region.officer, now, task_id=working)
    assert read_file(desk, attachment_id=attachment.id, actor=region.chief, now=now).content == PDF
    with pytest.raises(NoResultFound):
        read_file(desk, attachment_id=attachment.id, actor=region.liaison, now=now)


def test_a_verifier_reads_the_units_evidence_through_his_task(desk, region, task_a, case_a, finding_a, now):
    attachment = attach(desk, region.liaison, now, task_id=task_a)
    with pytest.raises(NoResultFound):
        read_file(desk, attachment_id=attachment.id, actor=region.verifier, now=now)
    _task(desk, case_a, finding_a, region.unit_a_id, now, role="verifier")
    assert read_file(desk, attachment_id=attachment.id, actor=region.verifier, now=now).content == PDF


def test_a_recused_person_reads_and_attaches_nothing(desk, region, task_a, finding_a, now):
    attachment = attach(desk, region.liaison, now, task_id=task_a)
    recused = recuse(desk.sessions, region, "officer", region.unit_a_id, now)
    with pytest.raises(NoResultFound):
        read_file(desk, attachment_id=attachment.id, actor=recused, now=now)
    with pytest.raises(NoResultFound):
        attach(desk, recused, now, finding_id=finding_a)


def test_before_the_feedback_the_unit_attaches_nothing(desk, region, case_a, now):
    with atomic(desk.sessions) as session:
        session.get_one(InspectionCase, case_a).status = "determining"
    with pytest.raises(NoResultFound):
        attach(desk, region.liaison, now, case_id=case_a)
    attach(desk, region.member, now, case_id=case_a)


def test_a_refused_file_leaves_nothing_behind(desk, region, finding_a, now):
    with pytest.raises(FileRefused):
        attach(desk, region.liaison, now, finding_id=finding_a, content=EXE)
    assert stored_files(desk) == []
    with desk.sessions() as session:
        assert session.scalars(select(Attachment)).all() == []


def test_a_path_in_the_name_leads_nowhere(desk, region, finding_a, now):
    attachment = attach(desk, region.liaison, now, finding_id=finding_a, name="..\\..\\web/纪要\r\n.pdf")
    assert attachment.name == "纪要.pdf"


def test_voiding_needs_a_reason_and_keeps_the_file_listed(desk, region, finding_a, now):
    attachment = attach(desk, region.liaison, now, finding_id=finding_a)
    with pytest.raises(Refusal, match="说明理由"):
        desk.act(void_file, attachment_id=attachment.id, reason=" ", actor=region.liaison, now=now)
    with pytest.raises(NotAllowed):
        desk.act(void_file, attachment_id=attachment.id, reason="传错", actor=region.principal, now=now)
    desk.act(void_file, attachment_id=attachment.id, reason="传错文件", actor=region.liaison, now=now)
    with pytest.raises(Refusal, match="已经作废"):
        desk.act(void_file, attachment_id=attachment.id, reason="再次", actor=region.chief, now=now)
    with desk.sessions() as session:
        kept = session.get_one(Attachment, attachment.id)
        assert (kept.voided_at, kept.void_reason) == (now, "传错文件")
    assert attach(desk, region.liaison, now, finding_id=finding_a).version_no == 2


def test_the_evidence_of_a_closed_finding_stays(desk, region, finding_a, now):
    attachment = attach(desk, region.liaison, now, finding_id=finding_a)
    with atomic(desk.sessions) as session:
        session.get_one(Finding, finding_a).status = "closed"
    with pytest.raises(Refusal, match="已销号"):
        desk.act(void_file, attachment_id=attachment.id, reason="传错", actor=region.chief, now=now)


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_damaged_bytes_are_refused_and_reported_once(desk, region, finding_a, now, damage):
    attachment = attach(desk, region.liaison, now, finding_id=finding_a)
    path = file_store.path_of(desk.files_dir, attachment.sha256)
    path.chmod(0o600)
    if damage == "changed":
        path.write_bytes(PDF.replace(b"obj", b"obX"))
    else:
        path.unlink()
    for _ in range(2):
        with pytest.raises(DamagedFile, match="校验未通过"):
            read_file(desk, attachment_id=attachment.id, actor=region.officer, now=now)
    with desk.sessions() as session:
        assert session.scalars(select(Incident)).one().element == f"file:{attachment.sha256}"
        told = session.scalars(select(Notification.user_id).where(Notification.kind == "incident")).all()
        assert told == [region.admin.user_id]
    attach(desk, region.liaison, now, finding_id=finding_a, name="重传.pdf")  # the same bytes mend the store
    assert read_file(desk, attachment_id=attachment.id, actor=region.officer, now=now).content == PDF


def test_a_digest_is_no_path(tmp_path):
    with pytest.raises(file_store.Damaged):
        file_store.load(tmp_path, "../../etc/passwd")
