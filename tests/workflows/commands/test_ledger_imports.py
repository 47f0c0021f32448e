"""A unit's own spreadsheet: all of it or nothing, only progress, every bad cell named; our own export changes nothing."""

import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from tests.workflows.documents.office import bomb, package
from tests.workflows.operations.story import Story
from workflows.commands import ledger_imports
from workflows.commands.ledger_imports import ImportRefused
from workflows.database import atomic
from workflows.documents import ledger_import
from workflows.documents.file_types import FileRefused
from workflows.documents.ledger_xlsx import ledger_bytes
from workflows.models import Finding, HistoryEntry, ImportMapping, Measure, Participation, ProgressReport
from workflows.policy import NotAllowed
from workflows.queries import ledger, reconciliation

HEADS = ("编 号", "存在问题", "具体措施", "工作进展（截至9月）", "是否完成", "经办人", "证明材料")
PROGRESS = "已修订办法，正在组织培训。"


@pytest.fixture
def story(desk, region, now) -> Story:
    return Story(desk, region, now)


@pytest.fixture
def rectifying(story) -> Story:
    return story.registered({}, {"title": "公示不规范", "category": "C08"}).told().owned().planned()


def sheet(*rows, heads=HEADS, above=(("澜城区整改台账",), ())) -> bytes:
    """A workbook as a unit writes it: a title, a head of its own, rows."""
    book = openpyxl.Workbook()
    for row in (*above, heads, *rows):
        book.active.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def export(story: Story) -> bytes:
    """Our own export, all 31 columns."""
    with story.desk.sessions() as session:
        rows = ledger.all_rows(session, story.region.liaison, ledger.Filters(), now=story.now)
        return ledger_bytes((row.cells for row in rows), ledger.COLUMNS, title="整改台账", subtitle="导出")


def uploaded(story: Story, content: bytes, who="liaison", name="台账.xlsx"):
    actor = story.region.actors[who]
    unit_id = story.region.unit_a_id
    return story.desk.act(
        ledger_imports.upload_ledger, unit_id=unit_id, name=name, content=content, actor=actor, now=story.now
    )


def previewed(story: Story, upload, who="liaison"):
    actor = story.region.actors[who]
    return ledger_imports.preview_import(story.desk, upload_id=upload.id, actor=actor, now=story.now)[2]


def confirmed(story: Story, upload, who="liaison"):
    actor = story.region.actors[who]
    return story.desk.act(ledger_imports.confirm_import, upload_id=upload.id, actor=actor, now=story.now)


def discarded(story: Story, upload):
    story.desk.act(ledger_imports.discard_import, upload_id=upload.id, actor=story.region.liaison, now=story.now)


def row(story: Story, seq: int = 1, **change) -> list:
    """A faithful row of the unit's sheet for a finding, with some cells changed."""
    finding = story.finding(seq)
    cells = {"no": finding.finding_no, "text": finding.text, "content": "修订考察工作办法并组织培训"}
    cells |= {"progress": PROGRESS, "completion": "未完成", "owner": "干部科长", "evidence": None} | change
    return list(cells.values())


def measure(story: Story, seq: int = 1) -> Measure:
    with story.desk.sessions() as session:
        return session.scalars(select(Measure).join(Finding).where(Finding.seq == seq)).one()


def test_our_own_export_changes_nothing_and_comes_back_the_same(rectifying):
    """Every one of the 31 columns is recognised, agrees, and stays as it is."""
    before = export(rectifying)
    upload = uploaded(rectifying, before)
    assert len(upload.columns) == len(ledger.COLUMNS) == 31
    assert list(upload.columns.values()) == [name for name, _ in ledger.COLUMNS]
    plan = previewed(rectifying, upload)
    assert (plan.faults, plan.changes, plan.differences) == ([], [], [])
    assert len(plan.rows) == 2
    assert confirmed(rectifying, upload).changed_n == 0
    cells = [[cell.value for cell in line] for line in openpyxl.load_workbook(BytesIO(before)).active.iter_rows()]
    after = openpyxl.load_workbook(BytesIO(export(rectifying))).active
    assert [[cell.value for cell in line] for line in after.iter_rows()] == cells
    with rectifying.desk.sessions() as session:
        assert reconciliation.of_finding(session, session.scalars(select(Finding)).first()) == []


def test_the_export_comes_back_whatever_the_unit_has_typed(rectifying):
    texts = ("=1+1", "'=1+1", "-2 项", "@某某", "甲\n乙", "甲\r\n乙", "_x000D_", "长" * 40_000, " 空 ")
    for text in texts:
        with atomic(rectifying.desk.sessions) as session:
            for one in session.scalars(select(Measure)):
                one.progress, one.owner, one.content = text, text[:50], text
        plan = previewed(rectifying, uploaded(rectifying, export(rectifying)))
        assert (plan.faults, plan.changes, plan.differences) == ([], [], []), text[:9]


