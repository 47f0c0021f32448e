"""The wall's numbers are its lists' lengths; the Gantt scale counts working days; both ask a fixed number of questions."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select

from workflows.models import Deadline, Finding
from workflows.queries import finding_filters, findings, gantt, unit_profile, wall_chart
from workflows.queries.finding_filters import Filters
from workflows.records import calendars
from workflows.workdays import local_date


@pytest.fixture
def calendar(session):
    return calendars.in_force(session)


def length(session, actor, now, **asked):
    return findings.findings(session, actor, Filters(**asked), now=now).total


def test_each_number_on_the_wall_is_the_length_of_its_list(session, rectifying, region, now):
    due = session.scalars(select(func.min(Deadline.due_at)).where(Deadline.rule == "D4")).one()
    for moment in (now, due + timedelta(days=1)):
        chart = wall_chart.wall_chart(session, region.chief, Filters(status="open"), now=moment)
        for light, number in chart.lights.items():
            assert number == length(session, region.chief, moment, status="open", light=light), light
        marks = [mark for line in chart.lines for row in line.marks.values() for mark in row]
        assert len(marks) == sum(chart.lights.values()) == 2
        for group in chart.groups:
            assert group.open == length(session, region.chief, moment, status="open", city=group.city_id)
            assert group.red == length(session, region.chief, moment, status="open", city=group.city_id, light="red")
            for line in group.lines:
                assert line.open == length(session, region.chief, moment, status="open", unit_id=line.unit_id)


def test_a_unit_that_nobody_showed_stays_hidden(session, rectifying, region, now):
    chart = wall_chart.wall_chart(session, region.liaison_b, Filters(status="open"), now=now)
    assert (chart.units, chart.lines, chart.pages) == (0, [], 1)
    assert gantt.overview(session, region.liaison_b, Filters(status="open"), now=now).bars == []
    assert gantt.rows(session, region.liaison_b, now=now, unit_id=1).bars == []


@pytest.mark.parametrize("asked", [0, 1, 7])
def test_a_page_beyond_the_last_is_the_last(session, rectifying, region, now, asked):
    chart = wall_chart.wall_chart(session, region.chief, Filters(status="open"), now=now, page=asked, size=1)
    assert 1 <= chart.page <= chart.pages
    assert len(chart.lines) == 1


def test_the_number_of_statements_does_not_grow_with_the_findings(desk, session, rectifying, region, now):
    asked: list[str] = []
    case_no = rectifying.case().case_no

    def note(*given):
        asked.extend([] if given[2].startswith("BEGIN") else [given[2]])

    bind = desk.sessions.kw["bind"]
    event.listen(bind, "before_cursor_execute", note)
    try:
        wall_chart.wall_chart(session, region.chief, Filters(status="told"), now=now)
        assert len(asked) == 2
        asked.clear()
        gantt.overview(session, region.chief, Filters(status="told"), now=now)
        assert len(asked) == 2
        asked.clear()
        gantt.rows(session, region.chief, now=now, case_no=case_no)
        assert len(asked) == 3
    finally:
        event.remove(bind, "before_cursor_execute", note)


def bar(begins: date, due: date, **more) -> gantt.Bar:
    given = {"light": "none", "extended_to": due, "done": None, "pauses": ()} | more
    return gantt.Bar("单位", 1, "A", "A-F01", "事项", begins=begins, due=due, **given)


@pytest.mark.parametrize("zoom", sorted(gantt.ZOOMS))
def test_equal_numbers_of_working_days_are_about_equally_long(calendar, now, zoom):
    today = local_date(now)
    scale = gantt.scale([bar(today, today + timedelta(days=60))], calendar, now=now, zoom=zoom)
    work, rest = gantt.ZOOMS[zoom]
    day = scale.first
    while day <= scale.last:
        width = scale.right(day) - scale.left(day)
        assert width == (work if calendar.is_workday(day) else rest), day
        assert scale.day_at(scale.left(day)) == day
        day += timedelta(days=1)
    assert scale.left(today) < scale.width
    assert scale.left(scale.first - timedelta(days=90)) == 0
    assert scale.left(scale.last + timedelta(days=90)) == scale.width


def test_shades_cover_the_days_off_and_nothing_else(calendar, now):
    today = local_date(now)
    scale = gantt.scale([bar(today, today + timedelta(days=200))], calendar, now=now, zoom="month")
    shaded = {
        first + timedelta(days=number)
        for _, _, first, last in scale.shades()
        for number in range((last - first).days + 1)
    }
    days = [scale.first + timedelta(days=number) for number in range(len(scale.off))]
    assert shaded == {day for day in days if not calendar.is_workday(day)}
    assert sum(width for _, width, _ in scale.months()) == scale.width


def test_an_extension_and_a_pause_are_in_the_row(session, rectifying, region, now):
    limit = session.scalars(select(Deadline).where(Deadline.rule == "D4").order_by(Deadline.id)).first()
    limit.due_at += timedelta(days=14)
    session.flush()
    found = gantt.rows(session, region.chief, now=now, case_no=rectifying.case().case_no)
    row = next(each for each in found.bars if each.deadline_id == limit.id)
    assert row.is_finding
    assert (row.extended_to - row.due).days == 14
    assert found.total == len(found.bars)
    assert [each.is_finding for each in found.bars] == sorted(each.is_finding for each in found.bars)


@pytest.mark.parametrize("status", ["open", "settled", "told"])
def test_the_dossiers_numbers_are_the_lengths_of_their_lists(session, rectifying, region, now, status):
    unit = rectifying.case().unit_id
    unit_row = session.get_one(unit_profile.Unit, unit)
    first = session.scalars(select(Finding).order_by(Finding.id)).first()
    if status == "settled":
        first.status, first.closed_at, first.recurrence_count = "closed", now, 1
        session.flush()
    found = unit_profile.profile(session, region.chief, unit_row, now=now)
    for figure in found.findings:
        asked = {name: value for name, value in figure.asks.items() if name != "recurring"}
        for year in found.years:
            number = length(
                session, region.chief, now, unit_id=unit, year=year, recurring="recurring" in figure.asks, **asked
            )
            assert number == figure.numbers.get(year, 0), (figure.words, year)
    assert found.findings[0].total == 2
    for name, figures in found.sections.items():
        for figure in figures:
            for year in (*found.years, None):
                rows = unit_profile.behind(
                    session, region.chief, unit_row, name, now=now, year=year, group=figure.asks.get("group", "")
                )
                assert len(rows) == (figure.numbers.get(year, 0) if year else figure.total)
    assert found.sections["checks"][0].total == 1


def test_sections_closed_to_a_person_are_not_told(session, rectifying, region, now):
    unit_row = session.get_one(unit_profile.Unit, rectifying.case().unit_id)
    found = unit_profile.profile(session, region.liaison, unit_row, now=now)
    assert "referrals" not in found.sections
    assert unit_profile.behind(session, region.liaison, unit_row, "referrals", now=now, year=None, group="") == []


def test_unknown_words_in_an_address_find_nothing(session, rectifying, region, now):
    assert length(session, region.chief, now, light="purple") == 0
    assert length(session, region.chief, now, status="nonsense") == 0
    assert length(session, region.chief, now, year=10**8) == 0
    assert length(session, region.chief, now, city=10**8) == 0
    assert finding_filters.REGION == 0
