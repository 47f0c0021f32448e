"""docs/requirements.md is whole: every number once, every page a route, every process a folder, every test a function."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import settings_for
from webapp import create_app
from workflows.assembly import build_desk

ROOT = Path(__file__).parent.parent.parent
CODE = re.compile(r"`([^`]+)`")
TABLES = {"S": 5, "G": 3, "D": 4, "P": 4}  # letter of the number → cells a row
NUMBERS = {
    "S": [f"S{n}" for n in range(1, 129)],
    "G": [f"G{n:02}" for n in range(1, 17)],
    "D": [f"D{n}" for n in range(1, 12)],
    "P": [f"P{n:02}" for n in range(1, 16)],
}


def rows(letter: str) -> list[list[str]]:
    """The rows of the tables whose number begins with a letter, as cells."""
    lines = (ROOT / "docs" / "requirements.md").read_text("utf-8").splitlines()
    wanted = re.compile(rf"\| {letter}\d+[a-c]? \|")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if wanted.match(line)]


def column(letter: str, place: int) -> set[str]:
    """Everything named in code font in one column."""
    return {code for row in rows(letter) for code in CODE.findall(row[place])}


@cache
def functions(path: str) -> frozenset[str]:
    """The test functions of a file: those it defines and those it takes from a pair made elsewhere."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    bound = {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return frozenset(defined | bound)


def folders() -> set[str]:
    return {folder.name for folder in (ROOT / "bpmn").iterdir() if folder.is_dir()}


@pytest.mark.parametrize("letter", TABLES)
def test_every_number_stands_once(letter: str) -> None:
    stands = Counter(row[0] for row in rows(letter))
    assert [number for number in NUMBERS[letter] if number not in stands] == []
    assert [number for number, times in stands.items() if times > 1] == []
    assert {number for number in stands if number.rstrip("abc") not in NUMBERS[letter]} == set()


@pytest.mark.parametrize("letter", TABLES)
def test_every_row_says_what_and_names_a_test(letter: str) -> None:
    assert [row[0] for row in rows(letter) if len(row) != TABLES[letter] or not all(row)] == []
    assert [row[0] for row in rows(letter) if not CODE.findall(row[-1])] == []


@pytest.mark.parametrize("letter", TABLES)
def test_every_test_named_exists(letter: str) -> None:
    named = {code.partition("::")[::2] for code in column(letter, -1)}
    assert {path for path, _ in named if not (ROOT / path).is_file()} == set()
    assert {f"{path}::{name}" for path, name in named if name not in functions(path)} == set()


def test_every_page_named_is_a_route(tmp_path: Path) -> None:
    settings = settings_for("sqlite://", tmp_path)
    app = create_app(build_desk(settings), settings)
    readable = {str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert column("S", 2) - readable == set()


def test_every_process_named_has_its_folder_and_every_folder_is_named() -> None:
    assert column("S", 3) - folders() == set()
    assert column("P", 2) == folders()


def test_every_decision_table_named_is_a_file() -> None:
    tables = {file.stem for file in (ROOT / "bpmn").glob("*/decisions/*.dmn")}
    assert column("D", 2) - tables == set()
    assert len(column("D", 2)) == len(NUMBERS["D"])
