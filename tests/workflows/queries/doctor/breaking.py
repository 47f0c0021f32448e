"""The ways in which tests break the house, each with the rule that must say so and the object it must name."""

from collections.abc import Callable

from tests.workflows.queries.doctor.house import House

Break = Callable[[House], object]
BREAKS: list[tuple[str, str, Break]] = []


def broken(code: str, thing: str) -> Callable[[Break], Break]:
    """Remembers one way to break the rule `code`; `thing` is what the rule must name."""

    def remember(act: Break) -> Break:
        BREAKS.append((code, thing, act))
        return act

    return remember
