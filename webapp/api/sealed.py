"""Sealed text by API: opening one, for whoever is cleared."""

from flask import Blueprint
from pydantic import Field

from webapp import current
from webapp.access import SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import Shape
from webapp.row_ids import LARGEST
from workflows.commands.sealed_text import open_sealed

bp = Blueprint("sealed", __name__)


class Opening(Shape):
    """Which sealed text to open."""

    kind: str = Field(max_length=20, description="intel_item、interview 或 task；线索在线索页面查阅")
    row_id: int = Field(ge=1, le=LARGEST, description="记录或事项的编号")
    path: str = Field(default="", max_length=200, description="kind 为 task 时：答复中的位置，如 items.0.body")


class SealedText(Shape):
    """The clear text; its opening has been recorded."""

    text: str


@bp.post("/cases/<case_no>/sealed-openings")
@open_to(SIGNED_IN)
@document.validate(tags=["案件"], resp=gives(SealedText))
def open_(case_no: str, json: Opening) -> Answer:
    """查阅密文：须有授权，每次查阅（包括被拒绝的）都记入办理记录"""
    text = current.desk().act(
        open_sealed, case_no=case_no, kind=json.kind, row_id=json.row_id, path=json.path, actor=current.actor(),
        now=current.now(),
    )  # fmt: skip
    return SealedText(text=text).model_dump(mode="json")
