"""Builds module trees from the headers of a checkpoint, in milliseconds and without torch.

A checkpoint does not show everything: the order in which a class registers its modules (here,
parents come before children, layers are sorted by number and names alphabetically), modules without
parameters, shared modules (T5's `encoder.embed_tokens`), and the names in classes that rename
tensors on loading (`as_loaded.doubt`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from loracfg.adapter.header.tensor import Shape, Tensor
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.base.class_builder import named_classes
from loracfg.base.from_checkpoint.module_kinds import holds_conv1d, kind_of
from loracfg.base.from_checkpoint.quantised import plain_parameters
from loracfg.base.from_checkpoint.shards import read_tensors
from loracfg.base.vocabulary import vocabulary_size_in
from loracfg.report.fault import Fault
from loracfg.report.report import Location

MAX_DEPTH: Final = 64
"""Tensor names with more dots are ignored."""

_OBSOLETE: Final = ("inv_freq", "masked_bias", "rotary_pos_emb")
_BUFFERS: Final = (
    "running_mean",
    "running_var",
    "num_batches_tracked",
    "e_score_correction_bias",
    "final_logits_bias",
    "position_ids",
    "relative_position_index",
)
_FIRST: Final = (
    "weight",
    "bias",
    "gate_up_proj",
    "gate_up_proj_bias",
    "gate_proj",
    "up_proj",
    "down_proj",
    "down_proj_bias",
    "in_proj_weight",
    "in_proj_bias",
)
"""The order of registration of parameters, by which PEFT nests their adapters."""

_TRANSPOSED_EXPERTS: Final = frozenset(("gpt_oss", "openai_privacy_filter", "aria", "aria_text"))
_HEAD_CLASS: Final = re.compile(r".*(ForCausalLM|ForConditionalGeneration|LMHeadModel)")
_HEADS: Final[dict[str, str | None]] = {
    **dict.fromkeys(
        ("flaubert", "gpt_neox_japanese", "pop2piano", "t5gemma", "t5gemma2", "xlm", "xlnet")
    ),
    "whisper": "proj_out",
    "moonshine": "proj_out",
    "canary": "proj_out",
    "cohere_asr": "proj_out",
    "biogpt": "output_projection",
    "trocr": "output_projection",
    "modernbert-decoder": "decoder",
    "rwkv": "head",
}
"""The language modelling head by model type, or None if it is not a single layer at the root."""
_INPUT_EMBEDDINGS: Final = (
    "shared",
    "embed_tokens",
    "wte",
    "word_embeddings",
    "embed_in",
    "tokens_embed",
    "tok_embeddings",
    "word_embedding",
    "token_embedding",
    "embeddings",
)
_LAYER: Final = re.compile(
    r"(?:(?:model|transformer|language_model|backbone|gpt_neox)\.)*(?:layers|h|blocks)\.(\d{1,9})(?:\..*)?"
)
_PREDICTION: Final = re.compile(r"(.*\.)?mtp(_layers)?(\..*)?")


def read_checkpoint(
    folder: Path, config: Mapping[str, object] | None, root: Path | None = None
) -> tuple[Architecture | None, list[Fault]]:
    """Read the module tree of the safetensors checkpoint in a folder.

    Args:
        folder: has `model.safetensors`, or `model.safetensors.index.json` and its shards.
        config: the value of the folder's `config.json`, if it can be read.
        root: the folder that links must not leave; None if they may.

    Returns:
        The tree, or None if there is no such checkpoint or none of it is usable, and the faults of
        its files, with kinds that begin with `base-`.
    """
    tensors, faults = read_tensors(folder, root)
    if not tensors:
        return None, faults
    architecture, unusable = tree_of_checkpoint(tensors, config, folder.as_posix())
    return architecture, faults + unusable


def tree_of_checkpoint(
    tensors: Mapping[str, Tensor], config: Mapping[str, object] | None, name: str
) -> tuple[Architecture | None, list[Fault]]:
    """Return the module tree of a checkpoint with these tensors, or a fault if there is none."""
    architecture = tree_of(tensors, config)
    if architecture is not None:
        return architecture, []
    message = "the header of the checkpoint does not show the shape of any layer"
    where = Location(name)
    return None, [Fault("base-quantised", message, where, "pass the base that is not quantised")]


def tree_of(
    tensors: Mapping[str, Tensor], config: Mapping[str, object] | None
) -> Architecture | None:
    """Return the module tree with these tensors, or None if no layer has a known shape."""
    config = config or {}
    plain = plain_parameters(_current(tensors, config), config)
    parameters = {path: _ordered(found) for path, found in plain.parameters.items()}
    model_type = config.get("model_type")
    modules, left_out = _modules(parameters, model_type if isinstance(model_type, str) else None)
    if all(module.kind is Kind.OTHER for module in modules.values()):
        return None
    vocab_size = vocabulary_size_in(config)
    named = next(iter(named_classes(config)), None)
    embedding = _input_embedding(modules, vocab_size)
    architecture = Architecture(
        source="checkpoint",
        model_type=model_type if isinstance(model_type, str) else None,
        class_name=named,
        modules=modules,
        input_embeddings=embedding,
        output_embeddings=_head(modules, model_type),
        tie_word_embeddings=config.get("tie_word_embeddings") is True,
        vocab_size=vocab_size,
        notes=_notes(plain.unknown, left_out),
    )
    return _with_tied_head(architecture, config, parameters)


def _current(tensors: Mapping[str, Tensor], config: Mapping[str, Any]) -> dict[str, Tensor]:
    """Return the tensors that current classes load, without old buffers and surplus layers."""
    text = config.get("text_config")
    inner = text if isinstance(text, dict) else config
    layers = inner.get("num_hidden_layers", inner.get("n_layer"))
    current = {}
    for name, tensor in tensors.items():
        if name.count(".") > MAX_DEPTH:
            continue
        path, _, local = name.rpartition(".")
        if local in _OBSOLETE or (local == "bias" and len(tensor.shape) == 4):  # a causal mask
            continue
        layer = _LAYER.fullmatch(path)
        beyond = layer and type(layers) is int and 0 < layers <= int(layer[1])
        if not beyond and not _PREDICTION.fullmatch(path):
            current[name] = tensor
    return current


def _ordered(parameters: dict[str, Shape]) -> dict[str, Shape]:
    """Return a module's parameters in order of registration, with current names for norms."""
    if parameters.keys() == {"gamma", "beta"}:  # TensorFlow's names, in BERT's first checkpoints
        parameters = {"weight": parameters["gamma"], "bias": parameters["beta"]}
    rank = {name: place for place, name in enumerate(_FIRST)}
    names = sorted(parameters, key=lambda name: (rank.get(name, len(rank)), name))
    return {name: parameters[name] for name in names}


