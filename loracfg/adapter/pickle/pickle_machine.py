"""The state of a pickle reader that can only build inert values: it never imports, calls or sets.

Python's own unpickler is not used, since overriding its `find_class` leaves holes: extension codes
that the process has used before come from a cache without asking it, BUILD sets attributes on
whatever it returned, one memo index can reserve gigabytes, and a nested tuple as a dict key
overflows the stack. Here a global is a `Global`, whatever it names, a call is what the owner of
the machine makes of it, and no value is hashed, compared or copied but text and short tuples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

_MAX_MEMO: Final = 2**32
_MAX_NAME: Final = 1024
_MAX_ARGS: Final = 64
_PYTHON_2_MODULES: Final = {"__builtin__": "builtins", "copy_reg": "copyreg"}


class PickleError(ValueError):
    """The stream is no pickle that can be read; the message says why."""


class EndOfDataError(PickleError):
    """The stream goes on after the bytes that were given."""


class TooLargeError(PickleError):
    """The stream is larger than what is read."""


@dataclass(frozen=True, slots=True)
class Global:
    """What a pickle asks to be imported, by name."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """A value of no interest here: `what` it is, with its article, for a message."""

    what: str


@dataclass(slots=True, eq=False)
class Mapping:
    """A dict: its entries under text keys, and how many entries have other keys.

    Other keys are not hashed: a pickle can make a tuple whose hash never ends.
    """

    entries: dict[str, Any] = field(default_factory=dict)
    others: int = 0

    def set(self, key: object, value: object) -> None:
        """Set one entry.

        Raises:
            PickleError: the key is a list or a dict, which no dict takes.
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
    """Stack, memo and input of the pickles of one file.

    Attributes:
        data: The bytes of the file, or its first ones.
        at: Offset of the next byte.
        foreign: Globals that `allows` refuses, by name, in the order of the stream. Anything here
            makes the file hostile, whatever else it holds.
        unread: The first opcode that `torch.load(weights_only=True)` refuses, if there is one.
    """

    def __init__(self, data: bytes, allows: Allows, calls: Calls, loads: Loads) -> None:
        """Set up a machine at the first byte.

        Args:
            data: What to read.
            allows: Tells whether a global may stand in the pickle.
            calls: Returns the value that stands for the call of such a global.
            loads: Returns the value that stands for a persistent id.
        """
        self.data = data
        self.at = 0
        self.foreign: dict[str, None] = {}
        self.unread: str | None = None
        self.loads = loads
        self._allows = allows
        self._calls = calls
        self.reset()

    def reset(self) -> None:
        """Forget stack and memo: each pickle begins with empty ones."""
        self.stack: list[Any] = []
        self.marked: list[list[Any]] = []
        self.memo: dict[int, Any] = {}

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
        self.memo[index] = self.stack[-1]

    def push_global(self, module: object, name: object) -> None:
        """Push a global by name; one that is not allowed is noted."""
        if type(module) is not str or type(name) is not str:
            raise PickleError("a global is named by something that is no text")
        if len(module) + len(name) > _MAX_NAME:
            raise PickleError(f"a global has a name of more than {_MAX_NAME} characters")
        found = Global(_PYTHON_2_MODULES.get(module, module), name)
        if not self._allows(found):
            self.foreign[str(found)] = None
        self.stack.append(found)

    def apply(self, function: object, args: object) -> None:
        """Push what stands for a call."""
        if type(args) is not tuple:
            raise PickleError("a call has arguments that are no tuple")
        if len(args) > _MAX_ARGS:
            raise PickleError(f"a call has {len(args)} arguments")
        if type(function) is Opaque:
            self.stack.append(Opaque("the result of a call"))
        elif type(function) is not Global:
            raise PickleError(f"{kind_of(function)} is called")
        elif self._allows(function):
            self.stack.append(self._calls(function, args))
        else:
            self.stack.append(Opaque(f"the result of `{function}`"))


def kind_of(value: object) -> str:
    """Say what a value is, with its article."""
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
