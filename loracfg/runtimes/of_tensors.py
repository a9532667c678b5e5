"""Tests for features that depend on the tensors of an adapter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

from loracfg.adapter.dialects import OLD_DIFFUSERS, dialect_of
from loracfg.adapter.diffusers_metadata import config_in
from loracfg.adapter.tensor_names import FACTORS, Part
from loracfg.planning.experts import has_stacks
from loracfg.planning.layer_tensors import capped_rank
from loracfg.planning.targets import is_dummy, leaf_of
from loracfg.planning.widening import widened
from loracfg.runtimes.served import ServedAdapter, place_of

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject


HEAD: Final = re.compile(r"(.*\.)?(lm_head|embed_out)")
EMBEDDING: Final = re.compile(r"(.*\.)?(embed_tokens|wte|word_embeddings|embed_in|shared)")
_CLASSIFIERS: Final = ("score", "classifier")
_NORM: Final = re.compile(r"(.*\.)?((?=\w*norm)\w+|ln_\w+|LayerNorm)")
_USUAL_NORM: Final = re.compile(r"\.norm|_layernorm")
_MIXER_NORM: Final = re.compile(r".*\.(mamba|mixer)\.norm")
_LAYERS: Final = re.compile(r"layers\.\d+(\.|$)")
_INNER: Final = "base_layer"
_EXPERT: Final = re.compile(r"(.*\.experts)\.(\d{1,18})\.([^.]+)")

_OF_VARIANTS: Final = frozenset({Part.DIAGONAL, Part.SAMPLER, Part.VELORA})

Saved = Literal["embedding", "head", "norm", "other"]


def lacks_factors(served: ServedAdapter) -> bool:
    """Return whether the config adapts modules, but no tensor has the name of a factor."""
    config = served.config
    adapts = config is not None and not is_dummy(config.target_modules)
    return FACTORS.isdisjoint(served.adapter.table.parts) and adapts


def is_cut_short(served: ServedAdapter) -> bool:
    """Return whether the weight file ends before its data does."""
    return any(fault.kind == "data-truncated" for fault in served.adapter.faults)


def has_unusable_scale(served: ServedAdapter) -> bool:
    """Return whether PEFT fails on the rank or alpha in the config."""
    reading = served.adapter.reading
    return reading is not None and not reading.usable("r", "lora_alpha")


def has_names_of_diffusers(served: ServedAdapter) -> bool:
    """Return whether factors have the names that diffusers used before PEFT."""
    dialect = dialect_of(served.adapter.names)
    return dialect is not None and dialect.tool == OLD_DIFFUSERS


def has_magnitudes(served: ServedAdapter) -> bool:
    """Return whether there are magnitudes although the config does not enable DoRA."""
    config = served.config
    return Part.MAGNITUDE in served.adapter.table.parts and not (config and config.use_dora)


def has_variant_tensors(served: ServedAdapter) -> bool:
    """Return whether there are tensors that only a variant of LoRA has."""
    return not _OF_VARIANTS.isdisjoint(served.adapter.table.parts)


def has_factor_biases(served: ServedAdapter) -> bool:
    """Return whether B factors have biases."""
    return Part.BIAS in served.adapter.table.parts


def has_trained_tokens(served: ServedAdapter) -> bool:
    """Return whether rows of embeddings are trained."""
    return Part.TOKENS in served.adapter.table.parts


def adapts_embeddings(served: ServedAdapter) -> bool:
    """Return whether input embeddings have factors."""
    parts = served.adapter.table.parts
    return Part.EMBEDDING_A in parts or any(map(EMBEDDING.fullmatch, served.adapted))


def adapts_head(served: ServedAdapter) -> bool:
    """Return whether the language modelling head has factors."""
    return any(map(HEAD.fullmatch, served.adapted))


def adapts_vocabulary(served: ServedAdapter) -> bool:
    """Return whether embeddings or the head have factors."""
    return adapts_embeddings(served) or adapts_head(served)


def adapts_stacks(served: ServedAdapter) -> bool:
    """Return whether parameters of stacked experts have factors."""
    targets = served.config.target_parameters if served.config else None
    named = any("experts" in target.split(".") for target in targets or ())
    return named or bool(targets and _stacks(served))


def adapts_half_of_stacks(served: ServedAdapter) -> bool:
    """Return whether only one parameter of stacked experts has factors."""
    paths = _stacks(served)
    outer = {path.removesuffix(f".{_INNER}") for path in paths}
    return adapts_stacks(served) and len(paths) < 2 * len(outer)


def _stacks(served: ServedAdapter) -> frozenset[str]:
    """Return the paths of stacked experts, with `base_layer` for the first parameter of two."""
    paths = (name.path for name in served.adapter.names.values() if name.is_adapter)
    return frozenset(
        path for path in paths if leaf_of(path.removesuffix(f".{_INNER}")) == "experts"
    )


def names_layers_otherwise(served: ServedAdapter) -> bool:
    """Return whether modules in numbered layers have factors, but no path contains `layers.N`."""
    in_layers = [path for path in served.adapted if place_of(path).layer is not None]
    return bool(in_layers) and not any(map(_LAYERS.search, in_layers))


def saves(kind: Saved) -> Callable[[ServedAdapter], bool]:
    """Return a test for modules of a kind that are saved in full."""
    return lambda served: kind in _saved(served)


def _saved(served: ServedAdapter) -> set[Saved]:
    # PEFT also writes the weight of an embedding that has factors.
    own = (path for path in _with(served, "weight") if not path.endswith(_INNER))
    return set(map(_kind, own))


def _with(served: ServedAdapter, parameter: str) -> set[str]:
    """Return the modules with a parameter that is in the file, if the file has factors."""
    if lacks_factors(served):
        return set()
    return {name.path for name in served.adapter.names.values() if name.rest == parameter}


def saved_modules(served: ServedAdapter) -> frozenset[str]:
    """Return the last names of modules that are saved in full."""
    own = (name.path for name in served.adapter.names.values() if name.rest == "weight")
    return frozenset(leaf_of(path) for path in own if not path.endswith(_INNER))


def saves_odd_norms(served: ServedAdapter) -> bool:
    """Return whether norms have biases, or names without `.norm` and `_layernorm`."""
    names = served.adapter.table.names.values()
    norms = [n for n in names if n.part is Part.BASE and _kind(n.path) == "norm"]
    return any(n.rest == "bias" or not _USUAL_NORM.search(n.name) for n in norms)


def saves_mixer_norms(served: ServedAdapter) -> bool:
    """Return whether the norm inside a Mamba layer is saved."""
    names = served.adapter.table.names.values()
    return any(n.part is Part.BASE and _MIXER_NORM.fullmatch(n.path) for n in names)


def copies_biases(served: ServedAdapter) -> bool:
    """Return whether a module with factors is also saved in full, with a bias."""
    names = served.adapter.names.values()
    whole, biases = ({n.path for n in names if n.rest == rest} for rest in ("weight", "bias"))
    return any(path.endswith(_INNER) for path in whole & biases)


def saved_heads(served: ServedAdapter) -> dict[str, int]:
    """Return the number of labels of each classification head in the file, by path."""
    adapter = served.adapter
    whole = (name for name in adapter.names.values() if name.rest == "weight")
    heads = ((n.path, adapter.shapes[n.name]) for n in whole if _kind(n.path) == "head")
    return {path: next(iter(shape), 0) for path, shape in heads}


def saved_labels(served: ServedAdapter) -> int:
    """Return the largest number of labels of a classification head in the file, or 0."""
    return max(saved_heads(served).values(), default=0)


def saves_biases(served: ServedAdapter) -> bool:
    """Return whether the file has biases of modules that are not saved in full."""
    return bool(_with(served, "bias") - _with(served, "weight"))


def saves_other_biases(served: ServedAdapter) -> bool:
    """Return whether the file has biases of modules without factors in numbered layers."""
    if not saves_biases(served):
        return False
    own = {path.removesuffix(f".{_INNER}") for path in _with(served, "bias")}
    return any(place_of(path).layer is not None for path in own.difference(served.adapted))


def _kind(path: str) -> Saved:
    if EMBEDDING.fullmatch(path) or HEAD.fullmatch(path):
        return "embedding"
    if leaf_of(path) in _CLASSIFIERS:
        return "head"
    return "norm" if _NORM.fullmatch(path) else "other"


def lacks_prefix(served: ServedAdapter) -> bool:
    """Return whether any factor has a name without PEFT's prefix."""
    return any(not name.prefix for name in served.adapter.names.values() if name.is_adapter)


