"""What people write into the forms of the demo region: one function a user task, plausible and invented.

Also used by the journeys of the test suite, so that a scenario only says what is special about it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from huitou.demo.writing import Choices, Desk
from workflows.engine.language import evaluate
from workflows.forms import Form
from workflows.queries import task_form
from workflows.workdays import start_of_day

Answer = dict[str, Any]


@dataclass(frozen=True)
class Occasion:
    """One task at hand: its form, what the process knows, the local day, and what the story wants to be different."""

    process_id: str
    element: str
    form: Form
    context: dict[str, Any]
    today: date
    facts: dict[str, Any] = field(default_factory=dict)
    form_name: str = ""  # several tasks may share a form
    options: dict[str, Choices] = field(default_factory=dict)
    dice: Random = field(default_factory=lambda: Random(0))

    def prefilled(self, name: str) -> list[dict[str, Any]]:
        """The rows the form starts with."""
        text = self.form.ui["prefill"][name]
        rows: list[dict[str, Any]] = evaluate(text, self.context, {}) or []
        wanted = self.form.schema["properties"][name]["items"]["properties"]
        return [{key: value for key, value in row.items() if key in wanted and value is not None} for row in rows]

    def day(self, days: int = 0) -> str:
        """The local day, shifted by calendar days, as the forms want it."""
        return (self.today + timedelta(days=days)).isoformat()

    def fact(self, name: str, default: Any) -> Any:
        """What the story says, or what is usual."""
        return self.facts.get(name, default)

    def happens(self, chance: float) -> bool:
        """Whether something that happens so often happens now."""
        return self.dice.random() < chance


_answers: dict[tuple[str, str], Callable[[Occasion], Answer]] = {}


def answers(
    process_id: str, *elements: str
) -> Callable[[Callable[[Occasion], Answer]], Callable[[Occasion], Answer]]:
    """Names the task a function answers."""

    def register(function: Callable[[Occasion], Answer]) -> Callable[[Occasion], Answer]:
        for element in elements:
            _answers[(process_id, element)] = function
        return function

    return register


def answer_for(occasion: Occasion) -> Answer:
    """The answer to the task at hand.

    A function of this package writes it, as far as it knows; what it leaves out, the form's schema suggests.  Facts
    that name a field of the form replace it.
    """
    keys = ((occasion.process_id, occasion.element), (occasion.process_id, occasion.form_name))
    write = next((_answers[key] for key in keys if key in _answers), None)
    known = write(occasion) if write else {}
    fields = occasion.form.schema["properties"]
    known |= {name: value for name, value in occasion.facts.items() if name in fields}
    if write and set(occasion.form.schema.get("required", ())) <= set(known):
        return known
    given = task_form.given(occasion.form, occasion.context, start_of_day(occasion.today))
    desk = Desk(occasion.today, occasion.dice, {**given, **known}, occasion.options)
    answer = desk.write(occasion.form) | known
    return {name: value for name, value in answer.items() if value is not None}


# -- 登记与反馈 -----------------------------------------------------------------------------------------


@answers("approved_case_intake", "register_case")
def _register_case(it: Occasion) -> Answer:
    return {"source_level": "own", "entry_date": it.day(-40), "exit_date": it.day(-20)}


@answers("approved_case_intake", "register_findings")
def _register_findings(it: Occasion) -> Answer:
    return {"findings": it.fact("findings", [])}


@answers("approved_case_intake", "confirm_determination")
def _confirm_determination(it: Occasion) -> Answer:
    return {
        "decision": "approve",
        "council_date": it.day(),
        "minutes": "应到部务会成员7人，实到6人。会议听取检查情况汇报，逐项审议后一致同意认定意见和整改要求。",
        "reason": "审定通过",
    }


@answers("feedback", "feed_back_one_to_one")
def _one_to_one(it: Occasion) -> Answer:
    return {
        "one_to_one_on": it.day(),
        "one_to_one_place": "被检查单位会议室",
        "one_to_one_by": "巡视组组长",
        "principal_attitude": "诚恳接受反馈意见，表示坚决整改、一改到底。",
        "chapter": "选人用人专项检查情况作为巡视反馈意见专章，随巡视反馈意见一并反馈。",
    }


@answers("feedback", "feed_back_unified")
def _unified(it: Occasion) -> Answer:
    return {
        "unified_on": it.day(),
        "unified_place": "被检查单位礼堂",
        "attendees": "巡视组、专项检查组，被检查单位领导班子成员、中层以上干部",
        "document_no": f"组监反馈〔{it.today.year}〕{it.today.timetuple().tm_yday}号",
    }


@answers("feedback", "copy_to_leader")
def _copy_to_leader(it: Occasion) -> Answer:
    return {
        "copied_on": it.day(),
        "leader_name": "联系该单位的自治区领导",
        "suggestions": "建议加强对整改工作的指导督促。",
    }


@answers("feedback", "draft_circular")
def _draft_circular(it: Occasion) -> Answer:
    if it.fact("joins", False):
        return {"circular_way": "并入本轮通报"}
    return {
        "circular_title": f"关于{it.context.get('unit_name', '有关单位')}选人用人专项检查情况的通报",
        "circular_body": (
            "近期，自治区党委组织部会同巡视组开展了选人用人专项检查。从检查情况看，总体执行干部选拔任用政策法规较好，"
            "但也发现动议把关不严、程序不规范、监督管理不到位等问题。各单位要举一反三，对照自查，有则改之、无则加勉，"
            "并按期反馈自查情况。"
        ),
    }


@answers("feedback", "sign_circular")
def _sign_circular(it: Occasion) -> Answer:
    return {"decision": "approve", "reason": "同意印发"}


@answers("feedback", "explain_gap")
def _explain_gap(it: Occasion) -> Answer:
    return {"gap_reason": "因巡视反馈会议时间调整，两路反馈间隔较长，已当面说明并同步推进后续工作。"}


@answers("feedback", "acknowledge_findings")
def _acknowledge(it: Occasion) -> Answer:
    refused: dict[str, str] = it.fact("refused", {})
    rows = it.prefilled("acknowledgements")
    return {
        "acknowledgements": [
            row
            | {
                "accepted": row["finding_no"] not in refused,
                "comment": refused.get(row["finding_no"], "问题属实，诚恳认领。"),
            }
            for row in rows
        ]
    }


@answers("feedback", "review_objections")
def _review_objections(it: Occasion) -> Answer:
    ruling = it.fact("ruling", "maintain")
    rows = it.prefilled("rulings")
    return {
        "rulings": [
            row | {"ruling": ruling, "reply": "经调阅原始材料并集体会商，复核意见如上，请按要求办理。"}
            for row in rows
        ]
    }


@answers("circular_self_check", "self_check")
def _self_check(it: Occasion) -> Answer:
    return {
        "answer": it.fact("answer", "none"),
        "self_check": "对照通报所列问题逐项自查，重点核查了近三年提任干部的程序和档案。",
        "measures": "继续严格执行干部选拔任用条例，加强业务培训。",
    }


@answers("circular_self_check", "rectify_by_itself")
def _rectify_by_itself(it: Occasion) -> Answer:
    return {"rectified": "已补充完善相关纪实材料，并组织全体组工干部学习培训。"}


# -- 整改 -----------------------------------------------------------------------------------------------


@answers("case_rectification", "found_leading_group")
def _leading_group(it: Occasion) -> Answer:
    return {
        "meeting_date": it.day(),
        "leading_group": "组长：党委（党组）书记；副组长：组织人事工作分管领导；成员：各科室负责人",
        "meeting_minutes": "党委（党组）专题研究反馈意见，逐项分析原因，明确整改责任和时限。",
    }


@answers("case_rectification", "draft_plan")
def _draft_plan(it: Occasion) -> Answer:
    rows = [row for row in it.prefilled("measures") for _ in range(it.dice.randint(1, it.fact("most_measures", 1)))]
    causes = it.prefilled("root_causes")
    return {
        "measures": [_measure(it, row, index) for index, row in enumerate(rows)],
        "root_causes": [
            row | {"root_cause": row.get("root_cause") or "制度执行不严，监督检查不经常。"} for row in causes
        ],
    }


def _measure(it: Occasion, row: dict[str, Any], index: int) -> dict[str, Any]:
    content = (
        "组织专题学习干部选拔任用条例，逐人逐项复核近三年选任纪实材料，补齐短板。",
        "修订干部选拔任用工作规程，明确动议、考察、讨论决定各环节责任。",
        "开展专项整治，对同类问题全面排查，建立清单逐项销号。",
    )
    return row | {
        "goal": row.get("goal") or "问题整改到位，同类问题不再发生。",
        "content": content[index % len(content)],
        "kinds": it.fact("kinds", ["draw_inferences", "training"] if index % 3 == 0 else ["special_rectify"]),
        "leader": "组织人事工作分管领导",
        "department": "组织人事科",
        "owner": "组织人事科科长",
        "due_date": row.get("due_date") or it.day(20),
    }


@answers("case_rectification", "sign_plan")
def _sign_plan(it: Occasion) -> Answer:
    return {"decision": "approve", "reason": "同意报送"}


@answers("case_rectification", "review_plan")
def _review_plan(it: Occasion) -> Answer:
    verdict = it.fact("verdict", "ok")
    note = "措施不够具体，请补充责任人和完成标准。" if verdict == "return" else "措施可行"
    rows = [row | {"verdict": verdict, "note": note} for row in it.prefilled("review_rows")]
    return {"review_rows": rows, "review_reason": "同意整改方案" if verdict == "ok" else "请修改后重新报送"}


@answers("case_rectification", "hold_democratic_meeting")
def _democratic_meeting(it: Occasion) -> Answer:
    return {
        "democratic_on": it.day(),
        "democratic_minutes": "班子成员围绕反馈问题深入开展批评和自我批评，认领整改责任。",
    }


@answers("case_rectification", "report_month")
def _report_month(it: Occasion) -> Answer:
    rows = it.prefilled("report_rows")
    return {
        "report_period": it.today.strftime("%Y-%m"),
        "report_rows": [row | {"percent": 60, "progress": "按计划推进，已完成材料复核。"} for row in rows],
        "report_summary": "本月整改工作按方案推进，未发现需要协调解决的问题。",
    }


@answers("case_rectification", "write_report")
def _write_report(it: Occasion) -> Answer:
    rows = it.prefilled("result_rows")
    return {
        "result_rows": [
            row | {"result": "已按措施完成整改并通过验收。", "institutions_n": 1, "persons_n": 0, "amount_wan": 0}
            for row in rows
        ],
        "report_effect": (
            "通过集中整改，选人用人工作责任进一步压实，制度进一步健全，干部选拔任用程序更加规范，纪实材料完整，"
            "干部群众对选人用人工作的满意度明显提升。"
        ),
        "undisclosed": "无",
    }


@answers("case_rectification", "review_report")
def _review_report(it: Occasion) -> Answer:
    return {"decision": "approve", "scope": "party", "published_on": it.day(), "reason": "同意通报"}


INSTITUTION = "干部选拔任用工作规程（修订）"


@answers("finding_rectification", "implement_measures")
def _implement(it: Occasion) -> Answer:
    rows = it.prefilled("measures")
    return {
        "measures": [
            row
            | {
                "progress": it.fact("progress", "已组织专题学习2次，复核选任材料37份，补齐缺项9处，问题已整改到位。"),
                "completion": "done",
                "institutions_n": 1,
                "persons_n": 0,
                "amount_wan": 0,
                "document_ref": row.get("document_ref") or INSTITUTION,
                "institution_title": INSTITUTION,
            }
            for row in rows
        ]
    }


@answers("finding_rectification", "check_by_leader")
def _check_by_leader(it: Occasion) -> Answer:
    return {"decision": "approve", "reason": "情况属实，同意提交验收"}


EFFECT = (
    "问题已整改到位，相关制度已修订并严格执行，选任程序全程纪实、材料完整，近期新提任干部均按规定程序办理，"
    "未再发生同类问题，干部群众反映良好，选人用人公信度明显提升。"
)


@answers("finding_rectification", "submit_for_verification")
def _submit(it: Occasion) -> Answer:
    return {"effect": EFFECT, "completion": "done", "next_check_date": it.fact("next_check_date", it.day(200))}


@answers("finding_rectification", "verify")
def _verify(it: Occasion) -> Answer:
    outcome = it.fact("outcome", "pass")
    reasons = {
        "pass": "措施落实、成效明显，同意通过",
        "return": "佐证材料不充分，请补充",
        "continue": "阶段目标已完成，持续推进",
    }
    return {
        "method": "on_site",
        "parties": [
            {"party": "检查组", "person": "检查组代表", "view": "同意"},
            {"party": "干部监督处", "person": "监督处代表", "view": "同意"},
            {"party": "单位分管领导", "person": "单位代表", "view": "同意"},
        ],
        "checked": "查阅会议记录、选任纪实材料和制度文件，现场谈话3人。",
        "outcome": outcome,
        "false_rectify": it.fact("false_rectify", False),
        "phase_date": it.day(30) if outcome == "continue" else "",
        "reason": it.fact("verify_reason", reasons[outcome]),
    }


@answers("finding_rectification", "make_good")
def _make_good(it: Occasion) -> Answer:
    task = it.context.get("task") or {}
    return {
        "effect": EFFECT,
        "root_cause": "制度执行不严，监督检查不经常，业务培训不够系统。",
        "next_check_date": it.day(200),
        "documents": [
            {"seq": row["seq"], "document_ref": INSTITUTION, "institution_title": INSTITUTION}
            for row in task.get("measures", [])
        ],
    }


@answers("finding_rectification", "approve_closure")
def _approve_closure(it: Occasion) -> Answer:
    return {
        "decision": "approve",
        "effect_grade": "good",
        "next_check_date": it.context.get("next_check_date") or it.day(200),
        "reason": "对账一致，同意销号",
    }


@answers("extension", "decide_extension")
def _decide_extension(it: Occasion) -> Answer:
    decision = it.fact("decision", "approve")
    reason = "理由充分，同意延期" if decision == "approve" else "可通过加大力度按期完成，不同意延期"
    return {"decision": decision, "decision_reason": reason}


# -- 回头看、督办、问责 ---------------------------------------------------------------------------------


@answers("revisit", "decide_sampling")
def _decide_sampling(it: Occasion) -> Answer:
    return {"sample": it.fact("sample", "no"), "sample_reason": "问题均已销号，未发现反弹风险，不列入本次抽查。"}


@answers("revisit", "choose_occasion")
def _choose_occasion(it: Occasion) -> Answer:
    return {"occasion": "supervision", "occasion_ref": "结合重点工作督导安排", "visit_date": it.day(10)}


@answers("revisit", "form_team")
def _form_team(it: Occasion) -> Answer:
    return {"revisit_leader": it.context["revisit_team"]["leader"], "team_members": it.prefilled("team_members")}


@answers("revisit", "review_on_site")
def _review_on_site(it: Occasion) -> Answer:
    results: dict[str, str] = it.fact("results", {})
    usual = {"result": it.fact("result", "consolidated")}  # the form itself proposes "not in place" for open findings
    special = {number: {"result": result} for number, result in results.items()}
    note = {"note": "已现场查看并谈话了解。"}
    rows = it.prefilled("review_items")
    return {"review_items": [usual | row | special.get(row["finding_no"], {}) | note for row in rows]}


@answers("revisit", "summarise")
def _summarise(it: Occasion) -> Answer:
    return {
        "review_summary": "本次回头看逐项复核整改情况，现场查阅材料、谈话了解，复核结论客观准确。",
        "summary_decision": "confirm",
    }


@answers("revisit", "set_requirements")
def _set_requirements(it: Occasion) -> Answer:
    rows = it.prefilled("requirements")
    return {
        "requirements": [
            row
            | {
                "requirement": "深挖问题根源，细化措施，三个月内整改到位并报送佐证材料。",
                "due_date": row.get("due_date") or it.day(60),
                "trigger": it.fact("trigger", "none"),
            }
            for row in rows
        ]
    }


@answers("revisit", "feed_back_again")
def _feed_back_again(it: Occasion) -> Answer:
    return {
        "feedback_date": it.day(),
        "feedback_place": "被检查单位会议室",
        "feedback_attendees": "回访组，被检查单位领导班子成员",
        "feedback_document_no": f"组监回访〔{it.today.year}〕{it.today.timetuple().tm_yday}号",
    }


@answers("revisit", "announce_region")
def _announce_region(it: Occasion) -> Answer:
    return {
        "circular_title": "关于选人用人专项检查“回头看”情况的通报",
        "circular_body": "经“回头看”，仍有问题未整改到位。各单位要引以为戒，对照自查，持续巩固整改成果。",
    }


@answers("revisit", "draft_measures")
def _draft_measures(it: Occasion) -> Answer:
    rows = it.prefilled("second_measures")
    return {
        "second_measures": [
            row
            | {
                "goal": row.get("goal") or "问题彻底整改，长效机制建立。",
                "kinds": ["special_rectify"],
                "content": "倒排工期，专人负责，对未到位问题逐条重新整改并举一反三。",
                "leader": "党委（党组）书记",
                "department": "组织人事科",
                "owner": "组织人事科科长",
                "due_date": row.get("due_date") or it.day(45),
            }
            for row in rows
        ]
    }


@answers("revisit", "approve_measures")
def _approve_measures(it: Occasion) -> Answer:
    return {"measures_decision": "agree", "measures_opinion": "同意"}


@answers("revisit", "supervise_personally")
def _supervise_personally(it: Occasion) -> Answer:
    return {
        "supervision_instruction": "由分管副部长直接督办，每半月听取一次整改进展汇报。",
        "supervision_leader": "分管副部长",
        "supervision_report_date": it.day(30),
    }


@answers("revisit", "announce_zero")
def _announce_zero(it: Occasion) -> Answer:
    return {
        "zero_title": f"关于{it.context.get('unit_name', '有关单位')}整改清零情况的通报",
        "zero_body": "经“回头看”复核，反馈问题已全部整改到位并得到巩固，予以清零。",
    }


@answers("escalation", "sign_notice")
def _sign_notice(it: Occasion) -> Answer:
    return {"receipt_answer": "已签收，立即研究落实"}


@answers("escalation", "sign_guidance")
def _sign_guidance(it: Occasion) -> Answer:
    return {"guidance_answer": "已召开专题会议研究，明确专人推进，按要求限期办结。"}


@answers("escalation", "admonish")
def _admonish(it: Occasion) -> Answer:
    return {
        "talk_date": it.day(),
        "talker": "supervision_chief",
        "talk_person": "党委（党组）书记",
        "talk_record": "指出该单位整改责任落实不力、进展迟缓，要求深刻反思、限期整改到位。",
        "talk_commitment": "承诺在最后限期内全部整改到位并报送佐证材料。",
        "talk_final_limit": it.day(10),
    }


@answers("escalation", "propose_accountability")
def _propose_accountability(it: Occasion) -> Answer:
    return {
        "proposal_decision": "agree",
        "proposal_reason": "经四级督办仍未整改到位，建议启动问责程序。",
        "hold_until": it.day(10),
    }


@answers("accountability", "screen")
def _screen(it: Occasion) -> Answer:
    return {"screening_decision": "accept", "screening_reason": "移送材料事实清楚，符合问责情形，建议受理。"}


@answers("accountability", "approve_rejection")
def _approve_rejection(it: Occasion) -> Answer:
    return {"rejection_decision": "agree", "rejection_opinion": "同意不予受理"}


@answers("accountability", "approve_inquiry")
def _approve_inquiry(it: Occasion) -> Answer:
    return {"inquiry_route": "inquiry", "inquiry_opinion": "同意立项调查"}


@answers("accountability", "transfer")
def _transfer(it: Occasion) -> Answer:
    return {"transfer_ref": "移送函（演示）", "transferred_on": it.day(), "transfer_note": "材料一并移送"}


@answers("accountability", "register_result")
def _register_result(it: Occasion) -> Answer:
    return {
        "discipline_result": "unsubstantiated",
        "discipline_text": "经核查，未发现违纪违法问题，退回组织处理。",
        "discipline_decided_on": it.day(),
    }


@answers("accountability", "investigate")
def _investigate(it: Occasion) -> Answer:
    return {
        "inquiry_conclusion": "substantiated",
        "inquiry_conduct": it.fact("conduct", "overdue_30"),
        "inquiry_subject": "responsible_leader",
        "inquiry_repeated": "no",
        "inquiry_report": "经查阅材料、谈话核实，责任领导对整改工作重视不够、推进不力，致使问题长期未整改到位，情况属实。",
    }


@answers("accountability", "conclude")
def _conclude(it: Occasion) -> Answer:
    return {"conclusion_statement": "经调查核实，未发现应当追究责任的情形，予以了结并反馈有关单位。"}


@answers("accountability", "propose")
def _propose(it: Occasion) -> Answer:
    form = it.context.get("recommended_form") or "admonition"
    return {
        "proposed_form": form,
        "proposed_authority": it.context.get("recommended_authority") or "deputy_minister",
        "proposed_subject": "persons",
        "proposed_persons": [
            {
                "name": "责任领导（化名）",
                "post": "组织人事工作分管领导",
                "mgmt_level": "county_managed",
                "reason": "weak_rectify",
                "form": form,
            }
        ],
        "proposed_clauses": "《干部选拔任用工作监督检查和责任追究办法》有关规定",
        "proposal_text": "鉴于责任领导履行整改责任不力，情况属实，建议按所列形式予以处理。",
    }


@answers("accountability", "hear")
def _hear(it: Occasion) -> Answer:
    return {"hearing_record": "已当面听取本人陈述和申辩，本人认可调查事实，表示接受组织处理。"}


@answers("accountability", "decide")
def _decide(it: Occasion) -> Answer:
    return {
        "decision_result": "decide",
        "decision_text": "同意处理建议，按程序办理。请及时执行到位。",
        "decided_on": it.day(),
    }


@answers("accountability", "execute")
def _execute(it: Occasion) -> Answer:
    number = it.today.timetuple().tm_yday
    return {
        "executed_on": it.day(),
        "execution_document_no": f"组监处〔{it.today.year}〕{number}号",
        "notified_note": "已向本人和所在单位宣布",
    }


@answers("accountability", "review_selection")
def _review_selection(it: Occasion) -> Answer:
    steps = ("motion", "inspection", "decision")
    return {
        "organ_steps": [
            {"step": step, "who": "干部处经办同志", "facts": "材料齐全，程序符合规定。", "fault": "none"}
            for step in steps
        ]
    }


@answers("accountability", "conclude_organ")
def _conclude_organ(it: Occasion) -> Answer:
    return {
        "organ_fault": "none",
        "organ_repeated": "no",
        "organ_statement": "经倒查选任全过程，未发现组织部门有关人员存在失职渎职情形。",
    }


@answers("accountability", "publish")
def _publish(it: Occasion) -> Answer:
    return {
        "publish": "yes",
        "anonymise": "yes",
        "publication_title": "关于一起整改不力问题处理情况的通报",
        "publication_body": "某单位责任领导对整改工作重视不够、推进不力，受到相应处理。各单位要引以为戒。",
    }


@answers("appeal", "examine_appeal")
def _examine_appeal(it: Occasion) -> Answer:
    return {"appeal_findings": "经调阅原案材料并听取申诉人意见，原认定事实清楚、证据充分、程序合规。"}


@answers("appeal", "decide_appeal")
def _decide_appeal(it: Occasion) -> Answer:
    return {"appeal_result": "upheld", "appeal_reason": "原决定事实清楚、处理恰当，予以维持。"}
