"""The parts of a program as data: what the facts about a model type are once they are read.

They are JSON. In many lists the first word decides what the other places hold, which no type of
Python can express. Such lists are lists of JSON here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, Protocol, TypeAlias, TypedDict, overload

from loracfg.document.json_value import Json

Operand: TypeAlias = Json
"""The number of a row, or a constant in a list of one; among conditions also a loop."""
Row: TypeAlias = "list[Json]"
"""`[operation, operand, ...]`."""
Choice: TypeAlias = Json
"""A name, a number of a node or a place, or `["if", condition, yes, no]` between such."""
Loop: TypeAlias = "list[Json]"
"""`["for", variable, count, [child, ...]]`."""
Check: TypeAlias = "list[list[Json]]"
"""`[conditions, what must have a value, what must be true]`."""
Term: TypeAlias = "list[Json]"
"""What an attribute of a config becomes: `["v", operand]`, a word, or an `if` between such."""
Assignment: TypeAlias = "list[Json]"
"""`[name, term]`, or `[part, name, term]` for an attribute of a part of a config."""
ConfigCheck: TypeAlias = "list[Json]"
"""`[conditions, operand]`: what a config class requires."""
FieldRecord: TypeAlias = "list[Json]"
"""A field of a config class: its type, default and checks."""
Node: TypeAlias = "dict[str, Json]"
"""A module of a tree: its class, sizes and children."""

Activation: TypeAlias = "tuple[str, str, dict[str, list[int]], dict[str, list[int]]]"
"""A module of an activation: its path, class, parameters and buffers."""
_Text: TypeAlias = Literal["library", "types", "classes", "configs", "automatic", "declined"]

ModelRecord = TypedDict(
    "ModelRecord",
    {
        "root": int,
        "in": Choice,
        "out": Choice,
        "checks": list[int],
        "exports": "NotRequired[dict[str, Operand]]",
        "tied": "NotRequired[Json]",
    },
)
"""What is known of a model class: its module, embeddings, and the checks by their numbers."""


class Computation(TypedDict, total=False):
    """What a method of a config class computes."""

    exprs: list[Row]
    args: dict[str, Json]
    pre: list[Assignment]
    kw: list[Assignment]
    checks: list[ConfigCheck]
    nested0: list[Assignment]
    post: list[Assignment]
    checks2: list[ConfigCheck]
    nested: list[Assignment]
    sets: list[Assignment]
    value: Term
    base: list[str]
    late: list[list[str]] | None
    only: list[str] | None
    closed: int
    labels: Json
    no: str
    first: list[str]
    then: list[str]
    made_as: str
    held: Json


class ConfigRecord(TypedDict, total=False):
    """What is known of a config class."""

    bases: list[str]
    loose: Json
    from_dict: Json
    to_dict: Json
    through: str | dict[str, list[str]] | None
    consts: dict[str, Json]
    fields: dict[str, FieldRecord]
    names: dict[str, str]
    parts: dict[str, list[Json]]
    rope: dict[str, Json]
    does: dict[str, Computation]


class ProgramData(TypedDict):
    """A program: its rows, nodes, checks, model classes and config classes."""

    exprs: list[Row]
    nodes: list[Node]
    checks: list[Check]
    classes: dict[str, ModelRecord]
    configs: NotRequired[dict[str, ConfigRecord]]
    programs: NotRequired[Json]
    free: NotRequired[list[int]]
    used: NotRequired[Json]


class IndexData(Protocol):
    """What holds for all model types of a layout, by section."""

    @overload
    def __getitem__(self, section: _Text, /) -> str: ...
    @overload
    def __getitem__(self, section: Literal["mappings", "tasks"], /) -> dict[str, str]: ...
    @overload
    def __getitem__(
        self, section: Literal["generation"], /
    ) -> Sequence[str] | dict[str, object]: ...
    @overload
    def __getitem__(self, section: Literal["base_fields"], /) -> dict[str, FieldRecord]: ...
    @overload
    def __getitem__(self, section: Literal["activations"], /) -> dict[str, list[Row]]: ...
    @overload
    def __getitem__(self, section: Literal["renames"], /) -> dict[str, list[list[str]]]: ...
