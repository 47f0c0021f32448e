"""What is wrong with a model that wants to be published.  One shape for every check, so that one page can show all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelProblem:
    """One thing wrong: in which file, at which element (may be empty); `message` is a Chinese sentence.

    `severity` is "error" (must not be published) or "warning" (works, yet is probably not meant).
    """

    file: str
    element: str
    code: str
    severity: str
    message: str
