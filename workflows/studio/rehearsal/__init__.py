"""Runs a model in memory with the real engine: no table, no mail, no operation, an injected clock."""

from workflows.studio.rehearsal.answers import Answers, BadAnswers
from workflows.studio.rehearsal.run import MOST_ACTS, rehearse
from workflows.studio.rehearsal.trace import Happening, Rehearsal

__all__ = ["MOST_ACTS", "Answers", "BadAnswers", "Happening", "Rehearsal", "rehearse"]
