"""A copy of the installed transformers with a model type that no release has."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Final

VERSION: Final = "5.99.0"

_ENTRY: Final = re.compile(r'( *)\("llama", "Llama(Config|Model|ForCausalLM)"\),')
"""The entry of Llama in tables of model types; the new type is added after it."""

_CONFIG: Final = """
from transformers import PreTrainedConfig


class NovelConfig(PreTrainedConfig):
    model_type = "novel"

    hidden_size: int = 8
    num_hidden_layers: int = 2
    expansion: int = 4
    has_gate: bool = False
    vocab_size: int = 16
    tie_word_embeddings: bool = False
    inner_size: int | None = None

    def __post_init__(self, **keywords):
        if self.inner_size is None:
            self.inner_size = self.hidden_size * self.expansion
        super().__post_init__(**keywords)


__all__ = ["NovelConfig"]
"""

_MODEL: Final = """
from torch import nn

from transformers import PreTrainedModel

from .configuration_novel import NovelConfig


class NovelBlock(nn.Module):
    def __init__(self, config, place):
        super().__init__()
        self.up = nn.Linear(config.hidden_size, config.inner_size)
        if config.has_gate and place % 2 == 0:
            self.gate = nn.Linear(config.hidden_size, config.inner_size, bias=False)
        self.down = nn.Linear(config.inner_size, config.hidden_size)


class NovelPreTrainedModel(PreTrainedModel):
    config_class = NovelConfig
    config: NovelConfig
    base_model_prefix = "model"


class NovelModel(NovelPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.blocks = nn.ModuleList(NovelBlock(config, i) for i in range(config.num_hidden_layers))
        self.post_init()

    def get_input_embeddings(self):
        return self.embed


class NovelForCausalLM(NovelPreTrainedModel):
    _tied_weights_keys = {"output_head.weight": "model.embed.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = NovelModel(config)
        self.output_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.embed

    def get_output_embeddings(self):
        return self.output_head


__all__ = ["NovelForCausalLM", "NovelModel", "NovelPreTrainedModel"]
"""

_INIT: Final = """
from typing import TYPE_CHECKING

from ...utils import _LazyModule
from ...utils.import_utils import define_import_structure

if not TYPE_CHECKING:
    import sys

    _file = globals()["__file__"]
    sys.modules[__name__] = _LazyModule(
        __name__, _file, define_import_structure(_file), module_spec=__spec__
    )
"""


def write(folder: Path) -> None:
    """Write the package `transformers` into a folder: links to the installed one, and the type."""
    spec = find_spec("transformers")
    assert spec is not None
    assert spec.origin
    real, made = Path(spec.origin).parent, folder / "transformers"
    _link(real, made, {"__init__.py", "models"})
    version = re.sub(r'(?m)^__version__ = ".*"', f'__version__ = "{VERSION}"', _text(real))
    (made / "__init__.py").write_text(version)
    _link(real / "models", made / "models", {"auto"})
    _link(real / "models/auto", made / "models/auto", set())
    for path in list((made / "models/auto").glob("*.py")):
        text = path.read_text()
        more = re.sub(
            r'( *)\("llama", "Llama(Config|Model|ForCausalLM)"\),',
            r'\g<0>\n\1("novel", "Novel\2"),',
            text,
        )
        if more != text:
            path.unlink()
            path.write_text(more)
    novel = made / "models/novel"
    novel.mkdir()
    (novel / "__init__.py").write_text(_INIT)
    (novel / "configuration_novel.py").write_text(_CONFIG)
    (novel / "modeling_novel.py").write_text(_MODEL)


def _text(package: Path) -> str:
    return (package / "__init__.py").read_text()


def _link(source: Path, target: Path, other: set[str]) -> None:
    target.mkdir(parents=True)
    for path in source.iterdir():
        if path.name not in {*other, "__pycache__"}:
            (target / path.name).symlink_to(path)
