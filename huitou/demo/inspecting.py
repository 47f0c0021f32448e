"""What people write while they inspect: the answers of P03, P03a and P03c."""

from typing import Any

from huitou.demo.answers import Answer, Occasion, answers

INSPECTORS = {"inspector_1": "柳组员", "inspector_2": "梁组员"}
AUTHORS = {"author_1": "柳组员", "author_2": "梁组员"}


# -- 进驻检查 -------------------------------------------------------------------------------------------


@answers("onsite_inspection", "announce_entry")
def _announce_entry(it: Occasion) -> Answer:
    return {
        "entry_date": it.day(),
        "announcement": "检查组自今日起进驻开展选人用人专项检查，受理反映选人用人问题的来信来访来电。",
        "channels": ["动员会", "单位公告栏", "意见箱"],
    }


@answers("onsite_inspection", "hear_report")
def _hear_report(it: Occasion) -> Answer:
    return {
        "heard_on": it.day(),
        "materials": "党委（党组）选人用人工作情况专题汇报、组织人事部门工作情况汇报",
        "problem_share": 75,
        "report_summary": "汇报了检查期内选人用人总体情况，查摆了程序执行、监督管理等方面的不足。",
    }


@answers("onsite_inspection", "hold_talks")
def _hold_talks(it: Occasion) -> Answer:
    people = (("党委（党组）书记", True), ("组织人事工作分管领导", True), ("干部代表", False))
    return {
        "interviews": [
            {
                "person": f"谈话对象{number}",
                "post": post,
                "must_talk": must,
                "held_on": it.day(),
                "summary": "对选人用人工作总体评价较好，建议进一步加强年轻干部培养。",
                "signed": True,
                **INSPECTORS,
            }
            for number, (post, must) in enumerate(people, start=1)
        ]
    }


@answers("onsite_inspection", "check_items")
def _check_items(it: Occasion) -> Answer:
    issues = it.fact("issues", ())
    return {
        "checklist": [
            row | {"answer": "issue" if row["code"] in issues else "no_issue"} for row in it.prefilled("checklist")
        ]
    }


@answers("onsite_inspection", "register_leads")
def _register_leads(it: Occasion) -> Answer:
    return {"leads": it.fact("leads", []), "leads_done": it.fact("leads_done", "done")}


@answers("onsite_inspection", "spot_check")
def _spot_check(it: Occasion) -> Answer:
    result = "干部档案和选任文书基本齐全。"
    return {"spot_checks": [{"place": "所属二级单位", "method": "archive", "sample": 20, "result": result}]}


@answers("onsite_inspection", "coach")
def _coach(it: Occasion) -> Answer:
    return {
        "coaching": [
            {
                "topic": "动议和民主推荐环节的规范操作",
                "policy": "《党政领导干部选拔任用工作条例》",
                "clauses": "条例第十四条",
                "attendees_n": 15,
                "held_on": it.day(),
            }
        ]
    }


@answers("onsite_inspection", "demand_immediate")
def _demand_immediate(it: Occasion) -> Answer:
    return {"immediate_items": it.fact("items", []), "demands_done": it.fact("demands_done", "done")}


@answers("onsite_inspection", "draft_papers")
def _draft_papers(it: Occasion) -> Answer:
    return {"papers": [_paper(it, row) for row in it.fact("papers", it.prefilled("papers"))]}


@answers("onsite_inspection", "declare_zero")
def _declare_zero(it: Occasion) -> Answer:
    return {"declaration": "检查清单全部核查，谈话和线索均已办结，未发现选人用人方面的问题，本人对此负责。"}


@answers("onsite_inspection", "leave")
def _leave(it: Occasion) -> Answer:
    return {"exit_date": it.day(), "handover": "调阅材料已全部清退，证件已交回。"}


@answers("immediate_rectification", "rectify_at_once")
def _rectify_at_once(it: Occasion) -> Answer:
    return {"result": "已按要求立即改正，并举一反三开展自查。"}


# -- 线索与请示报告 -------------------------------------------------------------------------------------


@answers("lead_handling", "screen_lead")
def _screen_lead(it: Occasion) -> Answer:
    if it.fact("in_scope", "yes") == "no":
        return {"in_scope": "no", "receiver": "discipline_liaison", "transfer_reason": "反映的不是选人用人问题。"}
    first, *others = it.prefilled("people")
    return {"in_scope": "yes", "people": [first | {"part": "handler"}, *others], "due_days": 5, "share": "no"}


@answers("lead_handling", "verify_lead")
def _verify_lead(it: Occasion) -> Answer:
    account = "调阅有关任免材料，与知情人谈话两人次，反映情况基本查清。"
    return {"account": account, "evidence": "任免文书；谈话记录", **INSPECTORS}


@answers("lead_handling", "conclude_lead")
def _conclude_lead(it: Occasion) -> Answer:
    return {"conclusion": it.fact("conclusion", "unsubstantiated"), "conclusion_note": "依据核查材料和谈话记录。"}


@answers("lead_handling", "complete_paper")
def _complete_paper(it: Occasion) -> Answer:
    row = _paper(it, {"title": "程序执行不规范"})
    own = {name: value for name, value in row.items() if name not in ("title", "evidence")}
    return own | {"paper_title": row["title"], "paper_evidence": row["evidence"]}


@answers("lead_handling", "receipt_transfer")
@answers("lead_sharing", "receipt_share")
def _receipt(it: Occasion) -> Answer:
    return {"receipt_note": "已签收，按规定办理。"}


@answers("request_report", "reply_request")
def _reply_request(it: Occasion) -> Answer:
    return {"reply": "同意，请按程序办理并及时报告进展。"}


# -- 共用 -----------------------------------------------------------------------------------------------


def _paper(it: Occasion, row: dict[str, Any]) -> dict[str, Any]:
    usual = {
        "phenomenon": "查阅任免材料发现，个别干部选任程序执行不严格。",
        "qualification": "《党政领导干部选拔任用工作条例》有关规定",
        "responsibility": "组织人事部门",
        "category": "C06",
        "chain": "用",
        "evidence": "任免审批材料；谈话记录",
        **AUTHORS,
    }
    return usual | {name: value for name, value in row.items() if value}
