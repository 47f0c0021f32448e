"""The words of the designers' language: its functions, and the names nobody else may take."""

from keyword import kwlist
from typing import Final

HELPERS: Final[dict[str, tuple[str, str]]] = {
    "due": ("due(rule)", "该期限规则最近一次期限的到期时刻；尚无期限时自现在起算并登记"),
    "before_due": ("before_due(rule, days=0, workdays=0)", "到期前若干自然日或工作日的时刻"),
    "after_due": ("after_due(rule, days=0, workdays=0)", "到期后若干自然日或工作日的时刻"),
    "workdays_after": ("workdays_after(moment, days)", "某时刻起第几个工作日的24时"),
    "days_after": ("days_after(moment, days)", "某时刻之后若干自然日"),
    "months_after": ("months_after(moment, months)", "某时刻之后若干个月，月末不足则取月末，遇节假日顺延"),
    "today": ("today()", "今天的日期（北京时间）"),
    "now": ("now()", "现在的时刻"),
    "is_workday": ("is_workday(day)", "该日是否工作日"),
    "next_monthday": ("next_monthday(day)", "下一个每月几日的日期"),
    "date": ("date(text)", "把“2026-09-25”这样的文本变为日期；带时间的变为时刻"),
    "length": ("length(value)", "文本、列表或数据组的长度"),
    "len": ("len(value)", "文本、列表或数据组的长度"),
    "min": ("min(values, key=…, default=…)", "最小值"),
    "max": ("max(values, key=…, default=…)", "最大值"),
    "sum": ("sum(values)", "数字之和"),
    "any": ("any(values)", "是否至少一项成立"),
    "all": ("all(values)", "是否每一项都成立"),
    "sorted": ("sorted(values, key=…, reverse=False)", "按从小到大排列"),
    "round": ("round(number, digits=0)", "四舍六入"),
    "abs": ("abs(number)", "绝对值"),
    "str": ("str(value)", "变为文本"),
    "int": ("int(value)", "变为整数"),
    "float": ("float(value)", "变为小数"),
    "bool": ("bool(value)", "是否成立"),
    "range": ("range(start, stop, step)", "整数序列"),
    "list": ("list(values)", "变为列表"),
    "enumerate": ("enumerate(values, start=0)", "带序号的列表"),
    "zip": ("zip(first, second)", "逐项配对"),
    "reversed": ("reversed(values)", "倒序的列表"),
}
"""Function name -> (how it is called, what it gives, in Chinese): the catalogue the studio shows."""

DATE_HELPERS: Final = frozenset(list(HELPERS)[:11]) - {"is_workday"}
"""The functions whose value is a date or a moment: a timer must call one of them."""

DMN_INPUT: Final = "dmn_input"
"""What `?` in a decision table's cell stands for."""

FORBIDDEN_KEY: Final = "typename"
"""The serializer tells types apart by this key; neither a form nor a script may write it."""

RESERVED: Final = frozenset(HELPERS) | {DMN_INPUT, "dmninputexpr", FORBIDDEN_KEY} | frozenset(kwlist)
"""Names no form field and no variable may take."""
