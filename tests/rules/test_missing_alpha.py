"""Configs without `lora_alpha`, with and without an alpha in the metadata."""

from __future__ import annotations

import json

import pytest

from loracfg.analysis.metadata import ALPHA_KEYS, RANK_KEYS, alpha_in_metadata, number_in_metadata
from loracfg.testing.building.judging import judged
from tests.rules.subjects import config, subject

WITHOUT = 'config without "lora_alpha"'
OF_RANK = "set `lora_alpha` to the value used in training"


def metadata(**values: str) -> str:
    return f"metadata {json.dumps(values)}"


@pytest.mark.parametrize(
    ("lines", "message", "help_"),
    [
        ((WITHOUT,), ", with `r` `4`", OF_RANK),
        ((WITHOUT, config(r=16)), ", with `r` `16`", OF_RANK),
        ((WITHOUT, metadata(lora_alpha="x")), ", with `r` `4`", OF_RANK),
        (
            (WITHOUT, metadata(lora_alpha="16")),
            ", but the metadata of the weight file says `16`",
            'write `"lora_alpha": 16` if that is the value used in training',
        ),
        (
            (WITHOUT, 'config without "r"', metadata(ss_network_alpha="0.5")),
            ", but the metadata of the weight file says `0.5`",
            'write `"lora_alpha": 0.5` if that is the value used in training',
        ),
    ],
)
def test_the_default_alpha_may_be_wrong(lines: tuple[str, ...], message: str, help_: str) -> None:
    (found,) = (one for one in judged(*lines).diagnostics if one.code == "LC325")
    assert found.message == f"`lora_alpha` is missing, so PEFT uses `8`{message}"
    assert found.help == help_
    assert found.location.pointer == "/lora_alpha"


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (metadata(lora_alpha="16"),),
        (WITHOUT, config(lora_alhpa=16)),
        (WITHOUT, config(r=8)),
        (WITHOUT, config(r="x")),
        (WITHOUT, 'config without "r"'),
        (WITHOUT, metadata(lora_alpha="8")),  # r is 4
        (WITHOUT, "config text {"),
    ],
)
def test_the_default_alpha_may_be_right(lines: tuple[str, ...]) -> None:
    assert "LC325" not in [one.code for one in judged(*lines).diagnostics]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, None),
        ({"format": "pt"}, None),
        ({"alpha": "16"}, ("alpha", 16)),
        ({"alpha": "16", "lora_alpha": "32"}, ("lora_alpha", 32)),
        ({"alpha": "16", "lora_alpha": "x"}, ("alpha", 16)),
        ({"alpha": "16", "lora_alpha": ""}, ("alpha", 16)),
        ({"alpha": "16", "lora_alpha": "nan"}, ("alpha", 16)),
        ({"alpha": "16", "lora_alpha": "inf"}, ("alpha", 16)),
        ({"alpha": "0"}, ("alpha", 0)),
        ({"r": "16"}, None),
    ],
)
def test_the_first_number_in_the_metadata_is_used(
    values: dict[str, str], found: tuple[str, float] | None
) -> None:
    adapter = subject(metadata(**values))
    assert number_in_metadata(adapter, ALPHA_KEYS) == found
    assert alpha_in_metadata(adapter) == (found and found[1])
    assert (number_in_metadata(adapter, RANK_KEYS) is None) is ("r" not in values)


def test_without_a_weight_file_there_is_no_metadata() -> None:
    assert alpha_in_metadata(subject("weights none")) is None
