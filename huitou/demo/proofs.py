"""The small files that people hand in as evidence (佐证材料): invented texts, the same for the same task every time."""

from huitou.demo.answers import Occasion

FIELD = "evidence_files"
_KINDS = (
    (
        "干部选任纪实材料复核清单.csv",
        "序号,姓名,拟任职务,缺项,补齐情况\r\n1,甲某,科长,无,已核\r\n2,乙某,副科长,公示截图,已补齐\r\n",
    ),
    ("专题学习记录.txt", "时间：{day}\r\n地点：机关会议室\r\n内容：学习干部选拔任用条例，讨论“{title}”的整改。\r\n"),
    ("制度修订说明.txt", "针对“{title}”，修订完善有关制度，明确动议、考察、讨论决定各环节责任。\r\n{day}\r\n"),
    ("整改情况说明.txt", "“{title}”已按整改方案逐项落实，有关材料附后。\r\n{day}\r\n"),
)


def proofs_for(it: Occasion) -> list[tuple[str, bytes]]:
    """Name and content of what is handed in with this answer; nothing where the form takes no evidence."""
    if FIELD not in it.form.schema["properties"]:
        return []
    facts = {"day": it.day(), "title": it.context.get("finding_title", "检查发现的问题")}
    chosen = it.dice.sample(_KINDS, it.dice.randint(1, len(_KINDS)))
    return [(name, text.format(**facts).encode()) for name, text in chosen]
