"""The rule base and the taxonomy with which a new installation starts.  Afterwards the tables rule, not this file.

Articles are told in our own words and none has been compared with the original: `UNVERIFIED` says so on every row.
"""

from dataclasses import dataclass
from datetime import date

from workflows.policy.vocabulary import CATEGORIES, CATEGORY_LEAVES

UNVERIFIED = "条文序号和要旨为内部整理，未与原文核对，引用前请核实"
TAXONOMY_FROM = date(2013, 1, 1)


@dataclass(frozen=True)
class RegulationSeed:
    """One version of a regulation; `clauses` are (article, gist)."""

    title: str
    version: str
    issuer: str
    valid_from: date
    valid_to: date | None
    clauses: tuple[tuple[str, str], ...]


_SELECTION = "党政领导干部选拔任用工作条例"

REGULATIONS: tuple[RegulationSeed, ...] = (
    RegulationSeed(
        _SELECTION, "2014年版", "中共中央", date(2014, 1, 14), date(2019, 3, 2),
        (
            ("第七条", "提拔任用应当具备的基本条件"),
            ("第八条", "提拔任用应当具备的任职资格"),
            ("第十四条", "民主推荐的方式和范围"),
            ("第二十四条", "不得列为考察对象的情形"),
            ("第三十五条", "讨论决定须有三分之二以上成员到会，逐一发表意见，主要领导末位表态"),
            ("第四十一条", "任职前公示的范围和期限"),
            ("第四十二条", "任职试用期"),
            ("第五十三条", "任职回避"),
        ),
    ),
    RegulationSeed(
        _SELECTION, "2019年版", "中共中央", date(2019, 3, 3), None,
        (
            ("第二条", "选拔任用干部必须坚持的原则，首要是党管干部"),
            ("第七条", "提拔任用应当具备的基本条件"),
            ("第八条", "提拔任用应当具备的任职资格"),
            ("第九条", "破格提拔的条件和报批要求"),
            ("第十条", "分析研判和动议的要求"),
            ("第十四条", "民主推荐的方式、范围和结果运用"),
            ("第二十四条", "不得列为考察对象的情形，含受处理处分影响期未满"),
            ("第二十七条", "考察的内容、方法和范围"),
            ("第三十一条", "动议即审、该核早核，凡提四必"),
            ("第三十八条", "党委（党组）集体讨论决定的程序和到会人数，主要负责人末位表态"),
            ("第四十二条", "任职前公示的范围和期限"),
            ("第四十三条", "任职试用期制度"),
            ("第五十六条", "任职回避和公务回避"),
            ("第六十二条", "选拔任用工作纪律"),
        ),
    ),
    RegulationSeed(
        "干部选拔任用工作监督检查和责任追究办法", "2019年版", "中共中央办公厅", date(2019, 5, 13), None,
        (
            ("第六条", "监督检查党管干部原则落实情况"),
            ("第七条", "监督检查坚持好干部标准和用人导向情况"),
            ("第八条", "监督检查执行干部选拔任用政策和程序情况"),
            ("第九条", "监督检查遵守组织人事纪律和匡正用人风气情况"),
            ("第十条", "监督检查促进干部担当作为情况"),
            ("第十一条", "监督检查干部管理监督工作情况"),
        ),
    ),
    RegulationSeed(
        "领导干部报告个人有关事项规定", "2017年版", "中共中央办公厅、国务院办公厅", date(2017, 2, 8), None,
        (
            ("第三条", "应当报告的本人婚姻和配偶、子女移居、从业等事项"),
            ("第四条", "应当报告的收入、房产、投资等事项"),
            ("第十一条", "随机抽查和重点查核"),
            ("第十三条", "无正当理由不按时报告、漏报少报、隐瞒不报的处理"),
        ),
    ),
    RegulationSeed(
        "领导干部个人有关事项报告查核结果处理办法", "2017年版", "中共中央办公厅、国务院办公厅", date(2017, 2, 8), None,
        (
            ("第四条", "漏报行为的认定"),
            ("第五条", "隐瞒不报行为的认定"),
            ("第六条", "查核结果的处理方式"),
        ),
    ),
    RegulationSeed(
        "推进领导干部能上能下规定", "2022年版", "中共中央办公厅", date(2022, 9, 8), None,
        (("第五条", "不适宜担任现职的主要情形"), ("第七条", "不适宜担任现职干部的调整方式")),
    ),
)  # fmt: skip

VIOLATIONS = ("A03", "B03", "B04", "C01", "C02", "C05", "C07", "C10", "C11")
"""Categories whose findings are 违规用人 unless somebody says otherwise; their sub-categories with them."""

_RECTIFY = {"D": "immediate", "E": "continuous"}


@dataclass(frozen=True)
class CategorySeed:
    """One row of the taxonomy."""

    code: str
    parent: str
    name: str
    rectify_type: str = "staged"
    violation_appointment: bool = False


def categories() -> list[CategorySeed]:
    """The six classes and their leaves; C05a stands under C05."""
    classes = [CategorySeed(code, "", name) for code, name in CATEGORIES.items()]
    leaves = [
        CategorySeed(code, _parent(code), name, _RECTIFY.get(code[0], "staged"), code[:3] in VIOLATIONS)
        for code, name in CATEGORY_LEAVES.items()
    ]
    return classes + leaves


def _parent(code: str) -> str:
    return code[:3] if len(code) > 3 else code[0]
