"""Patterns of tied weights: real ones match as in transformers, and expensive ones are declined."""

from __future__ import annotations

import re
import time
from typing import Final

import pytest

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.trees.tie_patterns import matches

REAL: Final = (
    r"bbox_embed.(?![0])\d+",
    r"^class_embed.0",
    r"layers.(?!2\.)\d+.shared_transf",
    r"model\.decoder\.bbox_embed\.(?![0])\d+",
    r"audio_model\.text_model\.(?!rotary_emb)",
    r"^text_model\.(?!rotary_emb)",
    r"video_encoder\.(?!rotary_emb|.*\.rope\.pos_embed)",
    r"cls.predictions.bias",
    r"embeddings.weight$",
    r"model.decoder.bbox_embed\.(?:[^.]+\.)*weight",
)
"""Patterns in classes of transformers 5.23."""
NAMES: Final = [
    f"{path}.{end}"
    for path in (
        *[f"{stem}.{k}" for stem in ("bbox_embed", "class_embed", "layers") for k in range(30)],
        *[f"model.decoder.bbox_embed.{k}.layers.{k}" for k in range(30)],
        *[f"video_encoder.block.{k}.{name}" for k in range(300) for name in ("rope", "fc")],
        *("cls.predictions", "embeddings", "text_model", "audio_model.text_model"),
    )
    for end in ("weight", "bias", "shared_transf.weight", "pos_embed", "rotary_emb")
]
SLOW: Final = (
    r"(([a-z.0-9]+)+)+$!",
    r"(?:a|b)*x",
    r"(?:[^.]+)*x",
    r"(?:[^.]+\.)*(?:[^.]+\.)*(?:[^.]+\.)*x",
    r"(a)\1\1",
    r"a{1000}{1000}",
    "(?:" + "|".join(f"a{k}" for k in range(50000)) + ")x",
    "(" * 5000 + ")" * 5000,
    r".*.*.*x",
    "".join("(?:a|b|c|)" for _ in range(40)),
    r"[a-z]*[a-z.]*[a-z0-9.]*!|x",
    "(?i)a",
)


@pytest.mark.parametrize("pattern", REAL)
def test_real_patterns_match_as_in_transformers(pattern: str) -> None:
    budget = Budget()
    found = matches([pattern], NAMES, budget)
    assert found == {pattern: sorted(one for one in NAMES if re.search("^" + pattern, one))}
    assert budget.steps > Budget().steps // 4


@pytest.mark.parametrize("pattern", SLOW)
def test_expensive_patterns_are_declined_soon(pattern: str) -> None:
    names = [f"model.layers.{k}.{'a' * 60}.{end}" for k in range(9000) for end in ("w", "b")]
    start = time.process_time()
    with pytest.raises(DeclinedError):
        matches([pattern], names, Budget())
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:[^.]+\.)*x|y",
        r"x|(?:[^.]+\.)*y",
        r"[a-z0-9.]*x|y",
        r".*",
        r"\d+a|.*b",
        r"a?a?a?a?b",
        "[^]",
        "[",
    ],
)
def test_the_budget_limits_many_patterns(pattern: str) -> None:
    names = [f"layers.{k}.{'a' * 40}" for k in range(9000)]
    patterns = [f"{pattern}{k}" for k in range(8000)]
    start = time.process_time()
    with pytest.raises((DeclinedError, RefusedError)):
        matches(patterns, names, Budget())
    assert time.process_time() - start < 1


def test_patterns_that_do_not_compile_are_rejected() -> None:
    with pytest.raises(RefusedError, match="does not compile"):
        matches(["[z-a]"], NAMES, Budget())
