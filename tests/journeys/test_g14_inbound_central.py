"""G14: the central tour's feedback on the region itself, divided, rectified, reported upwards, and its year assessed."""

from sqlalchemy import select

from tests.journeys.conftest import Begin
from workflows.models import AssessmentReference, Circular, InboundDocument, InspectionCase


def test_the_superiors_findings_live_and_end_like_our_own(begin: Begin) -> None:
    told = begin()
    page = "/processes/inbound_rectification"
    assert told.browser("officer").submits(page, f"{page}/instances").status_code == 302
    told.as_("officer").does("register_inbound")
    told.as_("officer").does("assign_units")
    with told.desk.sessions() as session:
        case = session.scalars(select(InspectionCase)).one()
        told.case_no = case.case_no
        assert session.scalars(select(Circular)).all() == [], "no circular of our own"
    assert (case.source_level, told.case()["open"]) == ("central_tour", 2)
    assert told.deadline("T10")["due_at"] == "2026-09-21T16:00:00Z"
    told.as_("principal").does("accept_inbound")
    told.planned()
    assert told.ledger_row("F02")["finding_no"] == told.no("F02")
    assert told.deadline("D4", "F01")["is_paused"] is False

    told.clock.stands_still_until("2026-10-01")
    told.as_("officer").does("report_upwards")
    told.closed("F01", "F02")
    told.reported()
    told.clock.stands_still_until("2027-01-01")
    told.as_("officer").does("report_upwards")
    with told.desk.sessions() as session:
        document = session.scalars(select(InboundDocument)).one()
    assert [(report["sent_on"], report["open"]) for report in document.reports] == [
        ("2026-10-01", 2),
        ("2027-01-01", 0),
    ]
    assert document.closed_at == told.clock.now()

    told.as_("chief").does("check_references")
    told.as_("deputy").does("approve_references")
    told.as_("assessment").does("record_adoption")
    with told.desk.sessions() as session:
        sheet = session.scalars(select(AssessmentReference)).one()
    assert (sheet.year, sheet.grade, sheet.adopted) == (2026, "good", True)
    assert told.case_no in told.browser("assessment").reads("/annual/2026")
    told.is_sound()
