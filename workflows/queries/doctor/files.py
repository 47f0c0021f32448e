"""Uploaded files: the bytes are there, and they are the bytes."""

from sqlalchemy import select

from workflows.documents import file_store
from workflows.models import StoredFile
from workflows.queries.doctor._rules import Examination, Finds, rule


@rule("file_damaged", "上传的文件必须完好")
def file_damaged(seen: Examination) -> Finds:
    """Each stored file is read and hashed again."""
    for digest in seen.session.scalars(select(StoredFile.sha256).order_by(StoredFile.sha256)):
        try:
            file_store.load(seen.files_dir, digest)
        except file_store.Damaged:
            yield digest[:12], f"文件 {digest[:12]} 丢失或内容已改变"