def has_untargeted(served: ServedAdapter) -> bool:
    """Return whether modules have factors that the config does not target."""
    selection, config = served.selection, served.config
    if selection is None or config is None or config.target_parameters:
        return False
    if config.ensure_weight_tying or served.adapter.table.single_experts:
        return False  # PEFT adapts more than the targets name
    paths = set(served.adapter.table.adapted_paths) - selection.matched.keys()
    if served.base is None or has_stacks(served.base):
        paths -= widened(paths, config, selection)
    return bool(paths)


def has_other_ranks(served: ServedAdapter) -> bool:
    """Return whether factors have a different rank than the config sets for their module."""
    config, settings = served.config, served.settings
    if config is None or config.use_bdlora or config.target_parameters:
        return False  # these change the width of factors
    for pair, a, b in served.pairs():
        module = pair.layer.module
        if module in settings:
            rank = settings[module].rank
            if len(a) == 2 and Part.EMBEDDING_A not in pair.layer.parts:
                rank = capped_rank(rank, a[1], b[0], config)
            if a[0] != rank:
                return True
    return False


def without(one: str, other: str) -> Callable[[ServedAdapter], bool]:
    """Return a test for layers with factors for one module, but not for another.

    It is false for a base that does not have the other module, or that has compressed keys and
    values.
    """

    def test(served: ServedAdapter) -> bool:
        if served.base is not None and other not in served.leaves:
            return False
        layers = served.layers_of
        compressed = any(leaf.startswith("kv_") for leaf in layers)
        return not compressed and bool(layers.get(one, set()) - layers.get(other, set()))

    return test


