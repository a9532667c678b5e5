"""What the operations of rows do; `OPERATIONS` has them all.

Each charges the budget before work whose size the config determines.
"""

from __future__ import annotations

import collections.abc
import copy
import math
import numbers
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from loracfg.base.catalogue.evaluation.errors import DeclinedError
from loracfg.base.catalogue.evaluation.python import (
    FUNCTIONS,
    METHODS,
    OPERATORS,
    made_range,
    text_of,
)
from loracfg.base.catalogue.evaluation.reading import shown

if TYPE_CHECKING:
    from loracfg.base.catalogue.evaluation.evaluation import Evaluation
    from loracfg.base.catalogue.evaluation.rows import Row
    from loracfg.base.catalogue.trees.models import Models

Operation: TypeAlias = "Callable[[Evaluation, Row], Any]"

WITHOUT_ATTRIBUTES: Final = (type(None), int, float, str, list, dict, tuple)
"""Values whose attributes no config has: reading one is an `AttributeError`."""
OF_CONFIGS: Final = ("verify_out_features_out_indices", "to_dict", "to_dict_of_base")
"""Methods of configs that rows may call."""
OF_MODULES: Final = frozenset(
    (
        *("T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init"),
        *("children", "clear", "compile", "cpu", "cuda", "double", "dump_patches", "eval"),
        *("extra_repr", "float", "forward", "get_buffer", "get_extra_state", "get_parameter"),
        *("get_submodule", "half", "ipu", "items", "keys", "load_state_dict", "modules", "mtia"),
        *("named_buffers", "named_children", "named_modules", "named_parameters", "parameters"),
        *("pop", "register_buffer", "register_module", "register_parameter", "requires_grad_"),
        *("set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty"),
        *("train", "training", "type", "update", "values", "xpu", "zero_grad"),
    )
)
"""Attributes of `torch.nn.Module` and `ModuleDict`, hooks aside."""
_ABSTRACT: Final = (
    *(collections.abc.Iterable, collections.abc.Sequence, collections.abc.Mapping),
    *(numbers.Number, int, float, str, bool, list, tuple, dict),
)
TYPES: Final[dict[str, Any]] = {
    **{kind.__name__: kind for kind in _ABSTRACT},
    "None": type(None),
    "set": (set, frozenset),
}


def _attribute(run: Evaluation, row: Row) -> Any:
    """An attribute, `a.name`."""
    owner, name = run.value(row[1]), row[2]
    if isinstance(owner, WITHOUT_ATTRIBUTES):
        raise AttributeError(f"{type(owner).__name__} has no {name}")  # noqa: TRY004 - as Python does
    return getattr(owner, name if type(name) is str else run.value(name))


def _name(run: Evaluation, name: Any) -> Any:
    return name if type(name) is str else run.value(name)


def _is_size(value: Any) -> bool:
    """Whether a value is the size of a tensor: an integer of 0 or more, no truth value."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_name(value: Any) -> bool:
    """Whether a value can be the name of a module, parameter or buffer.

    Raises:
        DeclinedError: if modules may have an attribute of that name.
    """
    if value in OF_MODULES or str(value)[:1] == "_":
        raise DeclinedError(f"a module is named `{value}`")
    return isinstance(value, str) and value != "" and "." not in value


def _is_instance(run: Evaluation, row: Row) -> bool:
    """Whether a value is of one of the named types."""
    value = run.value(row[1])
    for name in row[2:]:
        known = TYPES.get(name)
        if known is not None:
            if isinstance(value, known):
                return True
        elif any(one.__name__ == name for one in type(value).__mro__):
            return True
    return False


def _call(run: Evaluation, row: Row) -> Any:
    """A function of Python's by its name, `len(a)`."""
    function = FUNCTIONS.get(row[1])
    if function is None:
        raise DeclinedError(f"there is no function `{row[1]}`")
    return function(run.budget, *run.values(row[2:]))


def _method(run: Evaluation, row: Row) -> Any:
    """A method of a string, list or number by its name, `a.split(b)`."""
    method = METHODS.get(row[1])
    if method is None:
        raise DeclinedError(f"there is no method `{row[1]}`")
    return method(run.budget, *run.values(row[2:]))


def _method_of(run: Evaluation, row: Row) -> Any:
    """A method by its name, with the object first: object, name, arguments."""
    if row[2] in OF_CONFIGS:
        return getattr(run.value(row[1]), row[2])()
    return _method(run, [row[0], row[2], row[1], *row[3:]])


