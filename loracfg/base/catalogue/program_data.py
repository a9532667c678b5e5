"""The types of the facts about a model type after they are parsed.

They are JSON. In many lists, the first word determines the types of the other items, which Python's
types cannot express. These lists are lists of JSON here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, Protocol, TypeAlias, TypedDict, overload

from loracfg.document.json_value import Json

Operand: TypeAlias = Json
"""The number of a row, or a list with one constant; as a condition, also a loop."""
Row: TypeAlias = "list[Json]"
"""`[operation, operand, ...]`."""
Choice: TypeAlias = Json
"""A name, the number of a node, a place, or `["if", condition, yes, no]` between these."""
Loop: TypeAlias = "list[Json]"
"""`["for", variable, count, [child, ...]]`."""
Check: TypeAlias = "list[list[Json]]"
"""`[conditions, operands that must have a value, operands that must be true]`."""
Term: TypeAlias = "list[Json]"
"""The new value of a config's attribute: `["v", operand]`, a word, or an `if` between these."""
Assignment: TypeAlias = "list[Json]"
"""`[name, term]`, or `[part, name, term]` for an attribute of a part of a config."""
ConfigCheck: TypeAlias = "list[Json]"
"""A requirement of a config class: `[conditions, operand]`."""
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
"""The facts about a model class: its module, embeddings, and the numbers of its checks."""


class Computation(TypedDict, total=False):
    """The program of a method of a config class."""

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
    """The facts about a config class."""

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
    """The data about all model types of a layout, by section."""

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
