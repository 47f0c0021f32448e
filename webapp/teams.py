"""检查组: the talent pool, an inspector's record, the team of a case, all teams of a round."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.access import open_to
from webapp.addresses import flag
from workflows.policy import SUPERVISORS
from workflows.queries import inspectors, team_sheets
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
    return render_template("teams/pool.html", found=found, asked=asked, titles=titles, **WORDS)


@bp.get("/inspectors/<staff_no>")
@open_to(*inspectors.POOL_READERS)
def inspector(staff_no: str) -> ResponseReturnValue:
    found = inspectors.record(current.session(), staff_no, now=current.now())
    return render_template("teams/inspector.html", view=found, user=found.inspector.user, **WORDS)


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
