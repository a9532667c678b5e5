"""Checks of untrusted JSON values. Each returns the value or raises with the place of the error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from loracfg.config.schema.architecture_limits import MAX_MODULES, MAX_SIZE, MAX_TEXT, PATH, TEXT
from loracfg.document.display import printable
from loracfg.report.report import Region

if TYPE_CHECKING:
    pass


_AGAIN: Final = "create it again with `loracfg base trace`"

_TEXT: Final = re.compile(TEXT)
_PATH: Final = re.compile(PATH)

T = TypeVar("T")


class WrongError(Exception):
    """An error in a file: a clause of which the file is the subject, and the steps to the place."""

    def __init__(
        self,
        message: str,
        *steps: str | int,
        help: str = _AGAIN,  # noqa: A002  # the name that faults use
        region: Region | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.steps = steps
        self.help = help
        self.region = region

    def under(self, step: str | int) -> WrongError:
        """Return the error with a step added in front: a key or an index."""
        return WrongError(self.message, step, *self.steps, help=self.help)


def check_keys(
    entry: dict[str, object], required: frozenset[str], optional: frozenset[str] = frozenset()
) -> None:
    """Check that an object has all required keys and no unknown ones."""
    for key in entry:
        if key not in required and key not in optional:
            raise WrongError(f"has an unknown key `{printable(key)}`")
    if len(entry) < len(required) or not required <= entry.keys():
        raise WrongError(f"has no `{min(required - entry.keys())}`")


def member(entry: dict[str, object], key: str, check: Callable[[object], T]) -> T:
    """Return the result of the check of a member; errors get its key as a step."""
    try:
        return check(entry[key])
    except WrongError as error:
        raise error.under(key) from None


def each(values: list[object], check: Callable[[object], T]) -> Iterator[T]:
    """Yield the result of the check of each value; errors get its index as a step."""
    for number, value in enumerate(values):
        try:
            yield check(value)
        except WrongError as error:
            raise error.under(number) from None


def mapping(value: object) -> dict[str, object]:
    """Return an object."""
    if not isinstance(value, dict):
        _refuse(value, "an object")
    return _counted(value)


def array(value: object) -> list[object]:
    """Return a list."""
    if not isinstance(value, list):
        _refuse(value, "a list")
    return _counted(value)


def texts(value: object) -> tuple[str, ...]:
    """Return a list of lines of text."""
    return tuple(each(array(value), text))


def text(value: object) -> str:
    """Return a line of text."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or not _TEXT.fullmatch(value):
        _refuse(value, "a line of text")
    return value


def path(value: object) -> str:
    """Return the path of a module, which is empty for the model itself."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or not _PATH.fullmatch(value):
        _refuse(value, "the path of a module")
    return value


def class_name(value: object) -> str:
    """Return a non-empty line of text."""
    return text(value) or _refuse(value, "the name of a class")


def integer(value: object, least: int) -> int:
    """Return an integer in torch's range."""
    if type(value) is not int or not least <= value <= MAX_SIZE:
        _refuse(value, f"an integer from {least} to {MAX_SIZE}")
    return value


def flag(value: object) -> bool:
    """Return `true` or `false`."""
    if not isinstance(value, bool):
        _refuse(value, "`true` or `false`")
    return value


def shown(value: object) -> str:
    """Return a short text for a value of any size."""
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    return f"`{printable(json.dumps(value))}`"


def _counted(value: T) -> T:
    if isinstance(value, dict | list) and len(value) > MAX_MODULES:
        raise WrongError(f"has {shown(value)}, more than {MAX_MODULES}")
    return value


def _refuse(value: Any, wanted: str) -> NoReturn:
    raise WrongError(f"has {shown(value)} instead of {wanted}")
