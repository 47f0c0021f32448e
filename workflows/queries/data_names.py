"""What people call the names in a process's data, for forms that display data without naming it."""

import re

DATA_NAMES: dict[str, str] = {
    "duty": "组内分工", "unit": "单位", "channel": "来源渠道", "seat": "组内分工", "person": "工号", "score": "得分",
    "roster": "检查组人员", "members": "组员", "violations": "判定结果", "conflicts": "回避情形", "balance": "搭配情况",
    "exclusions": "应当回避的人员", "leader_name": "组长", "leader_post": "职务", "leader_fits": "组长符合条件",
    "size": "组员人数", "channels": "来源渠道数", "core": "熟悉党建或干部业务的人数", "age_bands": "年龄段数",
    "conflict_count": "应当回避的人数", "leader_repeated": "组长上一轮检查过该单位",
    "case_no": "案件编号", "unit_name": "单位", "unit_code": "单位代码", "finding_no": "问题编号",
    "finding_title": "反馈问题", "finding_text": "问题原文", "opinion": "整改意见", "round_no": "整改轮次",
    "reason": "理由", "result": "结果", "comment": "意见", "appeal": "申诉", "appeal_findings": "复核情况",
    "assessed": "评估情况", "blockers": "不能销号的原因", "circular_body": "通报正文", "circular_no": "通报编号",
    "circular_title": "通报标题", "closing": "本轮结果", "completion": "完成情况", "decision_text": "决定内容",
    "effect": "整改成效", "facts": "基本情况", "findings": "问题清单", "gap": "两渠道间隔",
    "hearing_record": "陈述申辩记录", "inquiry": "调查情况", "inquiry_report": "调查报告",
    "leading_group": "整改领导小组", "measures": "整改措施", "meeting_date": "研究日期", "notice": "督办单",
    "nth": "第几次申请", "old_due": "原期限", "opened": "立项情况", "organ_steps": "选任过程倒查",
    "proposal": "处理建议", "recommended_text": "推荐处理方式", "reply_due": "回复期限", "report_effect": "整改成效",
    "requested_by": "申请人", "requested_due_on": "申请延至", "requirements": "再次整改要求",
    "result_rows": "逐项结果", "review_items": "逐项复核", "review_summary": "复核小结",
    "revisit_window": "回头看时间窗口", "root_causes": "问题根源", "screening": "线索研判",
    "screening_reason": "研判意见", "second_measures": "再次整改措施", "stated": "已填方案", "survey": "民主评议",
    "task": "整改任务", "text": "内容", "undisclosed": "拟不公开事项", "visit_date": "回访日期",
    "zero_declaration": "零问题声明", "title": "标题", "status": "状态", "due_date": "期限", "due_on": "期限",
    "leader": "责任领导", "department": "责任部门", "owner": "责任人", "content": "内容", "goal": "整改目标",
    "partner": "配合单位", "kinds": "措施类型", "progress": "进展情况", "severity": "严重程度", "nature": "性质",
    "rectify_type": "整改类型", "category": "问题类别", "chain": "链条", "accepted": "认领", "rows": "明细",
    "note": "说明", "seq": "序号", "new_requirement": "再次整改要求", "new_due_date": "新期限", "level": "级别",
    "notice_no": "督办单编号", "colour": "颜色", "form": "文书", "issued_on": "下发日期", "overdue_days": "逾期天数",
    "method": "方式", "checked": "核查内容", "parties": "参加方", "effect_grade": "成效等次", "name": "姓名",
    "post": "职务", "persons": "责任人员", "clause": "依据条款", "authority": "决定机关", "trigger": "移送事由",
    "evidence": "主要依据", "ref_no": "移送编号", "root_cause": "问题根源", "next_check_date": "下次检查日期",
    "next_check_on": "下次检查日期", "institutions_n": "建章立制（项）", "persons_n": "追责（人）", "amount_wan": "挽回（万元）",
    "document_ref": "文件依据", "cycle": "轮次", "days": "天数", "items": "事项", "code": "代码", "date": "日期",
    "return_count": "退回次数", "false_rectify": "虚假整改", "violation_appointment": "违规用人",
    "recurrence_count": "重复出现次数", "is_typical": "典型问题", "open_count": "未销号数", "closed": "已销号",
    "result_text": "结果", "kind": "类别", "occasion": "时机", "team": "回访组", "held_on": "日期",
    "falsified": "弄虚作假", "involves_principal": "涉及主要负责人", "appointment_effect": "对任用的影响",
    "root_cause_kind": "根源类别", "clauses": "依据条款", "number": "序号", "common_scope": "共性范围",
    "limit_amount": "时限数量", "limit_unit": "时限单位", "follow_up": "后续要求", "finding_count": "问题数",
    "gap_workdays": "间隔（工作日）", "tolerance": "允许间隔（工作日）", "latest": "最迟时限",
    "trigger_name": "移送事由", "closes_at": "截止", "opens_at": "起始", "revisit_basis": "回头看依据", "months": "月数",
    "occasion_ref": "时机依据", "proposed_clauses": "依据条款", "proposal_text": "处理建议",
    "organ_statement": "倒查结论", "revisit_cycle": "回头看轮次", "units_in_region": "全区同类单位数",
    "units_in_city": "同市同类单位数", "key_task": "重点任务", "days_overdue": "逾期天数",
    "level_2_silent": "二级督办未回复", "final_limit_missed": "超过最后期限", "revisit_result": "回头看结果",
    "levels": "级别", "raises": "提级", "actions": "措施", "open_measures": "未验收措施数",
    "measures_without_evidence": "缺佐证的措施数", "verification_age_days": "距验收天数",
    "verifier_implemented": "验收人参与实施", "effect_length": "成效字数", "lacks_accountability": "缺问责决定",
    "lacks_next_check": "缺下次检查日期", "lacks_campaign": "专项未结束", "objection_open": "异议未了结",
    "ledger_mismatch": "与反馈原文不符", "lacks_on_site": "缺现场核查", "lacks_root_cause": "缺根源分析",
    "critical_closed": "已销号的严重问题数", "serious_closed": "已销号的较重问题数", "recurrence": "重复出现",
    "mass_evaluation": "群众评价", "revisit_kind": "回头看方式", "revisit_months": "回头看期限（月）",
    "conduct": "情形", "subject": "对象", "repeated": "屡次发生", "recommended_form": "推荐处理方式",
    "recommended_authority": "决定机关", "influence_months": "影响期（月）", "influence_source": "影响期依据",
    "doc_no": "制度编号", "tier_name": "对象层次", "level_name": "对象类别", "people": "应训人数", "curriculum": "课程安排",
    "attended": "已训人数", "percent": "覆盖率（%）", "delta": "测评平均提高（分）", "kind_name": "形式",
    "planned_on": "计划日期", "opinion_text": "单位意见", "adoption": "采纳情况", "reply": "采纳情况说明",
    "practice": "经验做法", "issue_no": "文号",
    "campaign_no": "专项编号", "campaign_title": "专项名称", "campaign_summary": "汇总报告", "checklist": "自查内容和要求",
    "check_due": "报送期限", "found_n": "自查问题数", "rectified": "自纠结果", "exposure": "暴露的问题",
    "occurred_on": "发生日期", "exposed_on": "暴露日期", "comparison": "比对情况", "lead_rows": "检查期间的线索",
    "doc_title": "文件标题", "received_on": "收到日期", "source_level": "来源", "year": "年度",
    "closed_percent": "销号率（%）", "on_time_percent": "按期销号率（%）", "case_nos": "涉及案件", "referrals": "问责移送",
    "numbers": "整改落实情况", "grade": "等次", "by_rule": "按规则等次", "grade_name": "参考等次", "adopted": "是否采纳",
    "adopted_note": "采纳说明", "rank": "排名", "visited": "是否驻点", "verdict": "是否销号", "self_check": "自查情况",
    "false_report": "虚报瞒报", "guidance": "指导事项", "before": "指导前", "after": "指导后", "item": "事项",
    "window_start": "窗口起始", "period": "时间", "why": "研判依据", "focus": "研判确定的检查重点", "differences": "个体差异",
    "direction": "检查方向", "chosen": "采用", "section": "板块", "section_name": "板块", "own": "本单位特有",
    "source_name": "情况来源", "status_name": "状态", "count": "条数", "grounds": "依据", "limit": "拟定时限",
    "measure": "措施", "institution_title": "制度名称", "answer": "检查结果", "part": "本线索分工", "value": "数值",
    "as_of": "截止日期", "first_hand": "第一手", "dropped_reason": "不列入的理由", "appraisal": "等次",
    "appraisal_note": "评语", "learning_note": "学习收获", "not_adopted": "未采纳说明", "adjusted": "调整等次",
    "body": "主要内容", "reliability": "可靠程度", "selection_related": "涉及选人用人", "concrete": "内容具体可查",
    "topic": "主题", "policy": "讲解的政策法规", "attendees_n": "参加人数", "place": "地点", "sample": "抽查份（人）数",
    "must_talk": "必谈对象", "summary": "谈话要点", "signed": "本人签字", "phenomenon": "表现",
    "qualification": "定性依据", "responsibility": "责任", "ruling": "复核结论", "party": "单位（代表方）", "view": "核对意见",
    "outcome": "抽查结果", "action": "办理", "issuing_body": "制定机关", "effective_on": "施行日期", "round_code": "轮次编号",
    "round_name": "轮次", "round_kind": "轮次类型", "cases": "案件数", "unit_kind": "单位类别", "state": "目前状态",
    "choice": "是否列入", "mgmt_level": "干部管理层级", "step": "环节", "who": "责任人员", "fault": "过错",
    "deviation": "执行情况", "fact": "检查情况", "correction": "纠正要求", "two_regulations": "两项法规全覆盖",
    "org_tier": "对象层次", "requirement": "再次整改要求", "wp_no": "底稿编号", "asked": "核实要求", "supplement": "核实情况",
    "decision": "结论", "prior_no": "以往问题编号", "prior_title": "以往问题", "prior_state": "轮次和状态", "advice": "关联提示",
    "explanation": "评分说明", "conduct_on": "行为发生日", "more_clauses": "其他条款", "clause_reason": "援引理由",
    "amended_text": "修改后的表述", "lead_no": "线索编号", "related": "与暴露问题有关", "staff_no": "工号",
    "bottom_years": "连续排名靠后年数", "overall_good_rate": "总体好评率", "sanctions": "处分情况", "petitions": "信访情况",
    "related_findings": "相关问题", "annual_grade": "年度考核等次", "prior_open": "上轮未销号数", "repeats": "重复出现",
    "months_since": "距上次检查（月）", "principal_changed": "主要负责人变动", "promotions": "提拔任职人数",
    "point_values": "得分", "point_grounds": "得分项", "point_facts": "事实", "point_sources": "出处",
    "in_tour_list": "列入巡视对象", "in_key_list": "列入重点名单", "sum(point_values)": "总分", "verdict_reason": "结论理由",
    "basis": "依据", "words": "整改落实情况",
}  # fmt: skip
DECISION_NAMES = {
    "d1_targeting_score": "D1 对象评估得分", "d2_target_decision": "D2 对象列入结论",
    "d3_severity": "D3 严重程度", "d4_deadline": "D4 整改时限", "d5_escalation_level": "D5 督办等级",
    "d6_closure_blockers": "D6 销号障碍", "d7_accountability_form": "D7 问责方式推荐", "d8_nature": "D8 问题性质",
    "d9_revisit": "D9 回头看期限", "d10_team_validity": "D10 检查组有效性",
    "d11_assessment_grade": "D11 年度考核参考等次", "influence_period": "问责影响期",
}  # fmt: skip
SIGNS = ((" and ", "，且"), (" or ", "，或"), (" == ", " = "), (" >= ", " ≥ "), (" <= ", " ≤ "))
IN_A_GROUP = re.compile(r'\w+\["(\w+)"\]')


def last_name(name: str) -> str:
    """The name itself where it stands in a group: `facts["name"]`, `facts.name`."""
    return match[1] if (match := IN_A_GROUP.fullmatch(name)) else name.rpartition(".")[2]


def decision_name(decision: str) -> str:
    """What people call a decision table; an unknown one is shown as it is."""
    return DECISION_NAMES.get(decision, decision)


def name_of(name: str) -> str:
    """What people call a name in the data or a condition over such names; an unknown one is shown as it is."""
    if (known := DATA_NAMES.get(last_name(name))) or " " not in name:
        return known or name
    said = IN_A_GROUP.sub(lambda found: DATA_NAMES.get(found[1], found[0]), name)
    for sign, word in SIGNS:
        said = said.replace(sign, word)
    return said
