"""Traces model types into a folder: `python -m loracfg.base.tracer --out DIR [TYPE…]`.

With `--library diffusers` the types are names of its classes.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

BATCH: Final = 12
"""Model types that one process traces."""
TIME_LIMITS: Final = {"transformers": 240, "diffusers": 1200}
"""Seconds for one model type, by library."""


def main() -> None:
    """Trace and write."""
    parser = argparse.ArgumentParser(prog="python -m loracfg.base.tracer", description=__doc__)
    parser.add_argument("types", nargs="*", help="model types; all that transformers has if none")
    parser.add_argument("--out", type=Path, required=True, help="folder for one file per type")
    parser.add_argument("--library", choices=("transformers", "diffusers"), default="transformers")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--missing", action="store_true", help="leave types that have a file alone")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.here:
        for model_type in options.types:
            _say(_one(model_type, options.out, options.library))
        return
    types = options.types or _all_types(options.library)
    if options.missing:
        types = [t for t in types if not (options.out / f"{t}.json").exists()]
    batches = [types[start : start + BATCH] for start in range(0, len(types), BATCH)]
    with ThreadPoolExecutor(options.jobs) as pool:
        for _ in pool.map(lambda batch: _run(batch, options.out, options.library), batches):
            pass
    _write_activations(options.out, options.library)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _run(types: list[str], out: Path, library: str) -> None:
    """Trace some types in a process of its own, in which sets are walked in the same order."""
    command = [sys.executable, "-m", "loracfg.base.tracer", "--here", "--out", str(out)]
    command += ["--library", library, *types]
    subprocess.run(command, check=False, env=os.environ | {"PYTHONHASHSEED": "0"})  # noqa: S603


def _all_types(library: str) -> list[str]:
    if library == "diffusers":
        from loracfg.base.tracer.diffusers_seeds import SEEDS

        return list(SEEDS)
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    return sorted(CONFIG_MAPPING_NAMES)


def _one(model_type: str, out: Path, library: str) -> str:
    """Trace one model type and write its entry; return a line on how it went."""
    from loracfg.base.tracer.instruments import install

    install()
    from loracfg.base.tracer.diffusers import trace_class
    from loracfg.base.tracer.encode import encode
    from loracfg.base.tracer.entry import NoEntryError, trace_type

    started = time.monotonic()
    withdrawn: dict[str, str] = {}
    try:
        with _limited(TIME_LIMITS[library]):
            if library == "diffusers":
                entry, tasks = trace_class(model_type), {}
            else:
                entry, tasks = trace_type(model_type, _classes(model_type)), _tasks(model_type)
        withdrawn = entry.withdrawn
        text = json.dumps(encode(entry, tasks), separators=(",", ":"))
        (out / f"{model_type}.json").write_text(text + "\n")
        result = f"{len(entry.classes)} classes, {len(text)} bytes"
    except NoEntryError as error:
        result = f"none: {error}"
    except Exception as error:  # one type must not end the others
        result = f"failed: {type(error).__name__}: {error}"
    seconds = time.monotonic() - started
    return json.dumps([model_type, round(seconds, 1), result[:300], withdrawn])


class _limited:  # noqa: N801  # a context manager
    """Raises `TimeoutError` after some seconds."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, self._stop)
        signal.alarm(self.seconds)

    def __exit__(self, *_: object) -> None:
        signal.alarm(0)

    def _stop(self, *_: Any) -> None:
        raise TimeoutError(f"it takes longer than {self.seconds} s")


def _classes(model_type: str) -> list[str]:
    """Return the classes of the auto-mappings, then the others that take the type's config."""
    from loracfg.base import transformers as builder

    found = builder.other_classes({"model_type": model_type})
    return list(dict.fromkeys([*found, *_classes_beside(model_type)]))


def _classes_beside(model_type: str) -> Iterator[str]:
    """Yield the exported classes of the config's own package, in the order of their names."""
    import transformers
    from transformers import CONFIG_MAPPING, PreTrainedModel

    config_class = CONFIG_MAPPING[model_type]
    package = config_class.__module__.rpartition(".")[0]
    for path in sorted(Path(sys.modules[package].__path__[0]).glob("modeling_*.py")):
        if path.stem.startswith(("modeling_tf_", "modeling_flax_")):
            continue
        module = importlib.import_module(f"{package}.{path.stem}")
        for name, value in vars(module).items():
            if (
                isinstance(value, type)
                and issubclass(value, PreTrainedModel)
                and getattr(value, "config_class", None) is config_class
                and "pretrained" not in name.lower()
                and hasattr(transformers, name)
            ):
                yield name


def _tasks(model_type: str) -> dict[str, list[str]]:
    """Return the classes of each of PEFT's task types, the one that is taken first."""
    from loracfg.base import transformers as builder

    config = {"model_type": model_type}
    found = {task: builder.mapped(config, name) for task, name in builder.TASK_MAPPINGS.items()}
    return {task: names for task, names in found.items() if names}


def _write_activations(out: Path, library: str) -> None:
    from loracfg.base.tracer.activations import activations

    found = activations() if library == "transformers" else {}  # diffusers names none in a config
    (out / "activations.txt").write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
