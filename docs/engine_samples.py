"""The samples of output on the page about engines: what its commands print."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

SAMPLES: Final = {
    "two engines": "--base base/ --for sglang --for vllm",
    "no base": "--for vllm",
    "untried versions": "--base base/ --for vllm==0.14.1 --for vllm==0.8.5 --for vllm==0.99",
    "unreleased version": "--base base/ --for vllm==0.12.7",
    "setting without effect": "--base base/ --for vllm,max_loras=4",
}
"""The options of `loracfg compat` by the mark of the sample on the page."""
_DATED: Final = "two engines"
"""The sample that shows when engines were checked."""


def samples(examples: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the mark and the lines of each sample, for an example adapter with `use_rslora`."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("adapter", "base"):
            shutil.copytree(examples / part, folder / part)
        config = folder / "adapter" / "adapter_config.json"
        config.write_text(json.dumps(json.loads(config.read_text("utf-8")) | {"use_rslora": True}))
        for mark, options in SAMPLES.items():
            command = [sys.executable, "-m", "loracfg", "compat", "adapter/", *options.split()]
            ran = subprocess.run(  # noqa: S603 - loracfg
                command, cwd=folder, capture_output=True, text=True, check=False
            )
            lines = (ran.stdout or ran.stderr).splitlines()
            is_whole = mark == _DATED or ran.returncode
            yield mark, ["```text", *(lines if is_whole else lines[:-2]), "```"]
