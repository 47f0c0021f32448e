"""Seals the history once a day: one Merkle root over the heads of all chains, kept and exported (trust.md §6)."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflows.commands.desk import Work
from workflows.database import savepoint
from workflows.documents.root_export import append_roots, exported_roots, roots_folder
from workflows.models import DailyRoot
from workflows.queries.audit import heads
from workflows.queries.chain_hashes import merkle_root
from workflows.workdays import local_date


def day_to_seal(session: Session, now: datetime) -> date | None:
    """The local day that ended last, unless it is sealed already or nothing has been recorded yet."""
    day = local_date(now) - timedelta(days=1)
    if session.get(DailyRoot, day) is not None or not heads(session):
        return None
    return day


def seal_day(work: Work, *, day: date, now: datetime) -> DailyRoot:
    """Writes the root of a day.  Each leaf says how long its chain was then, so what is added later does no harm."""
    known = work.session.get(DailyRoot, day)
    if known is not None:
        return known
    leaves = heads(work.session)
    root = DailyRoot(day=day, root=merkle_root(leaves), leaves=leaves, computed_at=now)
    try:
        with savepoint(work.session):
            work.session.add(root)
    except IntegrityError:  # another clock has sealed it at this moment
        return work.session.get_one(DailyRoot, day)
    return root


def export_roots(work: Work) -> int:
    """Appends the roots that are not yet in the export file; how many."""
    folder = roots_folder(work.files_dir)
    exported = exported_roots(folder)
    roots = [
        root for root in work.session.scalars(select(DailyRoot).order_by(DailyRoot.day)) if root.day not in exported
    ]
    append_roots(
        folder,
        [
            {"day": root.day, "root": root.root, "chains": len(root.leaves), "computed_at": root.computed_at}
            for root in roots
        ],
    )
    return len(roots)
