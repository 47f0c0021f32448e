"""The risk page: each person sees the deadlines of his own cases, and the hint is gone once it no longer applies."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from workflows.commands import forecast as commands
from workflows.forecast.fitting import fit
from workflows.forecast.past import Change, Course, Past
from workflows.models import Deadline, DeadlineForecast, ForecastVersion
from workflows.workdays import seed_calendar

START = datetime(2024, 1, 1, tzinfo=UTC)


def weights():
    """A set fitted from deadlines of which every third was late."""
    courses = [
        Course(
            key, "D4", "单项整改时限", f"unit:{key % 5}", f"finding:{key}", 2, opened := START + timedelta(days=key),
            (Change(opened, opened + timedelta(days=30), False, 0),), opened + timedelta(days=40 if key % 3 == 0 else 27),
        )
        for key in range(400)
    ]  # fmt: skip
    end = START + timedelta(days=500)
    return fit(Past(courses, acts={}, returns={}, calendar=seed_calendar(), now=end).snapshots(), end)


def test_a_person_sees_the_risks_of_his_own_cases_as_a_hint(visit, rectifying, desk):
    now = rectifying.now
    desk.act(commands.keep_version, fitted=weights(), tested=None, actor=None, now=now)
    known = commands.read_past(desk, now)
    assert commands.reckon_forecasts(desk, known) > 0
    with desk.sessions() as session:
        risky = session.scalars(select(DeadlineForecast.deadline_id)).first()
        subject = session.get_one(Deadline, risky).subject_no
    for name in ("chief", "liaison"):
        page = visit(name).get("/forecast/").text
        assert subject in page, name
        assert "不作为结论" in page
    assert subject not in visit("liaison_b").get("/forecast/").text
    page = visit("chief").get(f"/deadlines/{risky}").text
    assert "可能逾期" in page
    assert "不作为结论" in page


def test_the_clock_does_not_forecast_from_too_little_past(rectifying, desk):
    assert commands.renew_forecasts(desk, now=rectifying.now) == 0
    with desk.sessions() as session:
        assert session.scalars(select(ForecastVersion)).all() == []