def lacks_experts(served: ServedAdapter) -> bool | None:
    """Return whether some experts of a block, or some of their three modules, have no factors."""
    blocks: dict[str, set[tuple[int, str]]] = {}
    for path in served.adapted:
        match = _EXPERT.fullmatch(path)
        if match:
            blocks.setdefault(match[1], set()).add((int(match[2]), match[3]))
    if not blocks:
        return False
    for found in blocks.values():
        experts, names = {number for number, _ in found}, {name for _, name in found}
        if len(names) < 3 or len(found) < len(names) * (max(experts) + 1):
            return True
    if served.base is None:
        return None
    own = (_EXPERT.fullmatch(path) for path in served.base.modules)
    in_base = ((match[1], int(match[2])) for match in own if match)
    largest = {block: max(found)[0] for block, found in blocks.items()}
    return any(number > largest.get(block, number) for block, number in in_base)


def has_dtypes(*dtypes: str) -> Callable[[ServedAdapter], bool]:
    """Return a test for tensors with one of these dtypes."""
    return lambda served: not served.adapter.dtypes_used.isdisjoint(dtypes)


def metadata(served: ServedAdapter) -> JsonObject:
    """Return the config in the metadata of the weight file."""
    header = served.adapter.header
    return config_in(header.metadata) if header else {}


def has_other_metadata_rank(served: ServedAdapter) -> bool:
    """Return whether factors have a different rank than the config in the metadata."""
    found = metadata(served)
    rank, pattern = found.get("r"), found.get("rank_pattern")
    if rank is None or pattern:
        return False
    adapter = served.adapter
    firsts = (adapter.shapes[n] for n, taken in adapter.names.items() if taken.part is Part.A)
    return any(shape[:1] != (rank,) for shape in firsts)
