"""Converts interpreted methods of config classes into programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loracfg.base.derivation.configs.around import Construction, Initialisation, Method, Prologue
from loracfg.base.derivation.configs.attributes import is_root
from loracfg.base.derivation.configs.keywords import GONE
from loracfg.base.derivation.configs.reflection import SHARED, has_own_constructor
from loracfg.base.derivation.emission.table import ProgramTable
from loracfg.base.derivation.interpreter.conversion import as_expression, as_value
from loracfg.base.derivation.interpreter.expressions import (
    CONFIG,
    Expression,
    Operand,
    choose,
    expression,
)
from loracfg.base.derivation.interpreter.path import Check
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    BoundMethod,
    Choice,
    NotFollowed,
    Symbol,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loracfg.base.catalogue.program_data import Assignment, Computation, ConfigCheck, Term
    from loracfg.base.catalogue.program_data import Operand as WrittenOperand


class Writer:
    """Writes a program with its own rows."""

    def __init__(self, cls: type) -> None:
        self._cls: Any = cls
        self._table = ProgramTable()

    def operand(self, operand: Operand) -> WrittenOperand:
        """Return an operand of the program."""
        return self._table.operand(_with_fresh_copies(operand))

    def value(self, value: Value) -> Term:
        """Return the term for the value of an attribute."""
        if isinstance(value, Choice):
            condition = self.operand(value.condition)
            return ["if", condition, self.value(value.yes), self.value(value.no)]
        if value is MISSING:
            return ["gone"]
        return ["v", self.operand(as_expression(value))]

    def keyword(self, value: Value) -> Term:
        """Return the term for the value of a key."""
        if value is GONE:
            return ["gone"]
        if value is MISSING:
            return ["keep"]
        if isinstance(value, Choice):
            condition = self.operand(value.condition)
            return ["if", condition, self.keyword(value.yes), self.keyword(value.no)]
        return ["v", self.operand(as_expression(value))]

    def sets(self, values: dict[str, Value]) -> list[Assignment]:
        """Return the assignments of attributes."""
        return [[name, self.value(value)] for name, value in values.items()]

    def inside(self, overlay: dict[Expression, dict[str, Value]]) -> list[Assignment]:
        """Return the assignments of attributes of parts."""
        return [
            [self.operand(part), name, self.value(value)]
            for part, changed in overlay.items()
            if not is_root(part)
            for name, value in changed.items()
        ]

    def checks(self, checks: list[Check]) -> list[ConfigCheck]:
        """Return the requirements, except that fields exist, which is always true."""
        found = []
        for conditions, needed in checks:
            if self._always_holds(needed):
                continue
            found.append([[self._condition(one) for one in conditions], self.operand(needed)])
        return found

    def _condition(self, condition: Operand) -> Any:
        if isinstance(condition, Expression) and condition[0] == "for":
            return ["for", condition[1], self.operand(condition[2])]
        return self.operand(condition)

    def _always_holds(self, needed: Operand) -> bool:
        if not isinstance(needed, Expression) or needed[0] != "ok":
            return False
        inner = needed[1]
        if not isinstance(inner, Expression) or inner[0] in ("c", "c2", "i", "kwhas", "arg"):
            return True
        if inner[0] != "." or not is_root(inner[1]) or not isinstance(inner[2], str):
            return False
        names = getattr(self._cls, "attribute_map", None) or {}
        name = names.get(inner[2], inner[2])
        is_property = isinstance(getattr(self._cls, name, None), property)
        return name in getattr(self._cls, "__dataclass_fields__", {}) and not is_property

    def finish(self, program: Computation) -> Computation:
        """Return a program with its rows, without empty entries."""
        program["exprs"] = self._table.rows
        found: Any = {key: value for key, value in program.items() if value}
        finished: Computation = found
        return finished


def _with_fresh_copies(operand: Operand) -> Operand:
    """Replace each copy in an operand with `fresh`, whichever copy it is."""
    if not isinstance(operand, Expression):
        return operand
    if operand[0] == "copy":
        return expression("fresh", _with_fresh_copies(operand[2]))
    parts = [_with_fresh_copies(one) for one in operand[1:]]
    if all(new is old for new, old in zip(parts, operand[1:], strict=True)):
        return operand
    return expression(str(operand[0]), *parts)


def of_constructor(package: str, cls: type, base: type) -> Computation | None:
    """Return the program of a class's `__post_init__` or `__init__`; None if it is the base's.

    Raises:
        NotFollowed: there is no rule for what it does.
        LibraryRaises: it rejects every config.
    """
    is_record = hasattr(cls, "__dataclass_fields__")
    entry = "__post_init__" if is_record else "__init__"
    owner = next(one for one in cls.__mro__ if entry in vars(one))
    if owner.__name__ in SHARED:
        return None
    run = (Construction if is_record else Initialisation)(package, cls, base)
    run.run_entry(BoundMethod(Symbol(CONFIG), vars(owner)[entry], owner))
    if run.before is None:
        raise NotFollowed("the base is not called")
    return _around(cls, run, run.before)


def of_own_constructor(package: str, cls: type, base: type) -> Computation | None:
    """Return the program of `__init__` in transformers 5; None if it is made from the fields.

    Raises:
        NotFollowed: there is no rule for what it does.
        LibraryRaises: it rejects every config.
    """
    if not has_own_constructor(cls):
        return None
    run = Initialisation(package, cls, base)
    run.run_entry(BoundMethod(Symbol(CONFIG), vars(cls)["__init__"], cls))
    if run.before is None:
        raise NotFollowed("the base is not called")
    return {**_around(cls, run, run.before), "made_as": run.made_as}


def _around(cls: type, run: Construction, before: Prologue) -> Computation:
    writer = Writer(cls)
    arguments = run.arguments if isinstance(run, Initialisation) else {}
    keywords: list[Assignment] = [
        [key, writer.keyword(value)]
        for key, value in {**before.keywords, **before.given}.items()
        if key not in arguments or value is not GONE
    ]
    after = next((changed for part, changed in run.overlay.items() if is_root(part)), {})
    if run.shared - after.keys():
        raise NotFollowed("an attribute is changed in place by another name")
    program: Computation = {
        "checks": writer.checks(run.checks[: before.checks]),
        "first": run.first,
        "then": run.then,
        "pre": writer.sets(before.attributes),
        "kw": keywords,
        "nested0": writer.inside(before.inside),
        "checks2": writer.checks(run.checks[before.checks :]),
        "nested": writer.inside(run.overlay),
        "post": writer.sets(after),
        "only": run.only,
        "closed": int(run.is_closed),
    }
    if isinstance(run, Initialisation):
        program |= {"args": arguments, "late": run.late}
    return writer.finish(program)


def _with_changes(run: Method, operand: Operand) -> Operand:
    """Return the result of a method; a config that it created has all later changes."""
    if not isinstance(operand, Expression):
        return operand
    if operand[0] == "if":
        return choose(operand[1], *(_with_changes(run, one) for one in operand[2:]))
    changed = run.overlay.pop(operand, {}) if operand[0] == "make" else {}
    pairs = [part for name, one in changed.items() for part in (name, run.operand(one))]
    return expression("with", operand, *pairs) if pairs else operand


def of_method(
    package: str,
    cls: type,
    base: type,
    function: object,
    owner: type,
    arguments: Iterable[object] = (),
) -> Computation:
    """Return the program of a validator or property: what it requires, sets and returns.

    Raises:
        NotFollowed: there is no rule for what it does.
        LibraryRaises: it rejects every config.
    """
    run = Method(package, cls, base)
    found = run.call(BoundMethod(Symbol(CONFIG), function, owner), list(arguments), {})
    if isinstance(found, Symbol):
        found = as_value(_with_changes(run, found.expression))
    writer = Writer(cls)
    own = run.overlay.get(CONFIG, {})
    program: Computation = {
        "checks": writer.checks(run.checks),
        "sets": writer.sets(own),
        "nested": writer.inside(run.overlay),
        "base": run.checked,
    }
    if not arguments and not own and found is not None:
        program["value"] = writer.value(found)
    return writer.finish(program)
