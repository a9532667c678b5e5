"""Turns pydantic's errors into invalid values, described in terms of JSON or Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from loracfg.config.model.types import TOO_LONG, as_fields, as_sorted
from loracfg.document.display import printable, show
from loracfg.document.pointer import escape

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Steps = tuple[str | int, ...]
"""The keys and positions that lead to a value."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How to write values, their places and their types, for JSON or for Python."""

    show: Callable[[object], str]
    name: Callable[[Steps], str]
    wanted: dict[str, str]


def _dotted(path: Steps) -> str:
    return printable(".".join(str(step) for step in path))


JSON: Final = Vocabulary(
    show,
    _dotted,
    {
        "int_type": "an integer",
        "int_from_float": "an integer",
        "float_type": "a number",
        "string_type": "a string",
        "string_unicode": "valid Unicode",
        "bool_type": "`true` or `false`",
        "list_type": "a list",
        "tuple_type": "a list of two integers",
        "dict_type": "an object",
        "model_type": "an object",
        "model_attributes_type": "an object",
        "dataclass_type": "an object",
        "none_required": "`null`",
        "too_long": "a list of two integers",
        "missing": "a list of two integers",
        "string_too_short": "a non-empty name",
    },
)
"""The vocabulary for files."""

RANGES: Final = {
    "greater_than": ("gt", "above {}"),
    "greater_than_equal": ("ge", "{} or more"),
    "less_than": ("lt", "below {}"),
    "less_than_equal": ("le", "{} or less"),
}
"""The bound in the context of an error, and the words about it."""
_CHOICE: Final = re.compile(r"'([^']*)'|([0-9]+)")
BY_NAME: Final = frozenset({"rank_pattern", "alpha_pattern", "trainable_token_indices"})
"""Fields that may be a mapping with keys chosen by the user."""


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """A value that a model rejects.

    Attributes:
        path: the keys and positions that lead to it.
        name: its place as text.
        shown: the value as text.
        kind: the kind of problem.
        wanted: what the model accepts.
        reason: why the value is rejected, if `wanted` does not say.
        choices: the permitted values, if they are listed.
        of_key: whether the key is rejected rather than the value.
        others: how many other items of the same list or mapping are rejected for the same reason.
    """

    path: Steps
    name: str
    shown: str
    kind: str
    wanted: str = ""
    reason: str = ""
    choices: tuple[str, ...] = ()
    of_key: bool = False
    others: int = 0

    @property
    def field(self) -> str:
        """The top-level key that the value is under."""
        return str(self.path[0])

    @property
    def pointer(self) -> str:
        """The JSON pointer of the value."""
        return "".join(f"/{escape(str(step))}" for step in self.path)

    @property
    def message(self) -> str:
        """What is wrong, with both values."""
        return self.fault + self.other_items

    @property
    def fault(self) -> str:
        """What is wrong with this one value."""
        if self.kind == "invalid-pattern":
            key = "the key " if self.of_key else ""
            is_late = self.reason == TOO_LONG
            verdict = "was not checked" if is_late else "is not a valid regular expression"
            return f"{key}`{self.name}` {verdict}: {self.reason}"
        if self.kind == "overlap":
            return f"`{self.name}` has {self.reason}"
        instead = "but must be" if self.kind == "out-of-range" else "not"
        return f"`{self.name}` is {self.shown}, {instead} {self.wanted}"

    @property
    def other_items(self) -> str:
        """The number of other items with the same problem, as the end of a sentence."""
        if not self.others:
            return ""
        others = "1 other is" if self.others == 1 else f"{self.others} others are"
        return f"; {others} invalid too"


def problems_in(
    values: Mapping[str, object], errors: list[ErrorDetails], words: Vocabulary = JSON
) -> list[InvalidValue]:
    """Return the invalid values that pydantic's errors are about."""
    by_path: dict[Steps, list[ErrorDetails]] = {}
    for error in errors:
        by_path.setdefault(path_of(values, error), []).append(error)
    parents = {path[:end] for path in by_path for end in range(len(path))}
    # The error of a parent comes from a branch of a union that failed earlier.
    found = (_problem(p, values, e, words) for p, e in by_path.items() if p not in parents)
    return _merged(found)


