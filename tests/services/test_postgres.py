from collections.abc import Callable

from sqlalchemy import create_engine, inspect, text


def test_each_new_database_is_empty_and_apart(new_postgres_database: Callable[[], str]) -> None:
    first, second = create_engine(new_postgres_database()), create_engine(new_postgres_database())
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE songs (title text)"))
    assert inspect(first).get_table_names() == ["songs"]
    assert inspect(second).get_table_names() == []
    first.dispose()
    second.dispose()


def test_text_is_utf_8(new_postgres_database: Callable[[], str]) -> None:
    engine = create_engine(new_postgres_database())
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT length('Žižkov 🎸')")) == 8
    engine.dispose()
