"""文书种类: which documents there are, what each is about, who drafts and issues it, and the placeholders it knows.

Knows no row and no file.  The names here are the only ones a template may use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType


@dataclass(frozen=True)
class Field:
    """A placeholder.  `columns` makes it a list of rows; `is_typed` means that the drafter writes it."""

    name: str
    title: str
    is_required: bool = True
    is_typed: bool = False
    is_long: bool = False
    columns: tuple[tuple[str, str], ...] = ()
    default: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of document.  `pattern` is its number series; "" means that its subject brings the number with it.

    `is_told`: once issued, the inspected unit's people read it too.  `is_regional`: it belongs to no case.  `drafter`
    is the division that drafts it, the supervision division's people when empty.
    """

    code: str
    name: str
    subject: str
    pattern: str
    fields: tuple[Field, ...]
    is_of_unit: bool = False
    is_told: bool = True
    is_regional: bool = False
    drafter: str = ""

    @property
    def drafters(self) -> tuple[str, ...]:
        """Roles that may draft it, or take a draft back."""
        if self.drafter:
            return (self.drafter,)
        return ("unit_liaison",) if self.is_of_unit else ("supervision_officer", "accountability_officer")

    @property
    def issuers(self) -> tuple[str, ...]:
        """Roles that may issue and void it; never the drafter."""
        return ("unit_principal",) if self.is_of_unit else ("supervision_chief",)

    @property
    def typed(self) -> tuple[Field, ...]:
        """What the drafter writes."""
        return tuple(field for field in self.fields if field.is_typed)

    @property
    def placeholders(self) -> Mapping[str, Field]:
        """Name → field, the common ones among them."""
        common = COMMON[:REGIONAL] if self.is_regional else COMMON
        return {field.name: field for field in (*common, *self.fields)}


def _data(name: str, title: str, *, required: bool = True) -> Field:
    return Field(name, title, is_required=required)


def _typed(name: str, title: str, default: str = "", *, required: bool = True) -> Field:
    return Field(name, title, is_required=required, is_typed=True, is_long=True, default=default)


def _rows(name: str, title: str, *columns: tuple[str, str], required: bool = True) -> Field:
    return Field(name, title, is_required=required, columns=(("n", "序号"), ("cn", "中文序号"), *columns))


COMMON = (
    _data("issuer", "发文机关"),
    _data("number", "文号"),
    _data("date", "成文日期"),
    _data("unit", "单位"),
    _data("case_no", "案件编号"),
    _data("round", "轮次"),
)
REGIONAL = 3  # the first of them, which a document of no case has too

_FINDINGS = _rows(
    "findings", "问题清单", ("no", "编号"), ("title", "问题"), ("text", "问题表述"), ("category", "类别"),
    ("severity", "严重程度"), ("rectify_type", "整改类型"), ("opinion", "整改意见"),
)  # fmt: skip
_FOUND = replace(_FINDINGS, is_required=False)  # a case without findings is reported on too
_MEASURES = _rows(
    "measures", "整改措施", ("no", "问题编号"), ("finding", "问题"), ("goal", "目标"), ("content", "措施"), ("leader", "责任领导"),
    ("department", "责任部门"), ("owner", "责任人"), ("due", "时限"), ("completion", "完成情况"), ("progress", "进展"),
    ("evidence", "佐证"),
)  # fmt: skip
_ADDRESSEE = Field("addressee", "主送机关", is_typed=True)
_COPIES = Field("copies", "抄送", is_required=False, is_typed=True)
_CONTACT = Field("contact", "联系人及电话", is_required=False, is_typed=True)
_ENTRY = (_data("entry_date", "进驻日期"), _data("exit_date", "离点日期"))

_SESSION = (
    _data("title", "培训名称"), _data("plan", "培训计划"), _data("form", "培训形式"), _data("audience", "培训对象"),
    _data("day", "举办日期"),
)  # fmt: skip

