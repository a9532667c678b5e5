"""Examples as bodies of `POST /validate`, for pages on which people try them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any, Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.header.tensor import Tensor
from loracfg.base.architecture import Architecture
from loracfg.config import CONFIG_NAME
from loracfg.testing.building.examples import build
from loracfg.testing.building.surroundings import base_files, release_of, runtimes_of
from loracfg.testing.llama import BASE, SHOWN_BY_CONFIG, base_config
from loracfg.testing.memory_files import safetensors_header

UNSHOWN: Final = {
    "locked ": "a browser is given no files that cannot be opened",
    "link ": "a browser is given no links",
    "live ": "a model in PyTorch is needed",
    "trainer ": "a trainer's file is checked, not an adapter",
    "planned": "a config is checked before training",
    "policy ": "the settings of a project are needed",
    "values ": "the page reads no values of tensors",
}
"""Beginnings of the lines that a body cannot show, and why."""
_UNSHOWN_BASE: Final = "no `config.json` says this of a base"
_SHOWN_BY_NAME: Final = frozenset(("name", "other_model"))
"""What the name of a base shows, or the class in its config."""
_SHOWN_BY_CHECKPOINT: Final = frozenset(("vision",))
"""What the headers of a base show, if an adapter has tensors for it."""
_IN_TOWER: Final = "vision_tower"
_NAME: Final = "example"
_CHECKPOINT: Final = "model.safetensors"
_MOST: Final = 1024 * 1024
"""The bytes of other files that are read."""


def why_not(lines: tuple[str, ...]) -> str | None:
    """Return why a body cannot show what the lines of an example say; None if it can."""
    for line in lines:
        for beginning, why in UNSHOWN.items():
            if line.startswith(beginning):
                return why
    changes = _changes(lines) or {}
    shown = SHOWN_BY_CONFIG | _SHOWN_BY_NAME
    if any(line.startswith("tensor ") and _IN_TOWER in line for line in lines):
        shown |= _SHOWN_BY_CHECKPOINT
    return None if changes.keys() <= shown and "own_code" not in changes else _UNSHOWN_BASE


def body_of(lines: tuple[str, ...]) -> dict[str, object] | None:
    """Return the body for an example, None if a body cannot show what its lines say."""
    if why_not(lines) is not None:
        return None
    files, tree = build(lines)
    body = _adapter(files.contents)
    changes = _changes(lines)
    if changes is not None:
        body["base"] = _base(BASE | changes, lines, tree)
    options: dict[str, object] = {}
    if release := release_of(lines):
        options["peft"] = release
    if runtimes := [*runtimes_of(lines)]:
        options["for"] = runtimes
    return {**body, "options": options}


def _changes(lines: tuple[str, ...]) -> dict[str, Any] | None:
    """Return what differs in the base of an example; None if it has no base."""
    changes: dict[str, Any] | None = {}
    for line in lines:
        verb, _, said = line.partition(" ")
        if verb == "base" and not said.startswith("file "):
            changes = None if said == "none" else (changes or {}) | json.loads(said)
    return changes


def _base(
    sizes: Mapping[str, Any], lines: tuple[str, ...], tree: Architecture | None
) -> dict[str, Any]:
    config = json.dumps(base_config(sizes), indent=2)
    base: dict[str, Any] = {"name": sizes.get("name", "config.json"), "config": config}
    if sizes["vision"] and tree is not None:
        base["weights"] = {_CHECKPOINT: {"header": safetensors_header(_parameters(tree))[0]}}
    if files := base_files(lines):
        base["files"] = {name: _beginning(data) for name, data in files.contents.items()}
    return base


def _parameters(tree: Architecture) -> Iterator[Tensor]:
    for module in tree.modules.values():
        for name, shape in module.parameters.items():
            yield Tensor(f"{module.path}.{name}", "F32", shape)


def _beginning(data: bytes) -> dict[str, object]:
    return {"head": b64encode(data[:_MOST]).decode(), "size": len(data)}


def _adapter(contents: Mapping[str, bytes]) -> dict[str, Any]:
    body: dict[str, Any] = {"name": _NAME, "files": {}}
    loaded = SAFETENSORS_NAME if SAFETENSORS_NAME in contents else PICKLE_NAME
    for name, data in contents.items():
        if name == CONFIG_NAME:
            try:
                body["config"] = data.decode()
            except UnicodeDecodeError:
                body["config_base64"] = b64encode(data).decode()
        elif name == loaded:
            end = len(data) if name == PICKLE_NAME else _end_of_header(data)
            head = b64encode(data[:end]).decode()
            body["weights"] = {"head": head, "size": len(data), "file": name}
        else:
            body["files"][name] = 0 if name.endswith("/") else _beginning(data)
    return body


def _end_of_header(data: bytes) -> int:
    return min(len(data), max(8 + int.from_bytes(data[:8], "little"), 520))
