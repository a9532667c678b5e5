"""A model with its own code in a folder, and the command in a separate process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.base.remote_code import MAKE_ADAPTER, write_novel
from tests.cli.running import CODE, ROOT, Outcome

HIDDEN: Final = """
import importlib.util
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {name!r}:
            raise ModuleNotFoundError(name)

find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == {name!r} else find(name, *rest)
sys.meta_path.insert(0, Hidden())
from loracfg.cli import run
run()
"""
"""The command where a library is not to be found."""


WITHOUT: Final = """
import sys
for name in {names!r}:
    sys.modules[name] = None
from loracfg.cli import run
run()
"""
"""The command where libraries are not installed."""

LIGHT: Final = WITHOUT.format(names=["torch", "transformers", "peft", "huggingface_hub"])


@dataclass(frozen=True)
class Novel:
    """The model, adapters made on it, a mark that its code ran, and a home for copies of it."""

    base: Path
    adapter: Path
    untasked: Path
    ran: Path
    home: Path

    def surroundings(self) -> dict[str, str]:
        """Return an environment in which the code leaves its mark."""
        kept = {name: v for name, v in os.environ.items() if name != "HF_HUB_CACHE"}
        more = {"NOVEL_RAN": str(self.ran), "HF_HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        return kept | more

    def run(
        self, *arguments: str | Path, code: str = CODE, env: dict[str, str] | None = None
    ) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=self.surroundings() | (env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def trace(self, *arguments: str | Path, code: str = CODE, **env: str) -> Outcome:
        """Run the command, with the mark taken away before."""
        self.ran.unlink(missing_ok=True)
        return self.run("base", "trace", *arguments, code=code, env=env)


def make_novel(root: Path) -> Novel:
    """Write the model and its adapters."""
    made = Novel(
        write_novel(root / "base"), root / "adapter", root / "untasked", root / "ran", root / "home"
    )
    done = made.run(made.base, made.adapter, made.untasked, code=MAKE_ADAPTER)
    assert done.status == 0, done.err
    return made


def adapter_of(outcome: Outcome) -> dict[str, Any]:
    """Return what a report says of its one adapter."""
    (adapter,) = json.loads(outcome.out)["adapters"]
    assert isinstance(adapter, dict)
    return adapter
