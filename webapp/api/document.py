"""The OpenAPI 3.1 document: built from the shapes by spectree, served by ourselves, with no page from elsewhere."""

from typing import Any

from pydantic import ValidationError
from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from webapp.api.shapes import Error
from workflows.forms import InvalidForm

PATH = "/api/v1"
Answer = Any  # spectree evaluates annotations, and Flask's own alias names what it does not import
ERRORS = {"HTTP_401": Error, "HTTP_403": Error, "HTTP_404": Error, "HTTP_409": Error, "HTTP_422": Error}
WORDS = {
    "missing": "必填", "extra_forbidden": "没有这一项", "string_too_long": "过长", "string_too_short": "过短",
    "int_parsing": "应为整数", "string_type": "应为文字", "dict_type": "应为对象", "greater_than_equal": "过小",
    "less_than_equal": "过大", "string_pattern_mismatch": "不在可选范围内", "json_invalid": "不是有效的 JSON",
    "model_type": "应为 JSON 对象", "bool_parsing": "应为 true 或 false",
}  # fmt: skip


def gives(shape: Any, *, status: int = 200) -> Response:
    """What a view answers when all is well, and the errors every view may answer."""
    return Response(**{f"HTTP_{status}": shape, **ERRORS})


def refuse_bad_request(_request: Any, _response: Any, error: Exception | None, *_: Any) -> None:
    """A request that does not fit its shape is refused as a form would be."""
    if not isinstance(error, ValidationError):
        return
    problems = {
        ".".join(map(str, problem["loc"])) or "body": WORDS.get(problem["type"], problem["msg"])
        for problem in error.errors()
    }
    raise InvalidForm(problems)


document = SpecTree(
    "flask",
    title="回头看 API",
    version="1",
    description="选人用人专项检查整改全流程接口。先以账号口令领取令牌：POST /api/v1/tokens。",
    path="api/v1/spec",
    filename="openapi.json",
    page_templates={},
    mode="strict",
    annotations=True,
    before=refuse_bad_request,
    validation_error_model=Error,
    naming_strategy=lambda shape: str(shape.__name__),
    nested_naming_strategy=lambda _parent, child: str(child),
    security_schemes=[SecurityScheme(name="bearer", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))],
    security={"bearer": []},
)
