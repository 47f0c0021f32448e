"""The demo region 云朔自治区: invented units and people, real instances driven under an injected clock.

Nothing here is a real person or place.  Deterministic: the same moment gives the same region.
"""

from huitou.demo.filling import fill

__all__ = ["fill"]
