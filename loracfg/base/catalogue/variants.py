"""Names of classes and mappings with arguments that models pass to inner models.

`BertModel(add_pooling_layer=False)` is a `BertModel` that is created with this argument, and
`MODEL_MAPPING_NAMES(add_pooling_layer=False)` selects a variant like this for a config.
"""

from __future__ import annotations


def variant(name: str, arguments: str) -> str:
    """Return the name of a class or mapping with arguments; just the name if there are none."""
    return f"{name}({arguments})" if arguments else name


def without_arguments(name: str) -> tuple[str, str]:
    """Return the name of a class or mapping without arguments, and the arguments."""
    plain, _, arguments = name.partition("(")
    return plain, arguments.removesuffix(")")
