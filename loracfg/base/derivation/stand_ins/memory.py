"""Remembers which modules were made of which arguments, and clones them.

Most layers of a model are made of the same config and nothing but another number. A number that
stands for a layer is passed on as an `Index`, which notes whether anyone looks at it: where nobody
does, all numbers make the same module. Constructors of the catalogue depend on nothing but their
arguments; a config that is changed in between makes all that was remembered void.
"""

from __future__ import annotations

import itertools
from types import FunctionType
from typing import Any, Final

from loracfg.base.derivation.stand_ins.unknown import Unknown

_NUMBERS: Final = frozenset(
    ("layer_idx", "layer_id", "layer_index", "layer_number", "idx", "index", "block_idx")
)
"""Names of the parameters that say which layer is made."""

_LAYERS: Final = frozenset((name,) for name in _NUMBERS)

_DEPENDS: Final = object()
"""Stands for modules that depend on their number."""


class Index:
    """The number of a layer, which knows whether it was looked at; `isinstance` says int."""

    __slots__ = ("is_seen", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_seen = False

    def __copy__(self) -> Index:
        return self

    def __deepcopy__(self, _: Any) -> Index:
        return self

    @property  # type: ignore[misc]  # object's can be set
    def __class__(self) -> Any:
        return int


def _reading(name: str) -> Any:
    method = getattr(int, name)

    def read(self: Index, *others: Any) -> Any:
        self.is_seen = True
        plain = [_plain(other) for other in others]
        if plain and type(plain[0]) is float and hasattr(float, name):
            return getattr(float, name)(float(self.number), *plain)
        return method(self.number, *plain)

    return read


def _plain(value: Any) -> Any:
    if type(value) is Index:
        value.is_seen = True
        return value.number
    return value


for _name in dir(int):
    if _name not in (
        "__class__",
        "__new__",
        "__init__",
        "__init_subclass__",
        "__subclasshook__",
        "__getattribute__",
        "__setattr__",
        "__delattr__",
        "__doc__",
        "__dir__",
        "__reduce__",
        "__reduce_ex__",
        "__getstate__",
        "__sizeof__",
    ):
        setattr(Index, _name, _reading(_name))


_numbers: Final = itertools.count(1)


class _Memory:
    """What was made since the last change of a config."""

    def __init__(self) -> None:
        self.sources: dict[Any, Any] = {}
        self.held: list[Any] = []
        self.layers: dict[Any, tuple[Any, Any]] = {}
        self.tying = 0
        self.born = next(_numbers)
        self.start = self.born
        self.making = 0


_memory = _Memory()


def forget() -> None:
    """Forget everything: a config was changed, or another model is to be made."""
    global _memory
    if _memory.sources or _memory.held or _memory.making:
        _memory = _Memory()


def note_tying() -> None:
    """Note that a module is made that ties weights of others: nothing around it is cloned."""
    _memory.tying += 1


def stamp() -> int:
    """Return when a module is made, a number that grows."""
    _memory.born = born = next(_numbers)
    return born


def note_child(module: Any) -> None:
    """Note that a module is registered; one from before may stand in other places, too."""
    fields = module.__dict__
    born = fields.get("_born")
    if born is None:
        return
    if "_held" in fields or born <= _memory.start:
        _memory.tying += 1
    fields["_held"] = True


def made(cls: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Return a module of a class for some arguments."""
    names = _parameters(cls)
    memory = _memory
    if len(arguments) == 2 and not keywords and type(arguments[1]) is int:
        source = memory.layers.get(cls)
        if source is not None and source[0] is arguments[0] and names[1:2] in _LAYERS:
            return clone(source[1], Index(arguments[1]))
    found = _numbered(cls, names, arguments, keywords)
    if found is None:
        return type.__call__(cls, *arguments, **keywords)
    key, index, arguments, keywords = found
    source = memory.sources.get(key)
    if source is _DEPENDS:
        assert index is not None
        index.is_seen = True
        key = (key, index.number)
        source = memory.sources.get(key)
    if source is None:
        seen, before = (index.is_seen, index) if index is not None else (False, None)
        if before is not None:
            before.is_seen = False
        tying, start = memory.tying, memory.start
        memory.start = memory.born
        memory.making += 1
        try:
            source = type.__call__(cls, *arguments, **keywords)
        finally:
            memory.start = start
            memory.making -= 1
        if memory is not _memory or memory.tying != tying:  # a config was changed meanwhile
            if before is not None:
                before.is_seen = True
            return source
        memory.held.append((arguments, keywords))
        if before is not None:
            if before.is_seen and len(key) == 3:
                memory.sources[key] = _DEPENDS
                key = (key, before.number)
            before.is_seen |= seen
        memory.sources[key] = source
    is_layer = index is not None and len(key) == 3 and len(arguments) == 2
    if is_layer and _is_config(type(arguments[0])):
        memory.layers[cls] = (arguments[0], source)
    return clone(source, index)


def _parameters(cls: Any) -> tuple[str, ...]:
    names: tuple[str, ...] | None = cls.__dict__.get("_names")
    if names is None:
        code = getattr(cls.__init__, "__wrapped__", cls.__init__).__code__
        names = code.co_varnames[1 : code.co_argcount]
        cls._names = names
    return names


def _numbered(
    cls: Any, names: tuple[str, ...], arguments: tuple[Any, ...], keywords: dict[str, Any]
) -> tuple[Any, Index | None, tuple[Any, ...], dict[str, Any]] | None:
    """Return key, number and arguments with the number as an `Index`; None if there is no key."""
    count = len(arguments)
    index: Index | None = None
    given: list[Any] = []
    parts: list[Any] = []
    for name, value in zip(
        (*names[:count], *keywords), (*arguments, *keywords.values()), strict=False
    ):
        kind = type(value)
        if kind is Index or (kind is int and name in _NUMBERS):
            if index is not None:
                return None
            index = value if kind is Index else Index(value)
            given.append(index)
            parts.append((name, Index))
            continue
        part = _key(value, kind)
        if part is None:
            return None
        given.append(value)
        parts.append((name, part))
    if len(given) != count + len(keywords):  # more than its parameters have names
        return None
    named = dict(zip(keywords, given[count:], strict=True))
    return (cls, count, tuple(parts)), index, tuple(given[:count]), named


def _key(value: Any, kind: Any) -> Any:
    """Return what stands for an argument in a key; None for what may change, or be registered."""
    if kind in _PLAIN:
        return (kind, value)
    if kind in (list, tuple):
        parts = [_key(one, type(one)) for one in value]
        return None if None in parts else (kind, tuple(parts))
    if kind is FunctionType or isinstance(value, type):
        return value
    if kind is Unknown:  # nobody can tell one from another
        return Unknown
    return (kind, id(value)) if _is_config(kind) else None


def _is_config(kind: Any) -> bool:
    return hasattr(kind, "__validators__") or hasattr(kind, "model_type")


_PLAIN: Final = frozenset((int, float, str, bool, type(None)))


def clone(source: Any, index: Index | None) -> Any:
    """Return a module like another, which stands for itself once it is looked at."""
    new = object.__new__(type(source))
    new.__dict__["_source"] = source
    new.__dict__["_index"] = index
    new.__dict__["_born"] = stamp()
    return new


def has(module: Any, name: str) -> bool:
    """Tell whether a clone will have an attribute once it is filled."""
    source = module.__dict__["_source"]
    while "_source" in source.__dict__:
        source = source.__dict__["_source"]
    return name in source.__dict__ or name in source.__dict__["_modules"]


def fill(module: Any) -> None:
    """Give a clone what its source has: clones of its modules, and parameters of its own."""
    fields = module.__dict__
    source, index = fields.pop("_source"), fields.pop("_index")
    if "_source" in source.__dict__:
        fill(source)
    theirs = source.__dict__
    children = {
        name: None if child is None else clone(child, index)
        for name, child in theirs["_modules"].items()
    }
    parameters = {
        name: None if one is None else one.copy() for name, one in theirs["_parameters"].items()
    }
    for child in children.values():
        if child is not None:
            child.__dict__["_held"] = True
    buffers = {name: _another(one) for name, one in theirs["_buffers"].items()}
    swapped = {
        id(old): new
        for old, new in (
            *zip(theirs["_modules"].values(), children.values(), strict=True),
            *zip(theirs["_parameters"].values(), parameters.values(), strict=True),
            *zip(theirs["_buffers"].values(), buffers.values(), strict=True),
        )
        if old is not None
    }
    born = fields["_born"]
    for name, value in theirs.items():
        if type(value) is Index and index is not None:
            fields[name] = index
        elif type(value) in (list, dict, tuple):
            fields[name] = _copied(value, swapped)
        else:
            fields[name] = swapped.get(id(value), value)
    fields["_born"] = born
    fields["_modules"], fields["_parameters"] = children, parameters
    fields["_buffers"], fields["_hidden"] = buffers, set(theirs["_hidden"])


def _another(buffer: Any) -> Any:
    if buffer is None or isinstance(buffer, Unknown):
        return buffer
    new = object.__new__(type(buffer))
    new.__dict__.update(buffer.__dict__)
    return new


def _copied(value: Any, swapped: dict[int, Any]) -> Any:
    if isinstance(value, dict):
        return {key: swapped.get(id(one), one) for key, one in value.items()}
    return type(value)(swapped.get(id(one), one) for one in value)
