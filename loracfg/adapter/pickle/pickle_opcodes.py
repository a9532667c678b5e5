"""What each pickle opcode does to a `PickleMachine` (`Lib/pickletools.py`, protocols 0 to 5)."""

from __future__ import annotations

import re
import struct
from codecs import raw_unicode_escape_decode
from collections.abc import Callable
from typing import Any, Final, NoReturn

from loracfg.adapter.pickle.pickle_machine import (
    EndOfDataError,
    Global,
    Mapping,
    Opaque,
    PickleError,
    PickleMachine,
    TooLargeError,
    kind_of,
)

MAX_OPCODES: Final = 4_000_000
"""The maximum number of opcodes, about 120,000 tensors. An opcode creates one small value."""

_HIGHEST_PROTOCOL: Final = 5
_STOP: Final = ord(".")
_SET: Final = Opaque("a set")
_ESCAPE: Final = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))", re.DOTALL)

Handler = Callable[[PickleMachine], None]


def run(machine: PickleMachine) -> object:
    """Run a machine up to the next STOP and return the value of that pickle.

    Raises:
        PickleError: the stream is broken, ends too early or is too long. `machine.foreign` then has
            the foreign globals that it imported before.
    """
    machine.reset()
    try:
        for _ in range(MAX_OPCODES):
            (code,) = machine.take(1)
            if code == _STOP:
                return machine.stack.pop()
            _HANDLERS[code](machine)
    except PickleError:
        raise
    except (LookupError, ValueError, TypeError, OverflowError, struct.error) as error:
        what = f"the opcodes before byte {machine.at} are inconsistent"
        raise PickleError(what) from error
    raise TooLargeError(f"it has more opcodes than the {MAX_OPCODES} that are read")


def _constant(value: Any) -> Handler:
    return lambda m: m.stack.append(value)


def _fixed(width: int, convert: Callable[[bytes], Any]) -> Handler:
    return lambda m: m.stack.append(convert(m.take(width)))


def _sized(width: int, convert: Callable[[bytes], Any]) -> Handler:
    """Push a value that is preceded by its length, in `width` bytes."""
    return lambda m: m.stack.append(convert(m.take(m.take_int(width))))


def _line(convert: Callable[[bytes], Any]) -> Handler:
    return lambda m: m.stack.append(convert(m.take_line()))


def _get(width: int) -> Handler:
    return lambda m: m.stack.append(m.memo[m.take_int(width)])


def _put(width: int) -> Handler:
    return lambda m: m.remember(m.take_int(width))


def _utf8(data: bytes) -> str:
    return data.decode("utf-8")


