"""G15: a superior regulation changes; every dependant is asked, each ends in a new state or version, down to the unit."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from huitou.demo.regulating import LIBRARY, SUPERIOR, stock_library
from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin
from workflows.database import atomic
from workflows.models import InstitutionCheck, InstitutionDoc, Task
from workflows.records import institutions

TOP = "ZD-2019-0001"
YEARS = [year for _, year, _ in LIBRARY]  # numbered afresh each year, as the register does
SELECTION, SUPERVISION, RECORD, JOINT, SHARING = (
    f"ZD-{year}-{YEARS[: place + 1].count(year):04d}" for place, year in enumerate(YEARS)
)
UNIT_OWN = "ZD-2025-0099"


@pytest.fixture
def told(begin: Begin) -> Told:
    """The demo's library, and unit A's own rules under the joint meeting's."""
    told = begin()
    with atomic(told.desk.sessions) as session:
        stock_library(session, told.clock.now())
        session.add(
            InstitutionDoc(
                doc_no=UNIT_OWN, title="澜城区联席会议细则", level="unit", unit_id=told.region.unit_a_id,
                issuing_body="澜城区", status="in_force", created_at=told.clock.now(),
                parent_ids=[institutions.find(session, JOINT).id],
            )
        )  # fmt: skip
        session.flush()
        institutions.add_version(
            session, institutions.find(session, UNIT_OWN), action="new", issue_no="澜组发〔2025〕3号",
            issuing_body="澜城区", issued_on=date(2025, 3, 3), effective_on=date(2025, 3, 3), text="细则全文共十条。",
            now=told.clock.now(),
        )  # fmt: skip
    return told


def standing(told: Told) -> dict[str, tuple[str, int]]:
    """State and number of versions of every institution."""
    with told.desk.sessions() as session:
        docs = session.scalars(select(InstitutionDoc))
        return {doc.doc_no: (doc.status, len(doc.versions)) for doc in docs}


def does_for(told: Told, who: str, element: str, doc_no: str, **facts: Any) -> None:
    """Somebody does the task of this element that is about one institution."""
    task = next(task for task in tasks(told, element) if task.context["doc_no"] == doc_no)
    caller = told.caller(who)
    caller.call("post", f"/tasks/{task.id}/claim")
    done = caller.call("post", f"/tasks/{task.id}/completion", json={"answer": told.answer(task, facts)})
    assert done.status_code == 200, done.json


def tasks(told: Told, element: str) -> list[Task]:
    """The open tasks of this element, oldest first."""
    waiting = select(Task).where(Task.status == "open", Task.element == element).options(undefer(Task.context))
    with told.desk.sessions() as session:
        return list(session.scalars(waiting.order_by(Task.id)))


def starts(told: Told, who: str, process: str) -> None:
    page = f"/processes/{process}"
    assert told.browser(who).submits(page, f"{page}/instances").status_code == 302


def changed(told: Told, doc_no: str) -> None:
    """The change of an institution under way, from its draft to its issue."""
    does_for(told, "policy", "draft", doc_no)
    does_for(told, "policy", "collect_opinions", doc_no)
    does_for(told, "deputy", "review_draft", doc_no)
    does_for(told, "council", "deliberate", doc_no)
    does_for(told, "policy", "issue", doc_no)


def test_a_superior_change_reaches_every_dependant(told: Told) -> None:
    before = standing(told)
    starts(told, "policy", "institution")
    told.as_("policy").does("propose", changed=[TOP])
    told.as_("policy").does("register_superior")
    assert standing(told)[TOP] == ("in_force", 2)
    asked = {task.context["doc_no"] for task in tasks(told, "compare")}
    assert asked == {SELECTION, SUPERVISION, RECORD, JOINT, SHARING}, "all children, once each"
    assert "待对照" in told.browser("policy").reads(f"/institutions/{JOINT}")

    outcomes = {SELECTION: "keep", SUPERVISION: "keep", RECORD: "amend", JOINT: "amend", SHARING: "repeal"}
    for doc_no, outcome in outcomes.items():
        does_for(told, "policy", "compare", doc_no, outcome=outcome)
    assert standing(told)[JOINT] == ("amending", before[JOINT][1])
    for doc_no in (RECORD, JOINT, SHARING):
        changed(told, doc_no)
    now = standing(told)
    assert {doc_no: now[doc_no] for doc_no in (RECORD, JOINT, SHARING)} == {
        RECORD: ("in_force", 2), JOINT: ("in_force", 2), SHARING: ("repealed", 3),
    }  # fmt: skip
    assert [task.context["doc_no"] for task in tasks(told, "compare_by_unit")] == [UNIT_OWN]
    told.as_("liaison").does("compare_by_unit", outcome="amend")
    told.as_("liaison").does("register_version")
    assert standing(told)[UNIT_OWN] == ("in_force", 2)
    assert SUPERIOR in told.browser("liaison").reads(f"/institutions/{JOINT}")
    told.is_sound()


def test_half_a_year_later_the_execution_is_checked(told: Told) -> None:
    starts(told, "policy", "institution")
    told.as_("policy").does("propose", actions={RECORD: "amend"})
    changed(told, RECORD)
    told.clock.stands_still_until("2027-03-01")
    assert "check_execution" not in told.waiting
    told.clock.stands_still_until("2027-03-02")
    told.as_("policy").does("check_execution", check={"unit_code": "QL-LC", "deviation": "discount"})
    told.clock.stands_still_until("2027-04-03")
    told.as_("liaison").does("correct")
    told.as_("policy").does("verify_correction")
    with told.desk.sessions() as session:
        check = session.scalars(select(InstitutionCheck)).one()
    assert (check.deviation, str(check.done_on)) == ("discount", "2027-04-03")
    assert "打折扣" in told.browser("chief").reads(f"/institutions/{RECORD}")
    told.is_sound()
