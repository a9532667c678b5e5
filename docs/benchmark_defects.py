"""Compares what shows defects of adapters: loading with PEFT, a script, loracfg.

python -m docs.benchmark_defects            writes docs/comparison.md
python -m docs.benchmark_defects --check    writes nothing; exit status 1 if the page is stale

Needs PEFT and transformers, as the tests do.
"""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

from loracfg import validate
from loracfg.testing import DEFECTS
from loracfg.testing.copies import Copy

os.environ["HF_HUB_OFFLINE"] = "1"  # PEFT would ask the Hub about bases that do not exist
ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs/comparison.md"
EXAMPLES: Final = ROOT / "docs/examples"

_ENDLESS: Final = "targets-slow-pattern"
"""A regular expression that backtracks for hours: PEFT does not come to an end with it."""

Outcome = Literal["error", "warning", "nothing"]
"""What somebody sees."""
Way = Callable[[Path], Outcome]
_WAYS: Final = {
    "load": "load it with PEFT (`PeftModel.from_pretrained`)",
    "script": "the [script](performance.md) that compares shapes",
    "validate": "`loracfg validate`",
}


def measured() -> dict[str, Counter[Outcome]]:
    """Return how often each way shows a defect in the example adapter, by what is seen."""
    ways: Mapping[str, Way] = {"load": _load, "script": _compare, "validate": _validate}
    counts = {name: Counter[Outcome]() for name in ways}
    for name, way in ways.items():
        if (seen := way(EXAMPLES / "adapter")) != "nothing":
            raise RuntimeError(f"{name} shows a {seen} for the adapter without defects")
    with tempfile.TemporaryDirectory() as name:
        for folder in _spoilt(Path(name)):
            for way_name, way in ways.items():
                counts[way_name][way(folder)] += 1
    return counts


def _spoilt(folder: Path) -> Iterator[Path]:
    """Write the example adapter with each defect that it can have, and yield its folder."""
    for defect in DEFECTS:
        copy = Copy.of(EXAMPLES / "adapter")
        if defect.name == _ENDLESS or not defect.apply(copy):
            continue
        spoilt = folder / defect.name
        spoilt.mkdir()
        for name, data in copy.written().contents.items():
            (spoilt / name).write_bytes(data)
        yield spoilt


def _load(adapter: Path) -> Outcome:
    """Load an adapter as people do, on a base with values."""
    from peft import PeftModel

    def ask() -> None:
        PeftModel.from_pretrained(_base(), str(adapter))

    return _seen(ask)


def _compare(adapter: Path) -> Outcome:
    """Compare names and shapes, as `docs/examples/with_transformers.py` does."""
    import torch
    from peft import PeftConfig, get_peft_model, get_peft_model_state_dict
    from safetensors import safe_open

    def ask() -> None:
        with torch.device("meta"):
            model = get_peft_model(_base(), PeftConfig.from_pretrained(str(adapter)))
        expected = {key: list(t.shape) for key, t in get_peft_model_state_dict(model).items()}
        with safe_open(str(adapter / "adapter_model.safetensors"), "pt") as file:
            found = {key: file.get_slice(key).get_shape() for key in file.keys()}  # noqa: SIM118
        if found != expected:
            raise ValueError("the adapter does not fit")

    return "error" if _seen(ask) == "error" else "nothing"


def _validate(adapter: Path) -> Outcome:
    report = validate(adapter, base=EXAMPLES / "base").adapters[0]
    severities = {one.severity for one in report.diagnostics}
    if report.status in ("invalid", "error"):
        return "error"
    return "warning" if "warning" in severities else "nothing"


def _base() -> Any:
    """Return a new base, whose type is known to neither its caller nor a checker."""
    from transformers import AutoConfig, AutoModelForCausalLM

    return AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(str(EXAMPLES / "base")))


def _seen(ask: Callable[[], None]) -> Outcome:
    """Run something, and return what somebody sees of it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            ask()
        except Exception:
            return "error"
    ours = [
        one for one in caught if not issubclass(one.category, DeprecationWarning | FutureWarning)
    ]
    return "warning" if ours else "nothing"


def page(counts: Mapping[str, Counter[Outcome]]) -> str:
    """Return the page with what was counted."""
    number = sum(counts["validate"].values())
    rows = (
        f"| {title} | {counts[way]['error']} | {counts[way]['warning']} | "
        f"{counts[way]['nothing']} |"
        for way, title in _WAYS.items()
    )
    parts = (
        "# Comparison",
        f"Measured by `python -m docs.benchmark_defects` with PEFT {version('peft')}: the example "
        f"adapter with {number} defects, one at a time. They are the defects of `loracfg.testing`, "
        "which the tests of loracfg use, so that it finds all of them is no surprise. What matters "
        "is the last column of the other rows.",
        "| | Error | Warning | Nothing |\n|---|--:|--:|--:|\n" + "\n".join(rows),
        "A warning is what Python's `warnings` show, most often PEFT's about missing keys. One "
        "more defect, a regular expression with which PEFT does not come to an end, is left out. "
        "The time that each takes is on [Performance](performance.md).",
    )
    return "\n\n".join(parts) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or check it; return the exit status."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"{inspect.cleandoc(__doc__ or '')}\n")
        return 2
    text = page(measured())
    if arguments:
        return int(PAGE.read_text("utf-8") != text)
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
