"""What must agree between the injector, PEFT and the plan for one config on one model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
import torch
from torch import Tensor

from loracfg.config.model.lora_config import LoraConfig
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.injector import merge, save, state_dict, unmerge
from tests.injector.inputs import outputs
from tests.injector.pair import (
    Pair,
    align,
    base_tensors,
    gradients,
    ours_from,
    pair_of,
    their_state,
    theirs_from,
    trained,
)
from tests.planning.models import architecture, model_of
from tests.planning.real import planned

RELATIVE: Final = {torch.float32: 1e-6, torch.float64: 1e-10}
"""The norm of a difference that may be, by that of what is expected."""

RELOADED: Final = 1e-5
"""The same for models that were made again, whose initialisation may have changed the base."""


class DiffersError(AssertionError):
    """Two tensors differ, by so much of their size."""

    def __init__(self, what: str, by: float) -> None:
        super().__init__(f"{what} differs by {by:.1e} of its size")


def check_agreement(name: str, config: LoraConfig) -> Pair | None:
    """Compare names, shapes, dtypes, what is trained, results, gradients and merged weights.

    Returns the models with one set of values, None where both refuse the config, or where the
    model that PEFT has made cannot be called.
    """
    pair = pair_of(name, config)
    if pair.ours is None:
        assert pair.theirs is None or "PEFT cannot load" in str(pair.refusals[1]), pair.refusals
        return None
    assert pair.theirs is not None, pair.refusals
    own, real = state_dict(pair.ours), their_state(pair.theirs)
    assert _described(own) == _described(real)
    plan = planned(config, architecture(name))
    assert plan == {key: tuple(tensor.shape) for key, tensor in own.items()}
    ours, theirs = trained(pair)
    assert ours == theirs
    align(pair)
    if not can_be_called(pair):
        return None
    with TemporaryDirectory() as folder:
        check_files(pair, Path(folder))
    try:
        check_computation(pair)
    except DiffersError:
        # By rounding, which grows in a deep model: in float64 the difference must vanish. The
        # values are drawn, and decompositions are for smaller numbers.
        starts = config.init_lora_weights == "mica"
        plain = config if starts else config.model_copy(update={"init_lora_weights": True})
        pair = pair_of(name, plain, torch.float64)
        if pair.theirs is None:
            return pair
        align(pair)
        check_computation(pair, torch.float64)
    return pair


def can_be_called(pair: Pair) -> bool:
    """Tell whether PEFT's model computes at all."""
    pair.theirs.eval()  # while training, some adapters use up random numbers
    try:
        outputs(pair.theirs, pair.name)
    except (AttributeError, IndexError, RuntimeError, TypeError, ValueError):
        return False
    return True


def check_computation(pair: Pair, dtype: torch.dtype = torch.float32) -> None:
    """Compare results, gradients and merged weights."""
    relative = RELATIVE[dtype]
    for training in (False, True):
        check_results(pair, relative, training=training)
    check_merging(pair, relative)


def check_files(pair: Pair, folder: Path) -> None:
    """Load what each has saved with the other, and validate it."""
    saved_by_theirs, saved_by_ours = folder / "theirs", folder / "ours"
    pair.theirs.save_pretrained(str(saved_by_theirs))
    save(pair.ours, saved_by_ours)
    try:
        again = theirs_from(pair.name, saved_by_theirs)
    except RuntimeError:
        return  # PEFT does not load what it saved, as it reads the saved config otherwise
    if their_state(again).keys() != their_state(pair.theirs).keys():
        return
    expected = evaluated(again, pair.name)  # of patterns, another one may come first in the file
    for found in (
        evaluated(ours_from(pair.name, saved_by_theirs), pair.name),
        evaluated(theirs_from(pair.name, saved_by_ours), pair.name),
    ):
        for ours, theirs in zip(found, expected, strict=True):
            assert_close(ours, theirs, "a result after loading", RELOADED)
    if pair.name != "modules":
        base = folder / "base"
        base.mkdir()
        model: Any = model_of(pair.name)
        model.config.to_json_file(base / "config.json")
        options = Options(base=str(base), class_name=type(model).__name__)
        for adapter in validate([saved_by_theirs, saved_by_ours], options).adapters:
            assert adapter.status == "valid", adapter.diagnostics


def evaluated(model: Any, name: str) -> list[Tensor]:
    """Return what a model computes when it is not trained."""
    model.eval()
    with torch.no_grad():
        return outputs(model, name)


def check_results(pair: Pair, relative: float, *, training: bool) -> None:
    """Compare what both compute, and the gradients of what they train, or that both fail."""
    for model in (pair.ours, pair.theirs):
        model.train(training)
    try:
        real = outputs(pair.theirs, pair.name)
    except RuntimeError:
        with pytest.raises(RuntimeError):
            outputs(pair.ours, pair.name)
        return
    own = outputs(pair.ours, pair.name)
    for ours, theirs in zip(own, real, strict=True):
        assert_close(ours, theirs, "a result", relative)
    assert_all_close(gradients(pair.ours, pair.name), gradients(pair.theirs, pair.name), relative)


def check_merging(pair: Pair, relative: float) -> None:
    """Compare the base weights with the adapter in them, and after it was taken out."""
    before = {key: tensor.clone() for key, tensor in base_tensors(pair.ours).items()}
    try:
        pair.theirs.merge_adapter()
    except (AttributeError, NotImplementedError, RuntimeError):
        return  # ours may still do it: PEFT looks for the bias of factors that have none
    merge(pair.ours)
    check_bases(pair, relative)
    unmerge(pair.ours)  # PEFT unmerges in another order, which spoils a weight that layers share
    assert_all_close(base_tensors(pair.ours), before, 100 * relative)


def check_bases(pair: Pair, relative: float) -> None:
    """Compare the base weights."""
    theirs = base_tensors(pair.theirs.base_model.model)
    assert_all_close(base_tensors(pair.ours), theirs, relative)


def assert_all_close(
    ours: Mapping[str, Tensor], theirs: Mapping[str, Tensor], relative: float
) -> None:
    """Compare tensors one by one; what is next to nothing beside the others may differ more."""
    assert ours.keys() == theirs.keys()
    largest = max((float(tensor.double().norm()) for tensor in theirs.values()), default=0.0)
    for key, tensor in ours.items():
        # Shares add up to 1, so that most of their gradients cancels, of numbers in float32.
        bound = 1e-3 if key.endswith("expert_weights_prior") else relative
        assert_close(tensor, theirs[key], f"`{key}`", bound, least=1e-3 * largest or 1e-9)


def assert_close(
    ours: Tensor, theirs: Tensor, what: str, relative: float, least: float = 1e-6
) -> None:
    """Compare two tensors; `least` is the size below which sizes count as that."""
    assert ours.shape == theirs.shape, what
    assert ours.dtype == theirs.dtype, what
    size = max(float(theirs.double().norm()), least)
    by = float((ours.double() - theirs.double()).norm()) / size
    if not by <= relative:
        raise DiffersError(what, by)


def _described(state: Mapping[str, Tensor]) -> dict[str, tuple[torch.Size, torch.dtype]]:
    return {key: (tensor.shape, tensor.dtype) for key, tensor in state.items()}
