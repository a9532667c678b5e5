"""Parses the name, version and settings of an inference engine."""

from __future__ import annotations

import re
from typing import Final

from loracfg.document.display import printable
from loracfg.errors import LoracfgError
from loracfg.runtimes.profile import Profile, Runtime
from loracfg.runtimes.profile_files import names, profile_of
from loracfg.runtimes.server_limits import Value, advice, named, pattern, read
from loracfg.runtimes.versions import nearest, pattern_of

_NAMED: Final = re.compile(r"([a-z][a-z0-9.+-]*)(?:==([^,]{1,100}))?((?:,[^,]*)*)")
_LOCAL: Final = r"(\+[A-Za-z0-9][A-Za-z0-9.]{0,40})?"
"""The suffix that builds add to a version: `0.33.0+cpu`."""

_SHOWN: Final = 80
"""The characters of an unknown name that a message shows."""


def find_runtime(text: str) -> Runtime:
    """Return the engine in a text such as `vllm`, `vllm==0.33` or `vllm==0.33,max_lora_rank=64`.

    The words of a setting are joined with `+`: `vllm,lora_target_modules=q_proj+v_proj`. The
    default is the newest known version.

    Raises:
        LoracfgError: if the engine, the version or a setting is unknown.
    """
    match = _NAMED.fullmatch(text.strip())
    if match is None or match[1] not in names():
        name = re.split("[=,]", text.strip().lower().replace("_", "-"))[0]
        shown = printable(text, _SHOWN)
        raise LoracfgError(f"`{shown}` is not a known runtime", advice(name[:_SHOWN], names()))
    profile = profile_of(match[1])
    version = match[2].partition("+")[0] if match[2] else profile.newest  # `0.33.0+cpu` is 0.33.0
    _check_version(profile, version)
    plain = Runtime(profile, version, profile.values)
    given = dict(_given(profile, entry) for entry in match[3].split(",")[1:])
    return plain._replace(limits=profile.values | given, given=tuple(given))


def _check_version(profile: Profile, version: str) -> None:
    """Raise if a version is neither a release of an engine nor a possible later one."""
    if re.fullmatch(profile.versions_pattern, version):
        return
    if re.fullmatch(pattern_of(()), version):
        near = " or ".join(f"`{one}`" for one in nearest(version, profile.releases))
        raise LoracfgError(f"{profile.title} has no release `{version}`", f"use {near}")
    example = f"`{profile.name}=={profile.newest}`"
    message = f"`{version}` is not a version of {profile.title}"
    raise LoracfgError(message, f"write it as in {example}")


def _given(profile: Profile, entry: str) -> tuple[str, Value]:
    """Parse a setting after an engine's name, and return its name and value."""
    text, sign, value = entry.partition("=")
    name = named(profile.name, text, profile.limits)
    limit = profile.limits[name]
    found = read(name, limit, value if sign else None)
    return name, found


def text_patterns() -> list[str]:
    """Return regular expressions for the texts that `find_runtime` accepts, one for each engine."""
    return [
        f"^{re.escape(one.name)}(=={one.versions_pattern}{_LOCAL})?{pattern(one.limits.items())}$"
        for one in map(profile_of, names())
    ]
