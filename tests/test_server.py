"""Where a server is: an address is read, and what is shown of it holds no password."""

from __future__ import annotations

import pytest

from coach_data.server import PATIENCE, BadAddress, Server, is_address


def test_an_address_is_read_and_shown_without_its_password() -> None:
    given = Server.at("postgresql://ann:p%40ss%2Fw@db.example:5433/coach?sslmode=require")
    assert (given.host, given.port, given.user, given.database) == (
        "db.example",
        5433,
        "ann",
        "coach",
    )
    assert given.password == "p@ss/w"  # pragma: allowlist secret
    assert str(given) == "postgresql://ann@db.example:5433/coach"
    assert "p@ss" not in repr(given)
    assert "sslmode='require'" in given.connection


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://host/",
        "postgresql://host:port/name",
        "postgresql://u:secret@host/name/more",  # pragma: allowlist secret
        "postgresql://host/name?password=secret",  # pragma: allowlist secret
        "postgresql://host/name#part",
    ],
)
def test_what_is_no_address_is_refused_without_quoting_it(address: str) -> None:
    with pytest.raises(BadAddress) as raised:
        Server.at(address)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "is_one"),
    [
        ("postgresql://h/n", True),
        ("postgres://h/n", True),
        ("postgres:h/n", False),
        ("mysql://h/n", False),
        ("/data/postgresql://file", False),
        ("coach.duckdb", False),
        ("", False),
    ],
)
def test_only_an_address_names_a_server(given: str, is_one: bool) -> None:
    assert is_address(given) is is_one


def test_what_is_not_said_is_as_libpq_has_it() -> None:
    plain = Server.at("postgresql://h/n")
    assert (plain.port, plain.user, plain.password) == (5432, "", None)
    assert plain.options == (("connect_timeout", PATIENCE),)
    assert str(plain) == "postgresql://h:5432/n"
    assert plain.secret == {"HOST": "h", "PORT": 5432, "DATABASE": "n"}


def test_a_folder_with_a_socket_is_a_host_too() -> None:
    there = Server.at("postgresql:///n?host=%2Frun%2Fpostgresql")
    assert there.host == "/run/postgresql"
    assert there.secret["HOST"] == "/run/postgresql"


def test_an_option_with_a_quote_is_one_option() -> None:
    given = Server.at("postgresql://h/n?sslrootcert=it%27s%5Cme&connect_timeout=3")
    assert given.connection == r"connect_timeout='3' sslrootcert='it\'s\\me'"
