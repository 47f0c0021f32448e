"""S27: the work a team has in hand, and when it turns amber."""

from workflows.teams import workload_of


def test_too_few_people_turn_amber_and_more_people_or_days_turn_it_off() -> None:
    few = workload_of(items=120, unit_kind="county", people=4, days=7)
    assert few.is_heavy
    assert few.words == "人均每日6.4项（120项 × 规模系数1.5 ÷ 4人 ÷ 7天），超过2项，力量或时间偏紧"
    assert not workload_of(items=120, unit_kind="county", people=9, days=10).is_heavy
    assert not workload_of(items=120, unit_kind="department", people=6, days=10).is_heavy


def test_before_there_is_a_checklist_nothing_can_be_said() -> None:
    nothing = workload_of(items=0, unit_kind="county", people=4, days=7)
    assert (nothing.is_heavy, nothing.words) == (False, "检查清单尚未生成，暂不能测算")


def test_a_larger_unit_is_more_work() -> None:
    one, other = (workload_of(items=60, unit_kind=kind, people=5, days=7) for kind in ("department", "county"))
    assert (one.per_person_day, other.per_person_day) == (1.71, 2.57)
