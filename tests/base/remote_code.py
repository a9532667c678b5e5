"""A tiny model with its own code: `auto_map` and two modules, which record that they ran."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

CONFIG: Final[dict[str, Any]] = {
    "model_type": "novel",
    "architectures": ["NovelForCausalLM"],
    "auto_map": {
        "AutoConfig": "configuration_novel.NovelConfig",
        "AutoModel": "modeling_novel.NovelModel",
        "AutoModelForCausalLM": "modeling_novel.NovelForCausalLM",
    },
    "width": 24,
    "inner": 40,
    "depth": 2,
    "vocab_size": 56,
    "torch_dtype": "bfloat16",
}

CONFIGURATION: Final = """
import os
from pathlib import Path

from transformers import PretrainedConfig

Path(os.environ["NOVEL_RAN"]).touch()


class NovelConfig(PretrainedConfig):
    model_type = "novel"

    def __init__(self, width=8, inner=8, depth=1, vocab_size=8, **kwargs):
        self.width, self.inner, self.depth = width, inner, depth
        self.vocab_size = vocab_size
        super().__init__(**kwargs)
"""

MODELING: Final = """
import torch
from torch import nn
from transformers import PreTrainedModel

from .configuration_novel import NovelConfig

print("code that talks")


class NovelBlock(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.wqkv = nn.Linear(config.width, 3 * config.width, bias=False)
        self.conv = nn.Conv1d(config.width, config.width, 3, groups=config.width)
        self.up = nn.Linear(config.width, config.inner)
        self.down = nn.Linear(config.inner, config.width)


class NovelPreTrained(PreTrainedModel):
    config_class = NovelConfig
    base_model_prefix = "trunk"

    def _init_weights(self, module):
        pass

    def prepare_inputs_for_generation(self, *inputs, **options):
        return {}


class NovelModel(NovelPreTrained):
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.width)
        self.blocks = nn.ModuleList([NovelBlock(config) for _ in range(config.depth)])
        self.slopes = torch.linspace(0, 1, config.depth).tolist()
        self.post_init()

    def get_input_embeddings(self):
        return self.words


class NovelForCausalLM(NovelPreTrained):
    def __init__(self, config):
        super().__init__(config)
        self.trunk = NovelModel(config)
        self.output = nn.Linear(config.width, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.trunk.words

    def get_output_embeddings(self):
        return self.output

    def forward(self, input_ids=None, **options):
        return self.output(self.trunk.words(input_ids))


class NovelForRanking(NovelPreTrained):
    def __init__(self, config):
        super().__init__(config)
        self.trunk = NovelModel(config)
        self.post_init()


class Helper(nn.Module):
    pass
"""

MAKE_ADAPTER: Final = """
import sys
import peft
import transformers

transformers.logging.set_verbosity_error()
base, *adapters = sys.argv[1:]
for adapter, task in zip(adapters, ("CAUSAL_LM", None)):
    config = transformers.AutoConfig.from_pretrained(base, trust_remote_code=True)
    model = transformers.AutoModelForCausalLM.from_config(config, trust_remote_code=True)
    model.name_or_path = "org/novel"
    wanted = peft.LoraConfig(
        r=4, target_modules=["wqkv", "up", "down", "words"], modules_to_save=["output"],
        task_type=task,
    )
    peft.get_peft_model(model, wanted).save_pretrained(adapter)
"""
"""Creates adapters with the real PEFT: one with a task, one with the class it was saved from."""


def write_novel(folder: Path, **changes: Any) -> Path:
    """Write the model's config and code; there is no checkpoint."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(CONFIG | changes))
    (folder / "configuration_novel.py").write_text(CONFIGURATION)
    (folder / "modeling_novel.py").write_text(MODELING)
    return folder