def _unsigned(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


def _binary_float(data: bytes) -> Any:
    return struct.unpack(">d", data)[0]


def _text_int(line: bytes) -> int:
    if line in (b"00", b"01"):
        return line == b"01"
    return int(line.removesuffix(b"L"))


def _text_unicode(line: bytes) -> str:
    text = raw_unicode_escape_decode(line)[0]  # `decode` imports a module
    text.encode()  # half a surrogate pair is an error here, not where the text is printed
    return text


def _text_string(line: bytes) -> str:
    if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"'):
        raise PickleError("a string has no quotes")
    return _ESCAPE.sub(_unescape, line[1:-1]).decode("utf-8")


def _unescape(match: re.Match[bytes]) -> bytes:
    hexadecimal, octal, other = match.groups()
    if other:
        return {b"n": b"\n", b"t": b"\t", b"r": b"\r"}.get(other, other)
    return bytes([int(hexadecimal, 16) if hexadecimal else int(octal, 8) & 0xFF])


def _proto(m: PickleMachine) -> None:
    version = m.take_int(1)
    if version > _HIGHEST_PROTOCOL:
        raise PickleError(f"pickle protocol {version} is newer than {_HIGHEST_PROTOCOL}")


def _frame(m: PickleMachine) -> None:
    end = m.take_int(8) + m.at
    if end > len(m.data):
        raise EndOfDataError(f"a frame ends at byte {end}, the data at byte {len(m.data)}")


def _mark(m: PickleMachine) -> None:
    m.spend(1)
    m.marked.append(m.stack)
    m.stack = []


def _pop(m: PickleMachine) -> None:
    if m.stack:
        m.stack.pop()
    else:
        m.pop_mark()


def _pop_mark(m: PickleMachine) -> None:
    m.pop_mark()


def _duplicate(m: PickleMachine) -> None:
    m.stack.append(m.stack[-1])


def _memoize(m: PickleMachine) -> None:
    m.remember(len(m.memo))


def _text_put(m: PickleMachine) -> None:
    m.remember(int(m.take_line()))


def _text_get(m: PickleMachine) -> None:
    m.stack.append(m.memo[int(m.take_line())])


def _tuple(m: PickleMachine) -> None:
    items = m.pop_mark()
    m.stack.append(tuple(items))


def _tuple_of(count: int) -> Handler:
    def handler(m: PickleMachine) -> None:
        if len(m.stack) < count:
            raise PickleError("a tuple does not have enough values")
        m.stack[-count:] = [tuple(m.stack[-count:])]

    return handler


def _empty_list(m: PickleMachine) -> None:
    m.spend(1)
    m.stack.append([])


def _list(m: PickleMachine) -> None:
    items = m.pop_mark()
    m.stack.append(items)


def _append(m: PickleMachine) -> None:
    item = m.stack.pop()
    _extend(m.stack[-1], [item])


def _appends(m: PickleMachine) -> None:
    items = m.pop_mark()
    _extend(m.stack[-1], items)


def _extend(target: Any, items: list[Any]) -> None:
    if type(target) is list:
        target.extend(items)
    elif type(target) is not Opaque or target is _SET:
        raise PickleError(f"values are appended to {kind_of(target)}")


def _empty_dict(m: PickleMachine) -> None:
    m.spend(2)
    m.stack.append(Mapping())


def _dict(m: PickleMachine) -> None:
    items = m.pop_mark()
    mapping = Mapping()
    _set_items(mapping, items)
    m.stack.append(mapping)


def _setitem(m: PickleMachine) -> None:
    value, key = m.stack.pop(), m.stack.pop()
    _set_items(m.stack[-1], [key, value])


def _setitems(m: PickleMachine) -> None:
    items = m.pop_mark()
    _set_items(m.stack[-1], items)


def _set_items(target: Any, items: list[Any]) -> None:
    if len(items) % 2:
        raise PickleError("a dict has a key without a value")
    if type(target) is Mapping:
        for key, value in zip(items[::2], items[1::2], strict=True):
            target.set(key, value)
    elif type(target) is not Opaque or target is _SET:
        raise PickleError(f"entries are set in {kind_of(target)}")


def _additems(m: PickleMachine) -> None:
    m.pop_mark()
    if type(m.stack[-1]) is not Opaque:
        raise PickleError(f"values are added to {kind_of(m.stack[-1])}")


def _frozenset(m: PickleMachine) -> None:
    m.pop_mark()
    m.stack.append(Opaque("a frozenset"))


def _global(m: PickleMachine) -> None:
    module, name = _utf8(m.take_line()), _utf8(m.take_line())
    m.push_global(module, name)


def _stack_global(m: PickleMachine) -> None:
    name, module = m.stack.pop(), m.stack.pop()
    m.push_global(module, name)


def _extension(width: int) -> Handler:
    """Push a global from copyreg's registry by its code, without using the registry."""
    return lambda m: m.push_global("copyreg", f"extension {m.take_int(width)}")


def _reduce(m: PickleMachine) -> None:
    args, function = m.stack.pop(), m.stack.pop()
    m.apply(function, args)


def _newobj_ex(m: PickleMachine) -> None:
    _, args, function = m.stack.pop(), m.stack.pop(), m.stack.pop()
    m.apply(function, args)


def _inst(m: PickleMachine) -> None:
    _global(m)
    function, args = m.stack.pop(), m.pop_mark()
    m.apply(function, tuple(args))


def _obj(m: PickleMachine) -> None:
    function, *args = m.pop_mark()
    m.apply(function, tuple(args))


def _build(m: PickleMachine) -> None:
    """Drop an object's state, since setting it makes BUILD dangerous."""
    m.stack.pop()
    if type(m.stack[-1]) is Global:
        raise PickleError(f"attributes are set on {kind_of(m.stack[-1])}")


def _persistent(m: PickleMachine) -> None:
    m.stack.append(m.loads(m.stack.pop()))


def _text_persistent(m: PickleMachine) -> None:
    m.stack.append(m.loads(_utf8(m.take_line())))


def _out_of_band(m: PickleMachine) -> None:
    raise PickleError("it needs buffers that are not in the file")


def _no_opcode(m: PickleMachine) -> NoReturn:
    at = m.at - 1
    raise PickleError(f"byte {at} is `0x{m.data[at]:02x}`, which is no opcode")


_TORCH_OPCODES: Final[dict[int, Handler]] = {
    ord("("): _mark,
    ord(")"): _constant(()),
    ord("G"): _fixed(8, _binary_float),
    ord("J"): _fixed(4, _signed),
    ord("K"): _fixed(1, _unsigned),
    ord("M"): _fixed(2, _unsigned),
    ord("N"): _constant(None),
    ord("Q"): _persistent,
    ord("R"): _reduce,
    ord("U"): _sized(1, _utf8),
    ord("X"): _sized(4, _utf8),
    ord("]"): _empty_list,
    ord("a"): _append,
    ord("b"): _build,
    ord("c"): _global,
    ord("e"): _appends,
    ord("h"): _get(1),
    ord("j"): _get(4),
    ord("q"): _put(1),
    ord("r"): _put(4),
    ord("s"): _setitem,
    ord("t"): _tuple,
    ord("u"): _setitems,
    ord("}"): _empty_dict,
    0x80: _proto,
    0x81: _reduce,
    0x85: _tuple_of(1),
    0x86: _tuple_of(2),
    0x87: _tuple_of(3),
    0x88: _constant(True),
    0x89: _constant(False),
    0x8A: _sized(1, _signed),
    0x8F: _constant(_SET),
}
"""What `torch.load(weights_only=True)` reads (`torch/_weights_only_unpickler.py`, 2.13)."""

_OTHER_OPCODES: Final[dict[int, tuple[str, Handler]]] = {
    ord("0"): ("POP", _pop),
    ord("1"): ("POP_MARK", _pop_mark),
    ord("2"): ("DUP", _duplicate),
    ord("B"): ("BINBYTES", _sized(4, bytes)),
    ord("C"): ("SHORT_BINBYTES", _sized(1, bytes)),
    ord("F"): ("FLOAT", _line(float)),
    ord("I"): ("INT", _line(_text_int)),
    ord("L"): ("LONG", _line(_text_int)),
    ord("P"): ("PERSID", _text_persistent),
    ord("S"): ("STRING", _line(_text_string)),
    ord("T"): ("BINSTRING", _sized(4, _utf8)),
    ord("V"): ("UNICODE", _line(_text_unicode)),
    ord("d"): ("DICT", _dict),
    ord("g"): ("GET", _text_get),
    ord("i"): ("INST", _inst),
    ord("l"): ("LIST", _list),
    ord("o"): ("OBJ", _obj),
    ord("p"): ("PUT", _text_put),
    0x82: ("EXT1", _extension(1)),
    0x83: ("EXT2", _extension(2)),
    0x84: ("EXT4", _extension(4)),
    0x8B: ("LONG4", _sized(4, _signed)),
    0x8C: ("SHORT_BINUNICODE", _sized(1, _utf8)),
    0x8D: ("BINUNICODE8", _sized(8, _utf8)),
    0x8E: ("BINBYTES8", _sized(8, bytes)),
    0x90: ("ADDITEMS", _additems),
    0x91: ("FROZENSET", _frozenset),
    0x92: ("NEWOBJ_EX", _newobj_ex),
    0x93: ("STACK_GLOBAL", _stack_global),
    0x94: ("MEMOIZE", _memoize),
    0x95: ("FRAME", _frame),
    0x96: ("BYTEARRAY8", _sized(8, bytes)),
    0x97: ("NEXT_BUFFER", _out_of_band),
    0x98: ("READONLY_BUFFER", _out_of_band),
}


def _noting(name: str, handler: Handler) -> Handler:
    def noted(m: PickleMachine) -> None:
        m.unread = m.unread or name
        handler(m)

    return noted


_HANDLERS: Final[list[Handler]] = [
    _TORCH_OPCODES.get(code)
    or (_noting(*_OTHER_OPCODES[code]) if code in _OTHER_OPCODES else _no_opcode)
    for code in range(256)
]
