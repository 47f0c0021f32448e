"""History and closures: the chains hold (the whole verification is `huitou audit verify`)."""

from workflows.queries.audit import CLOSURES
from workflows.queries.doctor._rules import Examination, Finds, rule


@rule("history_broken", "办理记录的哈希链与每日根必须完整")
def history_broken(seen: Examination) -> Finds:
    """The first bad entry of each chain, and of the daily roots."""
    for problem in seen.audit_problems:
        if problem.chain != CLOSURES:
            yield problem.case_no or problem.chain, str(problem)


@rule("closure_chain_broken", "销号单的哈希链必须完整")
def closure_chain_broken(seen: Examination) -> Finds:
    """The first bad closure record."""
    for problem in seen.audit_problems:
        if problem.chain == CLOSURES:
            yield problem.seq, str(problem)
