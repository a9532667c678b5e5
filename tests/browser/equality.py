"""Every made adapter, sound and spoilt, in the worker of the page and in CPython: equal verdicts.

python -m tests.browser.equality             # all model types
python -m tests.browser.equality llama gpt2
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS
from tests.browser.in_worker import Judged, in_cpython, in_worker
from tests.browser.written_page import content, serving_files
from tests.made.make import Made, make
from tests.made.recipes import BROKEN_IN_PEFT, CASES, recipe

BATCH: Final = 50


def spoilt(copy: Copy, base: bytes, name: str, most: int) -> Iterator[Judged]:
    """Yield an adapter, and copies of it with drawn defects that it can have."""
    yield Judged(name, copy.written(), base)
    for defect in random.Random(name).sample(DEFECTS, min(most, len(DEFECTS))):  # noqa: S311
        one = Copy(dict(copy.config), dict(copy.tensors))
        if defect.apply(one):
            yield Judged(f"{name} {defect.name}", one.written(), base)


def made(types: list[str], root: Path, most: int) -> Iterator[Judged]:
    """Yield all adapters of these model types, as PEFT makes them."""
    for model_type, option in CASES:
        chosen = recipe(model_type, option)
        if chosen is None or model_type not in types or (model_type, option) in BROKEN_IN_PEFT:
            continue
        one = make(model_type, chosen, root, option)
        if isinstance(one, Made):
            base = (one.base / "config.json").read_bytes()
            yield from spoilt(Copy.of(one.adapter), base, f"{model_type} {option}", most)
            shutil.rmtree(one.adapter)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Compare, print what differs, and return how many do."""
    parser = ArgumentParser()
    parser.add_argument("types", nargs="*", default=list(dict.fromkeys(one for one, _ in CASES)))
    parser.add_argument("--defects", type=int, default=len(DEFECTS))
    asked = parser.parse_args(arguments)
    from playwright.sync_api import sync_playwright

    found, different, times = 0, 0, list[float]()
    with (
        tempfile.TemporaryDirectory() as root,
        serving_files(content()) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto(served.url)
        waiting: list[Judged] = []
        for one in chain(made(asked.types, Path(root), asked.defects), [None]):
            if one is not None:
                waiting.append(one)
            if waiting and (one is None or len(waiting) == BATCH):
                for each, judged in zip(waiting, in_worker(page, waiting), strict=True):
                    found += 1
                    times.append(judged.milliseconds)
                    if judged.verdict != (expected := in_cpython(each)):
                        different += 1
                        say(f"{each.name}: {judged.verdict}, in CPython {expected}")
                waiting = []

        browser.close()
    times = times[1:]
    say(f"{found} adapters, {different} with a different verdict")
    quantiles = statistics.quantiles(times, n=100)
    say(
        f"milliseconds: median {quantiles[49]:.1f}, 99 % {quantiles[98]:.1f}, most {max(times):.1f}"
    )
    return different


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
