"""Rewrites methods of config classes so that a list knows the loop that made it."""

from __future__ import annotations

import ast
import inspect
import textwrap
import types
from collections.abc import Callable, Iterator
from typing import Any, Final

from loracfg.base.tracer.recorder import Loop, recorder

_NAME: Final = "_listed"
_KINDS: Final = ("property", "staticmethod", "classmethod")


class MadeList(list[Any]):
    """What a list comprehension over symbols made: one item for each turn of a loop.

    `before` is the expression of a list that stands before the items, `count` how many those are.
    """

    def __init__(
        self, values: list[Any], loop: Loop, count: Any = None, before: Any = None
    ) -> None:
        super().__init__(values)
        self.loop = loop
        self.count = loop.count if count is None else count
        self.before = before

    @property
    def length(self) -> Any:
        """The expression of the length."""
        return self.count if self.before is None else ("add", ("len", self.before), self.count)

    def with_values(self, values: list[Any]) -> MadeList:
        """Return a list of the same origin with other items."""
        return MadeList(values, self.loop, self.count, self.before)

    def __iter__(self) -> Iterator[Any]:
        if not recorder.active:
            yield from super().__iter__()
            return
        for turn in recorder.loop(self.length, len(self)):
            yield super().__getitem__(turn.number)

    def items(self) -> list[Any]:
        """Return the items, without a trace."""
        return [super(MadeList, self).__getitem__(at) for at in range(len(self))]

    def __getitem__(self, index: Any) -> Any:
        made = super().__getitem__(index)
        if not isinstance(index, slice) or index.start or index.step or index.stop is None:
            return made
        stop = getattr(index.stop, "expression", index.stop)
        is_whole = recorder.decide(("le", self.length, stop), len(made) == len(self))
        if is_whole:
            return self.with_values(made)
        return MadeList(made, self.loop, stop) if self.before is None else made

    def __radd__(self, other: list[Any]) -> Any:
        if self.before is not None:
            return [*other, *self.items()]
        items = (getattr(item, "expression", item) for item in other)
        return MadeList([*other, *self.items()], self.loop, self.count, ("list", *items))

    def __copy__(self) -> MadeList:
        return self.with_values(self.items())

    def __deepcopy__(self, memo: Any) -> MadeList:
        return self.with_values(self.items())

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (list, (self.items(),))


def _listed(make: Callable[[], list[Any]]) -> list[Any]:
    """Run a list comprehension and note on the list which loop ran, where each turn made an item."""
    before = len(recorder.loops)
    made = make()
    if not recorder.active or len(recorder.loops) == before:
        return made
    loop = recorder.loops[before]
    return MadeList(made, loop) if loop.length == len(made) else made


def rewrite_class(cls: type) -> None:
    """Rewrite the methods and properties of a class that hold a list comprehension."""
    for name, value in list(vars(cls).items()):
        if isinstance(value, types.FunctionType):
            made = _rewritten(value, cls)
            if made is not None:
                setattr(cls, name, made)
        elif isinstance(value, (staticmethod, classmethod)):
            made = _rewritten(value.__func__, cls)
            if made is not None:
                setattr(cls, name, type(value)(made))
        elif isinstance(value, property) and value.fget is not None:
            made = _rewritten(value.fget, cls)
            if made is not None:
                setattr(cls, name, property(made, value.fset, value.fdel))


class _Lists(ast.NodeTransformer):
    found = False

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:  # noqa: N802  # the library's name
        self.found = True
        inner = self.generic_visit(node)
        empty = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        run = ast.Lambda(args=empty, body=inner)
        return ast.Call(func=ast.Name(id=_NAME, ctx=ast.Load()), args=[run], keywords=[])


def _rewritten(function: Any, cls: type) -> Any:
    """Return a function with its list comprehensions run by `_listed`, None if it has none."""
    if function.__closure__ and function.__code__.co_freevars != ("__class__",):
        return None
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef) or definition.name != function.__name__:
        return None
    decorators = definition.decorator_list
    if any(not isinstance(one, ast.Name) or one.id not in _KINDS for one in decorators):
        return None
    lists = _Lists()
    lists.visit(definition)
    if not lists.found:
        return None
    definition.decorator_list = []
    outer = ast.parse(f"def _make(__class__):\n    return {definition.name}")
    maker = outer.body[0]
    assert isinstance(maker, ast.FunctionDef)
    maker.body.insert(0, definition)
    names = function.__globals__
    names[_NAME] = _listed
    space: dict[str, Any] = {}
    exec(compile(ast.fix_missing_locations(outer), "<rewritten>", "exec"), names, space)  # noqa: S102
    made = space["_make"](cls)
    made.__kwdefaults__, made.__defaults__ = function.__kwdefaults__, function.__defaults__
    made.__qualname__ = function.__qualname__
    return made
