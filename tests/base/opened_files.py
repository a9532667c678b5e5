"""An adapter whose base only its facts describe, and what the interpreter opens meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from loracfg import Engine, Options
from loracfg.config import CONFIG_NAME
from loracfg.report.report import AdapterReport
from tests.base.headers import write_checkpoint
from tests.base.test_facts_file import CONFIG
from tests.base.test_facts_file import GOOD as FACTS
from tests.cli.running import write_base

SECONDS: Final = 60
"""How long a judgement may take before it counts as blocked."""
COMMIT: Final = "a" * 40
NAME: Final = "base_model_name_or_path"
NOVEL: Final = CONFIG | {"architectures": ["NovelModel"]}


class Events:
    """What the interpreter reports while it is on: opened files, connections, processes."""

    def __init__(self) -> None:
        self.is_on = False
        self.opened: list[str] = []
        self.others: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            self.opened.append(os.path.realpath(os.fsdecode(arguments[0])))
        elif event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn")):
            self.others.append(event)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record what happens in a block, and forget what happened before."""
        self.opened.clear()
        self.others.clear()
        self.is_on = True
        try:
            yield
        finally:
            self.is_on = False

    @property
    def has_opened_facts(self) -> bool:
        """Whether a facts file was opened."""
        return any(path.endswith(".facts") for path in self.opened)


EVENTS: Final = Events()
"""A hook cannot be removed, so there is one."""


def novel_adapter(named: str, folder: Path = Path("adapter")) -> Path:
    """Write an adapter for the base that only its facts describe."""
    folder.mkdir(parents=True)
    config = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["up"], NAME: named}
    (folder / CONFIG_NAME).write_text(json.dumps(config))
    layers = [f"base_model.model.layers.{layer}.up" for layer in range(NOVEL["depth"])]
    tensors = {f"{layer}.lora_A.weight": (4, 8) for layer in layers}
    tensors |= {f"{layer}.lora_B.weight": (32, 4) for layer in layers}
    write_checkpoint(folder / "adapter_model.safetensors", dict(tensors))
    return folder


def novel_base(folder: Path, **config: Any) -> Path:
    """Write a base that only its facts describe."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(NOVEL | config))
    (folder / "novel.facts").write_text(FACTS)
    return folder


def in_time(work: Callable[[], AdapterReport]) -> AdapterReport:
    """Return a report, which must come in time: opening a pipe would block."""
    found: list[AdapterReport] = []
    thread = threading.Thread(target=lambda: found.append(work()), daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert not thread.is_alive(), "it blocks"
    return found[0]


def judge(folder: Path = Path("adapter"), **options: Any) -> AdapterReport:
    """Judge an adapter, and record what happens."""
    Engine().open(folder).report  # noqa: B018  # import what is needed
    with EVENTS.recording():
        return in_time(lambda: Engine(Options(**options)).open(folder).report)


def reasons(report: AdapterReport) -> str:
    """Return why something was not checked."""
    return "; ".join(gap.why for gap in report.not_checked)


def source_in(report: AdapterReport) -> str | None:
    """Return where the tree of the base comes from."""
    return report.base.source if report.base else None


def snapshot(hub: Path, repo: str = "org/base", facts: str | None = None) -> Path:
    """Fill the cache of the Hub as its client does: links to blobs."""
    home = hub / f"models--{repo.replace('/', '--')}"
    folder = home / "snapshots" / COMMIT
    base = write_base(hub.parent / "downloaded")
    (home / "blobs").mkdir(parents=True)
    (home / "refs").mkdir()
    (home / "refs/main").write_text(COMMIT)
    folder.mkdir(parents=True)
    if facts is not None:
        (base / "config.json").write_text(json.dumps(NOVEL))
        (base / "novel.facts").write_text(facts)
        (base / "model.safetensors").unlink()
    for number, file in enumerate(sorted(base.iterdir())):
        shutil.move(file, home / "blobs" / f"{number}")
        (folder / file.name).symlink_to(f"../../blobs/{number}")
    return folder