def test_a_units_own_columns_are_understood_and_remembered(rectifying):
    upload = uploaded(
        rectifying, sheet(row(rectifying, completion="基本完成", evidence="组发〔2026〕8号"), row(rectifying, 2))
    )
    assert list(upload.columns.values()) == [
        "finding_no",
        "text",
        "content",
        "progress",
        "completion",
        "owner",
        "evidence",
    ]
    plan = previewed(rectifying, upload)
    assert plan.faults == []
    assert [(c.address, c.name, c.after) for c in plan.changes] == [
        ("D4", "进展情况", PROGRESS), ("E4", "完成情况", "基本完成"), ("G4", "佐证材料", "组发〔2026〕8号"),
        ("D5", "进展情况", PROGRESS),
    ]  # fmt: skip
    assert measure(rectifying).progress == ""
    assert confirmed(rectifying, upload).changed_n == 4
    with pytest.raises(ImportRefused, match="已入账"):
        confirmed(rectifying, upload)
    one = measure(rectifying)
    assert (one.progress, one.completion, one.document_ref) == (PROGRESS, "basically_done", "组发〔2026〕8号")
    with rectifying.desk.sessions() as session:
        known = dict(session.execute(select(ImportMapping.header, ImportMapping.column)).all())
        assert known["工作进展"] == "progress"
        assert [report.text for report in session.scalars(select(ProgressReport))] == [PROGRESS] * 2
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "import_ledger")).one()
        assert entry.details["changed"][0][2:] == ["progress", "", PROGRESS]
        assert session.scalars(select(Participation.part).where(Participation.part == "implementer")).first()


def test_a_choice_of_columns_is_kept_for_the_next_time(rectifying):
    heads = ("代码", "干了什么")
    content = sheet([rectifying.finding().finding_no, PROGRESS], heads=("问题编号", "干了什么"), above=())
    with pytest.raises(FileRefused, match="没有找到表头"):
        uploaded(rectifying, sheet(["x", "y"], heads=heads, above=()))
    content = sheet(
        [rectifying.finding().finding_no, "x", PROGRESS], heads=("问题编号", "问题", "干了什么"), above=()
    )
    upload = uploaded(rectifying, content)
    assert any("没有找到可以更新的列" in fault.sentence for fault in previewed(rectifying, upload).faults)
    rectifying.desk.act(
        ledger_imports.choose_columns, upload_id=upload.id, columns={0: "finding_no", 1: "", 2: "progress"},
        actor=rectifying.region.liaison, now=rectifying.now,
    )  # fmt: skip
    assert [change.after for change in previewed(rectifying, upload).changes] == [PROGRESS]
    confirmed(rectifying, upload)
    assert uploaded(rectifying, content).columns == {"0": "finding_no", "2": "progress"}


def test_two_columns_for_one_of_ours_are_refused(rectifying):
    upload = uploaded(rectifying, sheet(row(rectifying)))
    for columns, says in (({0: "finding_no", 1: "finding_no"}, "同一列"), ({0: "status"}, "没有“status”")):
        with pytest.raises(ImportRefused, match=says):
            rectifying.desk.act(
                ledger_imports.choose_columns, upload_id=upload.id, columns=columns, actor=rectifying.region.liaison,
                now=rectifying.now,
            )  # fmt: skip


BAD_CELLS = (
    ({"no": "XR-99-01-001-P01"}, "单元格A5：本单位台账中没有问题编号“XR-99-01-001-P01”"),
    ({"completion": "差不多"}, "单元格E5（完成情况）：“差不多”不是规定的写法"),
    ({"progress": "长" * 2_001}, "单元格D5（进展情况）：进展情况不超过2000字"),
    ({"owner": "长" * 101}, "单元格F5（责任人）"),
    ({"progress": "=A1&B9/0"}, "单元格D5是没有计算结果的公式"),
    ({"progress": "#REF!"}, "单元格D5公式结果有误"),
)


def test_one_bad_cell_is_named_and_nothing_is_taken(rectifying):
    for change, says in BAD_CELLS:
        upload = uploaded(rectifying, sheet(row(rectifying), row(rectifying, 2, **change)))
        with pytest.raises(ImportRefused, match="全部未作改动") as refusal:
            confirmed(rectifying, upload)
        assert says in str(refusal.value)
        assert measure(rectifying).progress == ""
    with rectifying.desk.sessions() as session:
        assert session.scalars(select(ProgressReport)).all() == []
        assert session.scalars(select(ImportMapping)).all() == []


def test_a_row_too_many_and_a_row_without_a_number(rectifying):
    rows = (row(rectifying), row(rectifying, content="第二条措施"))
    plan = previewed(rectifying, uploaded(rectifying, sheet(*rows)))
    assert [fault.sentence for fault in plan.faults] == [
        f"第5行：问题{rectifying.finding().finding_no}在台账中只有1条措施，没有这一条。"
    ]
    plan = previewed(rectifying, uploaded(rectifying, sheet([None, None, "措施", PROGRESS])))
    assert "没有问题编号" in plan.faults[0].sentence


def test_merged_cells_and_totals_are_read_as_people_mean_them(rectifying):
    first, second = row(rectifying), row(rectifying, 2)
    with_gap = [None, None, *first[2:]]
    plan = previewed(rectifying, uploaded(rectifying, sheet(first, second, [None] * 7)))
    assert plan.faults == []
    plan = previewed(rectifying, uploaded(rectifying, sheet(first, with_gap, second)))
    assert "只有1条措施" in plan.faults[0].sentence  # the gap stands for the finding above it


