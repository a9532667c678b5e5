"""The database of an audit: its size, and its rows in order."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from loracfg.audit.known_rows import FILE, Known, KnownRows, rows_text
from loracfg.audit.result_row import STRUCTS, Cell
from loracfg.audit.result_schema import COLUMNS

ROWS = 2_000
PART = 500


def known(number: int) -> Known:
    """Return an adapter whose row is as long as most, listed as the one with this number."""
    own = f"{number}".zfill(36)
    row: list[Cell] = [[] if at in STRUCTS else own for at in range(len(COLUMNS))]
    key = blake2b(f"{number}".encode(), digest_size=16).digest()
    bases = (("org/base", None, "s" * 16),)
    text = rows_text([tuple(row)])
    return Known(key, "a" * 40, "o" * 16, "j" * 16, key + key, bases, text, 1, "first")


def test_an_entry_takes_little_more_than_its_row(tmp_path: Path) -> None:
    database = KnownRows(tmp_path)
    for start in range(0, ROWS, PART):
        database.add(map(known, range(start, start + PART)), start // PART)
    database.close()
    size = len(known(0).text)
    assert 1_200 < size < 1_500
    assert (tmp_path / FILE).stat().st_size < 2 * size * ROWS


def test_rows_come_in_the_order_in_which_they_were_added(tmp_path: Path) -> None:
    database = KnownRows(tmp_path)
    database.add(map(known, range(PART)), 0)
    database.add(map(known, range(PART, 2 * PART)), 1)
    for part in (0, 1):
        wanted = [known(number).rows()[0] for number in range(part * PART, (part + 1) * PART)]
        assert list(database.rows_in("first", part)) == wanted
    assert database.count_in("first") == {0: PART, 1: PART}
    again = [known(number).key for number in range(PART)]
    database.add_again(again, "second", 7)
    assert database.count_in("second") == {7: PART}
    assert list(database.rows_in("second", 7)) == [
        known(number).rows()[0] for number in range(PART)
    ]
    database.close()
