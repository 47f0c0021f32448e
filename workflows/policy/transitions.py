"""Which state may follow which, for everything that has states (domain/3 §3.4).

The only place that knows the state machines.  Pure tables: it does not know who asks, nor the guards that need rows.
"""

from collections.abc import Mapping
from types import MappingProxyType

from workflows.refusal import Refusal

Table = Mapping[str, frozenset[str]]


class TransitionRefused(Refusal):
    """The state asked for does not follow the present one."""

    rule = "transition"


def may_follow(kind: str, old: str, new: str) -> bool:
    """Whether a `kind` (case, finding, measure, referral, notice) in state `old` may become `new`."""
    return new in TRANSITIONS[kind].get(old, frozenset())


def require_transition(kind: str, old: str, new: str) -> None:
    """Raises TransitionRefused unless `new` may follow `old`; a state never follows itself."""
    if not may_follow(kind, old, new):
        raise TransitionRefused(f"{KINDS[kind]}当前为“{state_name(kind, old)}”，不能转为“{state_name(kind, new)}”。")


def state_name(kind: str, state: str) -> str:
    """What people call a state; an unknown one is shown as it is."""
    return STATES[kind].get(state, state)


KINDS: Mapping[str, str] = MappingProxyType(
    {
        "case": "案件",
        "finding": "问题",
        "measure": "整改措施",
        "referral": "问责移送",
        "notice": "督办单",
        "institution": "制度",
        "training_plan": "培训计划",
        "paper": "问题底稿",
        "lead": "线索",
        "campaign": "共性问题专项",
        "duty_review": "责任倒查",
        "reference": "年度考核参考",
    }
)

OPEN_LEADS = ("shared", "registered", "assigned")
"""States in which a lead still waits for the team's disposition; with one of them nobody leaves the site (S68)."""

SETTLED_FINDINGS = frozenset({"closed", "consolidated", "archived", "not_upheld"})
"""States in which nothing is left to do on a finding; every other state counts as open (未销号)."""

STATES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "case": {
            "proposed": "已提出",
            "approved": "已立案",
            "intel_collecting": "收集情况",
            "analysed": "已研判",
            "plan_approved": "方案已批准",
            "team_ready": "检查组已组建",
            "trained": "已动员培训",
            "notified": "已通知进驻",
            "onsite": "进驻检查",
            "exited": "已离点",
            "determining": "问题认定",
            "council_review": "部务会审定",
            "feedback_pending": "待反馈",
            "fed_back": "已反馈",
            "planning": "制定整改方案",
            "rectifying": "整改中",
            "reporting": "整改情况报告",
            "cleared": "已清零",
            "revisit_due": "待回头看",
            "revisiting": "回头看中",
            "refeedback_pending": "待再次反馈",
            "zeroed": "清零见底",
            "archived": "已归档",
            "suspended": "已中止",
            "cancelled": "已取消",
        },
        "finding": {
            "draft": "草拟",
            "team_review": "组内审议",
            "fact_check": "事实核对",
            "under_objection": "异议复核",
            "not_upheld": "不予认定",
            "determined": "已认定",
            "approved": "已审定",
            "fed_back": "已反馈",
            "acknowledged": "已认领",
            "rectifying": "整改中",
            "pending_verification": "待验收",
            "continuing": "持续整改",
            "verified": "已验收",
            "closed": "已销号",
            "consolidated": "已巩固",
            "reopened": "重新整改",
            "archived": "已归档",
        },
        "measure": {
            "draft": "草拟",
            "approved": "已批准",
            "in_progress": "实施中",
            "submitted": "已提交",
            "accepted": "已验收",
            "returned": "已退回",
            "superseded": "已被替代",
        },
        "referral": {
            "drafted": "已提出",
            "screening": "线索研判",
            "rejected": "不予受理",
            "inquiry_approved": "已立项",
            "inquiry": "调查核实",
            "unsubstantiated": "不属实",
            "substantiated": "属实",
            "proposal": "处理建议",
            "hearing": "陈述申辩",
            "decision_pending": "待决定",
            "decided": "已决定",
            "appealed": "申诉中",
            "upheld": "维持原决定",
            "changed": "变更决定",
            "executed": "已执行",
            "influence_period": "影响期",
            "lifted": "影响期满",
            "transferred": "已移送",
            "awaiting_result": "待反馈结果",
            "result_recorded": "结果已登记",
            "closed_no_action": "了结",
            "closed": "已办结",
        },
        "institution": {
            "proposed": "已立项",
            "drafting": "起草中",
            "reviewed": "已审核",
            "in_force": "现行有效",
            "amending": "修订中",
            "interpreting": "解释中",
            "repealed": "已废止",
        },
        "training_plan": {
            "submitted": "待审批",
            "returned": "已退回",
            "approved": "已批准",
            "evaluated": "已评估",
        },
        "notice": {
            "issued": "已下发",
            "received": "已签收",
            "answered": "已回复",
            "satisfied": "已落实",
            "expired": "逾期未落实",
            "superseded": "已被越级替代",
        },
        "paper": {
            "draft": "草拟",
            "team_review": "组内审议",
            "supplement": "补充核实",
            "upheld": "认定",
            "not_upheld": "不予认定",
        },
        "lead": {
            "shared": "共享待签收",
            "registered": "已登记",
            "assigned": "核查中",
            "concluded": "已办结",
            "transferring": "移交待签收",
            "transferred": "已移交",
        },
        "campaign": {
            "proposed": "已提出",
            "declined": "不开展",
            "self_checking": "自查中",
            "rectifying": "自纠与驻点",
            "spot_check": "区级抽查",
            "closed": "已结束",
        },
        "duty_review": {"exposed": "已登记", "compared": "已比对", "concluded": "已结论"},
        "reference": {
            "drafted": "已汇总",
            "graded": "已核定",
            "approved": "已审批",
            "sent": "已送考核办",
            "answered": "已反馈采纳情况",
        },
    }
)


