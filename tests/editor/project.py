"""A folder as it is opened in an editor: an adapter, its base, and a virtual environment."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any, Final

from safetensors import safe_open

from tests.cli.running import CODE, ROOT, call

EXAMPLES: Final = ROOT / "docs" / "examples"
CONFIG: Final = "adapter/adapter_config.json"
WRONG: Final = {"bias": "some", "target_modules": ["q_prj", "v_proj"]}
"""Two mistakes, of which only the second needs the base."""


def make_project(folder: Path, **changes: Any) -> Path:
    """Make a folder whose adapter has these values in its config; return the config."""
    for name in ("adapter", "base"):
        shutil.copytree(EXAMPLES / name, folder / name)
    (folder / "loracfg.toml").write_text('base = "base"\n')
    path = folder / CONFIG
    path.write_text(config_text(**changes))
    return path


def config_text(**changes: Any) -> str:
    """Return the text of the example's config with other values."""
    config = json.loads((EXAMPLES / CONFIG).read_text())
    return json.dumps(config | changes, indent=2) + "\n"


def install_program(folder: Path) -> Path:
    """Make what a virtual environment of the folder has: our program; return its folder."""
    program = folder / ".venv" / "bin" / "loracfg"
    program.parent.mkdir(parents=True)
    lines = (f"#!{sys.executable}", "import sys", f"sys.path.insert(0, {str(ROOT)!r})", CODE)
    program.write_text("\n".join(lines) + "\n")
    program.chmod(0o755)
    return program.parent


def problems(folder: Path, text: str | None = None) -> list[tuple[str, str, int, int]]:
    """Return what `validate` finds in the config: code, severity, line and column.

    A finding elsewhere is at the start of the config, where editors show it.
    """
    path = folder / CONFIG
    before = path.read_text()
    path.write_text(before if text is None else text)
    base = ("--base", folder / "base")
    outcome = call("validate", path.parent, *base, "--format", "json")
    path.write_text(before)
    (report,) = json.loads(outcome.out)["adapters"]
    found = []
    for one in report["diagnostics"]:
        at = one["location"]
        here = at["file"] == path.name and "line" in at
        place = (at["line"], at["column"]) if here else (1, 1)
        found.append((one["code"], one["severity"], *place))
    return sorted(found)


def fixed(folder: Path, output: Path) -> str:
    """Return the config that `fix` writes with its safe repairs."""
    base = ("--base", folder / "base")
    call("fix", folder / Path(CONFIG).parent, *base, "--output", output)
    return (output / Path(CONFIG).name).read_text()


def names_of_base() -> set[str]:
    """Return the last names of the layers of the base with a matrix, from its checkpoint."""
    with safe_open(EXAMPLES / "base" / "model.safetensors", "numpy") as tensors:
        names = [
            one for one in sorted(tensors.keys()) if len(tensors.get_slice(one).get_shape()) == 2
        ]
    return {one.removesuffix(".weight").rpartition(".")[2] for one in names}


def place_of(text: str, word: str) -> dict[str, int]:
    """Return the position before the end of a word, as editors count."""
    before = text[: text.index(word) + len(word)]
    line = before.count("\n")
    return {"line": line, "character": len(before) - before.rfind("\n") - 1}
