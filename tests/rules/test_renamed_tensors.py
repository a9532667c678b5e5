"""Names from wrappers and older releases of PEFT, and names that releases misread."""

from __future__ import annotations

import pytest

from loracfg.rules.base import lc614_old_bias_names
from loracfg.rules.tensors import lc500_wrapper_in_names, lc524_confusing_path
from loracfg.testing.building.judging import codes, judged
from tests.rules.subjects import config, subject

ATTENTION = "base_model.model.model.layers.0.self_attn"
FIRST = "q_proj.lora_A.weight"


@pytest.mark.parametrize(
    ("lines", "marks", "wrapper", "first"),
    [
        (
            (r"rename ^base_model\.model\. -> base_model.model._orig_mod.",),
            "`_orig_mod`",
            "`torch.compile`",
            f"base_model.model._orig_mod.model.layers.0.self_attn.{FIRST}",
        ),
        (
            (r"rename layers\.0 -> _orig_mod.layers.0", "rename self_attn -> self_attn._orig_mod"),
            "`_orig_mod`",
            "`torch.compile`",
            f"base_model.model.model._orig_mod.layers.0.self_attn._orig_mod.{FIRST}",
        ),
        (
            (
                "rename layers -> _orig_mod.layers",
                "rename self_attn -> _fsdp_wrapped_module.self_attn",
            ),
            "`_orig_mod` and `_fsdp_wrapped_module`",
            "wrappers",
            f"base_model.model.model._orig_mod.layers.0._fsdp_wrapped_module.self_attn.{FIRST}",
        ),
    ],
)
def test_components_from_wrappers(
    lines: tuple[str, ...], marks: str, wrapper: str, first: str
) -> None:
    (found,) = judged(*lines).diagnostics
    assert found.code == "LC500"
    assert found.message == f"8 tensors have {marks} in their names, added by {wrapper}"
    assert (found.location.tensor, found.count) == (first, 8)
    assert found.help == f"rename the tensors without {marks}, this one to `{ATTENTION}.{FIRST}`"


def test_explained_names_with_wrappers() -> None:
    seen = subject("rename q_proj -> _orig_mod.q_proj")
    wrapped = [name for name in seen.adapter.names if "_orig_mod" in name]
    (found,) = lc500_wrapper_in_names.check(seen)
    assert found.count == len(wrapped) == 4
    (found,) = lc500_wrapper_in_names.check(seen.with_explained(frozenset(wrapped[:1])))
    assert (found.count, found.location.tensor) == (3, wrapped[1])
    assert not list(lc500_wrapper_in_names.check(seen.with_explained(frozenset(wrapped))))
    assert not list(lc500_wrapper_in_names.check(subject()))


def test_biases_with_names_from_older_releases() -> None:
    old = [f"{ATTENTION}.{name}.bias" for name in ("q_proj", "v_proj")]
    biases = f"tensor {old[0]} F32 [24]", f"tensor {old[1]} F32 [12]"
    others = f"tensor {ATTENTION}.o_proj.bias F32 [16]", f"tensor {ATTENTION}.q_proj.scale F32 [4]"
    found = judged(*biases, *others).diagnostics
    assert [(d.code, d.count) for d in found] == [("LC614", 2), ("LC691", 2)]
    assert found[0].message == "2 tensors are named like biases in PEFT up to 0.6.2"
    assert found[0].location.tensor == old[0]
    new = f"{ATTENTION}.q_proj.base_layer.bias"
    assert found[0].help == f"rename the tensors, this one to `{new}`"
    assert not list(lc614_old_bias_names.check(subject(*others)))
    assert not list(lc614_old_bias_names.check(subject(*biases, "base none")))


WEIGHTED = "rename self_attn -> weighted_attn", "base none"
MISREADS = "since it misreads `lora_`, `weight` or `bias` in their paths"
PATH = "model.layers.0.weighted_attn.q_proj"


@pytest.mark.parametrize(
    ("lines", "releases", "count", "paths", "newest"),
    [
        (WEIGHTED, ">=0.4,<0.6 or >=0.14,<0.18", "8 tensors", f"`{PATH}` and 3 more", ">=0.18"),
        # releases that also fail for another reason are left out
        (
            (*WEIGHTED, 'made with {"use_dora": true}'),
            ">=0.14,<0.18",
            "8 tensors",
            f"`{PATH}` and 3 more",
            ">=0.18",
        ),
        (
            (*WEIGHTED, "drop layers.1", "drop v_proj", 'made with {"use_rslora": true}'),
            ">=0.14,<0.18",
            "2 tensors",
            f"`{PATH}`",
            ">=0.18",
        ),
        (
            (*WEIGHTED, "peft 0.20.0"),
            ">=0.4,<0.6 or >=0.14,<0.18",
            "8 tensors",
            f"`{PATH}` and 3 more",
            ">=0.18",
        ),
    ],
)
def test_paths_that_releases_misread(
    lines: tuple[str, ...], releases: str, count: str, paths: str, newest: str
) -> None:
    (found,) = (d for d in judged(*lines).diagnostics if d.code == "LC524")
    assert found.message == f"PEFT {releases} drops {count}, {MISREADS}: {paths}"
    assert found.location.tensor == f"base_model.model.{PATH}.lora_A.weight"
    assert found.count == int(count.partition(" ")[0])
    assert found.help == f"load the adapter with PEFT {newest}"


def test_another_rule_reports_the_requested_release() -> None:
    assert "LC524" not in codes(*WEIGHTED, "peft 0.16.0")
    assert "LC202" in codes(*WEIGHTED, "peft 0.16.0")


def test_paths_that_only_some_releases_misread() -> None:
    head = "tensor base_model.model.lora_head.weight F32 [2, 16]"
    saved = *WEIGHTED, config(modules_to_save=["lora_head"]), head
    (found,) = lc524_confusing_path.check(subject(*saved))
    assert found.count == 9
    names = frozenset(subject(*saved).adapter.names)
    assert not list(lc524_confusing_path.check(subject(*saved).with_explained(names)))
