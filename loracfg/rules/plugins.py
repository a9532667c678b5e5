"""Rules of other packages: what an organisation checks in adapters of its own."""

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
"""The group of entry points, each of which names a `Rule` or several."""

_CODE: Final = r"(?!LC)[A-Z]{2,10}\d{3}"
_NAME: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
_METADATA: Final = (".dist-info", ".egg-info")


def plugin_rules() -> list[Rule]:
    """Return the rules of installed packages.

    Raises:
        LoracfgError: if one cannot be loaded, or has the code or name of another.
    """
    if not _is_any_installed():
        return []
    from importlib.metadata import entry_points

    return [rule for one in entry_points(group=GROUP) for rule in _rules_of(one)]


def _is_any_installed() -> bool:
    """Tell whether a package has the entry point, without the time that importlib takes for it."""
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
        raise LoracfgError(*_broken(entry, f"it cannot be loaded ({why})")) from error
    rules = [found] if isinstance(found, Rule) else found
    try:
        rules = list(rules)
    except TypeError:
        raise LoracfgError(*_broken(entry, "it is no `Rule`, and no list of rules")) from None
    for rule in rules:
        if not isinstance(rule, Rule):
            raise LoracfgError(*_broken(entry, "it is no `Rule`, and no list of rules"))
        if not re.fullmatch(_CODE, rule.code):
            shown = "capital letters other than `LC`, and three digits"
            raise LoracfgError(*_broken(entry, f"the code `{rule.code}` is not {shown}"))
        if not re.fullmatch(_NAME, rule.name):
            shown = "lower-case words with `-` between them"
            raise LoracfgError(*_broken(entry, f"the name `{rule.name}` is not {shown}"))
    return rules


def _broken(entry: EntryPoint, why: str) -> tuple[str, str]:
    package = entry.dist.name if entry.dist else "a package"
    message = f"the rules of `{package}` ({entry.value}) cannot be used: {why}"
    return message, f"correct or uninstall `{package}`"


def refuse_twins(rules: Iterable[Rule]) -> None:
    """Check that no two rules have one code or name.

    Raises:
        LoracfgError: if two have.
    """
    seen: dict[str, Rule] = {}
    for rule in rules:
        for word in (rule.code, rule.name):
            other = seen.setdefault(word, rule)
            if other is not rule:
                message = f"`{other.module}` and `{rule.module}` both have a rule `{word}`"
                raise LoracfgError(message, "rename one of them")
