"""Rules that no linter states for us.  Each failure names the file and the line."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCES = [path for part in ("workflows", "webapp", "scheduler", "huitou") for path in (ROOT / part).rglob("*.py")]
LONGEST_FILE = 400
TEXTS = {"huitou/demo/answers.py"}  # a collection of texts, not of logic
STEPS = "workflows/migrations/versions/"  # written down by a tool, once, and never read as a whole


@pytest.mark.parametrize(
    ("pattern", "homes"),
    [
        (r"\.commit\(", {"workflows/database.py"}),
        (r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(", {"workflows/clock.py"}),
        (r"os\.environ|getenv", {"workflows/settings.py"}),
        (r"ZoneInfo\(", {"workflows/workdays/local_time.py", "webapp/formats.py"}),
        (r"(^|[^.\w])(eval|exec)\(|import pickle", set()),
    ],
)
def test_stands_in_its_home_only(pattern, homes):
    elsewhere = [
        f"{name}:{number}"
        for path in SOURCES
        if (name := path.relative_to(ROOT).as_posix()) not in homes
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert elsewhere == []


def test_files_stay_readable():
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    long = {name: n for name, n in lengths.items() if n > LONGEST_FILE and not name.startswith(STEPS)}
    assert long.keys() - TEXTS == set()


def test_every_source_file_says_what_it_is():
    silent = [
        path for path in SOURCES if path.stat().st_size and not path.read_text("utf-8").lstrip().startswith('"""')
    ]
    assert silent == []
