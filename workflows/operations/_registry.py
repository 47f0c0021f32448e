"""Names a Python function so that a diagram can call it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Operation = Callable[..., dict[str, Any]]

_registry: dict[str, Operation] = {}


def operation(function: Operation) -> Operation:
    """Registers a service task's function under its own name; its docstring is what designers read."""
    if function.__name__ in _registry:
        raise ValueError(f"two operations are named {function.__name__}")
    if not function.__doc__:
        raise ValueError(f"operation {function.__name__} tells designers nothing: give it a docstring")
    _registry[function.__name__] = function
    return function


def all_operations() -> Mapping[str, Operation]:
    """Every operation by name."""
    return MappingProxyType(_registry)