def _modules(
    parameters: Mapping[str, dict[str, Shape]], model_type: str | None
) -> tuple[dict[str, Module], list[str]]:
    """Return all modules with their parents, and the paths of modules of an uncertain kind."""
    transposed = holds_conv1d(parameters)
    found: dict[str, Module] = {}
    left_out = []
    for path, own in parameters.items():
        kind = kind_of(path, own, transposed=transposed, model_type=model_type)
        if kind is None:
            left_out.append(path)
        else:
            found[path] = _module(path, own, *kind, model_type)
    parents = {parent for path in found for parent in _parents(path)}
    for path in parents - found.keys():
        bias_alone = parameters.get(path, {}).keys() == {"bias"}  # BERT's `cls.predictions`
        found[path] = Module(path, Kind.OTHER, "Module", parameters[path] if bias_alone else {})
    ordered = {path: found[path] for path in sorted(found, key=_place)}
    return ordered, [path for path in left_out if path not in found]


def _module(
    path: str, own: dict[str, Shape], kind: Kind, groups: int, model_type: str | None
) -> Module:
    buffers = {name: shape for name, shape in own.items() if name in _BUFFERS}
    return Module(
        path=path,
        kind=kind,
        class_name="Module" if kind is Kind.OTHER else kind.value,
        parameters={name: shape for name, shape in own.items() if name not in buffers},
        buffers=buffers,
        groups=groups,
        is_transposed=model_type in _TRANSPOSED_EXPERTS and path.endswith("experts"),
    )


def _parents(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition(".")[0]
        yield path


def _place(path: str) -> list[tuple[int, int, str]]:
    """Return the sort key of a path: after its parent, with numbers in numeric order."""
    if not path:
        return []
    return [
        (0, int(part), "") if part.isdecimal() and len(part) < 10 else (1, 0, part)
        for part in path.split(".")
    ]


def _input_embedding(modules: Mapping[str, Module], vocab_size: int | None) -> str | None:
    def rank(path: str) -> tuple[int, int]:
        return path.count("."), _INPUT_EMBEDDINGS.index(path.rpartition(".")[2])

    candidates = [
        path
        for path, module in modules.items()
        if module.kind is Kind.EMBEDDING
        and path.rpartition(".")[2] in _INPUT_EMBEDDINGS
        and (vocab_size is None or module.features[0] >= vocab_size)
    ]
    return min(candidates, key=rank, default=None)


def _head(modules: Mapping[str, Module], model_type: object) -> str | None:
    name = _HEADS.get(model_type, "lm_head") if isinstance(model_type, str) else "lm_head"
    return name if name and name in modules and modules[name].kind is Kind.LINEAR else None


def _with_tied_head(
    architecture: Architecture,
    config: Mapping[str, Any],
    parameters: Mapping[str, Mapping[str, Shape]],
) -> Architecture:
    """Add the head that is not saved because it shares the weight of the input embedding.

    This applies if the config ties them, or does not say and the class has a head that the file
    does not have. It does not apply to models of several models, or to heads of more than one
    layer, such as BERT's.
    """
    tie = config.get("tie_word_embeddings")
    embedding = architecture.input_embeddings
    if embedding is None or embedding.count(".") > 2 or ".embeddings." in f".{embedding}":
        return architecture
    if tie is False or isinstance(config.get("text_config"), dict):
        return architecture
    if architecture.output_embeddings:
        tied = (architecture.output_embeddings,) if tie else ()
        return replace(architecture, tied=tied)
    name = _HEADS.get(architecture.model_type or "", "lm_head")
    if name is None or not _HEAD_CLASS.fullmatch(architecture.class_name or ""):
        return architecture
    own = {"weight": architecture.modules[embedding].parameters["weight"]}
    own |= parameters.get(name, {})
    head = Module(name, Kind.LINEAR, Kind.LINEAR.value, own)
    return replace(
        architecture,
        modules=architecture.modules | {name: head},
        output_embeddings=name,
        tied=(name,),
        tie_word_embeddings=True,
    )


def _notes(unknown: tuple[str, ...], left_out: list[str]) -> tuple[str, ...]:
    notes = []
    if unknown:
        what = _examples(unknown, "quantised module")
        notes.append(f"the header does not show the shape of {what}")
    if left_out:
        notes.append(f"the checkpoint does not show the kind of {_examples(left_out, 'module')}")
    return tuple(notes)


def _examples(paths: Sequence[str], noun: str) -> str:
    count = len(paths)
    return f"the {noun} `{paths[0]}`" if count == 1 else f"{count} {noun}s, such as `{paths[0]}`"
