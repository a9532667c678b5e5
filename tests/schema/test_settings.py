"""The schema of `loracfg.toml` and its reader accept the same files."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loracfg.config.schema.schema_files import SETTINGS
from loracfg.errors import LoracfgError
from loracfg.settings.keys import KEYS
from loracfg.settings.reading import read_file
from tests.schema.reading import committed, errors, validator
from tests.settings.test_reading import WHOLE

NAMES: Final = st.sampled_from(
    [name.rpartition(".")[2] for name in KEYS] + ["Base", "fail_on", "x", "paths", "policy"]
)
RULES: Final = ["LC5", "lc503", "rank-mismatch", "", "LC5 ", "a--b", "LC5\n", "é"]
PATTERNS: Final = ["a", "a/*", "**", "./a/", "[ab]", "/a", "a//b", "..", "a**", "[", "a\n", ""]
RULE_LISTS: Final = st.lists(st.sampled_from(RULES), max_size=2)
PATTERN_LISTS: Final = st.lists(st.sampled_from(PATTERNS), max_size=2)
TEXTS: Final = st.sampled_from(["0.17", "error", "warning", "vllm", "", "a\n", "\x7f", "é b"])
NUMBERS: Final = st.sampled_from([-1, 0, 1, 64, 1.5])
ANY: Final = st.one_of(
    RULE_LISTS, PATTERN_LISTS, TEXTS, st.lists(TEXTS, max_size=2), NUMBERS, st.booleans()
)
"""No whole floats, which are integers in JSON Schema."""
TABLES: Final = st.dictionaries(NAMES, ANY, max_size=3)
SHAPED: Final = st.fixed_dictionaries(
    {},
    optional={
        "select": RULE_LISTS,
        "exclude": PATTERN_LISTS,
        "base": TEXTS,
        "strict": st.booleans(),
        "fail-on": TEXTS,
        "paths": st.dictionaries(st.sampled_from(PATTERNS), TABLES, max_size=2) | ANY,
        "policy": st.fixed_dictionaries(
            {}, optional={"max-rank": NUMBERS, "bases": PATTERN_LISTS, "no-pickles": ANY}
        ),
    },
)
MEANT: Final = ("there is no rule", "is not a known")
"""How the reader answers a name that the schema does not know."""


def toml(value: Any) -> str:
    """Return a value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(name)} = {toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value).replace("\x7f", "\\u007f")


def is_read(path: Path, data: dict[str, Any]) -> bool:
    text = "".join(f"{toml(name)} = {toml(value)}\n" for name, value in data.items())
    assert tomllib.loads(text) == data
    path.write_text(text, "utf-8")
    try:
        read_file(path)
    except LoracfgError as error:
        return any(words in error.message for words in MEANT)
    return True


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(TABLES, SHAPED, st.builds(lambda a, b: a | b, SHAPED, TABLES)))
def test_schema_and_reader_agree(tmp_path: Path, data: dict[str, Any]) -> None:
    said = errors(validator(SETTINGS), data)
    assert is_read(tmp_path / "loracfg.toml", data) is (not said), said


def test_a_whole_file_is_valid() -> None:
    data = tomllib.loads(WHOLE + "[policy]\nmax-rank = 64\nlicenses = ['mit']\n")
    assert errors(validator(SETTINGS), data) == []
    assert data.keys() == committed(SETTINGS)["properties"].keys()


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"bse": "x"}, ""),
        ({"base": 1}, "/base"),
        ({"base": ""}, "/base"),
        ({"fail-on": "info"}, "/fail-on"),
        ({"select": "LC5"}, "/select"),
        ({"select": ["LC5", "LC 6"]}, "/select/1"),
        ({"exclude": ["../a"]}, "/exclude/0"),
        ({"paths": {"/a": {}}}, "/paths"),
        ({"paths": {"a": {"strict": True}}}, "/paths/a"),
        ({"paths": {"a": {"base": []}}}, "/paths/a/base"),
        ({"policy": {"max-rank": 0}}, "/policy/max-rank"),
        ({"policy": {"rank": 1}}, "/policy"),
    ],
)
def test_what_is_invalid(tmp_path: Path, data: dict[str, Any], pointer: str) -> None:
    assert [place for place, _ in errors(validator(SETTINGS), data)] == [pointer]
    assert not is_read(tmp_path / "loracfg.toml", data)


def test_a_whole_float_is_an_integer_for_the_schema_only(tmp_path: Path) -> None:
    data = {"policy": {"max-rank": 8.0}}
    assert errors(validator(SETTINGS), data) == []
    assert not is_read(tmp_path / "loracfg.toml", data)


def test_patterns_are_the_same_in_javascript() -> None:
    """No syntax that only Python has: lookbehind, named groups, `\\A`, `\\Z`."""
    text = json.dumps(committed(SETTINGS))
    for syntax in ("(?<", "(?P", "\\\\A", "\\\\Z", "(?i)"):
        assert syntax not in text
