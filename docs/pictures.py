"""The pictures on the pages: what loracfg prints and finds, made from real runs."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from demo_adapters import write_adapter, write_base
from diagrams import name_picture, silent_picture
from svg import grid, terminal

from loracfg import Engine, Options
from loracfg.inspection.arrange import arrange, row_name
from loracfg.inspection.contents import InspectedModule
from loracfg.inspection.gather import modules_in

FOLDER: Final = "docs/images"
_COMMANDS: Final = (
    "loracfg validate adapter/ --base base/",
    "loracfg fix adapter/ --base base/ --output fixed/",
)
_PROMPT: Final = "\x1b[1;32m$\x1b[0m \x1b[1m{}\x1b[0m"
_STATES: Final = {"fits": "fits", "missing": "missing", "wrong_shape": "wrong"}


def pictures() -> dict[str, str]:
    """Return the text of every picture by its path."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_base(folder / "base")
        return {
            f"{FOLDER}/terminal.svg": _terminal(folder),
            f"{FOLDER}/coverage.svg": _coverage(folder),
            f"{FOLDER}/names.svg": name_picture(),
            f"{FOLDER}/silent.svg": silent_picture(),
        }


def _terminal(folder: Path) -> str:
    """Draw an adapter without the prefix of PEFT, as it is found and repaired."""
    settings = {"target_modules": ["q_proj", "v_proj"], "r": 8, "lora_alpha": 16}
    edits = ["rename ^base_model.model. -> "]
    write_adapter(folder / "adapter", folder / "base", settings, edits)
    lines: list[str] = []
    for command in _COMMANDS:
        lines += [*([""] if lines else []), _PROMPT.format(command), *_output(command, folder)]
    return terminal(lines, f"What {' and '.join(f'`{one}`' for one in _COMMANDS)} print")


def _output(command: str, folder: Path) -> list[str]:
    """Run a command of loracfg with colours, and return the lines that a terminal shows."""
    _, *arguments = shlex.split(command)
    done = subprocess.run(  # noqa: S603 - loracfg
        [sys.executable, "-m", "loracfg", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "FORCE_COLOR": "1", "NO_COLOR": ""},
    )
    return done.stdout.splitlines()


def _coverage(folder: Path) -> str:
    """Draw how each tensor of an adapter is covered, one of whose checkpoints is incomplete."""
    edits = ["drop layers.3[01].mlp", "drop layers.15.self_attn.o_proj"]
    settings = {"exclude_modules": r".*layers\.[0-3]\.mlp.*"}
    write_adapter(folder / "grid", folder / "base", settings, edits)
    case = Engine(Options(base=folder / "base")).open(folder / "grid")
    stack = arrange(modules_in(case)).stacks[0]
    rows = {row_name(stack, row): list(_cells(stack.layers, stack.rows[row])) for row in stack.rows}
    legend = [("fits", "fits the base"), ("missing", "missing"), ("none", "not adapted")]
    return grid(rows, legend, "How each module of a base model is covered by an adapter")


def _cells(layers: Sequence[int], found: dict[int, Sequence[InspectedModule]]) -> Iterator[str]:
    for layer in layers:
        states = {_STATES.get(module.state, "none") for module in found.get(layer, ())}
        yield next((one for one in ("wrong", "missing", "fits") if one in states), "none")