_ALL = (
    Kind("work_plan", "专项检查工作方案", "case", "组监方〔{year}〕{n}号", (
        _data("basis", "研判情况"), _data("tasks", "检查任务"), _data("methods", "方式方法"),
        _data("requirements", "工作要求"), _data("entry_date", "进驻日期"), _data("leader", "检查组组长"),
        _rows("members", "检查组成员", ("name", "姓名"), ("duty", "职务"), ("channel", "来源")),
        _rows("focus", "检查重点", ("text", "内容"), ("why", "依据"), required=False),
        _rows("schedule", "时间安排", ("text", "安排"), required=False),
    ), is_told=False),
    Kind("entry_notice", "进驻通知", "case", "组监函〔{year}〕{n}号", (
        _ADDRESSEE, _data("entry_date", "进驻日期"), _data("leader", "检查组组长"),
        _rows("members", "检查组成员", ("name", "姓名"), ("duty", "职务"), ("channel", "来源")),
        _typed("materials", "需准备的材料", "近三年选人用人工作总结、干部任免台账和会议记录、干部档案及“凡提四必”材料。"),
        Field("hotline", "联系渠道", is_typed=True, default="12380"), _COPIES,
    )),
    Kind("working_paper", "问题底稿", "paper", "", (
        _data("title", "问题"), _data("phenomenon", "问题表现"), _data("qualification", "定性依据"),
        _data("responsibility", "责任认定"), _data("category", "问题类别", required=False),
        _data("authors", "底稿撰写人"), _data("evidence", "佐证清单", required=False),
        _data("unit_view", "单位意见", required=False), _data("team_view", "组务会意见", required=False),
    ), is_told=False),
    Kind("mobilisation_notice", "动员培训通知", "mobilisation", "组监训〔{year}〕{n}号", (
        _ADDRESSEE, _data("held_on", "培训日期"),
        _rows("trainees", "参训人员", ("name", "姓名"), ("post", "单位及职务"), ("duty", "组内分工")),
        Field("place", "地点", is_typed=True),
        _typed("requirements", "有关要求", "请准时参加，不得请假；培训后统一测评，测评不合格的须补训，补训合格前不得进驻。"),
    ), is_told=False),
    Kind("mobilisation_record", "动员培训签到测评表", "mobilisation", "组监训表〔{year}〕{n}号", (
        _data("held_on", "培训日期"), _data("agenda_tasks", "检查任务"), _data("agenda_methods", "方式方法"),
        _data("agenda_requirements", "工作要求"), _data("outcome", "培训结果"),
        _rows("trainees", "签到测评", ("name", "姓名"), ("post", "单位及职务"), ("attended", "是否参训"), ("score", "测评成绩"),
              ("passed", "是否合格"), ("make_ups", "补训次数"), ("sign", "签名")),
    ), is_told=False),
    Kind("entry_announcement", "进驻公告", "case", "组监公〔{year}〕{n}号", (
        _ADDRESSEE, _data("entry_date", "进驻日期"), _data("announcement", "公告内容"), _data("channels", "受理渠道"),
        Field("hotline", "联系电话", is_typed=True, default="12380"),
        _typed("scope", "受理范围", "主要受理反映选人用人方面问题的来信来电来访；其他问题转由有关部门处理。"),
    )),
    Kind("fact_confirmation", "问题事实确认单", "fact", "", (
        _data("title", "问题"), _data("text", "问题表述"), _data("sent_on", "送核对时间"),
        _data("unit_view", "单位意见", required=False), _data("review", "复核情况", required=False),
    )),
    Kind("lead_transfer", "线索移交单", "transfer", "组监移〔{year}〕{n}号", (
        _data("receiver", "接收单位"), _data("lead_no", "线索编号"), _data("channel", "线索来源"),
        _data("registered_on", "登记日期"), _data("transferred_on", "移交时间"), _data("receipt", "签收情况", required=False),
        _typed("basis", "移交依据", "该线索不属于选人用人专项检查受理范围，按照管理权限和职责分工移交。"),
    ), is_told=False),
    Kind("request_report", "请示报告单", "request", "", (
        _data("level", "事项等级"), _data("to_role", "报送对象"), _data("text", "请示报告事项"),
        _data("requested_at", "报送时间"), _data("reply", "批示意见", required=False),
    ), is_told=False),
    Kind("inspection_report", "选人用人专项检查情况报告", "case", "组监报〔{year}〕{n}号", (
        _ADDRESSEE, *_ENTRY, _typed("assessment", "总体评价"), _FOUND,
        _rows("prior", "上轮问题整改情况", ("no", "问题编号"), ("title", "问题"), ("state", "现状"), required=False),
        _data("typical", "典型问题", required=False), _data("leads", "线索情况", required=False),
        _data("coaching", "以查代培情况", required=False), _typed("suggestions", "意见建议"),
    ), is_told=False),
    Kind("tour_chapter", "纳入巡视反馈的选人用人专项检查章节", "case", "组监章〔{year}〕{n}号", (
        _data("tour_round", "巡视轮次"), _data("feedback_date", "反馈日期"), _data("finding_count", "问题数"), _FOUND,
        _data("chapter", "反馈章节"),
    )),
    Kind("feedback_letter", "选人用人专项检查反馈意见书", "case", "组监反〔{year}〕{n}号", (
        _ADDRESSEE, _data("council_date", "部务会审定日期"),
                *_ENTRY, _typed("assessment", "总体评价"), _data("finding_count", "问题数"), _FOUND,
        _data("plan_limit", "方案报送时限"), _data("report_limit", "集中整改期限"), _COPIES,
    )),
    Kind("circular", "通报", "circular", "", (
        _data("title", "标题"), _data("body", "正文"), _data("reply_limit", "回复时限"),
        _data("receivers", "发送单位数"), _COPIES,
    )),
    Kind("rectification_plan", "整改方案", "case", "{unit}整方〔{year}〕{n}号", (
        _data("meeting_date", "党委（党组）研究日期"), _data("leading_group", "整改工作领导小组"),
        _data("principal", "主要负责人"), _data("finding_count", "问题数"), _FINDINGS, _MEASURES,
        _typed("safeguards", "保障措施", "加强组织领导，压实整改责任；严格督促检查，按期对账销号；坚持举一反三，健全长效机制。"),
    ), is_of_unit=True),
    Kind("rectification_report", "整改情况报告", "case", "{unit}整报〔{year}〕{n}号", (
        _ADDRESSEE, _data("finding_count", "问题数"), _data("closed_count", "已销号数"), _data("effect", "总体进展和成效"),
        _rows("results", "逐项整改情况", ("no", "编号"), ("title", "问题"), ("measures", "措施"), ("result", "结果"),
              ("evidence", "证据"), ("state", "状态")),
        _data("institutions", "建章立制项数"), _data("persons", "追责问责人数"),
        _typed("unfinished", "未完成原因与计划", "没有未完成事项。"),
        _data("undisclosed", "拟不公开事项及理由", required=False), _typed("next_steps", "下一步打算"),
    ), is_of_unit=True),
    Kind("closure_sheet", "销号单（验收表）", "closure", "", (
        _data("finding_no", "问题编号"), _data("title", "问题"), _data("text", "问题表述"), _MEASURES,
        _rows("parties", "三方意见", ("party", "参与方"), ("person", "人员"), ("view", "意见")),
        _data("method", "验收方式"), _data("verification", "验收意见"), _data("effect", "整改成效"),
        _data("grade", "成效评价", required=False), _data("evidence", "证据目录", required=False),
        _data("approver", "审批人"), _data("closed_on", "销号日期"), _data("seal", "存档校验值"),
    )),
    Kind("supervision_notice", "督办单", "notice", "", (
        _data("form", "督办形式"), _data("level", "督办级别"), _data("matter", "督办事项"),
        _data("overdue", "逾期情况", required=False), _data("text", "督办要求"), _data("limit", "限期"),
        _data("basis", "依据"), _data("receipt", "签收回执", required=False),
    )),
    Kind("talk_notice", "约谈通知", "talk", "组监约〔{year}〕{n}号", (
        Field("person", "约谈对象", is_typed=True), Field("talker", "约谈人", is_typed=True),
        Field("held_on", "约谈日期", is_typed=True),
        Field("place", "地点", is_typed=True), _data("matter", "约谈事由"),
        _typed("prepare", "需准备的材料", "逾期事项的整改情况说明、原因剖析和下步措施。"),
        _data("commitment", "整改承诺", required=False), _data("follow_up", "跟踪时限", required=False),
    )),
    Kind("talk_record", "约谈记录", "talk_held", "组监谈〔{year}〕{n}号", (
        _data("notice_no", "督办编号"), _data("person", "约谈对象"), _data("talker", "约谈人"), _data("held_on", "约谈日期"),
        Field("place", "地点", is_typed=True), _data("matter", "约谈事由"), _data("record", "谈话情况"),
        _typed("demands", "指出问题和要求", "严肃指出逾期未改、推动不力的问题，要求限期整改到位并书面报告。"),
        _data("commitment", "整改承诺", required=False), _data("follow_up", "跟踪时限", required=False),
    ), is_told=False),
    Kind("accountability_proposal", "问责建议书", "referral", "组监问〔{year}〕{n}号", (
        _ADDRESSEE, _data("ref_no", "移送编号"), _data("facts", "基本事实"), _data("track_a", "A轨结论", required=False),
        _data("track_b", "B轨结论", required=False),
        _rows("persons", "责任人员", ("name", "姓名"), ("post", "职务"), ("responsibility", "责任"), required=False),
        _typed("clauses", "依据条款"), _data("proposal", "建议形式"), _COPIES,
    ), is_told=False),
    Kind("decision", "处理决定", "decision", "组监决〔{year}〕{n}号", (
        _data("ref_no", "移送编号"), _data("facts", "基本事实"), _data("conclusion", "调查结论"),
        _rows("persons", "处理对象", ("name", "姓名"), ("post", "职务"), ("responsibility", "责任")),
        _data("form", "处理形式"), _data("authority", "决定机关"), _data("decision", "决定内容"),
        _data("decided_on", "决定日期"), _data("influence", "影响期", required=False), _typed("clauses", "依据条款"),
        _data("hearing", "陈述申辩情况"), _data("appeal", "申诉权利"),
    ), is_told=False),
    Kind("revisit_report", "回头看情况报告", "revisit", "组监回〔{year}〕{n}号", (
        _ADDRESSEE, _data("cycle", "回头看轮次"), _data("occasion", "时机"), _data("held_on", "现场日期"),
        _data("team", "复核人员"),
        _rows("items", "逐项复核", ("no", "编号"), ("title", "问题"), ("result", "结论"), ("note", "说明"),
              ("requirement", "再次整改要求"), ("due", "时限")),
        _data("consolidated", "已巩固数"), _data("not_in_place", "未到位数"), _data("rebound", "反弹数"),
        _data("open_count", "未销号数"), _data("referrals", "问责移送数"), _data("summary", "小结"),
    ), is_told=False),
    Kind("annual_reference", "年度考核参考", "reference", "组监参〔{year}〕{n}号", (
        _ADDRESSEE, _data("year", "年度"), _data("grade", "参考等次"), _data("reason", "说明", required=False),
        _rows("numbers", "指标", ("name", "指标"), ("value", "数值")),
    ), is_told=False),
    Kind("work_prompt", "工作提示单", "prompt", "", (
        _ADDRESSEE, _data("title", "提示事项"), _data("category", "问题类别"), _data("checklist", "自查清单"),
        _data("due", "完成时限"),
        _rows("units", "自查单位", ("name", "单位")), _CONTACT,
    )),
    Kind("self_check_notice", "自查自纠通知", "campaign", "组监查〔{year}〕{n}号", (
        _ADDRESSEE, _data("title", "专项名称"), _data("category", "问题类别"), _data("checklist", "自查重点"),
        _data("due", "完成时限"), _rows("units", "自查单位", ("name", "单位")),
        _typed("requirements", "工作要求", "主要负责人亲自部署，逐项对照、如实报告；能改的立即改，不能立即改的明确时限。"),
        _COPIES,
    )),
    Kind("self_check_report", "自查自纠情况报告", "campaign", "组监查报〔{year}〕{n}号", (
        _ADDRESSEE, _data("title", "专项名称"), _data("category", "问题类别"), _data("area", "开展范围"),
        _data("unit_count", "应查单位数"), _data("checked_count", "已自查单位数"), _data("found_count", "自查问题数"),
        _data("rectified_count", "已整改数"),
        _rows("units", "各单位情况", ("name", "单位"), ("found", "自查问题"), ("rectified", "已整改"), ("visited", "驻点指导"),
              ("spot_check", "抽查")),
        _data("summary", "总体情况", required=False), _data("score", "规范化得分", required=False),
        _typed("next_steps", "下一步打算"),
    ), is_told=False),
    Kind("guidance_record", "驻点指导记录", "visit", "组监导〔{year}〕{n}号", (
        _data("title", "专项名称"), _data("guided", "被指导单位"), _data("from_day", "驻点起始"), _data("to_day", "驻点结束"),
        _data("guide", "指导人员"), _rows("items", "逐项指导情况", ("item", "事项"), ("before", "指导前"), ("after", "指导后")),
        _data("result", "指导结果", required=False),
    ), is_told=False),
    Kind("institution_note", "制度制定修订说明", "institution", "组监制〔{year}〕{n}号", (
        _data("title", "制度名称"), _data("action", "办理方式"), _data("issue_no", "制度文号"), _data("issued_on", "印发日期"),
        _data("effective_on", "施行日期"), _data("body", "制定机关"), _data("parents", "上位依据", required=False),
        _rows("findings", "针对的问题", ("no", "编号"), ("title", "问题"), ("cause", "根源"), required=False),
        _typed("background", "背景"), _typed("changes", "主要内容"),
    )),
    Kind("training_notice", "培训通知", "session", "组监培〔{year}〕{n}号", (
        _ADDRESSEE, *_SESSION, _data("people", "培训人数"), _data("clauses", "规则条款", required=False),
        _rows("trainees", "参训人员", ("name", "姓名"), ("post", "单位及职务"), required=False),
        _typed("content", "培训内容"), Field("place", "地点", is_typed=True),
        _typed("requirements", "有关要求", "请参训人员准时参加，因故不能参加的须书面请假并参加补训；训前、训后各组织一次测评。"),
    ), is_regional=True, drafter="training_officer"),
    Kind("training_sheet", "培训签到测评表", "session_held", "组监培表〔{year}〕{n}号", (
        *_SESSION, _data("outcome", "培训结果"),
        _rows("trainees", "签到测评", ("name", "姓名"), ("post", "单位及职务"), ("attended", "是否参训"), ("before", "训前成绩"),
              ("after", "训后成绩"), ("sign", "签名")),
    ), is_regional=True, drafter="training_officer"),
    Kind("monthly_bulletin", "月度调度通报", "month", "组监调〔{year}〕{n}号", (
        _ADDRESSEE, _data("month", "月份"), _data("cases", "已反馈案件数"), _data("found", "问题数"), _data("closed", "已销号数"),
        _data("percent", "销号率"), _data("closed_now", "本月销号数"), _data("overdue", "逾期数"), _data("notices", "督办情况"),
        _rows("units", "各单位进展", ("name", "单位"), ("case_no", "案件编号"), ("found", "问题"), ("closed", "已销号"),
              ("overdue", "逾期")),
        _typed("requirements", "下一步要求", "请进度滞后的单位倒排工期、按期销号；逾期未整改的，依规提级督办。"), _COPIES,
    ), is_regional=True, drafter="supervision_officer"),
)  # fmt: skip

KINDS: Mapping[str, Kind] = MappingProxyType({kind.code: kind for kind in _ALL})
