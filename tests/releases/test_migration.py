"""The changes and losses of a migration."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.adapter.header.tensor import Tensor
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.errors import LoracfgError
from loracfg.planning.patterns import PatternBudget
from loracfg.releases.migration.migrated_config import Loss
from loracfg.releases.migration.migration import Migration, plan_migration
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes, torch_bytes

BASE: Final = {
    "peft_type": "LORA",
    "r": 4,
    "lora_alpha": 8,
    "lora_dropout": 0.0,
    "target_modules": ["q_proj"],
}
Q0 = "model.layers.0.self_attn.q_proj"
Q1 = "model.layers.1.self_attn.q_proj"


def without_weights(**values: Any) -> Adapter:
    return read_adapter(
        MemoryFiles({"adapter_config.json": json.dumps(BASE | values, indent=2).encode()})
    )


def with_ranks(ranks: dict[str, int], **values: Any) -> Adapter:
    """Return an adapter with a factor for each path, in PEFT's oldest format."""
    tensors = [
        Tensor(f"base_model.model.{path}.lora_A.weight", "F32", (rank, 8))
        for path, rank in ranks.items()
    ]
    return with_tensors(tensors, **values)


def with_tensors(tensors: list[Tensor], **values: Any) -> Adapter:
    contents = {
        "adapter_config.json": json.dumps(BASE | values, indent=2).encode(),
        "adapter_model.bin": torch_bytes(tensors, data=False),
    }
    return read_adapter(MemoryFiles(contents))


def changes(migration: Migration) -> dict[str, Any]:
    """Return what the new file has otherwise: values, and `...` for keys that are gone."""
    before, after = json.loads(migration.before), json.loads(migration.after)
    changed = {k: v for k, v in after.items() if k not in before or before[k] != v}
    changed.pop("peft_version", None)
    return changed | {key: ... for key in before if key not in after}


def losses(migration: Migration) -> list[str]:
    return [f"{s.loss.value}: {s.reason}" for s in migration.steps if s.loss is not Loss.LOSSLESS]


LOSSLESS: Final = [
    # keys at their default, and keys that only train
    ({"use_dora": False}, "0.9.0", "0.8.0", {"use_dora": ...}),
    ({"kasa_config": None, "eva_config": {"rho": 2.0}}, "0.21.2", "0.13.2", {
        "kasa_config": ..., "eva_config": ...}),
    ({"stray": 1}, "0.21.2", "0.13.2", {"stray": ...}),
    ({"merge_weights": True, "enable_lora": None}, "0.2.0", "0.3.0", {
        "merge_weights": ..., "enable_lora": ...}),
    # the names of initialisations
    ({"init_lora_weights": "eva"}, "0.14.0", "0.13.2", {"init_lora_weights": True}),
    ({"init_lora_weights": "gaussian"}, "0.7.0", "0.6.2", {"init_lora_weights": True}),
    ({"init_lora_weights": "gaussian"}, "0.7.0", "0.2.0", {"init_lora_weights": ...}),
    # tasks
    ({"task_type": "QUESTION_ANS"}, "0.4.0", "0.3.0", {"task_type": None}),
    ({"task_type": "causal_lm"}, "0.13.2", "0.14.0", {"task_type": None}),
    # layers by number
    ({"layers_to_transform": []}, "0.8.0", "0.7.1", {"layers_to_transform": None}),
    ({"layers_to_transform": 0, "layers_pattern": "layers"}, "0.21.0", "0.20.0", {
        "layers_to_transform": [0]}),
    ({"layers_pattern": "layers"}, "0.13.2", "0.14.0", {"layers_pattern": None}),
    ({"layers_to_transform": 1, "layers_pattern": ["layers"]}, "0.6.0", "0.5.0", {
        "layers_pattern": "layers"}),
    ({"target_modules": ".*q", "layers_to_transform": 1}, "0.5.0", "0.6.0", {
        "layers_to_transform": None}),
    # scaling
    ({"use_rslora": True}, "0.8.0", "0.7.1", {"use_rslora": ..., "lora_alpha": 16}),
    ({"use_rslora": True, "r": 8}, "0.8.0", "0.7.1", {
        "use_rslora": ..., "lora_alpha": 8 / 8**0.5 * 8}),
    # pattern keys
    ({"rank_pattern": {"^model.layers.0.q_proj": 8}}, "0.15.0", "0.14.0", {
        "rank_pattern": {"model.layers.0.q_proj": 8}}),
    ({"rank_pattern": {r"^model\.q_proj$": 8, "k": 2}}, "0.15.0", "0.14.0", {
        "rank_pattern": {"model.q_proj": 8, "k": 2}}),
    ({"rank_pattern": {"^q_proj": 8}}, "0.14.0", "0.15.0", {"rank_pattern": {}}),
    # nested configs, which are checked on loading since 0.21.0
    ({"eva_config": {"rho": 0.5}}, "0.20.0", "0.21.0", {"eva_config": None}),
    ({"monteclora_config": {"stray": 1}}, "0.19.1", "0.21.2", {"monteclora_config": {}}),
    ({"monteclora_config": {"stray": 1}}, "0.21.2", "0.19.1", {"monteclora_config": ...}),
    ({"velora_config": {"stray": 1}}, "0.21.2", "0.20.0", {"velora_config": {}}),
    ({"velora_config": {"num_groups": 0}}, "0.19.1", "0.20.0", {"velora_config": None}),
    ({"use_bdlora": {}}, "0.20.0", "0.19.1", {"use_bdlora": None}),
    ({"use_bdlora": {"target_modules_bd_a": ["q"]}}, "0.20.0", "0.19.1", {
        "use_bdlora": {"target_modules_bd_a": ["q"], "nblocks": 1}}),
]  # fmt: skip


