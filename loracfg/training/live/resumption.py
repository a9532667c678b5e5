"""Find the checkpoint that training resumes from, and what its config says differently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import LoneConfig
from loracfg.analysis.live_facts import ConfigChange
from loracfg.comparison.compared import key_changes
from loracfg.config import CONFIG_NAME

STATE_NAME: Final = "trainer_state.json"


class TrainerState(Protocol):
    """What is used of the state of a `Trainer`."""

    @property
    def global_step(self) -> int:
        """The number of steps that were made."""

    @property
    def log_history(self) -> Sequence[object]:
        """Everything that was logged, which the checkpoint has too."""


def checkpoint_folder(output: str | Path, step: int) -> Path:
    """Return the folder in which a `Trainer` saves after a step (`_save_checkpoint`)."""
    return Path(output) / f"checkpoint-{step}"


def resumed_checkpoint(state: TrainerState, named: str | None, output: str | Path) -> Path | None:
    """Return the checkpoint that training resumes from; None if it starts, or if it is unknown.

    A `Trainer` does not tell its callbacks. A folder is only taken for it if its state is the one
    that was loaded.

    Args:
        state: the state at the beginning of training.
        named: the checkpoint in the arguments of the `Trainer`.
        output: the folder of its checkpoints.
    """
    if not state.global_step:
        return None
    likely = [Path(named)] if named else []
    likely.append(checkpoint_folder(output, state.global_step))
    return next((folder for folder in likely if _has_state(folder, state)), None)


def config_changes(checkpoint: Path, name: str, now: str) -> tuple[ConfigChange, ...]:
    """Return how a config differs from that of a checkpoint in what an adapter computes.

    Args:
        checkpoint: the folder of the checkpoint.
        name: the name of the adapter; its files may be in a folder of its own.
        now: the config as PEFT would write it.
    """
    return tuple(_changes(checkpoint, name, now))


def _changes(checkpoint: Path, name: str, now: str) -> Iterator[ConfigChange]:
    for folder in (checkpoint / name, checkpoint):
        try:
            before = (folder / CONFIG_NAME).read_bytes()
        except OSError:
            continue
        both = read_adapter(LoneConfig(before)), read_adapter(LoneConfig(now.encode()))
        for change in key_changes(*both):
            if change.matters:
                yield ConfigChange(change.key, json.dumps(change.first), json.dumps(change.second))
        return


def _has_state(folder: Path, state: TrainerState) -> bool:
    try:
        saved = json.loads((folder / STATE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(saved, dict):
        return False
    logged = saved.get("log_history")
    if saved.get("global_step") != state.global_step or not isinstance(logged, list):
        return False
    begun: object = json.loads(json.dumps(state.log_history[: len(logged)]))
    return begun == logged
