"""The template of the on-site checklist: what every case asks, by section.  Pure: knows no unit and no row.

A unit's own list is this template, less what its plan leaves out with a reason, plus its focuses (S20, S55).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "select": "选拔任用",
        "train": "教育培养",
        "manage": "管理监督",
        "use": "使用激励",
        "duty": "担当作为",
        "special": "专项核查",
        "prior": "上轮整改",
        "focus": "检查重点",
    }
)
KEPT_SECTIONS = frozenset({"duty", "special", "prior"})
"""Sections no plan may leave out: 担当作为 (S60), the three special systems (S125), the last round's findings (S66)."""


@dataclass(frozen=True)
class TemplateItem:
    """One question of the template; `category` is the leaf of the taxonomy it looks for."""

    code: str
    section: str
    chain: str
    category: str
    text: str


TEMPLATE: tuple[TemplateItem, ...] = (
    TemplateItem("S01", "select", "选", "C01", "是否存在超职数、超规格配备或擅自设置职务的情况"),
    TemplateItem("S02", "select", "选", "C02", "资格条件审核是否严格，有无不符合条件任职的情况"),
    TemplateItem("S03", "select", "选", "C03", "动议前是否开展分析研判并形成工作方案"),
    TemplateItem("S04", "select", "选", "C04", "民主推荐的范围、方式和到会人数是否符合规定"),
    TemplateItem("S05", "select", "选", "C05", "凡提四必（档案、个人事项、纪检意见、信访）是否逐人落实"),
    TemplateItem("S06", "select", "选", "C06", "考察对象公示、谈话范围和考察材料是否规范"),
    TemplateItem("S07", "select", "选", "C07", "讨论决定的到会人数、末位表态、表决和记录是否规范"),
    TemplateItem("S08", "select", "选", "C08", "任前公示的内容、范围和期限是否符合规定"),
    TemplateItem("S09", "select", "选", "C13", "选拔任用全程纪实和文书档案是否完整"),
    TemplateItem("T01", "train", "育", "E02", "优秀年轻干部的发现培养和梯次配备情况"),
    TemplateItem("T02", "train", "育", "E04", "干部教育培训规划和两项法规学习落实情况"),
    TemplateItem("M01", "manage", "管", "D06", "对一把手和关键岗位干部的日常监督情况"),
    TemplateItem("M02", "manage", "管", "D05", "干部人事档案专项审核和三龄两历一身份认定情况"),
    TemplateItem("M03", "manage", "管", "D07", "工资关系、借调和吃空饷等清理情况"),
    TemplateItem("U01", "use", "用", "C09", "试用期满考核和任职手续办理情况"),
    TemplateItem("U02", "use", "用", "C10", "任职回避和交流轮岗制度执行情况"),
    TemplateItem("U03", "use", "用", "C11", "破格、越级提拔是否按规定报批"),
    TemplateItem("D01", "duty", "用", "B01", "是否树立担当作为的用人导向，调整不适宜担任现职干部的情况"),
    TemplateItem("D02", "duty", "用", "B06", "不担当不作为典型问题是否查处到位"),
    TemplateItem("X01", "special", "管", "D01", "领导干部报告个人有关事项“两项法规”执行和抽查核实结果处理情况"),
    TemplateItem("X02", "special", "管", "D02", "因私出国（境）证件管理和审批制度执行情况"),
    TemplateItem("X03", "special", "管", "D03", "规范领导干部配偶、子女及其配偶经商办企业行为情况"),
    TemplateItem("P01", "prior", "管", "F01", "上轮专项检查反馈问题是否整改到位"),
    TemplateItem("P02", "prior", "管", "F02", "有无反复出现、重复整改的问题"),
)


def droppable() -> tuple[TemplateItem, ...]:
    """The items a plan may leave out, with a reason."""
    return tuple(item for item in TEMPLATE if item.section not in KEPT_SECTIONS)
