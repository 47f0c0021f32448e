"""What people write from the first proposal of a round to leaving the site (P01–P03a); see `answers`."""

from typing import Any

from huitou.demo.answers import Answer, Occasion, answers
from huitou.demo.findings import finding

KINDS = ["prefecture_city", "county", "department", "institution", "university", "soe", "mass_org"]


# -- 轮次谋划 -------------------------------------------------------------------------------------------


@answers("round_planning", "consider_year")
def _consider_year(it: Occasion) -> Answer:
    return {"year_decision": "later", "year_reason": "年度检查安排已报部务会研究，各轮次按计划分别提出。"}


@answers("round_planning", "propose_round")
def _propose_round(it: Occasion) -> Answer:
    return {
        "kind": it.fact("kind", "regular"),
        "round_name": it.fact("name", "常规检查"),
        "term_no": 12,
        "round_code": it.fact("code", "") or None,
        "starts_on": it.day(40),
        "linked_tour_round": it.fact("tour", "") or None,
        "key_task_name": it.fact("key_task", "") or None,
        "unit_kinds": KINDS,
        "basis": "按照年度工作安排，结合巡视部署和日常掌握情况，拟开展本轮选人用人专项检查。",
    }


@answers("round_planning", "list_tour_units")
def _list_tour_units(it: Occasion) -> Answer:
    return {"tour_units": [{"unit_code": code, "note": "列入本轮巡视"} for code in it.fact("units", ())]}


@answers("round_planning", "name_key_units")
def _name_key_units(it: Occasion) -> Answer:
    return {
        "key_units": [{"unit_code": code, "note": "重点县（区）"} for code in it.fact("units", ())],
        "focus_rows": [row | {"chosen": True} for row in it.prefilled("focus_rows")],
    }


@answers("round_planning", "settle_targets")
def _settle_targets(it: Occasion) -> Answer:
    wanted = set(it.fact("units", ()))
    rows = it.prefilled("target_choices")
    return {"target_choices": [row | _choice(row, wanted) for row in rows]}


