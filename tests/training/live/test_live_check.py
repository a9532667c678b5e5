"""What `loracfg.check` finds in live models, each made wrong in one way."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import peft
import pytest
import torch

import loracfg
from loracfg.config.model.lora_config import LoraConfig
from tests.training.live.runs import LORA, adapted, codes, with_adapter
from tests.zoo import tiny_model


def found(model: Any, *given: Any, **how: Any) -> list[str]:
    return codes(loracfg.check(model, *given, **how).adapters)


def parameters(model: Any) -> list[Any]:
    return [one for one in model.parameters() if one.requires_grad]


def test_a_sound_model_has_no_finding() -> None:
    model = adapted()
    assert found(model) == []
    assert found(model, optimizer=torch.optim.SGD(parameters(model), 0.1)) == []


@pytest.mark.parametrize("form", ["peft", "loracfg", "mapping"])
def test_a_config_before_it_is_added(form: str) -> None:
    values = LORA | {"target_modules": ["q_proj", "v_prj"], "task_type": "CAUSAL_LM"}
    forms: dict[str, Any] = {
        "peft": peft.LoraConfig(**values),
        "loracfg": LoraConfig.model_validate(values),
        "mapping": values,
    }
    given, model = forms[form], tiny_model("llama")
    names = [name for name, _ in model.named_modules()]
    assert found(model, given) == ["LC629"]
    assert [name for name, _ in model.named_modules()] == names, "the model is as it was"


def test_a_sound_config_is_valid() -> None:
    values = LORA | {"peft_type": "LORA"}
    (report,) = loracfg.check(tiny_model("llama"), values).adapters
    assert (report.status, report.diagnostics, report.not_checked) == ("valid", (), ())


def test_a_name_in_a_list_for_many_models_is_no_error_for_inference(tmp_path: Path) -> None:
    adapted(target_modules=["q_proj", "c_attn"]).save_pretrained(str(tmp_path))
    model = peft.PeftModel.from_pretrained(tiny_model("llama"), str(tmp_path))
    assert found(model) == []
    trained = peft.PeftModel.from_pretrained(tiny_model("llama"), str(tmp_path), is_trainable=True)
    assert found(trained) == ["LC629"]


@pytest.mark.parametrize(
    "change",
    [
        {"rank_pattern": {"k_proj": 2}},
        {"exclude_modules": ["o_prj"]},
        {"modules_to_save": ["lm_haed"]},
    ],
)
def test_each_name_is_reported_once(change: dict[str, Any]) -> None:
    config = LORA | {"peft_type": "LORA"} | change
    assert found(tiny_model("llama"), config) == ["LC629"]
    (report,) = loracfg.check(adapted(**change)).adapters
    assert [d.code for d in report.diagnostics] == ["LC629", "LC703"]


def test_a_config_that_selects_nothing() -> None:
    assert found(tiny_model("llama"), LORA | {"peft_type": "LORA", "target_modules": ["x"]}) == [
        "LC601"
    ]


def test_an_adapter_that_is_frozen() -> None:
    model = adapted()
    model.requires_grad_(False)
    assert found(model) == ["LC921"]


def test_an_adapter_for_inference_may_be_frozen(tmp_path: Path) -> None:
    adapted().save_pretrained(str(tmp_path))
    assert found(peft.PeftModel.from_pretrained(tiny_model("llama"), str(tmp_path))) == []
    trained = peft.PeftModel.from_pretrained(tiny_model("llama"), str(tmp_path), is_trainable=True)
    assert found(trained) == []


def test_layers_that_are_frozen() -> None:
    model = adapted()
    for name, one in model.named_parameters():
        if "layers.0." in name:
            one.requires_grad_(False)
    assert found(model) == ["LC922"]


def test_one_factor_may_be_frozen() -> None:
    model = adapted()
    for name, one in model.named_parameters():
        if "lora_A" in name:
            one.requires_grad_(False)
    assert found(model) == []


@pytest.mark.parametrize("bias", ["all", "lora_only", "none"])
def test_biases_are_saved_as_the_config_says(bias: str) -> None:
    model = adapted("qwen2", bias=bias)
    assert found(model) == []
    model.get_base_model().model.norm.weight.requires_grad_(True)
    assert found(model) == ["LC923"]


def test_modules_to_save_are_saved() -> None:
    model = adapted(modules_to_save=["norm", "lm_head"])
    assert found(model, optimizer=torch.optim.SGD(parameters(model), 0.1)) == []


def test_an_optimizer_of_the_base() -> None:
    base = tiny_model("llama")
    optimizer = torch.optim.SGD(base.parameters(), 0.1)
    assert found(with_adapter(base, task_type="CAUSAL_LM"), optimizer=optimizer) == ["LC924"]


def test_an_optimizer_without_one_layer() -> None:
    model = adapted()
    some = [p for n, p in model.named_parameters() if p.requires_grad and "layers.0" in n]
    (report,) = loracfg.check(model, optimizer=torch.optim.SGD(some, 0.1)).adapters
    (finding,) = [d for d in report.diagnostics if d.code == "LC924"]
    assert finding.count == 4


def test_an_optimizer_with_copies_is_not_judged() -> None:
    class Flat(torch.optim.SGD):
        pass

    Flat.__module__ = "deepspeed.runtime.zero.stage_1_and_2"
    (report,) = loracfg.check(adapted(), optimizer=Flat([torch.zeros(1)], 0.1)).adapters
    assert codes([report]) == []
    assert "copies" in report.not_checked[0].why


def test_a_merged_adapter() -> None:
    model = adapted()
    model.merge_adapter()
    assert found(model) == ["LC925"]
    model.unmerge_adapter()
    assert found(model) == []


def test_a_disabled_adapter() -> None:
    model = adapted()
    with model.disable_adapter():
        assert "LC925" in found(model)
    assert found(model) == []


def test_tensors_without_data() -> None:
    config = peft.LoraConfig(**LORA, task_type="CAUSAL_LM")
    model = peft.get_peft_model(tiny_model("llama"), config, low_cpu_mem_usage=True)
    assert "LC926" in found(model)
    with torch.device("meta"):
        whole = tiny_model("llama")
        planned = peft.get_peft_model(whole, config)
    assert found(planned) == []


def test_training_in_float16() -> None:
    half: Any = tiny_model("llama")
    half = half.to(torch.float16)
    assert found(with_adapter(half, task_type="CAUSAL_LM")) == [], "PEFT makes them in float32"
    assert found(adapted().to(torch.float16)) == ["LC927"]
    assert found(adapted().to(torch.bfloat16)) == []


def test_untied_weights() -> None:
    model = with_adapter(tiny_model("gpt2"), target_modules=["c_attn"], fan_in_fan_out=True)
    base: Any = model.get_base_model()
    assert "LC928" not in {d.code for d in loracfg.check(model).adapters[0].diagnostics}
    base.lm_head.weight = torch.nn.Parameter(base.lm_head.weight.detach().clone(), False)
    (report,) = loracfg.check(model).adapters
    assert "LC928" in {d.code for d in report.diagnostics}
    assert report.status == "valid"


def test_every_adapter_has_its_own_report() -> None:
    model = adapted()
    model.add_adapter("second", peft.LoraConfig(**LORA | {"target_modules": ["q_prj", "o_proj"]}))
    reports = loracfg.check(model).adapters
    assert [one.path for one in reports] == ["default", "second"]
    assert codes(reports[:1]) == []
    assert codes(reports[1:]) == ["LC629"]
    assert [one.path for one in loracfg.check(model, adapter="second").adapters] == ["second"]
    with pytest.raises(loracfg.LoracfgError, match=r"no adapter `third`.*`default`, `second`"):
        loracfg.check(model, adapter="third")


def test_another_method_is_undetermined() -> None:
    model = peft.get_peft_model(
        tiny_model("llama"), peft.LoHaConfig(target_modules=["q_proj"], task_type="CAUSAL_LM")
    )
    (report,) = loracfg.check(model).adapters
    assert report.status == "undetermined"
    assert codes([report]) == ["LC022"]


def test_a_tensor_of_another_shape() -> None:
    model = adapted()
    layer: Any = model.get_base_model().model.layers[0].self_attn.q_proj
    layer.lora_A["default"].weight = torch.nn.Parameter(torch.zeros(3, 32))
    assert codes(loracfg.check(model).adapters) != []


@pytest.mark.parametrize("given", [5, "config", object()])
def test_what_is_no_config(given: Any) -> None:
    with pytest.raises(loracfg.LoracfgError, match="not a config"):
        loracfg.check(tiny_model("llama"), given)


def test_a_config_with_values_that_json_lacks() -> None:
    with pytest.raises(loracfg.LoracfgError, match="JSON"):
        loracfg.check(tiny_model("llama"), {"peft_type": "LORA", "r": object()})


@pytest.mark.parametrize("given", [None, "adapter/", 5])
def test_what_is_no_model(given: Any) -> None:
    with pytest.raises(loracfg.LoracfgError, match="is not a model"):
        loracfg.check(given)
    with pytest.raises(loracfg.LoracfgError, match="is not a model"):
        loracfg.check(given, LoraConfig(r=4))


def test_a_mixed_model_is_not_taken_for_one_with_tensors_of_other_names() -> None:
    config = peft.LoraConfig(target_modules=["q_proj"])
    mixed: Any = peft.get_peft_model(tiny_model("llama"), config, mixed=True)
    with pytest.raises(loracfg.LoracfgError, match="PEFT does not save"):
        loracfg.check(mixed)


def test_a_model_without_adapter() -> None:
    with pytest.raises(loracfg.LoracfgError, match="has no adapter"):
        loracfg.check(tiny_model("llama"))


def test_the_report_is_json_and_offers_no_fix() -> None:
    model = with_adapter(tiny_model("gpt2"), target_modules=["c_attn", "c_poj"])
    report = loracfg.check(model)
    json.dumps(report.to_dict())
    assert all(d.fix is None for d in report.adapters[0].diagnostics)


def test_nothing_in_the_model_changes() -> None:
    model = adapted(modules_to_save=["lm_head"])
    before = {name: one.clone() for name, one in model.state_dict().items()}
    config = dict(model.peft_config["default"].to_dict())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loracfg.check(model, for_="vllm==0.33", optimizer=torch.optim.SGD(parameters(model), 0.1))
    assert model.peft_config["default"].to_dict() == config
    assert all(torch.equal(one, before[name]) for name, one in model.state_dict().items())
