"""For any config, the catalogue builds the same as transformers, or it declines."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS
from tests.base.drawing import shape_of_type
from tests.base.law import BAD, LAYOUT, compare, digest, draw_config

ALWAYS: Final = ("bert", "deepseek_v3", "gpt2", "llama", "qwen2_vl", "whisper")
"""Types that are tried in each run; the catalogue answers for most of their draws."""
DRAWN: Final = 24
"""The number of other types that the short profile tries, always the same ones."""
LONG: Final = os.environ.get("LORACFG_PROFILE") == "long"
DRAWS: Final = 40 if LONG else 8
CLASSES: Final = 4 if LONG else 2


RECORD: Final = Path(__file__).resolve().parents[2] / "docs/architectures.json"


@pytest.mark.parametrize("layout", [*LAYOUTS, DIFFUSERS])
def test_the_record_is_of_these_facts(layout: str) -> None:
    layouts: list[dict[str, Any]] = json.loads(RECORD.read_text("utf-8"))["layouts"]
    (own,) = (one for one in layouts if one["layout"] == layout)
    assert own["facts"] == digest(layout), "run the law on them (CONTRIBUTING.md)"
    assert {row["type"] for row in own["types"]} == {*lookup.model_types(layout)}
    for result in BAD:
        assert sum(row.get(result, 0) for row in own["types"]) == 0


def types() -> list[str]:
    """Return the types that are tried: all in the long profile, else some."""
    found = lookup.model_types(LAYOUT)
    if LONG:
        return found
    some = random.Random(0).sample(found, min(DRAWN, len(found)))  # noqa: S311  # no secrets
    return sorted({*(t for t in ALWAYS if t in found), *some})


@pytest.mark.parametrize("model_type", types())
def test_equal_or_declined(model_type: str) -> None:
    rng = random.Random(model_type)  # noqa: S311  # no secrets
    classes = lookup.classes(model_type, LAYOUT)
    if not classes or shape_of_type(model_type) is None:
        pytest.skip("it has no class, or its config class makes no config")
    counts: Counter[str] = Counter()
    for _ in range(DRAWS):
        is_hard = counts["refused"] > counts.total() * 0.4
        config = draw_config(model_type, rng, careful=is_hard)
        for class_name in rng.sample(classes, min(CLASSES, len(classes))):
            result, why = compare(config, class_name)
            assert result not in BAD, f"{class_name}: {why}\n{json.dumps(config)}"
            counts[result] += 1
    if model_type in ALWAYS:
        assert counts["equal"] > counts.total() / 2, counts


@pytest.mark.parametrize("model_type", ALWAYS)
def test_draws_repeat(model_type: str) -> None:
    first, second = (draw_config(model_type, random.Random(7)) for _ in range(2))  # noqa: S311
    assert json.dumps(first) == json.dumps(second)
    assert first["model_type"] == model_type