def _dict(run: Evaluation, row: Row) -> dict[Any, Any]:
    """A dict of keys and values in turn."""
    run.budget.spend_items(len(row) >> 1)
    value = run.value
    return {value(row[k]): value(row[k + 1]) for k in range(1, len(row), 2)}


def _merged(run: Evaluation, row: Row) -> dict[Any, Any]:
    """A dict of several, later ones first: `{**a, **b}`."""
    made: dict[Any, Any] = {}
    for operand in row[1:]:
        part = run.value(operand)
        run.budget.spend_items(len(part))
        made.update({key: part[key] for key in part.keys()})  # noqa: SIM118 - as `**` does
    return made


def _changed(run: Evaluation, row: Row) -> Any:
    """A copy of a dict or list that takes the old one's place: old, key, value."""
    operation, old = row[0], run.value(row[1])
    if not isinstance(old, (dict, list, set)):
        raise TypeError(f"{type(old).__name__} is changed in place")
    run.budget.spend_items(len(old))
    new: Any = copy.copy(old)
    given = run.values(row[2:])
    if operation == "put":
        new[given[0]] = given[1]
    elif operation == "putdef":
        new.setdefault(given[0], given[1])
    elif operation == "updated":
        run.budget.look_through(given[0])
        new.update(given[0])
    else:
        new.pop(given[0], None)
    run.remember_change(old, new)
    return new


def _slice(run: Evaluation, row: Row) -> Any:
    """A part of a sequence: sequence, start, stop, step."""
    owner, *bounds = run.values(row[1:])
    if isinstance(owner, (list, tuple, str)):
        run.budget.spend_items(len(owner))
    return owner[slice(*bounds)]


def _text(run: Evaluation, row: Row) -> str:
    """A string of the values' texts, as an f-string has them."""
    parts = []
    for operand in row[1:]:
        part = text_of(run.budget, run.value(operand))
        run.budget.spend_bytes(len(part))
        parts.append(part)
    return "".join(parts)


def _fits(run: Evaluation, row: Row) -> bool:
    """Whether two sizes broadcast: they are equal, or one of them is 1."""
    first, second = run.value(row[1]), run.value(row[2])
    return bool(first == second or 1 in (first, second))


def _computes(run: Evaluation, row: Row) -> bool:
    """True; but the operand is evaluated, and refuses what the library refuses there."""
    run.value(row[1])
    return True


def _known(run: Evaluation, row: Row) -> bool:
    """True; declined if the operand is not, since the facts do not cover that case."""
    if not run.value(row[1]):
        raise DeclinedError(
            f"what the library does unless `{shown(run.rows, row[1])}` is not known"
        )
    return True


def _arange(run: Evaluation, row: Row) -> int:
    """How many numbers `torch.arange` gives."""
    given = run.values(row[1:])
    start, stop, step = (0, *given, 1) if len(given) == 1 else (*given, 1)[:3]
    if not step or (stop - start) / step < 0:
        raise DeclinedError("torch.arange of these numbers")
    count: int = math.ceil((stop - start) / step)
    return count


def _linspace(run: Evaluation, row: Row) -> Any:
    """One number of `torch.linspace`: start, stop, count, index."""
    start, stop, count, index = run.values(row[1:])
    if not 0 <= index < count:
        raise IndexError(index)
    step = (stop - start) / (count - 1) if count > 1 else 0.0
    if index < count // 2 or count == 1:
        return start + step * index
    return stop - step * (count - 1 - index)


def _parts_are_configs(run: Evaluation, row: Row) -> bool:
    """Whether each part of a config for text, if there, is a config itself."""
    config = run.value(row[1])
    parts = [getattr(config, name, None) for name in ("decoder", "generator", "text_config")]
    return all(part is None or hasattr(part, "get_text_config") for part in parts)


def _text_config(run: Evaluation, row: Row) -> Any:
    """`get_text_config` of a config: config, then names and values of arguments in turn."""
    arguments = {row[k]: run.value(row[k + 1]) for k in range(2, len(row), 2)}
    return run.value(row[1]).get_text_config(**arguments)


def _make_config(run: Evaluation, row: Row) -> Any:
    """A new config: class, then keys and values in turn."""
    facts = getattr(type(run.config), "_facts", None)
    if facts is None:
        raise DeclinedError(f"a config of `{row[1]}` is made")
    values = {row[k]: run.value(row[k + 1]) for k in range(2, len(row), 2)}
    return facts.library.make(facts.library.config_class(row[1]), values, run.budget)


