"""Engines that wrap others, and those that were asked for: what they make of adapters of PEFT."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Final

import pytest

from loracfg import LoracfgError
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile_files import profile_of
from tests.runtimes.extract.packages import Package, find
from tests.runtimes.test_settings import EXPERTS
from tests.runtimes.test_verdicts import BASE, reasons, verdict

WRAPPED: Final = {"dynamo": "vllm==0.31.0", "ray-llm": "vllm==0.29.0"}
EXTRAS: Final = {"dynamo": ("ai-dynamo", "1.6.1"), "ray-llm": ("ray", "2.60.0")}
FLUX: Final = 'base {"class": "FluxTransformer2DModel"}'

ADAPTERS: Final = (
    (BASE,),
    (BASE, 'made with {"use_rslora": true}'),
    (BASE, 'made with {"alpha_pattern": {"v_proj": 32}}'),
    (BASE, 'made with {"use_dora": true}'),
    (BASE, 'made with {"modules_to_save": ["lm_head"]}'),
    (BASE, 'made with {"lora_bias": true}'),
    (BASE, 'made with {"r": 32}'),
    ('base {"class": "GPT2LMHeadModel"}',),
    ('base {"class": "Starcoder2ForCausalLM"}',),
    ('config {"use_rslora": true}', *EXPERTS),
)


@pytest.mark.parametrize("engine", WRAPPED)
@pytest.mark.parametrize("lines", ADAPTERS, ids=str)
def test_wrapper_answers_like_the_wrapped_version(engine: str, lines: tuple[str, ...]) -> None:
    own, under = verdict(engine, *lines), verdict(WRAPPED[engine], *lines)
    assert (own.answer, reasons(own)) == (under.answer, reasons(under))
    assert (own.unknown, own.assumed, own.factors) == (under.unknown, under.assumed, under.factors)


@pytest.mark.parametrize("engine", WRAPPED)
def test_wrapper_accepts_the_settings_that_it_passes_on(engine: str) -> None:
    assert verdict(f"{engine},max_lora_rank=64", 'made with {"r": 32}', BASE).answer == "loads"
    with pytest.raises(LoracfgError, match="no setting `lora_resolver`"):
        find_runtime(f"{engine},lora_resolver=filesystem")
    with pytest.raises(LoracfgError, match="no setting `max_lora_cls_labels`"):
        find_runtime("ray-llm,max_lora_cls_labels=4")  # vLLM has it since 0.31


@pytest.mark.parametrize("engine", WRAPPED)
def test_wrapped_version_matches_the_package(engine: str) -> None:
    release = find(*EXTRAS[engine])
    if release is None:
        pytest.skip("the package is not kept")
    own = [name for name in release.names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
    (metadata,) = own
    wanted = re.search(r"Requires-Dist: vllm\[\S+==([\d.]+);", release.text(metadata))
    based = profile_of(engine).based_on
    assert wanted is not None
    assert based is not None
    assert wanted[1] == based.version


def test_other_versions_of_a_wrapper_are_unknown() -> None:
    assert verdict("dynamo==1.5.0", BASE).answer == "unknown"


def test_mlx_vlm_does_not_read_peft_folders(tmp_path: Path) -> None:
    assert verdict("mlx-vlm", BASE).answer == "raises"
    release = find("mlx-vlm", "0.7.10")
    if release is None:
        pytest.skip("the package is not kept")
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (tmp_path / name).write_text("{}")
    read = _reader(release)
    with pytest.raises(FileNotFoundError, match="No checkpoint weights found in"):
        read(tmp_path)
    _, config = read(tmp_path / "adapter_model.safetensors")
    assert "rank" not in config
    assert "lora_parameters" not in config  # so that it raises the other message


def _reader(release: Package):  # type: ignore[no-untyped-def]  # what it returns is mlx-vlm's
    """Return mlx-vlm's own function that reads a folder, without the rest of the package."""
    tree = release.tree("mlx_vlm/trainer/common/model.py")
    (own,) = (node for node in tree.body if getattr(node, "name", "") == "_read_checkpoint")
    names = {"Path": Path, "json": json}
    exec(compile(ast.Module([own], []), "model.py", "exec"), names)  # noqa: S102
    return names["_read_checkpoint"]


@pytest.mark.parametrize(
    ("engine", "lines", "answer"),
    [
        ("vllm-omni", (BASE,), "unknown"),
        ("vllm-omni", ('made with {"use_dora": true}', BASE), "raises"),
        ("vllm-omni", ('made with {"alpha_pattern": {"v_proj": 32}}', BASE), "differs"),
        ("comfyui", (FLUX,), "differs"),
        ("comfyui", (FLUX, r"rename ^base_model\.model\. ->"), "differs"),  # by its scale of 2
        ("comfyui", (BASE, 'made with {"lora_alpha": 4}'), "unknown"),
        ("comfyui", (FLUX, 'made with {"lora_alpha": 4}'), "differs"),
    ],
)
def test_answer(engine: str, lines: tuple[str, ...], answer: str) -> None:
    found = verdict(engine, *lines)
    assert found.answer == answer, (reasons(found), found.unknown)


def test_comfyui_explains_why_nothing_is_applied() -> None:
    said = reasons(verdict("comfyui", FLUX, 'made with {"lora_alpha": 4}'))
    assert said == [
        "applies nothing: it looks for names without `base_model.model.`, and only logs "
        "`lora key not loaded`"
    ]
