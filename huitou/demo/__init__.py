"""The demo region 云朔自治区: invented units and people, real instances driven under an injected clock.

Nothing here is a real person or place.  Deterministic: the same moment gives the same region.
"""

from huitou.demo.filling import PASSWORD, accounts, fill, is_filled

__all__ = ["PASSWORD", "accounts", "fill", "is_filled"]
