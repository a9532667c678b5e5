"""Environment variables: those that are ours, and what they say."""

from __future__ import annotations

import subprocess

import pytest
from loracfg_api.settings import Settings

from loracfg.errors import LoracfgError
from loracfg.settings.keys import KEYS
from loracfg.settings.variables import CONFIG, ISOLATED, chosen_by, is_set, unknown_variables
from tests.cli.running import ROOT

OURS = {key.variable for key in KEYS.values() if key.has_option} | {CONFIG, ISOLATED}


def test_all_variables_of_this_tree_are_known() -> None:
    """No variable that the service, a command or a test reads is taken for a mistake."""
    command = ["git", "grep", "-hoE", r"\bLORACFG_[A-Z_]+[A-Z]\b", ":!tests/settings"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = set(found.split()) - {"LORACFG_BSE"}
    named |= {f"LORACFG_{name.upper()}" for name in Settings.model_fields}
    assert len(named) > len(OURS) + 20
    assert list(unknown_variables(dict.fromkeys(named, "x"))) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LORACFG_BSE", "LORACFG_BASE"),
        ("LORACFG_FAILON", "LORACFG_FAIL_ON"),
        ("LORACFG_IGNORES", "LORACFG_IGNORE"),
        ("LORACFG_FOO", None),
        *((f"LORACFG_{name}", None) for name in ("JOBS", "QUIET", "FORMAT", "PATHS")),
        ("LORACFG_UNRELATED_THING", None),
        ("LORACFG_MAX_RANK", None),
        ("LORAFG_BASE", None),
        ("OTHER_BASE", None),
    ],
)
def test_variables_that_resemble_one(name: str, meant: str | None) -> None:
    assert list(unknown_variables({name: "x"})) == ([(name, meant)] if meant else [])


def test_values() -> None:
    found = chosen_by(
        {
            "LORACFG_SELECT": "LC5, rank-mismatch,",
            "LORACFG_FOR": "vllm==0.33,max_lora_rank=64  sglang",
            "LORACFG_EXCLUDE": "a/*,b",
            "LORACFG_BASE": "a, b",
            "LORACFG_STRICT": "TRUE",
            "LORACFG_DATA": "0",
            "LORACFG_PEFT": "",
        }
    )
    assert {name: one.value for name, one in found.items()} == {
        "select": ("LC5", "rank-mismatch"),
        "for": ("vllm==0.33,max_lora_rank=64", "sglang"),
        "exclude": ("a/*", "b"),
        "base": "a, b",
        "strict": True,
        "data": False,
    }
    assert f"{found['base'].origins[0]}" == "LORACFG_BASE"


def test_a_wrong_pattern_names_its_variable() -> None:
    with pytest.raises(LoracfgError, match="`LORACFG_EXCLUDE` is `bad,!x`, not a pattern"):
        chosen_by({"LORACFG_EXCLUDE": "bad,!x"})


@pytest.mark.parametrize("text", ["1", "true", "yes", "on", "On"])
def test_true(text: str) -> None:
    assert is_set("X", {"X": text})


@pytest.mark.parametrize("text", ["", "0", "false", "no", "off"])
def test_false(text: str) -> None:
    assert not is_set("X", {"X": text})
    assert not is_set("X", {})


@pytest.mark.parametrize("text", ["2", "ja", " 1", "1 "])
def test_neither(text: str) -> None:
    with pytest.raises(LoracfgError, match="set it to `1` or `0`"):
        is_set("X", {"X": text})
