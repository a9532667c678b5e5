"""Names in configs that match nothing, beside what the real PEFT makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from loracfg import Options, validate
from tests.zoo import tiny_model

peft = pytest.importorskip("peft")

CODES = ("LC627", "LC628")


@pytest.mark.parametrize(
    ("options", "code", "named"),
    [
        ({"modules_to_save": ["lm_haed"]}, "LC627", "`lm_haed` in `modules_to_save` matches no"),
        ({"modules_to_save": ["lm_head", "wte", "wpe"]}, "LC627", "`wte` and `wpe` in"),
        ({"modules_to_save": ["lm_head"]}, None, ""),
        ({"modules_to_save": ["head"]}, None, ""),
        ({"modules_to_save": ["model.norm"]}, None, ""),
        ({"modules_to_save": ["^lm_head"]}, "LC627", "`^lm_head`"),
        ({"exclude_modules": ["o_prj"]}, "LC628", "`o_prj` in `exclude_modules` matches no"),
        ({"exclude_modules": ["o_proj", "layers.0.self_attn.q_proj"]}, None, ""),
        ({"exclude_modules": r".*\.vision.*"}, "LC628", "matches no module"),
        ({"exclude_modules": r".*\.0\..*"}, None, ""),
        (
            {"layers_to_transform": [0], "layers_pattern": ["layers", "h"]},
            "LC628",
            "`h` in `layers_pattern`",
        ),
        ({"layers_to_transform": [0], "layers_pattern": "layers"}, None, ""),
        ({"layers_to_transform": [0], "layers_pattern": ["(layers|h)"]}, None, ""),
        ({"target_parameters": ["o_proj.weight"]}, None, ""),
        (
            {"target_parameters": ["o_proj.weight", "o_proj.wieght"]},
            "LC628",
            "`o_proj.wieght` in `target_parameters` matches no parameter",
        ),
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore")
def test_a_name_that_matches_nothing(
    options: dict[str, Any], code: str | None, named: str, tmp_path: Path
) -> None:
    model = tiny_model("llama")
    adapted = peft.get_peft_model(model, peft.LoraConfig(target_modules=["q_proj"], **options))
    adapted.save_pretrained(str(tmp_path))
    model.config.architectures = [type(model).__name__]
    model.config.to_json_file(tmp_path / "config.json")

    (report,) = validate(tmp_path, Options(base=str(tmp_path / "config.json"))).adapters
    found = [d for d in report.diagnostics if d.code in CODES]
    assert [d.code for d in found] == ([code] if code else [])
    assert all(named in d.message for d in found)
    assert report.status == "valid"
    saved = list(load_file(tmp_path / "adapter_model.safetensors"))
    whole = [name for name in saved if "lora_" not in name]
    names = options.get("modules_to_save", [])
    assert bool(whole) is any("lm_head".endswith(n) or n == "model.norm" for n in names)


@pytest.mark.filterwarnings("ignore")
def test_heads_that_peft_adds_for_a_task(tmp_path: Path) -> None:
    model = tiny_model("llama", "SEQ_CLS")
    config = peft.LoraConfig(target_modules=["q_proj"], task_type="SEQ_CLS")
    adapted = peft.get_peft_model(model, config)
    adapted.save_pretrained(str(tmp_path))
    assert set(adapted.peft_config["default"].modules_to_save) == {"classifier", "score"}
    model.config.architectures = [type(model).__name__]
    model.config.to_json_file(tmp_path / "config.json")

    (report,) = validate(tmp_path, Options(base=str(tmp_path / "config.json"))).adapters
    assert not [d for d in report.diagnostics if d.code in CODES]
