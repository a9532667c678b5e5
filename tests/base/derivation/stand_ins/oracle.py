"""Compares the tree that is derived from a constructor with the one that torch builds.

The constructor is given as text. It is interpreted once on an unknown config, and the facts are
then evaluated for a config. Torch builds the same config on the meta device.
"""

from __future__ import annotations

import copy
import importlib.util
import itertools
import re
import sys
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from types import SimpleNamespace
from typing import Any, Final

import torch

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.program_data import Activation, ProgramData
from loracfg.base.catalogue.trees.models import ModelBuilder
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.derivation.emission.dependence import annotate
from loracfg.base.derivation.interpreter.expressions import forget_expressions
from loracfg.base.derivation.interpreter.interpretation import Interpreter
from loracfg.base.derivation.interpreter.syntax import node_of
from loracfg.base.derivation.model_programs import DEFECT, DerivedType, derive
from loracfg.base.from_library.live_model import architecture_of
from loracfg.base.from_library.meta_device import no_initialisation
from tests.base.records import record

Interpreter(__name__)  # it raises Python's recursion limit, which Hypothesis does not allow later
assert sys.getrecursionlimit() > 1_000

_NUMBERS: Final = itertools.count()
_OURS: Final = """\
from loracfg.base.derivation.stand_ins.auto import auto_class
AutoModel = auto_class("package", "MODEL_MAPPING_NAMES")
from loracfg.base.derivation.stand_ins.arrays import numpy as np
from loracfg.base.derivation.stand_ins.functions import torch
from loracfg.base.derivation.stand_ins.nn import nn
weight_norm = nn.utils.weight_norm
parametrized_weight_norm = nn.utils.parametrizations.weight_norm
"""
_TORCHS: Final = """\
import numpy as np
import torch
from torch import nn
weight_norm = nn.utils.weight_norm
parametrized_weight_norm = nn.utils.parametrizations.weight_norm
"""
_CLASS: Final = """\
class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
"""

_MISTAKES: Final = re.compile(
    r"cannot assign|not a Module subclass|Dimension out of range|non-existing dimension"
    r"|already exists|has no attribute"
)
"""Errors of torch that no config causes, and that no released constructor has."""


@dataclass
class Values:
    """Values in a constructor: some are literal, others come from the config.

    Attributes:
        config: the attributes of the config.
    """

    config: dict[str, Any] = field(default_factory=dict)

    def text(self, value: Any, *, is_known: bool) -> str:
        """Return a value in the constructor: a literal, or an attribute of the config."""
        if is_known:
            return repr(value)
        name = f"value{len(self.config)}"
        self.config[name] = value
        return f"config.{name}"

    def call(
        self, function: str, values: tuple[Any, ...], keywords: dict[str, Any], known: list[bool]
    ) -> str:
        """Return the call of a function; `known` says which of its arguments are literal."""
        flags = itertools.cycle(known)
        texts = [self.text(one, is_known=next(flags)) for one in values]
        for name, one in keywords.items():
            texts.append(f"{name}={self.text(one, is_known=next(flags))}")
        return f"{function}({', '.join(texts)})"


class _Layout:
    """A layout with one type."""

    def __init__(self, program: ProgramData) -> None:
        self.program = program

    def program_of(self, class_name: str) -> tuple[str, ProgramData]:
        return "type", self.program

    def mapped(self, mapping: str, config_class: str) -> list[str]:
        raise KeyError(mapping)

    def config_class_of(self, class_name: str) -> str | None:
        return None

    def activation(self, name: str) -> list[Activation]:
        raise KeyError(name)


class _Package:
    """A transcript of one class, which no auto class selects."""

    index = SimpleNamespace(mappings={})

    def __init__(self, name: str, model_class: Any) -> None:
        self.name = name
        self.model_class = model_class

    def load(self, name: str) -> Any:
        return self.model_class


def model_class(body: str, before: str = "") -> Any:
    """Return the class with a constructor, with what is defined before it."""
    forget_expressions()
    name = f"loracfg_constructor_{next(_NUMBERS)}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.py")
        path.write_text(f"{_OURS}{before}{_CLASS}{indent(body, ' ' * 8)}\n", "utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made)
        found = vars(made)["Model"]
        node_of(found.__init__)  # the source is read once
        return found


def derived(body: str, before: str = "") -> DerivedType:
    """Return the program that is derived from a constructor, with what is defined before it."""
    found = model_class(body, before)
    package: Any = _Package(found.__module__, found)
    return derive(package, ["Model"])


def ours(body: str, config: dict[str, Any], before: str = "") -> Architecture | Exception:
    """Return the tree according to the facts, or how the config is declined or rejected."""
    found = derived(body, before)
    if "Model" in found.declined:
        reason = found.declined["Model"]
        assert not reason.startswith(DEFECT), reason
        return CannotBuildError(reason)
    models = ModelBuilder(_Layout(annotate(found.program)), Budget())
    try:
        return models.build("Model", record(**copy.deepcopy(config)))
    except CannotBuildError as error:
        return error


def torchs(body: str, config: dict[str, Any], before: str = "") -> Architecture | Exception:
    """Return the tree that torch builds, or how it rejects the config."""
    names: dict[str, Any] = {}
    exec(f"{_TORCHS}{before}{_CLASS}{indent(body, ' ' * 8)}\n", names)  # noqa: S102  # written by tests
    with warnings.catch_warnings(), torch.device("meta"), no_initialisation():
        warnings.simplefilter("ignore")
        try:
            return architecture_of(names["Model"](SimpleNamespace(**copy.deepcopy(config))))
        except Exception as error:
            return error


def agree(body: str, config: dict[str, Any] | None = None, before: str = "") -> bool:
    """Assert that the facts agree with torch or decline; return whether they agree."""
    found, expected = ours(body, config or {}, before), torchs(body, config or {}, before)
    if isinstance(found, Exception) or _MISTAKES.search(str(expected)):
        return False
    assert not isinstance(expected, Exception), f"torch refuses it: {expected!r}\n{body}\n{config}"
    assert list(found.modules.items()) == list(expected.modules.items()), f"{body}\n{config}"
    assert found.aliases == expected.aliases, f"{body}\n{config}"
    return True
