"""`LoraConfig` as a replacement of PEFT's: the same results and the same calls."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import pydoc
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import peft
import pytest
from hypothesis import given
from peft.tuners.lora import config as peft_configs
from pydantic import ValidationError

from loracfg.config.history.derived_models import model_at
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.nested import EvaConfig
from loracfg.config.reading.with_models import NESTED
from loracfg.testing.arguments import Arguments, arguments
from tests.config.cases import TARGETS
from tests.config.test_peft import HAND_CASES, as_sets, peft_config
from tests.config.tiny import create, quiet
from tests.releases.wheels import wheel

ROOT = Path(__file__).resolve().parents[2]


def check(theirs: peft.LoraConfig) -> None:
    given = theirs.to_dict()  # type: ignore[no-untyped-call]
    ours = LoraConfig(**given)
    theirs.runtime_config = peft.LoraRuntimeConfig()  # which the dict has not
    assert ours == LoraConfig.from_peft(theirs)
    with quiet():
        again: Any = peft.LoraConfig(**given)
    assert as_sets(ours.to_dict()) == as_sets(LoraConfig.from_peft(again).to_dict())


@pytest.mark.parametrize("given", HAND_CASES)
def test_the_dict_of_a_config_of_peft_makes_ours(given: Arguments) -> None:
    check(peft_config(given))


@given(arguments())
def test_the_dict_of_any_config_of_peft_makes_ours(given: Arguments) -> None:
    check(peft_config(given))


OLDER = """
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import peft
assert sys.argv[1] in peft.__file__
from loracfg import LoraConfig
for values in json.loads(sys.argv[2]):
    task = {"task_type": peft.TaskType.CAUSAL_LM} if values else {}
    theirs = peft.LoraConfig(lora_alpha=16, lora_dropout=0.0, **task, **values)
    ours = LoraConfig(**theirs.to_dict())
    assert ours.lora_alpha == 16
    assert ours.task_type == ("CAUSAL_LM" if values else None)
    assert all(getattr(ours, name) == value for name, value in values.items())
