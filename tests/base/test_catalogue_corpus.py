"""Published configs: the catalogue builds the same as transformers, and declines only a few."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from loracfg.base.catalogue import lookup
from loracfg.base.from_library import built as builder
from tests.base.law import LAYOUT, compare
from tests.corpus import shared

MOST_DECLINED = 0.05


def configs(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    found = [(path, json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json"))]
    return [(path, value) for path, value in found if lookup.knows(value, LAYOUT)]


@pytest.mark.slow
def test_published_configs_are_equal_or_declined() -> None:
    results: Counter[str] = Counter()
    wrong, declined = [], []
    for path, config in configs(shared("corpus/base_configs")):
        names = builder.trusted_classes(config) or builder.other_classes(config)[:1]
        types = [model_type for model_type, _ in lookup.candidates(config)]
        there = {name for one in types for name in lookup.classes(one, LAYOUT)}
        known = [name for name in names if name in there]
        for name in known or builder.other_classes(config)[:1]:
            result, why = compare(config, name)
            results[result] += 1
            if result == "wrong":
                wrong.append(f"{path.name}: {name}: {why}")
            elif result == "declined":
                declined.append(f"{path.name}: {name}: {why}")
    assert not wrong, wrong
    assert results["equal"] > 0
    assert len(declined) <= MOST_DECLINED * results.total(), declined
