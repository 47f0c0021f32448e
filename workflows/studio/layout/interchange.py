"""Writes the picture into the XML as BPMN diagram interchange.  Replaces whatever picture was there."""

from collections.abc import Iterable

from lxml import etree

from workflows.studio.layout.geometry import Box, Point

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_NAMESPACES = {"bpmndi": _DI, "dc": _DC, "di": _DD}


class Picture:
    """One BPMNDiagram, filled shape by shape."""

    def __init__(self, process_id: str) -> None:
        self.diagram = etree.Element(f"{{{_DI}}}BPMNDiagram", nsmap=_NAMESPACES)
        self.diagram.set("id", f"{process_id}_diagram")
        self._plane = etree.SubElement(self.diagram, f"{{{_DI}}}BPMNPlane")
        self._plane.set("id", f"{process_id}_plane")
        self._plane.set("bpmnElement", process_id)

    def add_shape(self, element: str, box: Box, label: Box | None = None, **facts: str) -> None:
        """`facts` are attributes such as isHorizontal, isExpanded, isMarkerVisible."""
        shape = etree.SubElement(self._plane, f"{{{_DI}}}BPMNShape", id=f"{element}_di", bpmnElement=element)
        for name, value in facts.items():
            shape.set(name, value)
        _add_bounds(shape, box)
        _add_label(shape, label)

    def add_edge(self, element: str, way: Iterable[Point], label: Box | None = None) -> None:
        edge = etree.SubElement(self._plane, f"{{{_DI}}}BPMNEdge", id=f"{element}_di", bpmnElement=element)
        for x, y in way:
            etree.SubElement(edge, f"{{{_DD}}}waypoint", x=_number(x), y=_number(y))
        _add_label(edge, label)


def write(document: etree._Element, pictures: Iterable[Picture]) -> bytes:
    """The document with these pictures and no other."""
    for old in document.findall(f"{{{_DI}}}BPMNDiagram"):
        document.remove(old)
    for picture in pictures:
        document.append(picture.diagram)
    kept = [prefix for prefix in document.nsmap if prefix]
    etree.cleanup_namespaces(document, top_nsmap=_NAMESPACES, keep_ns_prefixes=kept)
    etree.indent(document)
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8") + b"\n"


def _add_label(parent: etree._Element, label: Box | None) -> None:
    if label:
        _add_bounds(etree.SubElement(parent, f"{{{_DI}}}BPMNLabel"), label)


def _add_bounds(parent: etree._Element, box: Box) -> None:
    etree.SubElement(
        parent,
        f"{{{_DC}}}Bounds",
        x=_number(box.x),
        y=_number(box.y),
        width=_number(box.width),
        height=_number(box.height),
    )


def _number(value: float) -> str:
    return str(round(value))
