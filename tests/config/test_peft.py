from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Any

import peft
import pytest
from hypothesis import assume, given
from peft.tuners.lora import config as peft_configs
from pydantic import ValidationError

from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.nested import ArrowConfig, EvaConfig, LoftQConfig
from loracfg.config.reading.with_models import NESTED
from loracfg.errors import LoracfgError
from loracfg.testing.arguments import VARIANTS, Arguments, arguments
from tests.config.cases import TARGETS
from tests.config.tiny import create, quiet, save_adapter

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import PreTrainedModel

UNORDERED = ("target_modules", "exclude_modules")


def peft_config(given: Arguments) -> peft.LoraConfig:
    """Build PEFT's config from the same arguments, nested ones as objects."""
    built = {}
    for name, value in given.items():
        nested = name in NESTED and (value or name != "loftq_config")
        built[name] = getattr(peft_configs, NESTED[name].__name__)(**value) if nested else value
    with quiet():
        return peft.LoraConfig(**built)


def as_sets(data: dict[str, Any]) -> dict[str, Any]:
    """Return the config with names sorted: PEFT writes them in the order of their hashes."""
    names = {name: sorted(data[name]) for name in UNORDERED if isinstance(data[name], list)}
    return data | names


def as_json(config: peft.LoraConfig) -> str:
    return json.dumps(config.to_dict(), sort_keys=True, default=sorted)  # type: ignore[no-untyped-call]


def saved(config: LoraConfig | peft.LoraConfig, directory: Path) -> str:
    config.save_pretrained(str(directory))
    return (directory / "adapter_config.json").read_text()


HAND_CASES: list[Arguments] = [
    {},
    {"target_modules": ["q_proj"], "exclude_modules": ["lm_head"]},
    {"target_modules": ["q_proj", "q_proj", "v_proj"]},
    {"init_lora_weights": "eva"},
    {"init_lora_weights": "eva", "eva_config": {"rho": 1}},
    {"init_lora_weights": "pissa", "eva_config": {"rho": 1.5}},
    {"init_lora_weights": "corda"},
    {"init_lora_weights": "corda", "corda_config": {"corda_method": "kpm"}},
    {"init_lora_weights": "corda", "eva_config": {}},
    {"init_lora_weights": "corda", "loftq_config": {"loftq_bits": 4}},
    {"init_lora_weights": "eva", "loftq_config": {"loftq_bits": 4}},
    {"init_lora_weights": "eva", "corda_config": {}},
    {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 2}},
    {"loftq_config": {"loftq_bits": 8, "loftq_iter": 5}},
    {"init_lora_weights": "pissa_niter_16"},
    {"init_lora_weights": "lora_ga", "lora_ga_config": {"direction": "random"}},
    {"arrow_config": {"top_k": 1, "rng_seed": 7}},
    {"use_bdlora": {"target_modules_bd_a": ["o_proj"], "nblocks": 4}},
    {"layer_replication": [(0, 2), (1, 3)]},
    {"layer_replication": [[0, 2], [1, 3]]},
    {"trainable_token_indices": {"embed_tokens": [5, 1], "lm_head": [5, 1]}},
    {"rank_pattern": {"b": 2, "a": 1}, "alpha_pattern": {"z": 1.5, "y": 2}},
    {"peft_version": ""},
    {"runtime_config": {"ephemeral_gpu_offload": True}},
    {"base_model_name_or_path": "lé/🤗\u2028", "auto_mapping": {"\x7f": ["\x00"]}},
    *VARIANTS.values(),
]


def check_saved(given: Arguments, directory: Path) -> None:
    ours = saved(LoraConfig(**given), directory / "ours")
    theirs = saved(peft_config(given), directory / "peft")
    assert as_sets(json.loads(ours)) == as_sets(json.loads(theirs))
    if all(len(set(json.loads(ours)[n])) < 2 for n in UNORDERED if isinstance(given.get(n), list)):
        assert ours == theirs


@pytest.mark.parametrize("given", HAND_CASES)
def test_the_file_is_the_one_that_peft_writes(given: Arguments, tmp_path: Path) -> None:
    check_saved(given, tmp_path)


@given(given=arguments())
def test_the_file_of_any_config_is_the_one_that_peft_writes(
    tmp_path_factory: pytest.TempPathFactory, given: Arguments
) -> None:
    check_saved(given, tmp_path_factory.mktemp("saved"))


