"""Names a Python function so that a diagram can call it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, overload

Operation = Callable[..., dict[str, Any]]

_registry: dict[str, Operation] = {}
_repeatable: set[str] = set()


@overload
def operation(function: Operation) -> Operation: ...


@overload
def operation(*, repeatable: bool) -> Callable[[Operation], Operation]: ...


def operation(
    function: Operation | None = None, *, repeatable: bool = False
) -> Operation | Callable[[Operation], Operation]:
    """Registers a service task's function under its own name; its docstring is what designers read.

    `repeatable`: it only looks and weighs, or leaves after a second run what it left after the first, so that people
    may go back (退回) beyond it and have it run again.
    """
    if function is None:
        return lambda named: _registered(named, repeatable)
    return _registered(function, repeatable)


def all_operations() -> Mapping[str, Operation]:
    """Every operation by name."""
    return MappingProxyType(_registry)


def repeatable_operations() -> frozenset[str]:
    """Names of the operations beyond which one may go back."""
    return frozenset(_repeatable)


def _registered(function: Operation, repeatable: bool) -> Operation:
    if function.__name__ in _registry:
        raise ValueError(f"two operations are named {function.__name__}")
    if not function.__doc__:
        raise ValueError(f"operation {function.__name__} tells designers nothing: give it a docstring")
    _registry[function.__name__] = function
    if repeatable:
        _repeatable.add(function.__name__)
    return function
