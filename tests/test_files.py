"""From bytes to rows: what is no plain table is refused as a whole, in words that help."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_data import files
from coach_data.files import FileRefused, guarded, table_of, text_of, unguarded


def rows(content: bytes) -> list[tuple[int, list[str]]]:
    """All rows below the header."""
    return list(table_of(content, "x.csv").rows)


def refusal(content: bytes, name: str = "x.csv") -> str:
    """Why the file is refused."""
    with pytest.raises(FileRefused) as error:
        list(table_of(content, name).rows)
    assert str(error.value).endswith("Nothing was saved.")
    return str(error.value)


def zipped(name: str, content: bytes) -> bytes:
    """A ZIP file that holds one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def test_rows_come_with_the_line_on_which_they_begin() -> None:
    content = b'\ndate,a\n\n2026-01-01,"x\ny"\r\n2026-01-02,3'
    assert rows(content) == [(4, ["2026-01-01", "x\ny"]), (6, ["2026-01-02", "3"])]


@pytest.mark.parametrize(
    ("content", "separator", "header"),
    [
        (b"date,a,b\n", ",", ("date", "a", "b")),
        (b"date;a,b;c\n", ";", ("date", "a,b", "c")),
        (b"date\ta\n", "\t", ("date", "a")),
        (b"date,deep work; hours\n", ",", ("date", "deep work; hours")),
        (b'"date";"1,5; 2"\n', ";", ("date", "1,5; 2")),
        (b"value;date;indicator\n", ";", ("value", "date", "indicator")),
    ],
)
def test_the_separator_is_seen_from_the_header(
    content: bytes, separator: str, header: tuple[str, ...]
) -> None:
    table = table_of(content, "x.csv")
    assert (table.separator, table.header) == (separator, header)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str) -> None:
    content = end.join(["date,a", "2026-01-01,1", "2026-01-02,2", ""]).encode()
    assert [line for line, _ in rows(content)] == [2, 3]


@pytest.mark.abuse(23)
def test_case_23_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 2_000_000)
    assert "2.5 MB; at most 2 MB" in refusal(b"date,a\n" + b"x" * 2_500_000)


@pytest.mark.abuse(24)
def test_case_24_gzip_is_seen_by_its_first_bytes() -> None:
    assert "is a gzip file" in refusal(gzip.compress(b"date,a\n2026-01-01,1\n"))


@pytest.mark.abuse(25)
def test_case_25_a_zip_or_workbook_is_named_and_never_unpacked() -> None:
    bomb = zipped("xl/workbook.xml", b"0" * 50_000_000)
    assert "Excel workbook or another ZIP" in refusal(bomb, "days.csv")
    assert "ZIP" in refusal(zipped("a", b"")[-22:], "empty.csv")
    assert "old Excel" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))


@pytest.mark.abuse(26)
@pytest.mark.parametrize("name", ["../../x.csv", "/etc/passwd", "C:\\x.csv", "a\x1b[2Jb\u202e.csv"])
def test_case_26_a_name_is_only_shown(name: str) -> None:
    text = refusal(b"", name)
    assert "is empty" in text
    assert text.isprintable()


@pytest.mark.abuse(27)
def test_case_27_a_picture_called_csv() -> None:
    assert "PNG picture" in refusal(b"\x89PNG\r\n\x1a\n" + bytes(100))


@pytest.mark.abuse(28)
def test_case_28_too_many_rows_and_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    header = ",".join(["date", *(f"c{k}" for k in range(500))]).encode()
    assert "501 columns; at most 500" in refusal(header)
    monkeypatch.setattr(files, "MOST_ROWS", 1000)
    assert len(rows(b"date,a\n" + b"2026-01-01,1\n" * 1000)) == 1000
    assert "more than 1,000 rows" in refusal(b"date,a\n" + b"2026-01-01,1\n" * 1001)


@pytest.mark.abuse(28)
def test_case_28_a_line_of_millions_of_cells_is_refused_before_they_are_made() -> None:
    assert "1,500,005 characters on line 1" in refusal(b"date" + b"," * 1_500_000 + b"\n")
    assert "on line 2, so it is no table" in refusal(b"date,a\n" + b"," * 1_500_000)


@pytest.mark.abuse(29)
def test_case_29_deeply_nested_json_is_no_table() -> None:
    refusal(b"[" * 100_000)
    refusal(b'{"a":' * 100_000)


@pytest.mark.abuse(31)
def test_case_31_utf_16_is_named() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert "UTF-16" in refusal("date,a\n2026-01-01,1\n".encode(encoding))
    assert "UTF-32" in refusal("date,a\n".encode("utf-32"))


def test_latin_1_is_refused_with_its_line() -> None:
    content = "date,a\n2026-01-01,1\n2026-01-02,é\n".encode("latin-1")
    assert "is not UTF-8 (line 3)" in refusal(content)


@pytest.mark.abuse(8)
def test_case_8_a_nul_is_refused_with_its_line() -> None:
    assert "NUL character (line 2)" in refusal(b"date,a\n2026-01-01,\x00\n")


def test_the_mark_of_utf_8_goes() -> None:
    assert text_of(b"\xef\xbb\xbfdate", "x.csv") == "date"


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_called_empty(content: bytes) -> None:
    assert "is empty" in refusal(content)


def test_one_column_is_no_table() -> None:
    assert "one column only" in refusal(b"date\n2026-01-01\n")


def test_a_quotation_mark_that_is_not_closed_is_refused() -> None:
    assert "from line 2 on" in refusal(b'date,a\n2026-01-01,"1\n2026-01-02,2\n')
    assert "from line 2 on" in refusal(b'date,a\n2026-01-01,"' + b"x\n" * 200_000)
    assert "quotation mark" in refusal(b'date,"a\n2026-01-01,1\n')


@pytest.mark.abuse(32)
@given(st.text())
def test_case_32_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    kept = guarded(text)
    assert kept[:1] not in set("=+-@\t\r")
    assert unguarded(kept) == text


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        table = table_of(content, "x.csv")
        assert all(line >= 1 for line, _ in table.rows)
    except FileRefused:
        return
