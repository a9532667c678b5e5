"""Rules from other packages, such as an organisation's checks for its adapters."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from loracfg.crash import show_traceback, words
from loracfg.errors import LoracfgError
from loracfg.rules.rule import Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "loracfg.rules"
"""The entry point group for rules; each entry is a `Rule` or a list of them."""

_METADATA: Final = (".dist-info", ".egg-info")


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


def _rules_of(entry: EntryPoint) -> list[Rule]:
    from loracfg.rules.plugin_flaws import flaw_of_rule  # only needed if a package has rules

    rules = []
    for found in _load(entry):
        if not isinstance(found, Rule):
            raise _error(entry, "it is neither a `Rule` nor a list of rules")
        if (flaw := flaw_of_rule(found)) is not None:
            raise _error(entry, flaw)
        rules.append(found)
    return rules


def _load(entry: EntryPoint) -> list[object]:
    try:
        found = entry.load()
        is_list = isinstance(found, Iterable) and not isinstance(found, Rule)
        return list(found) if is_list else [found]
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a module may even call `sys.exit`
        show_traceback(error)
        raise _error(entry, f"it cannot be loaded (`{words(error)}`)") from error


def _error(entry: EntryPoint, why: str) -> LoracfgError:
    package = entry.dist.name if entry.dist else "a package"
    declared = f"the entry point `{entry.name} = {entry.value}` of `{package}`"
    return LoracfgError(f"{declared} cannot be used: {why}", f"fix or uninstall `{package}`")


def refuse_duplicates(rules: Iterable[Rule]) -> None:
    """Check that all codes and names of rules are unique.

    Raises:
        LoracfgError: if two rules have the same code or name, or a rule is listed twice.
    """
    seen: dict[str, Rule] = {}
    for rule in rules:
        for word in (rule.code, rule.name):
            if word not in seen:
                seen[word] = rule
                continue
            one, other = seen[word].module, rule.module
            if one == other:
                message = f"`{one}` has two rules `{word}`, or lists one in two entry points"
                raise LoracfgError(message, "rename one of them, or list the rule once")
            message = f"`{one}` and `{other}` both have a rule `{word}`"
            raise LoracfgError(message, "rename one of them, or uninstall one of the packages")
