"""Moves the modules of a checkpoint to their paths in the class that loads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.base.renaming import renamed

_PREFIXES: Final = {
    "model": (
        "bart",
        "blenderbot",
        "blenderbot-small",
        "m2m_100",
        "mbart",
        "mvp",
        "opt",
        "pegasus",
        "plbart",
        "whisper",
    ),
    "transformer": (
        "bloom",
        "codegen",
        "ctrl",
        "falcon",
        "flaubert",
        "gpt-sw3",
        "gpt2",
        "gpt_bigcode",
        "gpt_neo",
        "gptj",
        "mpt",
        "openai-gpt",
        "squeezebert",
        "xlm",
        "xlnet",
    ),
    "backbone": ("falcon_mamba", "mamba", "mamba2", "xlstm"),
    "roberta": ("camembert", "roberta", "xlm-roberta", "xlm-roberta-xl", "xmod"),
    "deberta": ("deberta", "deberta-v2"),
    "bert": ("bert", "big_bird", "megatron-bert"),
}
"""`base_model_prefix` by model type. For other types, it is their own name or `model`."""

_OWN_NAME: Final = frozenset(
    (
        "albert",
        "biogpt",
        "convbert",
        "distilbert",
        "electra",
        "ernie",
        "gpt_neox",
        "layoutlm",
        "longformer",
        "luke",
        "mobilebert",
        "mpnet",
        "nystromformer",
        "rembert",
        "roformer",
        "rwkv",
        "splinter",
        "tapas",
    )
)

RENAMED_TYPES: Final = frozenset(
    (
        "audio-spectrogram-transformer",
        "axk1",
        "axk2",
        "bailing_hybrid",
        "beit",
        "deepseek_v4",
        "deit",
        "dinov2",
        "dinov2_with_registers",
        "dinov3_convnext",
        "dinov3_vit",
        "flint",
        "glm5_next_text",
        "gte",
        "hrm_text",
        "hy_v3",
        "hy_v4",
        "ijepa",
        "inkling2_text",
        "jina_embeddings_v3",
        "kimi_linear",
        "kolibri1",
        "laguna",
        "lfm3",
        "lfm3_vl_vision",
        "mimi",
        "mimi_decoder",
        "mimi_encoder",
        "mimo_v2_flash",
        "mistral_large4_text",
        "molmo2_text",
        "nemotron_h",
        "nomic_bert",
        "olmo_hybrid",
        "pixio",
        "radio",
        "segformer",
        "swin",
        "timesfm2_5",
        "tipsv2_text_model",
        "tipsv2_vision_model",
        "ultrabert",
        "videomae",
        "vit",
        "vit_mae",
        "vit_msn",
        "vivit",
        "yolos",
    )
)
"""Model types with one config for which transformers 5.23.0 renames the modules of checkpoints.

