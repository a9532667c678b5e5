"""The parts of a program as data: what the facts about a model type are once they are read.

They are JSON. What stands at which place of a list is decided by the word that it begins with, so
the types of lists say no more than what they stand for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Row: TypeAlias = list[Any]
"""`[operation, operand, ...]`."""
Operand: TypeAlias = "int | list[Any]"
"""The number of a row, or a constant in a list of one; among conditions also a loop."""
Choice: TypeAlias = "str | int | bool | list[Any] | None"
"""A name, a number of a node or a place, or `["if", condition, yes, no]` between such."""
Loop: TypeAlias = list[Any]
"""`["for", variable, count, [child, ...]]`."""
Check: TypeAlias = list[Any]
"""`[conditions, what must have a value, what must be true]`."""
Term: TypeAlias = list[Any]
"""What an attribute of a config becomes: `["v", operand]`, a word, or an `if` between such."""
Assignment: TypeAlias = list[Any]
"""`[name, term]`, or `[part, name, term]` for an attribute of a part of a config."""
ConfigCheck: TypeAlias = list[Any]
"""`[conditions, operand]`: what a config class requires."""
FieldRecord: TypeAlias = list[Any]
"""A field of a config class: its type, default and checks."""
Node: TypeAlias = dict[str, Any]
"""A module of a tree: its class, sizes and children."""
Section: TypeAlias = dict[str, Any]
"""What is known of a model class, or what a config class computes."""
ConfigRecord: TypeAlias = dict[str, Any]
"""What is known of a config class."""
IndexData: TypeAlias = Mapping[str, Any]
"""What holds for all model types of a layout, by section."""
ProgramData: TypeAlias = dict[str, Any]
"""A program: its rows, nodes, checks, model classes and config classes."""
