"""The parts of a library's source that a transcript keeps."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from loracfg.base.derivation.source import names, replaced
from loracfg.base.derivation.source.names import Definition
from loracfg.base.derivation.source.reach import Reach
from loracfg.base.derivation.source.write import FileWriter, write

LIBRARY = "transcribed_library"

CONFIGURATION = '''
"""About configs."""
from dataclasses import dataclass, field
from .helpers import rounded

SIZES = {"small": 1}


@dataclass
class Config:
    """A config."""

    width: int = 4
    names: list[str] = field(default_factory=list)

    def validate_width(self) -> None:
        """Refuse it."""
        if rounded(self.width) > 9:
            raise ValueError(f"{self.width} is too wide")

    @property
    def depth(self) -> int:
        return 2

    def unused(self):
        return SIZES
'''

MODELING = '''
import warnings
from torch import nn

from .configuration import Config
from .helpers import NEW, half, logger

VERSION = 3

if VERSION > 2:

    def halved(value):
        return half(value)

else:

    def halved(value):
        return unknown_name(value)


class Layer(nn.Module):
    """A layer."""

    scale = 2
    kind: str = "plain"
    note: int

    def __init__(self, config: Config, layer_idx: int | None = None) -> None:
        """Make it."""
        super().__init__()
        logger.warning("it is made")
        warnings.warn("it is old")
        print("made")
        width: int = halved(config.width) * self.scale
        assert width, f"{width} is nothing"
        self.proj = nn.Linear(width, getattr(self, "sized")(config))
        nn.init.zeros_(self.proj.weight)
        if NEW:
            from .helpers import late as later

            later(self)
        else:
            logger.info("nothing")
        try:
            self.named(config)
        except AttributeError as error:
            raise ValueError(f"no {config}") from error

    def forward(self, states):
        return other_function(states)

    def sized(self, config) -> int:
        return config.width

    def named(self, config: Config) -> str:
        """Name it."""
        return config.names

    def never_mentioned(self):
        return 1


def other_function(states):
    return states
'''

HELPERS = '''
import logging

logger = logging.getLogger(__name__)
NEW = True


def rounded(value):
    return round(value)


def half(value: int) -> int:
    """Halve it."""
    return value // 2


def late(module):
    module.late = True
'''


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / LIBRARY
    folder.mkdir()
    texts = {"configuration": CONFIGURATION, "modeling": MODELING, "helpers": HELPERS}
    for name, text in {"__init__": "", **texts}.items():
        (folder / f"{name}.py").write_text(dedent(text))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(replaced, "LIBRARIES", {LIBRARY})
    importlib.invalidate_caches()
    yield folder
    for name in [n for n in sys.modules if n.partition(".")[0] == LIBRARY]:
        del sys.modules[name]
    names.source_of.cache_clear()
    names.meaning.cache_clear()


def transcribed(out: Path, *found: tuple[str, str]) -> dict[str, str]:
    """Return the texts of the files for some definitions."""
    reach = Reach()
    for module, name in found:
        reach.add(Definition(f"{LIBRARY}.{module}", name))
    reach.run()
    write(reach, out, "library 1")
    return {path.stem: path.read_text("utf-8") for path in out.glob("*.py")}


@pytest.fixture
def texts(library: Path, tmp_path: Path) -> dict[str, str]:
    return transcribed(tmp_path / "out", ("modeling", "Layer"), ("configuration", "Config"))


def defined(text: str) -> dict[str, ast.stmt]:
    """Return the statements of a module and of its classes by name."""
    found: dict[str, ast.stmt] = {}
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = node
    return found


def test_each_module_has_a_file(texts: dict[str, str]) -> None:
    assert set(texts) == {
        "__init__",
        "common_configuration",
        "common_helpers",
        "common_modeling",
    }


def test_texts_and_logging_are_dropped_and_errors_kept(texts: dict[str, str]) -> None:
    text = texts["common_modeling"]

    for gone in ("A layer", "Make it", "it is made", "it is old", "print", "is nothing"):
        assert gone not in text
    assert "nn.init" not in text
    assert "->" not in text
    assert ": Config" not in text
    assert "assert width" in text
    assert "raise ValueError(f'no {config}')\n" in text


def test_members_that_are_not_mentioned_are_dropped(texts: dict[str, str]) -> None:
    kept = defined(texts["common_modeling"])

    assert {"Layer", "__init__", "scale", "kind", "sized", "named"} <= set(kept)
    assert not {"forward", "never_mentioned", "other_function", "note"} & set(kept)


def test_configs_keep_fields_properties_and_validators(texts: dict[str, str]) -> None:
    kept = defined(texts["common_configuration"])

    assert {"Config", "width", "names", "validate_width", "depth"} <= set(kept)
    assert not {"unused", "SIZES"} & set(kept)
    assert isinstance(kept["width"], ast.AnnAssign)
    assert "default_factory=list" in texts["common_configuration"]
    assert "from .common_helpers import rounded" in texts["common_configuration"]


def test_the_branch_that_ran_is_kept(texts: dict[str, str]) -> None:
    text = texts["common_modeling"]

    assert "return half(value)" in text
    assert "unknown_name" not in text


def test_imports_in_functions_stay_there(texts: dict[str, str]) -> None:
    node = defined(texts["common_modeling"])["__init__"]

    assert "from .common_helpers import late as later" in ast.unparse(node)
    assert {"half", "late"} <= set(defined(texts["common_helpers"]))
    assert "logger" not in texts["common_modeling"]


def test_plain_values_are_written_down(texts: dict[str, str]) -> None:
    assert "NEW = True" in texts["common_modeling"]


def test_torch_is_replaced(texts: dict[str, str]) -> None:
    assert "import torch" not in texts["common_modeling"]
    home = "from loracfg.base.derivation.stand_ins.nn import nn"
    assert home in texts["common_modeling"]


def test_a_name_with_two_meanings_in_one_file_is_rejected(library: Path) -> None:
    writer = FileWriter("common_configuration", Reach())
    (library / "others.py").write_text("def rounded(value):\n    return value\n")
    importlib.invalidate_caches()
    writer.use(f"{LIBRARY}.configuration", "rounded")
    writer.use(f"{LIBRARY}.helpers", "rounded")

    with pytest.raises(ValueError, match="`rounded` is"):
        writer.use(f"{LIBRARY}.others", "rounded")
