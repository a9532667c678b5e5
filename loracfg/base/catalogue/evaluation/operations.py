"""The operations of rows; `OPERATIONS` has all of them.

Each charges the budget before work that the config can make large.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from loracfg.base.catalogue.evaluation.config import Config, as_config
from loracfg.base.catalogue.evaluation.functions import OWN
from loracfg.base.catalogue.evaluation.python import (
    FUNCTIONS,
    METHODS,
    METHODS_OF,
    OPERATORS,
    Function,
    checked_key,
)
from loracfg.base.catalogue.evaluation.reading import shown
from loracfg.base.catalogue.evaluation.refusals import DeclinedError
from loracfg.base.catalogue.evaluation.surroundings import InnerModels, RowRun

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Row

Operation: TypeAlias = "Callable[[RowRun, Row], Any]"

OF_CONFIGS: Final = ("verify_out_features_out_indices", "to_dict", "to_dict_of_base")
"""Methods of configs that rows may call."""
TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    **{kind.__name__: kind for kind in (int, float, str, bool, list, tuple, dict)},
    "Iterable": (str, list, tuple, dict, set, frozenset, range),
    "Mapping": dict,
    "None": type(None),
    "Number": (int, float, complex),
    "Sequence": (str, list, tuple, range),
    "set": (set, frozenset),
}


def _attribute(run: RowRun, row: Row) -> Any:
    """An attribute, `a.name`."""
    owner: Any = run.value(row[1])
    name: Any = row[2]
    if type(owner) is Config:
        own = name if type(name) is str else _name(run, name)
        return own if own in OF_CONFIGS else owner.read(own)
    if name in METHODS_OF.get(type(owner), ()):
        return name  # nothing can be called, so the name stands for the method
    raise AttributeError(f"{type(owner).__name__} has no {name}")


def _has(run: RowRun, row: Row) -> bool:
    """Whether a value has an attribute."""
    owner = run.value(row[1])
    return type(owner) is Config and owner.has(_name(run, row[2]))


def _name(run: RowRun, name: Any) -> str:
    own = name if type(name) is str else run.value(name)
    if not isinstance(own, str):
        raise TypeError("the name of an attribute is not a string")
    return own


def _is_instance(run: RowRun, row: Row) -> bool:
    """Whether a value is of one of the named types."""
    value = run.value(row[1])
    names: list[Any] = row[2:]
    for name in names:
        known = TYPES.get(name)
        if known is not None:
            if isinstance(value, known):
                return True
        elif type(value) is Config and value.config_class.is_a(name):
            return True
    return False


def _named(what: str, functions: Mapping[str, Function]) -> Operation:
    """Return the operation that calls a function by its name."""

    def operation(run: RowRun, row: Row) -> Any:
        name: Any = row[1]
        function = functions.get(name)
        if function is None:
            raise DeclinedError(f"there is no {what} `{name}`")
        return function(run.budget, *run.values(row[2:]))

    return operation


_METHOD: Final = _named("method", METHODS)


def _method_of(run: RowRun, row: Row) -> Any:
    """The result of a method: object, name, arguments."""
    if row[2] in OF_CONFIGS:
        config = as_config(run.value(row[1]))
        return config.library.call(config, row[2])
    return _METHOD(run, [row[0], row[2], row[1], *row[3:]])


def _dict(run: RowRun, row: Row) -> dict[Any, Any]:
    """A dict of alternating keys and values."""
    run.budget.spend_items(len(row) >> 1)
    value = run.value
    budget = run.budget
    places = range(1, len(row), 2)
    return {checked_key(budget, value(row[k])): value(row[k + 1]) for k in places}


def _merged(run: RowRun, row: Row) -> dict[Any, Any]:
    """A merged dict, in which later values win: `{**a, **b}`."""
    made: dict[Any, Any] = {}
    for operand in row[1:]:
        part: Any = run.value(operand)
        run.budget.spend_items(len(part))
        made.update({key: part[key] for key in part.keys()})  # noqa: SIM118 - as `**` does
    return made


def _made(run: RowRun, row: Row) -> Any:
    """A config by its class or type: class, type, dict, then alternating keys and values."""
    given: list[Any] = run.values(row[1:])
    name, model_type, base, *more = given
    values = {**({} if row[3] == [None] else base), **dict(zip(more[::2], more[1::2], strict=True))}
    library = run.library
    config_class = library.config_class(name) if name else library.class_of_type(model_type)
    return library.make(config_class, values, run.budget)


def _new(run: RowRun, row: Row) -> Any:
    """A new config: class, then alternating keys and values."""
    name: Any = row[1]
    return run.library.make(run.library.config_class(name), _pairs(run, row), run.budget)


def _changing(change: Callable[..., Any]) -> Operation:
    """Return the operation that changes a copy, which replaces the original."""

    def operation(run: RowRun, row: Row) -> Any:
        old, *given = run.values(row[1:])
        if not isinstance(old, (dict, list, set)):
            raise TypeError(f"{type(old).__name__} is changed in place")
        run.budget.spend_items(len(old))
        for part in given:
            run.budget.spend_reading(part)
        new = copy.copy(old)
        change(new, *given)
        run.remember_change(old, new)
        return new

    operation.__doc__ = change.__doc__
    return operation


def _put(new: Any, key: Any, value: Any) -> None:
    """A copy of a dict or list with a changed item, which replaces it: old, key, value."""
    new[key] = value


def _computes(run: RowRun, row: Row) -> bool:
    """True; evaluates the operand, which may reject the config like the library."""
    run.value(row[1])
    return True


def _known(run: RowRun, row: Row) -> bool:
    """True; declined if the operand is false, since the facts do not cover that case."""
    if not run.value(row[1]):
        raise DeclinedError(f"what the library does unless `{shown(run.rows, row[1])}` is unknown")
    return True


def _pairs(run: RowRun, row: Row) -> dict[str, Any]:
    words: list[Any] = row
    return {words[k]: run.value(row[k + 1]) for k in range(2, len(row), 2)}


def _text_config(run: RowRun, row: Row) -> Any:
    """`get_text_config` of a config: config, then alternating names and values of arguments."""
    config = as_config(run.value(row[1]))
    halves = _pairs(run, row)
    if not halves.keys() <= {"decoder", "encoder"}:
        raise DeclinedError("the text config takes other arguments")
    return config.library.text_config(config, halves.get("decoder"), halves.get("encoder"))


def _with(run: RowRun, row: Row) -> Any:
    """A copy of a config with different attributes: config, then alternating names and values."""
    config = as_config(run.value(row[1]))
    run.budget.spend_items(len(config.attributes))
    made = config.copy()
    for place in range(2, len(row), 2):
        made.set(_name(run, row[place]), run.value(row[place + 1]))
    return made


def _models(run: RowRun) -> InnerModels:
    if run.models is None:
        raise DeclinedError("a model inside this one")
    return run.models


def _activation(run: RowRun, row: Row) -> bool:
    """True if the library has an activation of this name."""
    _models(run).activation(run.value(row[1]))
    return True


def _of_model(run: RowRun, row: Row) -> object:
    """An attribute of a model inside this one: mapping, config, name."""
    mapping: Any = row[1]
    name: Any = row[3]
    return _models(run).attribute(mapping, run.value(row[2]), name)


def _model_has(run: RowRun, row: Row) -> bool:
    """Whether a model inside this one has a module: mapping, config, name."""
    mapping: Any = row[1]
    name: Any = row[3]
    return _models(run).has(mapping, run.value(row[2]), name)


def _of_value(function: Callable[[Any], object]) -> Operation:
    """Return the operation that passes the value of one operand to a function."""
    return lambda run, row: function(run.value(row[1]))


def of_values(function: Function) -> Operation:
    """Return the operation that passes the values of all operands to a function."""

    def operation(run: RowRun, row: Row) -> Any:
        value = run.value
        if len(row) == 3:
            return function(run.budget, value(row[1]), value(row[2]))
        return function(run.budget, *map(value, row[1:]))

    operation.__doc__ = function.__doc__
    return operation


OPERATIONS: Final[dict[str, Operation]] = {
    # the config, turns of loops and their state
    "c": lambda run, row: run.config,
    "i": lambda run, row: run.env[row[1]],
    "acc": lambda run, row: run.carried[row[1]],
    "scan": lambda run, row: run.scan(row),
    # attributes, conditions
    ".": _attribute,
    "has": _has,
    "if": lambda run, row: run.value(row[2] if run.value(row[1]) else row[3]),
    "and": lambda run, row: run.value(row[1]) and run.value(row[2]),
    "or": lambda run, row: run.value(row[1]) or run.value(row[2]),
    "isinst": _is_instance,
    # Python
    **{name: of_values(function) for name, function in {**OPERATORS, **OWN}.items()},
    "not": lambda run, row: not run.value(row[1]),
    "truth": lambda run, row: bool(run.value(row[1])),
    "neg": _of_value(operator.neg),
    "pos": _of_value(operator.pos),
    "inv": _of_value(operator.invert),
    "call": _named("function", FUNCTIONS),
    "str": _METHOD,
    "mcall": _method_of,
    "list": lambda run, row: run.items(row[1:]),
    "tuple": lambda run, row: tuple(run.items(row[1:])),
    "set": lambda run, row: {checked_key(run.budget, one) for one in run.items(row[1:])},
    "dict": _dict,
    "merge": _merged,
    "put": _changing(_put),
    "putdef": _changing(lambda new, key, value: new.setdefault(key, value)),
    "updated": _changing(lambda new, other: new.update(other)),
    "without": _changing(lambda new, key: new.pop(key, None)),
    # requirements
    "ok": _computes,
    "known": _known,
    "activation": _activation,
    # other configs and models
    "text": _text_config,
    "config": _new,
    "make": _made,
    "with": _with,
    "model": _of_model,
    "modelhas": _model_has,
}
"""The function of each operation."""
