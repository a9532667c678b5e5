"""What judges: digests of the rules and of everything else, to see what a new release changes.

A row that an earlier release judged still holds if nothing has changed but rules that could not
have found anything in that adapter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from loracfg.named_tuple import NamedTuple
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Rule

_HOME: Final = Path(__file__).parents[2]
_PARTS: Final = (
    "adapter",
    "analysis",
    "base",
    "config",
    "document",
    "engine",
    "planning",
    "releases",
    "repair",
    "report",
    "rules",
    "runtimes",
)
"""The parts of loracfg that a verdict depends on."""
_ROW: Final = (
    "audit/judging/verdict_inputs.py",
    "audit/result_row.py",
    "audit/result_schema.py",
)
"""The files that a row depends on besides its verdict."""
_GENERATED: Final = "rules/table.py"
"""A list of all rules, which says nothing that they do not say."""
_LEFT_OUT: Final = frozenset({"building", "__pycache__", "facts", "derivation"})
"""Folders with what only developers run, and facts from which packed ones are made."""
_LENGTH: Final = 16


class JudgeState(NamedTuple):
    """Digests of what judges.

    Attributes:
        core: that of all that concerns every adapter.
        rules: those of the rules, by code.
    """

    core: str
    rules: Mapping[str, str]

    @property
    def digest(self) -> str:
        """One digest of all."""
        return _digest(json.dumps([self.core, sorted(self.rules.items())]).encode())

    def to_json(self) -> str:
        """Return the state as JSON."""
        return json.dumps({"core": self.core, "rules": dict(self.rules)}, indent=1)

    @classmethod
    def of_json(cls, text: str) -> JudgeState | None:
        """Return the state in a file; None if it has none."""
        try:
            value = json.loads(text)
            return cls(str(value["core"]), {str(k): str(v) for k, v in value["rules"].items()})
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


class RulesChange(NamedTuple):
    """What differs between an earlier state and this one.

    Attributes:
        is_all: whether every adapter has to be judged again.
        codes: the rules that have changed, are new or are gone.
        rules: those of them that there are.
    """

    is_all: bool
    codes: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()

    def concerns(self, found: Iterable[str], noted: Iterable[str]) -> bool:
        """Whether a verdict may be different now.

        Args:
            found: the codes of its findings.
            noted: the kinds of evidence that were noted about the adapter.
        """
        if self.is_all or not self.codes.isdisjoint(found):
            return True
        kinds = frozenset(noted)
        return any(rule.may_find(kinds) for rule in self.rules)


def change_between(old: JudgeState | None, new: JudgeState) -> RulesChange:
    """Return what differs between an earlier state, if it is known, and this one."""
    if old is None or old.core != new.core:
        return RulesChange(is_all=True)
    codes = {*old.rules, *new.rules}
    changed = frozenset(code for code in codes if old.rules.get(code) != new.rules.get(code))
    return RulesChange(False, changed, tuple(r for r in all_rules() if r.code in changed))


@cache
def own_state() -> JudgeState:
    """Return the state of this loracfg, with the rules of other packages."""
    rules = all_rules()
    files = {rule.code: _file_of(rule) for rule in rules}
    own = {path for path in files.values() if path}
    digests = {
        rule.code: _digest(f"{rule.severity} {rule.stage}".encode() + _bytes(files[rule.code]))
        for rule in rules
    }
    core = hashlib.sha256()
    for path in _core_files():
        if path not in own:
            core.update(path.relative_to(_HOME).as_posix().encode() + b"\0")
            core.update(_bytes(path))
    return JudgeState(core.hexdigest()[:_LENGTH], digests)


def _core_files() -> Iterator[Path]:
    for part in _PARTS:
        for path in sorted((_HOME / part).rglob("*")):
            steps = path.relative_to(_HOME).parts
            is_kept = _LEFT_OUT.isdisjoint(steps) and path.name != Path(_GENERATED).name
            if is_kept and path.is_file():
                yield path
    yield from (_HOME / name for name in _ROW)


def _file_of(rule: Rule) -> Path | None:
    try:
        spec = find_spec(rule.module)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec and spec.origin else None


def _bytes(path: Path | None) -> bytes:
    try:
        return path.read_bytes() if path else b""
    except OSError:
        return b""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_LENGTH]
