"""Finds the modules that share the weight of the input embedding, as PEFT does.

See `_get_module_names_tied_with_embedding` in `peft/utils/other.py`. Transformers 4 lists the names
of tied parameters. Transformers 5 maps them to their sources; only ties to the input embedding
count.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def tied_names(model: object, modules: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    """Return the tied modules of a model.

    Args:
        model: the model, or a stand-in for it.
        modules: its modules by path; a module in several places is under each of them.
    """
    if getattr(getattr(model, "config", None), "tie_word_embeddings", None) is False:
        return ()
    keys = getattr(model, "_tied_weights_keys", None)
    if isinstance(keys, dict):
        found = _by_mapping(model, modules)
    else:
        found = [name for name in keys or () if isinstance(name, str)]
    return tuple(sorted({name.rpartition(".")[0] for name in found}))


def hides_embeddings(model: object) -> bool:
    """Return whether PEFT raises because a model does not return its input embedding.

    PEFT asks for it if the model declares ties as in transformers 5, unless the config says that
    embeddings are not tied.
    """
    if getattr(getattr(model, "config", None), "tie_word_embeddings", None) is False:
        return False
    if not isinstance(getattr(model, "_tied_weights_keys", None), dict):
        return False
    asked: Any = model
    try:
        asked.get_input_embeddings().parameters()
    except Exception:  # models without embeddings raise what they like
        return True
    return False


def raises_for_embeddings(model: object) -> bool:
    """Return whether a model raises if it is asked for its input embedding."""
    asked: Any = model
    if not hasattr(asked, "get_input_embeddings"):
        return False
    try:
        asked.get_input_embeddings()
    except Exception:  # models without embeddings raise what they like
        return True
    return False


def _by_mapping(model: Any, modules: Iterable[tuple[str, Any]]) -> list[str]:
    try:
        embedding = {id(parameter) for parameter in model.get_input_embeddings().parameters()}
    except Exception:  # models without embeddings raise what they like
        return []
    sources: dict[str, str] = {}
    embedded: set[str] = set()
    for path, module in modules:
        dot = f"{path}." if path else ""
        keys = getattr(module, "_tied_weights_keys", None)
        if isinstance(keys, dict):
            sources |= {dot + name: dot + source for name, source in keys.items()}
        named = module._parameters.items()
        embedded.update(dot + name for name, parameter in named if id(parameter) in embedding)
    return [name for name, source in sources.items() if source in embedded]
