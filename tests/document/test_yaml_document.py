"""YAML with places: the values of PyYAML, places of keys and values, and limits."""

from __future__ import annotations

import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from loracfg.document.yaml_document import MAX_CHARACTERS, YamlDocument, read_yaml
from loracfg.errors import LoracfgError

TEXT = """\
# a comment
base_model: org/model
lora_r: 8
"quoted key": 'a b'
lora_target_modules:
  - q_proj   # the query
  - "v_proj"
flow: {a: [1, 2.5], b: ~}
text: |
  two
  lines
"""


def read(text: str) -> YamlDocument:
    document = read_yaml(text, "config.yaml")
    assert document is not None
    return document


def marked(document: YamlDocument, text: str, pointer: str, *, key: bool = False) -> str:
    """Return what a place marks in the text."""
    region = document.location(pointer, key=key).region
    assert region is not None
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    start = starts[region.line - 1] + region.column - 1
    return text[start : starts[region.end_line - 1] + region.end_column - 1]


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ("/base_model", "org/model", "base_model"),
        ("/lora_r", "8", "lora_r"),
        ("/quoted key", "'a b'", '"quoted key"'),
        ("/lora_target_modules/0", "q_proj", "q_proj"),
        ("/lora_target_modules/1", '"v_proj"', '"v_proj"'),
        ("/flow", "{a: [1, 2.5], b: ~}", "flow"),
        ("/flow/a/1", "2.5", "2.5"),
        ("/flow/b", "~", "b"),
    ],
)
def test_places_mark_values_and_keys(pointer: str, value: str, key: str) -> None:
    document = read(TEXT)
    assert marked(document, TEXT, pointer) == value
    assert marked(document, TEXT, pointer, key=True) == key


def test_a_missing_value_has_the_place_of_its_parent() -> None:
    document = read(TEXT)
    assert document.location("/flow/c/d").region == document.location("/flow").region
    assert document.location("/flow/c/d").pointer == "/flow/c/d"


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "a: &x {b: 1, c: [2]}\nd: *x\ne: {<<: *x, b: 3}\nf: {<<: [*x, {c: 9, g: 4}]}\n",
        "a: [yes, No, on, ~, null, 0x1f, 0o17, 017, 1_000, 1e3, 1.0e+3, .5, 190:20:30]\n",
        "a: '8'\nb: !!str 8\nc: !!int '8'\nd: ''\ne:\n",
        "{}\n",
        "%YAML 1.1\n---\na: 1\n---\nb: 2\n",
        "a: 1\na: 2\n",
        "\ufeffa: b\n",
        "é: [ü, 😀, x]\n",
    ],
)
def test_values_are_those_of_pyyaml(text: str) -> None:
    assert read(text).value == next(iter(yaml.safe_load_all(text)))


@pytest.mark.parametrize("text", ["", "8", "- a\n- b\n", "# only a comment\n", "text"])
def test_a_file_that_is_no_mapping_is_none(text: str) -> None:
    assert read_yaml(text, "config.yaml") is None


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("a: 2026-01-01\n", [("other-value", "/a")]),
        ("a: .nan\n", [("other-value", "/a")]),
        ("a: !!python/object:os.system x\n", [("other-value", "/a")]),
        ("a: !!python/object/apply:os.system [x]\n", [("other-value", "/a")]),
        ("a: {1: x, true: y}\n", [("other-key", "/a/1"), ("other-key", "/a/true")]),
        ("a: 1\nb: {c: 1, c: 2}\n", [("repeated-key", "/b/c")]),
        ("a: !!binary aGk=\n", [("other-value", "/a")]),
    ],
)
def test_values_that_json_does_not_have_are_noted(text: str, odd: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.pointer) for one in read(text).oddities] == odd


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "config.yaml:5:16: the file has more than 20000 values"),
        ("a: &a [*a]\n", "config.yaml:1:8: `*a` has no value at this place"),
        ("a: *missing\n", "config.yaml:1:4: `*missing` has no value at this place"),
        ("a: " + "[" * 200 + "]" * 200, "config.yaml:1:103: values are nested more than 100"),
        ("[" * 900, "config.yaml:1:101: values are nested more than 100 levels deep"),
        ("? [a]\n: b\n", "config.yaml:1:3: a key is a list or a mapping"),
        ("a: [1, 2\nb: 3\n", "not valid YAML"),
        ("a: b: c\n", "config.yaml:1:5: not valid YAML: mapping values are not allowed"),
        ("a: \x00\n", "not valid YAML"),
        ("a: '\n", "not valid YAML"),
        ("<<: 3\n", "`<<` merges something that is not a mapping"),
        (f"a: {'x' * MAX_CHARACTERS}\n", "more than the limit of 262144"),
        ("a: [" + "x," * 30_000 + "]\n", "the file has more than 20000 values"),
    ],
)
def test_what_cannot_be_read_is_an_error(text: str, message: str) -> None:
    with pytest.raises(LoracfgError) as raised:
        read_yaml(text, "config.yaml")
    assert message in raised.value.message


