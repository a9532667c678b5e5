"""The installed vLLM, as `--for` takes it."""

from __future__ import annotations

import re
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile_files import profile_of
from loracfg.runtimes.versions import is_in

NO_ENGINE: Final = "none"
IN_THREE: Final = "is_3d_lora_weight"
"""The field of a request, and the setting in our facts, for factors of stacked experts."""
_RELEASE: Final = r"\d+(\.\d+)*(\.post\d+)?"
_FLAGS: Final = ("enable_mixed_moe_lora_format", "enable_tower_connector_lora")
"""Flags without which some adapters are refused that load with them."""
_LABELS: Final = "max_lora_cls_labels"
_MANY_LABELS: Final = 1_000_000


def engine_text(version: str) -> str | None:
    """Return a version of vLLM with its largest limits; None if it is not known.

    What a server of this version could load with other flags is not refused, since a plugin does
    not see the flags.
    """
    release = re.match(_RELEASE, version)
    if release is None:
        return None
    profile = profile_of("vllm")
    rank = profile.limits["max_lora_rank"].choices[-1].text
    large = {"max_lora_rank": f"={rank}", **dict.fromkeys(_FLAGS, ""), _LABELS: f"={_MANY_LABELS}"}
    had = {name for name, one in profile.limits.items() if is_in(release[0], one.versions)}
    given = [f"{name}{value}" for name, value in large.items() if name in had]
    text = ",".join([f"vllm=={release[0]}", *given])
    try:
        find_runtime(text)
    except LoracfgError:
        return None
    return text


def stacked_text(text: str) -> str | None:
    """Return an engine that is told of stacked experts; None if its version has no such field."""
    try:
        runtime = find_runtime(text)
        if IN_THREE in runtime.given:
            return None
        told = f"{text},{IN_THREE}"
        find_runtime(told)
    except LoracfgError:
        return None
    return told
