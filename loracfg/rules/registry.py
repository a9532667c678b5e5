"""All rules, in the order they run: by code, so that special causes come before general ones."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from loracfg import rules
from loracfg.rules.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, ordered by code; the file name of a rule begins with its code."""
    names = sorted(m.name for m in iter_modules(rules.__path__) if m.name.startswith("lc"))
    return tuple(import_module(f"loracfg.rules.{name}").RULE for name in names)


def find_rule(code: str) -> Rule | None:
    """Return the rule with a code or name, in any case."""
    wanted = code.lower()
    return next((r for r in all_rules() if wanted in (r.code.lower(), r.name)), None)
