"""The demo region 云朔自治区: invented units and people, real instances driven under an injected clock.

Nothing here is a real person or place.  Deterministic: the same moment gives the same region.
"""

from importlib import import_module
from pkgutil import iter_modules

from huitou.demo.filling import PASSWORD, accounts, fill, is_filled, is_under_way

for _module in iter_modules(__path__):  # so that every answer is known, whichever file holds it
    import_module(f"{__name__}.{_module.name}")

__all__ = ["PASSWORD", "accounts", "fill", "is_filled", "is_under_way"]
