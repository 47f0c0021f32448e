"""督办文书登记簿 on pages: the same numbers as rows, signing by the unit, one reminder, the choice of ways."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from threading import Barrier

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from scheduler.timetable import run_once
from tests.workflows.operations.following import Following
from workflows.commands.digests import send_digests
from workflows.commands.receipts import remind_of_receipts
from workflows.database import atomic
from workflows.models import (
    CircularReceipt,
    Deadline,
    Digest,
    HistoryEntry,
    Letter,
    Notification,
    OutboxItem,
    SupervisionNotice,
)
from workflows.queries import letter_register
from workflows.records import calendars, notices
from workflows.workdays import as_local, closing_day, start_of_day


@pytest.fixture
def story(desk, region, now) -> Following:
    return Following(desk, region, now)


@pytest.fixture
def late(story) -> Following:
    """One finding of unit A is overdue since yesterday: a red letter and a 督办通知书 have gone out."""
    story.registered({}).told().owned().planned()
    limit = next(row for row in story.rows(Deadline) if row.rule == "D4")
    story.now = start_of_day(closing_day(limit.due_at)) + timedelta(hours=9)
    story.sweep()
    return story.swept(1)


def lines(page) -> int:
    return page.text.count("<tr data-row>")


def total(page) -> int:
    found = re.search(r"共 (\d+) 条", page.text)
    return int(found[1]) if found else 0


def chip(page, words: str) -> int:
    found = re.search(rf'>{words}(?:<span class="count">(\d+)</span>)?</a>', page.text)
    assert found, words
    return int(found[1] or 0)


def test_the_register_counts_what_it_lists(late, visit):
    chief = visit("chief")
    everything = chief.get("/letters/?kind=all")
    assert total(everything) == lines(everything) > 0
    for kind, words in (
        ("papers", "督办文书（五书）"), ("letters", "三色预警函"), ("talks", "约谈"), ("circulars", "通报")
    ):  # fmt: skip
        assert lines(chief.get(f"/letters/?kind={kind}")) == chip(everything, words)
    for receipt, words in (("waiting", "未签收"), ("received", "已签收"), ("void", "已替代或作废")):
        assert lines(chief.get(f"/letters/?kind=all&receipt={receipt}")) == chip(everything, words)
    assert chip(everything, "未签收") > 0
    for asked in (
        "level=1",
        "colour=red",
        "q=DB-2026",
        f"unit={late.region.unit_a_id}",
        "since=2026-01-01",
        "until=2020-01-01",
    ):
        page = chief.get(f"/letters/?kind=all&{asked}")
        assert total(page) == lines(page)


def test_a_unit_sees_its_own_papers_only(late, visit):
    own, other = visit("liaison").get("/letters/?kind=all").text, visit("liaison_b").get("/letters/?kind=all").text
    assert "DB-2026-001" in own
    assert "DB-2026-001" not in other
    assert "组监通" in other


def test_the_register_is_two_statements_whatever_its_length(late, visit, traffic):
    chief = visit("chief")
    with traffic() as seen:
        chief.get("/letters/?kind=all")
    assert len([each for each in seen.statements if "supervision_notices" in each]) == 2


def test_paging_shows_every_row_once(late, session):
    actor, seen, after = late.region.chief, [], ""
    given = {"now": late.now, "calendar": calendars.in_force(session)}
    while True:
        page = letter_register.register(session, actor, letter_register.Filters(), after=after, size=2, **given)
        seen += [entry.paper for entry in page.rows]
        after = page.next
        if not after:
            break
    assert (
        len(seen)
        == len(set(seen))
        == letter_register.counts(session, actor, letter_register.Filters(), **given).total
    )


def test_the_unit_signs_and_the_history_knows(late, visit, desk):
    notice = late.rows(SupervisionNotice)[0]
    answer = visit("liaison").post("/letters/receipts", data={"paper": f"notice:{notice.id}"})
    assert answer.status_code == 302
    signed = late.rows(SupervisionNotice)[0]
    assert (signed.status, signed.received_at, signed.received_by_id) == (
        "received", late.now, late.region.liaison.user_id,
    )  # fmt: skip
    with desk.sessions() as session:
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "sign_receipt")).one()
    assert (entry.actor_id, entry.summary) == (
        late.region.liaison.user_id, "澜城区签收督办通知书 DB-2026-001",
    )  # fmt: skip
    number = next(task for task in late.tasks("sign_notice") if task.finding_id).context["finding_no"]
    late.later(days=1).does("liaison", "sign_notice", finding_no=number, receipt_answer="马上办理，按期回复")
    answered = late.rows(SupervisionNotice)[0]
    assert (answered.status, answered.received_at) == ("answered", signed.received_at)


@pytest.mark.parametrize("who", ["liaison_b", "principal_b"])
def test_nobody_signs_for_another_unit(late, visit, who):
    notice = late.rows(SupervisionNotice)[0]
    assert visit(who).post("/letters/receipts", data={"paper": f"notice:{notice.id}"}).status_code == 403
    assert late.rows(SupervisionNotice)[0].received_at is None


@pytest.mark.parametrize("paper", ["", "notice:x", "talk:1", "notice:999999", "weather:1"])
def test_what_is_no_paper_is_refused_in_words(late, visit, paper):
    assert visit("liaison").post("/letters/receipts", data={"paper": paper}).status_code in (409, 422)


def test_many_papers_are_signed_at_once(late, visit):
    red = [row for row in late.rows(Letter) if row.kind == "red"]
    own = [row for row in late.rows(CircularReceipt) if row.unit_id == late.region.unit_a_id]
    papers = [f"letter:{row.id}" for row in red] + [f"circular:{row.id}" for row in own]
    client = visit("liaison")
    client.post("/letters/receipts", data={"paper": papers})
    assert all(row.received_at for row in late.rows(Letter) if row.kind == "red")
    assert [row.read_by_id for row in late.rows(CircularReceipt) if row.read_at] == [late.region.liaison.user_id]
    again = client.post("/letters/receipts", data={"paper": papers})
    assert again.status_code in (409, 422), "signing twice is no second act"


def test_a_missing_receipt_is_told_once_to_the_unit_and_once_to_the_supervisors(late, visit, desk, settings):
    late.later(days=1)
    run_once(desk, settings, late.now)
    assert not late.notified("请签收督办通知书")
    late.later(days=3)
    for _ in range(3):
        run_once(desk, settings, late.now)
    with desk.sessions() as session:
        told = session.execute(
            select(Notification.user_id, Notification.title).where(
                Notification.kind == "unreceipted", Notification.created_at == late.now
            )
        ).all()
    of_notice = [user_id for user_id, title in told if title.startswith("请签收督办通知书 DB-2026-001")]
    region = late.region
    assert sorted(of_notice) == sorted([region.liaison.user_id, region.principal.user_id])
    above = [user_id for user_id, title in told if "未签收" in title and title.endswith("未签收")]
    assert {region.chief.user_id, region.officer.user_id} <= set(above)
    assert len(above) == len(set(above))
    assert "DB-2026-001" in visit("chief").get("/letters/?receipt=missing&kind=papers").text


def test_the_spreadsheet_has_the_rows_of_the_page(late, visit):
    chief = visit("chief")
    book = load_workbook(BytesIO(chief.post("/letters/export?kind=papers").data))
    rows = list(book.active.iter_rows(min_row=4, values_only=True))
    assert len(rows) == lines(chief.get("/letters/?kind=papers"))
    assert any("DB-2026-001" in row for row in rows)


def test_the_numbers_have_no_gap(late):
    late.later(days=20).wake()
    numbers = sorted(row.notice_no for row in late.rows(SupervisionNotice))
    assert numbers == [f"DB-2026-{n:03d}" for n in range(1, len(numbers) + 1)]
    assert any(row.status == "superseded" for row in late.rows(SupervisionNotice)), (
        "what is passed over keeps its number"
    )
    of_letters = sorted(row.letter_no for row in late.rows(Letter))
    assert of_letters == [f"YJ-2026-{n:04d}" for n in range(1, len(of_letters) + 1)]


def test_the_answer_rate_of_a_circular(late, visit):
    task = next(each for each in late.tasks("self_check") if each.unit_id == late.region.unit_b_id)
    checked = {"self_check": "已对照通报逐项自查近三年提任干部。", "measures": "完善公示办法，专人负责。"}
    late.does_task("liaison_b", task, answer="has", **checked)
    number = late.rows(CircularReceipt) and visit("chief").get("/letters/?kind=circulars").text
    address = re.search(r'href="(/notices/circulars/[^"]+)"', number)
    assert address
    page = visit("chief").get(address[1])
    sent = len(late.rows(CircularReceipt))
    assert f"{round(100 / sent)}%" in page.text
    assert chip(page, "有同类问题") == 1
    assert chip(page, "未回复") == sent - 1


def test_a_person_chooses_his_ways_and_overdue_stays(late, visit, desk):
    client = visit("officer")
    data = {"way.task": ["digest"], "begins": "19:00", "ends": "08:00", "days_off": "1"}
    assert client.post("/profile/notification", data=data).status_code == 302
    shown = client.get("/profile").text
    assert 'value="19:00"' in shown
    with atomic(desk.sessions) as session:
        for kind in ("process", "letter_red"):
            notices.notify(
                session, user_ids=[late.region.officer.user_id], kind=kind, title=f"一件{kind}", now=evening(late.now)
            )
    with desk.sessions() as session:
        mails = session.scalars(select(OutboxItem).where(OutboxItem.subject.startswith("一件"))).all()
        rows = session.scalars(select(Notification).where(Notification.title == "一件process")).one()
    assert [(mail.subject, mail.next_at) for mail in mails] == [("一件letter_red", evening(late.now))]
    assert rows.read_at is not None, "it is no call, it waits for the digest"
    assert rows.digest_on is not None
    assert client.post("/profile/notification", data={"begins": "八点", "ends": "1"}).status_code == 422


def evening(now: datetime) -> datetime:
    return as_local(datetime.combine(now.date(), datetime.min.time())) + timedelta(hours=21)


def test_one_digest_a_person_and_working_day(late, visit, desk, settings):
    visit("officer").post(
        "/profile/notification",
        data={"way.task": ["digest"], "way.digest": ["in_app", "mail"], "begins": "20:00", "ends": "07:30"},
    )
    officer = late.region.officer.user_id
    with atomic(desk.sessions) as session:
        for number in range(3):
            notices.notify(session, user_ids=[officer], kind="process", title=f"第{number}件事", now=late.now)
        day = session.scalars(select(Notification.digest_on).where(Notification.title == "第0件事")).one()
    early = start_of_day(day) + timedelta(hours=8)
    assert run_once(desk, settings, early)["send_digests"] == 0
    for minutes in (30, 31, 600):
        run_once(desk, settings, start_of_day(day) + timedelta(hours=8, minutes=minutes))
    with desk.sessions() as session:
        assert [row.day for row in session.scalars(select(Digest).where(Digest.user_id == officer))] == [day]
        told = session.scalars(
            select(Notification).where(Notification.kind == "digest", Notification.user_id == officer)
        ).one()
    assert all(f"第{number}件事" in told.body for number in range(3))
    assert told.read_at is None


def test_many_people_are_told_with_few_statements(late, desk, traffic):
    people = sorted(actor.user_id for actor in late.region.actors.values())
    with traffic() as seen, atomic(desk.sessions) as session:
        notices.notify(session, user_ids=people, kind="circular", title="通报", now=late.now)
    assert len(seen.statements) <= 5
    with desk.sessions() as session:
        assert len(session.scalars(select(Notification).where(Notification.title == "通报")).all()) == len(people)


def test_clocks_at_once_write_one_digest_and_tell_once(late, visit, desk):
    visit("officer").post(
        "/profile/notification",
        data={"way.task": ["digest"], "way.digest": ["in_app", "mail"], "begins": "20:00", "ends": "07:30"},
    )
    officer = late.region.officer.user_id
    with atomic(desk.sessions) as session:
        notices.notify(session, user_ids=[officer], kind="process", title="一件事", now=late.now)
        day = session.scalars(select(Notification.digest_on).where(Notification.title == "一件事")).one()
    moment, barrier = start_of_day(day) + timedelta(days=7, hours=9), Barrier(4)

    def strikes(_number: int) -> None:
        barrier.wait()
        desk.act(send_digests, now=moment)
        desk.act(remind_of_receipts, now=moment)

    with ThreadPoolExecutor(4) as clocks:
        list(clocks.map(strikes, range(4)))
    with desk.sessions() as session:
        of_kind = select(func.count()).select_from(Notification).where(Notification.created_at == moment)
        digests = session.scalar(of_kind.where(Notification.kind == "digest", Notification.user_id == officer))
        reminders = session.scalars(
            select(Notification.title).where(
                Notification.kind == "unreceipted", Notification.user_id == late.region.liaison.user_id
            )
        ).all()
    assert digests == 1
    assert len(reminders) == len(set(reminders)) > 0
