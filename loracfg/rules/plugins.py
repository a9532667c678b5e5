"""Rules from other packages, such as an organisation's checks for its adapters."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from loracfg.errors import LoracfgError
from loracfg.rules.rule import Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "loracfg.rules"
"""The entry point group for rules; each entry is a `Rule` or a list of them."""

_CODE: Final = r"(?!LC)[A-Z]{2,10}\d{3}"
_NAME: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
_METADATA: Final = (".dist-info", ".egg-info")
_NO_RULE: Final = "it is neither a `Rule` nor a list of rules"


def plugin_rules() -> list[Rule]:
    """Return the rules of installed packages.

    Raises:
        LoracfgError: if the rules of a package cannot be loaded or are invalid.
    """
    if not _is_any_installed():
        return []
    from importlib.metadata import entry_points

    return [rule for one in entry_points(group=GROUP) for rule in _rules_of(one)]


def _is_any_installed() -> bool:
    """Return whether a package has the entry point, faster than importlib.metadata does."""
    section = f"[{GROUP}]".encode()
    for folder in sys.path:
        try:
            with os.scandir(folder or ".") as entries:
                named = [entry.path for entry in entries if entry.name.endswith(_METADATA)]
        except OSError:
            continue
        if any(section in _read(f"{path}/entry_points.txt") for path in named):
            return True
    return False


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123  # `Path` takes longer than the file
            return stream.read()
    except OSError:
        return b""


def _rules_of(entry: EntryPoint) -> Iterable[Rule]:
    try:
        found = entry.load()
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise _error(entry, f"it cannot be loaded ({why})") from error
    rules = [found] if isinstance(found, Rule) else found
    try:
        rules = list(rules)
    except TypeError:
        raise _error(entry, _NO_RULE) from None
    for rule in rules:
        if not isinstance(rule, Rule):
            raise _error(entry, _NO_RULE)
        if not re.fullmatch(_CODE, rule.code):
            form = "2 to 10 capital letters, not beginning with `LC`, and three digits"
            raise _error(entry, f"the code `{rule.code}` is not {form}")
        if not re.fullmatch(_NAME, rule.name):
            form = "lower-case words with `-` between them"
            raise _error(entry, f"the name `{rule.name}` is not {form}")
    return rules


def _error(entry: EntryPoint, why: str) -> LoracfgError:
    package = entry.dist.name if entry.dist else "a package"
    message = f"the rules of `{package}` ({entry.value}) cannot be used: {why}"
    return LoracfgError(message, f"fix or uninstall `{package}`")


def refuse_duplicates(rules: Iterable[Rule]) -> None:
    """Check that all codes and names of rules are unique.

    Raises:
        LoracfgError: if two rules have the same code or name.
    """
    seen: dict[str, Rule] = {}
    for rule in rules:
        for word in (rule.code, rule.name):
            other = seen.setdefault(word, rule)
            if other is not rule:
                message = f"`{other.module}` and `{rule.module}` both have a rule `{word}`"
                raise LoracfgError(message, "rename one of them")
