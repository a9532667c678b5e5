"""Rules for norms over the last dimensions, and for norms of weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import simplified
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
)
from loracfg.base.derivation.interpreter.expressions import expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.modules import Arguments, Keywords, argument
from loracfg.base.derivation.interpreter.registry import FUNCTIONS, METHODS
from loracfg.base.derivation.interpreter.shapes import sequence_or_size, shape_of
from loracfg.base.derivation.interpreter.stand_ins import (
    containers,
    norms,
)
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    Choice,
    Instance,
    LibraryRaises,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    Value,
)

_IGNORED: Final = ("device", "dtype")
"""Arguments of layers that affect no shape."""


def _arguments(names: list[str], arguments: Arguments, kw: Keywords) -> dict[str, Value]:
    """Return the arguments of a norm by name.

    Raises:
        LibraryRaises: Some are missing or unknown.
    """
    given = {**dict(zip(names, arguments, strict=False)), **kw}
    if "normalized_shape" not in given or given.keys() - {*names, *_IGNORED}:
        raise LibraryRaises("TypeError", "arguments of a norm")
    return {"eps": 1e-5, "elementwise_affine": True, "bias": True, **given}


def _sizes(machine: Machine, shape: Value) -> tuple[Value, ...]:
    """Return the sizes of the last dimensions.

    Raises:
        LibraryRaises: It is not a shape.
        NotFollowed: It may be of several kinds.
    """
    if isinstance(shape, Choice):
        shape = machine.lift(shape, lambda one: one)
    if isinstance(shape, Choice):
        raise NotFollowed("a shape is a choice")
    if isinstance(shape, Symbol):
        shape = sequence_or_size(machine, shape)
    if isinstance(shape, (list, tuple)):
        return tuple(shape)
    if isinstance(shape, Symbol):
        machine.require(expression("isinst", shape.expression, "int"))
    elif not isinstance(shape, int):
        raise LibraryRaises("TypeError", "the shape of a norm")
    return (shape,)


def _make_norm(*, has_bias: bool) -> Callable[[Machine, Instance, Arguments, Keywords], None]:
    """Return the rule for the constructor of a norm over the last dimensions."""
    names = ["normalized_shape", "eps", "elementwise_affine", *(["bias"] if has_bias else [])]

    def make(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
        given = _arguments(names, arguments, kw)
        sizes = _sizes(machine, given["normalized_shape"])
        owner.attributes["normalized_shape"] = sizes
        owner.attributes["eps"] = given["eps"]

        def with_weight() -> None:
            found = shape_of(machine, list(sizes))
            machine.set_attribute(owner, "weight", SymbolicTensor(found, "parameter"))
            if has_bias:
                machine.branch(machine.truth(given["bias"]), with_bias, without_bias)

        def with_bias() -> None:
            machine.set_attribute(owner, "bias", SymbolicTensor(sizes, "parameter"))

        def without_bias() -> None:
            machine.put(owner.attributes, "bias", None)

        def without() -> None:
            machine.put(owner.attributes, "weight", None)
            machine.put(owner.attributes, "bias", None)

        machine.branch(machine.truth(given["elementwise_affine"]), with_weight, without)

    return make


def _normed(
    machine: Machine, arguments: Arguments, kw: Keywords
) -> tuple[Instance, str, SymbolicTensor, tuple[Value, ...]]:
    """Return a module, the name of its weight that gets a norm, the weight and the norm's shape."""
    owner = arguments[0]
    name: Any = argument(arguments, kw, 1, "name", "weight")
    dim: Any = argument(arguments, kw, 2, "dim", 0)
    if not isinstance(owner, Instance):
        raise NotFollowed("weight norm of a choice")
    machine.refuse_other_loop(owner)
    weight = owner.attributes.get(name)
    if not isinstance(weight, SymbolicTensor) or weight.shape is None or isinstance(dim, Symbol):
        raise NotFollowed("weight norm")
    shape: tuple[Value, ...] = ()
    if dim is not None and dim != -1:
        kept = dim % len(weight.shape)
        shape = tuple(size if n == kept else 1 for n, size in enumerate(weight.shape))
        machine.require(simplified("<", 0, as_expression(weight.shape[kept])))
    machine.put(owner.attributes, name, MISSING)
    machine.put(owner.registered, name, MISSING)
    return owner, name, weight, shape


def _weight_norm(machine: Machine, arguments: Arguments, kw: Keywords) -> Value:
    owner, name, weight, shape = _normed(machine, arguments, kw)
    if f"{name}_g" in owner.registered:
        raise LibraryRaises("RuntimeError", "two weight norms")
    machine.set_attribute(owner, f"{name}_g", SymbolicTensor(shape, "parameter"))
    machine.set_attribute(owner, f"{name}_v", SymbolicTensor(weight.shape, "parameter"))
    machine.put(owner.attributes, name, SymbolicTensor(weight.shape))
    return owner


def _parametrized_weight_norm(machine: Machine, arguments: Arguments, kw: Keywords) -> Value:
    owner, name, weight, shape = _normed(machine, arguments, kw)
    if "parametrizations" in owner.registered:
        raise NotFollowed("two weight norms")
    machine.put(owner.special, "class_name", f"Parametrized{owner.cls.__name__}")
    by_name = machine.make_instance(containers.ModuleDict)
    one = machine.make_instance(norms.ParametrizationList)
    norm = machine.make_instance(norms._WeightNorm)
    assert one.children is not None
    one.children.append(norm)
    machine.set_attribute(one, "original0", SymbolicTensor(shape, "parameter"))
    machine.set_attribute(one, "original1", SymbolicTensor(weight.shape, "parameter"))
    machine.put(by_name.attributes, name, one)
    machine.put(by_name.registered, name, "module")
    machine.set_attribute(owner, "parametrizations", by_name)
    machine.put(owner.attributes, name, SymbolicTensor(weight.shape))
    return owner


METHODS[norms.LayerNorm, "__init__"] = _make_norm(has_bias=True)
METHODS[norms.RMSNorm, "__init__"] = _make_norm(has_bias=False)
FUNCTIONS[norms.weight_norm] = _weight_norm
FUNCTIONS[norms.parametrized_weight_norm] = _parametrized_weight_norm
