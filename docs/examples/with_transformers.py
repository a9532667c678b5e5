"""Check whether an adapter fits a base, with transformers and PEFT, to compare with loracfg."""

import sys

import torch
from peft import PeftConfig, get_peft_model, get_peft_model_state_dict
from safetensors import safe_open
from transformers import AutoConfig, AutoModelForCausalLM

adapter, base = sys.argv[1:]
with torch.device("meta"):
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(base))
    model = get_peft_model(model, PeftConfig.from_pretrained(adapter))
expected = {name: list(t.shape) for name, t in get_peft_model_state_dict(model).items()}
with safe_open(f"{adapter}/adapter_model.safetensors", "pt") as file:
    found = {name: file.get_slice(name).get_shape() for name in file.keys()}  # noqa: SIM118
if found != expected:
    sys.exit("the adapter does not fit")
