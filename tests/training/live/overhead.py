"""What the callback costs: seconds of CPU at the start of a run and at each save.

    python -m tests.training.live.overhead [--layers 32] [--saves 20]

The model has the modules of a Llama with this many layers (and is as wide as the tiny one), with
an adapter on all linear layers. The events are those of a real `Trainer`, which is not timed. The
garbage collector is off: a full pass takes 0.3 s in a process with torch and transformers, and may
come during any allocation.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import loracfg
from tests.training.live.runs import arguments, with_adapter
from tests.zoo import tiny_model


@dataclass(frozen=True)
class Overhead:
    """Seconds of CPU: at the first start, which imports what it runs; at another; at a save."""

    modules: int
    first_start: float
    later_start: float
    first_save: float
    later_save: float


def measure(layers: int, saves: int) -> Overhead:
    """Measure the callback on the events of a run."""
    from transformers import TrainerControl, TrainerState

    model = with_adapter(
        tiny_model("llama", num_hidden_layers=layers),
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    control = TrainerControl()

    def start(args: Any) -> tuple[Any, float]:
        began = time.process_time()
        callback = loracfg.LoracfgCallback()
        callback.on_init_end(args, TrainerState(), control, model=model)
        callback.on_train_begin(args, TrainerState(), control, model=model)
        return callback, time.process_time() - began

    def save(callback: Any, args: Any, step: int) -> float:
        model.save_pretrained(str(Path(args.output_dir) / f"checkpoint-{step}"))
        began = time.process_time()
        callback.on_save(args, TrainerState(global_step=step), control, model=model)
        return time.process_time() - began

    with tempfile.TemporaryDirectory() as folder:
        args = arguments(Path(folder))
        _, first = start(args)
        callback, later = start(args)
        first_save, *others = [save(callback, args, step + 1) for step in range(saves)]
    modules = len(list(model.modules()))
    return Overhead(modules, first, later, first_save, sum(others) / len(others))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--layers", type=int, default=32)
    parser.add_argument("--saves", type=int, default=20)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    gc.disable()
    found = measure(given.layers, given.saves)
    lines = [
        f"{found.modules} modules",
        f"first start {found.first_start * 1000:.0f} ms",
        f"later start {found.later_start * 1000:.0f} ms",
        f"first save {found.first_save * 1000:.1f} ms",
        f"later save {found.later_save * 1000:.1f} ms",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
