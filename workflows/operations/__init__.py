"""What the diagrams' service tasks do: one file a subject, one function a service task.

Every module here is imported, so that its operations are known by name wherever a diagram is checked or run.
"""

from importlib import import_module
from pkgutil import iter_modules

from workflows.operations._registry import all_operations, operation, repeatable_operations

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = ["all_operations", "operation", "repeatable_operations"]
