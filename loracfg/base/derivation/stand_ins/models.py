"""Stands in for transformers' machinery around a model: base class, decorators, registries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar, Final, TypeVar

from loracfg.base.derivation.source.package import load, read_index
from loracfg.base.derivation.stand_ins.module import Module
from loracfg.base.derivation.stand_ins.records import MISSING
from loracfg.base.derivation.stand_ins.tensors import META
from loracfg.base.derivation.stand_ins.unknown import UndeterminedError, Unknown

_Function = TypeVar("_Function")


class GenerationMixin:
    """The mixin of classes that generate; it registers nothing."""


class GradientCheckpointingLayer(Module):
    """A layer whose activations may be computed again."""

    gradient_checkpointing = False


class Alias(property):
    """An alias of a config attribute (`attribute_map`), with the field that it hides."""

    default: Any = MISSING


def alias_of(target: str, default: object) -> Alias:
    """Return an alias of an attribute."""
    made = Alias(
        lambda self: getattr(self, target), lambda self, value: setattr(self, target, value)
    )
    made.default = default
    return made


class PushToHubMixin:
    """The base of every config; its aliases are properties here.

    The libraries look up each attribute in `attribute_map` and, in configs with a part for each
    layer, among the differences between layers. Only the latter still use that lookup.
    """

    _reading: ClassVar[Any] = None
    attribute_map: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        own = cls.__dict__
        if PushToHubMixin in cls.__bases__ and "__getattribute__" in own:
            cls._reading = own["__getattribute__"]
            cls.__getattribute__ = object.__getattribute__  # type: ignore[method-assign]
        if isinstance(cls.attribute_map, dict):
            for name, target in cls.attribute_map.items():
                if name == target:
                    continue
                setattr(cls, name, alias_of(target, own.get(name, MISSING)))

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__
        if own.get(name, own) is not value:
            super().__setattr__(name, value)
            if name == "_heterogeneity_spec":
                own_class: Any = type(self)
                super().__setattr__("__class__", read_by_layer(own_class))


@cache
def read_by_layer(cls: type[PushToHubMixin]) -> type:
    """Return a class of configs that refuse to return attributes that differ between layers."""
    own = {"__module__": cls.__module__, "_reading": None, "__getattribute__": cls._reading}
    return type(cls.__name__, (cls,), own)


class RopeParameters:
    """A dict of the parameters of rotary positions; as a type, it has no instances."""


class _ConfigClass:
    """The config class of a model class, from the index of the transcript."""

    def __get__(self, model: Any, cls: Any) -> Any:
        package = cls.__module__.rpartition(".")[0]
        name = read_index(package).takes.get(cls.__name__)
        return None if name is None else load(package, name)


class PreTrained(Module):
    """The members of `PreTrainedModel` that are not transcribed.

    Rules of the interpreter define its methods (`interpreter/library_rules.py`).
    """

    config_class = _ConfigClass()
    main_input_name = "input_ids"
    supports_gradient_checkpointing = False
    _can_compile_fullgraph = False
    _keep_in_fp32_modules: Any = None
    _keep_in_fp32_modules_strict: Any = None
    _no_split_modules: Any = None

    def __init__(self, config: Any, *_: Any, **__: Any) -> None:
        """Take the config."""

    @classmethod
    def _from_config(cls, config: Any, **_: Any) -> Any:
        """Create a model from a config."""

    from_config = _from_config

    def post_init(self) -> None:
        """Make the library's checks of a whole model; weights are tied later."""

    def _tie_or_clone_weights(self, outputs: Any, inputs: Any) -> None:
        """Tie weights, like models of transformers 4."""

    def init_weights(self) -> None:
        """Do nothing: weights have no values here."""

    def can_generate(self) -> bool:
        """Return false."""
        return False

    dtype = property(lambda self: Unknown("the dtype"))
    device = property(lambda self: META)


def use_experts_implementation(
    experts_class: type | None = None, *, is_transposed: bool = False, **_: object
) -> object:
    """Record on a stack of experts whether it is transposed."""

    def wrap(cls: Any) -> Any:
        original = cls.__init__

        def __init__(self: Any, config: Any, *arguments: Any, **keywords: Any) -> None:
            original(self, config, *arguments, **keywords)
            self.config = config
            self.is_transposed = is_transposed

        cls.__init__ = __init__
        return cls

    return wrap if experts_class is None else wrap(experts_class)


class ABC:
    """The class `abc.ABC`; abstract methods are ordinary ones here."""


def abstractmethod(function: _Function) -> _Function:
    """Return a method unchanged."""
    return function


class abc:  # noqa: N801
    """The module `abc`."""

    ABC, abstractmethod = ABC, staticmethod(abstractmethod)
    ABCMeta = type


def requires_backends(_: object, backends: str | Iterable[str]) -> None:
    """Raise if a class needs a library that is not installed."""
    if {*([backends] if isinstance(backends, str) else backends)} - {
        "torch",
        "vision",
        "torchvision",
        "scipy",
    }:
        raise UndeterminedError(f"it needs {backends}")


class _Logger:
    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


class logging:  # noqa: N801
    """`transformers.utils.logging`."""

    @staticmethod
    def get_logger(*_: object) -> _Logger:
        return logger


logger = _Logger()
warnings = _Logger()


class Function:
    """A function with its own gradient."""

    @staticmethod
    def apply(*_: object) -> Unknown:
        """Compute it."""
        return Unknown("what a function computes")


STANDS_FOR: Final = ("logger", "warnings")
"""Names that transcripts import from here besides classes and functions."""
