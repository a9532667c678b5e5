"""Users' own architectures: repositories with classes in `auto_map`."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from loracfg.base.architecture import Architecture
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.cleaning import cleaned
from loracfg.base.from_library import built as library
from loracfg.base.from_library.live_model import architecture_of


class Code(NamedTuple):
    """A repository: its `config.json`, and its modules by name."""

    config: dict[str, Any]
    modules: dict[str, str]

    def write(self, folder: Path) -> Path:
        """Write it into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(self.config))
        for name, text in self.modules.items():
            (folder / f"{name}.py").write_text(text)
        return folder


def _config(model_type: str, module: str, stem: str, **values: Any) -> dict[str, Any]:
    auto = {"AutoConfig": f"{module}.{stem}Config", "AutoModel": f"{module}.{stem}Model"}
    return {"model_type": model_type, "auto_map": auto, **values}


DECODER: Final = Code(
    _config("mixed", "modeling_mixed", "Mixed", width=32, depth=3, heads=4, shared=2)
    | {
        "architectures": ["MixedForCausalLM"],
        "auto_map": {
            "AutoConfig": "configuration_mixed.MixedConfig",
            "AutoModel": "modeling_mixed.MixedModel",
            "AutoModelForCausalLM": "modeling_mixed.MixedForCausalLM",
        },
    },
    {
        "configuration_mixed": """
from transformers import PretrainedConfig
from transformers.utils import logging

logger = logging.get_logger(__name__)


class MixedConfig(PretrainedConfig):
    model_type = "mixed"
    attribute_map = {"hidden_size": "width"}

    def __init__(self, words=96, width=16, inner=None, depth=2, heads=2, experts=3, every=2,
                 first=1, shared=None, act="silu", tie_word_embeddings=False, **kwargs):
        self.words = words
        self.width = width
        self.inner = 4 * width if inner is None else inner
        self.depth, self.heads = depth, heads
        self.experts = experts
        self.every = every
        self.first = first
        self.shared = shared
        self.act = act
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)
""",
        "modeling_mixed": """
import math

import torch
import torch.nn.functional as F
from torch import nn
from transformers import GenerationMixin, PreTrainedModel
from transformers.activations import ACT2FN

from .configuration_mixed import MixedConfig


class Norm(nn.Module):
    def __init__(self, size, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps


class Gated(nn.Module):
    def __init__(self, config, inner=None):
        super().__init__()
        inner = config.inner if inner is None else inner
        self.gate_proj = nn.Linear(config.width, inner, bias=False)
        self.up_proj = nn.Linear(config.width, inner, bias=False)
        self.down_proj = nn.Linear(inner, config.width, bias=False)
        self.act = ACT2FN[config.act]


class Router(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.weight = nn.Parameter(torch.empty((config.experts, config.width)))
        self.reset_parameters()

    def reset_parameters(self):
        bound = 1.0 / math.sqrt(self.weight.size(1))
        self.weight.data.uniform_(-bound, bound)


class Experts(nn.Module):
    def __init__(self, config):
        super().__init__()
        made = [Gated(config, config.inner // 2) for _ in range(config.experts)]
        self.experts = nn.ModuleList(made)
        self.router = Router(config)
        if config.shared is not None:
            self.shared = Gated(config, inner=config.inner * config.shared)


class Attention(nn.Module):
    def __init__(self, config: MixedConfig, layer: int):
        super().__init__()
        self.head_dim = config.width // config.heads
        if self.head_dim * config.heads != config.width:
            raise ValueError(f"{config.width} cannot be divided by {config.heads}")
        self.qkv = nn.Linear(config.width, 3 * config.heads * self.head_dim)
        self.o_proj = nn.Linear(config.heads * self.head_dim, config.width)


class Layer(nn.Module):
    def __init__(self, config, layer):
        super().__init__()
        self.attention = Attention(config, layer=layer)
        is_mixed = layer >= config.first and layer % config.every == 0
        self.mlp = Experts(config) if is_mixed else Gated(config)
        self.norm = Norm(config.width)


class MixedPreTrainedModel(PreTrainedModel):
    config_class = MixedConfig
    base_model_prefix = "model"

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            module.weight.data.normal_(mean=0.0, std=0.02)


class MixedModel(MixedPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.words, config.width)
        self.layers = nn.ModuleList([Layer(config, n) for n in range(config.depth)])
        self.norm = Norm(config.width)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens


class MixedForCausalLM(MixedPreTrainedModel, GenerationMixin):
    _tied_weights_keys = TIED

    def __init__(self, config):
        super().__init__(config)
        self.model = MixedModel(config)
        self.lm_head = nn.Linear(config.width, config.words, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.embed_tokens

    def get_output_embeddings(self):
        return self.lm_head
""",
    },
)
"""A decoder with experts in some layers, in two modules."""

