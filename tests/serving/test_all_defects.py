"""Every defect in every kind of adapter, through the resolver inside vLLM; in the long profile."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from loracfg import Engine, Options
from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS, is_harmful
from tests.made.make import Made, make
from tests.made.recipes import BROKEN_IN_PEFT, CASES, recipe
from tests.serving.asking import LONG, session
from tests.serving.folders import write, write_broken

TYPES: Final = ("llama", "qwen3_moe")
GATE: Final = "LORACFG_VLLM_"

pytestmark = pytest.mark.skipif(not LONG, reason="it takes 9 minutes: `LORACFG_PROFILE=long`")


class Tally(NamedTuple):
    """How many adapters were asked for, and what was answered otherwise than it should be."""

    sound: list[str]
    broken: list[str]
    wrong: dict[str, object]


def cases() -> Iterator[tuple[str, str]]:
    for model_type, option in CASES:
        if model_type in TYPES and (model_type, option) not in BROKEN_IN_PEFT:
            yield model_type, option


def test_all_are_answered_as_they_should_be(tmp_path: Path) -> None:
    tally = Tally([], [], {})
    roots = tmp_path / "roots"
    roots.mkdir()
    variables = {GATE + "ROOTS": str(roots), GATE + "FOR": "none"}
    with session(tmp_path, variables) as vllm:
        for model_type, option in cases():
            chosen = recipe(model_type, option)
            made = make(model_type, chosen, tmp_path / "made", option) if chosen else None
            if not isinstance(made, Made):
                continue
            codes = written(roots, made)
            base = str(made.base / "config.json")
            answers = vllm.ask({"do": "resolve", "base": base, "ask": ["sound", *codes]})
            add(tally, f"{model_type} {option}", codes, answers)
            shutil.rmtree(roots / "sound")
            for name in codes:
                shutil.rmtree(roots / name)
            assert not tally.wrong
    counts = f"{len(tally.sound)} sound and {len(tally.broken)} broken adapters"
    sys.stdout.write(counts + "\n")
    assert len(tally.broken) > 1_000


def written(roots: Path, made: Made) -> dict[str, str]:
    """Write an adapter and its broken copies; return the rule for each of these."""
    copy = Copy.of(made.adapter)
    write(roots / "sound", copy)
    tree = Engine(Options(base=str(made.base / "config.json"))).open(made.adapter).base.architecture
    found = {one.name: one.code for one in write_broken(roots, copy)}
    harmless = [one.name for one in DEFECTS if tree is not None and not is_harmful(one, tree)]
    for name in found.keys() & harmless:
        shutil.rmtree(roots / name)
        del found[name]
    return found


def add(tally: Tally, made: str, codes: dict[str, str], answers: dict[str, list[str]]) -> None:
    """Add the answers for an adapter and its broken copies."""
    tally.sound.append(made)
    if answers["sound"][0] != "passed":
        tally.wrong[f"{made}: sound"] = answers["sound"]
    for name, code in codes.items():
        tally.broken.append(f"{made}: {name}")
        answer, message = answers[name]
        if answer != "refused" or f"was refused: {code} " not in message:
            tally.wrong[f"{made}: {name}"] = (code, answer, message)
