"""Rules for transformers' machinery around a model: its base class, and inner models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.variants import variant
from loracfg.base.derivation.interpreter.binding import simplified
from loracfg.base.derivation.interpreter.conversion import as_expression, attribute_of_model
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    choose,
    conjunction,
    expression,
    negate,
)
from loracfg.base.derivation.interpreter.inner_models import call_method_of_model
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import FUNCTIONS, METHODS
from loracfg.base.derivation.interpreter.shapes import shape_of
from loracfg.base.derivation.interpreter.stand_ins import auto, models
from loracfg.base.derivation.interpreter.values import (
    UNKNOWN,
    AnyModule,
    InnerModel,
    Instance,
    ModelPart,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    Value,
)
from loracfg.base.derivation.source.package import read_index

if TYPE_CHECKING:
    from types import FunctionType


_EMBEDDINGS: Final = ("get_input_embeddings", "get_output_embeddings")
_HARMLESS: Final = frozenset(["to", "eval", "train", "half", "float", "requires_grad_", "bfloat16"])
MODEL_VALUES: Final = frozenset(
    [
        "channels",
        "num_features",
        "hidden_size",
        "main_input_name",
        "dtype",
        "device",
        "num_channels",
        "out_channels",
        "_can_compile_fullgraph",
        "embed_dim",
        "out_features",
        "num_classes",
        "feature_info",
        "_tied_weights_keys",
    ]
)
"""Attributes of inner models that are values, not modules."""
_ONLY_MODULES: Final = ("embed_tokens", "_backbone", "tanh")
"""Attributes that are modules in every model that has them, since facts only list modules."""
_ALWAYS: Final = (*_EMBEDDINGS, "config", "get_encoder", "get_decoder")
_IGNORED: Final = frozenset(
    [
        "attn_implementation",
        "torch_dtype",
        "dtype",
        "trust_remote_code",
        "experts_implementation",
        "allow_all_kernels",
    ]
)
"""Keywords of `from_config` that affect no module."""
VARIANTS: Final = ("add_pooling_layer=False", "remove_vision_encoder=True")
"""Arguments that models pass to inner models; facts have these variants of classes."""
_BACKENDS: Final = frozenset(("torch", "vision", "torchvision", "scipy"))


def changed_config(
    machine: Machine, config: Expression, only: frozenset[str] | None = None
) -> Expression:
    """Return a config with the attributes that the constructor set.

    Args:
        machine: The interpreter.
        config: The config.
        only: The relevant names (default: all).

    Raises:
        NotFollowed: Some attributes are not values.
    """
    found = _changed(machine, config, only)
    assert isinstance(found, Expression)
    return found


def _changed(machine: Machine, operand: Operand, only: frozenset[str] | None = None) -> Operand:
    """Return a config or another value, with the attributes set on it and its parts."""
    if not isinstance(operand, Expression):
        return operand
    if operand[0] == "if":
        return choose(operand[1], *(_changed(machine, one, only) for one in operand[2:]))
    changes = machine.overlay.get(operand, {})
    parts = [one[2] for one in machine.overlay if one[0] == "." and one[1] is operand]
    if not all(isinstance(name, str) for name in parts):
        raise NotFollowed("a part of a config with a computed name")
    config = operand
    while config[0] == "copy":
        config = config[2]  # type: ignore[assignment]
    pairs: list[Operand] = []
    for name in dict.fromkeys((*changes, *map(str, parts))):
        if only is not None and name not in only:
            continue
        before = expression(".", config, name)
        now = as_expression(changes[name]) if name in changes else expression(".", operand, name)
        now = _changed(machine, now)
        if now is not before and now is not expression(".", operand, name):
            pairs += (name, now)
    return expression("with", config, *pairs) if pairs else config


class Models(Machine):
    """Interprets inner models, which a config selects by its type."""

    def make_model(self, mapping: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Return the model that an `AutoModel` creates from a config."""
        given = [f"{k}={v!r}" for k, v in keywords.items() if k not in (*_IGNORED, "config")]
        if len(arguments) > 1 or (given and ", ".join(given) not in VARIANTS):
            raise NotFollowed("AutoModel with more arguments")
        config = arguments[0] if arguments else keywords.get("config")
        wanted = variant(mapping, ", ".join(given))
        return self.lift(config, lambda one: self._make_of_config(wanted, one))

    def _make_of_config(self, mapping: str, config: Value) -> Value:
        if not isinstance(config, Symbol):
            raise NotFollowed("AutoModel of no config")
        operand = changed_config(self, config.expression)
        self.require(expression("ok", operand))
        made = InnerModel(mapping, operand, self.next_serial(), self.path.loops())
        for container in (made.attributes, made.registered, made.special):
            self.note_made(container)
        return made

    def get_model_attribute(self, owner: InnerModel, name: Value) -> Value:
        """Return an attribute of an inner model."""
        if name == "config":
            held = owner.special.get("config", Symbol(owner.config))
            if not isinstance(held, Symbol):
                raise NotFollowed("a config that some branches set")
            return held
        if name == "__class__":
            raise NotFollowed("the class of another model")
        if not isinstance(name, str):
            raise NotFollowed("a computed attribute of another model")
        if name in MODEL_VALUES:
            return Symbol(expression("model", owner.mapping, owner.config, name))
        return ModelPart(owner, name, self.next_serial(), self.path.loops())

    def get_part_attribute(self, owner: ModelPart, name: Value) -> Value:
        """Return an attribute of a part of an inner model."""
        if not isinstance(name, str):
            raise NotFollowed("a computed attribute of another model")
        return ModelPart(owner, name, self.next_serial(), self.path.loops())

    def call_part(
        self, part: ModelPart, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a method of an inner model."""
        if part.name.startswith("get_") and not arguments and not keywords:
            return part
        if part.name in _HARMLESS:
            return part.owner
        if part.name in ("parameters", "named_parameters"):  # they are only frozen
            return []
        if part.name == "modules" and not arguments and not keywords:
            return [AnyModule()]
        return call_method_of_model(self, part, arguments, keywords)

    def model_has(self, owner: InnerModel | ModelPart, name: Value) -> Value:
        """Return whether an inner model, or a part of it, has an attribute."""
        if name in _ALWAYS and isinstance(owner, InnerModel):
            return True
        if not isinstance(name, str):
            raise NotFollowed("a computed attribute of another model")
        if name not in _ONLY_MODULES:
            raise NotFollowed("whether another model has an attribute")
        if isinstance(owner, ModelPart):
            part: Any = self.get_part_attribute(owner, name)
            whole = attribute_of_model(part)
            return Symbol(expression("modelhas", *whole[1:]))
        return Symbol(expression("modelhas", owner.mapping, owner.config, name))


def freeze_batch_norms(machine: Machine, function: FunctionType, arguments: list[Value]) -> bool:
    """Record that the batch norms of an inner model are replaced; return whether they are.

    Each model of the DETR family has its own function and class for this.
    """
    if function.__name__ != "replace_batch_norm":
        return False
    (name,) = (name for name in function.__globals__ if name.endswith("FrozenBatchNorm2d"))
    for _, model in machine.leaves(arguments[0]):
        if not isinstance(model, InnerModel):
            return False
        machine.put(model.special, "batch_norms", name)
    return True


def sinusoid_table(machine: Machine, positions: Value, size: Value) -> SymbolicTensor:
    """Return a table of sines and cosines with a row for each position."""
    shape = shape_of(machine, [1, positions, size])
    machine.require(simplified("<", 0, as_expression(positions)))
    return SymbolicTensor(shape)


def _make_pretrained(
    machine: Any, owner: Instance, arguments: list[Value], keywords: dict[str, Value]
) -> None:
    config = arguments[0] if arguments else keywords.get("config")
    if isinstance(config, Symbol):
        machine.require(expression("parts", config.expression))
        if hasattr(owner.cls, "tie_embeddings_and_encoder_decoder"):  # transformers 4
            _refuse_tied_parts(machine, config)
        if read_index(machine.package).generates(owner.cls):
            _check_generation(machine, [config], {})
    machine.set_attribute(owner, "config", config)
    owner.attributes["name_or_path"] = ""
    owner.attributes["generation_config"] = UNKNOWN


def _finish(machine: Any, owner: Instance, _: list[Value], __: dict[str, Value]) -> None:
    """Make the checks of `post_init` that depend on a config."""
    config = owner.attributes.get("config")
    if not isinstance(config, Symbol):
        return
    if owner.cls.supports_gradient_checkpointing:  # type: ignore[attr-defined]
        wanted = machine.call_builtin(getattr, [config, _CHECKPOINTING, False], {})
        condition = machine.truth(wanted)
        has_any = any(
            _CHECKPOINTING in one.attributes or hasattr(one.cls, _CHECKPOINTING)
            for one in machine.instances()
        )
        if condition is not False and not has_any:
            machine.require(negate(condition))
    if hasattr(owner.cls, "tie_embeddings_and_encoder_decoder"):  # transformers 4
        pruned = machine.truth(machine.get_attribute(config, "pruned_heads"))
        if pruned is not False:
            machine.require(expression("known", negate(pruned)))


_CHECKPOINTING: Final = "gradient_checkpointing"
_OF_GENERATION: Final = frozenset(
    (
        *("early_stopping", "max_new_tokens", "pad_token_id", "cache_implementation"),
        *("compile_config", "watermarking_config", "num_return_sequences", "num_beams"),
        *("do_sample", "assistant_ensemble_weight", "suppress_tokens", "forced_bos_token_id"),
        *("forced_eos_token_id", "force_bos_token_to_be_generated"),
    )
)
"""The attributes of configs that models with generation check."""


def _check_generation(machine: Any, arguments: list[Value], _: dict[str, Value]) -> Value:
    """Require that a config's settings for generation are valid, if they are read."""
    (config,) = arguments
    if not isinstance(config, Symbol):
        raise NotFollowed("settings for generation of no config")
    settings = changed_config(machine, config.expression, _OF_GENERATION)
    machine.require(expression("generation", settings))
    return UNKNOWN


def _refuse_tied_parts(machine: Any, config: Symbol) -> None:
    """Decline configs that tie the encoder to the decoder in transformers 4."""
    names = ("is_encoder_decoder", "tie_encoder_decoder")
    both = (machine.call_builtin(getattr, [config, name, False], {}) for name in names)
    first, second = map(machine.truth, both)
    is_tied = conjunction(first, second)
    if is_tied is not False:
        machine.require(expression("known", negate(is_tied)))


def _nothing(_: Any, __: Value, ___: list[Value], ____: dict[str, Value]) -> None:
    return None


def _from_config(
    machine: Any, cls: type, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    kept = {name: value for name, value in keywords.items() if name not in _IGNORED}
    return machine.instantiate(cls, arguments[:1], kept)


def _require_backends(_: Any, arguments: list[Any], __: dict[str, Any]) -> None:
    wanted = [arguments[1]] if isinstance(arguments[1], str) else arguments[1]
    if set(wanted) - _BACKENDS:
        raise NotFollowed("another library")


METHODS.update(
    {
        (models.PreTrained, "__init__"): _make_pretrained,
        (models.PreTrained, "post_init"): _finish,
        (models.PreTrained, "init_weights"): _nothing,
        (models.PreTrained, "_from_config"): _from_config,
        (models.PreTrained, "from_config"): _from_config,
    }
)
FUNCTIONS.update(
    {
        auto.generation_settings: _check_generation,
        models.requires_backends: _require_backends,
    }
)
