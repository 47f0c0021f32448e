"""A case from registration to the end of concentrated rectification, on the real engine and database."""

from tests.workflows.operations.story import Story


def test_two_findings_are_registered(two_findings: Story) -> None:
    case = two_findings.case()
    assert (case.case_no, case.status, case.open_count) == ("XR-12-04-001", "feedback_pending", 2)
    finding = two_findings.finding()
    assert (finding.finding_no, finding.status) == ("XR-12-04-001-F01", "approved")
    assert (finding.severity, finding.nature) == ("moderate", "individual")
    assert two_findings.open() == {"feed_back_one_to_one", "draft_circular"}


def test_both_channels_freeze_the_findings(fed_back: Story) -> None:
    assert fed_back.case().status == "planning"
    assert fed_back.finding().status == "acknowledged"
    assert len(fed_back.finding().text_hash) == 64
    assert fed_back.open() == {"found_leading_group"}


def test_the_ledger_starts_a_process_a_finding(rectifying: Story) -> None:
    assert rectifying.case().status == "rectifying"
    assert rectifying.finding().status == "rectifying"
    assert [task.element for task in rectifying.tasks("implement_measures")] == ["implement_measures"] * 2


def test_closing_the_last_finding_ends_the_concentrated_period(rectifying: Story) -> None:
    for number in ("XR-12-04-001-F01", "XR-12-04-001-F02"):
        rectifying.implemented(number).verified(number).closed(number)
    assert rectifying.case().open_count == 0
    rectifying.does(
        "principal",
        "hold_democratic_meeting",
        democratic_on="2026-09-01",
        democratic_minutes="班子成员逐一对照检查。",
    )
    assert rectifying.open() == {"write_report"}
    results = rectifying.tasks("write_report")[0].context["results"]["findings"]
    rectifying.does(
        "liaison", "write_report", result_rows=results, report_effect=results[0]["result"], undisclosed="无"
    )
    rectifying.does(
        "officer", "review_report", decision="approve", scope="party", published_on="2026-09-01", reason="同意。"
    )
    assert rectifying.case().status == "cleared"
    assert [message.key for message in rectifying.sent("case.cleared")] == ["XR-12-04-001"]