@pytest.mark.parametrize(("values", "source", "target", "expected"), LOSSLESS)
def test_values_are_rewritten_without_changing_their_meaning(
    values: dict[str, Any], source: str, target: str, expected: dict[str, Any]
) -> None:
    migration = plan_migration(without_weights(**values), target, source)
    assert changes(migration) == expected
    assert losses(migration) == []


@pytest.mark.parametrize("target", ["0.1.0", "0.3.0"])
def test_alpha_and_dropout_are_written_out_for_releases_without_a_default(target: str) -> None:
    values = {"peft_type": "LORA", "target_modules": ["q_proj"]}
    adapter = read_adapter(MemoryFiles({"adapter_config.json": json.dumps(values).encode()}))
    migration = plan_migration(adapter, target, "0.4.0")
    assert changes(migration) == {"lora_alpha": 8, "lora_dropout": 0.0}
    assert losses(migration) == []
    back = plan_migration(adapter, "0.4.0", target)
    assert {step.loss for step in back.steps} == {Loss.IMPOSSIBLE}


@pytest.mark.parametrize(
    ("values", "source", "target", "expected"),
    [
        (
            {"use_dora": True},
            "0.9.0",
            "0.8.0",
            ["lossy: PEFT 0.8.0 has no `use_dora`, which changes what the adapter computes"],
        ),
        (
            {"init_lora_weights": "pissa"},
            "0.11.0",
            "0.10.0",
            ["lossy: PEFT 0.10.0 does not change the base weights like `pissa`"],
        ),
        (
            {"init_lora_weights": "olora"},
            "0.12.0",
            "0.2.0",
            ["lossy: PEFT 0.2.0 does not change the base weights like `olora`"],
        ),
        (
            {"alpha_pattern": {"q": 2}},
            "0.6.0",
            "0.5.0",
            ["lossy: PEFT 0.5.0 has one scaling for all layers"],
        ),
        (
            {"rank_pattern": {"q": 2}},
            "0.6.0",
            "0.5.0",
            ["impossible: PEFT 0.5.0 has one rank for all layers"],
        ),
        (
            {"enable_lora": [True, False, True]},
            "0.2.0",
            "0.3.0",
            [
                "impossible: `enable_lora` uses one factor for a fused layer, which needs "
                "differently shaped tensors in PEFT 0.3.0"
            ],
        ),
        (
            {"target_modules": [], "target_parameters": ["experts.down_proj"]},
            "0.17.0",
            "0.16.0",
            [
                "impossible: PEFT 0.16.0 cannot adapt parameters, and there are no "
                "`target_modules`",
            ],
        ),
        (
            {"target_modules": "all-linear"},
            "0.8.0",
            "0.7.1",
            [
                "impossible: PEFT 0.7.1 needs a list of names, and without weights it is unknown "
                "which modules `all-linear` selects"
            ],
        ),
        (
            {"use_dora": True, "alora_invocation_tokens": [1]},
            "0.19.1",
            "0.20.0",
            [
                "impossible: PEFT 0.20.0: it raises, because `use_dora` and "
                "`alora_invocation_tokens` are mutually exclusive"
            ],
        ),
    ],
)
def test_losses_are_named(
    values: dict[str, Any], source: str, target: str, expected: list[str]
) -> None:
    assert losses(plan_migration(without_weights(**values), target, source)) == expected


