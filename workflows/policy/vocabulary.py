"""What people call the codes of findings, measures and deadlines (domain/2 §2.8, domain/3 §3.2).  Knows no row."""

from collections.abc import Mapping
from types import MappingProxyType

from workflows.policy.checklist import SECTIONS

Words = Mapping[str, str]


def _words(**words: str) -> Words:
    return MappingProxyType(words)


SEVERITY = _words(minor="轻微", moderate="一般", serious="较重", critical="严重")
NATURE = _words(individual="个性", common="共性", long_term="持久")
RECTIFY_TYPE = _words(immediate="立行立改", staged="分阶段整改", continuous="持续整改")
CHAIN = MappingProxyType(
    {"选": "选", "育": "育", "管": "管", "用": "用", "select": "选", "train": "育", "manage": "管", "use": "用"}
)
COMPLETION = _words(not_done="未完成", basically_done="基本完成", done="已完成")
MEASURE_KINDS = _words(
    establish_system="建章立制",
    accountability="追责问责",
    draw_inferences="举一反三",
    special_rectify="专项整治",
    recover_loss="挽回损失",
    correct_appointment="纠正任免",
    training="教育培训",
    other="其他",
)
VERIFICATION_METHOD = _words(document="查阅资料", on_site="现场核查", interview="个别谈话", sampling="抽查")
VERIFICATION_RESULT = MappingProxyType({"pass": "通过", "return": "退回", "continue": "持续整改"})
RESPONSIBILITY = _words(
    subject="主体责任",
    first="第一责任",
    main_leader="主要领导责任",
    important_leader="重要领导责任",
    direct="直接责任",
)
ACCOUNTABILITY_FORM = _words(
    talk_reminder="谈话提醒",
    admonition_talk="约谈提醒",
    criticism="批评教育",
    ordered_check="责令检查",
    written_check="书面检查",
    circulate="通报",
    admonition="诫勉",
    suspension="停职检查",
    adjust_post="调整职务",
    transfer_post="调离岗位",
    non_leading="改任非领导职务（职级）",
    ordered_resign="责令辞职",
    removal="免职",
    demotion="降职",
    discipline="纪律处分",
    transfer="移送纪检监察机关",
)
MGMT_LEVEL = _words(
    region_managed="自治区党委管理", city_managed="市委管理", county_managed="县委管理", unit_managed="单位管理"
)
REFERRAL_REASON = _words(
    inaction="不担当不作为",
    weak_rectify="整改不力",
    unreal_measures="措施不实",
    not_in_place="整改不到位",
    overdue="严重逾期",
    violation="违规用人",
    false_rectify="虚假整改",
    duty_fail="检查失职渎职",
    other="其他",
)
REVISIT_RESULT = _words(consolidated="已巩固", not_in_place="整改不到位", rebound="反弹")
REVISIT_STATUS = _words(
    scheduled="已安排",
    on_site="现场复核",
    assessed="已评估",
    refed_back="已再反馈",
    following="跟踪整改",
    zeroed="已清零",
)
ROUND_KIND = _words(
    regular="常规检查", key_task="重点任务", targeted="靶向检查", revisit_campaign="回头看专项", inbound="上级反馈"
)
FEEDBACK_CHANNEL = _words(
    one_to_one="一对一反馈", unified="统一反馈", circular="全区通报", copy_leader="抄送分管领导"
)
LETTER_KIND = _words(green="绿色提示", yellow="黄色预警", final="最后提醒", red="红色督办")
NOTICE_COLOUR = _words(blue="蓝色", yellow="黄色", red="红色")
SUPERVISION_LEVEL = MappingProxyType(
    {0: "未督办", 1: "一级督办", 2: "二级督办", 3: "三级督办", 4: "四级督办", 5: "五级督办"}
)
DEADLINE_CHANGE = _words(
    opened="起算",
    extended="延期",
    paused="中止计时",
    resumed="恢复计时",
    recalculated="重新计算",
    met="已办理",
    voided="作废",
)
AMOUNT_UNIT = _words(
    workday="个工作日", calendar_day="日", month="个月", hour="小时", monthday="日（每月）", fixed_date="（固定日期）"
)
REQUEST_STATUS = _words(
    requested="待审批", pending="待审批", approved="已同意", refused="不同意", rejected="不同意", lapsed="已失效"
)
RELIABILITY = _words(verified="已查实", credible="基本可信", clue="线索待核")
INTEL_STATUS = _words(asked="待提供", overdue="逾期未报", supplied="已提供")
WORK_PLAN_STATUS = _words(draft="草拟", approved="已批准", superseded="已被替代")
CHECK_SECTION = SECTIONS
CHECK_ORIGIN = _words(template="模板", focus_set="重点集", analysis="研判重点", plan="方案增加", note="活情况")
INSTANCE_STATUS = _words(running="运行中", finished="已结束", cancelled="已取消", incident="异常")
TASK_STATUS = _words(open="待办", done="已办", withdrawn="已撤回")
APPRAISAL = _words(excellent="优秀", good="良好", fair="一般", poor="较差")
TEAM_STATUS = _words(forming="组建中", active="已启用", released="已离点", cancelled="已取消")
PLAN_STATUS = _words(draft="草拟", submitted="已报送", returned="已退回", approved="已批准", superseded="已被替代")
INSTITUTION_ACTION = _words(new="制定", amend="修订", repeal="废止", interpret="解释")
INSTITUTION_LEVEL = _words(superior="上级制度", region="本级制度", unit="单位制度")
REVIEW_OUTCOME = _words(keep="继续有效", amend="需要修订", repeal="需要废止")
ADOPTION = _words(adopted="采纳", partly="部分采纳", rejected="未采纳")
DEVIATION = _words(none="执行到位", discount="打折扣", selective="作选择", circumvent="搞变通")
QUESTION_STATUS = _words(asked="待答复", answered="待审核", published="已公布")
TRAINING_KIND = MappingProxyType(
    {"class": "业务培训班", "lecture": "辅导讲座", "exchange": "以案促学", "online": "网络培训"}
)
ORG_TIER = _words(
    city_county_org="市、县（市、区）党委组织部", dept_unit="区直部门（单位）", soe_hr="区属国有企业组织人事部门"
)
TRAINING_LEVEL = _words(in_charge_leader="干部监督工作分管领导", org_cadre="组工干部")
SESSION_STATUS = _words(planned="待举办", held="已举办", making_up="补训中", done="已完成")
ABILITY = _words(understand="准确把握", apply="熟练运用", enforce="严格执行")
UNIT_KIND = _words(
    org_department="组织部门",
    prefecture_city="地级市",
    county="县（市、区）",
    department="区直部门",
    institution="事业单位",
    soe="区属企业",
    university="高等院校",
    mass_org="群团组织",
    city_direct="市直单位",
)
UNIT_GROUP = _words(
    prefecture_city="地方", county="地方", department="单位", institution="单位", university="单位", mass_org="单位",
    soe="企业",
)  # fmt: skip
TARGET_VERDICT = _words(must="必查", must_propose="建议必查", candidate="可选", skip="暂不列入", added="人工增补")
LEAD_CHANNEL = _words(
    letter="来信",
    visit="来访",
    call="来电",
    network="网络举报",
    box="意见箱",
    talk="个别谈话",
    tour="巡视组转来",
    other="其他",
)
LEAD_CONCLUSION = _words(
    substantiated="属实", partly="部分属实", unsubstantiated="不属实", unverifiable="无法查证", rebutted="已澄清正名"
)
DUTY_CONCLUSION = _words(not_discoverable="不予追究", missed="应发现未发现（失职）", unreported="发现未报告（渎职）")
EXPOSURE_SOURCE = _words(
    sanction="党纪政务处分",
    petition="信访举报",
    audit="审计",
    tour="巡视",
    media="媒体曝光",
    lead="检查线索",
    other="其他",
)
SOURCE_LEVEL = _words(own="本级检查", central_tour="中央巡视", central_org="中央组织部")
EFFECT_GRADE = _words(good="好", fair="较好", ordinary="一般")
ASSESSMENT_GRADE = _words(good="好", fair="较好", average="一般", poor="差")
CAMPAIGN_SCOPE = _words(city="一市", region="全区")
LEAD_RECEIVER = _words(tour_leader="巡视组", discipline_liaison="纪检监察机关", supervision_officer="干部监督处")
REQUEST_LEVEL = _words(major="重大事项", important="重要事项", routine="一般事项")
CHECK_ANSWER = _words(issue="有问题", no_issue="无问题", na="不适用")
CATEGORIES = MappingProxyType(
    {
        "A": "坚持政治标准不够", "B": "用人导向不正", "C": "执行政策和程序不严",
        "D": "干部管理监督不力", "E": "队伍建设统筹不够", "F": "上轮反馈整改不到位",
    }
)  # fmt: skip
CATEGORY_LEAVES = MappingProxyType(
    {
        "A01": "党管干部原则落实不到位", "A02": "政治素质考察不深", "A03": "廉洁把关不严、带病提拔",
        "A04": "上级组织工作部署落实不力",
        "B01": "担当作为导向不鲜明", "B02": "唯票唯分唯GDP唯年龄", "B03": "任人唯亲、近亲繁殖",
        "B04": "因人设岗、量身定制条件", "B05": "论资排辈、实绩不够", "B06": "不担当不作为典型问题未处理",
        "C01": "超职数超规格擅设职务", "C02": "资格条件把关不严", "C03": "动议分析研判不足", "C04": "民主推荐不规范",
        "C05": "凡提四必落实不到位", "C05a": "凡提四必（档案）", "C05b": "凡提四必（个人事项）",
        "C05c": "凡提四必（纪检意见）", "C05d": "凡提四必（信访）", "C06": "考察不深不细", "C07": "讨论决定不规范",
        "C07a": "末位表态不落实", "C07b": "到会人数不足", "C07c": "临时动议、会议代替", "C08": "公示不规范",
        "C09": "试用期制度不落实", "C10": "任职回避不落实", "C11": "破格越级未报批", "C12": "任前报告备案缺失",
        "C13": "全程纪实和文书档案不全",
        "D01": "个人有关事项报告", "D02": "因私出国（境）管理", "D03": "配偶子女经商办企业", "D04": "兼职（任职）清理",
        "D05": "档案三龄两历一身份", "D06": "一把手和关键岗位监督", "D07": "工资关系、吃空饷、借调", "D08": "违规调动",
        "E01": "结构不优", "E02": "年轻干部培养", "E03": "交流轮岗", "E04": "教育培训落实",
        "F01": "未整改到位", "F02": "反复出现、重复整改", "F03": "纸面、虚假、选择性整改",
        "F04": "一报告两评议反馈问题未改",
    }
)  # fmt: skip


def word(words: Mapping[str, str], code: str | None) -> str:
    """What people call a code; an unknown one is shown as it is."""
    return words.get(code, code) if code else ""


def category_name(code: str) -> str:
    """A category of the taxonomy as people read it: "C07a 末位表态不落实"."""
    leaf = CATEGORY_LEAVES.get(code) or CATEGORIES.get(code)
    return f"{code} {leaf}" if leaf else code


OCCASION_KIND = _words(
    milestone="联合里程碑",
    meeting="重要会议",
    sensitive="敏感时段",
    joint="联合场合",
    talent_review="人才盘点",
    survey="调研",
    supervision="督导",
    other="其他",
)
"""What a shared entry of the calendar is; 人才盘点, 调研 and 督导 are the occasions of S102."""
