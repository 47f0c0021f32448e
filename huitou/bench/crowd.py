"""A region at ten times the demo's scale, written straight into the tables: for what searches and exports must bear.

1,100 cases, 13,000 findings, 52,000 measures, 5,000 people, 600 units, 6,000 documents, 1,500 institutions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from huitou.bench.ground import NOW
from workflows.commands.desk import Work
from workflows.models import (
    Deadline,
    Finding,
    Grant,
    InspectionCase,
    InspectionRound,
    InstitutionDoc,
    InstitutionVersion,
    IssuedDocument,
    Measure,
    Unit,
    User,
)
from workflows.pinyin import initials_of, initials_of_person

CITIES = [
    "青澜",
    "云朔",
    "玉屏",
    "白河",
    "金川",
    "松原",
    "临江",
    "长岭",
    "南浦",
    "石门",
    "东港",
    "西岭",
    "北湖",
    "安平",
]
BODIES = [
    "市委组织部", "财政局", "教育局", "卫生健康委", "住房城乡建设局", "农业农村局", "水务局", "交通运输局", "审计局",
    "市场监管局", "澜城区", "河东区", "新安县",
]  # fmt: skip
SURNAMES, GIVEN = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许",
    ["建国", "志强", "晓梅", "文博", "海燕", "玉兰", "国平", "立新", "春华", "思远"],
)
TITLES = [
    "干部选拔任用公示不规范",
    "民主推荐范围偏窄",
    "考察谈话不深入",
    "超职数配备干部",
    "档案审核把关不严",
    "轮岗交流制度落实不到位",
]
TEXT = (
    "检查发现，{unit}在{year}年干部选拔任用工作中存在{title}问题，涉及{n}人次，主要负责人和组织人事部门履行主体责任不到位，"
    "未按规定听取纪检监察机关意见，应当限期整改并建立长效机制。"
)
FIRST = 100  # ids below are other people's and units'


@dataclass(frozen=True)
class Size:
    """How much of each."""

    units: int = 600
    users: int = 5_000
    cases: int = 1_100
    findings: int = 13_000
    measures_each: int = 4
    documents: int = 6_000
    institutions: int = 1_500


def settle_crowd(work: Work, *, size: Size = Size()) -> None:
    """Writes all of it; the ids begin at FIRST."""
    tables: tuple[tuple[Any, Iterator[dict[str, Any]]], ...] = (
        (Unit, _units(size)), (User, _users(size)), (Grant, _grants(size)), (InspectionRound, _rounds(size)),
        (InspectionCase, _cases(size)), (Finding, _findings(size)), (Measure, _measures(size)),
        (Deadline, _deadlines(size)), (IssuedDocument, _documents(size)), (InstitutionDoc, _institutions(size)),
        (InstitutionVersion, _versions(size)),
    )  # fmt: skip
    for table, rows in tables:
        work.session.execute(insert(table), list(rows))


def unit_name(number: int) -> str:
    """The name of a unit: a city and a body, numbered from the second time on."""
    city, body, turn = CITIES[number % 14], BODIES[number // 14 % 13], number // 182
    return f"{city}{'市' if body[0] != '市' else ''}{body}{turn or ''}"


def case_no(number: int) -> str:
    return f"XR-{12 + number // 600}-{number // 200 % 6:02d}-{number:04d}"


def _units(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(size.units):
        name = unit_name(n)
        yield {
            "id": FIRST + n,
            "code": f"C{n:04d}",
            "name": name,
            "kind": "department",
            "initials": initials_of(name),
        }


def _users(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(size.users):
        name = SURNAMES[n % 20] + GIVEN[n // 20 % 10]
        yield {
            "id": FIRST + n, "login": f"crowd{n}", "staff_no": f"C{n:06d}", "name": name, "post": "组织人事科科长",
            "unit_id": FIRST + n % size.units, "password_hash": "-", "initials": initials_of_person(name),
        }  # fmt: skip


def _grants(size: Size) -> Iterator[dict[str, Any]]:
    roles = ("unit_liaison", "unit_principal", "measure_owner", "unit_leader")
    for n in range(size.users):
        yield {"user_id": FIRST + n, "role": roles[n % 4], "scope": "unit", "scope_id": FIRST + n % size.units}


def _rounds(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(-(-size.cases // size.units)):
        yield {"id": FIRST + n, "code": f"C-{n}", "name": f"第{n + 1}轮", "kind": "regular", "starts_on": NOW.date()}


def _cases(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(size.cases):
        yield {
            "id": FIRST + n, "case_no": case_no(n), "round_id": FIRST + n // size.units,
            "unit_id": FIRST + n % size.units, "status": "rectifying", "opened_at": NOW, "feedback_date": NOW.date(),
        }  # fmt: skip


def _findings(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(size.findings):
        of_case, title = n % size.cases, TITLES[n % 6]
        text = TEXT.format(unit=unit_name(of_case % size.units), year=2020 + n % 7, title=title, n=n % 40)
        yield {
            "id": FIRST + n, "finding_no": f"{case_no(of_case)}-F{n // size.cases:02d}", "case_id": FIRST + of_case,
            "seq": n // size.cases, "title": title, "text": text, "category": "C06", "chain": "用",
            "severity": "serious", "rectify_type": "staged", "opinion": "限期整改。", "status": "rectifying",
        }  # fmt: skip


def _measures(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(size.findings * size.measures_each):
        finding = n // size.measures_each
        yield {
            "finding_id": FIRST + finding, "seq": n % size.measures_each + 1, "goal": "规范程序，健全制度，形成长效机制",
            "content": f"修订{TITLES[finding % 6]}相关办法，开展专题培训，逐项对照检查并报市委组织部备案。", "leader": "分管领导",
            "department": "组织人事科", "owner": "科长", "due_date": NOW.date() + timedelta(days=n % 90),
            "progress": "已召开专题会议研究部署，修订完善有关制度，完成阶段性整改任务。",
            "kinds": ["institution"], "status": "approved",
        }  # fmt: skip


def _deadlines(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(size.findings):
        of_case, due_at = n % size.cases, NOW + timedelta(days=n % 120 - 30)
        yield {
            "subject_no": f"{case_no(of_case)}-F{n // size.cases:02d}", "rule": "D4", "title": "整改", "amount": 2,
            "case_id": FIRST + of_case, "finding_id": FIRST + n, "unit_id": FIRST + of_case % size.units,
            "amount_unit": "months", "anchor_label": "反馈", "anchor_at": NOW, "calendar_version": 1, "words": "反馈之日起",
            "original_due_at": due_at, "due_at": due_at, "opened_at": NOW,
        }  # fmt: skip


def _documents(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(size.documents):
        of_case = n % size.cases
        yield {
            "kind": "entry_notice", "case_id": FIRST + of_case, "subject_no": case_no(of_case), "status": "issued",
            "title": f"关于对{unit_name(of_case % size.units)}开展选人用人专项检查的通知",
            "number": f"云组检〔2026〕{n}号", "drafted_by_id": FIRST, "drafted_at": NOW, "issued_at": NOW,
        }  # fmt: skip


def _institutions(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(size.institutions):
        yield {
            "id": FIRST + n, "doc_no": f"ZD-2026-{n:04d}", "title": f"{unit_name(n % size.units)}干部选拔任用公示办法",
            "level": "unit", "unit_id": FIRST + n % size.units, "issuing_body": unit_name(n % size.units),
            "status": "in_force", "created_at": NOW,
        }  # fmt: skip


def _versions(size: Size) -> Iterator[dict[str, Any]]:
    for n in range(size.institutions):
        yield {
            "doc_id": FIRST + n, "version_no": 1, "action": "new", "issue_no": f"组发〔2026〕{n}号",
            "issued_on": NOW.date(), "effective_on": NOW.date(), "issuing_body": "本单位", "text": "……", "recorded_at": NOW,
        }  # fmt: skip