def _merged(found: Iterator[InvalidValue]) -> list[InvalidValue]:
    """Merge the items of a list or mapping that are rejected for the same reason."""
    merged: dict[tuple[object, ...], InvalidValue] = {}
    for problem in found:
        key = (problem.kind, *(_place(problem.path, depth) for depth in range(len(problem.path))))
        first = merged.setdefault(key, problem)
        if first is not problem:
            merged[key] = replace(first, others=first.others + 1)
    return list(merged.values())


def _place(path: Steps, depth: int) -> object:
    is_item = isinstance(path[depth], int) or (depth == 1 and path[0] in BY_NAME)
    return None if is_item else path[depth]


def path_of(values: object, error: ErrorDetails) -> Steps:
    """Return an error's location without the steps that name branches of unions."""
    path: list[str | int] = []
    at: Any = values
    for step in error["loc"]:
        at = as_fields(as_sorted(at))
        if _leads_on(at, step):
            at = at[step]
            path.append(step)
    return tuple(path)


def value_at(values: object, path: Steps) -> object:
    """Return the value that a path leads to."""
    for step in path:
        inside: Any = as_fields(as_sorted(values))
        values = inside[step]
    return values


def closest_choice(value: object, choices: tuple[str, ...]) -> str | None:
    """Return the permitted value with the most similar spelling, if any."""
    written = str(value)[:100]
    alike = [choice for choice in choices if choice.lower() == written.lower()]
    close = alike or get_close_matches(written, choices, 1)
    return close[0] if close else None


def _leads_on(value: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(value, list) and step < len(value)
    return isinstance(value, dict) and step in value


def _problem(
    path: Steps, values: Mapping[str, object], errors: list[ErrorDetails], words: Vocabulary
) -> InvalidValue:
    first = _most_telling(errors, words)
    kind, wanted, choices = _judged(first)
    if kind == "wrong-type":
        wanted = " or ".join(dict.fromkeys(words.wanted.get(e["type"], e["msg"]) for e in errors))
    reason = {"invalid_pattern": printable(_context(first, "reason"), 200), "overlap": first["msg"]}
    return InvalidValue(
        path,
        words.name(path),
        words.show(value_at(values, path)),
        kind,
        wanted,
        reason.get(first["type"], ""),
        choices,
        of_key=first["loc"][-1:] == ("[key]",),
    )


def _context(error: ErrorDetails, key: str) -> str:
    return str(error.get("ctx", {}).get(key, ""))


def _most_telling(errors: list[ErrorDetails], words: Vocabulary) -> ErrorDetails:
    for error in errors:
        if error["type"] not in words.wanted:
            return error
    return errors[0]


def _judged(error: ErrorDetails) -> tuple[str, str, tuple[str, ...]]:
    kind = error["type"]
    context = error.get("ctx", {})
    if kind in RANGES:
        key, wording = RANGES[kind]
        return "out-of-range", wording.format(f"`{context[key]}`"), ()
    if kind == "literal_error":
        choices = tuple(a or b for a, b in _CHOICE.findall(context["expected"]))
        listed = ", ".join(f"`{choice}`" for choice in choices)
        return "unknown-value", listed if len(choices) == 1 else f"one of {listed}", choices
    if kind == "unknown_value":
        return "unknown-value", "one of " + context["expected"], tuple(context["choices"])
    return _KINDS.get(kind, ("wrong-type", "", ()))


_KINDS: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "extra_forbidden": ("unknown-key", "", ()),
    "no_such_attribute": ("unknown-key", "", ()),
    "finite_number": ("out-of-range", "a finite number", ()),
    "invalid_pattern": ("invalid-pattern", "", ()),
    "overlap": ("overlap", "", ()),
    "not_json": ("out-of-range", "a valid JSON object", ()),
    "too_short": ("out-of-range", "a non-empty list", ()),
}
"""Kinds of errors that need no context."""

KNOWN: Final = frozenset({*JSON.wanted, *RANGES, *_KINDS, "literal_error", "unknown_value"})
"""The kinds of errors that this module can describe."""
