"""Checks the weights that models of transformers 4 tie in their own method, `_tie_weights`.

If it ties weights of different shapes, the final shape depends on the order of all ties. Configs
for which this happens are declined.
"""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import simplified
from loracfg.base.derivation.interpreter.conversion import as_expression
from loracfg.base.derivation.interpreter.expressions import Operand, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import METHODS
from loracfg.base.derivation.interpreter.stand_ins import models
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    InnerModel,
    Instance,
    ModelPart,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    Value,
)

_METHOD: Final = "_tie_weights"
_LISTED: Final = "_tied_weights_keys"
_SHARING: Final = ("t5", "mt5", "umt5")
"""Model types whose encoder and decoder use the shared embedding itself, not an equal one."""


def require_equal_shapes(machine: Machine, inputs: Value, outputs: Value) -> None:
    """Require that the ties of `_tie_weights` change no shapes.

    Args:
        machine: the interpreter, after the constructor.
        inputs: the input embeddings, which the library ties to the output embeddings first.
        outputs: the output embeddings.

    Raises:
        NotFollowed: there is no rule for a tie.
    """
    tying = [one for one in machine.instances() if machine.find(one.cls, _METHOD)]
    for instance in tying:
        _require_shapes_kept(machine, instance)
    given, taken = _weight(inputs), _weight(outputs)
    if tying and given is not None and taken is not None:
        _require_same(machine, given, taken)


def _require_shapes_kept(machine: Machine, instance: Instance) -> None:
    """Interpret the method of an instance, check its changes, and undo them."""
    length = len(machine.path)
    for loop in instance.loops:
        machine.path.add(loop)
    machine.begin_journal()
    try:
        machine.call(machine.get_attribute(instance, _METHOD), [], {})
    finally:
        changes = machine.end_journal()
    for container, key, after in changes.values():
        before = MISSING if isinstance(container, list) else container.get(key, MISSING)
        if key != _LISTED:
            _require_kept(machine, key, before, after)
    machine.path.cut(length)


def _require_kept(machine: Machine, key: Value, before: Value, after: Value) -> None:
    """Require that a method sets an attribute to its value, or a parameter of the same shape."""
    for condition, leaf in machine.leaves(after):
        if leaf is before or isinstance(leaf, str):  # a kind of registration
            continue
        if isinstance(leaf, ModelPart) and key == "embed_tokens" and leaf.name == "shared":
            _require_sharing(machine, condition, leaf)
        else:
            _require_same(machine, before, leaf, condition)


def _require_sharing(machine: Machine, condition: Operand, shared: ModelPart) -> None:
    """Require that the encoder and decoder of an inner model already use its embedding."""
    if not isinstance(shared.owner, InnerModel):
        raise NotFollowed("parts of a model inside that are tied")
    model_type = machine.get_attribute(Symbol(shared.owner.config), "model_type")
    _require(machine, condition, machine.truth(machine.compare("in", model_type, _SHARING)))


def _require_same(machine: Machine, before: Any, after: Any, condition: Operand = True) -> None:
    """Require that two tensors have the same shape if a condition holds."""
    one: Any
    other: Any
    for _, one in machine.leaves(before):
        for _, other in machine.leaves(after):
            known = isinstance(one, SymbolicTensor) and isinstance(other, SymbolicTensor)
            if not known or one.shape is None or other.shape is None:
                raise NotFollowed("parameters that are tied")
            if len(one.shape) != len(other.shape):
                raise NotFollowed("parameters that are tied")
            for size, new in zip(one.shape, other.shape, strict=True):
                is_same = simplified("==", as_expression(size), as_expression(new))
                _require(machine, condition, is_same)


def _require(machine: Machine, condition: Operand, requirement: Operand) -> None:
    if requirement is not True:
        machine.branch(
            condition, lambda: machine.require(expression("known", requirement)), lambda: None
        )


def _weight(embedding: Any) -> Value:
    """Return the weight of an embedding; None if it has none or is in an inner model."""
    is_own = isinstance(embedding, Instance) and not isinstance(embedding, ModelPart)
    return embedding.attributes.get("weight") if is_own else None


def _tie(machine: Machine, _: Instance, arguments: list[Value], __: dict[str, Value]) -> None:
    """Tie the weights of two modules, like `_tie_or_clone_weights`."""
    outputs, inputs = (machine.get_attribute(one, "weight") for one in arguments)
    _require_same(machine, outputs, inputs)


METHODS[models.PreTrained, "_tie_or_clone_weights"] = _tie