"""


@pytest.mark.slow
@pytest.mark.parametrize("release", ["0.7.1"])
def test_the_dict_of_an_older_release_makes_ours(release: str) -> None:
    values = [{}, {"r": 4, "target_modules": ["q_proj", "v_proj"]}, {"target_modules": ".*q_proj"}]
    known = set(model_at(release).model_fields)
    more = {"rank_pattern": {"q": 4}, "use_rslora": True, "use_dora": True, "bias": "all"}
    values.append({name: value for name, value in more.items() if name in known})
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OLDER, str(wheel(release)), json.dumps(values)],
        check=True,
        cwd=ROOT,
    )


SETS: list[tuple[str, Any, list[Any]]] = [
    ("target_modules", {"lin1", "lin0"}, ["lin0", "lin1"]),
    ("target_modules", frozenset({"lin1", "lin0"}), ["lin0", "lin1"]),
    ("target_modules", ("lin1", "lin0"), ["lin1", "lin0"]),
    ("exclude_modules", {"lin0"}, ["lin0"]),
    ("exclude_modules", ("lin0",), ["lin0"]),
    ("modules_to_save", {"head"}, ["head"]),
    ("modules_to_save", ("head",), ["head"]),
    ("target_parameters", {"lin1.weight"}, ["lin1.weight"]),
    ("target_parameters", ("lin1.weight",), ["lin1.weight"]),
    ("layers_to_transform", {1, 0}, [0, 1]),
    ("layers_to_transform", (1,), [1]),
    ("alora_invocation_tokens", (3, 1), [3, 1]),
    ("layer_replication", ((0, 2), [0, 1]), [(0, 2), (0, 1)]),
]


def names_of(config: peft.LoraConfig) -> list[str]:
    return [f"{name} {list(p.shape)}" for name, p in create(config).named_parameters()]


@pytest.mark.parametrize(("name", "value", "kept"), SETS)
def test_tuples_and_sets_mean_what_they_mean_to_peft(name: str, value: Any, kept: Any) -> None:
    given: dict[str, Any] = {"r": 2, "target_modules": ["lin0"], "task_type": "CAUSAL_LM"}
    if name == "exclude_modules":
        given["target_modules"] = ["lin0", "lin1"]
    config = LoraConfig(**{**given, name: value})
    assert getattr(config, name) == kept
    with quiet():
        theirs = peft.LoraConfig(**{**given, name: value})
        assert names_of(config.to_peft()) == names_of(theirs)


@pytest.mark.parametrize("name", sorted(NESTED))
def test_nested_configs_of_peft_are_taken(name: str) -> None:
    theirs = getattr(peft_configs, NESTED[name].__name__)()
    kept = getattr(LoraConfig(**{name: theirs}), name)
    assert kept == NESTED[name]()
    assert type(kept) is NESTED[name]


def test_fields_are_in_the_order_of_peft() -> None:
    ours, theirs = inspect.signature(LoraConfig), inspect.signature(peft.LoraConfig)
    assert list(ours.parameters) == list(theirs.parameters)
    for name, parameter in ours.parameters.items():
        assert parameter.kind == theirs.parameters[name].kind
    places: list[Any] = [None, "LORA", None, None, "x/y", None, False, 16, ["q"], None, 32]
    config = LoraConfig(*places)
    with quiet():
        theirs_too = peft.LoraConfig(*places)
    assert config.to_dict() == LoraConfig.from_peft(theirs_too).to_dict()
    assert (config.r, config.target_modules, config.lora_alpha) == (16, ["q"], 32)


PLACES: Final[list[list[Any]]] = [
    ["CAUSAL_LM"],
    ["CAUSAL_LM", None],
    [None, None, {"base_model_class": "A"}, None, "x/y", "main", True],
    [None, None, None, None, None, None, False, 16, ["q_proj"]],
    ["SEQ_CLS", "LORA", None, None, None, None, False, 4, "all-linear", None, 16, 0.1],
]


@pytest.mark.parametrize("places", PLACES, ids=str)
def test_what_peft_takes_by_place_is_taken(places: list[Any]) -> None:
    with quiet():
        theirs = peft.LoraConfig(*places)
    assert LoraConfig(*places).to_dict() == LoraConfig.from_peft(theirs).to_dict()


@pytest.mark.parametrize("place", [1, 2, 6])
def test_a_rank_that_peft_takes_for_something_else_is_refused(place: int) -> None:
    places: list[Any] = [None] * place
    with quiet():
        assert peft.LoraConfig(*places, 16).r == 8  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="did you mean `r=16`"):
        LoraConfig(*places, 16)  # type: ignore[call-arg]


def test_a_rank_in_the_first_place_is_refused_as_by_peft() -> None:
    for taken in (peft.LoraConfig, LoraConfig):
        with pytest.raises(ValueError, match="16"):
            taken(16)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="did you mean `r=16`"):
        LoraConfig(16)  # type: ignore[arg-type]


def test_places_are_for_the_fields_that_there_are() -> None:
    most = len(LoraConfig.model_fields)
    many: list[Any] = [None] * (most + 1)
    nested: Any = EvaConfig
    with pytest.raises(TypeError, match="`task_type` is passed both by position and by name"):
        LoraConfig("CAUSAL_LM", task_type="CAUSAL_LM")  # type: ignore[misc]
    with pytest.raises(
        TypeError, match=f"LoraConfig takes at most {most} positional arguments, but"
    ):
        LoraConfig(*many)
    with pytest.raises(TypeError, match="takes no positional arguments, but 1 was given"):
        nested(2.0)


def test_the_signature_has_plain_types() -> None:
    text = str(inspect.signature(LoraConfig))
    assert "r: int = 8, target_modules: list[str] | str | None = None" in text
    assert "bias: Literal['none', 'all', 'lora_only'] = 'none'" in text
    assert "rank_pattern: dict[str, int] = {}" in text
    assert "ensure_weight_tying: bool = False" in text
    assert text.endswith(") -> None")
    assert not any(word in text for word in ("Annotated", "Since", "object at", "Check", "Field"))
    nested = "(*, beta: float | int = 0.0001, gamma: float | int = 0.001) -> None"
    assert str(inspect.signature(NESTED["kasa_config"])) == nested
    older = str(inspect.signature(model_at("0.3.0")))
    assert "*, task_type" in older
    assert "lora_alpha: float | int, " in older


def test_a_subclass_has_its_own_signature() -> None:
    class Mine(LoraConfig):
        note: str = ""

    assert str(inspect.signature(Mine)).endswith("= False, note: str = '') -> None")
    assert repr(Mine(r=4, note="x")) == "Mine(r=4, note='x')"


def test_a_constructor_of_a_subclass_is_called() -> None:
    class Square(LoraConfig):
        def __init__(self, r: int = 4) -> None:
            super().__init__(r=r, lora_alpha=r)

    class Small(Square):
        pass

    assert (Small().r, Small(r=2).lora_alpha) == (4, 2)
    assert list(inspect.signature(Small).parameters) == ["r"]


def test_help_says_what_each_field_means() -> None:
    text = re.sub(r".\x08", "", pydoc.render_doc(LoraConfig))
    for name, info in LoraConfig.model_fields.items():
        first = (info.description or "").split()[0]
        assert f"    {name}: {first}" in text


@pytest.mark.parametrize(
    ("config", "text"),
    [
        (LoraConfig(), "LoraConfig()"),
        (
            LoraConfig(r=16, target_modules=["q"], lora_dropout=0.0),
            "LoraConfig(r=16, target_modules=['q'])",
        ),
        (LoraConfig(eva_config=EvaConfig(rho=3)), "LoraConfig(eva_config=EvaConfig(rho=3))"),
    ],
)
def test_repr_is_what_differs_from_the_defaults(config: LoraConfig, text: str) -> None:
    assert repr(config) == str(config) == text
    assert eval(text) == config  # noqa: S307


@given(arguments())
def test_repr_of_any_config_makes_it_again(given: Arguments) -> None:
    names = {model.__name__: model for model in NESTED.values()}
    config = LoraConfig(**given)
    assert eval(repr(config), {"LoraConfig": LoraConfig, **names}) == config  # noqa: S307


def test_copies_are_equal() -> None:
    config = LoraConfig(use_dora=True, **TARGETS)
    for other in (copy.deepcopy(config), pickle.loads(pickle.dumps(config)), config.model_copy()):  # noqa: S301
        assert other == config
        assert other.model_fields_set == config.model_fields_set


@pytest.mark.parametrize("name", ["is_prompt_learning", "is_adaption_prompt"])
def test_what_libraries_ask_of_a_config_is_answered(name: str) -> None:
    assert getattr(LoraConfig(), name) is getattr(peft.LoraConfig(), name) is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("r", np.int64(4)),
        ("lora_dropout", np.float32(0.5)),
        ("target_modules", {"q_proj": 1}.keys()),
        ("target_modules", iter(["q_proj"])),
    ],
)
def test_what_peft_cannot_save_is_refused(name: str, value: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        peft.LoraConfig(**{name: value}).save_pretrained(str(tmp_path))
    with pytest.raises(ValidationError, match=f"`{name}` is"):
        LoraConfig(**{name: value})
