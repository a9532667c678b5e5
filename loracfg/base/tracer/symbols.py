"""Values of a config that remember where they come from while a constructor computes with them.

Each stands for a plain value, is a subclass of its type, and carries an expression over the
attributes of the config (`loracfg.base.catalogue.expression`). Arithmetic gives further symbols;
a comparison is a decision, which is recorded, and gives a plain `bool`. What C code makes of a
symbol (`torch.empty`, `math.sqrt`) is plain: the learner finds where that lost something.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from typing import Any, Final

from loracfg.base.tracer.recorder import recorder
from loracfg.base.tracer.rewrite import MadeList

Expression = Any
"""A constant, or a tuple of an operator and its operands."""


def expression_of(value: Any) -> Expression:
    """Return the expression of a symbol, or the value itself."""
    if isinstance(value, _SYMBOLS):
        return value.expression
    if isinstance(value, list):
        return ("list", *(expression_of(item) for item in list.__iter__(value)))
    if isinstance(value, tuple):
        return ("list", *(expression_of(item) for item in value))
    return value


def symbol(value: Any, expression: Expression) -> Any:
    """Return a value that carries an expression, where its type can."""
    if type(value) is int:
        return SymInt(value, expression)
    if type(value) is float:
        return SymFloat(value, expression)
    if type(value) is str:
        return SymStr(value, expression)
    if type(value) in (list, tuple):
        return SymList(value, expression)
    return value


def plain(value: Any) -> Any:
    """Return a value without symbols, in containers too."""
    if isinstance(value, SymInt):
        return int.__add__(value, 0)
    if isinstance(value, SymFloat):
        return float.__add__(value, 0.0)
    if isinstance(value, SymStr):
        return str.join("", list(str.__iter__(value)))
    if isinstance(value, list):
        return [plain(item) for item in list.__iter__(value)]
    if type(value) is tuple:
        return tuple(plain(item) for item in value)
    if type(value) is dict:
        return {key: plain(item) for key, item in value.items()}
    return value


def _arithmetic(name: str, base: type, *, reflected: bool) -> Callable[[Any, Any], Any]:
    compute = getattr(operator, {"floordiv": "floordiv", "truediv": "truediv"}.get(name, name))

    def method(self: Any, other: Any) -> Any:
        if isinstance(other, bool) or not isinstance(other, (int, float)):
            if name == "mul" and isinstance(other, list):
                return repeat(other, self)
            if not isinstance(other, bool):
                return NotImplemented
        left, right = (other, self) if reflected else (self, other)
        if name in _DIVISIONS and isinstance(right, _SYMBOLS):
            bool(right)
        value = compute(plain(left), plain(right))
        return symbol(value, (name, expression_of(left), expression_of(right)))

    return method


_DIVISIONS: Final = ("truediv", "floordiv", "mod")


def _comparison(name: str) -> Callable[[Any, Any], Any]:
    compute = getattr(operator, name)

    def method(self: Any, other: Any) -> Any:
        value = compute(plain(self), plain(other))
        if not isinstance(other, (int, float, str, list, tuple)):
            return value
        if name == "ne":
            return not recorder.decide(("eq", self.expression, expression_of(other)), not value)
        return recorder.decide((name, self.expression, expression_of(other)), value)

    return method


class SymInt(int):
    """An integer with its expression."""

    expression: Expression

    def __new__(cls, value: int, expression: Expression) -> SymInt:
        made = super().__new__(cls, value)
        made.expression = expression
        return made

    def __bool__(self) -> bool:
        return recorder.decide(("bool", self.expression), int.__bool__(self))

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __neg__(self) -> Any:
        return symbol(-plain(self), ("sub", 0, self.expression))

    def __abs__(self) -> Any:
        return symbol(abs(plain(self)), ("abs", self.expression))

    def __trunc__(self) -> Any:
        return self

    __floor__ = __ceil__ = __trunc__

    def __round__(self, digits: int | None = None) -> Any:
        return self

    def __copy__(self) -> SymInt:
        return self

    def __deepcopy__(self, memo: Any) -> SymInt:
        return self

    def __reduce__(self) -> Any:
        return (int, (plain(self),))


class SymFloat(float):
    """A float with its expression."""

    expression: Expression

    def __new__(cls, value: float, expression: Expression) -> SymFloat:
        made = super().__new__(cls, value)
        made.expression = expression
        return made

    def __bool__(self) -> bool:
        return recorder.decide(("bool", self.expression), float.__bool__(self))

    def __hash__(self) -> int:
        return float.__hash__(self)

    def __neg__(self) -> Any:
        return symbol(-plain(self), ("sub", 0, self.expression))

    def __abs__(self) -> Any:
        return symbol(abs(plain(self)), ("abs", self.expression))

    def __trunc__(self) -> Any:
        return symbol(int(plain(self)), ("int", self.expression))

    def __floor__(self) -> Any:
        return symbol(math.floor(plain(self)), ("floor", self.expression))

    def __ceil__(self) -> Any:
        return symbol(math.ceil(plain(self)), ("ceil", self.expression))

    def __round__(self, digits: int | None = None) -> Any:
        if digits is None:
            return symbol(round(plain(self)), ("round", self.expression))
        return symbol(round(plain(self), digits), ("round", self.expression, digits))

    def __copy__(self) -> SymFloat:
        return self

    def __deepcopy__(self, memo: Any) -> SymFloat:
        return self

    def __reduce__(self) -> Any:
        return (float, (plain(self),))


_OPERATORS: Final = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
_COMPARISONS: Final = ("eq", "ne", "lt", "le", "gt", "ge")

for _base in (SymInt, SymFloat):
    for _name in _OPERATORS:
        setattr(_base, f"__{_name}__", _arithmetic(_name, _base, reflected=False))
        setattr(_base, f"__r{_name}__", _arithmetic(_name, _base, reflected=True))
    for _name in _COMPARISONS:
        setattr(_base, f"__{_name}__", _comparison(_name))


class SymStr(str):
    """A string with its expression; anything but a comparison asks for its whole value."""

    expression: Expression

    def __new__(cls, value: str, expression: Expression) -> SymStr:
        made = super().__new__(cls, value)
        made.expression = expression
        return made

    def __iter__(self) -> Iterator[Any]:
        for step in recorder.loop(("len", self.expression), str.__len__(self)):
            value = str.__getitem__(self, step.number)
            yield SymStr(value, ("at", self.expression, step.expression))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return str.__getitem__(self.settled(), index)
        value = str.__getitem__(self, plain(index))
        return SymStr(value, ("at", self.expression, expression_of(index)))

    def settled(self) -> str:
        """Return the plain string, and note that the trace holds for this one alone."""
        value = plain(self)
        return str(recorder.decide(self.expression, value))

    def __hash__(self) -> int:
        return hash(self.settled())

    def __copy__(self) -> SymStr:
        return self

    def __deepcopy__(self, memo: Any) -> SymStr:
        return self

    def __reduce__(self) -> Any:
        return (str, (plain(self),))


def _settling(name: str) -> Callable[..., Any]:
    method = getattr(str, name)

    def settle(self: SymStr, *arguments: Any, **keywords: Any) -> Any:
        return method(self.settled(), *arguments, **keywords)

    return settle


for _name in ("eq", "ne"):
    setattr(SymStr, f"__{_name}__", _comparison(_name))
for _name in dir(str):
    if (not _name.startswith("_") and _name not in ("maketrans",)) or _name in (
        "__add__",
        "__contains__",
        "__mod__",
        "__lt__",
        "__gt__",
    ):
        setattr(SymStr, _name, _settling(_name))


class SymList(list):  # type: ignore[type-arg]
    """A list (or tuple) of a config, whose items are symbols once they are asked for."""

    expression: Expression

    def __init__(self, values: Any, expression: Expression) -> None:
        super().__init__(values)
        self.expression = expression

    def _item(self, at: int, index: Expression) -> Any:
        value = list.__getitem__(self, at)
        return settled_bool(value, ("at", self.expression, index))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            parts = tuple(expression_of(p) for p in (index.start, index.stop, index.step))
            value = list.__getitem__(self, slice(*(plain(p) for p in _parts(index))))
            return SymList(value, ("slice", self.expression, *parts))
        return self._item(plain(index), expression_of(index))

    def __iter__(self) -> Iterator[Any]:
        loop = recorder.loop(("len", self.expression), list.__len__(self))
        for step in loop:
            yield self._item(step.number, step.expression)

    def __reversed__(self) -> Iterator[Any]:
        return iter(self[::-1])

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            self._changed("__setitem__", index, value)
            return
        list.__setitem__(self, plain(index), plain(value))
        parts = expression_of(index), expression_of(value)
        self.expression = ("replaced", self.expression, *parts)

    def append(self, value: Any) -> None:
        """Add an item."""
        list.append(self, plain(value))
        self.expression = ("concat", self.expression, ("list", expression_of(value)))

    def _changed(self, how: str, *arguments: Any) -> Any:
        """Change the list in another way: from here on it is the list of its items."""
        items = [self._item(at, at) for at in range(list.__len__(self))]
        result = getattr(items, how)(*arguments)
        list.__setitem__(self, slice(None), plain(items))
        self.expression = ("list", *(expression_of(item) for item in items))
        return result

    def __bool__(self) -> bool:
        return recorder.decide(("bool", ("len", self.expression)), list.__len__(self) > 0)

    def __contains__(self, item: Any) -> bool:
        value = plain(item) in plain(self)
        return recorder.decide(("in", expression_of(item), self.expression), value)

    def index(self, item: Any, *bounds: Any) -> Any:
        """Return where an item stands."""
        value = plain(self).index(plain(item), *bounds)
        return (
            SymInt(value, ("index", self.expression, expression_of(item))) if not bounds else value
        )

    def __add__(self, other: Any) -> Any:
        if isinstance(other, MadeList) and other.before is None:
            return MadeList([*self, *other.items()], other.loop, other.count, self.expression)
        value = plain(self) + plain(list(other))
        return SymList(value, ("concat", self.expression, expression_of(other)))

    def __radd__(self, other: Any) -> Any:
        value = plain(list(other)) + plain(self)
        return SymList(value, ("concat", expression_of(other), self.expression))

    def __copy__(self) -> SymList:
        return self

    def __deepcopy__(self, memo: Any) -> SymList:
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (list, (plain(self),))

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(str(plain(self)))


def _changing(name: str) -> Callable[..., Any]:
    def change(self: SymList, *arguments: Any) -> Any:
        return self._changed(name, *arguments)

    return change


for _name in ("eq", "ne"):
    setattr(SymList, f"__{_name}__", _comparison(_name))
for _name in ("__delitem__", "extend", "insert", "pop", "remove", "reverse", "clear"):
    setattr(SymList, _name, _changing(_name))

_SYMBOLS: Final = (SymInt, SymFloat, SymStr, SymList)


def _parts(index: slice) -> tuple[Any, Any, Any]:
    return index.start, index.stop, index.step


def settled_bool(value: Any, expression: Expression) -> Any:
    """Return a symbol, or a plain `bool` or None whose value is now a decision."""
    if isinstance(value, bool):
        recorder.decide(expression, value)
        return value
    if value is None:
        recorder.decide(("kind", expression), "null")
        return value
    return symbol(value, expression)


def repeat(values: list[Any], times: Any) -> Any:
    """Return `values * times` for a symbolic count."""
    return SymList(
        plain(values) * plain(times), ("repeat", expression_of(values), times.expression)
    )
