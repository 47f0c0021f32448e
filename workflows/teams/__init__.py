"""检查组: whom to send, and how well a team is mixed (S22–S28, D10).  Pure: people and needs in, suggestions out.

Knows no table and no case; who must keep away, and why, is told to it.
"""

from workflows.teams.balance import Balance, Dimension, balance_of
from workflows.teams.people import Candidate, Mission, Requirements
from workflows.teams.suggesting import Exclusion, Suggestion, suggest
from workflows.teams.validity import breaches, shortages
from workflows.teams.workload import Workload, workload_of

__all__ = [
    "Balance",
    "Candidate",
    "Dimension",
    "Exclusion",
    "Mission",
    "Requirements",
    "Suggestion",
    "Workload",
    "balance_of",
    "breaches",
    "shortages",
    "suggest",
    "workload_of",
]
