"""The notation of operations: signs with their precedence, or names."""

from __future__ import annotations

from typing import Any, Final

LOOP, CHOICE, OR, AND, NOT, COMPARISON, BIT_OR = range(7)
BIT_XOR, BIT_AND, SHIFT, SUM, PRODUCT, SIGN, POWER, POSTFIX, ATOM = range(7, 16)
"""The precedence of operators, in Python's order."""

BINARY: Final = {
    "or": ("or", OR),
    "and": ("and", AND),
    **{sign: (sign, COMPARISON) for sign in ("==", "!=", "<", "<=", ">", ">=", "in", "is")},
    "notin": ("not in", COMPARISON),
    "isnt": ("is not", COMPARISON),
    "|": ("|", BIT_OR),
    "^": ("^", BIT_XOR),
    "&": ("&", BIT_AND),
    "<<": ("<<", SHIFT),
    ">>": (">>", SHIFT),
    "+": ("+", SUM),
    "-": ("-", SUM),
    "*": ("*", PRODUCT),
    "/": ("/", PRODUCT),
    "//": ("//", PRODUCT),
    "%": ("%", PRODUCT),
    "**": ("**", POWER),
}
"""Binary operations: their sign and precedence."""
UNARY: Final = {"neg": "-", "pos": "+", "inv": "~"}
NAMES: Final = {
    "activation": "is_activation",
    "arange": "arange",
    "backbone": "backbone",
    "bcast": "broadcasts",
    "convolution": "convolution",
    "embedding": "embedding",
    "fmt": "concat",
    "fresh": "copy",
    "fromdict": "from_dict",
    "generation": "generation_settings",
    "get": "get",
    "known": "known",
    "knowntype": "is_model_type",
    "kwpick": "given_of",
    "kwrest": "given_but",
    "labels": "labels",
    "layertypes": "layer_types_fit",
    "linspace": "linspace",
    "make": "make",
    "merge": "merge",
    "name": "is_name",
    "ok": "computes",
    "padding": "is_padding",
    "parts": "parts_are_configs",
    "probability": "is_probability",
    "put": "put",
    "putdef": "put_default",
    "range": "range",
    "rope": "rope",
    "size": "is_size",
    "stages": "stages",
    "truth": "truth",
    "updated": "updated",
    "without": "without",
}
"""The names of operations that are written as calls."""
OPERATIONS_OF_NAMES: Final = {name: op for op, name in NAMES.items()}

OWN_FORMS: Final = frozenset(
    ("call", "carried", "each", "enum", "getattr", "has", "is_a", "method", "new", "scan")
) | {"changed", "text_config"}
"""Names before a bracket that are not functions."""
FUNCTIONS_BY_CALL: Final = NAMES.keys() | OPERATIONS_OF_NAMES.keys() | OWN_FORMS
"""Functions of these names are written `call("name", ...)`."""

LOOP_NAMES: Final = "ijklmnop"
CONSTANTS: Final[dict[str, Any]] = {
    "None": None,
    "True": True,
    "False": False,
    "inf": float("inf"),
    "nan": float("nan"),
}
ROOTS: Final = {
    "c": {"config": "c", "made": "c2"},
    "c2": {"config": "c2", "before": "c"},
}
"""The names of configs, by the config that bare names are attributes of."""
KEYWORDS: Final = frozenset(
    ["if", "else", "elif", "and", "or", "not", "in", "is", "for", "at", "as"]
)
VALUES_OF_ARGUMENTS: Final = {"kw": "given", "arg": "argument"}
LEAVES: Final = frozenset(["gone", "keep"])
"""The words for a key without a new value."""
RESERVED: Final = frozenset(
    KEYWORDS
    | CONSTANTS.keys()
    | LEAVES
    | set(LOOP_NAMES)
    | {"config", "made", "before", "given", "argument", "none", "unknown"}
)
"""Bare names that are not attributes of the config."""


def is_word(name: str) -> bool:
    """Tell whether a name needs no quotes."""
    return name.isascii() and name.isidentifier()


def loop_name(number: int) -> str:
    """Return the name of a loop's variable."""
    return LOOP_NAMES[number] if number < len(LOOP_NAMES) else f"i{number}"


def auto_class(mapping: str) -> str | None:
    """Return the auto class of a mapping of model types; None if it has no short name."""
    words = mapping.removesuffix("_MAPPING_NAMES").split("_")
    name = "".join(word if word in ("LM",) else word.capitalize() for word in words)
    return f"Auto{name}" if mapping_of(f"Auto{name}") == mapping else None


def mapping_of(name: str) -> str:
    """Return the mapping of an auto class."""
    words: list[str] = []
    for letter in name.removeprefix("Auto"):
        if not words or (letter.isupper() and words[-1] != "L"):
            words.append(letter.upper())
        else:
            words[-1] += letter.upper()
    return "_".join([*words, "MAPPING_NAMES"])
