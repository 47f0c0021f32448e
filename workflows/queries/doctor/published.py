"""Published models: one active version a process, with its files."""

from sqlalchemy import exists, func, select

from workflows.models import ModelFile, ModelVersion
from workflows.queries.doctor._rules import Examination, Finds, rule


@rule("model_without_files", "启用的模型版本必须有文件")
def model_without_files(seen: Examination) -> Finds:
    """Else nothing can be started."""
    query = select(ModelVersion.process_id, ModelVersion.number).where(
        ModelVersion.status == "active", ~exists().where(ModelFile.digest == ModelVersion.digest)
    )
    for process_id, number in seen.session.execute(query):
        yield process_id, f"流程 {process_id} 第 {number} 版正在启用，却没有任何文件"


@rule("two_active_versions", "一个流程只能有一个启用的版本")
def two_active_versions(seen: Examination) -> Finds:
    """New instances must know which version they take."""
    query = (
        select(ModelVersion.process_id, func.count())
        .where(ModelVersion.status == "active")
        .group_by(ModelVersion.process_id)
        .having(func.count() > 1)
    )
    for process_id, count in seen.session.execute(query):
        yield process_id, f"流程 {process_id} 有 {count} 个启用的版本"
