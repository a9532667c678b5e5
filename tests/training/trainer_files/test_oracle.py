"""The trainers' own code on drawn files and on the examples of their packages."""

from __future__ import annotations

import os

import pytest

from loracfg.training.trainer_files.tool_parts import llama_factory_parts, swift_parts
from tests.training.trainer_files.environments import ENVIRONMENTS, facts_of
from tests.training.trainer_files.examples import examples_of
from tests.training.trainer_files.oracle import check, drawn_files

pytestmark = pytest.mark.skipif(
    os.environ.get("LORACFG_PROFILE") != "long",
    reason="each trainer takes half a minute to import; LORACFG_PROFILE=long asks them",
)

DRAWS = 60


@pytest.mark.parametrize("trainer", ENVIRONMENTS)
def test_drawn_files_are_read_as_the_trainer_reads_them(trainer: str) -> None:
    outcomes, differences = check(trainer, drawn_files(trainer, DRAWS, 1))
    assert differences == []
    assert outcomes["equal"] >= DRAWS / 3


@pytest.mark.parametrize("trainer", ["axolotl", "LLaMA-Factory", "TRL", "ms-swift"])
def test_documented_examples_are_read_as_the_trainer_reads_them(trainer: str) -> None:
    examples = examples_of(trainer)
    if not examples:
        pytest.skip("the sources of the package are missing; `--install` unpacks them")
    outcomes, differences = check(trainer, examples)
    assert differences == []
    assert outcomes["equal"] > 0


def test_the_tables_of_parts_are_those_of_the_packages() -> None:
    ours = {name: one._asdict() for name, one in llama_factory_parts().items()}
    theirs = facts_of("LLaMA-Factory", "facts_llama_factory.py")
    assert {name: {k: list(v) for k, v in one.items()} for name, one in ours.items()} == theirs
    assert swift_parts().keys() == facts_of("ms-swift", "facts_ms_swift.py").keys()
