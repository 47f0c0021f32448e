"""督办、约谈、问责、回头看、考核: the data of the documents that press, decide on people and look again (P08–P10, P13)."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.models import (
    AdmonitionTalk,
    AssessmentReference,
    Deadline,
    Finding,
    InspectionCase,
    Referral,
    Revisit,
    RevisitItem,
    SupervisionNotice,
    TimeLimitRule,
)
from workflows.policy import ROLE_NAMES
from workflows.policy import vocabulary as words
from workflows.queries import annual
from workflows.queries.document_data._ground import (
    Data,
    Subject,
    before,
    day,
    gathers,
    last_day,
    limit_words,
    lists,
    numbered,
)
from workflows.workdays import closing_day, local_date

TALK_LEVEL = 3


@lists("notice")
def notices(session: Session, case: InspectionCase) -> list[Subject]:
    return [Subject(row.notice_no, row.form) for row in _notices(session, case)]


@gathers("supervision_notice")
def supervision_notice(session: Session, case: InspectionCase, subject: str) -> Data:
    notice = _notice(session, case, subject)
    deadline = session.get(Deadline, notice.deadline_id or 0)
    return {
        "number": notice.notice_no,
        "form": notice.form,
        "level": words.SUPERVISION_LEVEL.get(notice.level, str(notice.level)),
        "matter": _matter(session, notice, deadline),
        "overdue": _overdue(notice, deadline),
        "text": notice.text,
        "limit": before(last_day(notice.due_at)) or "在督办要求所列时限内",
        "basis": _basis(session, deadline),
        "receipt": f"{day(notice.received_at)}签收" if notice.received_at else "",
    }


@lists("talk")
def talks(session: Session, case: InspectionCase) -> list[Subject]:
    return [Subject(row.notice_no, row.form) for row in _notices(session, case) if row.level >= TALK_LEVEL]


@gathers("talk_notice")
def talk_notice(session: Session, case: InspectionCase, subject: str) -> Data:
    """Before the talk the drafter names person and day; afterwards the record does."""
    notice = _notice(session, case, subject)
    query = select(AdmonitionTalk).where(AdmonitionTalk.notice_id == notice.id).order_by(AdmonitionTalk.id.desc())
    talk = session.scalar(query.limit(1))
    data = {"matter": _matter(session, notice, session.get(Deadline, notice.deadline_id or 0))}
    if talk is not None:
        data |= {
            "person": talk.person,
            "talker": talk.talker,
            "held_on": day(talk.held_on),
            "commitment": talk.commitment,
            "follow_up": day(talk.follow_up_due),
        }
    return data


@lists("talk_held")
def talks_held(session: Session, case: InspectionCase) -> list[Subject]:
    held = set(session.scalars(select(AdmonitionTalk.notice_id)))
    return [Subject(row.notice_no, row.form) for row in _notices(session, case) if row.id in held]


@gathers("talk_record")
def talk_record(session: Session, case: InspectionCase, subject: str) -> Data:
    """The last talk held on the notice, as it was recorded."""
    notice = _notice(session, case, subject)
    query = select(AdmonitionTalk).where(AdmonitionTalk.notice_id == notice.id).order_by(AdmonitionTalk.id.desc())
    talk = session.scalars(query.limit(1)).one()
    return talk_notice(session, case, subject) | {"notice_no": notice.notice_no, "record": talk.record}


@lists("referral")
def parents(session: Session, case: InspectionCase) -> list[Subject]:
    query = select(Referral).where(Referral.case_id == case.id, Referral.track == "").order_by(Referral.id)
    return [Subject(row.ref_no, row.evidence[:40]) for row in session.scalars(query)]


@gathers("accountability_proposal")
def accountability_proposal(session: Session, case: InspectionCase, subject: str) -> Data:
    parent = _referral(session, case, subject)
    tracks = {row.track: row for row in session.scalars(select(Referral).where(Referral.parent_id == parent.id))}
    forms = [words.word(words.ACCOUNTABILITY_FORM, row.form or row.recommended_form) for row in tracks.values()]
    return {
        "ref_no": parent.ref_no,
        "facts": parent.evidence,
        "track_a": tracks["A"].conclusion if "A" in tracks else "",
        "track_b": tracks["B"].conclusion if "B" in tracks else "",
        "persons": numbered(_person(person) for row in tracks.values() for person in row.persons),
        "proposal": "、".join(dict.fromkeys(form for form in forms if form)),
    }


@lists("decision")
def decisions(session: Session, case: InspectionCase) -> list[Subject]:
    query = select(Referral).where(
        Referral.case_id == case.id, Referral.decided_at.is_not(None), Referral.track != ""
    )
    return [Subject(row.ref_no, f"{row.track}轨") for row in session.scalars(query.order_by(Referral.id))]


@gathers("decision")
def decision(session: Session, case: InspectionCase, subject: str) -> Data:
    track = _referral(session, case, subject)
    period = f"{day(track.influence_from)}至{day(track.influence_to)}" if track.influence_to else ""
    decided_on = local_date(track.decided_at) if track.decided_at else None
    return {
        "ref_no": track.ref_no,
        "facts": track.evidence,
        "conclusion": track.conclusion,
        "persons": numbered(_person(person) for person in track.persons),
        "form": words.word(words.ACCOUNTABILITY_FORM, track.form),
        "authority": ROLE_NAMES.get(track.authority, track.authority),
        "decision": track.decision,
        "decided_on": day(decided_on),
        "influence": period,
        "hearing": track.hearing_record,
        "appeal": f"对本决定不服的，可以自{limit_words(session, 'T22.appeal', decided_on)}提出申诉。",
    }


@lists("revisit")
def revisits(session: Session, case: InspectionCase) -> list[Subject]:
    query = select(Revisit).where(Revisit.case_id == case.id).order_by(Revisit.cycle)
    return [Subject(f"{case.case_no}/{row.cycle}", f"第{row.cycle}轮") for row in session.scalars(query)]


@gathers("revisit_report")
def revisit_report(session: Session, case: InspectionCase, subject: str) -> Data:
    cycle = subject.rpartition("/")[2]
    query = select(Revisit).where(
        Revisit.case_id == case.id, Revisit.cycle == (int(cycle) if cycle.isdecimal() else 0)
    )
    revisit = session.scalars(query).one()
    items = session.execute(
        select(RevisitItem, Finding)
        .join(Finding, RevisitItem.finding_id == Finding.id)
        .where(RevisitItem.revisit_id == revisit.id)
        .order_by(Finding.seq)
    ).all()
    results = [item.result for item, _ in items]
    referred = select(func.count()).where(
        Referral.case_id == case.id, Referral.track == "", Referral.opened_at >= revisit.started_at
    )
    return {
        "addressee": "分管副部长",
        "cycle": revisit.cycle,
        "occasion": revisit.occasion,
        "held_on": day(revisit.held_on),
        "team": "、".join(revisit.team),
        "items": numbered(_item(item, finding) for item, finding in items),
        "consolidated": results.count("consolidated"),
        "not_in_place": results.count("not_in_place"),
        "rebound": results.count("rebound"),
        "open_count": case.open_count,
        "referrals": session.scalar(referred) or 0,
        "summary": revisit.summary,
    }


@lists("reference")
def references(session: Session, case: InspectionCase) -> list[Subject]:
    query = select(AssessmentReference).where(AssessmentReference.unit_id == case.unit_id)
    return [
        Subject(f"{row.year}", f"{row.year}年度") for row in session.scalars(query.order_by(AssessmentReference.year))
    ]


@gathers("annual_reference")
def annual_reference(session: Session, case: InspectionCase, subject: str) -> Data:
    query = select(AssessmentReference).where(
        AssessmentReference.unit_id == case.unit_id,
        AssessmentReference.year == (int(subject) if subject.isdecimal() and len(subject) == 4 else 0),
    )
    row = session.scalars(query).one()
    return {
        "addressee": "年度考核办",
        "year": row.year,
        "grade": words.word(words.ASSESSMENT_GRADE, row.grade),
        "reason": row.reason,
        "numbers": numbered(
            {"name": title, "value": annual.value_of(row.numbers, name)}
            for name, title in annual.NUMBERS
            if name in row.numbers
        ),
    }


def _notices(session: Session, case: InspectionCase) -> list[SupervisionNotice]:
    query = select(SupervisionNotice).where(SupervisionNotice.case_id == case.id).order_by(SupervisionNotice.id)
    return list(session.scalars(query))


def _notice(session: Session, case: InspectionCase, notice_no: str) -> SupervisionNotice:
    query = select(SupervisionNotice).where(
        SupervisionNotice.case_id == case.id, SupervisionNotice.notice_no == notice_no
    )
    return session.scalars(query).one()


def _referral(session: Session, case: InspectionCase, ref_no: str) -> Referral:
    return session.scalars(select(Referral).where(Referral.case_id == case.id, Referral.ref_no == ref_no)).one()


def _matter(session: Session, notice: SupervisionNotice, deadline: Deadline | None) -> str:
    finding = session.get(Finding, notice.finding_id or 0)
    title = deadline.title if deadline else "整改工作"
    return f"{finding.finding_no}“{finding.title}”：{title}" if finding else title


def _overdue(notice: SupervisionNotice, deadline: Deadline | None) -> str:
    if deadline is None or deadline.due_at > notice.issued_at:
        return ""
    days = (local_date(notice.issued_at) - closing_day(deadline.due_at)).days
    return f"应于{before(last_day(deadline.due_at))}办结，已逾期{days}天"


def _basis(session: Session, deadline: Deadline | None) -> str:
    if deadline is None:
        return "整改督办工作要求"
    query = select(TimeLimitRule.basis).where(TimeLimitRule.code == deadline.rule).limit(1)
    return f"{deadline.title}（时限规定{deadline.rule}，{session.scalar(query) or '整改时限决定'}）"


def _person(person: dict[str, Any]) -> dict[str, str]:
    responsibility = words.word(words.RESPONSIBILITY, person.get("responsibility"))
    return {
        "name": str(person.get("name", "")),
        "post": str(person.get("post", "")),
        "responsibility": responsibility,
    }


def _item(item: RevisitItem, finding: Finding) -> dict[str, str]:
    return {
        "no": finding.finding_no,
        "title": finding.title,
        "result": words.word(words.REVISIT_RESULT, item.result),
        "note": item.note,
        "requirement": item.new_requirement,
        "due": day(item.new_due_date),
    }
