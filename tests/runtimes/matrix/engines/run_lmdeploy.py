"""Run lmdeploy's models and its loading of adapters on a CPU; the interpreter has lmdeploy.

The model is built twice: one takes the adapter, the other loads the base, and the base with the
adapter merged in by PEFT. How its weights change there is what the factors of the first one should
come to. Memory that nobody filled holds NaN, so that its use is seen.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

NO_CLASS: Final = "lmdeploy/pytorch/models/patch.py:196"
"""Where the engine looks for the class of a base."""

RELATIVE: Final = 1e-3
ABSOLUTE: Final = 1e-5
"""How near changes are that are the same."""


class Engine:
    """The engine with one base."""

    def __init__(self, base: str) -> None:
        """Build the plain model; raises what the engine raises on a base."""
        from safetensors.torch import load_file

        self.base = base
        self.plain = build(base)
        self.before = self._weights(load_file(f"{base}/model.safetensors"))

    def _weights(self, saved: dict[str, Any]) -> dict[str, Any]:
        self.plain.load_weights(iter(saved.items()))
        return {name: value.detach().clone() for name, value in self.plain.named_parameters()}

    def serve(self, adapter: str) -> tuple[str, str]:
        """Return what the engine does with an adapter, and why."""
        import torch
        from lmdeploy.pytorch.models.patch import add_adapters
        from safetensors.torch import load_file

        model = build(self.base)
        try:
            add_adapters(model, {"adapter": adapter}, torch.float32, torch.device("cpu"))
        except Exception as error:  # whatever it raises is an answer
            return "raises", shown(error)
        after = self._weights(load_file(f"{adapter}/merged/model.safetensors"))
        wanted = {name: after[name] - before for name, before in self.before.items()}
        wanted = {name: delta for name, delta in wanted.items() if delta.any()}
        return compare(wanted, dict(applied(model)))


def build(base: str) -> Any:
    """Build the engine's model of a base, without weights."""
    import torch
    from lmdeploy.pytorch.config import ModelConfig
    from lmdeploy.pytorch.models.patch import build_patched_model

    config = ModelConfig.from_pretrained(base, dtype="float32")
    torch.manual_seed(0)
    model = build_patched_model(config, torch.device("cpu"))
    for parameter in model.parameters():
        parameter.data.zero_()  # it is made of memory that nobody filled
    return model


def applied(model: Any) -> Iterator[tuple[str, Any]]:
    """Yield the change of each weight that factors make."""
    import torch

    for path, module in model.named_modules():
        found = getattr(module, "lora_adapters", {})
        if not len(found):
            continue
        weight = torch.zeros_like(module.weight)
        for lora in found.values():
            scale = lora.adapter_info.scalings[1]
            weight[lora.adapter_info.base_slice] += scale * (lora.lora_B.T @ lora.lora_A)
        if weight.any():
            yield f"{path}.weight", weight


def compare(wanted: dict[str, Any], found: dict[str, Any]) -> tuple[str, str]:
    """Compare the changes of weights that are wanted with those that are made."""
    import torch

    if any(delta.isnan().any() for delta in found.values()):
        return "differs", "takes what is in memory"
    wrong = sorted(wanted.keys() ^ found.keys())
    if wrong:
        return "differs", f"changes only on one side: {wrong[:3]} of {len(wrong)}"
    for name, delta in wanted.items():
        if not torch.allclose(found[name], delta, rtol=RELATIVE, atol=ABSOLUTE):
            return "differs", f"another change of {name}"
    return "loads", f"{len(wanted)} weights"


def shown(error: BaseException) -> str:
    """Return an error in one line, with the line of the engine that raised it."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "/lmdeploy/" in f.filename] or list(frames)
    where = f"{own[-1].filename.rpartition('/lmdeploy/')[2]}:{own[-1].lineno}"
    return f"{where} {type(error).__name__}: {' '.join(str(error).split())}"[:400]


def main() -> None:
    """Answer for each job on the input."""
    import torch

    with torch.inference_mode():
        answer_all()


def answer_all() -> None:
    """Answer for each job on the input, as the engine does."""
    import torch

    jobs = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    cuda: Any = torch.cuda
    cuda.get_device_properties = lambda *_: SimpleNamespace(major=8)  # asked for MLA
    torch.use_deterministic_algorithms(True)
    deterministic: Any = torch.utils.deterministic
    deterministic.fill_uninitialized_memory = True
    engine: Engine | tuple[str, str, str] = ("unsettled", "run", "")
    base = ""
    for number, job in sorted(enumerate(jobs), key=lambda one: one[1]["base"]):
        if job["base"] != base:
            base = job["base"]
            try:
                engine = Engine(base)
            except Exception as error:
                engine = refusal(base, shown(error))
        found = engine if isinstance(engine, tuple) else tried(engine, job["adapter"])
        print(json.dumps([number, *found]), file=answers, flush=True)


def refusal(base: str, why: str) -> tuple[str, str, str]:
    """Return what it means that the engine does not build a base."""
    from lmdeploy.pytorch.models.module_map import MODULE_MAP

    if "/patch.py" in why:  # for any device
        return "raises", "run", why
    config = json.loads(Path(base, "config.json").read_text("utf-8"))
    known = config["architectures"][0] in MODULE_MAP
    return ("unsettled", "run", why) if known else ("raises", NO_CLASS, why)


def tried(engine: Engine, adapter: str) -> tuple[str, str, str]:
    """Return what the engine does with an adapter, how that was found, and why."""
    try:
        answer, why = engine.serve(adapter)
    except Exception as error:  # the comparison failed
        return "unsettled", "run", shown(error)
    return answer, "run", why


if __name__ == "__main__":
    main()
