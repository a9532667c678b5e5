"""Plans of drawn configs against PEFT, on bases of every type that the catalogue knows.

`python -m tests.training.plan.drawn --draws 2000 --seed N [TYPE…]` draws a base config and a class
for each type, adapts the class on the meta device with drawn `LoraConfig`s, and compares the
numbers of modules, tensors and parameters, and the size of the file that PEFT saves.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import warnings
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest.mock import patch

import transformers

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.from_library.built import model_of
from loracfg.base.search import ResolvedBase
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.engine.engine import Engine
from loracfg.testing.plans import adaptable
from tests.base.drawing import Draw
from tests.training.plan.drawn_configs import drawn_config

if TYPE_CHECKING:
    from torch import nn

LAYOUT: Final = transformers.__version__.partition(".")[0]
DTYPES: Final = ("float32", "float32", "bfloat16", "float16")
LATER_FAILURES: Final = ("returns several tensors", "which PEFT cannot load", "is beyond the")
"""Why a plan refuses adapters that PEFT makes: they fail in the first step, when loaded, or with
a token beyond the embedding, which the meta device does not notice."""
UNSAVEABLE: Final = "LC640"
"""The rule that says that PEFT cannot save what it makes."""
MOST_MODULES: Final = 800
"""Larger drawn bases are not built."""
MOST_BYTES: Final = 200_000_000
"""Larger files are not saved."""


class Sizes(NamedTuple):
    """What a plan and PEFT are compared by."""

    modules: int
    tensors: int
    trainable: int
    total: int
    file_bytes: int


class Outcome(NamedTuple):
    """The comparison of one config: `equal`, `refused` by both, or what differs."""

    result: str
    model_type: str
    class_name: str
    config: dict[str, Any]
    why: str = ""


def outcomes(model_type: str, seed: int, count: int) -> Iterator[Outcome]:
    """Draw a base of a type and adapter configs for it, and compare each."""
    rng = random.Random(f"{seed} {model_type}")  # noqa: S311  # draws examples, no secrets
    drawn = _drawn_base(model_type, rng)
    if drawn is None:
        return
    base, model = drawn
    for _ in range(count):
        values = drawn_config(base, rng)
        dtype = rng.choice(DTYPES)
        yield compare(base, model, values, dtype)
    del model
    gc.collect()


def compare(base: Architecture, model: nn.Module, values: dict[str, Any], dtype: str) -> Outcome:
    """Compare the plan of a config with what PEFT does on the model."""
    shown = values | {"dtype": dtype}
    outcome = Outcome("equal", base.model_type or "", base.class_name or "", shown)
    theirs = peft_sizes(model, values, dtype)
    if theirs is None:
        return outcome._replace(result="large")
    ours = planned_sizes(base, values, dtype)
    if isinstance(theirs, str) and isinstance(ours, str):
        return outcome._replace(result="refused", why=f"{theirs} | {ours}")
    if isinstance(ours, str) and any(one in ours for one in LATER_FAILURES):
        return outcome._replace(result="refused", why=ours)
    if ours != theirs:
        return outcome._replace(result="differs", why=f"plan: {ours}, PEFT: {theirs}")
    return outcome


def planned_sizes(base: Architecture, values: dict[str, Any], dtype: str) -> Sizes | str:
    """Return the sizes that the plan gives, or why there is none."""
    from loracfg.training.planned import Training, plan_case
    from loracfg.training.source_reading import source_of_options

    config = LoraConfig.model_validate(values, context=FIELDS_ONLY)
    case = Engine().open_planned(config, base=ResolvedBase(base), dtype=dtype)
    plan = plan_case(case, source_of_options(config.to_dict()), Training(dtype))
    s = plan.sizes
    unsaveable = [d.message for d in plan.report.diagnostics if d.code == UNSAVEABLE]
    if s is None or s.file_bytes is None or unsaveable:
        return (
            "; ".join(unsaveable)
            or "; ".join(d.message for d in plan.report.diagnostics if d.severity == "error")
            or "no plan"
        )
    return Sizes(s.modules, s.tensors, s.trainable_parameters, s.all_parameters, s.file_bytes)


def peft_sizes(model: nn.Module, values: dict[str, Any], dtype: str) -> Sizes | str | None:
    """Return the sizes of the adapter that PEFT makes, why it raises, or None for a large file."""
    import peft
    import torch

    own = LoraConfig.model_validate(values, context=FIELDS_ONLY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            config = own.to_peft()
            whole = deepcopy(model).to(getattr(torch, dtype))
            adapted = peft.get_peft_model(whole, config)
            trainable, total = adapted.get_nb_trainable_parameters()
            tuner: Any = adapted.base_model
            modules = len(tuner.targeted_module_names) + len(tuner.targeted_parameter_names)
            state = peft.get_peft_model_state_dict(adapted)
            if sum(one.nbytes for one in state.values()) > MOST_BYTES:
                return None
            size, count = _saved(adapted, state)
        except Exception as error:  # whatever PEFT raises is an answer
            return f"{type(error).__name__}: {error}"
    return Sizes(modules, count, trainable, total, size)


def _saved(adapted: Any, state: dict[str, Any]) -> tuple[int, int]:
    """Return the size of the file that PEFT saves, and the number of its tensors."""
    import torch

    held = {name: torch.zeros(one.shape, dtype=one.dtype) for name, one in state.items()}
    with (
        TemporaryDirectory() as folder,
        patch("peft.peft_model.get_peft_model_state_dict", lambda *_, **__: held),
    ):
        adapted.save_pretrained(folder)
        file = Path(folder, "adapter_model.safetensors")
        with file.open("rb") as stream:
            header = json.loads(stream.read(int.from_bytes(stream.read(8), "little")))
        return file.stat().st_size, len(header.keys() - {"__metadata__"})


def _drawn_base(model_type: str, rng: random.Random) -> tuple[Architecture, nn.Module] | None:
    """Return a drawn tree, and the model of transformers that it is about."""
    for attempt in range(8):
        try:
            drawn = Draw(rng).config(model_type, careful=attempt > 1)
        except ValueError:
            return None
        config = json.loads(json.dumps(drawn, default=lambda value: value.to_dict()))
        names = lookup.classes(model_type, LAYOUT)
        if not names:
            return None
        name = rng.choice(names)
        try:
            base = lookup.build(json.loads(json.dumps(config)), name, LAYOUT)
        except CannotBuildError:
            continue
        if len(base.modules) > MOST_MODULES or not adaptable(base):
            continue
        model = _built(config, name)
        if model is not None:
            return base, model
    return None


def _built(config: dict[str, Any], name: str) -> nn.Module | None:
    try:
        return model_of(config, name)
    except CannotBuildError:  # the law of the catalogue is about these
        return None


def main() -> None:
    """Compare drawn configs and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--each", type=int, default=8, help="configs for each base")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("types", nargs="*")
    given_ = parser.parse_args()
    rng = random.Random(given_.seed)  # noqa: S311
    names = given_.types or rng.sample(types(), len(types()))
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for model_type in names:
        for outcome in outcomes(model_type, given_.seed, given_.each):
            counts[outcome.result] += 1
            if outcome.result != "refused":
                seen.add(model_type)
            if outcome.result == "differs":
                print(json.dumps(outcome._asdict(), default=str), flush=True)  # noqa: T201
        if counts["equal"] + counts["differs"] >= given_.draws:
            break
    print(f"{counts.total()} configs, {dict(counts)}, {len(seen)} types")  # noqa: T201


def types() -> list[str]:
    """Return the model types that the catalogue knows."""

    return lookup.model_types(LAYOUT)


if __name__ == "__main__":
    main()
