"""Draws a BPMN process: takes the XML without (or with) diagram interchange and adds a tidy, repeatable one.

Only the picture is made here; what the process means is left as the author wrote it.  Read in this order:
scope (what is to be drawn), placing (where shapes stand), routing (how flows run), labels, interchange (the XML).
"""

from workflows.studio.layout.drawing import lay_out
from workflows.studio.layout.scope import NothingToDraw

__all__ = ["NothingToDraw", "lay_out"]
