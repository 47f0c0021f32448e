"""外出委托: what an absent person lends to the one who stands in, and when.  Facts in, holdings or a Refusal out."""

from collections.abc import Collection, Iterable
from datetime import date

from workflows.policy.actor import Holding
from workflows.policy.recusal import TEAM_ROLES
from workflows.refusal import Refusal

NEVER_LENT = frozenset({"sys_admin", "security_admin", "auditor", "process_designer"})
"""The offices that keep the system and watch one another: nobody stands in for their holders."""
LONGEST_DAYS = 90  # [DESIGN] a longer absence is a change of grants


class AbsenceRefused(Refusal):
    """An absence that cannot be declared like this."""

    rule = "absence"


def require_sensible(first: date, last: date, today: date) -> None:
    """Raises AbsenceRefused unless the days lie ahead, in order, and are not too many."""
    if last < first:
        raise AbsenceRefused("结束日期不能早于开始日期。")
    if last < today:
        raise AbsenceRefused("结束日期已过，请填写今天及以后的日期。")
    if (last - first).days >= LONGEST_DAYS:
        raise AbsenceRefused(f"一次外出委托不超过{LONGEST_DAYS}日；时间更长的，请由系统管理员调整角色授权。")


def lent(
    holdings: Iterable[Holding],
    roles: Collection[str],
    *,
    lender: int,
    recused: frozenset[int],
    conflicted: frozenset[int],
) -> tuple[Holding, ...]:
    """The absent person's own holdings as they pass to the one who stands in: those chosen (none named: all), never
    over a unit from which the absent person must keep away."""
    found = []
    for held in holdings:
        if held.role in NEVER_LENT or held.lent_by or (roles and held.role not in roles):
            continue
        barred = recused | conflicted if held.role in TEAM_ROLES else recused
        if held.scope != "unit" or held.scope_id not in barred:
            found.append(Holding(held.role, held.scope, held.scope_id, lender, barred))
    return tuple(found)
