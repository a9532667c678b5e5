"""Tests for features that depend on the base. They return None if they need an unknown base."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from loracfg.adapter.files import ADDED_TOKENS_NAME
from loracfg.base.architecture import Kind
from loracfg.base.renaming import renamed
from loracfg.base.towers import names_tower, parts_of
from loracfg.runtimes.of_tensors import EMBEDDING, HEAD, saved_heads
from loracfg.runtimes.served import ServedAdapter, place_of

_EXPERTS: Final = re.compile(r"(^|\.)experts(\.|$)")


def lacks_layers(served: ServedAdapter) -> bool | None:
    """Return whether modules of a kind have factors in only some layers of the base.

    Without the base, gaps between layers and a config that selects layers are only hints, as not
    every layer needs to have modules of every kind.
    """
    found = _by_place(served.adapted)
    if served.base is not None:
        wanted = _by_place(served.base.with_parameters)
        return any(layers < wanted.get(place, set()) for place, layers in found.items())
    config, every = served.config, set[int]().union(*found.values())
    chosen = config is not None and config.layers_to_transform is not None
    uneven = any(len(layers) <= max(every) for layers in found.values())
    return None if chosen or uneven else False


def _by_place(paths: Iterable[str]) -> dict[str, set[int]]:
    """Return the layers of modules, by their pattern."""
    found: dict[str, set[int]] = {}
    for place, layer in map(place_of, paths):
        if layer is not None:
            found.setdefault(place, set()).add(layer)
    return found


def has_other_vocabulary(served: ServedAdapter) -> bool:
    """Return whether embeddings or the head have a different number of rows than the base's."""
    base = served.base
    if base is None or base.vocab_size is None:
        return False
    rows, shapes = base.vocab_size, served.adapter.shapes
    saved = (
        shapes[n.name]
        for n in served.adapter.names.values()
        if n.rest == "weight" and _has_rows(n.module)
    )
    if any(len(shape) == 2 and shape[0] != rows for shape in saved):
        return True
    return any(
        (module := base.find(path)) is not None and _is_vocabulary(module.kind, path)
        for path, _ in served.differences()
    )


def _has_rows(path: str) -> bool:
    return bool(EMBEDDING.fullmatch(path) or HEAD.fullmatch(path))


def _is_vocabulary(kind: Kind, path: str) -> bool:
    return kind is Kind.EMBEDDING or HEAD.fullmatch(path) is not None


def is_tied(served: ServedAdapter) -> bool | None:
    """Return whether the base's head is its embedding."""
    return None if served.base is None else served.base.tie_word_embeddings


def has_own_head(served: ServedAdapter) -> bool | None:
    """Return whether the base has a language modelling head that is not its embedding."""
    base = served.base
    if base is None:
        return None
    return not base.tie_word_embeddings and any(map(HEAD.fullmatch, base.modules))


def lacks_saved_head(served: ServedAdapter) -> bool | None:
    """Return whether a classification head is saved that the base does not have."""
    base, heads = served.base, saved_heads(served)
    if base is None or not served.certain:
        return None if heads else False
    return any(base.find(path) is None for path in heads)


def has_more_labels(served: ServedAdapter) -> bool | None:
    """Return whether a saved classification head has more labels than the base's."""
    base, heads = served.base, saved_heads(served)
    if base is None:
        return None if heads else False
    own = ((base.find(path), labels) for path, labels in heads.items())
    return any(
        module is not None and module.kind is not Kind.OTHER and module.features[1] < labels
        for module, labels in own
    )


def has_experts(served: ServedAdapter) -> bool | None:
    """Return whether layers of the base have experts."""
    base = served.base
    return None if base is None else any(_EXPERTS.search(path) for path in base.paths())


def shares_values(served: ServedAdapter) -> bool:
    """Return whether there are factors for queries of layers that have no value projection."""
    base, queries, values = served.base, "q_proj", "v_proj"
    if base is None:
        return False
    own = [path for path in served.adapted if path.endswith(queries)]
    return any(
        base.find(path) is not None and base.find(path.removesuffix(queries) + values) is None
        for path in own
    )


def adapts_towers(served: ServedAdapter) -> bool | None:
    """Return whether towers or projectors next to the text model have factors.

    Without the base, names of towers are a hint.
    """
    base = served.base
    if base is None:
        return None if any(map(names_tower, served.adapted)) else False
    parts = parts_of(base)
    if parts is None:
        return False
    return any(parts.other_of(renamed(path, base.renames)) for path in served.adapted)


def adapts_transposed(*, square: bool) -> Callable[[ServedAdapter], bool]:
    """Return a test for factors of `Conv1D` layers of GPT-2, either square or not."""

    def test(served: ServedAdapter) -> bool:
        base = served.base
        found = [base.find(path) for path in served.adapted] if base else []
        sizes = (one.features for one in found if one and one.kind is Kind.CONV1D_GPT2)
        return any((into == out) is square for into, out in sizes)

    return test


def has_tokens(served: ServedAdapter) -> bool | None:
    """Return whether `added_tokens.json` has any tokens; None if it cannot be read."""
    if ADDED_TOKENS_NAME not in served.adapter.files:
        return False
    rows = _rows_of_tokens(served)
    return None if rows is None else rows > 0


def _rows_of_tokens(served: ServedAdapter) -> int | None:
    tokenizer = served.adapter.tokenizer
    return tokenizer.rows if tokenizer else None


def adds_tokens(served: ServedAdapter) -> bool | None:
    """Return whether `added_tokens.json` has tokens without rows in the base's vocabulary."""
    if not (has_any := has_tokens(served)):
        return has_any
    added, base = _rows_of_tokens(served), served.base
    rows = base.vocab_size if base else None
    return None if rows is None or added is None else added > rows
