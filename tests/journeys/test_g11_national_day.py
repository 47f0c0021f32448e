"""G11: fifteen working days from 25 September 2026 lead across the National Day holiday; letters keep their dates."""

from tests.journeys.conftest import Begin

PLAN = "报送整改方案"
WORDS = "收到反馈 2026-09-25，第1日为9月28日，15个工作日，跳过10月1—7日，10月10日(周六)上班 → 2026-10-22 24:00"


def test_the_plan_is_due_after_the_holiday(begin: Begin) -> None:
    told = begin("2026-09-25")
    told.registered(5)
    told.told()
    told.as_("principal").does("acknowledge_findings")
    told.as_("liaison").does("found_leading_group")
    limit = told.deadline("T10")
    assert (limit["due_at"], limit["derivation"]) == ("2026-10-22T16:00:00Z", WORDS)
    page = f"/deadlines/{limit['id']}"
    assert "跳过10月1—7日，10月10日(周六)上班" in told.browser("principal").reads(page)

    for day, light in (("2026-10-01", "none"), ("2026-10-02", "green"), ("2026-10-12", "yellow"),
                       ("2026-10-22", "yellow"), ("2026-10-23", "red")):  # fmt: skip
        told.clock.goes_to(day)
        assert told.deadline("T10")["light"] == light, day
        if day == "2026-10-22":
            assert told.notices() == [], "the last day lasts until midnight"
    days = [("green", "2026-10-02"), ("yellow", "2026-10-12"), ("final", "2026-10-19"), ("red", "2026-10-23")]
    assert told.letters(PLAN) == days
    assert told.notices() == [(1, "督办通知书", "issued")]

    told.as_("liaison").does("draft_plan")
    told.as_("principal").does("sign_plan")
    assert (told.deadline("T10")["light"], told.notices()) == ("closed", [(1, "督办通知书", "satisfied")])
    told.clock.goes_to("2026-11-10")
    assert told.letters(PLAN) == days, "each letter once"
    told.is_sound()
