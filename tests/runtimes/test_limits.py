"""The values that settings take, by their kinds."""

from __future__ import annotations

import re
from typing import Final

import pytest

from loracfg import LoracfgError
from loracfg.runtimes.server_limits import Limit, limit_of, named, pattern, read
from loracfg.runtimes.versions import Word

FLAG, COUNT, SHARE, TEXT = Limit(False), Limit(0), Limit(0.5), Limit("")
WORDS: Final = Limit(())
KINDS: Final = Limit("no", (Word("no"), Word("a.b", ">=2")))
THREE: Final = Limit("auto", (Word("auto"), Word("true"), Word("false")))
NUMBERS: Final = Limit(16, (Word("8"), Word("16")))


def test_values_have_the_type_of_the_default() -> None:
    for limit, text, value in [
        (FLAG, "true", True),
        (FLAG, "false", False),
        (FLAG, "yes", None),
        (COUNT, "64", 64),
        (COUNT, "-1", None),
        (COUNT, "1.5", None),
        (COUNT, "1234567890", None),
        (SHARE, "0.25", 0.25),
        (SHARE, "2", 2.0),
        (SHARE, ".5", None),
        (TEXT, "a b", "a b"),
        (TEXT, "a,b", None),
        (TEXT, "", None),
        (WORDS, "a", ("a",)),
        (WORDS, "a+b_1", ("a", "b_1")),
        (WORDS, "a++b", None),
        (KINDS, "a.b", "a.b"),
        (KINDS, "axb", None),
        (KINDS, "yes", None),
        (THREE, "true", "true"),
        (NUMBERS, "8", 8),
        (NUMBERS, "9", None),
    ]:
        found = limit.read(text)
        assert (found, type(found)) == (value, type(value)), text


def test_flags_and_examples() -> None:
    for limit, is_flag, example in [
        (FLAG, True, "true"),
        (COUNT, False, "64"),
        (SHARE, False, "64"),
        (TEXT, False, "name"),
        (WORDS, False, "q_proj+v_proj"),
        (KINDS, False, "a.b"),
        (THREE, True, "false"),
        (NUMBERS, False, "16"),
    ]:
        assert (limit.is_flag, limit.example) == (is_flag, example), limit
        assert limit.read(example) is not None, limit


def test_settings_in_facts() -> None:
    for data, limit in [
        (16, Limit(16)),
        ([], Limit(())),
        (["a", "b"], Limit(("a", "b"))),
        ({"default": 1}, Limit(1)),
        ({"default": ["a"], "versions": ">=2"}, Limit(("a",), versions=">=2")),
        ({"default": "no", "choices": "no a.b>=2"}, KINDS),
    ]:
        assert limit_of(data) == limit, data


def test_setting_names_as_on_a_command_line_or_in_facts() -> None:
    for text in ("max_loras", "--max-loras", "max-loras", " max_loras "):
        assert named("small", text, ["model", "max_loras"]) == "max_loras"
    for text, known, said in [
        ("model", (), "`small` has no setting `model`; leave it out"),
        ("xyz", ("model",), "`small` has no setting `xyz`; use one of `model`"),
        (
            "--max-lora",
            ("model", "max_loras"),
            "`small` has no setting `--max-lora`; did you mean `max_loras`? "
            "Use one of `model`, `max_loras`",
        ),
        (
            "max_lorass",
            iter(["max_loras", "max_lora"]),
            "`small` has no setting `max_lorass`; did you mean `max_loras`? "
            "Use one of `max_loras`, `max_lora`",
        ),
    ]:
        with pytest.raises(LoracfgError) as caught:
            named("small", text, known)
        assert str(caught.value) == said, text


def test_flags_and_settings_that_need_a_valid_value() -> None:
    assert read("one", FLAG, None) is True
    assert read("one", FLAG, "false") is False
    assert read("one", THREE, None) == "true"
    assert read("one", COUNT, "0") == 0
    for limit, text, said in [
        (COUNT, None, "`one` has no value; write it as in `one=64`"),
        (TEXT, None, "`one` has no value; write it as in `one=name`"),
        (COUNT, "x", "`x` is not a valid `one`; write it as in `one=64`"),
        (FLAG, "", "`` is not a valid `one`; write it as in `one=true`"),
        (KINDS, None, "`one` has no value; use one of `no`, `a.b`"),
        (KINDS, "x", "`x` is not a valid `one`; use one of `no`, `a.b`"),
    ]:
        with pytest.raises(LoracfgError) as caught:
            read("one", limit, text)
        assert str(caught.value) == said, text


def test_pattern_of_settings() -> None:
    assert pattern([]) == ""
    found = pattern([("flag", FLAG), ("count", COUNT), ("three", THREE), ("kind", KINDS)])
    for text in ("", ",flag", ",flag=false", ",count=1,flag,count=2", ",three", ",kind=a.b"):
        assert re.fullmatch(found, text)
    for text in ("flag", ",count", ",flag=", ",other", ",count=x", ",kind", ",kind=axb"):
        assert not re.fullmatch(found, text)