def test_frozen_texts_differ_by_name_and_never_change(rectifying):
    upload = uploaded(rectifying, sheet(row(rectifying, text="单位改写过的问题。", content="单位改写过的措施")))
    plan = previewed(rectifying, upload)
    assert [(d.address, d.name) for d in plan.differences] == [("B4", "反馈问题"), ("C4", "整改措施")]
    before = rectifying.finding().text
    confirmed(rectifying, upload)
    assert rectifying.finding().text == before
    assert measure(rectifying).content == "修订考察工作办法并组织培训"
    with rectifying.desk.sessions() as session:
        found = reconciliation.of_finding(session, session.scalars(select(Finding).where(Finding.seq == 1)).one())
        assert [d.kind for d in found] == ["sheet_text", "sheet_text"]
        other = reconciliation.of_finding(session, session.scalars(select(Finding).where(Finding.seq == 2)).one())
        assert [d.kind for d in other] == ["sheet_finding"]


def test_the_difference_stands_against_closing_until_the_unit_corrects_it(rectifying):
    no = rectifying.finding().finding_no
    upload = uploaded(rectifying, sheet(row(rectifying, content="改写的措施"), row(rectifying, 2)))
    confirmed(rectifying, upload)
    rectifying.implemented(no).verified(no)
    assert "make_good" in rectifying.open()
    again = uploaded(rectifying, sheet(row(rectifying), row(rectifying, 2)))
    assert any("不能再改" in fault.sentence for fault in previewed(rectifying, again).faults)
    discarded(rectifying, upload)
    with rectifying.desk.sessions() as session:
        assert (
            reconciliation.of_finding(session, session.scalars(select(Finding).where(Finding.seq == 1)).one()) == []
        )


def test_an_importer_does_not_check_the_work_he_reported(rectifying):
    """Four eyes hold on this path as on the task's."""
    with atomic(rectifying.desk.sessions) as session:
        session.add(
            Participation(
                subject_no=rectifying.finding().finding_no, part="leader_check", user_id=rectifying.region.liaison.user_id,
                at=rectifying.now,
            )
        )  # fmt: skip
    with pytest.raises(NotAllowed, match="不得再承担"):
        confirmed(rectifying, uploaded(rectifying, sheet(row(rectifying))))


def test_only_the_units_own_people_import(rectifying):
    upload = uploaded(rectifying, sheet(row(rectifying)))
    for who in ("liaison_b", "officer", "chief", "principal", "verifier"):
        with pytest.raises(NotAllowed):
            uploaded(rectifying, sheet(row(rectifying)), who)
        for act in (previewed, confirmed):
            with pytest.raises((NotAllowed, NoResultFound)):
                act(rectifying, upload, who)


def _with_entity(content: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/workbook.xml":
                data = b'<!DOCTYPE a [<!ENTITY e "x">]>' + data
            new.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("台账.xlsx", b"", "空文件"),
        ("台账.xlsx", b"PK\x03\x04junk", "损坏"),
        ("台账.xlsx", package("xlsx"), "损坏"),
        ("台账.xlsx", bomb("xlsx"), "炸弹"),
        ("台账.xlsx", package("docx"), "不符"),
        ("台账.xlsm", package("xlsx"), "带宏"),
        ("台账.csv", "编号,进展\n1,x".encode(), "须为 .xlsx"),
        ("台账.xlsx", _with_entity(sheet()), "结构异常"),
        ("台账.xlsx", sheet(heads=("甲", "乙")), "没有找到表头"),
        ("台账.xlsx", sheet(*[["P"]] * 5_001), "超过5000行"),
    ],
)
def test_foreign_files_are_refused_with_a_sentence(name, content, says):
    with pytest.raises(FileRefused, match=says):
        ledger_import.read(name, content)


def test_what_no_database_stores_is_dropped_from_escaped_text(rectifying):
    upload = uploaded(rectifying, sheet(row(rectifying, content="改_x0000_写_xD800_的措施"), row(rectifying, 2)))
    assert [d.after for d in previewed(rectifying, upload).differences] == ["改写的措施"]
    confirmed(rectifying, upload)


def test_dates_numbers_and_flags_are_read_as_people_write_them():
    book = openpyxl.Workbook()
    book.active.append(("问题编号", "整改时限", "进展情况"))
    book.active.append((1.0, date(2026, 10, 1), True))
    buffer = BytesIO()
    book.save(buffer)
    found = ledger_import.read("台账.xlsx", buffer.getvalue())
    assert [cell.text for cell in found.rows[0][1].values()] == ["1", "2026-10-01", "是"]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("整改进展情况", "progress"),
        ("责任领导", "leader"),
        ("整改期限", "due"),
        ("问题 编号*", "finding_no"),
        ("联系电话", None),
    ],
)
def test_headings_are_proposed_by_likeness(header, column):
    assert ledger_import.propose({0: header}, {}).get(0) == column
