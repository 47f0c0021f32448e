"""指标目录: every indicator with its formula in words and the facts that are its numerator and denominator.

The list is that of the requirement (KPIs and dashboards); thresholds are defaults of ours and say so in the formula.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.policy.vocabulary import SEVERITY


@dataclass(frozen=True)
class Indicator:
    """One indicator.  `part` and `whole` are facts; without `whole` the value is the number of `part`.

    `sample` instead of both: the value is measured over these rows (see `kpi_measures`), in `unit`.
    `better`: up, down, or "" where a figure only informs.
    """

    code: str
    title: str
    group: str
    formula: str
    part: str = ""
    whole: str = ""
    sample: str = ""
    unit: str = "%"
    better: str = ""
    page: str = ""


RECTIFYING, REVISITING, CHECKING = "整改销号", "督办与回头看", "检查与反馈"
COMMON, PEOPLE, RUNNING = "共性问题与制度", "线索、问责与培训", "办理效率"
GROUPS = (RECTIFYING, REVISITING, CHECKING, COMMON, PEOPLE, RUNNING)


def _rate(code: str, title: str, group: str, formula: str, part: str, whole: str, better: str = "up") -> Indicator:
    return Indicator(code, title, group, formula, part, whole, better=better)


def _number(code: str, title: str, group: str, formula: str, part: str, unit: str, better: str = "") -> Indicator:
    return Indicator(code, title, group, formula, part, unit=unit, better=better)


def _measured(code: str, title: str, group: str, formula: str, sample: str, unit: str, better: str) -> Indicator:
    return Indicator(code, title, group, formula, sample=sample, unit=unit, better=better)


INDICATORS: Sequence[Indicator] = (
    _rate("closure", "整改完成率", RECTIFYING, "已销号问题 ÷ 已反馈问题", "settled", "told"),
    _rate("on_time_original", "按期销号率（原定期限）", RECTIFYING, "在原定期限内完成并销号的问题 ÷ 已销号问题",
          "closed_original", "settled"),
    _rate("on_time_current", "按期销号率（现行期限）", RECTIFYING, "在现行（含延期）期限内完成并销号的问题 ÷ 已销号问题",
          "closed_current", "settled"),
    _rate("overdue", "逾期率", RECTIFYING, "逾期未销号问题 ÷ 未销号问题", "overdue", "open", "down"),
    _measured("overdue_days", "平均逾期天数", RECTIFYING, "逾期未销号问题逾期天数的平均值", "overdue", "天", "down"),
    *(_measured(f"duration_{severity}", f"平均整改时长（{word}）", RECTIFYING, "自反馈之日至销号之日自然天数的中位数",
                f"settled_{severity}", "天", "down") for severity, word in SEVERITY.items()),
    _rate("plan_on_time", "方案按期报送率", RECTIFYING, "按期报送的整改方案 ÷ 已报送或已到期的整改方案",
          "plans_on_time", "plans_due"),
    _rate("plan_first_pass", "方案一次通过率", RECTIFYING, "第一次报送即通过的方案 ÷ 已审核的首次报送方案",
          "plans_passed", "plans_first"),
    _rate("accepted", "认领率", RECTIFYING, "已认领问题 ÷ 已反馈问题", "accepted", "told"),
    _rate("objected", "异议率", RECTIFYING, "提出过异议的问题 ÷ 经认定的问题", "objected", "determined", ""),
    _rate("objection_upheld", "异议成立率", RECTIFYING, "异议成立（调整或撤回）的问题 ÷ 提出过异议的问题",
          "objection_upheld", "objected", "down"),
    _rate("returned", "退回率", RECTIFYING, "验收退回次数 ÷ 验收次数", "returned", "verifications", "down"),
    _rate("extended", "延期率", RECTIFYING, "批准过延期的问题 ÷ 已反馈问题", "extended", "told", "down"),
    _rate("units_zeroed", "清零进度", RECTIFYING, "已反馈问题全部销号的单位 ÷ 有已反馈问题的单位", "units_zeroed", "units"),
    _rate("cases_zeroed", "清零见底率", RECTIFYING, "经回头看确认清零的案件 ÷ 已反馈案件", "zero_done", "zero_due"),
    _rate("recurring", "复发率", REVISITING, "屡查屡犯或反弹的问题 ÷ 经认定的问题", "recurring", "determined", "down"),
    _rate("consolidated", "回头看巩固率", REVISITING, "复核结论为已巩固 ÷ 复核问题", "consolidated", "revisited"),
    _rate("rebound", "反弹率", REVISITING, "复核结论为反弹 ÷ 复核问题", "rebound", "revisited", "down"),
    Indicator("unattended", "破窗指标", REVISITING, "逾期且 3 个工作日内无人处置的期限数，目标值为 0",
              part="unattended", unit="项", better="down", page="overdue.page"),
    *(_number(f"notices{level}", f"{level}级督办单", REVISITING, f"制发的{level}级督办单数", f"notices{level}", "份")
      for level in (1, 2, 3, 4)),
    *(_rate(f"to_level{level}", f"督办转化率（{level - 1}级→{level}级）", REVISITING,
            f"督办至{level}级及以上的期限 ÷ 督办至{level - 1}级及以上的期限", f"level{level}", f"level{level - 1}", "down")
      for level in (2, 3, 4)),
    _measured("targeting", "发现命中率", CHECKING, "查出问题的研判重点 ÷ 研判重点（按已签署的研判报告、问题类别对应）",
              "analysed", "%", "up"),
    _rate("stay", "进驻天数达标率", CHECKING, "进驻不少于 7 天的案件 ÷ 已离点案件", "stayed", "left"),
    _rate("team", "组员配置达标率", CHECKING, "年龄、经历、岗位结构均衡的检查组 ÷ 检查组", "teams_balanced", "teams"),
    _rate("mobilised", "参训率", CHECKING, "参加动员培训的组员 ÷ 应参训组员", "trained", "due_to_train"),
    _measured("channel_gap", "反馈双渠道同步差", CHECKING, "反馈会与通报相隔自然天数的中位数", "both_channels", "天", "down"),
    _rate("receipts", "通报自查回复率", CHECKING, "已回复自查结果的单位 ÷ 应回复的单位（逐份通报计）",
          "receipts_answered", "receipts"),
    _measured("review_delta", "一报告两评议变化", CHECKING, "检查后年度与检查前年度总体评价“好”得票率之差的平均值",
              "reviewed", "个百分点", "up"),
    _rate("campaign", "共性问题自查覆盖率", COMMON, "已自查单位 ÷ 应自查单位", "campaign_checked", "campaign_units"),
    _number("visits", "驻点指导次数", COMMON, "驻点现场办公的次数", "visits", "次"),
    _number("issues_new", "建章立制数", COMMON, "新制定的制度数", "issues_new", "项", "up"),
    _number("issues_amend", "修订制度数", COMMON, "修订的制度数", "issues_amend", "项"),
    _number("issues_repeal", "废止制度数", COMMON, "废止的制度数", "issues_repeal", "项"),
    _number("issues_interpret", "解释制度数", COMMON, "作出解释的制度数", "issues_interpret", "项"),
    _rate("linked", "措施–制度挂接率", COMMON, "已挂接制度的建章立制类措施 ÷ 建章立制类措施", "measures_linked",
          "measures_instituting"),
    _measured("score_before", "规范化得分（整改前）", COMMON, "专项单位整改前得分的平均值", "campaign_scored", "分", ""),
    _measured("score_after", "规范化得分（整改后）", COMMON, "专项单位整改后得分的平均值", "campaign_scored", "分", "up"),
    _rate("leads_done", "线索办结率", PEOPLE, "已办结或已移交的线索 ÷ 线索", "leads_done", "leads"),
    _rate("leads_made", "线索成案率", PEOPLE, "形成成立底稿的线索 ÷ 线索", "leads_made", "leads", ""),
    Indicator("accountable", "问责人数", PEOPLE, "已作出处理的人数；按管理权限、事由、形式的交叉统计见明细",
              part="accountable", unit="人", page="accountability_statistics.page"),
    _rate("dual", "一案双查完成率", PEOPLE, "两轨均已办结的事项 ÷ 一案双查事项", "dual_done", "dual"),
    _rate("training", "培训覆盖率", PEOPLE, "已参加人次 ÷ 应参加人次（三类单位、两级对象合计）", "attended", "due_to_attend"),
    _measured("training_rise", "测评提升", PEOPLE, "参训人员训后与训前三项能力得分之差的平均值", "attended", "分", "up"),
    Indicator("handling", "任务处理时长", RUNNING, "近 90 天办结的任务，自签收（未签收的自到达）至办结小时数的中位数",
              part="handling", unit="小时", better="down", page="cockpit.workload"),
    _number("reassigned", "转办次数", RUNNING, "任务转办的次数", "reassigned", "次"),
    _number("overrides", "特批（越权）次数", RUNNING, "经批准不适用规则的次数，按规则见明细", "overrides", "次", "down"),
)  # fmt: skip