@pytest.mark.parametrize(
    ("ranks", "values", "source", "target", "expected"),
    [
        # a target of 0.4.0 is the end of a text, one of 0.5.0 a whole name
        ({Q0: 4}, {"target_modules": ["_proj"]}, "0.4.0", "0.5.0", {"target_modules": [Q0]}),
        ({Q0: 4}, {"target_modules": ["q_proj"]}, "0.4.0", "0.5.0", {}),
        # a pattern of 0.2.0 is a list of characters in 0.1.0
        ({Q0: 4}, {"target_modules": ".*q_proj"}, "0.2.0", "0.1.0", {"target_modules": [Q0]}),
        (
            {Q0: 4, Q1: 4},
            {"target_modules": "all-linear"},
            "0.8.0",
            "0.7.1",
            {"target_modules": [Q0, Q1]},
        ),
        # what is excluded has no tensors, so nothing is lost with the key
        ({Q0: 4}, {"exclude_modules": [Q1]}, "0.14.0", "0.13.2", {"exclude_modules": ...}),
        # the last number of a path up to 0.19.1, the first since 0.20.0
        (
            {"model.layers.1.experts.0.q_proj": 4},
            {"layers_to_transform": [0]},
            "0.19.1",
            "0.20.0",
            {
                "target_modules": ["model.layers.1.experts.0.q_proj"],
                "layers_to_transform": None,
            },
        ),
        # a single rank, though by a pattern
        (
            {Q0: 8},
            {"rank_pattern": {"q_proj": 8}, "alpha_pattern": {"q_proj": 32}},
            "0.6.0",
            "0.5.0",
            {"rank_pattern": ..., "alpha_pattern": ..., "r": 8, "lora_alpha": 32},
        ),
        (
            {Q0: 8, Q1: 4},
            {"rank_pattern": {"^model.layers.0.*": 8}},
            "0.15.0",
            "0.14.0",
            {"rank_pattern": {Q0: 8}, "alpha_pattern": {}},
        ),
        (
            {Q0: 16, Q1: 4},
            {"rank_pattern": {"layers.0.self_attn.q_proj": 16}, "use_rslora": True},
            "0.8.0",
            "0.7.1",
            {
                "use_rslora": ...,
                "rank_pattern": {Q0: 16},
                "lora_alpha": 32,
                "alpha_pattern": {Q1: 16},
            },
        ),
    ],
)
def test_layers_stay_the_same(
    ranks: dict[str, int],
    values: dict[str, Any],
    source: str,
    target: str,
    expected: dict[str, Any],
) -> None:
    migration = plan_migration(with_ranks(ranks, **values), target, source)
    assert losses(migration) == []
    assert migration.unchecked == ()
    found = changes(migration)
    if "rank_pattern" in expected and "lora_alpha" in expected:
        assert {k: v for k, v in found.items() if k in expected} == expected
    else:
        assert found == expected


def test_targets_in_saved_modules_stay_out() -> None:
    tensors = [
        Tensor(f"base_model.model.{Q0}.lora_A.weight", "F32", (4, 8)),
        Tensor("base_model.model.model.mlp.q_proj.weight", "F32", (8, 8)),
    ]
    adapter = with_tensors(tensors, modules_to_save=["mlp"])
    migration = plan_migration(adapter, "0.15.2", "0.16.0")
    assert changes(migration) == {"target_modules": [Q0]}
    assert losses(migration) == []
    assert changes(plan_migration(adapter, "0.16.0", "0.15.2")) == {}


def test_other_ranks_cannot_be_written_for_a_release_with_one() -> None:
    adapter = with_ranks({Q0: 8, Q1: 4}, rank_pattern={"layers.0.self_attn.q_proj": 8})
    (loss,) = losses(plan_migration(adapter, "0.5.0", "0.6.0"))
    assert loss.startswith("impossible: PEFT 0.5.0 has one rank for all layers, but")


