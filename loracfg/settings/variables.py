"""The environment variables that choose what `loracfg.toml` can choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.settings.chosen import Chosen, Origin
from loracfg.settings.keys import KEYS, Key, Value
from loracfg.settings.meaning import check_meaning

PREFIX: Final = "LORACFG_"
CONFIG: Final = "LORACFG_CONFIG"
ISOLATED: Final = "LORACFG_ISOLATED"
_FLAGS: Final = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
_LIKENESS: Final = 0.75
"""`BSE` resembles `BASE`; `FORMAT` and `JOBS`, of which only options exist, resemble nothing."""
_SPLIT_AT_SPACE: Final = "for"
"""Its values have commas."""
_OTHERS: Final = """
    ACCESS_LOG CORS_ORIGINS DEBUG ENGINES IDLE_SECONDS LIBRARIES MAX_ADAPTERS MAX_CONFIG_BYTES
    MAX_FILES MAX_HEADER_BYTES MAX_HELD_BYTES MAX_JSON_BYTES MAX_JSON_VALUES MAX_KEPT_BYTES
    MAX_MODULES MAX_PICKLE_BYTES MAX_RATIO MAX_TENSORS MAX_UNPACKED_BYTES MAX_UPLOAD_BYTES
    MAX_WAITING ORACLE_ENVS PATTERN_SECONDS PEFT_ENVS PROFILE REQUEST_SECONDS ROOTS THREADS TOKEN
    UPDATE UPLOAD_SECONDS WHEELS
"""
"""The variables of the service and of our tests, without the prefix."""


def is_set(name: str, surroundings: Mapping[str, str]) -> bool:
    """Return the value of a variable for a flag; unset and empty are false.

    Raises:
        LoracfgError: it is neither true nor false.
    """
    value = surroundings.get(name, "")
    return bool(value) and _flag(name, value)


def chosen_by(surroundings: Mapping[str, str]) -> dict[str, Chosen]:
    """Return the values that variables choose; an empty variable chooses nothing.

    Raises:
        LoracfgError: a variable has a wrong value.
    """
    found = {}
    for key in KEYS.values():
        if key.has_option and (text := surroundings.get(key.variable)):
            value = _value(key, text)
            found[key.name] = Chosen(value, (Origin("variable", key.variable),))
    return found


def unknown_variables(surroundings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the variables that are none of ours but resemble one, each with that one."""
    variables = {key.variable for key in KEYS.values() if key.has_option} | {CONFIG, ISOLATED}
    ours = sorted(name.removeprefix(PREFIX) for name in variables)
    known = {*ours, *_OTHERS.split()}
    for name in sorted(surroundings):
        if name.startswith(PREFIX) and (rest := name.removeprefix(PREFIX)) not in known:
            from difflib import get_close_matches

            if close := get_close_matches(rest, ours, 1, _LIKENESS):
                yield name, PREFIX + close[0]


def _value(key: Key, text: str) -> Value:
    kind, name = key.kind, key.variable
    if kind.type == "boolean":
        return _flag(name, text)
    parts = text.split() if key.name == _SPLIT_AT_SPACE else text.split(",")
    items = tuple(one.strip() for one in parts if one.strip()) if kind.is_list else (text,)
    for item in items:
        if not kind.accepts(item):
            raise LoracfgError(f"`{name}` is `{text}`, not {kind.what}", "correct or unset it")
        try:
            check_meaning(key.name, item)
        except LoracfgError as error:
            raise LoracfgError(f"`{name}`: {error.message}", error.help) from None
    return items if kind.is_list else text


def _flag(name: str, text: str) -> bool:
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise LoracfgError(f"`{name}` is `{text}`", "set it to `1` or `0`") from None
