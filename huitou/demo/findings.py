"""Invented findings of the demo region, in the three-part form: what was seen, how it is qualified, who answers."""

from typing import Any

_CLAUSE = "《党政领导干部选拔任用工作条例》有关规定"

# title, text, category, chain, rectify_type, severity hints
_LIBRARY: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
    (
        "个别干部任前档案审核不细",
        "抽查发现3名干部提任前档案审核记录缺失。凡提四必要求落实不到位，组织人事部门负直接责任。",
        "C05a", "选", "immediate", {"appointment_effect": "records"},
    ),
    (
        "讨论决定时末位表态未落实",
        "2次干部任免会议记录显示主要负责人先行表态。民主集中制执行不严，主要负责人负主要责任。",
        "C07a", "用", "staged", {"appointment_effect": "irregular", "involves_principal": True},
    ),
    (
        "试用期满考核不及时",
        "5名干部试用期满后逾期三个月以上才组织考核。试用期制度落实不到位，组织人事部门负直接责任。",
        "C09", "管", "staged", {"appointment_effect": "irregular"},
    ),
    (
        "因私出国（境）证件集中保管不规范",
        "4名领导干部证件未按期交由组织人事部门保管。监督管理不到位，分管领导负重要领导责任。",
        "D02", "管", "immediate", {"appointment_effect": "none"},
    ),
    (
        "年轻干部培养缺乏长远规划",
        "未制定年轻干部培养计划，近三年提任干部平均年龄偏大。队伍建设统筹不够，党委（党组）负主体责任。",
        "E02", "育", "continuous", {"appointment_effect": "none", "root_cause_kind": "system"},
    ),
    (
        "民主推荐参加人员范围不符合规定",
        "1次民主推荐应参加人员到会率不足三分之二。程序执行不严，组织人事部门负直接责任。",
        "C04", "选", "staged", {"appointment_effect": "missing_step"},
    ),
    (
        "任职公示内容不完整",
        "6次任前公示缺少拟任职务信息。公示制度执行不规范，组织人事部门负直接责任。",
        "C08", "用", "immediate", {"appointment_effect": "records"},
    ),
    (
        "领导干部兼职清理不彻底",
        "2名领导干部在企业兼职未按规定报批。监督管理不到位，分管领导负重要领导责任。",
        "D04", "管", "staged", {"appointment_effect": "irregular"},
    ),
    (
        "选人用人纪实材料不全",
        "近两年选任纪实材料缺少动议酝酿环节记录。全程纪实要求落实不到位，组织人事部门负直接责任。",
        "C13", "用", "staged", {"appointment_effect": "records"},
    ),
    (
        "能上能下推进不力",
        "近三年无因不担当不作为调整的干部。担当作为导向不够鲜明，党委（党组）负主体责任。",
        "B01", "用", "continuous", {"appointment_effect": "none"},
    ),
)  # fmt: skip


def findings(numbers: tuple[int, ...], **special: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the registration form for some of the library; `special` changes a row, keyed "n0", "n1" …"""
    return [_row(number) | special.get(f"n{index}", {}) for index, number in enumerate(numbers)]


def _row(number: int) -> dict[str, Any]:
    title, text, category, chain, rectify_type, hints = _LIBRARY[number % len(_LIBRARY)]
    return {
        "title": title,
        "text": text,
        "category": category,
        "chain": chain,
        "rectify_type": rectify_type,
        "violation_appointment": False,
        "falsified": False,
        "involves_principal": False,
        "appointment_effect": "none",
        "recurrence_count": 0,
        "root_cause_kind": "execution",
        "clauses": _CLAUSE,
        "opinion": "限期整改到位，举一反三，健全制度，防止同类问题再次发生。",
        "root_cause": "制度执行不严，监督检查不经常。",
    } | hints
