"""Makes the files of a process self-contained: the processes it calls come into its package, with forms and lanes.

Looks for the names of called processes in the bytes and at the lanes of words.json; reads nothing else of what the
files hold, so a hostile file costs nothing here.  What cannot be found is left for the check to name.
"""

import json
import re
from collections.abc import Callable, Mapping

CALLED = re.compile(rb"""calledElement\s*=\s*["']([a-z][a-z0-9_]{0,63})["']""")
WORDS = "words.json"
MOST_CALLED = 20

Folder = Callable[[str], Mapping[str, bytes]]


def bundled(files: Mapping[str, bytes], beside: Folder) -> dict[str, bytes]:
    """The files with those of every called process, directly or not; `beside` gives the files of a process by id.

    A process of the package itself is not looked for.  Lanes of the called are added to words.json; where both know
    a lane, the caller's word counts.
    """
    found = dict(files)
    lanes: dict[str, str] = {}
    asked: set[str] = set()
    while ahead := sorted(_called(found) - asked - _drawn(found))[: MOST_CALLED - len(asked)]:
        for name in ahead:
            asked.add(name)
            inner = dict(beside(name))
            lanes = _lanes(inner.pop(WORDS, b"")) | lanes
            found = inner | found
    return _with_lanes(found, lanes) if lanes else found


def is_only_called(files: Mapping[str, bytes]) -> bool:
    """Whether the process says in words.json that it lives in other processes' packages alone (subject: call)."""
    return _words(files.get(WORDS, b"")).get("subject") == "call"


def _called(files: Mapping[str, bytes]) -> set[str]:
    diagrams = [content for path, content in files.items() if path.endswith(".bpmn")]
    return {name.decode() for content in diagrams for name in CALLED.findall(content)}


def _drawn(files: Mapping[str, bytes]) -> set[str]:
    return {path.removesuffix(".bpmn").rpartition("/")[2] for path in files if path.endswith(".bpmn")}


def _with_lanes(files: dict[str, bytes], lanes: Mapping[str, str]) -> dict[str, bytes]:
    words = _words(files.get(WORDS, b""))
    if not words:
        return files
    merged = {**words, "lanes": {**lanes, **_lanes(files[WORDS])}}
    return files | {WORDS: json.dumps(merged, ensure_ascii=False, indent=2).encode()}


def _lanes(content: bytes) -> dict[str, str]:
    lanes = _words(content).get("lanes")
    return dict(lanes) if isinstance(lanes, dict) else {}


def _words(content: bytes) -> dict[str, object]:
    try:
        words = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    return words if isinstance(words, dict) else {}
