"""The address decides which engine keeps the tables; here and nowhere else."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from coach_data.engines import open_at
from coach_data.file_store import FileStore
from coach_data.server import Server


def test_a_path_is_a_data_file(tmp_path: Path) -> None:
    store = open_at(tmp_path / "data", "key")
    assert isinstance(store, FileStore)
    assert store.path == (tmp_path / "data").resolve()
    store.close()


def test_a_server_is_postgresql() -> None:
    server = Server.at("postgresql://h/n")
    with mock.patch("coach_data.postgres.PostgresStore") as opened:
        assert open_at(server, "key") is opened.return_value
    opened.assert_called_once_with(server, "key")
