"""G10: the extension is refused; the limit stays where it was, and the ladder is climbed to its end."""

from tests.journeys.chapters import Told
from tests.journeys.conftest import Begin

LIMIT = "单项整改时限"
DUE = "2026-09-21T16:00:00Z"


def test_a_refused_extension_moves_nothing_and_the_ladder_follows(begin: Begin) -> None:
    told = begin()
    told.rectifying(0)
    is_refused(told)
    is_pressed(told)
    told.as_("deputy").does("propose_accountability")
    assert told.referrals() == {"WZ-2026-001": "screening"}
    assert told.notices()[-1] == (4, "问责建议书", "answered")
    told.closed("F01")
    row = told.ledger_row()
    assert (row["light"], row["extensions"], row["due"]) == ("closed", 0, "2026-09-21")
    assert told.deadline("D4", "F01")["level"] == 4, "late is late, closed or not"
    told.is_sound()


def is_refused(told: Told) -> None:
    assert told.browser("owner").status(f"/deadlines/{told.deadline('D4', 'F01')['id']}") == 200
    assert told.browser("owner_b").status(f"/deadlines/{told.deadline('D4', 'F01')['id']}") == 404
    assert told.asks_for_extension("F01", "2026-10-20") == 302
    page = f"/deadlines/{told.deadline('D4', 'F01')['id']}"
    assert f"{page}/extension" not in {form.action for form in told.browser("liaison").page(page).forms}
    assert told.deadline("D4", "F01")["due_at"] == DUE, "asking moves nothing"
    assert told.caller("officer").is_refused("decide_first_extension") == (403, "role")
    told.as_("chief").does("decide_first_extension", decision="refuse")
    limit = told.deadline("D4", "F01")
    assert (limit["due_at"], limit["extension_count"], limit["light"]) == (DUE, 0, "green")
    told.clock.goes_to("2026-09-16")
    assert told.asks_for_extension("F01", "2026-10-20") == 409, "less than five working days before (T26)"


def is_pressed(told: Told) -> None:
    told.clock.goes_to("2026-09-21")
    assert told.letters(LIMIT) == [("yellow", "2026-09-11"), ("final", "2026-09-18")]
    issued = [
        ("2026-09-22", 1, "督办通知书"),
        ("2026-09-28", 2, "阶段督查指导书"),
        ("2026-10-06", 3, "告诫书"),
        ("2026-10-21", 4, "问责建议书"),
    ]
    for day, level, form in issued:
        told.clock.goes_to(day)
        assert told.notices()[-1] == (level, form, "issued"), day
        assert [status for *_, status in told.notices()[:-1]] == ["expired"] * (level - 1)
        assert told.ledger_row()["level"] == f"{'一二三四'[level - 1]}级督办"
        assert told.ledger_row()["light"] == "red"
    assert told.letters(LIMIT)[2:] == [("red", "2026-09-22")]
    assert told.finding()["status"] == "rectifying"


def test_a_granted_extension_moves_the_limit_and_whoever_shows_it(begin: Begin) -> None:
    told = begin()
    told.rectifying(0)
    assert told.asks_for_extension("F01", "2026-10-20") == 302
    told.as_("chief").does("decide_first_extension")
    limit = told.deadline("D4", "F01")
    assert (limit["original_due_at"], limit["due_at"]) == (DUE, "2026-10-20T16:00:00Z")
    rows = told.caller("owner").sees("/tasks?scope=claimable")["tasks"]
    assert [row["due_at"] for row in rows if row["element"] == "implement_measures"] == ["2026-10-20T16:00:00Z"]
    told.clock.goes_to("2026-10-01")
    assert told.letters(LIMIT) == [("green", "2026-09-30")]
    assert (told.ledger_row()["extensions"], told.notices()) == (1, [])
    told.is_sound()
