"""The engine that a text asks for: its name, its version, and the settings it is served with."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.runtimes.profile import Profile, Runtime
from loracfg.runtimes.profile_files import names, profile_of
from loracfg.runtimes.server_limits import Value, named, pattern, read
from loracfg.runtimes.versions import nearest, pattern_of

_NAMED: Final = re.compile(r"([a-z][a-z0-9.+-]*)(?:==([^,]{1,100}))?((?:,[^,]*)*)")
_LOCAL: Final = r"(\+[A-Za-z0-9][A-Za-z0-9.]{0,40})?"
"""What builds add to the version that they are of: `0.33.0+cpu`."""


def find_runtime(text: str) -> Runtime:
    """Return the engine that is named: `vllm`, `vllm==0.33`, `vllm==0.33,max_lora_rank=64`.

    Words of a setting are joined by `+`: `vllm,lora_target_modules=q_proj+v_proj`. Without a
    version, it is the newest that is known.

    Raises:
        LoracfgError: if there is no such engine, or it has no such release or setting.
    """
    match = _NAMED.fullmatch(text.strip())
    if match is None or match[1] not in names():
        known = ", ".join(f"`{name}`" for name in names())
        message = f"`{text}` is no runtime that is known here{_meant(text)}"
        raise LoracfgError(message, f"give one of {known}")
    profile = profile_of(match[1])
    version = match[2].partition("+")[0] if match[2] else profile.newest  # `0.33.0+cpu` is 0.33.0
    _check_version(profile, version)
    plain = Runtime(profile, version, profile.values)
    given = dict(_given(profile, entry) for entry in match[3].split(",")[1:])
    return plain._replace(limits=profile.values | given, given=tuple(given))


def _meant(text: str) -> str:
    """Ask whether an engine is meant that has a name like the one in a text."""
    given = re.split("[=,]", text.strip().lower().replace("_", "-"))[0]
    found = get_close_matches(given, names(), 1)
    return f"; did you mean `{found[0]}`?" if found else ""


def _check_version(profile: Profile, version: str) -> None:
    """Refuse what is no release of an engine, and could be none that came later."""
    if re.fullmatch(profile.versions_pattern, version):
        return
    if re.fullmatch(pattern_of(()), version):
        near = " or ".join(f"`{one}`" for one in nearest(version, profile.releases))
        raise LoracfgError(f"{profile.title} has no release `{version}`", f"give {near}")
    example = f"`{profile.name}=={profile.newest}`"
    raise LoracfgError(f"`{version}` is no version of {profile.title}", f"give it as in {example}")


def _given(profile: Profile, entry: str) -> tuple[str, Value]:
    """Return a setting that stands behind an engine's name, with its value."""
    text, sign, value = entry.partition("=")
    name = named(profile.name, text, profile.limits)
    limit = profile.limits[name]
    found = read(name, limit, value if sign else None)
    return name, found


def text_patterns() -> list[str]:
    """Return regular expressions of what `find_runtime` takes, one for each engine."""
    return [
        f"^{re.escape(one.name)}(=={one.versions_pattern}{_LOCAL})?{pattern(one.limits.items())}$"
        for one in map(profile_of, names())
    ]