def test_names_are_written_once_in_the_order_given(tmp_path: Path) -> None:
    config = LoraConfig(target_modules=["v", "q", "v"], exclude_modules=["y", "x", "y"])
    data = json.loads(saved(config, tmp_path / "new" / "folder"))
    assert data["target_modules"] == ["v", "q"]
    assert data["exclude_modules"] == ["y", "x"]


def check_round_trip(given: Arguments) -> None:
    config = LoraConfig(**given)
    if config.init_lora_weights != "loftq":
        config.loftq_config = {}  # PEFT drops it
    with quiet():
        back = LoraConfig.from_peft(config.to_peft())
        again = LoraConfig.from_peft(back.to_peft())
    assert again == back
    assert as_sets(back.to_dict()) == as_sets(config.to_dict())
    changed = {"peft_version", "eva_config", "corda_config", *UNORDERED}
    for name in LoraConfig.model_fields.keys() - changed:
        assert getattr(back, name) == getattr(config, name)


@pytest.mark.parametrize("given", HAND_CASES)
def test_to_peft_and_back_is_the_same(given: Arguments) -> None:
    check_round_trip(given)


@given(arguments())
def test_to_peft_and_back_is_the_same_for_any_config(given: Arguments) -> None:
    check_round_trip(given)


@given(arguments())
def test_a_config_of_peft_is_read_as_the_one_of_the_same_arguments(given: Arguments) -> None:
    config = LoraConfig.from_peft(peft_config(given))
    assert as_sets(config.to_dict()) == as_sets(LoraConfig(**given).to_dict())
    with quiet():
        assert as_json(config.to_peft()) == as_json(peft_config(given))


@given(given=arguments())
def test_what_peft_wrote_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, given: Arguments
) -> None:
    # PEFT empties an unused `loftq_config`, and only then adds defaults for EVA and CorDA.
    assume(not given.get("loftq_config") or given.get("init_lora_weights") == "loftq")
    directory = tmp_path_factory.mktemp("saved")
    text = saved(peft_config(given), directory)
    config = LoraConfig.from_pretrained(directory)
    assert config.to_dict() == json.loads(text)
    assert config.model_fields_set == LoraConfig.model_fields.keys() - {"runtime_config"}


def test_what_a_peft_model_saved_is_read_back(tmp_path: Path) -> None:
    written = save_adapter(tmp_path, lora_alpha=32, task_type=None)
    config = LoraConfig.from_pretrained(str(tmp_path))
    assert config.to_dict() == written
    assert config.inference_mode is True
    assert config.auto_mapping is not None
    assert config.lora_alpha == 32


def test_enums_of_peft_are_taken_as_their_values() -> None:
    enums: dict[str, Any] = {"task_type": peft.TaskType.SEQ_CLS, "peft_type": peft.PeftType.LORA}
    config = LoraConfig(**enums)
    assert config.task_type == "SEQ_CLS"
    assert type(config.task_type) is str
    assert type(config.peft_type) is str
    config.task_type = peft.TaskType.CAUSAL_LM  # type: ignore[assignment]
    assert config == LoraConfig(task_type="CAUSAL_LM")
    with pytest.raises(ValidationError):
        config.peft_type = peft.PeftType.IA3  # type: ignore[assignment]


def test_nothing_is_shared_with_the_object_of_peft() -> None:
    config = LoraConfig(rank_pattern={"q": 1}, use_bdlora={"target_modules_bd_a": ["q"]})
    theirs: Any = config.to_peft()
    theirs.rank_pattern["v"] = 2
    theirs.use_bdlora.target_modules_bd_a.append("v")
    assert config.rank_pattern == {"q": 1}
    assert config.use_bdlora is not None
    assert config.use_bdlora.target_modules_bd_a == ["q"]
    back = LoraConfig.from_peft(theirs)
    back.rank_pattern["k"] = 3
    assert theirs.rank_pattern == {"q": 1, "v": 2}


def test_adapter_names_of_a_router_are_kept() -> None:
    config = LoraConfig(arrow_config=ArrowConfig(task_adapter_names=["a", "b"], use_gks=True))
    theirs: Any = config.to_peft()
    assert theirs.arrow_config.task_adapter_names == ["a", "b"]
    assert LoraConfig.from_peft(theirs).arrow_config == config.arrow_config


