"""Read what an example says besides the adapter: its base, release of PEFT and engines."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from loracfg.analysis.live_facts import ConfigChange, LiveFacts
from loracfg.analysis.policy import Policy
from loracfg.base.architecture import Architecture
from loracfg.base.search import Fit, ResolvedBase
from loracfg.testing.memory_files import MemoryFiles

BASE_FILE = "base file "
LIVE = "live "
TRAINER = "trainer "
ELSEWHERE = ("peft ", "for ", "policy ", LIVE, BASE_FILE, TRAINER)
"""How the lines begin that change neither the adapter nor the tree of its base."""


def release_of(lines: tuple[str, ...]) -> str | None:
    """Return the release of PEFT for which an example is validated."""
    named = [line.removeprefix("peft ") for line in lines if line.startswith("peft ")]
    return named[-1] if named else None


def runtimes_of(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the engines for which an example is validated."""
    return tuple(line.removeprefix("for ") for line in lines if line.startswith("for "))


def policy_of(lines: tuple[str, ...]) -> Policy | None:
    """Return the policy with which an example is validated."""
    given = [line.removeprefix("policy ") for line in lines if line.startswith("policy ")]
    if not given:
        return None
    values = json.loads(given[-1]).items()
    plain: dict[str, Any] = {
        key.replace("-", "_"): tuple(one) if isinstance(one, list) else one for key, one in values
    }
    return Policy(**plain)


def live_of(lines: tuple[str, ...], names: Collection[str]) -> LiveFacts | None:
    """Return what is true of an example in a live model; None if it is not in one.

    `names` are the names of its tensors.
    """
    given = [line.removeprefix(LIVE) for line in lines if line.startswith(LIVE)]
    if not given:
        return None
    values: dict[str, Any] = json.loads(given[-1])

    def chosen(key: str) -> list[str]:
        return [name for name in names if key in values and re.search(values[key], name)]

    frozen = chosen("frozen")
    trained = [name for name in names if name not in frozen]
    is_known = "not_optimized" in values
    return LiveFacts(
        in_training=values.get("in_training", True),
        for_inference=values.get("for_inference", False),
        active=tuple(values.get("active", ())),
        trained=tuple(trained),
        frozen=tuple(frozen),
        optimized=frozenset(trained) - {*chosen("not_optimized")} if is_known else None,
        unsaved=tuple(values.get("unsaved", ())),
        without_data=tuple(chosen("without_data")),
        untied=tuple(values.get("untied", ())),
        idle=values.get("idle"),
        changes=tuple(
            ConfigChange(key, *map(json.dumps, both))
            for key, both in values.get("changes", {}).items()
        ),
    )


def trainer_file_of(lines: tuple[str, ...]) -> str | None:
    """Return the text of the trainer's file of an example; None if it has none."""
    given = [line.removeprefix(TRAINER) for line in lines if line.startswith(TRAINER)]
    options: dict[str, Any] = {}
    for one in given:
        options |= json.loads(one)
    return json.dumps(options, indent=2) if given else None


def resolved_of(lines: tuple[str, ...], base: Architecture | None) -> ResolvedBase:
    """Return the resolved base of an example, with what its lines say about it."""
    named = [json.loads(line.removeprefix("base ")) for line in lines if line.startswith("base {")]
    about: dict[str, Any] = named[-1] if named else {}
    return ResolvedBase(
        base,
        name=f"{about['name']}@{'0' * 40}" if "name" in about else about.get("folder"),
        dtype=about.get("dtype"),
        own_code=about.get("own_code", False),
        saved_as=tuple(about.get("saved_as", ())),
        files=base_files(lines),
        default_class=Fit(about["led_to"], 0, 4) if "led_to" in about else None,
        model_type=about.get("type"),
        packed=about.get("packed"),
        other_model=about.get("other_model"),
    )


def has_values(lines: tuple[str, ...]) -> bool:
    """Tell whether an example needs the values of its tensors."""
    return any(line.startswith("values ") for line in lines)


def base_files(lines: tuple[str, ...]) -> MemoryFiles | None:
    """Return the files in the folder of the base; None if the example has none."""
    given = [line.removeprefix(BASE_FILE) for line in lines if line.startswith(BASE_FILE)]
    contents = {name: text.encode() for name, _, text in (line.partition(" ") for line in given)}
    return MemoryFiles(contents) if contents else None
