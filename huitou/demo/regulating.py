"""The demo's library of institutions (S120, S124), and what people write about institutions and training.

Titles are those people know; numbers, dates and texts are invented.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from huitou.demo.answers import Answer, Occasion, answers
from workflows.models import InstitutionDoc
from workflows.records import institutions, numbers

DEPARTMENT = "自治区党委组织部"
SUPERIOR = "党政领导干部选拔任用工作条例"
LIBRARY = (
    ("关于防止干部“带病提拔”的实施意见", 2023, (("new", 18), ("amend", 31))),
    ("关于加强干部选拔任用监督的实施意见", 2023, (("new", 22), ("amend", 35))),
    ("干部选拔任用工作全程纪实办法", 2024, (("new", 9),)),
    ("干部监督工作联席会议制度（试行）", 2022, (("new", 15),)),
    ("干部监督信息沟通办法", 2022, (("new", 16), ("interpret", 27))),
)
TEXT = "第一条 坚持党管干部原则。第二条 严把动议、民主推荐、考察、讨论决定、任职各关口。第三条 执行情况列入专项检查。"


def stock_library(session: Session, now: datetime) -> None:
    """Writes one superior document and the region's institutions that carry it out, with their versions."""
    top = _doc(session, 2019, SUPERIOR, "superior", "上级机关", (), now)
    _issue(session, top, "new", f"规则〔2019〕{1}号", date(2019, 3, 3), now)
    for number, (title, year, versions) in enumerate(LIBRARY, start=1):
        doc = _doc(session, year, title, "region", DEPARTMENT, (top.id,), now)
        for later, (action, issue) in enumerate(versions):
            day = date(year + later, 3 + number, 11)
            _issue(session, doc, action, f"云组发〔{day.year}〕{issue}号", day, now)


def _doc(
    session: Session,
    year: int,
    title: str,
    level: str,
    body: str,
    parents: tuple[int, ...],
    now: datetime,
) -> InstitutionDoc:
    doc = InstitutionDoc(
        doc_no=numbers.numbered(session, "ZD-{year}-{n:04d}", year=year),
        title=title, level=level, issuing_body=body, status="in_force",
        root_cause="" if level == "superior" else "制度不够健全，关键环节缺少监督。", parent_ids=list(parents), created_at=now,
    )  # fmt: skip
    session.add(doc)
    session.flush()
    return doc


def _issue(session: Session, doc: InstitutionDoc, action: str, issue_no: str, day: date, now: datetime) -> None:
    institutions.add_version(
        session, doc, action=action, issue_no=issue_no, issuing_body=doc.issuing_body, issued_on=day,
        effective_on=day, text=TEXT, now=now,
    )  # fmt: skip


# -- 制度 -----------------------------------------------------------------------------------------------


@answers("institution", "consider_proposal")
def _consider_proposal(it: Occasion) -> Answer:
    return {
        "proposal_decision": it.fact("proposal_decision", "decline"),
        "proposal_reason": "现行制度已有规定，问题在于执行，通过提示单和培训抓落实。",
    }


@answers("institution", "propose")
def _propose(it: Occasion) -> Answer:
    """`actions` maps an institution's number to what is done with it; `changed` names superior documents.

    `nth` and `action` take the nth institution in force, whatever its number.
    """
    actions: dict[str, str] = it.fact("actions", {})
    changed: list[str] = it.fact("changed", [])
    rows = [row | {"action": actions.get(row["doc_no"], "none")} for row in it.prefilled("changes")]
    if rows and (action := it.fact("action", "")):
        rows[it.fact("nth", 0) % len(rows)]["action"] = action
        actions = {"": action}
    return {
        "cause": "对照新修订的条例和整改中发现的制度漏洞提出。",
        "changes": rows,
        "superior": [row | {"changed": row["doc_no"] in changed} for row in it.prefilled("superior")],
        "causes": [row | {"linked": True} for row in it.prefilled("causes")],
        **(
            {}
            if actions or changed
            else {"new_title": it.fact("new_title", f"干部监督工作规程（{it.today.isoformat()}）")}
        ),
    }


