"""What can go wrong with a server: each in words of its own, and nothing that the server says."""

from __future__ import annotations

import duckdb
import pytest

from coach_data import server_faults
from coach_data.faults import Busy, DiskFull, Stopped, Unkeepable
from coach_data.server import Server
from coach_data.server_faults import on_server, reaching
from coach_data.store import StoreError


def test_every_fault_has_its_own_words() -> None:
    kinds = [k for k in vars(server_faults).values() if isinstance(k, type)]
    kinds = [
        k for k in kinds if issubclass(k, StoreError) and k.__module__.endswith("server_faults")
    ]
    assert len(kinds) >= 8
    assert len({k.__doc__ for k in kinds}) == len(kinds)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('FATAL:  password authentication failed for user "ann"', server_faults.NotLetIn),
        ('FATAL:  role "ann" does not exist', server_faults.NotLetIn),
        ('FATAL:  database "x" does not exist', server_faults.NoDatabase),
        ("FATAL:  sorry, too many clients already", server_faults.Crowded),
        ("could not extend file: No space left on device", server_faults.ServerFull),
        ("ERROR:  permission denied for table entry", server_faults.NoRight),
        ("canceling statement due to lock timeout", Busy),
        ("connection to server failed: Connection refused", server_faults.NoServer),
        ("FATAL:  the database system is starting up", server_faults.NoServer),
        ("something that nobody has thought of", Busy),
    ],
)
def test_what_the_server_says_in_our_words(text: str, kind: type[StoreError]) -> None:
    fault = on_server(duckdb.IOException(f"{text} secret"))
    assert type(fault) is kind
    assert "secret" not in str(fault)


def test_what_quotes_a_value_is_not_looked_at_for_signs() -> None:
    """Somebody may have typed the words of another fault."""
    assert type(on_server(duckdb.ConstraintException("Connection refused"))) is Unkeepable
    assert type(on_server(duckdb.ConversionException("permission denied"))) is Unkeepable


def test_an_engine_that_has_stopped_says_so_whatever_the_text() -> None:
    assert type(on_server(duckdb.FatalException("Connection refused"))) is Stopped
    assert type(on_server(duckdb.InternalException("x"))) is Stopped


def test_a_mistake_in_our_own_sql_is_raised_as_it_is() -> None:
    wrong = duckdb.CatalogException("Table with name diary does not exist")
    with pytest.raises(duckdb.CatalogException, match="diary") as raised:
        on_server(wrong)
    assert raised.value is wrong


def test_a_full_server_is_a_full_disk_and_an_absent_one_busy() -> None:
    """So that a screen which knows the two says the right thing without knowing of servers."""
    assert issubclass(server_faults.ServerFull, DiskFull)
    assert issubclass(server_faults.Unsure, Busy)
    assert issubclass(server_faults.Crowded, Busy)


def test_opening_names_the_server_without_its_password() -> None:
    server = Server.at("postgresql://ann:hush@db/coach")  # pragma: allowlist secret
    with pytest.raises(server_faults.NoDatabase) as raised, reaching(server):
        raise duckdb.IOException('FATAL:  database "coach" does not exist: hush')
    assert str(raised.value).startswith("postgresql://ann@db:5432/coach: The database server has")
    assert "hush" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
