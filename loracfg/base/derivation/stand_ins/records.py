"""Stands in for `dataclasses` in config classes, without generating code for each class."""

from __future__ import annotations

import inspect as _inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar, Final, Protocol, get_origin


class _Missing:
    """The class of `MISSING`, the default of fields without one."""


MISSING: Final = _Missing()


class Field:
    """A field of a class: name, type, default and metadata."""

    __slots__ = ("default", "default_factory", "metadata", "name", "type")

    def __init__(
        self, default: Any = MISSING, default_factory: Any = MISSING, metadata: Any = None
    ) -> None:
        self.name = ""
        self.type: Any = None
        self.default = default
        self.default_factory = default_factory
        self.metadata: dict[str, Any] = metadata or {}


def field(
    *,
    default: object = MISSING,
    default_factory: object = MISSING,
    metadata: dict[str, object] | None = None,
    **_: object,
) -> Field:
    """Return a field with more than a default."""
    return Field(default, default_factory, metadata)


class _Record(Protocol):
    """A class with fields, or its instance."""

    __dataclass_fields__: dict[str, Field]


def fields(record: _Record) -> tuple[Field, ...]:
    """Return the fields of a class or instance, those of its bases first."""
    return tuple(record.__dataclass_fields__.values())


def dataclass(cls: type | None = None, **_: object) -> object:
    """Find the fields of a class, and add a constructor that sets them if it has none."""
    return dataclass if cls is None else _with_fields(cls)


def _with_fields(cls: Any) -> Any:
    found: dict[str, Field] = {}
    for base in reversed(cls.__mro__[1:]):
        found |= base.__dict__.get("__dataclass_fields__", {})
    own = cls.__dict__
    for name, kind in own.get("__annotations__", {}).items():
        if _is_of_class(kind):
            continue
        one = own.get(name, MISSING)
        over = getattr(one, "default", MISSING) if isinstance(one, property) else one
        if over is not one:  # an alias hides the field
            one = Field(over)
        elif not isinstance(one, Field):
            one = Field(one)
        elif one.default is not MISSING:
            setattr(cls, name, one.default)
        else:
            delattr(cls, name)
        one.name, one.type = name, kind
        found[name] = one
    cls.__dataclass_fields__ = found
    if "__init__" not in own:
        cls.__init__ = _constructor(cls)
    return cls


def _is_of_class(kind: Any) -> bool:
    if isinstance(kind, str):
        return kind.startswith(("ClassVar", "typing.ClassVar"))
    return kind is ClassVar or get_origin(kind) is ClassVar


def _constructor(cls: Any) -> Any:
    def __init__(self: Any, *arguments: Any, **keywords: Any) -> None:
        known = fields(cls)
        if len(arguments) > len(known):
            raise TypeError(f"{cls.__name__} takes {len(known)} arguments")
        given = {one.name: value for one, value in zip(known, arguments, strict=False)}
        if given.keys() & keywords.keys() or keywords.keys() - {one.name for one in known}:
            raise TypeError(f"{cls.__name__} got arguments that it does not take")
        given |= keywords
        for one in known:
            if one.name in given:
                value = given[one.name]
            elif one.default is not MISSING:
                value = one.default
            elif one.default_factory is not MISSING:
                value = one.default_factory()
            else:
                raise TypeError(f"{cls.__name__} needs {one.name}")
            setattr(self, one.name, value)
        if hasattr(self, "__post_init__"):
            self.__post_init__()

    __init__.fields_of = cls  # type: ignore[attr-defined]
    return __init__


class inspect:  # noqa: N801
    """The module `inspect`; the parameters of a config class are its fields."""

    @staticmethod
    def signature(function: Callable[..., object]) -> SimpleNamespace | _inspect.Signature:
        """Return an object that has `parameters` by name."""
        at: Any = function
        while at is not None:
            cls = getattr(at, "fields_of", None)
            if cls is not None:
                return SimpleNamespace(parameters={"self": None, **cls.__dataclass_fields__})
            at = getattr(at, "__wrapped__", None)
        return _inspect.signature(function)


STANDS_FOR: Final = ("MISSING",)
"""Names that transcripts import from here besides classes and functions."""
