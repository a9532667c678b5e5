"""What a loader made of an adapter, measured by what PEFT computed with it, and by the facts."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from scipy.optimize import least_squares  # type: ignore[import-untyped]

from loracfg.runtimes.profile import Fact
from loracfg.runtimes.verdict import Answer, Verdict
from tests.oracles.adapters import Made
from tests.oracles.bases import Tensors, base_model, inputs_of, output_of

NOISE: Final = 1e-3
"""How far an output may be from PEFT's, of its largest value: engines round differently."""

FACTOR_NOISE: Final = 0.02
"""How far a factor may be from the one that the facts give, relatively."""


class Seen(NamedTuple):
    """What a loader made of an adapter: `factors` are how many times PEFT's its scales are.

    They are the smallest and the largest; `None` if no factors make of PEFT's result what was seen.
    """

    answer: Answer
    factors: tuple[float, float] | None = None
    message: str = ""

    @property
    def shown(self) -> str:
        """The answer in words."""
        if self.answer == "raises":
            return f"raises {self.message.strip()[-300:]!r}"
        if self.factors is None or self.answer == "loads":
            return self.answer
        return "differs, with scales {:.3g} to {:.3g} times PEFT's".format(*self.factors)


def seen(made: Made, found: Tensors) -> Seen:
    """Return what a loader made of an adapter, by the output or deltas that came of it."""
    expected = made.expect()
    given = expected.pop("output")
    if "output" not in found and "unmergeable" in expected:
        return Seen("differs")
    if "output" not in found:
        return _told(_factors_of_deltas(expected, found))
    near = noise(given)
    if (found["output"] - given).abs().max() <= near:
        return Seen("loads", (1.0, 1.0))
    return Seen("differs", _fitted(made, found["output"], near))


def noise(output: torch.Tensor) -> float:
    """Return how far from an output another may be that is the same but for rounding."""
    return NOISE * float(output.abs().max())


def disagreement(verdict: Verdict, found: Seen) -> str | None:
    """Return in words how the facts disagree with what was seen, if they do."""
    if verdict.answer == "unknown":
        return None
    if verdict.answer != found.answer:
        return f"seen: {found.shown}; the facts: {_said(verdict)}"
    refusals = [fact for fact in verdict.facts if fact.effect == "raises"]
    if refusals and not any(_is_told_by(found.message, fact) for fact in refusals):
        return f"seen: {found.shown}; the facts: {_said(verdict)}"
    if verdict.answer == "differs" and verdict.factors and not _agree(verdict, found):
        return f"seen: {found.shown}; the facts: {verdict.factors}"
    return None


def _is_told_by(message: str, fact: Fact) -> bool:
    return fact.message in message or bool(fact.other_message and fact.other_message in message)


def _said(verdict: Verdict) -> str:
    told = [fact.message or fact.what for fact in verdict.facts]
    return ": ".join([verdict.answer, *told])


def _agree(verdict: Verdict, found: Seen) -> bool:
    return found.factors is not None and all(
        math.isclose(a, b, rel_tol=FACTOR_NOISE)
        for a, b in zip(found.factors, verdict.factors or (), strict=True)
    )


def _told(factors: list[float] | None) -> Seen:
    if factors is None:
        return Seen("differs")
    if all(math.isclose(factor, 1, rel_tol=1e-4) for factor in factors):
        return Seen("loads", (1.0, 1.0))
    return Seen("differs", (min(factors), max(factors)))


def _factors_of_deltas(expected: Tensors, found: Tensors) -> list[float] | None:
    """Return by what each delta that is expected must be multiplied to be the one that was found.

    `None` if one is no multiple, or if there are others.
    """
    if any(found[name].any() for name in found.keys() - expected.keys()):
        return None
    factors = []
    for name, delta in expected.items():
        other = found.get(name, torch.zeros_like(delta))
        factor = (delta * other).sum() / (delta * delta).sum()
        if (other - factor * delta).norm() > 1e-4 * delta.norm():
            return None
        factors.append(float(factor))
    return factors


def _fitted(made: Made, found: torch.Tensor, near: float) -> tuple[float, float] | None:
    """Return the factors of PEFT's scales that give the output that was found, if any do.

    Modules that have one scale in PEFT have one factor.
    """
    import peft

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = peft.PeftModel.from_pretrained(base_model(made.base.name), made.trained).eval()
    inputs = inputs_of(made.base.name)
    layers = [one for one in model.modules() if isinstance(one, peft.tuners.lora.LoraLayer)]
    scales = [layer.scaling["default"] for layer in layers]
    groups = [sorted(set(scales)).index(scale) for scale in scales]
    factors = _fit(layers, groups, lambda: output_of(model, inputs) - found, near)
    return (min(factors), max(factors)) if factors else None


def _fit(
    layers: list[Any], groups: list[int], miss: Callable[[], torch.Tensor], near: float
) -> list[float] | None:
    """Return the factor of each group of layers with which `miss` is `near` to zero."""
    scales = [layer.scaling["default"] for layer in layers]

    def distance(factors: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        for layer, scale, group in zip(layers, scales, groups, strict=True):
            layer.scaling["default"] = scale * factors[group]
        return miss().flatten().numpy().astype(float)

    fitted = least_squares(distance, np.full(max(groups) + 1, 0.5), diff_step=1e-3)
    distance(np.ones(max(groups) + 1))
    return [round(float(f), 4) for f in fitted.x] if np.abs(fitted.fun).max() <= near else None
