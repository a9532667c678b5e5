"""What is wrong with the rules of other packages, and with what they find."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Final, get_args

from loracfg.crash import show_traceback, words
from loracfg.report.report import SEVERITIES, Location, Region, Related
from loracfg.rules.rule import Finding, Rule, Stage

_CODE: Final = r"(?!LC)[A-Z]{2,10}[0-9]{3}"
_NAME: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
_URL: Final = r"https?://\S+"
_MOST: Final = 80
"""How many characters of a wrong value a message shows."""


def flaw_of_rule(rule: Rule) -> str | None:
    """Return what is wrong with a rule as it is declared; None if nothing is."""
    return next(_flaws_of_rule(rule), None)


def _flaws_of_rule(rule: Rule) -> Iterator[str]:
    if not _is_text(rule.code, _CODE):
        form = "2 to 10 capital letters, not beginning with `LC`, and three digits"
        yield f"the code {_shown(rule.code)} is not {form}"
    if not _is_text(rule.name, _NAME):
        yield _flaw("name", rule.name, rule, "is not lower-case words with `-` between them")
    if rule.severity not in SEVERITIES:
        yield _flaw("severity", rule.severity, rule, f"is not {_one_of(SEVERITIES)}")
    if not _is_function(rule.check):
        yield _flaw("check", rule.check, rule, "is not a function")
    if rule.stage not in get_args(Stage):
        yield _flaw("stage", rule.stage, rule, f"is not {_one_of(get_args(Stage))}")
    if not _is_text(rule.since, r".+"):
        yield _flaw("release", rule.since, rule, "(`since`) is not text")
    if rule.pages is not None and not _is_url_of_pages(rule.pages):
        yield _flaw(
            "address", rule.pages, rule, "(`pages`) is not a URL with `{code}` for the code"
        )
    if (why := _why_not_imported(rule.module)) is not None:
        yield _flaw("module", rule.module, rule, f"cannot be imported ({why})")


def _flaw(what: str, value: object, rule: Rule, why: str) -> str:
    return f"the {what} {_shown(value)} of `{rule.code}` {why}"


def _is_text(value: object, pattern: str) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_function(value: object) -> bool:
    return callable(value)


def _is_url_of_pages(pages: object) -> bool:
    try:
        return isinstance(pages, str) and _is_text(pages.format(code="ACME001"), _URL)
    except Exception:  # the words in braces may be anything
        return False


def _why_not_imported(module: object) -> str | None:
    """Return why a module, which has the page of a rule, cannot be imported; None if it can."""
    if not isinstance(module, str):
        return "pass `__name__`"
    try:
        import_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a module may even call `sys.exit`
        show_traceback(error)
        return f"`{words(error)}`"
    return None


def flaw_of_finding(finding: object) -> str | None:
    """Return what is wrong with what a rule found, as the end of a sentence about the rule."""
    if not isinstance(finding, Finding):
        return f"yielded {_shown(finding)}, which is not a `Finding`"
    for name, is_right, wanted in _FIELDS:
        value = getattr(finding, name)
        if not is_right(value):
            return f"yielded a finding whose `{name}` is {_shown(value)}, not {wanted}"
    return None


def _is_count(value: object) -> bool:
    return type(value) is int and value > 0


def _is_optional_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_region(value: object) -> bool:
    return value is None or (isinstance(value, Region) and all(map(_is_count, value)))


def _is_location(value: object) -> bool:
    return (
        isinstance(value, Location)
        and isinstance(value.file, str)
        and _is_optional_text(value.pointer)
        and _is_region(value.region)
        and _is_optional_text(value.tensor)
        and isinstance(value.elsewhere, bool)
    )


def _is_related(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(one, Related) and _is_location(one.location) and isinstance(one.message, str)
        for one in value
    )


def _is_names(value: object) -> bool:
    return isinstance(value, frozenset) and all(isinstance(name, str) for name in value)


def _is_data(value: object) -> bool:
    """Tell whether a value is None or a named tuple that can be compared and hashed."""
    if value is None:
        return True
    try:
        hash(value)
    except TypeError:
        return False
    return isinstance(value, tuple) and hasattr(value, "_asdict")


_FIELDS: Final[tuple[tuple[str, Callable[[object], bool], str], ...]] = (
    ("message", lambda value: isinstance(value, str), "text"),
    ("location", _is_location, "a `Location`, as `subject.value` and `subject.tensor` return"),
    ("help", lambda value: isinstance(value, str), "text"),
    ("count", _is_count, "a number from 1"),
    ("related", _is_related, "a tuple of `Related`"),
    ("explains", _is_names, "a frozenset of tensor names"),
    ("data", _is_data, "a named tuple of plain values"),
)
"""What each field of a finding has to be."""


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return f"`{text}`" if len(text) <= _MOST else f"`{text[:_MOST]}…`"


def _one_of(values: tuple[str, ...]) -> str:
    *rest, last = (f"`{value}`" for value in values)
    return f"{', '.join(rest)} or {last}"
