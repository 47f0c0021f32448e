"""The role catalogue (domain/3 §3.1): names people read, and what each role lets its holder see of cases."""

ROLE_NAMES: dict[str, str] = {
    "council_member": "部务会成员",
    "deputy_minister": "分管副部长",
    "supervision_chief": "干部监督处处长",
    "supervision_officer": "干部监督处经办人",
    "team_leader": "检查组组长",
    "team_member": "检查组组员",
    "tour_leader": "巡视组组长",
    "tour_office": "巡视办联络员",
    "intel_provider": "联席会议成员单位联络员",
    "unit_principal": "单位主要负责人",
    "unit_leader": "责任领导",
    "unit_liaison": "单位联络员",
    "measure_owner": "整改责任人",
    "leader_in_charge": "分管（联系）领导",
    "city_org": "市委组织部",
    "verifier": "验收员",
    "accountability_officer": "问责承办人",
    "discipline_liaison": "纪检监察机关联络员",
    "organ_review": "一案双查B轨审查人",
    "assessment_office": "年度考核办",
    "policy_officer": "政策法规处",
    "training_officer": "干部教育处",
    "process_designer": "流程设计员",
    "sys_admin": "系统管理员",
    "security_admin": "安全保密员",
    "auditor": "安全审计员",
}

# Sees every case within the scope of the grant.
CASE_READERS = frozenset(
    {
        "council_member", "deputy_minister", "supervision_chief", "supervision_officer", "team_leader", "team_member",
        "tour_leader", "tour_office", "leader_in_charge", "city_org",
    }
)  # fmt: skip

# The inspected side: sees its own unit's cases, and only from the feedback on (P04).
UNIT_ROLES = frozenset({"unit_principal", "unit_leader", "unit_liaison", "measure_owner"})

# Sees a case only through a task that is, or was, addressed to the role there.  An intel_provider does not: he sees
# his own submissions and nothing of the case.
TASK_READERS = frozenset(
    {
        "verifier", "accountability_officer", "discipline_liaison", "organ_review", "assessment_office",
        "policy_officer", "training_officer",
    }
)  # fmt: skip

# Case states before the unit has been told anything (domain/3 §3.4).
BEFORE_FEEDBACK = (
    "proposed", "approved", "intel_collecting", "analysed", "plan_approved", "team_ready", "trained", "notified",
    "onsite", "exited", "determining", "council_review", "feedback_pending",
)  # fmt: skip

# Who sees and runs supervision over all units: overdue monitor, letters, bulk notices.
SUPERVISORS = frozenset({"council_member", "deputy_minister", "supervision_chief", "supervision_officer"})
