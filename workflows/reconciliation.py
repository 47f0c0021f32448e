"""对账 (S97): what was fed back, planned, entered in the ledger, proved and struck off must say the same.

Pure comparison of accounts.  It does not know where they are kept, nor who looks; the page that lists differences and
the operation that refuses to close ask the same function.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

KINDS: Mapping[str, str] = {
    "feedback_text": "反馈原文",
    "feedback_record": "反馈存档",
    "plan_missing": "整改方案",
    "plan_outside": "方案外措施",
    "plan_changed": "方案与台账",
    "limit_missing": "整改时限",
    "evidence_missing": "佐证材料",
    "evidence_gone": "销号佐证",
    "closure_missing": "销号记录",
    "closure_altered": "销号存档",
    "closure_differs": "销号与台账",
    "sheet_text": "单位台账文字",
    "sheet_finding": "单位台账缺问题",
    "sheet_measure": "单位台账缺措施",
    "row_count": "台账行数",
}
"""Kind of difference → what people call it."""

FROZEN: Mapping[str, str] = {
    "goal": "整改目标", "content": "整改措施", "leader": "责任领导", "department": "责任部门", "partner": "配合单位",
    "due_date": "整改时限",
}  # fmt: skip
"""What of a measure is settled by the approved plan; the unit may not change it by itself."""


@dataclass(frozen=True)
class Difference:
    """Two accounts that disagree, in a sentence and side by side."""

    kind: str
    sentence: str
    subject_no: str
    ours: str = ""
    theirs: str = ""

    @property
    def name(self) -> str:
        """What people call this kind."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class MeasureAccount:
    """One measure in the ledger; `planned` is what the approved plan said of it, None if no plan names it."""

    seq: int
    cells: Mapping[str, str]
    planned: Mapping[str, str] | None
    in_plan: bool
    is_claimed_done: bool
    has_evidence: bool


@dataclass(frozen=True)
class ClosureAccount:
    """The record of closure of the present round, as stored, beside what it should say now."""

    closure_no: str
    is_sealed: bool
    stored: Mapping[str, str]
    present: Mapping[str, str]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """One row of the unit's own spreadsheet: whether it names the finding, which measure, and its texts."""

    seq: int | None
    cells: Mapping[str, str]
    where: str = ""


@dataclass(frozen=True)
class Account:
    """Everything that is written about one finding."""

    finding_no: str
    round_no: int
    text_hash_now: str
    text_hash_kept: str
    text_hash_recorded: str
    measures: tuple[MeasureAccount, ...]
    is_planned: bool
    has_limit: bool
    evidence: frozenset[str] = frozenset()
    closed_no: str = ""
    closure: ClosureAccount | None = None
    ledger_cells: Mapping[str, str] = field(default_factory=dict)
    measure_cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    claims: tuple[Claim, ...] | None = None


SHEET_TEXTS: Mapping[str, str] = {
    "text": "反馈问题", "category": "问题类别", "severity": "严重程度", "rectify_type": "整改类型", "goal": "整改目标",
    "content": "整改措施", "leader": "牵头（责任）领导", "department": "责任部门", "partner": "配合单位", "due": "整改时限",
}  # fmt: skip
"""Columns of a unit's spreadsheet that must say what the ledger says."""


def differences(account: Account) -> list[Difference]:
    """Every difference in one finding's accounts; empty when they balance."""
    parts = (_feedback(account), _plan(account), _evidence(account), _closure(account), _sheet(account))
    return [difference for part in parts for difference in part]


def row_count(case_no: str, *, rows: int, expected: int) -> list[Difference]:
    """The ledger holds one row a measure, and one for a finding without any (S95)."""
    if rows == expected:
        return []
    sentence = f"台账应有{expected}行（问题×措施），实有{rows}行"
    return [Difference("row_count", sentence, case_no, str(rows), str(expected))]


def same(one: str, other: str) -> bool:
    """Whether two texts say the same, white space apart."""
    return "".join(one.split()) == "".join(other.split())


def _feedback(account: Account) -> Iterator[Difference]:
    no = account.finding_no
    if account.text_hash_now != account.text_hash_kept:
        sides = _seal(account.text_hash_now), _seal(account.text_hash_kept)
        yield Difference("feedback_text", "问题原文与反馈时不一致", no, *sides)
    if account.text_hash_recorded and account.text_hash_recorded != account.text_hash_kept:
        sentence = "问题的反馈校验值与反馈定账时的记录不一致"
        sides = _seal(account.text_hash_kept), _seal(account.text_hash_recorded)
        yield Difference("feedback_record", sentence, no, *sides)


def _seal(digest: str) -> str:
    """The beginning of a hash: enough to see that two are not the same."""
    return f"校验值 {digest[:12]}…"


def _plan(account: Account) -> Iterator[Difference]:
    if not account.is_planned:
        return
    no = account.finding_no
    if not account.measures:
        yield Difference("plan_missing", "台账中没有整改措施", no)
    if account.round_no == 1 and any(not measure.in_plan for measure in account.measures):
        yield Difference("plan_outside", "台账中有整改方案以外的措施", no)
    if not account.has_limit:
        yield Difference("limit_missing", "台账中没有整改时限", no)
    for measure in account.measures:
        for name, planned in (measure.planned or {}).items():
            ours = measure.cells.get(name, "")
            if name in FROZEN and not same(ours, planned):
                sentence = f"第{measure.seq}条措施的{FROZEN[name]}与批准的整改方案不一致"
                yield Difference("plan_changed", sentence, no, ours, planned)


def _evidence(account: Account) -> Iterator[Difference]:
    for measure in account.measures:
        if measure.is_claimed_done and not measure.has_evidence:
            sentence = f"第{measure.seq}条措施报称完成，但没有与之相符的佐证材料"
            yield Difference("evidence_missing", sentence, account.finding_no)


def _closure(account: Account) -> Iterator[Difference]:
    no, closure = account.finding_no, account.closure
    if not account.closed_no:
        return
    if closure is None:
        yield Difference("closure_missing", f"销号编号{account.closed_no}没有对应的销号记录", no, account.closed_no)
        return
    if not closure.is_sealed:
        yield Difference(
            "closure_altered", f"销号记录{closure.closure_no}的内容与校验值不一致", no, closure.closure_no
        )
    for name, stored in closure.stored.items():
        present = closure.present.get(name, "")
        if not same(stored, present):
            yield Difference("closure_differs", f"{name}与销号记录{closure.closure_no}不一致", no, present, stored)
    for digest in closure.evidence:
        if digest not in account.evidence:
            sentence = f"销号记录{closure.closure_no}所列佐证已作废或缺失"
            yield Difference("evidence_gone", sentence, no, "", _seal(digest))


def _sheet(account: Account) -> Iterator[Difference]:
    """The unit's spreadsheet against our ledger, where the unit has handed one in."""
    if account.claims is None:
        return
    no = account.finding_no
    if not account.claims:
        yield Difference("sheet_finding", "单位台账中没有这个问题", no)
        return
    for claim in account.claims:
        ours = {**account.ledger_cells, **account.measure_cells.get(claim.seq or 0, {})}
        for name, theirs in claim.cells.items():
            if name in SHEET_TEXTS and not same(ours.get(name, ""), theirs):
                sentence = f"单位台账{claim.where}的{SHEET_TEXTS[name]}与台账不一致"
                yield Difference("sheet_text", sentence, no, ours.get(name, ""), theirs)
    named = {claim.seq for claim in account.claims}
    for seq in account.measure_cells:
        if seq not in named:
            yield Difference("sheet_measure", f"单位台账中没有第{seq}条措施", no)
