"""All rules in the order they run: by code, with specific causes before general ones."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Final

from loracfg import rules
from loracfg.analysis.subject import Subject
from loracfg.rules.plugins import plugin_rules, refuse_duplicates
from loracfg.rules.rule import Check, Finding, GatedCheck, Rule
from loracfg.rules.table import LIFE, TABLE

FAMILIES: Final = (
    "reading",
    "structure",
    "releases",
    "meaning",
    "weights",
    "tensors",
    "base",
    "hygiene",
    "runtimes",
    "own",
)
"""The folders of rules, indexed by the first digit of their codes."""

_SEQUENCES: Final = {"LC91": "policy", "LC92": "live"}
"""The folders of rules whose codes begin like this, instead of that of their first digit."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return our rules, then those of other packages, both ordered by code.

    Raises:
        LoracfgError: if the rules of another package cannot be used.
    """
    others = sorted(plugin_rules(), key=lambda rule: rule.code)
    found = (*own_rules(), *others)
    if others:
        refuse_duplicates(found)
    return found


@cache
def rules_to_run(*, preview: bool) -> tuple[Rule, ...]:
    """Return the rules that run; those in preview only run with `preview`."""
    rules = all_rules()
    if preview or all(rule.stage != "preview" for rule in rules):
        return rules
    return tuple(rule for rule in rules if rule.stage != "preview")


@cache
def own_rules() -> tuple[Rule, ...]:
    """Return our rules; the module of a rule is only imported when the rule first runs."""
    found = []
    for code, name, severity, kinds in TABLE:
        module = module_of(code, name)
        check = _lazy_check(module)
        checked = GatedCheck(kinds.split(), check) if kinds else check
        stage, since = LIFE.get(code, ("stable", "0.1.0"))
        found.append(Rule(code, name, severity, checked, module, stage, since))
    return tuple(found)


def module_of(code: str, name: str) -> str:
    """Return the name of a rule's module, made from its family, code and name."""
    family = _SEQUENCES.get(code[:4]) or FAMILIES[int(code[2])]
    return f"{rules.__name__}.{family}.{code.lower()}_{name.replace('-', '_')}"


def _lazy_check(module: str) -> Check:
    def check(subject: Subject) -> Iterable[Finding]:
        return _import_rule(module).check(subject)

    return check


def import_rules() -> tuple[Rule, ...]:
    """Import the modules of our rules, and return the rules that they declare."""
    from pkgutil import walk_packages

    found = (m.name for m in walk_packages(rules.__path__, f"{rules.__name__}."))
    names = [name for name in found if name.rpartition(".")[2].startswith("lc")]
    return tuple(sorted(map(_import_rule, names), key=lambda rule: rule.code))


@cache
def _import_rule(module: str) -> Rule:
    rule: Rule = import_module(module).RULE
    return rule


def find_rule(code: str) -> Rule | None:
    """Return the rule with this code or name, ignoring case."""
    wanted = code.lower()
    return next((r for r in all_rules() if wanted in (r.code.lower(), r.name)), None)