def test_a_merged_bomb_is_bounded() -> None:
    lines = ["a: &a {" + ", ".join(f"k{i}: x" for i in range(100)) + "}"]
    lines += [f"m{i}: {{<<: *a}}" for i in range(1000)]
    with pytest.raises(LoracfgError, match="more than 20000 values"):
        read_yaml("\n".join(lines), "config.yaml")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=5), VALUES, min_size=1), st.booleans())
def test_what_pyyaml_writes_is_read_back(value: dict[str, Any], flow: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    document = read(text)
    assert document.value == yaml.safe_load(text)
    assert not document.oddities


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    with pytest.raises(LoracfgError, match=r"install `loracfg\[trainers\]`"):
        read_yaml("a: 1\n", "config.yaml")


@pytest.mark.parametrize(
    "text",
    [
        ":".join(["1"] * 20_000),
        ":".join(["1"] * 60_000),
        "-" + ":".join(["1"] * 20_000),
        "0x" + "f" * 10_000,
        "0b" + "1" * 100_000,
        "0" + "7" * 100_000,
        "9" * 100_000,
        "1" + "_1" * 50_000,
        ":".join(["1"] * 20_000) + ".5",
        "9" * 100_000 + ".0",
        "1.0e+999999",
        "2001-13-45",
        "0000-00-00",
        "9999-12-31T23:59:59-23:59",
        "2001-01-01T01:01:01+99:99",
        "2001-01-01T01:01:01." + "1" * 100_000,
    ],
)
def test_values_that_no_config_has_are_kept_as_their_text(text: str) -> None:
    start = time.process_time()
    document = read(f"a: {text}\n? {text}\n: 1\nb: !!str x")
    assert time.process_time() - start < 1
    assert document.value == {"a": text, text: 1, "b": "x"}
    assert [oddity.kind for oddity in document.oddities] == ["other-value", "other-key"]


@pytest.mark.parametrize(
    "tag",
    [
        "!!bool x",
        "!!timestamp x",
        '!!int ""',
        '!!int "_"',
        '!!float ""',
        "!!int x",
        '!!binary "%"',
        "!!python/name:os.system",
        "!!python/object/apply:os.system [x]",
        "!!python/tuple [x]",
    ],
)
def test_a_tag_that_does_not_fit_is_an_oddity(tag: str) -> None:
    document = read(f"a: {tag}")
    assert [oddity.pointer for oddity in document.oddities] == ["/a"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: &a " + "x" * 100_000 + "\nb: [" + "*a, " * 19_000 + "]", "aliases make the file"),
        ("a: &a {" + "x" * 1_000 + ": 1}\nb: [" + "*a, " * 9_000 + "]", "aliases make the file"),
        ("a: &a [" + "1, " * 15_000 + "]\nb:\n" + "  ? *a\n  : 1\n" * 9_000, "a key is a list"),
        ("a: &a []\nb:\n  ? *a\n  : 1", "a key is a list or a mapping"),
        (
            "a0: &a0 [1, 1]\n"
            + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)),
            "more than 20000 values",
        ),
    ],
)
def test_aliases_cost_no_more_than_what_they_stand_for(text: str, problem: str) -> None:
    start = time.process_time()
    with pytest.raises(LoracfgError, match=problem):
        read_yaml(text, "config.yaml")
    assert time.process_time() - start < 1
