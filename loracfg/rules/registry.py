"""All rules, in the order they run: by code, so that special causes come before general ones."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from loracfg import rules
from loracfg.rules.rule import Check, Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.table import TABLE


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, ordered by code; the module of each is imported when it is first run."""
    found = []
    for name, code, title, severity, kinds in TABLE:
        module = f"{rules.__name__}.{name}"
        check = _check_in(module)
        checked = Noted(kinds.split(), check) if kinds else check
        found.append(Rule(code, title, severity, checked, module))
    return tuple(found)


def _check_in(module: str) -> Check:
    def check(subject: Subject) -> Iterable[Finding]:
        return _declared(module).check(subject)

    return check


def declared() -> tuple[Rule, ...]:
    """Return every rule as its module declares it; the file name of a rule begins with its code."""
    from pkgutil import iter_modules

    names = sorted(m.name for m in iter_modules(rules.__path__) if m.name.startswith("lc"))
    return tuple(_declared(f"{rules.__name__}.{name}") for name in names)


@cache
def _declared(module: str) -> Rule:
    rule: Rule = import_module(module).RULE
    return rule


def find_rule(code: str) -> Rule | None:
    """Return the rule with a code or name, in any case."""
    wanted = code.lower()
    return next((r for r in all_rules() if wanted in (r.code.lower(), r.name)), None)
