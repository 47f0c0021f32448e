"""The steps of the schema: an empty database and an old one both end where the tables of the code are."""

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from huitou.setting_up import create_schema
from workflows import migrations
from workflows.commands.desk import Desk


def test_the_steps_lead_to_the_tables_of_the_code(desk: Desk) -> None:
    engine: Engine = desk.sessions.kw["bind"]  # every test's database has been built by the steps
    assert migrations.differences(engine) == []
    assert inspect(engine).has_table(migrations.VERSIONS)


def test_what_is_in_the_database_stays(desk: Desk) -> None:
    engine: Engine = desk.sessions.kw["bind"]
    with engine.connect() as connection:
        before = connection.execute(text("select count(*) from model_versions")).scalar_one()
    create_schema(desk)
    with engine.connect() as connection:
        assert connection.execute(text("select count(*) from model_versions")).scalar_one() == before > 0


def test_tables_of_unknown_age_are_not_touched() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("create table model_versions (id integer)"))
    with pytest.raises(migrations.UnknownAge, match="备份"):
        migrations.upgrade(engine)
    assert inspect(engine).get_table_names() == ["model_versions"]
