"""PEFT: what `PeftModel.from_pretrained` makes of adapters."""

from __future__ import annotations

from pathlib import Path

from tests.oracles.child import Found, Inputs, Load, answer


def prepare(base: Path, inputs: Inputs) -> Load:
    """Return what loads an adapter into a new copy of the base and computes the logits."""
    import peft
    import torch
    from transformers import AutoModelForCausalLM

    def load(adapter: Path) -> Found:
        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        wrapped = peft.PeftModel.from_pretrained(model, str(adapter)).eval()
        with torch.no_grad():
            return {"output": wrapped(**inputs).logits[0]}

    return load


if __name__ == "__main__":
    answer(prepare)
