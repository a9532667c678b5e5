"""`trainable_token_indices`: find the embeddings with trained rows, and the layers tied to them.

Source: `set_additional_trainable_modules` in `peft/utils/other.py`, 0.21.2.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Architecture, Kind, parents_of
from loracfg.named_tuple import NamedTuple
from loracfg.planning.path_ends import PathEnds

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_ROWS: Final = "token_adapter.trainable_tokens_delta"

Failures = list[tuple[str, str | None]]


class TokenModules(NamedTuple):
    """The modules with trained rows, and their rows by path.

    `followers` are layers tied to the input embedding, which use its rows and save none.
    `failures` are the reasons why PEFT raises, each with the path if it is about a module.
    """

    rows: Mapping[str, list[int]]
    followers: tuple[str, ...] = ()
    failures: tuple[tuple[str, str | None], ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """All modules that are wrapped."""
        return frozenset((*self.rows, *self.followers))


def token_modules(
    config: ConfigValues, base: Architecture, wrapped: Mapping[str, int], whole: Sequence[str] = ()
) -> TokenModules:
    """Return the modules with rows that a config trains.

    `wrapped` are modules with an adapter. `whole` are modules that are saved because they are tied
    to a saved embedding; PEFT no longer recognises them as tied.
    """
    indices = config.trainable_token_indices
    if indices is None:
        return TokenModules({})
    failures: Failures = []
    if (isinstance(indices, list) or base.tie_word_embeddings) and _hides_embedding(base, wrapped):
        failures.append((f"`{base.class_name}` does not return its input embedding", None))
    if isinstance(indices, list):
        embedding = base.input_embeddings or "embed_tokens"
        layers = {embedding: indices}
        if embedding in (config.modules_to_save or ()):
            failures.append((f"`{embedding}` is also in `modules_to_save`", embedding))
    else:
        layers = dict(indices)
    tied, mismatch = _tied_layers(layers, base)
    if mismatch and config.ensure_weight_tying:
        listed = " and ".join(f"`{name}`" for name in tied)
        failures.append((f"{listed} are tied, but train different tokens", None))
    saved = frozenset(config.modules_to_save or ())
    both = [name for name in layers if name in saved]
    if both:  # from the config, or added by tying
        failures.append((f"`{both[0]}` is also in `modules_to_save`", None))
    still_tied = tuple(path for path in base.tied if path not in whole)
    follow = set(tied) & set(still_tied) if len(tied) > 1 and not mismatch else set()
    found: dict[str, list[int]] = {}
    paths = PathEnds(layers).paths(base.paths())
    for name, rows in layers.items():
        if name not in follow:
            rows_by_path, problems = _wrapped_rows(name, paths.get(name, []), rows, base, wrapped)
            found |= rows_by_path
            failures += problems
    applies = base.tie_word_embeddings and base.input_embeddings in found
    follows = applies and (config.ensure_weight_tying or not mismatch)
    # A tied layer whose path ends with the embedding's has rows of its own.
    followers = tuple(path for path in still_tied if path not in found) if follows else ()
    return TokenModules(found, followers, tuple(failures))


def copies_of_rows(path: str, saved: Container[str]) -> list[str]:
    """Return the names under which the rows of an embedding are part of saved modules around it."""
    owners = [parent for parent in parents_of(path) if parent in saved]
    copies = [f"{one}.modules_to_save.default{path.removeprefix(one)}" for one in owners]
    return [f"{one}.{_ROWS}" for one in copies]


def name_of_rows(path: str) -> str:
    """Return the name under which the rows of an embedding are saved."""
    return f"{path}.{_ROWS}"


def hidden_followers(found: TokenModules, saved: Sequence[str]) -> Failures:
    """Return why PEFT raises if it finds no tied layer, since all are inside saved modules."""
    owners = tuple(f"{path}." for path in saved)
    if not found.followers or not all(path.startswith(owners) for path in found.followers):
        return []
    message = "a layer tied to the embedding is inside a module in `modules_to_save`"
    return [(message, found.followers[0])]


def _hides_embedding(base: Architecture, wrapped: Mapping[str, int]) -> bool:
    """Tell whether a model raises if PEFT asks for its input embedding.

    Its method does not look into a module that PEFT has wrapped for one of its parameters.
    """
    path = base.input_embeddings or ""
    return base.raises_for_embeddings or any(path.startswith(f"{one}.") for one in wrapped)


def _wrapped_rows(
    name: str, paths: list[str], rows: list[int], base: Architecture, wrapped: Mapping[str, int]
) -> tuple[dict[str, list[int]], Failures]:
    """Return the trained rows of each module whose path ends with a name."""
    if not paths:
        return {}, [(f"no module of the base is named `{name}`", None)]
    last = max(rows, default=-1)
    problems = {path: _problem(base, path, last, wrapped) for path in paths}
    return (
        {path: rows for path, problem in problems.items() if problem is None},
        [(problem, path) for path, problem in problems.items() if problem],
    )


def _tied_layers(layers: dict[str, list[int]], base: Architecture) -> tuple[list[str], bool]:
    """Return the names of tied layers, and whether their tokens differ."""
    if len(layers) < 2 or not base.tie_word_embeddings:
        return [], False
    tied = [
        name
        for name in layers
        if (base.input_embeddings or "").endswith(name)
        or any(path.endswith(name) or name in path.split(".") for path in base.tied)
    ]
    rows = [layers[name] for name in tied]
    return tied, any(other != rows[0] for other in rows[1:])


def _problem(base: Architecture, path: str, last: int, wrapped: Mapping[str, int]) -> str | None:
    module = base.find(path)
    if module is None or module.kind not in (Kind.EMBEDDING, Kind.LINEAR):
        kind = module.class_name if module else "module"
        return f"tokens of a `{kind}` cannot be trained"
    if path in wrapped:
        return "the embedding also has an adapter"
    size = module.weight[0]
    if last >= size:
        return f"token `{last}` is beyond the `{size}` rows of the embedding"
    return None
