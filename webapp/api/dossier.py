"""The dossier and the checklist of a case by API; bodies of confidential items stay closed, notes can be added."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint
from pydantic import Field

from webapp import current
from webapp.access import open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import Shape
from workflows.commands import dossier as commands
from workflows.policy.clearance import DOSSIER_READERS
from workflows.queries import dossier
from workflows.sealing import masked

bp = Blueprint("dossier", __name__)


class StepShape(Shape):
    """One step of the preparation."""

    title: str
    rule: str
    is_done: bool


class ItemShape(Shape):
    """One item of intelligence."""

    id: int
    title: str
    occurred_on: date
    body: str
    reliability: str
    first_hand: bool
    outside_window: bool
    selection_related: bool


class SourceShape(Shape):
    """One source with what it was asked and what came in."""

    code: str
    name: str
    confidential: bool
    status: str
    due_at: datetime | None
    items: list[ItemShape]


class NoteShape(Shape):
    """A dated note."""

    at: datetime
    by: str
    source: str
    text: str


class FocusShape(Shape):
    """A focus of the signed analysis and the determined findings it led to."""

    text: str
    category: str
    findings: list[str]


class DossierShape(Shape):
    """A dossier."""

    case_no: str
    status: str
    window_start: date | None
    percent: int
    steps: list[StepShape]
    sources: list[SourceShape]
    baseline: dict[str, float | None]
    missing: list[str]
    focus: list[FocusShape]
    hit_rate: float | None
    notes: list[NoteShape]


class ChecklistLine(Shape):
    """One item of the checklist; `compared`: same, dropped or own."""

    code: str
    section: str
    text: str
    category: str
    compared: str
    dropped_reason: str
    answer: str


class ChecklistShape(Shape):
    """A unit's checklist beside the template."""

    case_no: str
    template_size: int
    own: int
    dropped: int
    covered: int
    due: int
    lines: list[ChecklistLine]


class NewNote(Shape):
    """补充活情况."""

    source: str = Field(max_length=120)
    text: str = Field(max_length=2000)


@bp.get("/cases/<case_no>/dossier")
@open_to(*DOSSIER_READERS)
@document.validate(resp=gives(DossierShape), tags=["案卷"])
def get_dossier(case_no: str) -> Answer:
    """案卷：准备进度、各来源情况、底数表、重点命中、活情况"""
    view = dossier.dossier(current.session(), current.actor(), case_no)
    return DossierShape(
        case_no=view.case.case_no,
        status=view.case.status,
        window_start=view.window_start,
        percent=view.percent,
        steps=[StepShape(title=step.title, rule=step.rule, is_done=step.is_done) for step in view.steps],
        sources=[_source(tab) for tab in view.sources],
        baseline={row.name: row.value for row in view.metrics},
        missing=list(view.missing),
        focus=[FocusShape(text=hit.text, category=hit.category, findings=list(hit.findings)) for hit in view.hits],
        hit_rate=view.hit_rate,
        notes=[NoteShape(at=note.at, by=note.by.name, source=note.source, text=note.text) for note in view.notes],
    ).model_dump(mode="json")


@bp.post("/cases/<case_no>/dossier/notes")
@open_to(*DOSSIER_READERS)
@document.validate(tags=["案卷"], resp=gives(NoteShape))
def add_note(case_no: str, json: NewNote) -> Answer:
    """补充活情况，至检查组离点为止"""
    actor, now = current.actor(), current.now()
    note = current.desk().act(
        commands.add_note, case_no=case_no, source=json.source, text=json.text, actor=actor, now=now
    )
    return NoteShape(at=note.at, by=actor.name, source=note.source, text=note.text).model_dump(mode="json")


@bp.get("/cases/<case_no>/checklist")
@open_to(*DOSSIER_READERS)
@document.validate(resp=gives(ChecklistShape), tags=["案卷"])
def get_checklist(case_no: str) -> Answer:
    """检查清单，逐条与模板比较"""
    view = dossier.checklist(current.session(), current.actor(), case_no)
    return ChecklistShape(
        case_no=view.case.case_no, template_size=view.template_size, own=view.own, dropped=view.dropped,
        covered=view.covered, due=view.due, lines=[_line(line) for line in view.lines],
    ).model_dump(mode="json")  # fmt: skip


def _line(line: dossier.Line) -> ChecklistLine:
    item = line.item
    return ChecklistLine(
        code=item.code, section=item.section, text=item.text, category=item.category, compared=line.kind,
        dropped_reason=item.dropped_reason, answer=item.answer,
    )  # fmt: skip


def _source(tab: dossier.SourceTab) -> SourceShape:
    request = tab.request
    return SourceShape(
        code=tab.code, name=tab.name, confidential=tab.confidential, status=request.status if request else "",
        due_at=request.due_at if request else None, items=[ItemShape(**_item(row)) for row in tab.items],
    )  # fmt: skip


def _item(row: Any) -> dict[str, Any]:
    return {name: masked(getattr(row, name)) for name in ItemShape.model_fields}
