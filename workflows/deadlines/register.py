"""The time-limit register T01–T27 with which a new installation starts.  Afterwards the table rules, not this file.

Codes with several numbers have variants after a dot (T13.tour).  Nothing here claims to be statutory: `source` says
what a number rests on, and every row can be replaced by one with a later `valid_from`.
"""

from workflows.deadlines.time_limit import Roll, TimeLimit, Unit

_WD, _DAY, _MONTH, _HOUR = Unit.WORKDAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.HOUR
_SOURCES = {
    "DESIGN": "本系统默认值，可调整",
    "SEED": "任务书要求",
    "GKU": "通行做法，未经核对，使用前请核实",
    "C1": "公开的检查工作手册做法",
    "C5": "公开的巡视整改做法",
    "C6": "公开的整改月报做法",
    "C9": "公开的二次整改做法",
    "C11": "公开的三色预警做法",
    "C15": "公开的整改期限上限做法",
    "C35": "早期巡视整改两个月做法",
}


def _limit(
    code: str, name: str, amount: int, unit: Unit, basis: str = "DESIGN", *, roll: Roll = Roll.FORWARD, note: str = ""
) -> TimeLimit:
    return TimeLimit(code, name, amount, unit, roll, basis, _SOURCES[basis], note=note)


REGISTER: tuple[TimeLimit, ...] = (
    _limit("T01", "提供情报", 10, _WD),
    _limit("T02", "进驻前通知被检查单位", 10, _WD, "C1"),
    _limit("T03", "现场检查最少天数", 7, _DAY, "SEED", roll=Roll.NONE, note="下限，不是截止日，不顺延"),
    _limit("T04.major", "重大事项请示答复", 24, _HOUR),
    _limit("T04.important", "重要事项请示答复", 2, _WD),
    _limit("T05.receipt", "共享线索签收", 2, _WD),
    _limit("T05.disposition", "共享线索处置", 5, _WD),
    _limit("T06", "被检查单位事实核对答复", 3, _WD, note="逾期视为无异议"),
    _limit("T06.review", "答复异议", 5, _WD, note="复核期间单位各项期限中止"),
    _limit("T07", "离点后向部务会报告", 20, _WD),
    _limit("T08", "两路反馈同步允差", 3, _WD, "SEED"),
    _limit("T09", "反馈后认领问题", 5, _WD),
    _limit("T10", "报送整改方案", 15, _WD, "C1"),
    _limit("T11", "审核整改方案", 5, _WD),
    _limit("T12", "召开专题民主生活会", 1, _MONTH, "C1"),
    _limit("T13.tour", "集中整改（巡视联动）", 6, _MONTH, "C5"),
    _limit("T13.targeted", "集中整改（专项检查）", 3, _MONTH, "C1"),
    _limit("T13.legacy", "集中整改（旧规定）", 2, _MONTH, "C35"),
    _limit("T14", "整改进展月报", 25, Unit.MONTHDAY, "C6", note="每月25日前"),
    _limit("T15.green", "绿色提示", 20, _DAY, "C11", roll=Roll.NONE, note="距到期天数"),
    _limit("T15.yellow", "黄色预警", 10, _DAY, "C11", roll=Roll.NONE, note="距到期天数"),
    _limit("T15.final", "到期前最后提醒", 3, _DAY, "C11", roll=Roll.NONE, note="距到期天数"),
    _limit("T16", "提交后验收", 10, _WD),
    _limit("T17", "退回后重新提交", 15, _WD, note="退回两次须发督办通知"),
    _limit("T18.1", "督办一级", 1, _DAY, roll=Roll.NONE, note="逾期天数"),
    _limit("T18.2", "督办二级", 7, _DAY, roll=Roll.NONE, note="逾期天数"),
    _limit("T18.3", "督办三级", 15, _DAY, roll=Roll.NONE, note="逾期天数"),
    _limit("T18.4", "督办四级", 30, _DAY, roll=Roll.NONE, note="逾期天数"),
    _limit("T19.opens", "回头看最早开始", 3, _MONTH, note="自集中整改结束起"),
    _limit("T19.closes", "回头看最迟开始", 12, _MONTH, note="自集中整改结束起"),
    _limit("T20", "二次整改", 3, _MONTH, "C9"),
    _limit("T21", "通报对照自查反馈", 20, _WD),
    _limit("T22.inquiry", "问责调查", 3, _MONTH, "GKU"),
    _limit("T22.decision", "问责决定", 1, _MONTH, "GKU"),
    _limit("T22.organ_inquiry", "一案双查B轨倒查", 3, _MONTH, "GKU"),
    _limit("T22.organ_decision", "一案双查B轨决定", 1, _MONTH, "GKU"),
    _limit("T22.appeal", "申诉期", 30, _DAY, "GKU"),
    _limit("T23", "报送年度考核参考", 115, Unit.FIXED_DATE, note="每年1月15日前"),
    _limit("T24", "上位制度变动后修订", 6, _MONTH),
    _limit("T25", "单项整改最长期限", 12, _MONTH, "C15", note="任何延期不得超过"),
    _limit("T26", "延期申请提前量", 5, _WD, note="距到期的工作日数"),
    _limit("T27", "逾期无人过问报警", 3, _WD, "SEED", note="防止“破窗效应”"),
)