def _table(**rows: str) -> Table:
    return MappingProxyType({old: frozenset(new.split()) for old, new in rows.items()})


TRANSITIONS: Mapping[str, Table] = MappingProxyType(
    {
        "case": _table(
            proposed="approved council_review cancelled",
            approved="intel_collecting council_review cancelled suspended",
            # The team and the analysis come about side by side; the order of these states is that of the plan.
            intel_collecting="analysed cancelled suspended",
            analysed="plan_approved cancelled suspended",
            plan_approved="team_ready cancelled suspended",
            team_ready="trained cancelled suspended",
            trained="notified cancelled suspended",
            notified="onsite cancelled suspended",
            onsite="exited suspended",
            exited="determining suspended",
            determining="council_review suspended",
            council_review="feedback_pending determining cancelled suspended",
            feedback_pending="fed_back suspended",
            # A case without findings has nothing to plan.
            fed_back="planning cleared revisit_due suspended",
            planning="rectifying suspended",
            rectifying="reporting suspended",
            reporting="cleared revisit_due suspended",
            cleared="revisit_due archived",
            revisit_due="revisiting suspended",
            revisiting="refeedback_pending zeroed suspended",
            refeedback_pending="rectifying suspended",
            zeroed="archived",
            suspended="approved intel_collecting analysed plan_approved team_ready trained notified onsite exited determining"
            " council_review feedback_pending fed_back planning rectifying reporting revisit_due"
            " revisiting refeedback_pending",
        ),
        "finding": _table(
            draft="team_review",
            team_review="draft fact_check not_upheld",
            fact_check="determined under_objection",
            # An objection before the council ends in determined/draft/not_upheld; one raised at 认领 in the last two.
            under_objection="determined draft not_upheld acknowledged",
            determined="approved not_upheld",
            approved="fed_back",
            fed_back="acknowledged under_objection",
            acknowledged="rectifying",
            rectifying="pending_verification",
            pending_verification="verified rectifying continuing",
            continuing="pending_verification rectifying",
            # Back to verification when the division's head returns it, or a blocker of D6 was made good.
            verified="closed pending_verification",
            closed="consolidated reopened",
            consolidated="reopened archived",
            reopened="fed_back",
        ),
        "measure": _table(
            draft="approved superseded",
            approved="in_progress superseded",
            in_progress="submitted superseded",
            submitted="accepted returned",
            accepted="returned",  # a second verification may find what the first one did not
            returned="in_progress",
        ),
        "referral": _table(
            drafted="screening",
            screening="rejected inquiry_approved",
            inquiry_approved="inquiry transferred closed",
            inquiry="unsubstantiated substantiated transferred",
            unsubstantiated="closed_no_action",
            substantiated="proposal",
            proposal="hearing",
            hearing="decision_pending",
            decision_pending="decided proposal",
            decided="executed appealed",
            appealed="upheld changed",
            upheld="executed",
            changed="executed",
            executed="influence_period closed",
            influence_period="lifted",
            lifted="closed",
            transferred="awaiting_result",
            awaiting_result="result_recorded",
            result_recorded="closed",
        ),
        "institution": _table(
            proposed="drafting",
            drafting="reviewed",
            reviewed="in_force drafting",
            in_force="amending interpreting repealed",
            amending="in_force",
            interpreting="in_force",
        ),
        "training_plan": _table(submitted="approved returned", returned="submitted", approved="evaluated"),
        "notice": _table(
            issued="received satisfied expired",
            received="answered satisfied expired",
            answered="satisfied expired",
        ),
        # Before the council a paper carries the states that the finding has afterwards (docs/decisions).
        "paper": _table(
            draft="team_review",
            team_review="upheld not_upheld supplement",
            supplement="team_review upheld not_upheld",
            # The unit objected, and the objection holds.
            upheld="not_upheld",
        ),
        # Outside of the scope a lead can only be handed over (S48).
        "lead": _table(
            shared="registered",
            registered="assigned transferring",
            assigned="concluded",
            transferring="transferred",
        ),
        "campaign": _table(
            proposed="self_checking declined",
            self_checking="rectifying",
            rectifying="spot_check",
            # What fails the spot check is visited and rectified again.
            spot_check="rectifying closed",
        ),
        "duty_review": _table(exposed="compared", compared="concluded"),
        "reference": _table(drafted="graded", graded="drafted approved", approved="sent", sent="answered"),
    }
)
