"""Examples as bodies of `POST /validate`, for pages on which people try them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.config import CONFIG_NAME
from loracfg.testing.building.examples import build
from loracfg.testing.building.surroundings import release_of, runtimes_of
from loracfg.testing.llama import BASE, SHOWN_BY_CONFIG, base_config

_NOT_SHOWN: Final = ("locked ", "link ", "live ", "trainer ", "policy ", "values ", "base file ")
"""Lines of examples that a body cannot show."""
_NAME: Final = "example"
_MOST: Final = 1024 * 1024
"""The bytes of other files that are read."""


def body_of(lines: tuple[str, ...]) -> dict[str, object] | None:
    """Return the body for an example, None if a body cannot show what its lines say."""
    if any(line.startswith(_NOT_SHOWN) or line == "planned" for line in lines):
        return None
    base = BASE
    has_base = True
    for line in lines:
        if line.startswith("base "):
            said = line.removeprefix("base ")
            changes = {} if said == "none" else json.loads(said)
            has_base = said != "none"
            if not changes.keys() <= SHOWN_BY_CONFIG:
                return None
            base = base | changes
    files, _ = build(lines)
    body = _adapter(files.contents)
    if has_base:
        body["base"] = {"name": "config.json", "config": json.dumps(base_config(base), indent=2)}
    options: dict[str, object] = {}
    if release := release_of(lines):
        options["peft"] = release
    if runtimes := [*runtimes_of(lines)]:
        options["for"] = runtimes
    return {**body, "options": options}


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
            head = b64encode(data[:_MOST]).decode()
            body["files"][name] = 0 if name.endswith("/") else {"head": head, "size": len(data)}
    return body


def _end_of_header(data: bytes) -> int:
    return min(len(data), max(8 + int.from_bytes(data[:8], "little"), 520))