def _choice(row: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    if row["unit_code"] in wanted:
        return {"choice": "include", "reason": "列入本轮检查计划，按程序开展检查。"}
    return {"choice": "drop", "reason": "已统筹列入后续轮次安排，本轮暂不安排检查。"}


@answers("round_planning", "approve_round")
def _approve_round(it: Occasion) -> Answer:
    if not it.prefilled("agenda_rows"):
        return {"council_decision": "reject", "council_opinion": "没有列入名单的对象，本轮暂不组织。"}
    return {
        "council_decision": "approve",
        "council_date": it.day(),
        "minutes": "部务会听取情况汇报，逐一审议检查对象，一致同意按程序开展检查。",
        "council_opinion": "同意",
    }


@answers("round_planning", "choose_rounds")
def _choose_rounds(it: Occasion) -> Answer:
    wanted = set(it.fact("past_codes", ()))
    rows = [row | {"chosen": row["round_code"] in wanted} for row in it.prefilled("past_rounds")]
    return {"past_rounds": rows, "revisit_kinds": it.fact("revisit_kinds", KINDS), "revisit_within": 3}


@answers("round_planning", "choose_cases")
def _choose_cases(it: Occasion) -> Answer:
    most = it.fact("most_cases", 11)
    rows = [
        row | ({"choice": "include"} if number < most else {"choice": "drop", "reason": "另行安排回头看时间"})
        for number, row in enumerate(it.prefilled("chosen_cases"))
    ]
    return {"chosen_cases": rows}


# -- 检查准备 -------------------------------------------------------------------------------------------


@answers("intel_supply", "supply_intel", "supply_confidential_intel")
def _supply(it: Occasion) -> Answer:
    source = str(it.context.get("source_name", "有关方面"))
    if it.happens(0.45):
        return {"has_items": "no", "nothing": "经核对，窗口期内未掌握需要提供的情况。"}
    return {
        "has_items": "yes",
        "items": [
            {
                "title": f"{source}反映的选人用人有关情况（{number + 1}）",
                "occurred_on": it.day(-it.dice.randint(20, 160)),
                "body": "反映有关单位在干部选拔任用程序和日常管理方面存在需要关注的情况，具体内容详见附件摘要。",
                "reliability": it.dice.choice(["verified", "credible", "clue"]),
                "first_hand": it.happens(0.6),
                "selection_related": it.happens(0.7),
                "concrete": it.happens(0.5),
            }
            for number in range(it.dice.randint(1, 3))
        ],
    }


@answers("preparation", "fill_baseline")
def _baseline(it: Occasion) -> Answer:
    return {
        "metrics": [
            row | {"value": it.dice.randint(3, 60), "as_of": it.day(-30), "first_hand": True}
            for row in it.prefilled("metrics")
        ]
    }


@answers("preparation", "analyse")
def _analyse(it: Occasion) -> Answer:
    chosen = [finding(number) for number in it.fact("numbers", (0, 2, 6))][:3]
    return {
        "direction": "围绕干部选拔任用程序执行、日常管理监督和担当作为导向，突出重点岗位和关键环节开展检查。",
        "differences": "该单位近年干部调整较为集中，应重点核查动议、考察、讨论决定等环节的规范性。",
        "focus": [
            {
                "text": f"重点检查：{each.title}",
                "category": each.category,
                "chain": each.chain,
                "why": "结合活情况分析，该环节风险较为集中。",
            }
            for each in chosen
        ],
    }


@answers("preparation", "authorise_dispatch")
def _authorise(it: Occasion) -> Answer:
    number = it.context.get("case_no", "")
    return {
        "dispatch_decision": "approve",
        "authorisation_no": f"组派〔{it.today.year}〕{number}",
        "authorised_on": it.day(),
        "reason": "同意派出",
    }


@answers("preparation", "hold_mobilisation", "make_up_training")
def _mobilise(it: Occasion) -> Answer:
    rows = it.prefilled("attendance")
    held, fields = it.day(), it.form.schema["properties"]
    absent = it.dice.randrange(len(rows)) if "mobilised_on" in fields and it.happens(0.2) else None
    marks = [{"attended": True, "score": it.dice.randint(80, 98)} for _ in rows]
    known = {
        "mobilised_on": held,
        "made_up_on": held,
        "agenda_tasks": "明确本轮检查的主要任务、检查重点和时间安排。",
        "agenda_methods": "讲解个别谈话、清单检查、线索核查和底稿撰写的方法。",
        "agenda_requirements": "强调政治纪律、保密纪律和廉洁纪律要求。",
        "attendance": [
            row | ({"attended": False, "score": 0} if place == absent else marks[place])
            for place, row in enumerate(rows)
        ],
    }
    return {name: value for name, value in known.items() if name in fields}


@answers("preparation", "issue_entry_notice")
def _issue_entry_notice(it: Occasion) -> Answer:
    """Ten working days lie between (T02), whatever holidays there are."""
    return {
        "entry_date": it.day(25),
        "notice_scope": "近三年干部选拔任用工作、干部日常管理监督和上轮反馈问题整改情况。",
        "notice_materials": "选人用人工作报告、干部任免台账、会议记录、干部档案。",
    }


# -- 进驻检查 -------------------------------------------------------------------------------------------


@answers("onsite_inspection", "hear_report")
def _hear_report(it: Occasion) -> Answer:
    return {
        "heard_on": it.day(),
        "materials": "选人用人工作报告、近三年干部任免台账、会议记录",
        "problem_share": 75,
        "report_summary": "汇报以查摆问题为主，对存在的不足认识较为清醒，表示全力配合检查。",
    }


@answers("onsite_inspection", "hold_talks")
def _hold_talks(it: Occasion) -> Answer:
    people = (
        ("主要负责人", "党委（党组）书记", True),
        ("分管领导", "组织人事工作分管领导", True),
        ("干部代表", "科长", False),
    )
    return {
        "interviews": [
            {
                "person": person,
                "post": post,
                "must_talk": must,
                "inspector_1": "检查组组员甲",
                "inspector_2": "检查组组员乙",
                "held_on": it.day(),
                "summary": "围绕选人用人工作谈了看法和建议，反映的情况已逐条记录。",
                "signed": True,
            }
            for person, post, must in people
        ]
    }


@answers("onsite_inspection", "check_items")
def _check_items(it: Occasion) -> Answer:
    """The issues themselves are written as papers; the checklist names those of the focus."""
    return {"checklist": [row | {"answer": "no_issue"} for row in it.prefilled("checklist")]}


@answers("onsite_inspection", "coach")
def _coach(it: Occasion) -> Answer:
    return {
        "coaching": [
            {
                "topic": "干部选拔任用程序要点辅导",
                "policy": "党政领导干部选拔任用工作条例",
                "clauses": "第四章、第五章",
                "attendees_n": it.dice.randint(12, 60),
                "held_on": it.day(),
            }
        ]
    }


@answers("onsite_inspection", "demand_immediate")
def _demand(it: Occasion) -> Answer:
    items = [{"text": "即时补齐任免会议记录签字页", "days": 5}] if it.fact("numbers", ()) and it.happens(0.5) else []
    return {"immediate_items": items, "demands_done": "done"} if items else {"demands_done": "done"}


@answers("onsite_inspection", "register_leads")
def _register_leads(it: Occasion) -> Answer:
    rows = [
        {
            "channel": it.dice.choice(["letter", "visit", "call", "talk", "box"]),
            "title": f"反映干部选拔任用有关情况（{number + 1}）",
            "body": "来信反映该单位个别干部提任过程中存在程序不规范的情况，请予核实。",
        }
        for number in range(it.fact("lead_n", it.dice.randint(1, 4)))
    ]
    return {"leads": rows, "leads_done": "done"} if rows else {"leads_done": "done"}


@answers("lead_handling", "screen_lead")
def _screen_lead(it: Occasion) -> Answer:
    people = it.prefilled("people")
    return {
        "in_scope": "yes",
        "people": [row | {"part": "handler" if number < 2 else "none"} for number, row in enumerate(people)],
        "due_days": 5,
        "share": "no",
    }


@answers("lead_handling", "verify_lead")
def _verify_lead(it: Occasion) -> Answer:
    return {
        "account": "经调阅任免材料、与相关人员谈话核实，反映情况的来龙去脉已基本查清。",
        "evidence": "会议记录复印件；谈话笔录；任免审批表",
        "inspector_1": "检查组组员甲",
        "inspector_2": "检查组组员乙",
    }


@answers("lead_handling", "conclude_lead")
def _conclude_lead(it: Occasion) -> Answer:
    is_true = it.happens(it.fact("substantiated", 0.0))
    return {
        "conclusion": "substantiated" if is_true else it.dice.choice(["unsubstantiated", "unverifiable", "rebutted"]),
        "conclusion_note": "经核查，结论如上，相关材料已归入线索卷。",
    }


@answers("onsite_inspection", "draft_papers")
def _draft_papers(it: Occasion) -> Answer:
    rows = [
        {
            "title": each.title,
            "phenomenon": each.phenomenon,
            "qualification": f"不符合干部选拔任用工作有关规定，属于{each.qualification}。",
            "responsibility": each.responsibility,
            "category": each.category,
            "chain": each.chain,
            "evidence": "任免会议记录；干部档案抽查清单；谈话记录",
            "author_1": "检查组组员甲",
            "author_2": "检查组组员乙",
        }
        for each in (finding(number) for number in it.fact("numbers", ()))
    ]
    return {"papers": rows} if rows else {"papers": []}


@answers("lead_handling", "complete_paper")
def _complete_paper(it: Occasion) -> Answer:
    each = finding(it.dice.randrange(36))
    return {
        "paper_title": each.title,
        "phenomenon": each.phenomenon,
        "qualification": f"不符合干部选拔任用工作有关规定，属于{each.qualification}。",
        "responsibility": each.responsibility,
        "category": each.category,
        "chain": each.chain,
        "paper_evidence": "会议记录复印件；谈话笔录",
        "author_1": "检查组组员甲",
        "author_2": "检查组组员乙",
    }
