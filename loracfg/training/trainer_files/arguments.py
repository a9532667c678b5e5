"""Converts options as `HfArgumentParser` of transformers and TRL does, which wraps argparse.

Words of a command line are converted to the type of the field. A value of a YAML file that TRL
makes a default is only converted if it is a string, and one that `parse_dict` reads is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.document.json_value import Json

ArgumentType = Literal["bool", "float", "int", "str", "strs"]
"""The type of a field; `strs` is a list of strings."""

_TRUE: Final = frozenset({"yes", "true", "t", "y", "1"})
_FALSE: Final = frozenset({"no", "false", "f", "n", "0"})


class Rejected(NamedTuple):
    """A value that the parser does not accept, and why."""

    why: str


class Argument(NamedTuple):
    """A field of a dataclass of arguments: its type, and whether `none` means None."""

    type: ArgumentType
    accepts_none: bool = False

    def of_words(self, words: Sequence[str]) -> Json | Rejected:
        """Return the value of the words after an option."""
        if self.type == "strs":
            return list(words) if words else Rejected("it has no value")
        if self.type == "bool" and not words:
            return True
        if len(words) != 1:
            return Rejected("it has no value" if not words else "it takes one value")
        return self.of_text(words[0])

    def of_default(self, value: Json) -> Json | Rejected:
        """Return what a value becomes as a default: only a string is converted."""
        return self.of_text(value) if isinstance(value, str) else value

    def of_text(self, text: str) -> Json | Rejected:
        """Return the value of one word."""
        if self.accepts_none and text.lower() in ("none", "null"):
            return None
        try:
            return _CONVERSIONS[self.type](text)
        except (ValueError, OverflowError):
            return Rejected(f"it takes {_WORDS[self.type]}")


def _bool(text: str) -> bool:
    small = text.lower()
    if small not in _TRUE | _FALSE:
        raise ValueError(text)
    return small in _TRUE


_CONVERSIONS: Final[dict[ArgumentType, Callable[[str], bool | float | int | str]]] = {
    "bool": _bool,
    "float": float,
    "int": int,
    "str": str,
    "strs": str,
}
_WORDS: Final[dict[ArgumentType, str]] = {
    "bool": "`true` or `false`",
    "float": "a number",
    "int": "an integer",
    "str": "a text",
    "strs": "a list",
}
