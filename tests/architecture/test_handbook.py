"""The handbook speaks of this system: every role and every task is in it, and every picture it shows is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from workflows.policy import ROLE_NAMES

ROOT = Path(__file__).parent.parent.parent
HANDBOOK = ROOT / "docs/handbook"
CHAPTERS = sorted(path for path in HANDBOOK.glob("*.md") if path.name != "README.md")
CONTENTS = (HANDBOOK / "README.md").read_text("utf-8")
TEXT = "\n".join(path.read_text("utf-8") for path in CHAPTERS)
BPMN = {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL"}
PNG = b"\x89PNG\r\n\x1a\n"
LONGEST_CHAPTER = 200  # lines
HEAVIEST_PICTURE = 200 * 1024  # bytes
SHORTEST_SAYING = 4  # characters of its own; a sentence with fewer, and gaps, would fit everything
WITHOUT_REFUSALS = {"16-时限与规则速查"}


def user_tasks() -> set[tuple[str, str]]:
    """(process, title) of every user task in every diagram."""
    return {
        (path.parent.name, task.get("name"))
        for path in (ROOT / "bpmn").glob("*/*.bpmn")
        for task in etree.parse(path).findall(".//bpmn:userTask", BPMN)
    }


def pictures(path: Path) -> list[tuple[str, str]]:
    """(alternative text, file) of every picture a chapter shows."""
    return re.findall(r"!\[(.*?)\]\((.*?)\)", path.read_text("utf-8"))


@cache
def sentences() -> re.Pattern[str]:
    """Everything Chinese that our code can say, a gap for whatever it fills in."""
    said = {text for folder in ("workflows", "webapp", "huitou") for text in _said_in(ROOT / folder)}
    return re.compile("|".join(sorted(text for text in said if len(re.findall("[一-龥]", text)) >= SHORTEST_SAYING)))


def _said_in(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(
                    re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)


def quoted(path: Path) -> list[str]:
    """The sentences in the first column of a chapter's tables of refusals."""
    tables = re.findall(r"^\| 提示 \|.*\n\|---.*\n((?:\|.*\n)+)", path.read_text("utf-8"), re.MULTILINE)
    return [
        words for table in tables for row in table.splitlines() for words in row.split("|")[1].strip().split("／")
    ]


def test_contents_list_every_chapter_and_no_other():
    linked = re.findall(r"\]\(([^)]+\.md)\)", CONTENTS)
    assert sorted(linked) == [path.name for path in CHAPTERS]


@pytest.mark.parametrize("role", ROLE_NAMES.values())
def test_every_role_has_its_chapter(role):
    homes = re.findall(rf"\]\((.+?\.md)\) \|[^|]*(?<![^ 、]){re.escape(role)}(?![^ 、])", CONTENTS)
    assert len(homes) == 1
    assert role in (HANDBOOK / homes[0]).read_text("utf-8")


def test_every_task_is_explained():
    """A title stands in a table as the diagram has it: in the first cell of a row, alone or in an enumeration."""
    first_cells = re.findall(r"^\| ([^|]+) \|", TEXT, re.MULTILINE)
    known = {title.strip() for cell in first_cells for title in (cell, *cell.split("、"))}
    assert sorted(each for each in user_tasks() if each[1] not in known) == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_refusal_is_quoted_as_the_system_says_it(chapter):
    assert [words for words in quoted(chapter) if not sentences().fullmatch(words)] == []
    assert bool(quoted(chapter)) == (chapter.stem not in WITHOUT_REFUSALS)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_picture_is_there(chapter):
    for words, file in pictures(chapter):
        assert words, file
        content = (HANDBOOK / file).read_bytes()
        assert content.startswith(PNG)
        assert len(content) <= HEAVIEST_PICTURE


def test_no_picture_is_left_over():
    shown = {file for path in CHAPTERS for _, file in pictures(path)}
    assert {f"pictures/{path.name}" for path in (HANDBOOK / "pictures").iterdir()} == shown


def test_chapters_stay_readable():
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in CHAPTERS}
    assert {name: length for name, length in lengths.items() if length > LONGEST_CHAPTER} == {}
