"""Sealed text: no table holds it, nobody sees the token, the cleared open it and every opening is written down (S13)."""

import json
import zlib

import pytest
from sqlalchemy import inspect, select, text

from tests.workflows.engine.drawing import diagram, end, files, flows, start, user
from tests.workflows.situations import case_of
from tests.workflows.studio.models import lane
from workflows.commands.publishing import publish_model
from workflows.commands.sealed_text import NothingSealed, open_sealed
from workflows.commands.stepping import start_instance
from workflows.commands.tasks import complete_task, save_draft
from workflows.engine import ModelFiles
from workflows.forms import InvalidForm, faults
from workflows.models import HistoryEntry, ModelVersion, Task
from workflows.policy import NotAllowed
from workflows.queries import task as task_query
from workflows.sealing import PREFIX, WORDS, BrokenSeal, Sealer

CASE_NO = "XR-12-04-001"
SECRET, ROW_SECRET = "举报人反映副职违规提拔亲属", "另有匿名信反映三处"
REPORT = {
    "type": "object",
    "title": "报送情况",
    "properties": {
        "body": {"type": "string", "title": "情况正文", "minLength": 4, "maxLength": 60},
        "items": {
            "type": "array",
            "title": "条目",
            "items": {
                "type": "object",
                "properties": {
                    "title": {"type": "string", "title": "事项"},
                    "text": {"type": "string", "title": "内容", "maxLength": 60},
                },
                "required": ["title", "text"],
            },
        },
    },
    "required": ["body"],
    "ui": {"widgets": {"body": "sealed", "items.text": "sealed"}},
}
AMEND = {
    "type": "object",
    "title": "补充情况",
    "properties": {"body": {"type": "string", "title": "情况正文", "minLength": 4, "maxLength": 60}},
    "required": ["body"],
    "ui": {"widgets": {"body": "sealed"}, "prefill": {"body": "body"}, "show": ["body", "items"]},
}


def model() -> ModelFiles:
    drawn = (start(), user("report", name="报送情况"), user("amend", name="补充情况"), end())
    more = {
        "words_json": json.dumps({"title": "报送", "lanes": {"监督处": "supervision_officer"}}),
        "forms__report_json": json.dumps(REPORT),
        "forms__amend_json": json.dumps(AMEND),
    }
    steps = lane("start", "report", "amend", "end")
    return files(diagram(steps, *drawn, flows("start>report>amend>end"), process="reporting"), "reporting", **more)


@pytest.fixture
def case_id(desk, region, now) -> int:
    """A case whose officer is asked to report something confidential."""
    case_id = case_of(desk.sessions, region, now, status="intel_collecting")
    desk.act(publish_model, files=model().files, process_id="reporting", actor=None, now=now)

    def begin(work):
        version = work.session.scalars(select(ModelVersion).where(ModelVersion.process_id == "reporting")).one()
        start_instance(work, model=version, key="R1", data={}, now=now, actor=None, case_id=case_id)

    desk.act(begin)
    return case_id


@pytest.fixture
def report(desk, case_id, region, now) -> int:
    """The officer has reported; the number of that task."""
    task_id = open_task(desk, "report")
    answer = {"body": SECRET, "items": [{"title": "匿名信", "text": ROW_SECRET}]}
    desk.act(complete_task, task_id=task_id, answer=answer, actor=region.officer, now=now)
    return task_id


def open_task(desk, element: str) -> int:
    with desk.sessions() as session:
        return session.scalars(select(Task.id).where(Task.element == element, Task.status == "open")).one()


def everything_stored(desk) -> str:
    """All rows of all tables as text, packed states unpacked."""
    engine = desk.sessions.kw["bind"]
    found = []
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                found += [_plain(value) for value in row]
    return "\n".join(found)


def _plain(value) -> str:
    if isinstance(value, bytes | memoryview):
        packed = bytes(value)
        unpacked = zlib.decompress(packed[4:]) if packed.startswith(b"HTK1") else packed
        value = unpacked.decode("utf-8", "replace")
    is_json = isinstance(value, str) and value.startswith(("[", "{"))
    return f"{value}\n{json.loads(value)}" if is_json else str(value)


def test_no_table_holds_the_clear_text(desk, report):
    stored = everything_stored(desk)
    assert "匿名信" in stored  # the probe reads answers, states and history
    assert stored.count(PREFIX) > 3
    assert SECRET not in stored
    assert ROW_SECRET not in stored


def test_a_draft_is_sealed_too_and_its_author_goes_on_typing(desk, case_id, region, now):
    task_id = open_task(desk, "report")
    answer = {"body": SECRET, "items": [{"title": "匿名信", "text": ROW_SECRET}]}
    desk.act(save_draft, task_id=task_id, answer=answer, actor=region.officer, now=now)
    assert SECRET not in everything_stored(desk)
    assert ROW_SECRET not in everything_stored(desk)
    with desk.sessions() as session:
        mine = task_query.view(session, region.officer, task_id, now=now, sealer=desk.sealer)
        assert mine.answer == answer
        unopened = task_query.view(session, region.officer, task_id, now=now)
        assert unopened.answer["body"] == WORDS


