"""What is wrong with a designer's text: problems with a position, and the two errors that carry them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong; `line` counts from 1, `column` from 0, `message` is a Chinese sentence."""

    code: str
    message: str
    line: int = 1
    column: int = 0


class LanguageError(Exception):
    """A text is not in our language, or could not be computed; `problems` says why and where."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        super().__init__("；".join(_told(problem) for problem in self.problems))


def _told(problem: Problem) -> str:
    return f"第{problem.line}行：{problem.message}" if problem.line > 1 else problem.message


class BudgetExceeded(LanguageError):
    """A text asked for more steps, time, memory or depth than one evaluation may have."""


class Fault(Exception):
    """Inside the language: this operation cannot be done; turned into a LanguageError at the border."""

    def __init__(self, message: str, code: str = "cannot_compute"):
        self.code = code
        super().__init__(message)


class Stop(BaseException):
    """Inside the language: the budget is used up; turned into BudgetExceeded at the border."""


class Outside(BaseException):
    """Inside the language: a helper met a fault that is not the designer's; carried out unchanged."""

    def __init__(self, error: Exception):
        self.error = error
        super().__init__(str(error))