def _make_of_dict(run: Evaluation, row: Row) -> Any:
    """A config by its class or type: class, type, dict, then keys and values in turn."""
    name, _, values = run.values(row[1:])
    return run.made_config(name, values)


def _with(run: Evaluation, row: Row) -> Any:
    """A copy of a config with other attributes: config, then names and values in turn."""
    config = run.value(row[1])
    run.budget.spend_items(len(vars(config)))
    made = copy.copy(config)
    for place in range(2, len(row), 2):
        setattr(made, _name(run, row[place]), run.value(row[place + 1]))
    return made


def _rope(run: Evaluation, row: Row) -> int:
    """How many frequencies rotary positions have: config, kind, type of layer."""
    config, kind, layer_type = run.values(row[1:])
    found: int = config.frequencies(kind, layer_type)
    return found


def _generation(run: Evaluation, row: Row) -> bool:
    """True; but refuses settings for generation that contradict each other: config."""
    run.value(row[1]).check_generation()
    return True


def _models(run: Evaluation) -> Models:
    if run.models is None:
        raise DeclinedError("a model inside this one")
    return run.models


def _padding(run: Evaluation, row: Row) -> bool:
    """True, if an embedding of so many rows may have this one for padding."""
    rows, padding = run.values(row[1:])
    if padding is not None and not (isinstance(padding, int) and -rows <= padding < rows):
        raise IndexError("padding_idx must be within num_embeddings")
    return True


def _activation(run: Evaluation, row: Row) -> bool:
    """True, if the library has an activation of this name."""
    _models(run).activation(run.value(row[1]))
    return True


def _unary(function: Callable[[Any], Any]) -> Operation:
    def operation(run: Evaluation, row: Row) -> Any:
        return function(run.value(row[1]))

    return operation


def _binary(function: Callable[..., Any]) -> Operation:
    def operation(run: Evaluation, row: Row) -> Any:
        value = run.value
        if len(row) == 3:
            return function(run.budget, value(row[1]), value(row[2]))
        return function(run.budget, *map(value, row[1:]))

    return operation


OPERATIONS: Final[dict[str, Operation]] = {
    # the config, turns of loops and what they leave to the next
    "c": lambda run, row: run.config,
    "i": lambda run, row: run.env[row[1]],
    "acc": lambda run, row: run.carried[row[1]],
    "scan": lambda run, row: run.scan(row),
    # attributes, conditions
    ".": _attribute,
    "has": lambda run, row: hasattr(run.value(row[1]), _name(run, row[2])),
    "if": lambda run, row: run.value(row[2] if run.value(row[1]) else row[3]),
    "and": lambda run, row: run.value(row[1]) and run.value(row[2]),
    "or": lambda run, row: run.value(row[1]) or run.value(row[2]),
    "isinst": _is_instance,
    # Python
    **{name: _binary(function) for name, function in OPERATORS.items()},
    "not": _unary(operator.not_),
    "truth": _unary(bool),
    "neg": _unary(operator.neg),
    "pos": _unary(operator.pos),
    "inv": _unary(operator.invert),
    "call": _call,
    "str": _method,
    "mcall": _method_of,
    "list": lambda run, row: run.items(row[1:]),
    "tuple": lambda run, row: tuple(run.items(row[1:])),
    "set": lambda run, row: set(run.items(row[1:])),
    "dict": _dict,
    "merge": _merged,
    **dict.fromkeys(("put", "putdef", "updated", "without"), _changed),
    "range": lambda run, row: made_range(run.budget, *run.values(row[1:])),
    "slice": _slice,
    "fmt": _text,
    # what is required: true, or refused
    "ok": _computes,
    "known": _known,
    "bcast": _fits,
    "size": lambda run, row: _is_size(run.value(row[1])),
    "name": lambda run, row: _is_name(run.value(row[1])),
    "padding": _padding,
    "probability": lambda run, row: bool(0 <= run.value(row[1]) <= 1),
    "activation": _activation,
    "parts": _parts_are_configs,
    "generation": _generation,
    "rope": _rope,
    # torch
    "bmax": lambda run, row: max(run.value(row[1]), run.value(row[2])),
    "arange": _arange,
    "linspace": _linspace,
    # other configs and models
    "text": _text_config,
    "config": _make_config,
    "make": _make_of_dict,
    "with": _with,
    "model": lambda run, row: _models(run).attribute(row[1], run.value(row[2]), row[3]),
    "modelhas": lambda run, row: _models(run).has(row[1], run.value(row[2]), row[3]),
}
"""What each operation does with a row."""
