"""The examples of all rules as folders, each with a `loracfg.toml` that says how to judge it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loracfg.config import CONFIG_NAME
from loracfg.rules.registry import all_rules
from loracfg.testing.building.examples import examples
from loracfg.testing.building.surroundings import release_of, runtimes_of, trainer_file_of
from tests.cli.running import write_base
from tests.tiny import OnlyInMemoryError, make

RUN: Final = "run.json"


@dataclass(frozen=True)
class ExampleFolder:
    """An example of a rule on disk: its name, its lines, and the document to open."""

    name: str
    lines: tuple[str, ...]
    document: Path

    @property
    def adapter(self) -> Path:
        return self.document.parent

    @property
    def settings(self) -> Path:
        return self.adapter.parent / "loracfg.toml"


def write_examples(root: Path) -> Iterator[ExampleFolder]:
    """Write each example of each rule that files can show, and its settings."""
    for rule in all_rules():
        for number, example in enumerate(examples(rule.page)):
            folder = root / f"{rule.code}-{number}"
            try:
                found = _write(folder, example.lines)
            except OnlyInMemoryError:
                continue
            if found.document.is_file():  # else nobody can open it
                yield found


def _write(folder: Path, lines: tuple[str, ...]) -> ExampleFolder:
    if text := trainer_file_of(lines):
        folder.mkdir()
        write_base(folder / "base")
        document = folder / "adapter" / RUN
        document.parent.mkdir()
        document.write_text(text)
    else:
        make(folder, lines)
        document = folder / "adapter" / CONFIG_NAME
    settings = folder / "loracfg.toml"
    own = ['base = "base"'] if (folder / "base").exists() else []
    if release := release_of(lines):
        own.append(f"peft = {json.dumps(release)}")
    if runtimes := runtimes_of(lines):
        own.append(f"for = {json.dumps(runtimes)}")
    policy = settings.read_text() if settings.exists() else ""
    settings.write_text("\n".join(own) + f"\n{policy}")
    return ExampleFolder(folder.name, lines, document)