SUBCLASS: Final = Code(
    _config("sub", "modeling_sub", "Sub", vocab_size=64, hidden_size=32, num_hidden_layers=3)
    | {"num_attention_heads": 4, "intermediate_size": 40, "narrow": 6},
    {
        "modeling_sub": """
from torch import nn
from transformers import LlamaConfig, LlamaModel
from transformers.models.llama.modeling_llama import LlamaDecoderLayer


class SubConfig(LlamaConfig):
    model_type = "sub"

    def __init__(self, narrow=8, every=2, **kwargs):
        super().__init__(**kwargs)
        self.narrow = narrow
        self.every = every


class Bottleneck(nn.Sequential):
    def __init__(self, wide, narrow):
        super().__init__(nn.Linear(wide, narrow), nn.ReLU(), nn.Linear(narrow, wide))


class SubLayer(LlamaDecoderLayer):
    def __init__(self, config, layer_idx):
        super().__init__(config, layer_idx)
        if layer_idx % config.every == 0:
            self.bottleneck = Bottleneck(config.hidden_size, config.narrow)


class SubModel(LlamaModel):
    config_class = SubConfig

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([SubLayer(config, n) for n in range(config.num_hidden_layers)])
        self.post_init()
"""
    },
)
"""A subclass of a transformers model with its own config class."""

PICTURES: Final = Code(
    _config("pictures", "modeling_pictures", "Pictures")
    | {
        "text_config": {
            "model_type": "qwen2",
            "vocab_size": 64,
            "hidden_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
        },
        "vision_config": {"width": 24, "depth": 2},
    },
    {
        "configuration_pictures": """
from transformers import PretrainedConfig
from transformers.models.auto import CONFIG_MAPPING


class PicturesVisionConfig(PretrainedConfig):
    model_type = "pictures_vision"

    def __init__(self, width=16, depth=3, patch=14, ratio=4, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.depth = depth
        self.patch = patch
        self.ratio = ratio


class PicturesConfig(PretrainedConfig):
    model_type = "pictures"

    def __init__(self, vision_config=None, text_config=None, act="gelu", **kwargs):
        self.vision_config = PicturesVisionConfig(**(vision_config or {}))
        if text_config is None:
            text_config = CONFIG_MAPPING["llama"]()
        elif isinstance(text_config, dict):
            text_config = CONFIG_MAPPING[text_config["model_type"]](**text_config)
        self.text_config = text_config
        self.act = act
        super(PicturesConfig, self).__init__(**kwargs)
""",
        "modeling_pictures": """
import torch
from torch import nn
from transformers import AutoModelForCausalLM, PreTrainedModel
from transformers.activations import ACT2FN

from .configuration_pictures import PicturesConfig, PicturesVisionConfig


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.norm = nn.LayerNorm(config.width)
        self.attn = nn.MultiheadAttention(config.width, 4, batch_first=True)
        size, inner = config.width, int(config.width * config.ratio)
        self.mlp = nn.Sequential(nn.Linear(size, inner), nn.GELU(), nn.Linear(inner, size))


class Vision(PreTrainedModel):
    config_class = PicturesVisionConfig

    def __init__(self, config):
        super().__init__(config)
        self.patches = nn.Conv2d(3, config.width, kernel_size=config.patch, stride=config.patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, config.width))
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.depth)])


class PicturesModel(PreTrainedModel):
    config_class = PicturesConfig

    def __init__(self, config):
        super().__init__(config)
        size = config.text_config.hidden_size
        self.vision = Vision(config.vision_config)
        self.projector = nn.Sequential(
            nn.Linear(config.vision_config.width, size), ACT2FN[config.act], nn.Linear(size, size)
        )
        self.language = AutoModelForCausalLM.from_config(config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language.get_input_embeddings()
""",
    },
)
"""A model with two inner models: its own, and one that transformers selects by its config."""
PICTURES.config["auto_map"]["AutoConfig"] = "configuration_pictures.PicturesConfig"

SMALL: Final = """
import math
import os
import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel
{head}

class TinyConfig(PretrainedConfig):
    model_type = "tiny"
    def __init__(self, width=8, depth=2, kind="a", **kwargs):
        self.width, self.depth, self.kind = width, depth, kind
        super().__init__(**kwargs)

{before}

class TinyModel(PreTrainedModel):
    config_class = TinyConfig
    def __init__(self, config):
        super().__init__(config)
        {body}
        self.post_init()
    {members}
"""
"""A model in which one thing is odd."""


def small(body: str, head: str = "", before: str = "", members: str = "") -> Code:
    """Return a small model with some statements."""
    text = SMALL.format(
        head=head,
        before=before,
        body=body.replace("\n", "\n        "),
        members=members.replace("\n", "\n    "),
    )
    return Code(
        _config("tiny", "modeling_tiny", "Tiny", width=12, depth=3), {"modeling_tiny": text}
    )


@contextmanager
def imported(folder: Path) -> Iterator[None]:
    """Make a repository importable in this process as a package with the name of its folder."""
    (folder / "__init__.py").touch()
    sys.path.insert(0, str(folder.parent))
    try:
        yield
    finally:
        sys.path.remove(str(folder.parent))


def build(folder: Path, config: dict[str, Any], class_name: str) -> Architecture:
    """Return the module tree that torch builds for a class of a repository.

    Raises:
        CannotBuildError: if it cannot be built.
    """
    with imported(folder):
        where = {name.rpartition(".")[2]: name for name in config["auto_map"].values()}
        found = [
            getattr(importlib.import_module(f"{folder.name}.{module}"), name)
            for module, _, name in (
                where[wanted].rpartition(".")
                for wanted in (class_name, config["auto_map"]["AutoConfig"].rpartition(".")[2])
            )
        ]
        model_class, config_class = found
        try:
            settings = config_class.from_dict(cleaned(config))
            return architecture_of(library.on_meta(model_class, settings))
        except Exception as error:  # constructors can raise anything
            raise CannotBuildError(library.brief(error)) from error
