"""What the papers of the register are called."""

from collections.abc import Mapping
from types import MappingProxyType

LETTER_FORMS: Mapping[str, str] = MappingProxyType(
    {"green": "绿色提示函", "yellow": "黄色预警函", "final": "整改情况提醒书", "red": "红色督办函"}
)
LETTER_COLOURS: Mapping[str, str] = MappingProxyType(
    {"green": "green", "yellow": "yellow", "final": "yellow", "red": "red"}
)
