"""Which tree an adapter is judged against, and what is said where none is certain."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from loracfg.base.architecture import Architecture, Kind
from loracfg.base.class_builder import CannotBuildError, ClassBuilder
from loracfg.base.from_library import built as transformers
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest, Fit, ResolvedBase, fit_of
from tests.base.conftest import Save
from tests.base.headers import llama, write_checkpoint
from tests.zoo import tiny_config

Q_PROJ = "model.layers.0.self_attn.q_proj"


class Absent:
    """A source of classes that cannot be used, as transformers where it is not installed."""

    def unavailable(self) -> str:
        return "`transformers` is not installed"

    def trusted_classes(self, *_: object) -> list[str]:
        raise AssertionError

    def other_classes(self, *_: object) -> list[str]:
        raise AssertionError

    def build(self, *_: object) -> Architecture:
        raise CannotBuildError("not here")


ABSENT: tuple[ClassBuilder, ...] = (Absent(),)
BUILT: tuple[ClassBuilder, ...] = (transformers,)


def linear_paths(architecture: Architecture | None, *names: str) -> frozenset[str]:
    """Return the paths of all linear layers with these last names."""
    assert architecture is not None
    return frozenset(
        path
        for path, module in architecture.modules.items()
        if module.kind in (Kind.LINEAR, Kind.CONV1D_GPT2) and path.endswith(names)
    )


def resolve(
    named: Path | str | None, *paths: str, builders: tuple[ClassBuilder, ...] = BUILT, **more: Any
) -> ResolvedBase:
    """Resolve without the catalogue, whose tests are in `test_catalogue.py`."""
    name = None if named is None else str(named)
    return resolve_base(BaseRequest(named=name, paths=frozenset(paths), **more), builders)


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """A folder with a Llama `config.json` alone."""
    config = tiny_config("llama").to_dict() | {"architectures": ["LlamaForCausalLM"]}
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path / "config.json"


def write_config(folder: Path, **config: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_a_checkpoint_that_has_every_module_settles_it(saved: Save) -> None:
    real = saved("llama")
    found = resolve(real.folder, Q_PROJ, "lm_head", task_type="CAUSAL_LM")

    assert found.architecture is not None
    assert found.architecture.source == "checkpoint"
    assert found.architecture.class_name == "LlamaForCausalLM"
    assert found.certain
    assert found.faults == ()
    assert found.not_checked == ()
    assert found.alternatives == (Fit("LlamaForCausalLM", 2, 2, "checkpoint"),)


@pytest.mark.parametrize("shape", ["folder", "file"])
def test_a_config_alone_is_built(shape: str, config_file: Path) -> None:
    named = config_file if shape == "file" else config_file.parent
    found = resolve(named, Q_PROJ, task_type="CAUSAL_LM")

    assert found.architecture is not None
    assert found.architecture.source == "transformers"
    assert found.architecture.class_name == "LlamaForCausalLM"
    assert found.certain
    assert found.not_checked == ()


def test_a_config_alone_without_transformers_is_not_enough(config_file: Path) -> None:
    found = resolve(config_file, Q_PROJ, builders=ABSENT)

    assert found.architecture is None
    assert not found.certain
    assert found.not_checked == (
        "`transformers` is not installed: install `loracfg[transformers]`, or pass the folder "
        "with the checkpoint",
    )


def test_another_task_needs_another_class_than_the_checkpoints(saved: Save) -> None:
    found = resolve(saved("llama").folder, Q_PROJ, task_type="SEQ_CLS")

    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaForSequenceClassification"
    assert found.architecture.find("score") is not None
    assert found.certain


def test_another_task_without_transformers_leaves_the_checkpoint_uncertain(saved: Save) -> None:
    found = resolve(saved("llama").folder, Q_PROJ, task_type="SEQ_CLS", builders=ABSENT)

    assert found.architecture is not None
    assert found.architecture.source == "checkpoint"
    assert not found.certain
    assert any(
        "`LlamaForCausalLM`" in reason and "`SEQ_CLS`" in reason for reason in found.not_checked
    )


def test_the_bare_model_is_a_part_of_the_checkpoint(saved: Save) -> None:
    found = resolve(
        saved("llama").folder,
        "layers.0.self_attn.q_proj",
        task_type="FEATURE_EXTRACTION",
        builders=ABSENT,
    )

    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaModel"
    assert found.certain
    assert found.architecture.find("lm_head") is None


def test_a_checkpoint_of_the_bare_model_gets_the_prefix(saved: Save, tmp_path: Path) -> None:
    real = saved("gpt2", "FEATURE_EXTRACTION")
    shapes = {name: ("F32", tuple(t.shape)) for name, t in real.model.state_dict().items()}
    write_config(tmp_path, **real.config | {"architectures": ["GPT2LMHeadModel"]})
    write_checkpoint(tmp_path / "model.safetensors", shapes)
    found = resolve(tmp_path, "transformer.h.0.attn.c_attn", task_type="CAUSAL_LM", builders=ABSENT)

    assert found.certain
    assert found.architecture is not None
    assert found.architecture.tied == ("lm_head",)


@pytest.mark.parametrize("path", ["h.0.attn.c_attn", "transformer.transformer.h.0.attn.c_attn"])
def test_a_wrong_prefix_does_not_fit_the_checkpoint(path: str, saved: Save) -> None:
    found = resolve(saved("gpt2").folder, path, task_type="CAUSAL_LM", builders=ABSENT)

    assert not found.certain
    assert found.alternatives == (Fit("GPT2LMHeadModel", 0, 1, "checkpoint"),)


def test_keys_of_the_bare_model_name_the_class_that_they_fit(saved: Save) -> None:
    paths = ("layers.0.self_attn.q_proj", "layers.1.self_attn.q_proj")
    found = resolve(saved("llama").folder, *paths, task_type="CAUSAL_LM")

    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaForCausalLM"
    assert found.certain
    fits = {fit.class_name: fit for fit in found.alternatives if fit.source == "transformers"}
    assert fits["LlamaForCausalLM"].matched == 0
    assert fits["LlamaModel"].is_full
    assert list(fits) == ["LlamaForCausalLM", "LlamaModel"]


def test_the_users_class_is_the_first(saved: Save) -> None:
    found = resolve(
        saved("llama").folder,
        Q_PROJ,
        class_name="LlamaForTokenClassification",
        task_type="CAUSAL_LM",
    )

    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaForTokenClassification"


def test_a_class_that_cannot_be_built_is_the_users_fault(config_file: Path) -> None:
    found = resolve(config_file, Q_PROJ, class_name="LlamaForPoetry", task_type="CAUSAL_LM")

    assert [fault.kind for fault in found.faults] == ["base-class"]
    assert "`LlamaForPoetry`" in found.faults[0].message
    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaForCausalLM"


def test_the_class_that_an_adapter_was_saved_from_is_taken(config_file: Path) -> None:
    found = resolve(config_file, "layers.0.mlp.up_proj", saved_class="LlamaModel")

    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaModel"


def test_a_renaming_type_is_built(saved: Save) -> None:
    real = saved("vit")
    found = resolve(real.folder, "vit.layers.0.attention.q_proj")

    assert found.architecture is not None
    assert found.architecture.source == "transformers"
    assert found.certain


def test_names_of_a_renaming_types_checkpoint_are_not_certain(saved: Save) -> None:
    found = resolve(saved("vit").folder, "vit.encoder.layer.0.attention.attention.query")

    assert found.architecture is not None
    assert found.architecture.source == "checkpoint"
    assert not found.certain
    assert any("`ViTForImageClassification` has 0 of 1" in why for why in found.not_checked)


def test_single_experts_fit_the_stack_that_holds_them_now(saved: Save) -> None:
    found = resolve(
        saved("qwen3_moe").folder, "model.layers.1.mlp.experts.2.up_proj", task_type="CAUSAL_LM"
    )

    assert found.architecture is not None
    assert found.architecture.source == "transformers"
    assert found.certain


def test_mixtrals_old_block_is_the_new_one(saved: Save) -> None:
    paths = ("model.layers.0.block_sparse_moe.experts.1.w2", "model.layers.0.block_sparse_moe.gate")
    found = resolve(saved("mixtral").folder, *paths, task_type="CAUSAL_LM")

    assert found.certain
    assert found.architecture is not None
    assert found.architecture.source == "transformers"


def test_single_experts_without_transformers_are_not_certain(saved: Save) -> None:
    path = "model.layers.1.mlp.experts.2.up_proj"
    found = resolve(saved("qwen3_moe").folder, path, task_type="CAUSAL_LM", builders=ABSENT)

    assert found.architecture is not None
    assert found.architecture.find(path) is not None
    assert not found.certain


def test_attention_of_a_mixture_of_experts_is_settled_by_the_checkpoint(saved: Save) -> None:
    found = resolve(saved("qwen3_moe").folder, Q_PROJ, task_type="CAUSAL_LM", builders=ABSENT)

    assert found.certain
    assert found.architecture is not None
    assert not any("experts" in path for path in found.architecture.modules)


def test_modules_that_the_checkpoint_lacks_are_counted(saved: Save) -> None:
    paths = (Q_PROJ, "model.layers.7.self_attn.q_proj", "model.layers.8.self_attn.q_proj")
    found = resolve(saved("llama").folder, *paths, task_type="CAUSAL_LM", builders=ABSENT)

    assert not found.certain
    assert "2 of the adapter's modules are not in the checkpoint" in found.not_checked


def test_modules_that_no_class_has_are_certain_to_be_missing(saved: Save) -> None:
    paths = (Q_PROJ, "model.layers.7.self_attn.q_proj")
    found = resolve(saved("llama").folder, *paths, task_type="CAUSAL_LM")

    assert found.certain
    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaForCausalLM"
    assert all(fit.matched < 2 for fit in found.alternatives)


def test_an_adapter_without_paths_is_judged_against_the_most_trusted_class(
    config_file: Path,
) -> None:
    found = resolve(config_file, task_type="SEQ_CLS")

    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaForSequenceClassification"


def test_an_unknown_type_is_a_reason_not_an_error(tmp_path: Path) -> None:
    found = resolve(write_config(tmp_path, model_type="novel"), Q_PROJ, task_type="CAUSAL_LM")

    assert found.architecture is None
    assert found.faults == ()
    assert found.not_checked == ("the model type `novel` is unknown",)


def test_remote_code_is_a_reason_not_an_error(tmp_path: Path) -> None:
    folder = write_config(
        tmp_path,
        model_type="novel",
        architectures=["NovelForCausalLM"],
        auto_map={"AutoModelForCausalLM": "modeling_novel.NovelForCausalLM"},
    )
    found = resolve(folder, Q_PROJ, task_type="CAUSAL_LM")

    assert found.architecture is None
    assert found.faults == ()
    assert any("code of the model's repository" in reason for reason in found.not_checked)
    assert found.own_code


def test_remote_code_with_names_of_its_own_makes_a_known_type_uncertain(config_file: Path) -> None:
    config = json.loads(config_file.read_text())
    config |= {"auto_map": {"AutoModelForCausalLM": "modeling.LlamaForCausalLM"}}
    config_file.write_text(json.dumps(config))

    known = resolve(config_file, Q_PROJ, task_type="CAUSAL_LM")
    assert (known.certain, known.own_code) == (True, False)
    assert not resolve(config_file, "model.layers.0.attention.wqkv", task_type="CAUSAL_LM").certain


def test_a_class_that_nothing_names_is_not_certain(tmp_path: Path) -> None:
    config = tiny_config("llama").to_dict() | {"architectures": ["RenamedForCausalLM"]}
    found = resolve(write_config(tmp_path, **config), Q_PROJ)

    assert found.architecture is not None
    assert found.architecture.class_name == "LlamaForCausalLM"
    assert not found.certain


def test_a_checkpoint_that_quantisation_hides_is_built(saved: Save, tmp_path: Path) -> None:
    write_config(tmp_path, **saved("llama").config)
    write_checkpoint(
        tmp_path / "model.safetensors",
        {
            f"{Q_PROJ}.weight": ("U8", (512, 1)),
            f"{Q_PROJ}.weight.absmax": ("F32", (4,)),
            "lm_head.weight": (96, 32),
        },
    )
    found = resolve(tmp_path, Q_PROJ, task_type="CAUSAL_LM")

    assert found.architecture is not None
    assert found.architecture.source == "transformers"
    assert found.certain


def test_a_missing_shard_makes_the_checkpoint_uncertain(saved: Save, tmp_path: Path) -> None:
    write_config(tmp_path, **saved("llama").config)
    index = {"weight_map": {f"{Q_PROJ}.weight": "a.safetensors", "lm_head.weight": "b.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    write_checkpoint(tmp_path / "a.safetensors", {f"{Q_PROJ}.weight": (32, 32)})
    found = resolve(tmp_path, Q_PROJ, task_type="CAUSAL_LM", builders=ABSENT)

    assert [fault.kind for fault in found.faults] == ["base-shard-missing"]
    assert not found.certain


def test_no_base_is_a_reason() -> None:
    found = resolve(None, Q_PROJ)

    assert found.architecture is None
    assert found.not_checked == ("no base was given",)
    assert not found.certain


def test_the_adapters_own_base_is_used_if_it_is_here(saved: Save) -> None:
    here = resolve(None, Q_PROJ, fallback=str(saved("llama").folder), task_type="CAUSAL_LM")
    assert here.certain

    away = resolve(None, Q_PROJ, fallback="meta-llama/Meta-Llama-3-8B")
    assert away.architecture is None
    assert away.faults == ()
    assert "`meta-llama/Meta-Llama-3-8B` is neither a local folder" in away.not_checked[0]


def test_paths_without_parameters_do_not_fit(saved: Save) -> None:
    found = resolve(saved("llama").folder, task_type="CAUSAL_LM").architecture
    assert found is not None

    assert fit_of(found, frozenset({"model.layers"})).matched == 0
    assert fit_of(found, linear_paths(found, "q_proj")).is_full


def test_a_settled_checkpoint_needs_no_heavy_library(tmp_path: Path) -> None:
    write_config(tmp_path, model_type="llama", architectures=["LlamaForCausalLM"])
    write_checkpoint(tmp_path / "model.safetensors", llama())
    code = f"""
import sys
from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest
paths = frozenset(f"model.layers.{{i}}.self_attn.q_proj" for i in range(32))
found = resolve_base(BaseRequest(named={str(tmp_path)!r}, task_type="CAUSAL_LM", paths=paths), ())
assert found.certain and found.architecture.source == "checkpoint"
heavy = {{"torch", "transformers", "numpy", "safetensors", "huggingface_hub"}} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
