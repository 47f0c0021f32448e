"""What an error of the database says: the statement, never what was being written."""

import pytest
from sqlalchemy.exc import IntegrityError

from workflows.database import atomic
from workflows.models import TourUnit


def test_an_error_never_tells_the_values(sessions, region, now):
    def list_twice() -> None:
        with atomic(sessions) as session:
            for _ in range(2):
                session.add(TourUnit(tour_round="K7731", unit_id=region.unit_a_id, added_at=now))

    with pytest.raises(IntegrityError) as failed:
        list_twice()
    told = str(failed.value).partition("[SQL:")[2]
    assert "tour_units" in told
    assert "K7731" not in told
