"""The budget for the work on one config."""

from __future__ import annotations

from typing import Final

from loracfg.base.catalogue.evaluation.refusals import SpentError

CONTAINERS: Final = (list, dict, tuple, set, frozenset)
LARGEST: Final = 1 << 256
"""The largest number that may be computed."""

DEEPEST: Final = 100
"""The most levels of lists, dicts and other collections in a value."""

_LENGTH: Final = 7
"""A path of up to 2 to this power characters counts once; paths of real models are shorter."""


class Budget:
    """The remaining budget of one request, for all classes that are tried for it.

    Attributes:
        steps: operations, and values that an operation looks at. DeepSeek-V3 in transformers 4
            takes 64,000 for its five classes, more than any other known config.
        modules: modules of trees, of about 300 bytes each; a module with a long path counts more
            than once. Qwen3-Next in transformers 4 has 124,000.
        items: elements of new lists, dicts and other collections.
        bytes: characters of new strings.
    """

    __slots__ = ("bytes", "items", "modules", "steps")

    def __init__(
        self,
        steps: int = 300_000,
        modules: int = 200_000,
        items: int = 400_000,
        bytes: int = 8_000_000,  # noqa: A002 - it counts bytes
    ) -> None:
        self.steps, self.modules, self.items, self.bytes = steps, modules, items, bytes

    def spend_steps(self, count: int) -> None:
        """Charge for work.

        Raises:
            SpentError: if the budget is spent.
        """
        self.steps -= count
        if self.steps < 0:
            raise SpentError("the config takes too long to evaluate")

    def spend_modules(self, count: int, length: int) -> None:
        """Charge for modules of the tree with paths of up to `length` characters.

        Raises:
            SpentError: if the budget is spent.
        """
        self.modules -= count + count * (length >> _LENGTH)
        if self.modules < 0:
            raise SpentError("the config asks for too many modules")

    def spend_items(self, count: int) -> None:
        """Charge for a list, dict or set with this many elements, before it is created.

        Raises:
            SpentError: if the budget is spent.
        """
        self.items -= count
        self.steps -= count
        if self.items < 0 or self.steps < 0:
            raise SpentError("the config asks for lists that are too long")

    def spend_bytes(self, count: int) -> None:
        """Charge for a string with this many characters, before it is created.

        Raises:
            SpentError: if the budget is spent.
        """
        self.bytes -= count
        if self.bytes < 0:
            raise SpentError("the config asks for strings that are too long")

    def spend_reading(self, value: object, depth: int = DEEPEST) -> None:
        """Charge for reading all of a value, as in a comparison.

        Raises:
            SpentError: if the budget is spent, or the value is nested more deeply than `depth`.
        """
        if isinstance(value, CONTAINERS):
            if not depth:
                raise SpentError("the config leads to values that are nested too deeply")
            self.spend_steps(len(value))
            parts = [*value, *value.values()] if isinstance(value, dict) else value
            for part in parts:
                if isinstance(part, (str, *CONTAINERS)):
                    self.spend_reading(part, depth - 1)
        elif isinstance(value, range):
            self.spend_steps(_length(value))
        elif isinstance(value, str):
            self.spend_steps(len(value) >> 6)


def checked(number: object) -> object:
    """Return a computed number.

    Raises:
        SpentError: if it is too large.
    """
    if isinstance(number, int) and not -LARGEST < number < LARGEST:
        raise SpentError("the config leads to a number that is too large")
    return number


def _length(numbers: range) -> int:
    try:
        return len(numbers)
    except OverflowError:
        raise SpentError("the config asks for too many turns") from None