@answers("institution", "register_superior")
def _register_superior(it: Occasion) -> Answer:
    given = {
        "issuing_body": "上级机关",
        "issued_on": it.day(),
        "effective_on": it.day(),
        "text": "修订民主推荐、考察和讨论决定的规定，增加政治素质考察要求。",
    }
    rows = it.prefilled("superior_versions")
    return {
        "superior_versions": [
            given | row | {"issue_no": f"规则〔{it.today.year}〕{seq}号"} for seq, row in enumerate(rows, start=1)
        ]
    }


@answers("institution_change", "draft")
def _draft(it: Occasion) -> Answer:
    return {"text": it.fact("text", TEXT), "parents": it.prefilled("parents")}


@answers("institution_change", "collect_opinions")
def _collect_opinions(it: Occasion) -> Answer:
    row = {"opinion": "无不同意见。", "adoption": "adopted", "reply": "采纳。"}
    return {"opinions": [row | {"unit_code": code} for code in it.fact("consulted", ["CZT"])]}


@answers("institution_change", "issue")
def _issue_form(it: Occasion) -> Answer:
    _, year, seq = it.context["doc_no"].split("-")
    on_the_day = (
        200 + 10 * it.today.timetuple().tm_yday + (3 * int(year) + int(seq)) % 10
    )  # several may go out at once
    number = 40 + int(seq) if int(year) == it.today.year else on_the_day
    return {"issuing_body": DEPARTMENT, "issue_no": f"云组发〔{it.today.year}〕{number}号"}


@answers("institution_change", "check_execution")
def _check_execution(it: Occasion) -> Answer:
    row = {"unit_code": "CZT", "deviation": "none", "fact": "查阅材料，执行到位。", "correction": "无"}
    return {"checks": [row | it.fact("check", {})]}


@answers("institution_review", "compare", "compare_by_unit")
def _compare(it: Occasion) -> Answer:
    return {"outcome": it.fact("outcome", "keep"), "note": "已逐条对照上位制度的变动。"}


@answers("institution_review", "register_version")
def _register_version(it: Occasion) -> Answer:
    return {"issue_no": f"组发〔{it.today.year}〕{it.today.timetuple().tm_yday}号", "text": TEXT}


@answers("unit_institution", "register_institution")
def _register_institution(it: Occasion) -> Answer:
    bases = it.prefilled("bases")
    return {
        "title": "干部选拔任用工作实施细则",
        "issue_no": f"组发〔{it.today.year}〕{it.today.timetuple().tm_yday}号",
        "text": TEXT,
        "bases": [row | {"is_parent": seq == 0} for seq, row in enumerate(bases)],
    }


# -- 培训 -----------------------------------------------------------------------------------------------


@answers("policy_training", "plan_year")
def _plan_year(it: Occasion) -> Answer:
    tiers, levels = ("city_county_org", "dept_unit", "soe_hr"), ("in_charge_leader", "org_cadre")
    lectures = [
        {
            "kind": "lecture", "title": "领导干部个人有关事项报告“两项法规”辅导讲座", "two_regulations": True,
            "org_tier": tier, "level": levels[0], "planned_on": it.day(30), "clauses": "条例第十五条；条例第十九条",
        }
        for tier in tiers
    ]  # fmt: skip
    classes = [
        {
            "kind": "class", "title": "干部监督工作重点业务培训班", "two_regulations": False,
            "org_tier": tier, "level": levels[1], "planned_on": it.day(60), "clauses": "条例第三十条；条例第三十八条",
        }
        for tier in tiers
    ]  # fmt: skip
    return {
        "year": it.today.year,
        "plan_title": f"{it.today.year}年度干部监督工作政策宣讲培训计划",
        "five_year_item": "第三章：加强干部监督业务培训，实现两项法规讲座全覆盖",
        "matrix": [row | {"curriculum": "条例解读与案例教学"} for row in it.prefilled("matrix")],
        "sessions": it.fact("sessions", lectures + classes),
    }


@answers("training_session", "hold_session", "make_up")
def _hold_session(it: Occasion) -> Answer:
    """One in eight is absent from the first session; whoever is made up for comes."""
    rows = it.prefilled("people")
    absent = range(7, len(rows), 8) if it.element == "hold_session" else ()
    scores = {
        "before_understand": 62, "before_apply": 55, "before_enforce": 60,
        "after_understand": 84, "after_apply": 79, "after_enforce": 82,
    }  # fmt: skip
    people = [row if seq in absent else row | {"attended": True, **scores} for seq, row in enumerate(rows)]
    return {"held_on": it.day(), "people": people}
