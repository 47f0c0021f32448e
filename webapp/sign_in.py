"""Signing in and out, and the person's own page.  The cookie carries a secret that the server can end."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from webapp import current, preferences
from webapp.access import ANYBODY, SIGNED_IN, open_to
from webapp.preferences import own_path
from workflows.commands import access, attention, notification_choice, passwords
from workflows.models import User
from workflows.policy import notification
from workflows.queries import people
from workflows.queries.preferences import value_of

bp = Blueprint("sign_in", __name__)


def recognise() -> None:
    """Puts the signed-in person of a page's request into `g.actor`; the API has its own way."""
    if request.path.startswith("/api/") or request.endpoint == "static":
        return
    g.actor = None
    token = session.get("token")
    if not token:
        return
    row = people.live_session(current.session(), token, current.now())
    if row is None or row.kind != "browser":
        session.clear()
        return
    if current.now() - row.seen_at >= access.SEEN_EVERY:
        current.desk().act(access.see_session, token=token, now=current.now())
    g.actor = people.actor_of(current.session(), row.user_id, current.now())


@bp.get("/sign-in")
@open_to(ANYBODY)
def page() -> ResponseReturnValue:
    if g.actor is not None:
        return redirect(own_path(request.args.get("next")))
    return render_template("sign_in/sign_in.html", next=own_path(request.args.get("next")), login="")


@bp.post("/sign-in")
@open_to(ANYBODY)
def enter() -> ResponseReturnValue:
    login, target = request.form.get("login", "").strip(), own_path(request.form.get("next"))
    try:
        signed_in = access.sign_in(
            current.desk(), login=login, password=request.form.get("password", ""),
            address=request.remote_addr or "", now=current.now(),
        )  # fmt: skip
    except (access.WrongPassword, access.TooManyAttempts) as no:
        status = 429 if isinstance(no, access.TooManyAttempts) else 422
        return render_template("sign_in/sign_in.html", next=target, login=login, problem=str(no)), status
    session.clear()
    session["token"] = signed_in.token
    return _dressed(redirect(target), signed_in.user_id)


@bp.post("/sign-out")
@open_to(SIGNED_IN)
def leave() -> ResponseReturnValue:
    current.desk().act(access.sign_out, token=session["token"], now=current.now())
    session.clear()
    return redirect(url_for("sign_in.page"))


@bp.get("/profile")
@open_to(SIGNED_IN)
def profile() -> ResponseReturnValue:
    return _profile()


@bp.post("/profile/password")
@open_to(SIGNED_IN)
def change_password() -> ResponseReturnValue:
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _profile("两次输入的新口令不一致。"), 422
    try:
        access.set_password(
            current.desk(), actor=current.actor(), current=request.form.get("current", ""), new=new,
            token=session["token"], now=current.now(),
        )  # fmt: skip
    except (access.WrongPassword, access.TooManyAttempts, passwords.WeakPassword) as no:
        return _profile(str(no)), 422
    flash("口令已修改，其他登录会话已结束。", "success")
    return redirect(url_for("sign_in.profile"))


@bp.post("/profile/appearance")
@open_to(SIGNED_IN)
def choose_appearance() -> ResponseReturnValue:
    wanted = {name: request.form.get(name, "") for name in ("theme", "language")}
    current.desk().act(attention.choose_appearance, **wanted, actor=current.actor(), now=current.now())
    return preferences.remember(redirect(url_for("sign_in.profile")), wanted)


@bp.post("/profile/notification")
@open_to(SIGNED_IN)
def choose_notification() -> ResponseReturnValue:
    """Kind → ways as ticked, and the quiet hours."""
    form = request.form
    try:
        current.desk().act(
            notification_choice.choose_notification,
            ways={kind: form.getlist(f"way.{kind}") for kind in notification.KINDS},
            begins=form.get("begins", ""), ends=form.get("ends", ""), days_off=form.get("days_off") == "1",
            actor=current.actor(), now=current.now(),
        )  # fmt: skip
    except notification.ChoiceRefused as no:
        return _profile(str(no)), 422
    flash("通知方式已保存。", "success")
    return redirect(url_for("sign_in.profile"))


@bp.post("/profile/sessions/removal")
@open_to(SIGNED_IN)
def end_others() -> ResponseReturnValue:
    ended = current.desk().act(
        access.end_other_sessions, actor=current.actor(), token=session["token"], now=current.now()
    )
    flash(f"已结束其他登录会话 {ended} 个。", "success")
    return redirect(url_for("sign_in.profile"))


def _dressed(answer: Response, user_id: int) -> Response:
    """The person's own theme and language go along, so that a page looks the same on every machine."""
    user = current.session().get_one(User, user_id)
    return preferences.remember(answer, {"theme": user.theme, "language": user.language})


def _profile(problem: str = "") -> str:
    kept = value_of(current.session(), current.actor(), notification.PREFERENCE)
    has_gateway = bool(current_app.extensions["settings"].webhook_url)
    ways = [way for way in notification.WAYS if has_gateway or way != notification.WEBHOOK]
    return render_template(
        "sign_in/profile.html", problem=problem, actor=current.actor(), choice=notification.choice_of(kept),
        notification=notification, ways=ways,
    )  # fmt: skip
