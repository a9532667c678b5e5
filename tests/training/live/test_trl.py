"""A run of TRL with the callback, and what TRL refuses to sync to vLLM against what we report."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any, Final

import peft
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loracfg
from tests.training.live.runs import with_adapter
from tests.zoo import tiny_model

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
pytest.importorskip("trl", reason="its runs and its check are the oracle")

ENGINE: Final = "vllm==0.33,max_lora_rank=32"
TOLD: Final = {"LC801", "LC802", "LC804", "LC022"}
"""Codes about what an engine does with an adapter, and LC022 for methods other than LoRA."""
EXAMPLES: Final = settings(
    max_examples=1000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 30
)
NAMES: Final = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
PATTERNS: Final = [
    r".*\.(q|v)_proj",
    r".*\.0\..*_proj|lm_head",
    r"(?!.*lm_head).*q_proj",
    r".*embed_tokens|.*q_proj",
]


def tokenizer() -> Any:
    """Return a tokenizer of a few words."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    cls: Any = PreTrainedTokenizerFast
    numbers = {f"w{i}": i for i in range(96)}
    words = Tokenizer(models.WordLevel(numbers, unk_token="w0"))  # noqa: S106  # no secret
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    special = {"unk_token": "w0", "pad_token": "w0", "bos_token": "w1", "eos_token": "w2"}
    return cls(tokenizer_object=words, **special)


def sft(output: Path, targets: list[str]) -> Any:
    """Return TRL's trainer for supervised finetuning, which adds the adapter itself."""
    from datasets import Dataset
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    config = SFTConfig(
        output_dir=str(output),
        max_steps=2,
        save_steps=1,
        per_device_train_batch_size=2,
        report_to=[],
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        max_length=16,
        disable_tqdm=True,
    )
    lora = peft.LoraConfig(r=4, target_modules=targets, task_type="CAUSAL_LM")
    return SFTTrainer(
        model=tiny_model("llama"),
        args=config,
        train_dataset=Dataset.from_dict({"text": ["w3 w4 w5 w6 w7"] * 8}),
        processing_class=tokenizer(),
        peft_config=lora,
        callbacks=[loracfg.LoracfgCallback()],
    )


def test_a_run_of_trl(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = sft(tmp_path, ["q_proj", "v_proj"])
        run.train()
    assert run.state.global_step == 2
    assert loracfg.check(run.model, optimizer=run.optimizer).adapters[0].status == "valid"


def test_a_misspelt_target_stops_trl_at_step_0(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = sft(tmp_path, ["q_proj", "v_prj"])
        with pytest.raises(loracfg.FailedCheckError, match=r"`v_prj`.*write `v_proj`"):
            run.train()
    assert run.state.global_step == 0


def targets() -> st.SearchStrategy[list[str] | str]:
    names = st.lists(st.sampled_from([*NAMES, "lm_head", "embed_tokens"]), min_size=1, unique=True)
    return st.one_of(names, st.sampled_from(PATTERNS), st.just("all-linear"))


def configs() -> st.SearchStrategy[dict[str, Any]]:
    """Draw configs with a few options each, of those that TRL asks for and of others."""
    return st.fixed_dictionaries(
        {"target_modules": targets(), "r": st.sampled_from([1, 8, 64])},
        optional={
            "modules_to_save": st.sampled_from([["norm"], ["lm_head"], ["embed_tokens"], []]),
            "use_dora": st.booleans(),
            "bias": st.sampled_from(["none", "all", "lora_only"]),
            "target_parameters": st.sampled_from([[], ["o_proj.weight"]]),
            "use_rslora": st.booleans(),
            "rank_pattern": st.just({"q_proj": 2}),
            "exclude_modules": st.just(["lm_head"]),
            "task_type": st.just("CAUSAL_LM"),
        },
    )


def refused(model: Any) -> str | None:
    """Return why TRL does not sync the adapter of a model to vLLM; None if it does."""
    from trl.experimental.async_grpo.async_grpo_trainer import validate_lora_for_vllm_sync

    try:
        validate_lora_for_vllm_sync(model)
    except ValueError as error:
        return str(error)
    return None


def reported(model: Any) -> set[str]:
    found = loracfg.check(model, for_=ENGINE).adapters
    return {d.code for one in found for d in one.diagnostics if d.severity != "info"} & TOLD


@settings(EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs(), st.sampled_from([1, 1, 1, 2]))
def test_what_trl_refuses_is_reported(config: dict[str, Any], active: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = with_adapter(tiny_model("llama"), **config)
            if active == 2:
                plain = peft.LoraConfig(target_modules=["q_proj"])
                model.add_adapter("second", plain)
                model.base_model.set_adapter(["default", "second"])
        except (ValueError, RuntimeError):
            return  # PEFT has no such adapter
        why = refused(model)
    assert why is None or reported(model), why


def test_what_trl_syncs_is_not_reported() -> None:
    model = with_adapter(tiny_model("llama"), target_modules=NAMES, task_type="CAUSAL_LM", r=32)
    assert refused(model) is None
    assert reported(model) == set()


@pytest.mark.parametrize("method", ["LoHaConfig", "IA3Config"])
def test_other_methods_are_reported(method: str) -> None:
    given: dict[str, Any] = {"target_modules": ["q_proj"]}
    given |= {"feedforward_modules": []} if method == "IA3Config" else {}
    model = peft.get_peft_model(tiny_model("llama"), getattr(peft, method)(**given))
    assert refused(model)
    assert reported(model)


def test_a_rank_above_the_servers_is_reported() -> None:
    """TRL compares the rank apart from the rest, and also that of patterns."""
    for change in ({"r": 64}, {"rank_pattern": {"q_proj": 64}}):
        model = with_adapter(tiny_model("llama"), **change, task_type="CAUSAL_LM")
        assert "LC801" in reported(model)
