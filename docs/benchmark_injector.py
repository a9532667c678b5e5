"""Compare the speed of the injector and PEFT, and write docs/injector_performance.md.

python -m docs.benchmark_injector

Both alternate in separate processes, so that other load on the machine slows both. Needs the extra
`test`.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from loracfg.config.history.releases import PEFT_RELEASE

ROOT: Final = Path(__file__).resolve().parents[1]

LLAMA_8B: Final = """
import torch, transformers
settings = transformers.LlamaConfig(
    vocab_size=128256, hidden_size=4096, intermediate_size=14336, num_hidden_layers=32,
    num_attention_heads=32, num_key_value_heads=8,
)
with torch.device("meta"):
    model = transformers.LlamaForCausalLM(settings)
"""

SMALLER: Final = """
import torch, transformers
torch.manual_seed(0)
settings = transformers.LlamaConfig(
    vocab_size=8000, hidden_size=768, intermediate_size=2048, num_hidden_layers=8,
    num_attention_heads=12, num_key_value_heads=4,
)
model = transformers.LlamaForCausalLM(settings)
"""

PUT: Final = {
    "loracfg": """
from loracfg import LoraConfig
from loracfg.injector import inject
config = LoraConfig(r=16, target_modules="all-linear", task_type="CAUSAL_LM")
def put(model):
    inject(model, config)
    return model
""",
    "peft": """
from peft import LoraConfig, get_peft_model
config = LoraConfig(r=16, target_modules="all-linear", task_type="CAUSAL_LM")
def put(model):
    return get_peft_model(model, config)
""",
}

INJECTION: Final = """
import gc, json, time
import copy
times = []
for _ in range(6):
    bare = copy.deepcopy(model)
    gc.collect()
    started = time.perf_counter()
    put(bare)
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": sorted(times[1:])[2]}))
"""

FORWARD: Final = """
import json, resource, time
adapted = put(model)
tokens = torch.arange(4 * 64).reshape(4, 64)
def step(train):
    adapted.train(train)
    started = time.perf_counter()
    if train:
        adapted(input_ids=tokens).logits.sum().backward()
    else:
        with torch.no_grad():
            adapted(input_ids=tokens)
    return time.perf_counter() - started
for _ in range(3):
    step(False)
times = sorted(step(False) for _ in range(20))
steps = sorted(step(True) for _ in range(7))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": times[5], "step": steps[2], "peak": peak}))
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m docs.benchmark_injector", description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    injected = in_turn(LLAMA_8B, INJECTION, runs)
    called = in_turn(SMALLER, FORWARD, runs)
    (ROOT / "docs/injector_performance.md").write_text(page(injected, called, runs), "utf-8")


def in_turn(model: str, measure: str, runs: int) -> dict[str, dict[str, float]]:
    """Return the median of each figure, for each library."""
    found: dict[str, list[dict[str, float]]] = {library: [] for library in PUT}
    for _ in range(runs):
        for library, put in PUT.items():
            command = [sys.executable, "-W", "ignore", "-c", model + put + measure]
            done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
            found[library].append(json.loads(done.stdout.splitlines()[-1]))
    return {
        library: {key: statistics.median(run[key] for run in many) for key in many[0]}
        for library, many in found.items()
    }


def page(injected: dict[str, Any], called: dict[str, Any], runs: int) -> str:
    """Return the page."""
    where = f"{platform.machine()}, Python {platform.python_version()}"
    rows = [
        ("add adapters to the 224 layers of Llama 3 8B, on the meta device", injected, "seconds"),
        ("forward pass of a Llama with 8 layers, on the CPU", called, "seconds"),
        ("training step of the same model", called, "step"),
    ]
    lines = [
        f"| {what} | {ms(both, 'loracfg', key)} | {ms(both, 'peft', key)} | {ratio(both, key)} |"
        for what, both, key in rows
    ]
    peaks = [called[library]["peak"] / 1024 for library in PUT]
    lines.append(
        f"| peak memory of that process | {peaks[0]:.0f} MB | {peaks[1]:.0f} MB "
        f"| {ratio(called, 'peak')} |"
    )
    table = "\n".join(lines)
    return f"""# Performance of the injector

Measured by `python -m docs.benchmark_injector` on {where}, in one run: medians of {runs}
alternating processes for each library.

| | loracfg | PEFT {PEFT_RELEASE} | Ratio |
|---|--:|--:|--:|
{table}
"""


def ms(both: dict[str, Any], library: str, key: str) -> str:
    """Return a time in milliseconds."""
    return f"{both[library][key] * 1000:.1f} ms"


def ratio(both: dict[str, Any], key: str) -> str:
    """Return the ratio of loracfg to PEFT."""
    return f"{both['loracfg'][key] / both['peft'][key]:.2f}"


if __name__ == "__main__":
    main()
