"""The rules: each is one file with its documentation and its check.

Packages with their own rules import what they need from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loracfg.analysis.subject import Subject
    from loracfg.report.report import Location, Related
    from loracfg.rules.rule import Finding, GatedCheck, Rule

__all__ = ["Finding", "GatedCheck", "Location", "Related", "Rule", "Subject"]

_HOMES = {
    "Finding": "loracfg.rules.rule",
    "GatedCheck": "loracfg.rules.rule",
    "Location": "loracfg.report.report",
    "Related": "loracfg.report.report",
    "Rule": "loracfg.rules.rule",
    "Subject": "loracfg.analysis.subject",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module `loracfg.rules` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
