"""Run jobs in real releases, and skip releases that cannot run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.releases.config_cases import BASE, CASES
from tests.releases.real import TRANSFORMERS, Job, Result, python_of, run

SKIPPED = pytest.skip.Exception

MODEL: dict[str, list[Any]] = {
    f"model.layers.{layer}.self_attn.{name}": ["Linear", 8, outputs]
    for layer in (0, 1)
    for name, outputs in (("q_proj", 12), ("v_proj", 6))
} | {"model.embed_tokens": ["Embedding", 20, 8], "lm_head": ["Linear", 8, 20]}

Q, V = ("model.layers.{}.self_attn." + name for name in ("q_proj", "v_proj"))


def outcome(result: Result) -> str:
    """Return the class of the config, with `!` if warned, or the class of the error."""
    if "error" in result:
        return result["error"].partition(":")[0]
    return result["type"] + "!" * bool(result["warnings"])


# The first release of each way to read a config (`from_pretrained`).
@pytest.mark.parametrize(
    ("release", "plain", "unknown", "by_peft_config", "untyped"),
    [
        ("0.1.0", "LoraConfig", "LoraConfig", "PeftConfig", "PeftConfig"),
        ("0.5.0", "LoraConfig", "LoraConfig", "LoraConfig", "PeftConfig"),
        ("0.6.0", "LoraConfig", "TypeError", "TypeError", "TypeError"),
        ("0.14.0", "LoraConfig", "LoraConfig!", "LoraConfig!", "TypeError"),
        ("0.21.2", "LoraConfig", "LoraConfig!", "LoraConfig!", "TypeError"),
    ],
)
def test_releases_read_configs(
    release: str, plain: str, unknown: str, by_peft_config: str, untyped: str
) -> None:
    names = ["plain", "unknown_LoraConfig", "unknown_PeftConfig", "no_peft_type_PeftConfig"]
    jobs = [Job(id=n, config=CASES[n][0], loader=CASES[n][1]) for n in names]
    results = run(release, jobs)
    assert [result["id"] for result in results] == names
    assert [outcome(r) for r in results] == [plain, unknown, by_peft_config, untyped]
    assert results[0]["values"].items() >= BASE.items()


def test_values_come_with_their_kind() -> None:
    config = BASE | {"eva_config": {"rho": 3.0}, "target_modules": ["b", "a"], "to_dict": 1}
    old, new = (run(r, [Job(id="it", config=config)])[0] for r in ("0.5.0", "0.21.2"))
    assert old["values"]["target_modules"] == ["b", "a"]
    assert old["kinds"]["target_modules"] == "list"
    assert "eva_config" not in old["values"]
    assert old["overwritten"] == ["to_dict"]
    assert new["values"]["target_modules"] == ["a", "b"]
    assert new["kinds"]["target_modules"] == "set"
    assert new["values"]["eva_config"]["rho"] == 3.0
    assert new["kinds"]["eva_config"] == "EvaConfig"
    assert new["overwritten"] == []
    assert [w.partition(":")[0] for w in new["warnings"]] == ["UserWarning", "UserWarning"]


@pytest.mark.parametrize("release", ["0.1.0", "0.3.0", "0.6.0", "0.17.1", "0.18.0", "0.21.2"])
def test_adapters_are_created_saved_and_loaded(release: str, tmp_path: Path) -> None:
    config = BASE | {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]}
    kept = str(tmp_path / "kept")
    created, loaded, failed = run(
        release,
        [
            Job(id="save", do="create", config=config, model=MODEL, save_to=kept),
            Job(id="load", do="create", dir=kept, weights=True, model=MODEL),
            Job(id="none", do="create", config=BASE | {"target_modules": ["x", "y"]}, model=MODEL),
        ],
    )
    layer = {"class": "Linear", "r": 4, "lora_alpha": 8, "scaling": 2.0}
    assert created["layers"] == {path.format(n): layer for n in (0, 1) for path in (Q, V)}
    assert created["saved"]["config"]["r"] == 4
    assert len(created["saved"]["tensors"]) == 8
    assert created["saved"]["tensors"][f"base_model.model.{Q.format(0)}.lora_B.weight"] == [12, 4]
    assert loaded["layers"] == created["layers"]
    assert loaded["saved"]["tensors"] == created["saved"]["tensors"]
    assert "not found in the base model" in failed["error"]


def test_models_of_many_layers_are_built() -> None:
    model = MODEL | {
        "h.0.c_attn": ["Conv1D", 8, 24],
        "conv": ["Conv2d", 4, 6, 3],
        "model.layers.0.experts.w": ["Parameter", 3, 8, 10],
    }
    config = BASE | {
        "r": 4,
        "task_type": "CAUSAL_LM",
        "target_modules": ["embed_tokens", "conv"],
        "target_parameters": ["experts.w"],
        "rank_pattern": {"conv": 2},
        "ensure_weight_tying": True,
    }
    tied, conv1d, linear = run(
        "0.21.2",
        [
            Job(
                id="tied",
                do="create",
                config=config,
                model=model,
                pretrained=True,
                tied={"lm_head": "model.embed_tokens"},
            ),
            Job(
                id="Conv1D",
                do="create",
                config=BASE | {"target_modules": ["c_attn"]},
                model=model,
            ),
            Job(
                id="all-linear",
                do="create",
                config=BASE | {"target_modules": "all-linear"},
                model=MODEL,
                pretrained=True,
            ),
        ],
    )
    found = {path: (layer["class"], layer["r"]) for path, layer in tied["layers"].items()}
    assert found == {
        "model.layers.0.experts": ("ParamWrapper", 4),
        "model.embed_tokens": ("Embedding", 4),
        "lm_head": ("Linear", 4),
        "conv": ("Conv2d", 2),
    }
    shapes = tied["saved"]["tensors"]
    assert shapes["base_model.model.model.embed_tokens.lora_embedding_A"] == [4, 20]
    assert shapes["base_model.model.model.layers.0.experts.lora_A.weight"] == [12, 10]
    shapes = conv1d["saved"]["tensors"]
    assert shapes["base_model.model.h.0.c_attn.lora_B.weight"] == [24, 7]
    # Every linear layer but the head, which only a `PreTrainedModel` has.
    assert linear["layers"].keys() == {path.format(n) for n in (0, 1) for path in (Q, V)}


def test_targets_may_be_left_to_the_model_type() -> None:
    config = BASE | {"target_modules": None}
    job = Job(id="it", do="create", config=config, model=MODEL)
    llama = job | {"model_config": {"model_type": "llama"}}
    unknown, known = run("0.3.0", [job, llama])
    assert unknown["error"] == "ValueError: Please specify `target_modules` in `peft_config`"
    assert len(known["layers"]) == 4


def test_jobs_that_are_none_are_an_error() -> None:
    with pytest.raises(RuntimeError, match=r"PEFT 0\.21\.2 ended with status 1: (?s:.*)'id'"):
        run("0.21.2", [{}])  # type: ignore[typeddict-item]


def test_a_release_that_cannot_load_is_skipped() -> None:
    with pytest.raises(SKIPPED, match=r"PEFT 0\.0\.2 can neither save nor load an adapter"):
        run("0.0.2", [])


@pytest.mark.parametrize(
    ("release", "transformers"), [("0.17.1", TRANSFORMERS[0]), ("0.18.0", TRANSFORMERS[1])]
)
def test_without_its_environment_a_release_is_skipped(
    release: str, transformers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LORACFG_PEFT_ENVS", str(tmp_path))
    with pytest.raises(SKIPPED) as skipped:
        python_of(release)
    assert str(skipped.value) == (
        f"{tmp_path}/tf-{transformers}/bin/python is missing; "
        "`python -m tests.releases.real --install` makes it"
    )
