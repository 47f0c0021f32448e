"""Which page each refusal becomes.  A Refusal is shown; anything else is a 500 with a number, and is logged."""

import logging
import secrets

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, NoResultFound, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from workflows.forms import InvalidForm
from workflows.policy import NotAllowed
from workflows.refusal import Refusal

STATUS_OF: dict[type[Exception], int] = {
    NotAllowed: 403,
    NoResultFound: 404,
    Refusal: 409,
    StaleDataError: 409,
    IntegrityError: 409,
    InvalidForm: 422,
    OperationalError: 503,
}
SENTENCES = {
    400: "请求不完整或页面停留过久，请返回上一页刷新后重试。",
    401: "请先登录。",
    403: "您没有办理此事项的权限。如确需办理，请联系本单位管理员。",
    404: "没有找到这个页面，或者它不在您的查看范围内。",
    405: "不支持这种操作方式，请从页面上的按钮办理。",
    409: "内容已被他人更新，请刷新后再办理。",
    413: "提交的内容过大。请压缩或分次上传后重试。",
    429: "操作过于频繁，请稍后再试。",
    503: "数据库暂时无法连接，本次操作没有写入任何内容。请稍后重试。",
}
UNKNOWN = "系统出现故障，本次操作没有写入任何内容。请把下面的编号告诉运维人员。"
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    for kind in STATUS_OF:
        app.register_error_handler(kind, _foreseen)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def answer_for(status: int, sentence: str, *, rule: str = "", **more: object) -> ResponseReturnValue:
    """The error as a page, or below /api/ as JSON: {"error": {"rule", "message", "problems"}}."""
    if request.path.startswith("/api/"):
        return jsonify({"error": {"rule": rule or str(status), "message": sentence, "problems": {}, **more}}), status
    return render_template("errors/error.html", status=status, sentence=sentence, **more), status


def status_of(error: Exception) -> int:
    """The status of the nearest kind in STATUS_OF."""
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)


def _foreseen(error: Exception) -> ResponseReturnValue:
    status = status_of(error)
    if status == 503:
        log.error("database lost", exc_info=error)
    if isinstance(
        error, IntegrityError
    ):  # two wrote the same at once, or a rule of the tables caught a fault of ours
        log.error("refused by the database", exc_info=error)
    sentence = str(error) if isinstance(error, Refusal) else gettext(SENTENCES[status])
    more = {"problems": dict(error.problems)} if isinstance(error, InvalidForm) else {}
    return answer_for(status, sentence, rule=error.rule if isinstance(error, Refusal) else "", **more)


def _expired(_error: Exception) -> ResponseReturnValue:
    return answer_for(400, gettext(SENTENCES[400]))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return answer_for(error.code, gettext(SENTENCES.get(error.code, str(error.description))))


def _fault(error: Exception) -> ResponseReturnValue:
    number = secrets.token_hex(4)
    log.error("fault %s on %s %s", number, request.method, request.path, exc_info=error)
    return answer_for(500, gettext(UNKNOWN), number=number)
