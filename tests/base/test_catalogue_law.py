"""For any config the catalogue gives what transformers builds, or it declines; never otherwise."""

from __future__ import annotations

import json
import os
import random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.base.catalogue import lookup
from tests.base.law import LAYOUT, compare, draw_config, model_types

ALWAYS: Final = ("bert", "deepseek_v3", "gpt2", "llama", "qwen2_vl", "whisper")
DRAWN: Final = 16
CLASSES: Final = 3


LONG: Final = os.environ.get("LORACFG_PROFILE") == "long"


def types() -> list[str]:
    """Return the types that are tried: all in the long profile, else some, always the same."""
    found = model_types()
    if LONG:
        return found
    some = random.Random(0).sample(found, min(DRAWN, len(found)))  # noqa: S311
    return sorted({*(t for t in ALWAYS if t in found), *some})


@pytest.mark.parametrize("model_type", types())
@settings(max_examples=6, deadline=None, database=None, derandomize=not LONG)
@given(rng=st.randoms(use_true_random=False))
def test_equal_or_declined(model_type: str, rng: random.Random) -> None:
    entry = lookup.read_entry(model_type, LAYOUT)
    assert entry is not None
    config = draw_config(model_type, rng)
    for class_name in list(entry.classes)[:CLASSES]:
        result, why = compare(dict(config), class_name)
        assert result != "wrong", f"{class_name}: {why}\n{json.dumps(config)}"


@pytest.mark.parametrize("model_type", model_types())
def test_every_entry_answers_for_its_defaults(model_type: str) -> None:
    entry = lookup.read_entry(model_type, LAYOUT)
    assert entry is not None
    assert entry.classes
    for node in entry.classes.values():
        assert node.tree in range(len(entry.nodes))
