"""What `huitou model` is pointed at: files and folders on disk, read within bounds, as models to look at.

Reads bytes, and of what they hold only which processes are called: no parser of diagrams has seen them when this is
done.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workflows.engine.xml import MAX_BYTES
from workflows.studio.bundling import bundled

SUFFIXES = (".bpmn", ".dmn", ".json")
MOST_FILES = 201  # one more than a model may have, so that the check says so
MOST_ENTRIES = 5_000
BESIDE = ("decisions", "forms")


@dataclass(frozen=True)
class Target:
    """One thing to check: the files by their path in the model, and how to call each before a person.

    `main` is the path of the diagram, empty when there is none; `fault` says why it cannot be looked at.
    """

    name: str
    files: Mapping[str, bytes]
    main: str = ""
    process_id: str = ""
    whole: bool = False
    fault: str = ""

    def shown(self, path: str) -> str:
        """A file of the model as a person finds it on disk."""
        if not path or len(self.files) == 1:
            return self.name
        folder = Path(self.name) if self.process_id and self.whole else Path(self.name).parent
        return path if str(folder) == "." else (folder / path).as_posix()


def read_targets(paths: Iterable[Path]) -> list[Target]:
    """Every target under the given paths; a folder of process folders gives one for each."""
    given = list(paths)
    loose = {path.name: _bytes(path) for path in given if path.suffix == ".dmn" and path.is_file()}
    return [target for path in given for target in _targets(path, loose)]


def _targets(path: Path, loose: Mapping[str, bytes]) -> Iterator[Target]:
    if path.is_dir():
        inner = [] if _diagrams(path) else [each for each in _entries(path) if (each / f"{each.name}.bpmn").is_file()]
        yield from (_folder(each) for each in inner or [path])
    elif not path.is_file():
        yield Target(safe(path), {}, fault="不是普通文件")
    elif path.suffix == ".bpmn":
        yield _diagram(path, loose)
    elif path.suffix == ".dmn":
        yield Target(safe(path), {path.name: _bytes(path)})
    elif path.suffix == ".json":
        inside = path.name if path.name == "words.json" else f"forms/{path.name}"
        yield Target(safe(path), {inside: _bytes(path)}, whole=path.name == "words.json")
    else:
        yield Target(safe(path), {}, fault="不是流程模型文件，应为 .bpmn、.dmn、表单 .json 或流程目录")


def _folder(folder: Path) -> Target:
    diagrams = _diagrams(folder)
    named = next((each for each in diagrams if each.stem == folder.resolve().name), None)
    main = named or (diagrams[0] if diagrams else None)
    if main is None:
        return Target(safe(folder), {}, fault="目录中没有流程图（.bpmn 文件）")
    process_id = folder.resolve().name if named else ""
    files = bundled(_below(folder), lambda name: _below(folder.resolve().parent / name))
    return Target(safe(folder), files, safe(main.name), process_id, whole=True)


def _diagram(path: Path, loose: Mapping[str, bytes]) -> Target:
    folder = path.parent
    if folder.resolve().name == path.stem:
        files = bundled(_below(folder), lambda name: _below(folder.resolve().parent / name))
        return Target(safe(path), files, safe(path.name), "", whole="words.json" in files)
    files = {safe(path.name): _bytes(path), **loose}
    for name in BESIDE:
        files |= {f"{name}/{inside}": content for inside, content in _below(folder / name).items()}
    words = folder / "words.json"
    if words.is_file():
        files["words.json"] = _bytes(words)
    return Target(safe(path), files, safe(path.name), "", whole=words.is_file())


def _diagrams(folder: Path) -> list[Path]:
    return [each for each in _entries(folder) if each.suffix == ".bpmn" and each.is_file()]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())[:MOST_ENTRIES]
    except OSError:
        return []


def _below(folder: Path) -> dict[str, bytes]:
    """The model files of a folder and its folders, hidden ones left out, not more than a model may have."""
    found: dict[str, bytes] = {}
    seen = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            seen += 1
            path = Path(place) / name
            if name.endswith(SUFFIXES) and path.is_file() and len(found) < MOST_FILES:
                found[safe(path.relative_to(folder))] = _bytes(path)
        if seen > MOST_ENTRIES or len(found) >= MOST_FILES:
            break
    return found


def _bytes(path: Path) -> bytes:
    """At most one byte more than a model file may have: enough for the check to refuse it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        return b""


def safe(path: Path | str) -> str:
    """A path as text that can be printed and stored whatever bytes it has on disk."""
    text = path.as_posix() if isinstance(path, Path) else path
    return text.encode("utf-8", "replace").decode()
