"""How a derivation is put in words, as an official would write it.  Knows no rule: it describes what was computed."""

from datetime import date, timedelta

from workflows.deadlines.time_limit import TimeLimit, Unit
from workflows.workdays import Calendar

_WEEKDAYS = "一二三四五六日"
_DAY = timedelta(days=1)


def day_words(day: date, since: date) -> str:
    """A day beside an earlier one: "10月8日", with its year when that differs."""
    year = f"{day.year}年" if day.year != since.year else ""
    return f"{year}{day.month}月{day.day}日"


def run_words(first: date, last: date, since: date) -> str:
    """A run of days: "10月1—7日", "9月29日—10月5日"."""
    begin = day_words(first, since)
    if first == last:
        return begin
    if (first.year, first.month) == (last.year, last.month):
        return f"{begin.removesuffix('日')}—{last.day}日"
    return f"{begin}—{day_words(last, first)}"


def weekday_words(day: date) -> str:
    """ "周六" and so on."""
    return f"周{_WEEKDAYS[day.weekday()]}"


def workday_steps(amount: int, start: date, last: date, calendar: Calendar) -> list[str]:
    """Day 1, the amount, and every holiday and make-up day that the count met."""
    first = calendar.workdays_after(start, 1)
    met = [(begin, f"跳过{run_words(begin, end, start)}") for begin, end in calendar.days_off(start + _DAY, last)]
    met += [
        (day, f"{day_words(day, start)}({weekday_words(day)})上班")
        for day in calendar.makeup_days(start + _DAY, last)
    ]
    return [f"第1日为{day_words(first, start)}", f"{amount}个工作日", *(words for _, words in sorted(met))]


def nominal_step(limit: TimeLimit, start: date, nominal: date) -> str:
    """The count in days, months or by date, before rolling."""
    match limit.unit:
        case Unit.CALENDAR_DAY:
            return f"次日起第{limit.amount}日为{nominal.isoformat()}"
        case Unit.MONTH:
            clamped = f"（当月无{start.day}日，取月末）" if nominal.day != start.day else ""
            return f"满{limit.amount}个月为{nominal.isoformat()}{clamped}"
        case Unit.MONTHDAY:
            return f"下一个{limit.amount}日为{nominal.isoformat()}"
        case _:
            return f"下一个{limit.amount // 100}月{limit.amount % 100}日为{nominal.isoformat()}"


def rolled_step(nominal: date, last: date) -> str:
    """Why the last day moved: it was a weekend day or a holiday."""
    why = weekday_words(nominal) if nominal.weekday() >= 5 else f"{weekday_words(nominal)}放假"
    return f"适逢{why}，顺延至{day_words(last, nominal)}"


def provisional_note(day: date) -> str:
    """The sentence that stands beside every date which an announcement may still move."""
    return f"该年度放假安排尚未公布（{day.year}年），日期为暂定，公布后重新计算"


def join(words: str, note: str) -> str:
    """The derivation with its note."""
    return f"{words}；{note}" if note else words
