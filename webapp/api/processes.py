"""Processes by API: which ones a person may start by hand, and starting one."""

from flask import Blueprint

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import ProcessList, ProcessShape, Start, Started
from workflows.commands import opening
from workflows.queries import cases, processes

bp = Blueprint("processes", __name__)


@bp.get("/processes")
@open_to(SIGNED_IN)
@document.validate(resp=gives(ProcessList), tags=["流程"])
def list_processes() -> Answer:
    """本人可以发起、不依附个案的流程"""
    return _shown(None)


@bp.get("/cases/<case_no>/processes")
@open_to(SIGNED_IN)
@document.validate(resp=gives(ProcessList), tags=["流程"])
def list_of_case(case_no: str) -> Answer:
    """本人可以在该案上发起的流程"""
    return _shown(case_no)


@bp.post("/processes/<process_id>/instances")
@open_to(SIGNED_IN)
@document.validate(tags=["流程"], resp=gives(Started))
def start(process_id: str, json: Start) -> Answer:
    """发起流程；以个案为对象的流程须给出 case_no"""
    started = current.desk().act(
        opening.start_process, process_id=process_id, case_no=json.case_no, actor=current.actor(), now=current.now()
    )
    return Started(id=started.id, process=started.process_id, key=started.key).model_dump(mode="json")


def _shown(case_no: str | None) -> Answer:
    session, actor = current.session(), current.actor()
    case = cases.find(session, actor, case_no) if case_no else None
    rows = [
        ProcessShape(process=row.process_id, title=row.title) for row in processes.startable(session, actor, case)
    ]
    return ProcessList(processes=rows).model_dump(mode="json")
