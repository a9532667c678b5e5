"""Measure the page without a server in headless Chromium, and write docs/page_performance.md.

python -m docs.benchmark_page

Needs node, npm, Chromium and the extra `test`, and takes a minute or two on an idle machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS
from tests.browser.in_worker import Judged, in_worker
from tests.browser.written_page import Served, content, serving_files
from tests.llama8b import make_without_checkpoint

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT: Final = Path(__file__).resolve().parents[1]
LARGE: Final = 12
"""Large adapters; the weights of each have 80 MB."""
GROUPS: Final = {
    "Python (`pyodide.asm.wasm`)": ("pyodide/pyodide.asm.wasm",),
    "its library": ("pyodide/python_stdlib.zip",),
    "its loader": ("pyodide/pyodide.asm.mjs", "pyodide/pyodide.mjs", "pyodide/lock.json"),
    "loracfg, pydantic and the catalogue": ("python.tgz",),
}
BROTLI: Final = (
    "const { brotliCompressSync, constants } = require('node:zlib');"
    "const { readFileSync } = require('node:fs');"
    "const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };"
    "console.log(brotliCompressSync(readFileSync(process.argv[1]), { params }).length);"
)
FIRST: Final = """
() => new Promise((resolve) => {
  document.querySelector("#examples button").click();
  const found = () => document.querySelector(".verdict") && resolve(performance.now());
  new MutationObserver(found).observe(document.body, { childList: true, subtree: true });
})
"""
"""Asks for an example at once; returns the milliseconds from the navigation to its verdict."""


class Times(NamedTuple):
    """Seconds to the first verdict, and milliseconds of the following ones."""

    first: list[float]
    later: list[float]
    small: list[float]
    large: list[float]


def main() -> None:
    """Measure and write."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python -m docs.benchmark_page", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    files = content()
    with serving_files(files) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        first = [first_visit(browser, served) for _ in range(runs)]
        sent = dict(served.sent)
        page = browser.new_page()
        page.goto(served.url)
        later = [later_visit(page) for _ in range(runs)]
        small, large = verdicts(page)
        browser.close()
    path = ROOT / "docs" / "page_performance.md"
    path.write_text(text(files, sent, Times(first, later, small, large)), "utf-8")


def first_visit(browser: Browser, served: Served) -> float:
    """Return the seconds to the first verdict in a browser that has no file of the page."""
    context = browser.new_context(service_workers="block")
    served.clear()
    page = context.new_page()
    page.goto(served.url)
    seconds: float = page.evaluate(FIRST) / 1000
    context.close()
    return seconds


def later_visit(page: Page) -> float:
    """Return the seconds to the first verdict once the browser keeps the files."""
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    seconds: float = page.evaluate(FIRST) / 1000
    return seconds


def verdicts(page: Page) -> tuple[list[float], list[float]]:
    """Return the milliseconds of the following verdicts, on small adapters and on a large one."""
    examples = ROOT / "docs" / "examples"
    copy, base = Copy.of(examples / "adapter"), (examples / "base" / "config.json").read_bytes()
    small = [*all_kinds(copy, base)]
    with tempfile.TemporaryDirectory() as folder:
        adapter, llama_folder = make_without_checkpoint(Path(folder))
        llama = Copy.of(adapter)
        llama_base = (llama_folder / "config.json").read_bytes()
    in_worker(page, small[:1])
    # one by one: in memory, the weights of a large one have all their zeros
    large = (in_worker(page, [one]) for one in islice(all_kinds(llama, llama_base), LARGE))
    return (
        [one.milliseconds for one in in_worker(page, small)],
        [one.milliseconds for found in large for one in found],
    )


def all_kinds(copy: Copy, base: bytes) -> Iterator[Judged]:
    """Yield an adapter, and a copy of it with each defect."""
    yield Judged("sound", copy.written(), base)
    for defect in DEFECTS:
        one = Copy(dict(copy.config), dict(copy.tensors))
        if defect.apply(one):
            yield Judged(defect.name, one.written(), base)


def text(files: Mapping[str, bytes], sent: Mapping[str, int], times: Times) -> str:
    """Return the page."""
    where = f"{platform.machine()}, {os.cpu_count()} cores"
    load = f"{os.getloadavg()[1]:.0f}"
    return f"""# Performance of the page without a server

Measured by `python -m docs.benchmark_page` on {where}, in headless Chromium and in one run.
Processes that wanted a core meanwhile (the load average): {load}. On an idle
machine, it is 1 or less.

## What a first visit downloads

Megabytes: on disk; from a server that compresses with gzip (level 6), as for the times below; and
from one with brotli (level 9). Servers do not compress archives again.

| | On disk | gzip | brotli |
| --- | --: | --: | --: |
{size_rows(files, sent)}

Later visits download nothing: the browser keeps the files for use offline.

## Time

| | Median | Largest |
| --- | --: | --: |
{time_rows(times)}

The first two are from opening the page, with a server on the same machine. Each is the verdict on
an example that is asked for at once. The last two are the time of the worker, from a request to its
report, for a sound adapter and others with a defect each (`loracfg.testing.defects`).
"""


def size_rows(files: Mapping[str, bytes], sent: Mapping[str, int]) -> str:
    """Return the rows of the table of sizes."""
    named = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, "the page itself": tuple(name for name in sent if name not in named)}
    rows = {
        title: [sum(column) for column in zip(*(sizes(files, sent, n) for n in names), strict=True)]
        for title, names in groups.items()
    }
    rows["all"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    return "\n".join(
        f"| {title} | {' | '.join(f'{size / 1e6:.2f}' for size in row)} |"
        for title, row in rows.items()
    )


def time_rows(times: Times) -> str:
    """Return the rows of the table of times."""
    seconds = {"first verdict, first visit": times.first, "first verdict, later": times.later}
    milliseconds = {
        f"each further verdict, {len(times.small)} adapters of 8 tensors": times.small,
        f"the same, {len(times.large)} adapters of 448 tensors": times.large,
    }
    rows = [
        f"| {title} ({len(found)} runs) | {statistics.median(found):.2f} s | {max(found):.2f} s |"
        for title, found in seconds.items()
    ]
    rows += [
        f"| {title} | {statistics.median(found):.1f} ms | {max(found):.1f} ms |"
        for title, found in milliseconds.items()
    ]
    return "\n".join(rows)


def sizes(files: Mapping[str, bytes], sent: Mapping[str, int], name: str) -> tuple[int, int, int]:
    """Return the bytes of a file on disk, as sent, and compressed with brotli."""
    data = files[name or "index.html"] if name in files else files["index.html"]
    if sent.get(name, 0) == len(data):
        return len(data), len(data), len(data)
    return len(data), sent[name], brotli_size(data)


def brotli_size(data: bytes) -> int:
    """Return the size of data that node compresses with brotli."""
    with tempfile.NamedTemporaryFile() as stream:
        stream.write(data)
        stream.flush()
        node = shutil.which("node") or "node"
        done = subprocess.run(
            [node, "-e", BROTLI, stream.name], capture_output=True, text=True, check=True
        )
    return int(done.stdout)


if __name__ == "__main__":
    main()