def test_a_token_typed_into_a_draft_is_not_opened(desk, report, case_id, region, now):
    with desk.sessions() as session:
        token = session.get_one(Task, report).answer["body"]
    task_id = open_task(desk, "amend")
    desk.act(save_draft, task_id=task_id, answer={"body": token}, actor=region.officer, now=now)
    with desk.sessions() as session:
        view = task_query.view(session, region.officer, task_id, now=now, sealer=desk.sealer)
    assert SECRET not in str(view.answer)


def test_pages_and_api_show_words_for_the_token(desk, report, region, now):
    with desk.sessions() as session:
        view = task_query.view(session, region.officer, open_task(desk, "amend"), now=now, sealer=desk.sealer)
        done = task_query.view(session, region.officer, report, now=now, sealer=desk.sealer)
    assert view.answer == {"body": WORDS}
    for part in (view.given, [piece.value for piece in view.shown], done.answer):
        assert WORDS in str(part)
        assert PREFIX not in str(part)
        assert SECRET not in str(part)


def test_a_sealed_field_left_as_it_was_keeps_its_text(desk, report, region, now):
    task_id = open_task(desk, "amend")
    desk.act(complete_task, task_id=task_id, answer={"body": WORDS}, actor=region.officer, now=now)
    opened = desk.act(
        open_sealed, case_no=CASE_NO, kind="task", row_id=task_id, path="body", actor=region.chief, now=now
    )
    assert opened == SECRET


def test_length_is_checked_on_the_clear_text(desk, case_id, region, now):
    task_id = open_task(desk, "report")
    with pytest.raises(InvalidForm) as long:
        desk.act(complete_task, task_id=task_id, answer={"body": "过" * 61}, actor=region.officer, now=now)
    assert set(long.value.problems) == {"body"}
    assert "过过" not in str(long.value)
    desk.act(complete_task, task_id=task_id, answer={"body": "过" * 60}, actor=region.officer, now=now)


def test_the_words_are_no_text_where_nothing_was_sealed(desk, case_id, region, now):
    task_id = open_task(desk, "report")
    answer = {"body": SECRET, "items": [{"title": "匿名信", "text": WORDS}]}
    with pytest.raises(InvalidForm, match="重新填写"):
        desk.act(complete_task, task_id=task_id, answer=answer, actor=region.officer, now=now)


@pytest.mark.parametrize("name", ["leader", "member", "chief", "officer", "deputy"])
def test_the_cleared_open_it_and_the_case_remembers(desk, report, region, now, name):
    actor = region.actors[name]
    at = {"case_no": CASE_NO, "kind": "task", "row_id": report, "actor": actor, "now": now}
    assert desk.act(open_sealed, path="items.0.text", **at) == ROW_SECRET
    with desk.sessions() as session:
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "open_sealed")).one()
        case_id = session.get_one(Task, report).case_id
    assert (entry.case_id, entry.actor_id, entry.denied) == (case_id, actor.user_id, False)
    assert ROW_SECRET not in everything_stored(desk)


@pytest.mark.parametrize(
    "name", ["liaison", "principal", "verifier", "admin", "designer", "tour_leader", "discipline"]
)
def test_others_are_denied_and_the_case_remembers(desk, report, region, now, name):
    actor = region.actors[name]
    with pytest.raises(NotAllowed, match="已记录"):
        desk.act(open_sealed, case_no=CASE_NO, kind="task", row_id=report, path="body", actor=actor, now=now)
    with desk.sessions() as session:
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "open_sealed")).one()
        case_id = session.get_one(Task, report).case_id
    assert (entry.case_id, entry.actor_id, entry.denied) == (case_id, actor.user_id, True)


def test_no_case_is_refused_like_a_foreign_one(desk, region, now):
    with pytest.raises(NotAllowed, match="已记录"):
        desk.act(open_sealed, case_no="XR-99-99-001", kind="task", row_id=1, actor=region.liaison, now=now)


def test_a_record_of_another_case_is_not_opened_through_this_one(desk, report, region, now):
    case_of(desk.sessions, region, now, unit_id=region.unit_b_id, no="XR-12-04-002")
    with pytest.raises(NothingSealed):
        desk.act(
            open_sealed, case_no="XR-12-04-002", kind="task", row_id=report, path="body", actor=region.chief, now=now
        )


@pytest.mark.parametrize("path", ["", "nothing", "items", "items.7.text", "items.0.title", "body.0"])
def test_places_without_sealed_text(desk, report, region, now, path):
    with pytest.raises(NothingSealed):
        desk.act(open_sealed, case_no=CASE_NO, kind="task", row_id=report, path=path, actor=region.chief, now=now)


def test_a_former_secret_still_opens_and_a_foreign_one_does_not():
    token = Sealer("former").seal(SECRET)
    assert Sealer("present", "former").open(token) == SECRET
    with pytest.raises(BrokenSeal):
        Sealer("foreign").open(token)
    assert Sealer("former").seal(SECRET) != token


def test_only_text_can_be_sealed():
    broken = json.loads(json.dumps(REPORT))
    broken["properties"]["body"]["type"] = "integer"
    assert any("密文" in fault for fault in faults(broken))
    assert faults(REPORT) == []
