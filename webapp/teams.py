"""检查组: the talent pool, an inspector's record, the team of a case, all teams of a round."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import flag
from workflows.commands import talent_pool
from workflows.policy import SUPERVISORS
from workflows.queries import inspectors, team_sheets, units
from workflows.queries.teams import DUTIES
from workflows.teams.people import CHANNELS, POST_KINDS, SPECIALITIES

bp = Blueprint("teams", __name__)
WORDS = {"duties": DUTIES, "channels": CHANNELS, "post_kinds": POST_KINDS, "specialities": SPECIALITIES}
RATINGS = {"good": "好", "fairly_good": "较好", "fair": "一般", "poor": "差"}


@bp.get("/inspectors")
@open_to(*inspectors.POOL_READERS)
def pool() -> ResponseReturnValue:
    names = ("channel", "age", "experience", "speciality")
    asked = inspectors.Filters(
        **{name: request.args.get(name, "") for name in names}, text=request.args.get("q", "").strip()
    )
    found = inspectors.pool(current.session(), asked, now=current.now())
    titles = dict(zip(names, ("来源渠道", "年龄", "工作经历", "专业特长"), strict=True))
    may_keep = current.actor().has_role(*talent_pool.KEEPERS)
    return render_template("teams/pool.html", found=found, asked=asked, titles=titles, may_keep=may_keep, **WORDS)


@bp.get("/inspectors/<staff_no>")
@open_to(*inspectors.POOL_READERS)
def inspector(staff_no: str) -> ResponseReturnValue:
    found = inspectors.record(current.session(), staff_no, now=current.now())
    may_keep = current.actor().has_role(*talent_pool.KEEPERS)
    return render_template("teams/inspector.html", view=found, user=found.inspector.user, may_keep=may_keep, **WORDS)


@bp.get("/inspectors/entry")
@open_to(*talent_pool.KEEPERS)
def entry() -> ResponseReturnValue:
    """The form for somebody new, or (`staff_no`) for somebody of the pool."""
    session, staff_no = current.session(), request.args.get("staff_no", "")
    kept = inspectors.record(session, staff_no, now=current.now()).inspector if staff_no else None
    return render_template(
        "teams/entry.html", kept=kept, staff_no=staff_no, blank_posts=3, units=units.choices_by_id(session),
        people=[] if kept else inspectors.outside(session), **WORDS,
    )  # fmt: skip


@bp.post("/inspectors")
@open_to(*talent_pool.KEEPERS)
def keep() -> ResponseReturnValue:
    given, staff_no = request.form, request.form.get("staff_no", "").strip()
    names = ("unit_code", "post", "from", "to")
    columns = (given.getlist(f"posts-{name}") for name in names)
    plain = {
        name: given.get(name, "") for name in ("channel", "born_on", "experience_years", "speciality", "post_kind")
    }
    made = talent_pool.Entry(
        **plain,
        is_division_head=bool(given.get("is_division_head")),
        posts=[dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)],
    )
    current.desk().act(
        talent_pool.keep_inspector, staff_no=staff_no, entry=made, actor=current.actor(), now=current.now()
    )
    flash("人才库信息已保存。", "success")
    return redirect(url_for("teams.inspector", staff_no=staff_no))


@bp.post("/inspectors/<staff_no>/removal")
@open_to(*talent_pool.KEEPERS)
def remove(staff_no: str) -> ResponseReturnValue:
    current.desk().act(
        talent_pool.remove_inspector, staff_no=staff_no, reason=request.form.get("reason", ""), actor=current.actor(),
        now=current.now(),
    )  # fmt: skip
    flash("已移出人才库。", "success")
    return redirect(url_for("teams.pool"))


@bp.get("/cases/<case_no>/team")
@open_to(*team_sheets.SHEET_READERS)
def case(case_no: str) -> ResponseReturnValue:
    found = team_sheets.sheet(current.session(), current.actor(), case_no, now=current.now())
    return render_template("teams/case.html", view=found, case=found.case, ratings=RATINGS, **WORDS)


@bp.get("/rounds/<code>/teams")
@open_to(*sorted(SUPERVISORS))
def round_(code: str) -> ResponseReturnValue:
    found = team_sheets.round_sheet(
        current.session(), current.actor(), code, now=current.now(), with_suggestions=flag("suggest")
    )
    return render_template("teams/round.html", view=found, has_suggestions=flag("suggest"), **WORDS)
