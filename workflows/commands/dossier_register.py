"""What dossiers start with: six kinds of sources (S9–S14) and two sets of focuses (S55).  Afterwards the tables rule."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.models import FocusItem, FocusSet, IntelSource

# code, name, confidential
SOURCES = (
    ("tour", "巡视", False),
    ("audit", "审计（含经济责任审计）", False),
    ("annual_assessment", "年度考核", False),
    ("report_review", "一报告两评议", False),
    ("petition", "信访举报（含12380）", True),
    ("sanction", "领导班子成员受党纪政务处分", True),
)
# Named by the mission; the wording of the items is ours and can be edited.
FOCUS_SETS = (
    (
        "GZ",
        "六个突出关注",
        (
            ("突出关注重点任务一线干部选配是否精准", "E01", "选"),
            ("突出关注在重点任务一线考察识别干部情况", "C06", "选"),
            ("突出关注驻村（驻点）干部的管理和关心关爱", "D08", "管"),
            ("突出关注不担当不作为干部的调整处理", "B06", "用"),
            ("突出关注违规用人和带病提拔问题", "A03", "选"),
            ("突出关注扶贫领域受处分干部的使用情况", "D06", "管"),
        ),
    ),
    (
        "ZL",
        "五个着力",
        (
            ("着力检查重点县（区）党政正职保持稳定情况", "E03", "用"),
            ("着力检查激励担当作为措施落实情况", "B01", "用"),
            ("着力检查基层干部队伍能力建设情况", "E04", "育"),
            ("着力检查干部监督和容错纠错机制执行情况", "D06", "管"),
            ("着力检查上级反馈选人用人问题整改情况", "F01", "管"),
        ),
    ),
)


def seed_dossier_register(session: Session) -> None:
    """Writes sources and focus sets; leaves an installation that has sources alone."""
    if session.scalar(select(func.count()).select_from(IntelSource)):
        return
    session.add_all(
        IntelSource(code=code, name=name, seq=seq, confidential=confidential)
        for seq, (code, name, confidential) in enumerate(SOURCES, 1)
    )
    for code, name, items in FOCUS_SETS:
        rows = [
            FocusItem(seq=seq, text=text, category=category, chain=chain)
            for seq, (text, category, chain) in enumerate(items, 1)
        ]
        session.add(FocusSet(code=code, name=name, items=rows))
