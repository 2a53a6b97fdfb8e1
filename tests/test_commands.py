"""The command line: exit codes, messages in plain words, never a traceback, never the key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest

from coach_data import __main__ as command_line
from coach_data.behaviours import add_leading
from coach_data.devices import people_on_this_device
from coach_data.digest import wish
from coach_data.model import Entry, Indicator, Measure, NotAllowed
from coach_data.people import join
from coach_data.places import Places
from coach_data.plan import new_indicator
from coach_data.privacy import Visit, open_store
from tests.browser.line import drawn
from tests.browser.server import ForkedServer
from tests.cluster import places_at

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
DAYS = "date,Calls\n2026-05-01,3\n2026-05-02,skip\n"


@dataclass(frozen=True)
class Place:
    """A folder with a data file, and how to run a command on it."""

    folder: Path

    @property
    def where(self) -> Places:
        return places_at(self.folder)

    def environment(self, **more: str) -> dict[str, str]:
        """What a command finds around it: this folder's data file and key, and a fixed day."""
        known = {k: v for k, v in os.environ.items() if not k.startswith("COACH_")}
        own = {"COACH_DATABASE": str(self.where.data), "COACH_KEY_FILE": str(self.where.key_file)}
        return {**known, **own, "COACH_NOW": NOW.isoformat(), "PYTHONIOENCODING": "utf-8", **more}

    def run(self, *arguments: str, **more: str) -> tuple[int, str, str]:
        """The exit code, what was printed and what was complained about; within this process."""
        out, err = StringIO(), StringIO()
        found = mock.patch.dict(os.environ, self.environment(**more), clear=True)
        with found, redirect_stdout(out), redirect_stderr(err):
            try:
                code = command_line.main(arguments)
            except SystemExit as stop:  # what was not understood
                code = int(stop.code or 0)
        return code, *self._without_the_key(out.getvalue(), err.getvalue())

    def run_alone(self, *arguments: str, **more: str) -> tuple[int, str, str]:
        """The same in a process of its own, as somebody types it: a second slower."""
        done = subprocess.run(
            [sys.executable, "-m", "coach_data", *arguments],
            env=self.environment(**more),
            cwd=Path(__file__).parents[1],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done.returncode, *self._without_the_key(done.stdout, done.stderr)

    def _without_the_key(self, out: str, err: str) -> tuple[str, str]:
        if self.where.key_file and self.where.key_file.exists():
            assert self.where.key_file.read_text().strip() not in out + err
        return out, err

    def file(self, text: str | bytes, name: str = "days.csv") -> str:
        """A file with that text; its path."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def entries(self, name: str = "Ana") -> dict[str, float | None]:
        """The values stored for a person, by day."""
        store = open_store(self.where)
        person = next(i for i, known, _ in people_on_this_device(store) if known == name)
        found = Visit.open(store, person, NOW).records(Entry)
        store.close()
        return {str(e.day): e.value for e in found}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A data file with Ana, who logs Calls, and two people called Bo."""
    place = Place(tmp_path)
    store = open_store(place.where)
    visit = Visit.open(store, join(store, "Ana", NOW).person_id, NOW)
    add_leading(visit, replace(new_indicator(visit, "Calls"), measure=Measure.COUNT), None)
    join(store, "Bo", NOW)
    join(store, "Bo", NOW)
    store.close()
    return place


def test_import_twice_saves_once(place: Place) -> None:
    path = place.file(DAYS)
    code, out, err = place.run_alone("import", path, "--person", "ana")
    assert (code, err) == (0, "")
    assert "days.csv: wide, comma, 2 rows" in out
    assert "Saved: 2 new and 0 changed entries" in out
    assert place.entries() == {"2026-05-01": 3, "2026-05-02": None}
    code, out, _ = place.run("import", path, "--person", "Ana")
    assert code == 0
    assert "Saved: 0 new and 0 changed entries" in out
    assert "2 entries were here already." in out


def test_a_dry_run_saves_nothing(place: Place) -> None:
    code, out, _ = place.run("import", place.file(DAYS), "--person", "Ana", "--dry-run")
    assert code == 0
    assert "2 new, 0 changed, 0 unchanged" in out
    assert "dry run: nothing was saved" in out
    assert place.entries() == {}


def test_open_questions_name_the_arguments_that_answer_them(place: Place) -> None:
    text = "date;Calls;Rest\n01/02/2026;1;1,5\n03/02/2026;2;0\n01/02/2026;5;\n"
    path = place.file(text)
    code, _, err = place.run("import", path, "--person", "Ana")
    assert code == 1
    assert "--day-order dmy or --day-order mdy" in err
    assert "--new “Rest” or --ignore “Rest”." in err
    code, _, err = place.run("import", path, "--person", "Ana", "--day-order", "dmy")
    assert code == 1
    assert "--decimal comma or --decimal point" in err
    assert "--duplicates first or --duplicates last" in err
    assert err.endswith("Nothing was saved.\n")
    answers = ("--day-order=dmy", "--decimal=comma", "--duplicates=last", "--new=Rest")
    code, out, err = place.run("import", path, "--person", "Ana", *answers)
    assert (code, err) == (0, "")
    assert "Rest: 2 values, new: “Rest” (leading, number, active)" in out
    assert "Saved: 4 new" in out


def test_refused_rows_are_listed_and_left_out_only_on_request(place: Place) -> None:
    path = place.file("date,Calls,Rest\n2026-05-01,1_0,9\n2026-05-02,4,9\n")
    arguments = ("import", path, "--person", "Ana", "--ignore", "Rest")
    code, out, err = place.run(*arguments)
    assert code == 1
    assert "line 2, Calls: “1_0”: an underscore is no part of a number" in out
    assert "--only-good-rows" in err
    code, out, _ = place.run(*arguments, "--only-good-rows")
    assert code == 0
    assert "1 left out." in out
    assert place.entries() == {"2026-05-02": 4}


def test_whole_files_that_are_refused(place: Place) -> None:
    workbook = place.file(b"PK\x03\x04" + bytes(50), "days.csv")
    code, _, err = place.run("import", workbook, "--person", "Ana")
    assert (code, "damaged ZIP file" in err) == (1, True)
    code, _, err = place.run("import", str(place.folder), "--person", "Ana")
    assert (code, "directory" in err) == (1, True)


def test_people_are_chosen_by_a_name_that_is_theirs_alone(place: Place) -> None:
    code, out, _ = place.run("people")
    assert (code, out) == (0, "Ana (own)\nBo (own)\nBo (own)\n")
    path = place.file(DAYS)
    code, _, err = place.run("import", path, "--person", "Nobody")
    assert (code, "Nobody here is called Nobody" in err) == (1, True)
    code, _, err = place.run("import", path, "--person", "bo")
    assert (code, "2 people here are called bo" in err) == (1, True)


def test_a_command_that_is_not_understood_exits_with_two(place: Place) -> None:
    assert place.run("import", "x.csv")[0] == 2
    assert place.run_alone("fly")[0] == 2
    code, out, _ = place.run("--help")
    assert code == 0
    for part in ("exit codes", "no sign-in", "act as anybody", "restore"):
        assert part in out


def test_export_writes_one_file_for_this_user_and_never_over_another(place: Place) -> None:
    path = place.folder / "mine.zip"
    code, out, err = place.run("export", str(path), "--person", "Ana")
    assert (code, err) == (0, "")
    assert "holds everything that is kept of Ana" in out
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as archive:
        assert b"Calls" in archive.read("everything.json")
    before = path.read_bytes()
    code, _, err = place.run("export", str(path), "--person", "Ana")
    assert code == 1
    assert "exists already" in err
    assert path.read_bytes() == before


@pytest.mark.file_only("a restore puts old files beside the data file")
def test_erase_is_said_twice_and_tells_of_older_copies(place: Place) -> None:
    code, _, err = place.run("erase", "--person", "Ana")
    assert code == 1
    assert "Nothing was erased" in err
    assert place.entries() == {}, "she is still there"
    backup = str(place.folder / "backup")
    assert place.run("backup", backup)[0] == 0
    assert place.run("restore", backup)[0] == 0
    code, out, err = place.run("erase", "--person", "Ana", "--for-good")
    assert (code, err) == (0, "")
    assert "Ana is not in the data file any more" in out
    assert "c.duckdb.before-20260531T120000 was put aside by a restore" in out
    assert "Ana" not in place.run("people")[1]


def test_an_export_is_brought_back_after_an_erasure(place: Place) -> None:
    assert place.run("import", place.file(DAYS), "--person", "Ana")[0] == 0
    path = str(place.folder / "mine.zip")
    assert place.run("export", path, "--person", "Ana")[0] == 0
    assert place.run("erase", "--person", "Ana", "--for-good")[0] == 0
    store = open_store(place.where)
    join(store, "Ana", NOW)
    store.close()
    code, out, _ = place.run("import", path, "--person", "Ana", "--dry-run")
    assert code == 0
    assert "Entries: 2" in out
    assert "nothing was saved" in out
    assert place.entries() == {}
    code, out, err = place.run("import", path, "--person", "Ana")
    assert (code, err) == (0, "")
    assert "Brought back: 3." in out
    assert place.entries() == {"2026-05-01": 3, "2026-05-02": None}
    assert "Brought back: 0." in place.run("import", path, "--person", "Ana")[1]


@pytest.mark.file_only("the backup of a data file; a server has pg_dump")
def test_backup_and_restore(place: Place) -> None:
    target = str(place.folder / "backup.duckdb")
    place.run("import", place.file(DAYS), "--person", "Ana")
    code, out, _ = place.run("backup", target)
    assert (code, "holds 2 entries" in out) == (0, True)
    code, _, err = place.run("backup", target)
    assert (code, "exists already" in err) == (1, True)
    place.run("import", place.file("date,Calls\n2026-05-01,9\n"), "--person", "Ana")
    assert place.entries()["2026-05-01"] == 9
    code, out, _ = place.run("restore", target)
    assert (code, "holds 2 entries" in out, ".before-" in out) == (0, True, True)
    assert place.entries()["2026-05-01"] == 3


@pytest.mark.file_only("the backup of a data file; a server has pg_dump")
def test_restore_refuses_what_is_no_backup_of_this_key(place: Place) -> None:
    code, _, err = place.run("restore", str(place.folder / "gone"))
    assert (code, "no backup" in err) == (1, True)
    code, _, err = place.run("restore", place.file(b"x" * 5000, "no.duckdb"))
    assert (code, bool(err)) == (1, True)
    code, _, err = place.run("restore", "x", COACH_KEY_FILE=str(place.folder / "other"))
    assert (code, "needs the key" in err) == (1, True)
    assert not (place.folder / "other").exists(), "no key is made on the way"
    assert place.entries() == {}, "the data file is as it was"


@pytest.mark.file_only(
    "the key opens the file; tests/postgres/test_postgres_opening.py has another key"
)
def test_a_wrong_key_is_said_and_never_shown(place: Place) -> None:
    wrong = "a-wrong-key-that-nobody-should-see"
    for arguments in (("people",), ("backup", str(place.folder / "b"))):
        code, out, err = place.run(*arguments, COACH_KEY=wrong)
        assert code == 1
        assert "key does not open the data file" in err
        assert wrong not in out + err


@pytest.mark.file_only("whether the data file is there")
@pytest.mark.parametrize("arguments", [("people",), ("backup", "b"), ("import", "{}")])
def test_without_a_data_file_none_is_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    place = Place(tmp_path)
    given = [a.format(place.file(DAYS)) for a in arguments]
    more = ["--person", "Ana"] if arguments[0] == "import" else []
    code, _, err = place.run(*given, *more)
    assert (code, "There is no data file at" in err) == (1, True)
    assert not place.where.data.exists()
    assert not (tmp_path / "key").exists()


@pytest.mark.file_only("one process holds a data file; a server serves several")
def test_a_data_file_in_use_is_said(place: Place) -> None:
    store = open_store(place.where)
    try:
        code, _, err = place.run_alone("people")
    finally:
        store.close()
    assert (code, f"PID {os.getpid()}" in err) == (1, True)


def test_a_terminal_that_lacks_letters_is_no_reason_to_stop(place: Place) -> None:
    path = place.file("date,Calls,Überblick\n2026-05-01,1,2\n")
    code, out, _ = place.run_alone("import", path, "--person", "Ana", PYTHONIOENCODING="ascii")
    assert (code, "\\xdcberblick: 1 values" in out) == (1, True)


def test_a_token_is_made_listed_and_revoked(place: Place) -> None:
    code, secret, err = place.run("token", "make", "--person", "Ana", "--name", "Phone")
    assert (code, err) == (0, "")
    assert len(secret.strip()) == 43
    code, out, _ = place.run("token", "list", "--person", "Ana")
    assert (code, out) == (0, "Phone (quick log), not used yet\n")
    assert secret.strip() not in out
    code, _, err = place.run("token", "make", "--person", "Ana", "--name", "phone")
    assert (code, "of that name already" in err) == (1, True)
    code, _, err = place.run("token", "make", "--person", "Ana")
    assert (code, "needs a name" in err) == (1, True)
    code, out, _ = place.run("token", "revoke", "--person", "Ana", "--name", "phone")
    assert (code, "Phone is revoked" in out) == (0, True)
    assert place.run("token", "revoke", "--person", "Ana", "--name", "Phone")[0] == 1
    assert place.run("token", "list", "--person", "Ana")[1] == ""


def wished(place: Place) -> None:
    store = open_store(place.where)
    person = next(i for i, known, _ in people_on_this_device(store) if known == "Ana")
    wish(Visit.open(store, person, NOW), wanted=True)
    store.close()


def test_the_digest_while_the_app_is_stopped(place: Place) -> None:
    assert place.run("digest") == (0, "", "")
    wished(place)
    code, out, err = place.run("digest")
    assert (code, err) == (0, "")
    name, _, line = out.strip().split("\t")
    assert (name, line) == ("Ana", "The behaviour of today is not logged yet.")
    assert place.run("digest") == (0, "", "")
    assert place.run("digest", "--json") == (0, "[]\n", "")


@pytest.mark.file_only("one process holds a data file; a server serves several")
def test_the_digest_beside_the_running_app(place: Place) -> None:
    """The app holds the file; the command asks it, and proves that it holds the key."""
    wished(place)
    server = ForkedServer(place.folder, COACH_NOW=NOW.isoformat())
    drawn(server)  # a server answers before it has opened the store; a screen waits for that
    try:
        code, _, err = place.run("digest")
        assert (code, "holds" in err) == (1, True)
        other = place.folder / "other"
        other.write_text("another key")
        code, _, err = place.run("digest", "--app", server.url, COACH_KEY_FILE=str(other))
        assert (code, "answered 401" in err) == (1, True)
        code, out, err = place.run("digest", "--app", server.url, "--json")
        assert (code, err) == (0, "")
        assert [line["name"] for line in json.loads(out)] == ["Ana"]
        assert place.run("digest", "--app", f"{server.url}/") == (0, "", "")
        for url in ("http://127.0.0.1:9", "ftp://127.0.0.1", "nonsense"):
            code, _, err = place.run("digest", "--app", url)
            assert (code, err.startswith("coach_data: ")) == (1, True)
    finally:
        server.stop()


def test_verify_names_those_whose_record_was_changed(place: Place) -> None:
    store = open_store(place.where)
    ana, bo, *_ = (i for i, _, _ in people_on_this_device(store))
    for viewer, about in ((bo, ana), (bo, ana), (ana, bo)):
        with pytest.raises(NotAllowed):
            Visit.open(store, viewer, NOW, about)
    store.close()
    code, out, err = place.run("verify")
    assert (code, err) == (0, "")
    assert "No line of the record was changed" in out
    store = open_store(place.where)
    store.cursor().execute(
        "UPDATE app.raw.access_log SET allowed = true WHERE person_id = ?", [ana]
    )
    store.close()
    code, out, err = place.run("verify")
    assert (code, out) == (1, "")
    assert err.strip().endswith("in the record about: Ana.")


def test_another_unit_is_asked_and_answered(place: Place) -> None:
    store = open_store(place.where)
    person = next(i for i, known, _ in people_on_this_device(store) if known == "Ana")
    visit = Visit.open(store, person, NOW)
    visit.save(*(replace(i, unit="min") for i in visit.records(Indicator)))
    store.close()
    path = place.file("date,indicator,value,unit\n2026-05-01,Calls,2,h\n")
    code, _, err = place.run("import", path, "--person", "ana")
    assert code == 1
    assert "1 h is 60 min" in err
    assert "--convert “Calls” or --as-they-are “Calls”" in err
    assert place.run("import", path, "--person", "ana", "--convert", "Calls")[0] == 0
    assert place.entries() == {"2026-05-01": 120}
    assert place.run("import", path, "--person", "ana", "--as-they-are", "Calls")[0] == 0
    assert place.entries() == {"2026-05-01": 2}
