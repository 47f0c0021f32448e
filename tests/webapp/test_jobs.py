"""我的后台任务: asked for on a page or by API, shown with its progress, fetched by its asker alone."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select, update

from scheduler.timetable import run_once
from tests.workflows.situations import case_of
from webapp.ledger import MOST_AT_ONCE
from workflows.commands.errands import Progress
from workflows.commands.jobs import KEPT, claim_job, note_progress
from workflows.database import atomic
from workflows.models import Finding, Grant, IssuedDocument, Job


@pytest.fixture
def export(visit, rectifying):
    """The officer's export of the ledger, in the queue: his browser and the job's address."""
    client = visit("officer")
    answer = client.post("/ledger/export?q=公示")
    assert answer.status_code == 302
    return client, answer.headers["Location"]


def test_an_export_is_asked_watched_and_fetched(desk, settings, visit, rectifying, export):
    client, address = export
    page = client.get(address)
    assert "排队中" in page.text
    assert 'hx-trigger="every 2s"' in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert client.get(f"{address}/file").status_code == 409
    run_once(desk, settings, rectifying.now)
    page = client.get(address)
    assert "已完成" in page.text
    assert "hx-trigger" not in page.text
    file = client.get(f"{address}/file", buffered=True)
    assert "attachment" in file.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(file.data)).active
    assert [row[3] for row in sheet.iter_rows(min_row=4, values_only=True)] == ["XR-12-04-001-F02"]
    assert f"{address}/file" in client.get("/jobs/").text


def test_a_job_is_nobody_elses(desk, settings, visit, rectifying, export):
    _, address = export
    run_once(desk, settings, rectifying.now)
    for stranger in ("officer2", "chief", "liaison"):
        client = visit(stranger)
        assert client.get(address).status_code == 404
        assert client.get(f"{address}/file").status_code == 404
        assert client.post(f"{address}/cancellation").status_code == 409
        assert "整改台账导出" not in client.get("/jobs/").text


def test_a_file_ends_with_its_week_and_with_its_askers_role(desk, settings, rectifying, export, region):
    client, address = export
    run_once(desk, settings, rectifying.now)
    with atomic(desk.sessions) as session:
        session.execute(update(Grant).where(Grant.user_id == region.officer.user_id).values(valid_to=rectifying.now))
    assert client.get(f"{address}/file").status_code == 409
    with atomic(desk.sessions) as session:
        session.execute(update(Grant).where(Grant.user_id == region.officer.user_id).values(valid_to=None))
    assert client.get(f"{address}/file", buffered=True).status_code == 200
    with atomic(desk.sessions) as session:
        session.execute(update(Job).values(expires_at=rectifying.now))
    assert client.get(f"{address}/file").status_code == 409
    assert "已过保存期" in client.get(address).text


def test_the_page_shows_how_far_it_is_and_takes_it_back(desk, rectifying, export):
    client, address = export
    claim = desk.act(claim_job, now=rectifying.now)
    rectifying.now += timedelta(seconds=30)
    desk.act(note_progress, claim=claim, progress=Progress(500, 1000, "正在写入"), now=rectifying.now)
    page = client.get(address).text
    assert 'value="50"' in page
    assert "500 / 1000" in page
    assert "预计还需 30 秒" in page
    assert client.post(f"{address}/cancellation").status_code == 302
    page = client.get(address).text
    assert "正在取消" in page
    assert "取消任务" not in page


def test_a_long_ledger_is_written_in_the_background_only(desk, settings, visit, region, story):
    case_id = case_of(desk.sessions, region, story.now)
    with atomic(desk.sessions) as session:
        session.add_all(
            Finding(
                finding_no=f"XR-12-04-001-F{seq:04d}", case_id=case_id, seq=seq, title="配备", text="超职数配备。",
                category="C06", chain="用", severity="serious", rectify_type="staged", opinion="限期消化。",
                status="rectifying",
            )
            for seq in range(1, MOST_AT_ONCE + 2)
        )  # fmt: skip
    client = visit("chief")
    assert "导出（后台）" in client.get("/ledger/").text
    refused = client.get("/ledger/ledger.xlsx")
    assert refused.status_code == 409
    assert "后台" in refused.text
    address = client.post("/ledger/export").headers["Location"]
    run_once(desk, settings, story.now)
    sheet = openpyxl.load_workbook(BytesIO(client.get(f"{address}/file", buffered=True).data), read_only=True).active
    numbers = [row[0] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert numbers == list(range(1, MOST_AT_ONCE + 2))


def test_by_api(app, desk, settings, token, rectifying):
    client, mine, foreign = app.test_client(), token("officer"), token("officer2")
    wanted = {"kind": "ledger_export", "arguments": {"text": "公示"}}
    asked = client.post("/api/v1/jobs", json=wanted, headers=mine)
    assert (asked.status_code, asked.json["status"], asked.json["file"]) == (201, "queued", "")
    path = f"/api/v1/jobs/{asked.json['id']}"
    assert client.post("/api/v1/jobs", json=wanted, headers=mine).json["id"] == asked.json["id"]
    assert client.get(path, headers=foreign).status_code == 404
    assert client.get("/api/v1/jobs", headers=foreign).json["jobs"] == []
    run_once(desk, settings, rectifying.now)
    done = client.get(path, headers=mine).json
    assert (done["status"], done["percent"], done["done"], done["total"]) == ("done", 100, 1, 1)
    assert done["expires_at"].startswith((rectifying.now + KEPT).date().isoformat())
    assert client.get(done["file"], headers=mine, buffered=True).data[:2] == b"PK"
    assert client.get(done["file"], headers=foreign).status_code == 404
    for wrong in ({"kind": "no_such"}, {"kind": "ledger_export", "arguments": {"text": 1}}):
        assert client.post("/api/v1/jobs", json=wrong, headers=mine).status_code == 409
    other = client.post("/api/v1/jobs", json={"kind": "ledger_export"}, headers=mine).json["id"]
    cancelled = client.post(f"/api/v1/jobs/{other}/cancellation", headers=mine).json
    assert cancelled["status"] == "cancelled"
    listed = client.get("/api/v1/jobs?status=done", headers=mine).json["jobs"]
    assert [job["id"] for job in listed] == [asked.json["id"]]
    assert {"/api/v1/jobs", "/api/v1/jobs/{job_id}/file"} <= set(client.get("/api/v1/openapi.json").json["paths"])


def test_the_register_of_documents_holds_what_its_asker_may_read(desk, settings, visit, rectifying, region):
    with desk.sessions() as session:
        readable = {row.kind for row in session.scalars(select(IssuedDocument))}
    counts = {}
    for name in ("chief", "liaison", "liaison_b"):
        client = visit(name)
        address = client.post("/documents/register").headers["Location"]
        run_once(desk, settings, rectifying.now)
        sheet = openpyxl.load_workbook(BytesIO(client.get(f"{address}/file", buffered=True).data)).active
        counts[name] = len([row for row in sheet.iter_rows(min_row=4, values_only=True) if row[2]])
    assert counts["liaison_b"] == 0
    assert counts["chief"] >= len(readable)
    assert visit("admin").post("/documents/register").status_code == 403
