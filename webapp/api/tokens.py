"""Tokens, and who one is."""

from flask import Blueprint, g, request
from pydantic import Field

from webapp import current
from webapp.access import ANYBODY, SIGNED_IN, open_to
from webapp.api.document import Answer, document, gives
from webapp.api.shapes import Me, RoleHeld, Shape, Token
from workflows.commands import access
from workflows.policy import ROLE_NAMES
from workflows.queries import margins

bp = Blueprint("tokens", __name__)


class Credentials(Shape):
    """账号与口令."""

    login: str = Field(max_length=200)
    password: str = Field(max_length=1024)


@bp.post("/tokens")
@open_to(ANYBODY)
@document.validate(resp=gives(Token, status=201), tags=["登录"], security={})
def give_token(json: Credentials) -> Answer:
    """领取令牌（12 小时有效）"""
    signed_in = access.sign_in(
        current.desk(), login=json.login, password=json.password, address=request.remote_addr or "",
        now=current.now(), kind="api",
    )  # fmt: skip
    return Token(token=signed_in.token, expires_at=signed_in.expires_at).model_dump(mode="json"), 201


@bp.delete("/tokens/current")
@open_to(SIGNED_IN)
@document.validate(resp=gives(None, status=204), tags=["登录"])
def end_token() -> Answer:
    """注销当前令牌"""
    token = request.headers["Authorization"].partition(" ")[2].strip()
    current.desk().act(access.sign_out, token=token, now=current.now())
    return "", 204


@bp.get("/me")
@open_to(SIGNED_IN)
@document.validate(resp=gives(Me), tags=["登录"])
def me() -> Answer:
    """我是谁：角色、范围、待办数"""
    actor = g.actor
    around = margins.margins(current.session(), actor, now=current.now(), with_overdue=False)
    roles = [
        RoleHeld(role=h.role, name=ROLE_NAMES.get(h.role, h.role), scope=h.scope, scope_id=h.scope_id)
        for h in actor.holdings
    ]
    return Me(
        id=actor.user_id, name=actor.name, unit_id=actor.unit_id, unit=around.unit_name, roles=roles,
        recused_units=sorted(actor.recused_units), waiting=around.waiting, unread=around.unread,
    ).model_dump(mode="json")  # fmt: skip
