"""What people write while a team is put together, trained, changed and appraised: the answers of P02b, P02c and after."""

from huitou.demo.answers import Answer, Occasion, answers

PREPARATION = "preparation"
LEARNT = "熟悉了选任全程纪实和问题定性的方法。"


@answers("team_assembly", "nominate_leader")
@answers(PREPARATION, "nominate_leader")
def _nominate_leader(it: Occasion) -> Answer:
    return {"leader": it.context["suggestion"]["leader"], "leader_reason": "熟悉干部工作，组织协调能力强。"}


@answers("team_assembly", "select_members")
@answers(PREPARATION, "select_members")
def _select_members(it: Occasion) -> Answer:
    return {"members": it.prefilled("members")}


@answers("team_assembly", "authorise_dispatch")
@answers(PREPARATION, "authorise_dispatch")
def _authorise_dispatch(it: Occasion) -> Answer:
    return {
        "dispatch_decision": "approve",
        "authorisation_no": f"组监授〔{it.today.year}〕{it.context['case_no']}",
        "authorised_on": it.day(),
        "reason": "人选合适，同意派出。",
    }


@answers("mobilisation_training", "hold_mobilisation")
@answers(PREPARATION, "hold_mobilisation")
def _hold_mobilisation(it: Occasion) -> Answer:
    absent = it.fact("absent", 0)
    return {
        "mobilised_on": it.day(),
        "agenda_tasks": "围绕“选育管用”全链条，聚焦政治标准、用人导向、政策程序、监督管理和队伍建设开展检查。",
        "agenda_methods": "听取汇报、个别谈话、查阅资料、抽查档案、受理反映，逐项核实并形成底稿。",
        "agenda_requirements": "严格遵守工作纪律和保密纪律，实事求是，边查边改、以查代培。",
        "attendance": _attendance(it, absent=absent),
    }


@answers("mobilisation_training", "make_up_training")
@answers(PREPARATION, "make_up_training")
@answers("team_change", "train_newcomers")
def _make_up_training(it: Occasion) -> Answer:
    return {"made_up_on": it.day(), "attendance": _attendance(it)}


@answers("team_change", "propose_change")
def _propose_change(it: Occasion) -> Answer:
    wanted: Answer = {name: it.facts[name] for name in ("outgoing", "incoming") if name in it.facts}
    kind = it.fact("change_kind", "add")
    seat = {"seat_duty": "member"} if kind == "add" else {}
    return {"change_kind": kind, "change_reason": "所在单位工作需要，调整检查组人员。", **seat, **wanted}


@answers("team_change", "approve_change")
def _approve_change(it: Occasion) -> Answer:
    return {"change_decision": "approve", "reason": "同意调整。"}


@answers("team_review", "appraise_members")
def _appraise_members(it: Occasion) -> Answer:
    return {"member_appraisals": _appraisals(it, "member_appraisals")}


@answers("team_review", "appraise_leader")
def _appraise_leader(it: Occasion) -> Answer:
    return {"leader_appraisals": _appraisals(it, "leader_appraisals")}


@answers("team_survey", "survey_team")
def _survey_team(it: Occasion) -> Answer:
    return {
        "discipline": "good",
        "competence": "good",
        "coaching": "fairly_good",
        "remark": "检查组作风严谨，建议多结合案例讲解政策。",
    }


def _attendance(it: Occasion, *, absent: int = 0) -> list[Answer]:
    """Everybody passes but the last `absent` people."""
    rows = it.prefilled("attendance")
    here = len(rows) - absent
    return [
        row | {"attended": number < here, "score": 80 + number % 5 * 4 if number < here else 0}
        for number, row in enumerate(rows)
    ]


def _appraisals(it: Occasion, name: str) -> list[Answer]:
    grades = ("good", "excellent", "good")
    return [
        row
        | {
            "appraisal": grades[number % 3],
            "appraisal_note": "工作认真，坚持原则，完成任务较好。",
            "learning_note": LEARNT,
            "send_home": number % 2 == 0,
        }
        for number, row in enumerate(it.prefilled(name))
    ]
