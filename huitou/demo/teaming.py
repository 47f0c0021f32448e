"""What people write when a team is changed, and when it is appraised after its exit."""

from huitou.demo.answers import Answer, Occasion, answers

LEARNT = "熟悉了选任全程纪实和问题定性的方法。"


@answers("team_change", "train_newcomers")
def _train_newcomers(it: Occasion) -> Answer:
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


def _attendance(it: Occasion) -> list[Answer]:
    """Everybody passes."""
    return [
        row | {"attended": True, "score": 80 + number % 5 * 4}
        for number, row in enumerate(it.prefilled("attendance"))
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
