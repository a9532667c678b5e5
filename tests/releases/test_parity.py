"""Our table of fields and releases agrees with the wheels of all releases."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest

from loracfg.config.history.derived_models import fields_at, model_at
from loracfg.config.history.releases import PEFT_RELEASE, RELEASES
from loracfg.config.model import lora_fields as model_module
from loracfg.config.model.strict import StrictModel
from tests.releases import parity
from tests.releases.parity import (
    DEVIATIONS,
    declaration,
    differences,
    field_differences,
    method_differences,
    release_differences,
)
from tests.releases.source import ENUMS, LAYERS, LORA, Source
from tests.releases.wheels import released_versions, wheel

Doctor = Callable[..., Source]


@cache
def source(release: str) -> Source:
    return Source(wheel(release))


@pytest.mark.parametrize("release", RELEASES)
def test_the_table_is_the_wheel(release: str) -> None:
    found = differences(release, source(release))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("release", RELEASES)
def test_the_model_is_the_table(release: str) -> None:
    model, table = model_at(release).model_fields, fields_at(release)
    assert model.keys() == table.keys()
    for name, info in table.items():
        assert model[name].default == info.default
        assert model[name].default_factory == info.default_factory


def test_every_release_is_in_the_table() -> None:
    found = release_differences(released_versions())
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_every_method_is_known_by_name() -> None:
    found = method_differences({release: source(release).peft_types for release in RELEASES})
    assert not found, "\n".join(found)


def test_names_of_enums_are_their_values() -> None:
    for release in RELEASES:
        for members in (source(release).peft_types, source(release).task_types):
            assert all(name == value for name, value in members.items())


def test_every_deviation_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parity, "DEVIATIONS", {})
    found = differences(PEFT_RELEASE, source(PEFT_RELEASE))
    assert len(found) == len(DEVIATIONS)
    for name in DEVIATIONS:
        assert any(line.startswith(f"`{name}` takes ") for line in found)


def test_the_lines_to_add_declare_what_the_wheel_does() -> None:
    """Build a config from nothing but the lines, and find nothing to add."""
    theirs = source(PEFT_RELEASE).fields
    lines = [declaration(PEFT_RELEASE, field, ", Affects.RESULT") for field in theirs.values()]
    names = vars(model_module) | {"StrictModel": StrictModel}
    exec("class Written(StrictModel):\n    " + "\n    ".join(lines), names)  # noqa: S102
    written: Any = names["Written"]
    assert written.model_fields.keys() == theirs.keys()
    assert not list(field_differences(PEFT_RELEASE, theirs, written.model_fields, ""))


@pytest.fixture
def doctored(tmp_path: Path) -> Doctor:
    """Return a function that reads the newest wheel with another text in one of its modules."""

    def make(path: str, old: str, new: str) -> Source:
        target = tmp_path / "peft-doctored.whl"
        with ZipFile(wheel(PEFT_RELEASE)) as real, ZipFile(target, "w") as copy:
            for name in real.namelist():
                text = real.read(name)
                if name == path:
                    assert old.encode() in text
                    text = text.replace(old.encode(), new.encode())
                copy.writestr(name, text)
        return Source(target)

    return make


MODEL: Final = "  # in loracfg/config/model/lora_fields.py"
KASA: Final = "  # in class KasaConfig of loracfg/config/model/nested.py"

DOCTORED: Final = {
    "new field": (
        LORA[0],
        "    ensure_weight_tying: bool = field(",
        "    new_config: Optional[KasaConfig] = None\n    ensure_weight_tying: bool = field(",
        f'new_config: Annotated[KasaConfig | None, Since("{PEFT_RELEASE}"), Affects.RESULT] = '
        f'Field(default=None, description="..."){MODEL}',
    ),
    "new field that a function fills": (
        LORA[0],
        "    ensure_weight_tying: bool = field(",
        "    scales: Union[Dict[str, float], Literal['a']] = field(default_factory=dict)\n"
        "    ensure_weight_tying: bool = field(",
        f'scales: Annotated[dict[str, Number] | Literal["a"], Since("{PEFT_RELEASE}"), '
        f'Affects.RESULT] = Field(default_factory=dict, description="..."){MODEL}',
    ),
    "field gone": (
        LORA[0],
        "    target_parameters: Optional[list[str]] = field(",
        "    _: ClassVar = field(",
        f'`target_parameters` is gone, give it `Until("{PEFT_RELEASE}")`{MODEL}',
    ),
    "new default": (
        LORA[0],
        "    r: int = field(default=8,",
        "    r: int = field(default=16,",
        f"`r` defaults to `16` in the wheel and to `8` here{MODEL}",
    ),
    "default of another type": (
        LORA[0],
        "    r: int = field(default=8,",
        "    r: int = field(default=8.0,",
        f"`r` defaults to `8.0` in the wheel and to `8` here{MODEL}",
    ),
    "default that is made": (
        LORA[0],
        "    r: int = field(default=8,",
        "    r: int = field(default=RANK,",
        f"`r` defaults to `RANK` in the wheel and to `8` here{MODEL}",
    ),
    "new type": (
        LORA[0],
        "    r: int = field(default=8,",
        "    r: int | str = field(default=8,",
        f"`r` takes `integer`, `string` in the wheel and `integer` here{MODEL}",
    ),
    "new literal": (
        LORA[0],
        '    bias: Literal["none", "all", "lora_only"]',
        '    bias: Literal["none", "all", "lora_only", "some"]',
        "`bias` may be `all`, `lora_only`, `none`, `some` in the wheel and "
        f"`all`, `lora_only`, `none` here{MODEL}",
    ),
    "new nested field": (
        LORA[0],
        "    beta: float = field(",
        "    delta: Optional[float] = 0.5\n    beta: float = field(",
        f'delta: Annotated[Number | None, Since("{PEFT_RELEASE}")] = '
        f'Field(default=0.5, description="..."){KASA}',
    ),
    "new nested default": (
        LORA[0],
        "    beta: float = field(\n        default=1e-4,",
        "    beta: float = field(\n        default=1e-5,",
        f"`beta` defaults to `1e-05` in the wheel and to `0.0001` here{KASA}",
    ),
    "new task": (
        ENUMS[0],
        '    FEATURE_EXTRACTION = "FEATURE_EXTRACTION"',
        '    FEATURE_EXTRACTION = "FEATURE_EXTRACTION"\n    RANKING = "RANKING"',
        "`task_type` may be `CAUSAL_LM`, `FEATURE_EXTRACTION`, `QUESTION_ANS`, `RANKING`, "
        "`SEQ_2_SEQ_LM`, `SEQ_CLS`, `TOKEN_CLS` in the wheel and `CAUSAL_LM`, "
        "`FEATURE_EXTRACTION`, `QUESTION_ANS`, `SEQ_2_SEQ_LM`, `SEQ_CLS`, `TOKEN_CLS` here" + MODEL,
    ),
    "other type of method": (
        LORA[0],
        "        self.peft_type = PeftType.LORA",
        "        self.peft_type = PeftType.ADALORA",
        f"`peft_type` defaults to `'ADALORA'` in the wheel and to `'LORA'` here{MODEL}",
    ),
}
"""An edit of a module in the newest wheel, and the one line that it must bring."""


@pytest.mark.parametrize(("path", "old", "new", "line"), DOCTORED.values(), ids=DOCTORED)
def test_a_change_of_the_wheel_is_found(
    doctored: Doctor, path: str, old: str, new: str, line: str
) -> None:
    assert differences(PEFT_RELEASE, doctored(path, old, new)) == [line]


def test_a_new_nested_config_is_found(doctored: Doctor) -> None:
    found = differences(
        PEFT_RELEASE,
        doctored(
            LORA[0],
            "@dataclass\nclass LoraConfig(PeftConfig):",
            "@dataclass\nclass NewConfig:\n    size: int = 4\n\n\n"
            "@dataclass\nclass LoraConfig(PeftConfig):\n    new: NewConfig = None",
        ),
    )
    since = f'Since("{PEFT_RELEASE}")'
    assert found == [
        f"new: Annotated[NewConfig, {since}, Affects.RESULT] = "
        f'Field(default=None, description="..."){MODEL}',
        "class NewConfig(Nested):  # in loracfg/config/model/nested.py",
        f'size: Annotated[int, {since}] = Field(default=4, description="...")'
        "  # in class NewConfig of loracfg/config/model/nested.py",
    ]


def test_a_new_initialisation_is_found(doctored: Doctor) -> None:
    old = 'init_lora_weights.lower() == "mica"'
    found = differences(PEFT_RELEASE, doctored(LAYERS[0], old, old.replace("mica", "mono")))
    names = "`corda`, `eva`, `gaussian`, `loftq`, `lora_ga`, `mica`, `olora`, `orthogonal`, `pissa`"
    caseless = "`gaussian`, `mica`, `olora`"
    assert found == [
        f"INITS: {names.replace('mica', 'mono')} in the wheel's layers, {names} here",
        f"CASELESS_INITS: {caseless.replace('mica', 'mono')} in the wheel, {caseless} here",
    ]


def test_a_new_annotated_initialisation_is_found(doctored: Doctor) -> None:
    (line,) = differences(PEFT_RELEASE, doctored(LORA[0], ' "mica",\n', ' "mica", "mono",\n'))
    assert line.startswith("INITS: ")
    assert "`mica`, `mono`, `olora`" in line.partition(" annotated in the wheel")[0]


def test_a_new_release_is_found() -> None:
    place = "RELEASES of loracfg/config/history/releases.py"
    assert release_differences((*RELEASES, "9.0.0")) == [
        f'    "9.0.0",  # in {place}, after "{PEFT_RELEASE}"'
    ]
    between = (*RELEASES[:-1], "0.21.1.post1", RELEASES[-1])
    assert release_differences(between) == [
        f'    "0.21.1.post1",  # in {place}, after "{RELEASES[-2]}"'
    ]
    assert release_differences(RELEASES[:-1]) == [
        f'"{PEFT_RELEASE}" is in {place}, but no released version'
    ]


def test_a_new_method_is_found() -> None:
    known = source(PEFT_RELEASE).peft_types
    ever = {"0.14.0": {*known, "BONE"}}
    assert method_differences(ever) == []
    place = "_METHODS of loracfg/config/reading/foreign_config.py"
    later = {"9.0.0": {*known, "NEW"}, "9.1.0": {"NEW"}}
    assert method_differences(ever | later) == [f"NEW  # in {place}, since 9.0.0"]
    assert method_differences({"0.21.2": known}) == [f"BONE is in {place}, but in no release"]
