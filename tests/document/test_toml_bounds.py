"""TOML that would take long to parse is refused first, with its place; all other TOML is read."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.document.toml_bounds import (
    MAX_DEPTH,
    MAX_PARTS,
    MAX_WORD,
    TomlBoundError,
    check_bounds,
)
from loracfg.document.toml_places import toml_places
from loracfg.settings.reading import read_file

PARTS: Final = f"a key has more than {MAX_PARTS} parts"
DEPTH: Final = f"values are nested more than {MAX_DEPTH} levels deep"
WORD: Final = "a number or a key has more than 1,000 characters"

SECONDS: Final = 1.0


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("a." * 20_000 + "b = 1", PARTS, 1),
        ("x = 1\n[" + "a." * 20_000 + "b]", PARTS, 2),
        ("[[" + "a." * 20_000 + "b]]", PARTS, 1),
        ("x = {" + "a." * 20_000 + "b = 1}", PARTS, 1),
        ('"a".' * 20_000 + "b = 1", PARTS, 1),
        ("'a' . " * 20_000 + "b = 1", PARTS, 1),
        ('s = """\n"""\n' + "a." * MAX_PARTS + "b = 1", PARTS, 3),
        ("s = '''''''\n" + "a." * MAX_PARTS + "b = 1", PARTS, 2),
        ('# """ \'\n' + "a." * MAX_PARTS + "b = 1", PARTS, 2),
        ("x = " + "[" * 100_000, DEPTH, 1),
        ("x = " + "{a = " * 100_000, DEPTH, 1),
        ("x = " + "[{a = " * 100_000, DEPTH, 1),
        ("\n\nx = " + "9" * 900_000, WORD, 3),
        ("x = 0x" + "f" * 10_000, WORD, 1),
        ("x = 1" + "_1" * 10_000, WORD, 1),
        ("x" * 900_000 + " = 1", WORD, 1),
    ],
)
def test_what_takes_long_is_refused_at_once(text: str, problem: str, line: int) -> None:
    start = time.process_time()
    with pytest.raises(TomlBoundError) as caught:
        check_bounds(text)
    assert time.process_time() - start < SECONDS
    assert (caught.value.problem, caught.value.place.line) == (problem, line)


@pytest.mark.parametrize(
    "text",
    [
        "a." * (MAX_PARTS - 1) + "b = 1",
        "x = " + "[" * MAX_DEPTH + "]" * MAX_DEPTH,
        "[a]\n" * 1 + "x = [" + "[], " * 1_000 + "]",
        "x = [" + "1.5, " * 1_000 + "]",
        f"x = \"{'.' * 50_000}\"\ny = '{'[' * 50_000}'  # {'.' * 1_000} {'[' * 1_000}",
        f'x = """\n"{"a." * 1_000}\\"""{"[" * 1_000}"""""\ny = 1',
        "x = " + "9" * MAX_WORD,
    ],
)
def test_what_is_within_bounds_is_read(text: str) -> None:
    check_bounds(text)
    tomllib.loads(text)


@pytest.mark.parametrize(
    "text", ['a = """' + '\\"""' * 200_000, 'a = "' + "x." * 400_000, "'\n" * 9]
)
def test_a_quote_without_its_end_is_left_to_the_parser(text: str) -> None:
    start = time.process_time()
    check_bounds(text)
    assert time.process_time() - start < SECONDS
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)


@given(st.text(alphabet="ab.=\"'\\#[]{},\n 1", max_size=60))
def test_no_short_text_is_refused_that_tomllib_reads(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    check_bounds(text)


def test_places_take_a_time_that_grows_with_the_text() -> None:
    text = "".join(f"key{number} = 1\n" for number in range(30_000))
    start = time.process_time()
    places = toml_places(text)
    assert time.process_time() - start < 3 * SECONDS  # 4 seconds if it counts lines for each
    assert places.of(("key29999",)) == (30_000, 12)


def test_many_rules_take_a_time_that_grows_with_the_text(tmp_path: Path) -> None:
    (tmp_path / "loracfg.toml").write_text("ignore = [" + '"LC333", "Lc333", ' * 45_000 + "]")
    start = time.process_time()
    assert read_file(tmp_path / "loracfg.toml")
    assert time.process_time() - start < 3 * SECONDS  # 3 seconds if each looks at all rules