This was observed by reverting the conversion of every class that can be built
(`revert_weight_conversion`). Types in which only experts or their router differ are not listed.
"""

_EXPERT: Final = r"(.*\.experts)\.\d+(\..*)?"


def doubt(config: Mapping[str, object] | None) -> str | None:
    """Return why a class may name its modules differently from its checkpoint, if it may."""
    if config is None:
        return None
    if str(config.get("model_type")) in RENAMED_TYPES:
        return f"transformers renames the tensors of `{config['model_type']}` when it loads them"
    if any(isinstance(part, dict) and "model_type" in part for part in config.values()):
        return "transformers may rename the tensors of a model that consists of several models"
    return None


def without_single_experts(architecture: Architecture) -> Architecture:
    """Return the tree without single experts (`experts.0`).

    Transformers 4 has a module for each expert and transformers 5 stacks them. The checkpoint does
    not show which of them the adapter was trained with.
    """
    lists = {found[1] for path in architecture.modules if (found := re.fullmatch(_EXPERT, path))}
    dropped = {path for path in architecture.modules if re.fullmatch(_EXPERT, path)} | lists
    kept = {path: m for path, m in architecture.modules.items() if path not in dropped}
    return replace(architecture, modules=kept)


def names_single_experts(paths: Iterable[str]) -> bool:
    """Return whether any path is in a single expert."""
    return any(re.fullmatch(_EXPERT, path) for path in paths)


def has_module(architecture: Architecture, path: str) -> bool:
    """Return whether a path has a module with parameters, or is in an expert of a stack."""
    own = architecture.modules.get(path)
    if own is not None and own.parameters:
        return True
    other = renamed(path, architecture.renames)
    for name in (path, other, path.replace(".block_sparse_moe.", ".mlp.")):  # Mixtral's, renamed
        found = architecture.find(name)
        if found is not None and found.parameters:
            return True
        expert = re.fullmatch(_EXPERT, name)
        if expert and expert[2] and _is_stack(architecture.find(expert[1])):
            return True
    return False


def _is_stack(module: Module | None) -> bool:
    return module is not None and any(len(shape) == 3 for shape in module.parameters.values())


def for_head(architecture: Architecture) -> Architecture:
    """Return the tree of a class with a head, which has the base model under its prefix."""
    prefix = _missing_prefix(architecture)
    return with_prefix(architecture, prefix) if prefix else architecture


def for_bare(architecture: Architecture) -> Architecture:
    """Return the tree of the class without a head, which is only the base model."""
    prefix = class_prefix(architecture)
    if prefix is None or prefix not in architecture.modules:
        return architecture
    return without_prefix(architecture, prefix)


def class_prefix(architecture: Architecture) -> str | None:
    """Return the path of the base model in classes with a head, or None if it is unknown."""
    model_type = architecture.model_type
    if model_type in _OWN_NAME:
        return model_type
    for prefix, types in _PREFIXES.items():
        if model_type in types:
            return prefix
    roots = {path for path in architecture.modules if "." not in path}
    return "model" if "model" in roots or {"embed_tokens", "layers"} <= roots else None


def _missing_prefix(architecture: Architecture) -> str | None:
    prefix = class_prefix(architecture)
    return prefix if prefix and prefix not in architecture.modules else None


def with_prefix(architecture: Architecture, prefix: str) -> Architecture:
    """Return the tree moved under a prefix, such as `model` or `transformer`.

    The head that is tied to the input embedding is not moved: it is not part of the base model.
    """

    def moved(path: str) -> str:
        if not path or path in architecture.tied:
            return path
        return f"{prefix}.{path}"

    tree = _renamed(architecture, moved)
    parts = prefix.split(".")
    parents = [".".join(parts[: i + 1]) for i in range(len(parts))]
    containers = {path: Module(path, Kind.OTHER, "Module") for path in parents}
    root = architecture.modules.get("", Module("", Kind.OTHER, "Module"))
    moved_root = root._replace(path=prefix) if root.parameters or root.buffers else None
    if moved_root:
        containers[prefix] = moved_root
        root = Module("", Kind.OTHER, "Module")
    modules = {"": root} | containers | {p: m for p, m in tree.modules.items() if p}
    return replace(tree, modules=modules)


def without_prefix(architecture: Architecture, prefix: str) -> Architecture:
    """Return the part of the tree under a prefix as a separate tree."""
    dot = f"{prefix}."
    inside = {
        path: module
        for path, module in architecture.modules.items()
        if path == prefix or path.startswith(dot)
    }
    aliases = {a: p for a, p in architecture.aliases.items() if a.startswith(dot) and p in inside}
    part = replace(architecture, modules=inside, aliases=aliases)
    return _renamed(part, lambda path: path[len(dot) :])


def _renamed(architecture: Architecture, rename: Callable[[str], str]) -> Architecture:
    """Return the tree with other paths, without references to modules that it does not have."""

    def at(path: str | None) -> str | None:
        return rename(path) if path is not None and path in architecture.modules else None

    modules = [m._replace(path=rename(path)) for path, m in architecture.modules.items()]
    return replace(
        architecture,
        modules={module.path: module for module in modules},
        aliases={rename(alias): rename(path) for alias, path in architecture.aliases.items()},
        input_embeddings=at(architecture.input_embeddings),
        output_embeddings=at(architecture.output_embeddings),
        tied=tuple(rename(path) for path in architecture.tied if path in architecture.modules),
        hides_embeddings=False,  # applies to the whole model only
        raises_for_embeddings=False,
    )
