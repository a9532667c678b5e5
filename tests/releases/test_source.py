"""The reader of wheels, on small handmade wheels and on oddities of real ones."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from zipfile import ZipFile

import pytest

from tests.releases.source import REQUIRED, Code, DataField, Factory, Source
from tests.releases.wheels import wheel

CONFIG = """
    from dataclasses import dataclass, field

    @dataclass
    class PeftConfigMixin(PushToHubMixin):
        peft_type: Optional[PeftType] = field(default=None)
        version: str = field(default=None, metadata={"help": "one"})
        counter: ClassVar[int] = 0

        def to_dict(self):
            raise SystemExit

    @dataclass
    class PeftConfig(PeftConfigMixin):
        task: "str"
        peft_type: Union[str, PeftType] = field(default=None)
"""
LORA = """
    raise SystemExit("this is not run")

    @dataclass
    class LoftQConfig:
        bits: int = 4
        names: Optional[list[str]] = field(default=None, init=False)

    class Helper:
        ignored: int = 1

    @dataclass
    class LoraConfig(PeftConfig):
        r: int = field(default=8)
        scale: float = -1e-4
        bias: Literal["none", "all"] = field(default="none")
        init_lora_weights: bool | typing.Literal["gaussian", True] = True
        odd: int = (field(default=1),)
        loftq: Union[LoftQConfig, dict] = field(default_factory=dict)
        other: Optional[Helper] = dataclasses.field(default=None)

        def __post_init__(self):
            self.peft_type = PeftType.LORA
            if self.r:
                self.version = PeftType.ADALORA
"""
ENUMS = """
    class PeftType(str, enum.Enum):
        ADALORA = "ADALORA"
        LORA = "LORA"

    class TaskType(str, enum.Enum):
        \"\"\"Tasks.\"\"\"

        CAUSAL_LM = "causal"
"""
LAYER = """
    def update(self, init_lora_weights, config):
        if init_lora_weights == "loftq" or "eva" == config.init_lora_weights:
            pass
        elif isinstance(init_lora_weights, str) and init_lora_weights.lower() == "olora":
            pass
        elif init_lora_weights.startswith("pissa") or name.startswith("other"):
            pass
        elif self.init_lora_weights in ["one", ("two", True)] or name == "nothing":
            pass
        elif len(init_lora_weights.split("_niter_")) == 2:
            pass
"""
PLACES = {
    "peft/config.py": CONFIG,
    "peft/tuners/lora/config.py": LORA,
    "peft/tuners/lora/layer.py": LAYER,
    "peft/utils/peft_types.py": ENUMS,
    "peft/utils/constants.py": """
        TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING = {"llama": ["q_proj"], "odd": "x.*"}
        OTHER = TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING.copy()
    """,
}


def made(folder: Path, places: dict[str, str]) -> Source:
    path = folder / "peft-9.0.0-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for name, text in places.items():
            archive.writestr(name, dedent(text))
    return Source(path)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return made(tmp_path, PLACES)


def test_fields_are_those_of_the_bases_first(source: Source) -> None:
    assert list(source.fields.values()) == [
        DataField("peft_type", "Union[str, PeftType]", "LORA"),
        DataField("version", "str", None),
        DataField("task", "'str'", REQUIRED),
        DataField("r", "int", 8),
        DataField("scale", "float", -1e-4),
        DataField("bias", "Literal['none', 'all']", "none"),
        DataField("init_lora_weights", "bool | typing.Literal['gaussian', True]", True),
        DataField("odd", "int", Code("(field(default=1),)")),
        DataField("loftq", "Union[LoftQConfig, dict]", Factory("dict")),
        DataField("other", "Optional[Helper]", None),
    ]


def test_nested_configs_are_the_dataclasses_that_annotations_name(source: Source) -> None:
    assert source.nested == {
        "LoftQConfig": {
            "bits": DataField("bits", "int", 4),
            "names": DataField("names", "Optional[list[str]]", None, init=False),
        },
        "Helper": {},
    }


def test_choices_are_the_literals_of_the_annotation(source: Source) -> None:
    assert source.fields["bias"].choices == ("none", "all")
    assert source.fields["init_lora_weights"].choices == ("gaussian", True)
    assert source.fields["r"].choices == ()


def test_members_of_enums(source: Source) -> None:
    assert source.task_types == {"CAUSAL_LM": "causal"}
    assert source.peft_types == {"ADALORA": "ADALORA", "LORA": "LORA"}


def test_strings_of_initialisations_are_those_compared_with(source: Source) -> None:
    assert source.inits.exact == {"loftq", "eva", "one", "two"}
    assert source.inits.caseless == {"olora"}
    assert source.inits.prefixes == {"pissa"}


def test_default_targets(source: Source) -> None:
    assert source.default_targets == {"llama": ["q_proj"], "odd": "x.*"}


def test_a_package_wins_over_a_module_of_its_name(tmp_path: Path) -> None:
    stale = PLACES | {"peft/tuners/lora.py": "class LoraConfig: ...", "peft/utils/config.py": ""}
    assert made(tmp_path, stale).fields == made(tmp_path, PLACES).fields


def test_what_has_moved_is_named(tmp_path: Path) -> None:
    moved = made(
        tmp_path, PLACES | {"peft/tuners/lora/config.py": "", "peft/utils/constants.py": ""}
    )
    with pytest.raises(LookupError, match=r"LoraConfig is not in peft-9.*whl at peft/tuners/lora/"):
        _ = moved.fields
    with pytest.raises(LookupError, match="MODULES_MAPPING is not in"):
        _ = moved.default_targets
    with pytest.raises(LookupError, match="a module is not in"):
        _ = made(tmp_path, {}).task_types


def test_release_0_6_2_is_read_from_its_package() -> None:
    """Its old `peft/tuners/lora.py` has neither field."""
    assert {"rank_pattern", "alpha_pattern"} <= Source(wheel("0.6.2")).fields.keys()


@pytest.mark.parametrize("release", ["0.19.0", "0.19.1"])
def test_release_0_19_has_no_number_of_blocks(release: str) -> None:
    """A comma made the default a tuple that holds a `Field`."""
    default = Source(wheel(release)).nested["BdLoraConfig"]["nblocks"].default
    assert isinstance(default, Code)
    assert default.text.startswith("(field(default=1")
    assert default.text.endswith(",)")


def test_lora_ga_is_in_no_annotation() -> None:
    source = Source(wheel("0.21.2"))
    assert "lora_ga" in source.inits.exact
    assert "lora_ga" not in source.fields["init_lora_weights"].choices


@pytest.mark.parametrize(
    ("release", "types"), [("0.0.1", 16), ("0.3.0", 19), ("0.7.0", 29), ("0.21.2", 40)]
)
def test_default_targets_of_releases(release: str, types: int) -> None:
    found = Source(wheel(release)).default_targets
    assert len(found) == types
    assert found["gpt2"] == ["c_attn"]
