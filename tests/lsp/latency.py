"""From key to diagnostics: the time and the CPU time for a Llama 3 8B with 448 tensors.

python -m tests.lsp.latency
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loracfg.config import CONFIG_NAME
from tests.llama8b import make
from tests.lsp.editor import Editor

ROUNDS: Final = 10


def make_project(root: Path) -> Path:
    """Write the adapter, its base and settings; return the config."""
    adapter, _ = make(root)
    (root / "loracfg.toml").write_text('base = "base"\n')
    return adapter / CONFIG_NAME


def edits(text: str) -> Iterator[str]:
    """Yield versions of the config as somebody types: correct, wrong and broken ones."""
    for typed in ("8", "", "1", "16", "17"):
        yield text.replace('"r": 16', f'"r": {typed}')
    for typed in ("q", "q_", "q_p", "q_porj", "q_proj2", "all-linear"):
        yield text.replace('"q_proj"', f'"{typed}"')
    for typed in ("lora_alph", "lora_alpha_"):
        yield text.replace("lora_alpha", typed)
    yield text.replace('"modules_to_save": null', '"modules_to_save": ["lm_head"]')
    yield text.replace('"rank_pattern": {}', '"rank_pattern": {"up_proj": 8}')
    yield text


def cpu_seconds(process: int) -> float:
    """Return the CPU time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Run the command."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        path = make_project(root)
        text = path.read_text()
        begun = time.perf_counter()
        with Editor(root) as editor:
            uri = editor.open(path)
            editor.diagnostics(uri)
            first = time.perf_counter() - begun
            taken = []
            before = cpu_seconds(editor.process_id)
            for number in range(ROUNDS):
                for changed in edits(text + " " * number):
                    start = time.perf_counter()
                    editor.change(uri, changed)
                    editor.diagnostics(uri)
                    taken.append(1000 * (time.perf_counter() - start))
            cpu = 1000 * (cpu_seconds(editor.process_id) - before) / len(taken)
    nth = statistics.quantiles(taken, n=20)
    sys.stdout.write(
        f"from the start to the first diagnostics: {first:.2f} s\n"
        f"from key to diagnostics, {len(taken)} edits: median {statistics.median(taken):.1f} ms, "
        f"19 of 20 within {nth[-1]:.1f} ms, at most {max(taken):.1f} ms\n"
        f"CPU time of the server for an edit: {cpu:.1f} ms\n"
    )


if __name__ == "__main__":
    main()
