"""Facts about users' own architectures are derived without torch, and equal what torch builds."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.base import facts_file
from loracfg.base.catalogue.index import Layout
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.from_library import own_facts
from tests.base import own_code
from tests.base.law import LAYOUT, differs
from tests.base.own_code import Code, small

pytestmark = pytest.mark.slow

DRAWS: Final = 40
TIED: Final = {"5": '{"lm_head.weight": "model.embed_tokens.weight"}', "4": '["lm_head.weight"]'}

CODES: Final = {
    "decoder": own_code.DECODER,
    "subclass": own_code.SUBCLASS,
    "pictures": own_code.PICTURES,
}

INNER: Final = """
class Inner(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.a = nn.Linear(config.width, 3)
        self.reset_parameters()
    def reset_parameters(self):
        {reset}
"""
FOLLOWED: Final = {
    "a function with the name of a stand-in": small(
        "self.fc = field(config)",
        before="def field(config):\n    return nn.Linear(config.width, 5)",
    ),
    "a class with the name of a stand-in": small(
        "self.fc = ModelMixin(config)",
        before="class ModelMixin(nn.Module):\n    def __init__(self, config):\n"
        "        super().__init__()\n        self.a = nn.Linear(config.width, 3)",
    ),
    "modules that resetting makes": small(
        "self.fc = Inner(config)", before=INNER.format(reset="self.b = nn.Linear(2, 2)")
    ),
    "values that resetting sets": small(
        "self.fc = Inner(config)", before=INNER.format(reset="self.a.weight.data.zero_()")
    ),
    "a decorator that makes a module": small(
        "self.build(config)",
        before="def twice(function):\n    def g(self, config):\n        function(self, config)\n"
        "        self.more = nn.Linear(config.width, 4)\n    return g",
        members="@twice\ndef build(self, config):\n    self.fc = nn.Linear(config.width, 3)",
    ),
    "weights that are initialised": small(
        "self.fc = nn.Linear(config.width, 4)\nself.apply(self._init_weights)",
        members="def _init_weights(self, module):\n    if isinstance(module, nn.Linear):\n"
        "        module.weight.data.normal_(0, 0.02)",
    ),
    "modules by a table": small(
        "self.fc = MAKERS[config.kind](config.width)",
        before="MAKERS = {'a': lambda w: nn.Linear(w, 2), 'b': lambda w: nn.LayerNorm(w)}",
    ),
    "a base that may be of a library": small(
        "self.fc = Inner(config)",
        head="try:\n    from no_such_library import Block\n"
        "except ImportError:\n    Block = nn.Module",
        before=INNER.format(reset="pass").replace("(nn.Module)", "(Block)"),
    ),
    "a class that the library may have": small(
        "self.fc = Linear(config.width, 4)",
        head="try:\n    from transformers.pytorch_utils import Conv1D as Linear\n"
        "except ImportError:\n    class Linear(nn.Linear):\n        pass",
    ),
}
"""Code that is followed, although transformers has nothing like it."""
DECLINED: Final = {
    "a function that is applied": (
        small(
            "self.fc = nn.Linear(config.width, 4)\nself.apply(more)",
            before="def more(module):\n    module.extra = nn.Parameter(torch.ones(2))",
        ),
        "what is applied to modules in `TinyModel.__init__`",
    ),
    "a class decorator": (
        small(
            "self.fc = Inner(config)",
            before="def bigger(cls):\n    init = cls.__init__\n    def __init__(self, config):\n"
            "        init(self, config)\n        self.extra = nn.Linear(2, 2)\n"
            "    cls.__init__ = __init__\n    return cls\n\n@bigger" + INNER.format(reset="pass"),
        ),
        "super of a symbol in `Inner.__init__`",
    ),
    "another library": (
        small("self.fc = Block(config)", head="from no_such_library import Block"),
        "cannot be imported: No module named 'no_such_library'",
    ),
    "a base of another library": (
        small(
            "self.fc = Inner(config)",
            head="import multiprocessing.pool as pool",
            before=INNER.format(reset="pass").replace("(nn.Module)", "(nn.Module, pool.Pool)"),
        ),
        "`Inner` derives from `pool.Pool`",
    ),
    "a class of the library that is another": (
        small(
            "self.fc = LlamaMLP(LlamaConfig(hidden_size=config.width))",
            head="from transformers import LlamaConfig\n"
            "from transformers.models.llama import modeling_llama\n"
            "from transformers.models.llama.modeling_llama import LlamaMLP",
            before="modeling_llama.LlamaMLP.extra = 1",
        ),
        "`modeling_tiny` does `modeling_llama.LlamaMLP.extra = 1` when it is imported",
    ),
    "a class in two ways": (
        small("self.fc = MAKE(config.width, 3)", before="MAKE = nn.Linear\nMAKE = nn.Bilinear"),
        "`MAKE` is defined in several ways",
    ),
    "layers without a rule": (
        small("self.fc = nn.TransformerEncoderLayer(config.width, 2)"),
        "another library: torch.nn.TransformerEncoderLayer",
    ),
}
"""Code that is not followed, with the reason."""


def drawn(config: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return a config with some values changed or removed."""
    made: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, dict) and key != "auto_map":
            made[key] = drawn(value, rng)
        elif not isinstance(value, int) or rng.random() < 0.5:
            made[key] = value
        elif rng.random() < 0.9:
            made[key] = rng.choice([1, 2, 4, 8, 2 * value, rng.choice([0, -1, None, 1.5])])
    return made


