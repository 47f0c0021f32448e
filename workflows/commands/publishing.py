"""Publishes a process with all its files as a new, content-addressed version; running instances stay on theirs."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.database import Sessions
from workflows.engine import ModelDescription, ModelFiles
from workflows.models import ModelFile, ModelVersion
from workflows.operations import all_operations
from workflows.policy import Actor
from workflows.records import history
from workflows.refusal import Refusal
from workflows.studio.bundling import bundled
from workflows.studio.check import ModelProblem, check_model

SUFFIXES = (".bpmn", ".dmn", ".json")


class ModelRefused(Refusal):
    """The model has problems; each names file, element, code and a Chinese sentence."""

    rule = "model_check"

    def __init__(self, problems: list[ModelProblem]):
        self.problems = problems
        first = problems[0]
        super().__init__(
            f"流程模型有{len(problems)}个问题，不能发布：{first.message}（{first.file} {first.element}）"
        )


def publish_model(
    work: Work, *, files: Mapping[str, bytes], process_id: str, actor: Actor | None, now: datetime
) -> str:
    """Checks the files and makes them the active version of their process; returns the digest.

    Publishing what is already active changes nothing.  Raises ModelRefused with every problem found.
    """
    if actor is not None:
        actor.require_role("process_designer", "sys_admin", act="发布流程")
    model = ModelFiles(digest_of(files), process_id, files)
    problems = [each for each in check_model(model, operations=all_operations()) if each.severity == "error"]
    if problems:
        raise ModelRefused(problems)
    session = work.session
    active = session.scalar(
        select(ModelVersion).where(ModelVersion.process_id == process_id, ModelVersion.status == "active")
    )
    if active is not None and active.digest == model.digest:
        return model.digest
    _store(session, model)
    if active is not None:
        active.status = "retired"
    version = session.scalar(
        select(ModelVersion).where(ModelVersion.process_id == process_id, ModelVersion.digest == model.digest)
    )
    if version is None:
        version = _new_version(session, work, model, actor, now)
    version.status = "active"
    history.record(
        session, action="publish_model", summary=f"发布流程“{version.title}”第{version.number}版", now=now, actor=actor,
        object_kind="model_version", object_id=version.id, details={"process": process_id, "digest": model.digest},
    )  # fmt: skip
    return model.digest


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted (path, content) pairs."""
    total = sha256()
    for path, content in sorted(files.items()):
        total.update(f"{path}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of one process folder: diagram, decisions, forms, words; paths relative to the folder.

    The processes it calls are taken from the folders beside it: a package is self-contained.
    """
    return bundled(_files_of(folder), lambda name: _files_of(folder.resolve().parent / name))


def _files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in SUFFIXES
    }


def loader(sessions: Sessions) -> Callable[[str], ModelFiles]:
    """How the engine reads a published version from the database, in a session of its own."""

    def load(digest: str) -> ModelFiles:
        with sessions() as session:
            files = dict(
                session.execute(select(ModelFile.path, ModelFile.content).where(ModelFile.digest == digest)).all()
            )
            process_id = session.scalars(
                select(ModelVersion.process_id).where(ModelVersion.digest == digest).limit(1)
            ).one()
        return ModelFiles(digest, process_id, files)

    return load


def _store(session: Session, model: ModelFiles) -> None:
    known = session.scalar(select(func.count()).select_from(ModelFile).where(ModelFile.digest == model.digest))
    if not known:
        session.add_all(ModelFile(digest=model.digest, path=path, content=data) for path, data in model.files.items())
        session.flush()


def _starter_roles(described: ModelDescription) -> list[str]:
    """Whoever may do the first task of a process with a plain start may start it."""
    if None not in described.starts or not described.user_tasks:
        return []
    return [described.user_tasks[0].role]


def _new_version(session: Session, work: Work, model: ModelFiles, actor: Actor | None, now: datetime) -> ModelVersion:
    last = session.scalar(select(func.max(ModelVersion.number)).where(ModelVersion.process_id == model.process_id))
    described = work.engine.describe_files(model)
    words: dict[str, Any] = json.loads(model.files["words.json"])
    version = ModelVersion(
        process_id=model.process_id,
        number=(last or 0) + 1,
        digest=model.digest,
        title=words.get("title") or described.name,
        status="active",
        start_messages=list(described.start_messages),
        starter_roles=_starter_roles(described),
        subject=words.get("subject", ""),
        case_states=words.get("case_states", []),
        published_at=now,
        published_by_id=actor.user_id if actor else None,
    )
    session.add(version)
    session.flush()
    return version
