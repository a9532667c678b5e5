"""Names of classes and mappings with further arguments, which models give to models inside them.

`BertModel(add_pooling_layer=False)` is `BertModel` as a constructor with this argument makes it,
and `MODEL_MAPPING_NAMES(add_pooling_layer=False)` picks such a variant for a config.
"""

from __future__ import annotations


def variant(name: str, arguments: str) -> str:
    """Return the name of a class or mapping with arguments; without any, it is the name itself."""
    return f"{name}({arguments})" if arguments else name


def without_arguments(name: str) -> tuple[str, str]:
    """Return the name of a class or mapping, and the arguments, empty if there are none."""
    plain, _, arguments = name.partition("(")
    return plain, arguments.removesuffix(")")