def test_a_config_of_peft_with_a_value_that_is_refused_here_raises() -> None:
    with pytest.raises(ValidationError) as caught:
        LoraConfig.from_peft(peft.LoraConfig(r=-1, target_modules=["("]))
    assert [error["loc"] for error in caught.value.errors()] == [("r",)]
    with pytest.raises(ValidationError, match="peft_type"):
        LoraConfig.from_peft(peft.AdaLoraConfig(total_step=10))


def test_an_unknown_field_of_a_newer_peft_is_not_dropped_in_silence() -> None:
    @dataclasses.dataclass
    class NewerConfig(peft.LoraConfig):
        use_new: bool = False
        new_config: dict[str, int] = dataclasses.field(default_factory=dict)

    assert LoraConfig.from_peft(NewerConfig(r=4)).r == 4
    with pytest.raises(LoracfgError, match="not know the field `use_new`, which is set to `True`"):
        LoraConfig.from_peft(NewerConfig(use_new=True))


def test_a_field_that_an_older_peft_does_not_have_raises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = dict(peft.LoraConfig.__dataclass_fields__)
    del fields["kasa_config"]
    # A member that is put back would be the last one, and the order is that of arguments.
    monkeypatch.setattr(peft.LoraConfig, "__dataclass_fields__", fields)
    assert LoraConfig(r=4).to_peft().r == 4
    with pytest.raises(
        LoracfgError, match=f"PEFT {peft.__version__} has no `kasa_config`, which is set"
    ):
        LoraConfig(kasa_config={}).to_peft()


def test_without_peft_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(LoracfgError, match="PEFT is not installed; run `pip install peft`"):
        LoraConfig().to_peft()


def test_nested_objects_are_those_of_peft() -> None:
    config = LoraConfig(init_lora_weights="eva", eva_config=EvaConfig(rho=3), **TARGETS)
    assert config.to_peft().eva_config == peft_configs.EvaConfig(rho=3)
    loftq = LoraConfig(init_lora_weights="loftq", loftq_config=LoftQConfig(loftq_bits=2))
    assert loftq.to_peft().loftq_config == {"loftq_bits": 2, "loftq_iter": 1}


def test_an_adapter_of_the_tiny_model_is_created() -> None:
    model = create(LoraConfig(r=3, use_dora=True, target_modules=["lin0"]).to_peft())
    names = {name for name, _ in model.named_parameters() if "lora_" in name}
    assert len(names) == 2 * 3


@pytest.fixture(scope="module")
def llama() -> PreTrainedModel:
    from transformers import LlamaConfig, LlamaForCausalLM

    small = LlamaConfig(
        vocab_size=16,
        hidden_size=8,
        intermediate_size=12,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
    )
    return LlamaForCausalLM(small)


@pytest.mark.parametrize(
    ("name", "given", "modules"),
    [
        ("listed", {"target_modules": ["q_proj", "up_proj"]}, {"q_proj", "up_proj"}),
        ("default", {"target_modules": None}, {"q_proj", "v_proj"}),
        ("pattern", {"target_modules": r".*\.1\.self_attn\..*"}, {"q", "k", "v", "o"}),
        ("saved", {"target_modules": ["k_proj"], "modules_to_save": ["lm_head"]}, {"k_proj"}),
    ],
)
def test_a_transformers_model_takes_the_adapter(
    llama: PreTrainedModel, name: str, given: Arguments, modules: set[str]
) -> None:
    config = LoraConfig(r=2, lora_alpha=4, task_type="CAUSAL_LM", **given)
    with quiet():
        llama.add_adapter(config.to_peft(), adapter_name=name)
    keys = [key for key, _ in llama.named_parameters() if f"lora_A.{name}" in key]
    layers = 1 if name == "pattern" else 2
    assert len(keys) == layers * len(modules)
    assert all(any(f".{module}" in key for key in keys) for module in modules)
    saved_whole = [key for key, _ in llama.named_parameters() if f"modules_to_save.{name}" in key]
    assert saved_whole == (["lm_head.modules_to_save.saved.weight"] if name == "saved" else [])
    taken: Any = llama.peft_config[name]
    assert taken.r == 2
