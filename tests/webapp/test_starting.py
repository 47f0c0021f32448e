"""发起 with an impatient hand: two clicks begin one process, two decisions begin two."""

from sqlalchemy import func, select

from workflows.models import ProcessInstance

INTAKE = "/processes/approved_case_intake/instances"


def test_a_second_click_leads_to_what_the_first_has_begun(visit, story, desk):
    officer = visit("officer")
    first = officer.post(INTAKE).headers["Location"]
    assert officer.post(INTAKE).headers["Location"] == first
    assert visit("officer2").post(INTAKE).headers["Location"] != first
    story.later(minutes=1)
    assert officer.post(INTAKE).headers["Location"] != first
    with desk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(ProcessInstance)) == 3
