"""The first number of a series, asked for by several people at the same moment: one each, none twice, nobody refused."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from workflows.database import atomic
from workflows.records import numbers

AT_ONCE = 6


def test_a_series_begun_by_several_at_once_has_no_gap_and_no_double(sessions):
    together = Barrier(AT_ONCE)

    def take(_: int) -> str:
        together.wait()
        with atomic(sessions) as session:
            return numbers.numbered(session, "GX-{year}-{n:03d}", year=2031)

    with ThreadPoolExecutor(AT_ONCE) as people:
        taken = sorted(people.map(take, range(AT_ONCE)))
    assert taken == [f"GX-2031-{n:03d}" for n in range(1, AT_ONCE + 1)]
