"""Names that PEFT 0.21.2 loads although it does not write them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loracfg.engine.engine import Engine
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.rules.choice import choice_of
from loracfg.testing.copies import Copy
from tests.made.make import Made, make
from tests.made.recipes import recipe

EVERYTHING = choice_of((), ())


@pytest.mark.parametrize(
    ("option", "pattern", "new", "warned"),
    [
        ("dora", r"(lora_magnitude_vector)$", r"\1.weight", set()),
        ("plain", r"(lora_[AB])\.weight$", r"\1.default.weight", {"LC506"}),
        ("embedding", r"(lora_[AB])\.weight$", r"\1.default.weight", {"LC506"}),
    ],
)
def test_other_spellings_load(
    option: str, pattern: str, new: str, warned: set[str], root: Path
) -> None:
    import safetensors.torch
    from peft import PeftModel

    from tests.zoo import tiny_model

    chosen = recipe("llama", option)
    assert chosen is not None
    made = make("llama", chosen, root, f"{option}-spelt")
    assert isinstance(made, Made)
    weights = made.adapter / "adapter_model.safetensors"
    tensors = safetensors.torch.load_file(weights)
    renamed = {re.sub(pattern, new, name): tensor for name, tensor in tensors.items()}
    assert renamed.keys() != tensors.keys()
    safetensors.torch.save_file(renamed, weights, {"format": "pt"})

    model = tiny_model("llama")
    wrapped = PeftModel.from_pretrained(model, str(made.adapter))  # a warning is an error here
    assert wrapped.peft_config

    copy = Copy.of(made.adapter)
    report = Engine(Options(base=str(made.base))).open_files(copy.written()).report
    assert report.status == "valid"
    assert {d.code for d in report.diagnostics if d.severity != "info"} == warned
    assert report.coverage.applied == report.coverage.tensors == report.coverage.expected


@pytest.mark.parametrize(
    ("changed", "loads", "errors"),
    [("plain", False, {"LC511", "LC691"}), ("default", True, {"LC691"})],
)
def test_of_two_names_for_a_parameter_the_plain_one_counts(
    changed: str, loads: bool, errors: set[str], root: Path
) -> None:
    import safetensors.torch
    from peft import PeftModel

    from tests.zoo import tiny_model

    chosen = recipe("llama", "plain")
    assert chosen is not None
    made = make("llama", chosen, root, f"two-names-{changed}")
    assert isinstance(made, Made)
    weights = made.adapter / "adapter_model.safetensors"
    tensors = safetensors.torch.load_file(weights)
    plain = next(name for name in tensors if name.endswith("lora_A.weight"))
    default = plain.replace(".weight", ".default.weight")
    tensors[default] = tensors[plain].clone()
    spoilt = plain if changed == "plain" else default
    tensors[spoilt] = tensors[spoilt][:-1].clone()
    safetensors.torch.save_file(tensors, weights, {"format": "pt"})

    if loads:
        PeftModel.from_pretrained(tiny_model("llama"), str(made.adapter))
    else:
        with pytest.raises(RuntimeError, match="size mismatch"):
            PeftModel.from_pretrained(tiny_model("llama"), str(made.adapter))
    (report,) = validate(made.adapter, Options(base=str(made.base))).adapters
    assert {d.code for d in report.diagnostics if d.severity == "error"} == errors
