"""Codes as people read them, for templates.  Knows no page."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask

from webapp.formats import due_time
from workflows.policy import PART_NAMES, ROLE_NAMES, vocabulary
from workflows.policy.transitions import state_name
from workflows.queries.data_names import decision_name, last_name, name_of


def named(code: Any, table: str) -> str:
    """A code in one of the vocabulary's tables: `finding.severity | named("SEVERITY")`."""
    words = getattr(vocabulary, table)
    return str(words.get(code, code if code is not None else ""))


NOT_APPLICABLE = {
    "na_not_occurred": "不适用（检查期内未发生此类事项）", "na_no_authority": "不适用（本单位无此职权）",
}  # fmt: skip
ROOT_CAUSES = {
    "system": "体制机制不健全", "execution": "执行制度不严", "awareness": "思想认识不足", "ability": "能力素质不够",
}  # fmt: skip
APPOINTMENT_EFFECTS = {
    "none": "无影响", "records": "仅记录、档案不全", "irregular": "程序不规范", "missing_step": "缺少必经程序",
    "invalid": "任用无效或带病提拔",
}  # fmt: skip
SUBJECTS = {
    "unit": "单位", "principal": "主要负责人", "responsible_leader": "责任领导", "decision_makers": "决策班子成员",
    "leader": "其他领导人员",
}  # fmt: skip
STEPS = {
    "motion": "动议", "recommendation": "民主推荐", "inspection": "考察", "decision": "讨论决定", "appointment": "任职",
    "supervision": "日常监督与检查",
}  # fmt: skip
VOCABULARY_OF: Mapping[str, Mapping[str, str]] = {
    "severity": vocabulary.SEVERITY,
    "nature": vocabulary.NATURE,
    "rectify_type": vocabulary.RECTIFY_TYPE,
    "chain": vocabulary.CHAIN,
    "completion": vocabulary.COMPLETION,
    "kinds": vocabulary.MEASURE_KINDS,
    "method": vocabulary.VERIFICATION_METHOD,
    "result": {**vocabulary.VERIFICATION_RESULT, **vocabulary.REVISIT_RESULT},
    "responsibility": vocabulary.RESPONSIBILITY,
    "colour": vocabulary.NOTICE_COLOUR,
    "channel": vocabulary.FEEDBACK_CHANNEL,
    "limit_unit": vocabulary.AMOUNT_UNIT,
    "recommended_authority": ROLE_NAMES,
    "proposed_authority": ROLE_NAMES,
    "authority": ROLE_NAMES,
    "recommended_form": vocabulary.ACCOUNTABILITY_FORM,
    "proposed_form": vocabulary.ACCOUNTABILITY_FORM,
    "self_check": {"has": "有类似问题", "none": "没有类似问题"},
    "answer": {
        **vocabulary.CHECK_ANSWER,
        **NOT_APPLICABLE,
        "accept": "采纳提示",
        "deny": "不关联",
        "other": "关联其他底稿",
    },
    "section": vocabulary.CHECK_SECTION,
    "reliability": vocabulary.RELIABILITY,
    "mgmt_level": vocabulary.MGMT_LEVEL,
    "reason": vocabulary.REFERRAL_REASON,
    "trigger": {**vocabulary.REFERRAL_REASON, "none": "不启动"},
    "conduct": vocabulary.REFERRAL_REASON,
    "form": vocabulary.ACCOUNTABILITY_FORM,
    "org_tier": vocabulary.ORG_TIER,
    "unit_kinds": vocabulary.UNIT_KIND,
    "common_scope": vocabulary.CAMPAIGN_SCOPE,
    "scope": vocabulary.CAMPAIGN_SCOPE,
    "receiver": vocabulary.LEAD_RECEIVER,
    "duty": {"leader": "组长", "deputy": "副组长", "liaison": "联络员", "member": "组员"},
    "part": {"none": "不知悉", "informed": "知悉", "handler": "承办"},
    "root_cause_kind": ROOT_CAUSES,
    "appointment_effect": APPOINTMENT_EFFECTS,
    "effect": vocabulary.EFFECT_GRADE,
    "effect_grade": vocabulary.EFFECT_GRADE,
    "grade": vocabulary.ASSESSMENT_GRADE,
    "revisit_kind": {"required": "必须开展", "sample": "抽查"},
    "revisit_result": vocabulary.REVISIT_RESULT,
    "subject": SUBJECTS,
    "choice": {"include": "列入", "drop": "不列入"},
    "verdict": {**vocabulary.TARGET_VERDICT, "accept": "同意销号", "ok": "通过", "return": "退回"},
    "fault": {"none": "无", "negligence": "失职", "dereliction": "渎职"},
    "deviation": vocabulary.DEVIATION,
    "step": STEPS,
    "view": {"agree": "事实无误", "object": "有异议"},
    "ruling": {"maintain": "维持原认定", "withdraw": "撤销该问题", "amend": "修改表述"},
}


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")


def read_as(value: Any, name: str) -> Any:
    """A value of a process's data under its name: codes become words, moments local time, the rest stays."""
    table = VOCABULARY_OF.get(last_name(name))
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return due_time(datetime.fromisoformat(value))
    if table is None:
        return value
    if isinstance(value, list):
        return [table.get(item, item) if isinstance(item, str) else item for item in value]
    return table.get(value, value) if isinstance(value, str) else value


def state(code: str, kind: str) -> str:
    """A state of a case, finding, measure, referral or notice."""
    return state_name(kind, code)


def role_name(code: str) -> str:
    """A role."""
    return ROLE_NAMES.get(code, code)


def part_name(code: str) -> str:
    """A part played on a subject."""
    return PART_NAMES.get(code, code)


def register(app: Flask) -> None:
    for filter_ in (named, read_as, state, role_name, part_name):
        app.add_template_filter(filter_)
    app.add_template_filter(vocabulary.category_name, "category_name")
    app.add_template_filter(name_of, "data_name")
    app.add_template_filter(decision_name)