Derive = Callable[[str, Code], tuple[Path, Layout]]


@pytest.fixture(scope="module")
def derive(tmp_path_factory: pytest.TempPathFactory) -> Derive:
    def derived(name: str, code: Code) -> tuple[Path, Layout]:
        made = {key: text.replace("TIED", TIED[LAYOUT]) for key, text in code.modules.items()}
        folder = tmp_path_factory.mktemp("code") / name.replace(" ", "_")
        code._replace(modules=made).write(folder)
        text = own_facts.derive(code.config, folder)
        layout, faults = facts_file.read_facts(text.encode(), "x.facts")
        assert layout is not None, faults
        return folder, layout

    return derived


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CODES)
def test_trees_equal_those_of_torch(name: str, derive: Derive) -> None:
    code = CODES[name]
    folder, layout = derive(name, code)
    rng = random.Random(1)  # noqa: S311
    answers, reasons = 0, list[str]()
    for draw in range(DRAWS):
        config = drawn(code.config, rng) if draw else code.config
        for class_name in layout.classes_of(code.config["model_type"]):
            given = copy.deepcopy(config)
            try:
                found = facts_file.build(layout, given, class_name)
            except CannotBuildError as error:
                with pytest.raises(CannotBuildError):
                    own_code.build(folder, config, class_name)
                reasons.append(error.message)
                continue
            wanted = own_code.build(folder, config, class_name)
            assert differs(replace(found, library=None), wanted) is None, config
            answers += 1
    assert answers > DRAWS // 3
    assert not [why for why in reasons if "cannot be evaluated" in why]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FOLLOWED)
def test_odd_code_is_followed(name: str, derive: Derive) -> None:
    code = FOLLOWED[name]
    folder, layout = derive(name, code)
    found = facts_file.build(layout, dict(code.config), "TinyModel")
    wanted = own_code.build(folder, code.config, "TinyModel")
    assert differs(replace(found, library=None), wanted) is None


@pytest.mark.parametrize("name", DECLINED)
def test_code_that_is_not_followed_has_a_reason(name: str, tmp_path: Path) -> None:
    code, why = DECLINED[name]

    def build() -> None:
        own_facts.build(own_facts.derive(code.config, code.write(tmp_path)), code.config)

    with pytest.raises(CannotBuildError) as caught:
        build()
    assert why in caught.value.message


def test_the_text_is_the_same_each_time(derive: Derive, tmp_path: Path) -> None:
    code = own_code.SUBCLASS
    folders = [code.write(tmp_path / name) for name in ("a", "b")]
    first, second = (own_facts.derive(code.config, folder) for folder in folders)
    assert first == second
    assert max(map(len, first.splitlines())) <= 200
    assert str(tmp_path) not in first


def test_types_that_the_file_does_not_have_are_declined(derive: Derive) -> None:
    code = own_code.PICTURES
    _, layout = derive("pictures", code)
    config = json.loads(json.dumps(code.config).replace("qwen2", "gemma"))
    with pytest.raises(CannotBuildError, match="no facts about the model type `gemma`"):
        facts_file.build(layout, config, "PicturesModel")
