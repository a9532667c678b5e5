"""The state of a pickle reader that only builds inert values: it never imports, calls or sets.

Python's own unpickler is not safe, even with an overridden `find_class`: extension codes that the
process has used before come from a cache, BUILD sets attributes on whatever was returned, a single
memo index can reserve gigabytes, and a nested tuple as a dict key overflows the stack. Here, a
global is always a `Global`, the owner of the machine decides what a call returns, and only text and
short tuples are hashed, compared or copied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

MAX_VALUES: Final = 1_600_000
"""The maximum number of values that take memory, about 115,000 tensors."""

_MAX_MEMO: Final = 2**32
_MAX_NAME: Final = 1024
_MAX_ARGS: Final = 64
_PYTHON_2_MODULES: Final = {"__builtin__": "builtins", "copy_reg": "copyreg"}


class PickleError(ValueError):
    """The stream is not a pickle that can be read; the message says why."""


class EndOfDataError(PickleError):
    """The stream continues beyond the available bytes."""


class TooLargeError(PickleError):
    """The stream is larger than the limit for reading."""


@dataclass(frozen=True, slots=True)
class Global:
    """The name of something that a pickle wants to import."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """A value of no interest; `what` describes it in messages, with its article."""

    what: str


@dataclass(slots=True, eq=False)
class Mapping:
    """A dict: its entries with text keys, and the number of entries with other keys.

    Other keys are not hashed, since a pickle can build a tuple whose hash never finishes.
    """

    entries: dict[str, Any] = field(default_factory=dict)
    others: int = 0

    def set(self, key: object, value: object) -> None:
        """Set an entry.

        Raises:
            PickleError: the key is a list or a dict, which cannot be a key.
        """
        if type(key) is str:
            self.entries[key] = value
        elif type(key) in (list, Mapping):
            raise PickleError(f"{kind_of(key)} is the key of a dict")
        else:
            self.others += 1


Allows = Callable[[Global], bool]
Calls = Callable[[Global, tuple[object, ...]], object]
Loads = Callable[[object], object]


class PickleMachine:
    """The stack, memo and input for the pickles of a file.

    Attributes:
        data: the bytes of the file, or its first bytes.
        at: the offset of the next byte.
        foreign: the globals that `allows` rejects, by name, in the order of the stream. Any such
            global makes the file hostile, whatever else it contains.
        values_left: how many values may still be made that take memory.
        unread: the first opcode that `torch.load(weights_only=True)` rejects, if there is one.
    """

    def __init__(self, data: bytes, allows: Allows, calls: Calls, loads: Loads) -> None:
        """Create a machine at the first byte.

        Args:
            data: the bytes to read.
            allows: tells whether a pickle may contain a global.
            calls: returns the value that represents a call of an allowed global.
            loads: returns the value that represents a persistent id.
        """
        self.data = data
        self.at = 0
        self.foreign: dict[str, None] = {}
        self.unread: str | None = None
        self.values_left = MAX_VALUES
        self.loads = loads
        self._allows = allows
        self._calls = calls
        self._globals: dict[tuple[str, str], Global] = {}
        self.reset()

    def reset(self) -> None:
        """Clear the stack and the memo, which are empty at the start of each pickle."""
        self.stack: list[Any] = []
        self.marked: list[list[Any]] = []
        self.memo: dict[int, Any] = {}

    def spend(self, values: int) -> None:
        """Count values that take memory: a place in the memo, a list, half a dict or call.

        Raises:
            TooLargeError: there are more than `MAX_VALUES`.
        """
        self.values_left -= values
        if self.values_left < 0:
            raise TooLargeError(f"it has more values than the {MAX_VALUES} that are read")

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        end = self.at + count
        if end > len(self.data):
            raise EndOfDataError(f"a value ends at byte {end}, the data at byte {len(self.data)}")
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def take_int(self, width: int) -> int:
        """Return the next bytes as an unsigned little-endian number."""
        return int.from_bytes(self.take(width), "little")

    def take_line(self) -> bytes:
        """Return the bytes up to the next line feed, without it."""
        end = self.data.find(b"\n", self.at)
        if end == -1:
            raise EndOfDataError(f"a line does not end before byte {len(self.data)}")
        line = self.data[self.at : end]
        self.at = end + 1
        return line

    def pop_mark(self) -> list[object]:
        """Return everything above the last mark."""
        items = self.stack
        self.stack = self.marked.pop()
        return items

    def remember(self, index: int) -> None:
        """Store the top of the stack in the memo."""
        if not 0 <= index < _MAX_MEMO:
            raise PickleError(f"memo index {index} is out of range")
        self.spend(1)
        self.memo[index] = self.stack[-1]

    def push_global(self, module: object, name: object) -> None:
        """Push a global by name, and note it if it is not allowed."""
        if type(module) is not str or type(name) is not str:
            raise PickleError("the name of a global is not text")
        if len(module) + len(name) > _MAX_NAME:
            raise PickleError(f"a global has a name with more than {_MAX_NAME} characters")
        known = self._globals.get((module, name))
        if known is None:
            self.spend(2)
            known = Global(_PYTHON_2_MODULES.get(module, module), name)
            self._globals[module, name] = known
            if not self._allows(known):
                self.foreign[str(known)] = None
        self.stack.append(known)

    def apply(self, function: object, args: object) -> None:
        """Push the value that represents a call."""
        if type(args) is not tuple:
            raise PickleError("the arguments of a call are not a tuple")
        if len(args) > _MAX_ARGS:
            raise PickleError(f"a call has {len(args)} arguments")
        self.spend(2)
        if type(function) is Opaque:
            self.stack.append(Opaque("the result of a call"))
        elif type(function) is not Global:
            raise PickleError(f"{kind_of(function)} is called")
        elif self._allows(function):
            self.stack.append(self._calls(function, args))
        else:
            self.stack.append(Opaque(f"the result of `{function}`"))


def kind_of(value: object) -> str:
    """Return what a value is, with its article."""
    if type(value) is Opaque:
        return value.what
    if type(value) is Global:
        return f"`{value}`"
    return _KINDS.get(type(value), "a tensor")


_KINDS: Final[dict[type, str]] = {
    type(None): "None",
    bool: "a bool",
    int: "an int",
    float: "a float",
    str: "a string",
    bytes: "a bytes object",
    list: "a list",
    tuple: "a tuple",
    Mapping: "a dict",
}
