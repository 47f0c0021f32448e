"""Several people at one draft: nobody issues what he has written a part of, nor what he has not read."""

import pytest

from tests.workflows.operations.story import Story
from workflows.commands import documents
from workflows.commands.documents import DocumentRefused
from workflows.policy import Actor, Holding, NotAllowed

TYPED = {"assessment": "选人用人工作总体规范。", "addressee": "澜城区委"}


@pytest.fixture
def story(desk, region, now) -> Story:
    return Story(desk, region, now).registered({}).told().owned().planned()


@pytest.fixture
def document(story):
    """A letter drafted by the officer."""
    return _act(story, documents.draft_document, "officer", case_no=story.case().case_no, kind="feedback_letter",
                subject_no=story.case().case_no, typed=TYPED)  # fmt: skip


def _act(story: Story, command, who: str, **given):
    return story.desk.act(command, actor=story.region.actors[who], now=story.now, **given)


def test_who_has_written_a_part_does_not_issue_though_another_wrote_last(story, document):
    chief = story.region.chief
    roles = (Holding("supervision_chief", "region"), Holding("supervision_officer", "region"))
    story.region.actors["chief"] = Actor(chief.user_id, chief.name, chief.unit_id, roles)
    _act(story, documents.revise_document, "chief", document_id=document.id, typed=TYPED | {"assessment": "我写的。"})
    _act(story, documents.revise_document, "officer2", document_id=document.id, typed=TYPED)
    with pytest.raises(NotAllowed, match="起草人不得印发"):
        _act(story, documents.issue_document, "chief", document_id=document.id)


def test_a_draft_changed_after_it_was_read_is_not_issued_and_not_overwritten(story, document):
    read = documents.mark_of(document)
    _act(story, documents.revise_document, "officer2", document_id=document.id, seen=read,
         typed=TYPED | {"assessment": "另有问题。"})  # fmt: skip
    with pytest.raises(DocumentRefused, match="又有修改"):
        _act(story, documents.issue_document, "chief", document_id=document.id, seen=read)
    with pytest.raises(DocumentRefused, match="又有修改"):
        _act(story, documents.revise_document, "officer", document_id=document.id, seen=read, typed=TYPED)
    now = _act(story, documents.revise_document, "officer", document_id=document.id, typed=TYPED)
    assert _act(story, documents.issue_document, "chief", document_id=document.id, seen=documents.mark_of(now)).number
