"""What the facts say of engines is what the real loaders do, and the measure of it can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("peft", reason="the adapters are made by PEFT")
pytest.importorskip("scipy", reason="factors are fitted by scipy")

import torch

from loracfg.engine.fronts import compat
from loracfg.runtimes.verdict import Verdict
from tests.oracles.adapters import Made, make
from tests.oracles.bases import BASES, base_model, inputs_of, output_of
from tests.oracles.cases import CASES, Case
from tests.oracles.comparing import Seen, disagreement, noise, seen
from tests.oracles.environments import LOADERS, Loader, python_of
from tests.oracles.running import judged


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oracles")


PEFT, *ENGINES = LOADERS


def test_peft_loads_what_it_saved(root: Path) -> None:
    lines = {one.name: one.line for one in judged(PEFT, root)}
    unpatched = {name for name, case in PEFT.cases().items() if not case.patches}
    assert {name: lines[name] for name in unpatched} == dict.fromkeys(unpatched, "loads")


@pytest.mark.parametrize("loader", ENGINES, ids=lambda loader: loader.name)
def test_loaders_do_what_the_facts_say(loader: Loader, root: Path) -> None:
    found = judged(loader, root)
    assert len(found) == len(loader.cases()) + len(loader.without)
    assert [f"{one.name}: {one.line}" for one in found if one.disagrees] == []


def one(name: str, folder: Path) -> Made:
    (made,) = make(folder, {name: CASES[name]})
    return made


def scaled(made: Made, **factors: float) -> dict[str, torch.Tensor]:
    """Return the deltas of an adapter, those of some modules times a factor."""
    found = {name: delta for name, delta in made.expect().items() if name.startswith("delta.")}
    for leaf, factor in factors.items():
        found |= {n: factor * delta for n, delta in found.items() if f".{leaf}." in n}
    return found


def test_deltas_tell_what_was_seen(tmp_path: Path) -> None:
    made = one("plain", tmp_path)
    assert seen(made, scaled(made)) == Seen("loads", (1.0, 1.0))
    assert seen(made, scaled(made, q_proj=0.5)).factors == pytest.approx((0.5, 1))
    assert seen(made, scaled(made, q_proj=0)).factors == pytest.approx((0, 1))
    deltas = scaled(made)
    name = "delta.model.layers.0.self_attn.q_proj.weight"
    shuffled = deltas | {name: deltas[name].flip(0)}
    assert seen(made, shuffled) == Seen("differs")
    assert seen(made, deltas | {"delta.lm_head.weight": torch.ones(2)}) == Seen("differs")
    del deltas[name]
    assert seen(made, deltas).factors == pytest.approx((0, 1))


def test_output_tells_by_what_factor_a_scale_is_off(tmp_path: Path) -> None:
    made, other = one("alpha-pattern", tmp_path), one("plain", tmp_path)
    assert seen(made, {"output": made.expect()["output"]}) == Seen("loads", (1.0, 1.0))
    found = seen(made, {"output": other.expect()["output"]})  # all of the config's alpha
    assert found.answer == "differs"
    assert found.factors == pytest.approx((0.25, 1), rel=1e-3)
    assert seen(made, {"output": -made.expect()["output"]}) == Seen("differs")


def test_adapters_that_cannot_be_merged_are_no_change_of_weights(tmp_path: Path) -> None:
    made = one("alora", tmp_path)
    assert scaled(made) == {}
    assert seen(made, {}) == Seen("differs")
    assert seen(made, {"delta.lm_head.weight": torch.ones(2)}) == Seen("differs")


@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
def test_what_adapters_change_is_more_than_noise(base: str, root: Path) -> None:
    if base == "flux":
        pytest.importorskip("diffusers", reason="the models of images are those of diffusers")
    without = output_of(base_model(base), inputs_of(base))
    cases = {name: case for name, case in CASES.items() if case.base == base}
    for made in make(root, cases):
        output = made.expect()["output"]
        change = float((output - without).abs().max())
        assert change > 5 * noise(output) or made.name == "zero-alpha", made.name


def verdict(made: Made, runtime: str) -> Verdict:
    (found,) = compat(made.patched, [runtime])
    return found


def test_facts_disagree_with_what_was_not_seen(tmp_path: Path) -> None:
    rslora = verdict(one("rslora", tmp_path), "sglang")
    assert disagreement(rslora, Seen("differs", (8**-0.5, 8**-0.5))) is None
    assert "loads" in (disagreement(rslora, Seen("loads", (1, 1))) or "")
    assert "0.5" in (disagreement(rslora, Seen("differs", (0.5, 0.5))) or "")
    assert disagreement(rslora, Seen("differs")) is not None
    dora = verdict(one("dora", tmp_path), "vllm")
    assert disagreement(dora, Seen("raises", message="vLLM does not yet support DoRA.")) is None
    assert "not found" in (disagreement(dora, Seen("raises", message="not found")) or "")


def test_patches_that_change_nothing_are_an_error(tmp_path: Path) -> None:

    with pytest.raises(ValueError, match="nothing is changed"):
        make(tmp_path, {"twice": Case({}, CASES["no-prefix"].patches * 2)})


def test_without_its_environment_a_loader_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LORACFG_ORACLE_ENVS", str(tmp_path))
    with pytest.raises(pytest.skip.Exception) as skipped:
        python_of(PEFT)
    assert str(skipped.value) == (
        f"{tmp_path}/transformers-5/bin/python is missing; "
        "`python -m tests.oracles --install peft` makes it"
    )
