"""Stands in for the strict dataclasses of huggingface_hub, which check types when they are set."""

from __future__ import annotations

import collections.abc
import functools
import types
from collections.abc import Callable
from typing import Any, Final, Literal, Union, get_args, get_origin

from loracfg.base.derivation.stand_ins.models import RopeParameters
from loracfg.base.derivation.stand_ins.records import MISSING, Field, field, fields


class StrictError(ValueError):
    """A value that a config class rejects."""


def strict(cls: type | None = None, **_: object) -> object:
    """Add type checks and validators to a config class (huggingface_hub `dataclasses.py`)."""
    return strict if cls is None else _checked(cls)


def _checked(cls: Any) -> Any:
    all_fields = fields(cls)
    cls.__validators__ = {
        one.name: (one.type, _as_list(one.metadata.get("validator"))) for one in all_fields
    }
    cls.__plain__ = {
        name: _exact(kind)
        for name, (kind, more) in cls.__validators__.items()
        if not more and not isinstance(getattr(cls, name, None), property)
    }
    if "_strict_setattr" not in vars(cls) and not hasattr(cls, "_strict_setattr"):
        original = cls.__setattr__

        def __setattr__(self: Any, name: str, value: Any) -> None:
            cls = type(self)
            if type(value) in cls.__plain__.get(name, ()):  # most are
                own = self.__dict__
                if own.get(name, own) is not value:
                    own[name] = value
                return
            validator = cls.__validators__.get(name)
            if validator is not None:
                check(name, value, validator[0])
                for one in validator[1]:
                    one(value)
            original(self, name, value)

        cls.__setattr__ = __setattr__
        cls._strict_setattr = True
    validators = [n for n in dir(cls) if n.startswith("validate_") and callable(getattr(cls, n))]

    def validate(self: Any) -> None:
        for name in validators:
            getattr(cls, name)(self)

    cls.validate = validate
    initial = cls.__init__

    @functools.wraps(initial)
    def __init__(self: Any, *arguments: Any, **keywords: Any) -> None:
        initial(self, *arguments, **keywords)
        validate(self)

    cls.__init__ = __init__
    return cls


def _exact(kind: Any) -> frozenset[type]:
    """Return the types whose direct instances fit an annotation, whatever their content."""
    if kind in (int, float, str, bool, list, dict):
        return frozenset((kind,))
    if kind in (None, type(None)):
        return frozenset((type(None),))
    if get_origin(kind) in (Union, types.UnionType):
        return frozenset().union(*map(_exact, get_args(kind)))
    return frozenset()


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def check(name: str, value: object, expected: object) -> None:
    """Raise `TypeError` if a value is not of a type, like `type_validator`."""
    if not _fits(value, expected):
        raise TypeError(f"`{name}` is {type(value).__name__}")


def _fits(value: Any, expected: Any) -> bool:
    if expected is Any or isinstance(expected, str) or type(expected).__name__ == "ForwardRef":
        return True
    if expected is None:
        return value is None
    known = _CHECKS.get(get_origin(expected))
    if known is not None:
        return bool(known(value, get_args(expected)))
    if expected is RopeParameters:
        return False
    if isinstance(expected, type):
        return isinstance(value, expected) and not (expected is int and isinstance(value, bool))
    raise TypeError(f"unsupported type {expected}")


def _union(value: Any, args: tuple[Any, ...]) -> bool:
    return any(_fits(value, one) for one in args)


def _literal(value: Any, args: tuple[Any, ...]) -> bool:
    if isinstance(value, bool):
        return value in [one for one in args if isinstance(one, bool)]
    if isinstance(value, int):
        return value in [o for o in args if isinstance(o, int) and not isinstance(o, bool)]
    return value in args


def _listed(value: Any, args: tuple[Any, ...]) -> bool:
    return isinstance(value, list) and (not args or all(_fits(one, args[0]) for one in value))


def _dict(value: Any, args: tuple[Any, ...]) -> bool:
    if not isinstance(value, dict):
        return False
    return not args or all(_fits(k, args[0]) and _fits(v, args[1]) for k, v in value.items())


def _tuple(value: Any, args: tuple[Any, ...]) -> bool:
    if not isinstance(value, tuple):
        return False
    if len(args) == 2 and args[1] is Ellipsis:
        return all(_fits(one, args[0]) for one in value)
    return len(args) == len(value) and all(map(_fits, value, args))


def _set(value: Any, args: tuple[Any, ...]) -> bool:
    return isinstance(value, set) and (not args or all(_fits(one, args[0]) for one in value))


def _sequence(value: Any, args: tuple[Any, ...]) -> bool:
    if not isinstance(value, collections.abc.Sequence):
        return False
    return not args or all(_fits(one, args[0]) for one in value)


_CHECKS: Final = {
    Union: _union,
    types.UnionType: _union,
    Literal: _literal,
    list: _listed,
    dict: _dict,
    tuple: _tuple,
    set: _set,
    collections.abc.Sequence: _sequence,
}


def as_validated_field(validator: object) -> Callable[..., Field]:
    """Return a function that creates fields with their own check."""

    def make(default: object = MISSING, default_factory: object = MISSING, **more: object) -> Field:
        metadata = {"validator": validator}
        if default_factory is not MISSING:
            return field(default_factory=default_factory, metadata=metadata, **more)
        return field(default=default, metadata=metadata, **more)

    return make