def test_needed_changes_of_weights_are_listed_but_not_made() -> None:
    bias = [
        Tensor(f"base_model.model.{Q0}.lora_A.weight", "F32", (4, 8)),
        Tensor(f"base_model.model.{Q0}.base_layer.bias", "F32", (8,)),
    ]
    assert losses(plan_migration(with_tensors(bias, bias="all"), "0.6.2", "0.7.0")) == [
        "lossy: PEFT 0.6.2: it ignores the biases of adapted modules, since it names them "
        "differently; the weights would have to change too"
    ]
    stack = [
        Tensor("base_model.model.layers.0.experts.lora_A.weight", "F32", (16, 8)),
        Tensor("base_model.model.layers.0.experts.lora_B.weight", "F32", (6, 16)),
    ]
    values = {"target_modules": [], "target_parameters": ["experts.down_proj"]}
    assert losses(plan_migration(with_tensors(stack, **values), "0.19.1", "0.18.0")) == [
        "impossible: PEFT 0.19.1: it expects the factors of stacked experts the other way round; "
        "the weights would have to change too"
    ]
    safetensors = {
        "adapter_config.json": json.dumps(BASE).encode(),
        "adapter_model.safetensors": safetensors_bytes(bias[:1]),
    }
    assert losses(plan_migration(read_adapter(MemoryFiles(safetensors)), "0.3.0", "0.4.0")) == [
        "impossible: PEFT 0.3.0: it does not find the weights, since it only "
        "reads `adapter_model.bin`; the weights would have to change too"
    ]


@pytest.mark.parametrize(
    ("values", "source", "target", "unchecked"),
    [
        ({}, "0.4.0", "0.5.0", "which modules `target_modules` matches"),
        ({"layers_to_transform": [1]}, "0.19.1", "0.20.0", "which number in a path is"),
        ({"rank_pattern": {"a|b": 2}}, "0.14.0", "0.15.0", "which layers `rank_pattern`"),
        ({"bias": "all"}, "0.6.2", "0.7.0", "the names of biases"),
        (
            {"target_parameters": ["experts.down_proj"]},
            "0.18.0",
            "0.19.1",
            "the orientation of stacked experts",
        ),
    ],
)
def test_what_needs_the_weights_is_listed_as_unchecked(
    values: dict[str, Any], source: str, target: str, unchecked: str
) -> None:
    (note,) = plan_migration(without_weights(**values), target, source).unchecked
    assert note.startswith(unchecked)


def test_the_source_is_what_the_file_looks_like() -> None:
    adapter = without_weights(use_dora=False)
    assert plan_migration(adapter, "0.12.0").source == "0.12.0"
    assert plan_migration(adapter, "0.12.0").after == plan_migration(adapter, "0.12.0").before
    assert plan_migration(adapter, "0.8.0").source == PEFT_RELEASE


def test_the_release_is_written_if_the_config_has_a_field_for_it() -> None:
    migration = plan_migration(without_weights(), "0.18.0", PEFT_RELEASE)
    assert json.loads(migration.after)["peft_version"] == "0.18.0"
    older = plan_migration(without_weights(), "0.17.1", "0.16.0")
    assert "peft_version" not in json.loads(older.after)


def test_a_file_that_is_not_a_config_is_rejected() -> None:
    for data, why in (
        (b"", r"cannot read `adapter_config\.json`: the file is empty"),
        (b"{", r"cannot read `adapter_config\.json`: the file ends in the middle"),
        (b"[]", r"the file contains a list, not a JSON object"),
        (b'{"peft_type": "IA3"}', "the method of the adapter is `IA3`"),
    ):
        with pytest.raises(LoracfgError, match=why):
            plan_migration(read_adapter(MemoryFiles({"adapter_config.json": data})), "0.12.0")


def test_a_slow_pattern_is_refused() -> None:
    adapter = with_ranks(
        {f"b.{'a' * 40}": 4}, target_modules=["a" * 40], rank_pattern={"(a+)+x": 8}
    )
    with pytest.raises(LoracfgError, match="the patterns of the config cannot be matched"):
        plan_migration(adapter, "0.14.0", "0.15.0", PatternBudget(0.2))
