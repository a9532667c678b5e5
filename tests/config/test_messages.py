"""The messages about single values and keys, word for word."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.nested import EvaConfig
from loracfg.config.reading.with_models import LOADS
from tests.config.reading import reading_of

INITS = (
    "`gaussian`, `eva`, `olora`, `pissa`, `pissa_niter_N`, `corda`, `loftq`, `orthogonal`, "
    "`lora_ga`, `mica`"
)
TASKS = "`SEQ_CLS`, `SEQ_2_SEQ_LM`, `CAUSAL_LM`, `TOKEN_CLS`, `QUESTION_ANS`, `FEATURE_EXTRACTION`"

CORRECT = "correct the value"


@pytest.mark.parametrize(
    ("config", "pointer", "kind", "message", "help_text"),
    [
        ({"r": "8"}, "/r", "wrong-type", '`r` is `"8"`, not an integer', CORRECT),
        ({"r": 8.0}, "/r", "wrong-type", "`r` is `8.0`, not an integer", CORRECT),
        (
            {"target_modules": ["\ud800"]},
            "/target_modules/0",
            "wrong-type",
            r'`target_modules.0` is `"\ud800"`, not valid Unicode',
            CORRECT,
        ),
        (
            {"bias": "\ud800"},
            "/bias",
            "wrong-type",
            r'`bias` is `"\ud800"`, not valid Unicode',
            CORRECT,
        ),
        ({"r": True}, "/r", "wrong-type", "`r` is `true`, not an integer", CORRECT),
        ({"r": 0}, "/r", "out-of-range", "`r` is `0`, but must be `1` or more", CORRECT),
        (
            {"lora_alpha": None},
            "/lora_alpha",
            "wrong-type",
            "`lora_alpha` is `null`, not a number",
            CORRECT,
        ),
        (
            {"lora_alpha": float("nan")},
            "/lora_alpha",
            "out-of-range",
            "`lora_alpha` is `NaN`, but must be a finite number",
            CORRECT,
        ),
        (
            {"lora_dropout": 1.5},
            "/lora_dropout",
            "out-of-range",
            "`lora_dropout` is `1.5`, but must be below `1`",
            CORRECT,
        ),
        (
            {"eva_config": {"rho": 0.5}},
            "/eva_config/rho",
            "out-of-range",
            "`eva_config.rho` is `0.5`, but must be `1` or more",
            CORRECT,
        ),
        (
            {"arrow_config": {"top_k": 0}},
            "/arrow_config/top_k",
            "out-of-range",
            "`arrow_config.top_k` is `0`, but must be above `0`",
            CORRECT,
        ),
        (
            {"bias": "lora-only"},
            "/bias",
            "unknown-value",
            '`bias` is `"lora-only"`, not one of `none`, `all`, `lora_only`',
            'write `"lora_only"`',
        ),
        (
            {"task_type": "causal_lm"},
            "/task_type",
            "unknown-value",
            f'`task_type` is `"causal_lm"`, not one of {TASKS}',
            'write `"CAUSAL_LM"`',
        ),
        (
            {"init_lora_weights": "guassian"},
            "/init_lora_weights",
            "unknown-value",
            f'`init_lora_weights` is `"guassian"`, not one of {INITS}',
            'write `"gaussian"`',
        ),
        (
            {"init_lora_weights": "kaiming"},
            "/init_lora_weights",
            "unknown-value",
            f'`init_lora_weights` is `"kaiming"`, not one of {INITS}',
            CORRECT,
        ),
        (
            {"init_lora_weights": 1},
            "/init_lora_weights",
            "wrong-type",
            "`init_lora_weights` is `1`, not `true` or `false` or a string",
            CORRECT,
        ),
        (
            {"peft_type": "lora"},
            "/peft_type",
            "unknown-value",
            '`peft_type` is `"lora"`, not `LORA`',
            'write `"LORA"`',
        ),
        (
            {"target_modules": ["q", None, 1]},
            "/target_modules/1",
            "wrong-type",
            "`target_modules.1` is `null`, not a string; 1 other is invalid too",
            CORRECT,
        ),
        (
            {"target_modules": 5},
            "/target_modules",
            "wrong-type",
            "`target_modules` is `5`, not a list or a string",
            CORRECT,
        ),
        (
            {"target_modules": "(q|v_proj"},
            "/target_modules",
            "invalid-pattern",
            "`target_modules` is not a valid regular expression: "
            "missing ), unterminated subpattern at position 0",
            CORRECT,
        ),
        (
            {"rank_pattern": {"a": 1, "q[": 4}},
            "/rank_pattern/q[",
            "invalid-pattern",
            "the key `rank_pattern.q[` is not a valid regular expression: "
            "unterminated character set at position 1",
            CORRECT,
        ),
        (
            {"rank_pattern": {"(?i)q_PROJ": 4}},
            "/rank_pattern/(?i)q_PROJ",
            "invalid-pattern",
            "the key `rank_pattern.(?i)q_PROJ` is not a valid regular expression: "
            "global flags not at the start of the expression",
            CORRECT,
        ),
        (
            {"rank_pattern": {"a/b": 0, "c": -1, "d": -2}},
            "/rank_pattern/a~1b",
            "out-of-range",
            "`rank_pattern.a/b` is `0`, but must be `1` or more; 2 others are invalid too",
            CORRECT,
        ),
        (
            {"layer_replication": [[0, 2], [1]]},
            "/layer_replication/1",
            "wrong-type",
            "`layer_replication.1` is `[1]`, not a list of two integers",
            CORRECT,
        ),
        (
            {"trainable_token_indices": {"embed_tokens": []}},
            "/trainable_token_indices/embed_tokens",
            "out-of-range",
            "`trainable_token_indices.embed_tokens` is `[]`, but must be a non-empty list",
            CORRECT,
        ),
        (
            {"modules_to_save": "lm_head"},
            "/modules_to_save",
            "wrong-type",
            '`modules_to_save` is `"lm_head"`, not a list',
            CORRECT,
        ),
        (
            {"use_bdlora": {"target_modules_bd_a": ["q"], "target_modules_bd_b": ["q"]}},
            "/use_bdlora",
            "overlap",
            "`use_bdlora` has `q` in both `target_modules_bd_a` and `target_modules_bd_b`",
            CORRECT,
        ),
        (
            {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 3, "loftq_iter": 1}},
            "/loftq_config/loftq_bits",
            "unknown-value",
            "`loftq_config.loftq_bits` is `3`, not one of `2`, `4`, `8`",
            CORRECT,
        ),
        (
            {"megatron_config": {"a": float("inf")}},
            "/megatron_config",
            "out-of-range",
            '`megatron_config` is `{"a": Infinity}`, but must be a valid JSON object',
            CORRECT,
        ),
    ],
)
def test_a_value_that_peft_fails_on(
    config: dict[str, Any], pointer: str, kind: str, message: str, help_text: str
) -> None:
    reading = reading_of(config)
    (fault,) = reading.faults
    assert (fault.kind, fault.message, fault.help) == (kind, message, help_text)
    assert fault.location.pointer == pointer
    assert fault.kind not in LOADS
    field = pointer.split("/")[1]
    assert reading.unusable == {field}
    assert not reading.usable("r", field)
    assert getattr(reading.config, field) == getattr(LoraConfig(), field)
    assert reading.conflicts == ()


@pytest.mark.parametrize(
    ("config", "message", "taken"),
    [
        (
            {"fan_in_fan_out": None},
            "`fan_in_fan_out` is `null`, not `true` or `false`; PEFT treats it as `false`",
            False,
        ),
        (
            {"use_dora": "false"},
            '`use_dora` is `"false"`, not `true` or `false`; PEFT treats it as `true`',
            True,
        ),
        (
            {"peft_version": 0.18},
            "`peft_version` is `0.18`, not a string; PEFT loads it anyway",
            None,
        ),
        (
            {"lora_dropout": 1},
            "`lora_dropout` is `1`, but must be below `1`; PEFT loads it anyway",
            1,
        ),
        (
            {"lora_dropout": -0.5},
            "`lora_dropout` is `-0.5`, but must be `0` or more; PEFT loads it anyway",
            0.0,
        ),
        (
            {"init_lora_weights": None},
            "`init_lora_weights` is `null`, not `true` or `false` or a string; "
            "PEFT loads it anyway",
            False,
        ),
        (
            {"modules_to_save": False},
            "`modules_to_save` is `false`, not a list; PEFT loads it anyway",
            None,
        ),
        (
            {"exclude_modules": {"lm_head": True}},
            '`exclude_modules` is `{"lm_head": true}`, not a list or a string; '
            "PEFT loads it anyway",
            ["lm_head"],
        ),
        (
            {"target_modules": ["q", "", "v", ""]},
            '`target_modules.1` is `""`, not a non-empty name; 1 other is invalid too; '
            "PEFT loads it anyway",
            ["q", "v"],
        ),
        (
            {"layers_to_transform": [0, 2.0]},
            "`layers_to_transform.1` is `2.0`, not an integer; PEFT loads it anyway",
            [0, 2],
        ),
        (
            {"eva_config": {"rho": 3, "whiten": "no"}},
            '`eva_config.whiten` is `"no"`, not `true` or `false`; PEFT loads it anyway',
            EvaConfig(rho=3),
        ),
        (
            {"loftq_config": {"loftq_bits": 3}},
            "`loftq_config.loftq_bits` is `3`, not one of `2`, `4`, `8`; PEFT loads it anyway",
            {},
        ),
    ],
)
def test_a_value_that_peft_loads_all_the_same(
    config: dict[str, Any], message: str, taken: object
) -> None:
    reading = reading_of(config)
    (fault,) = reading.faults
    assert (fault.kind, fault.message) == ("loose-value", message)
    assert fault.kind in LOADS
    assert reading.unusable == frozenset()
    (field,) = config
    assert getattr(reading.config, field) == taken
    assert type(getattr(reading.config, field)) is type(taken)


@pytest.mark.parametrize(
    ("config", "pointer", "kind", "message", "help_text"),
    [
        (
            {"r": 8, "lora_aplha": 16},
            "/lora_aplha",
            "misspelt-key",
            "`lora_aplha` is not a key of LoraConfig, and `lora_alpha` is not set",
            "write `lora_alpha`",
        ),
        (
            {"Target_Modules": []},
            "/Target_Modules",
            "misspelt-key",
            "`Target_Modules` is not a key of LoraConfig, and `target_modules` is not set",
            "write `target_modules`",
        ),
        (
            {"lora_alpha": 8, "lora_aplha": 16},
            "/lora_aplha",
            "unknown-key",
            "`lora_aplha` is not a key of LoraConfig; PEFT ignores it",
            "remove the key",
        ),
        (
            {"future/key": None},
            "/future~1key",
            "unknown-key",
            "`future/key` is not a key of LoraConfig; PEFT ignores it",
            "remove the key",
        ),
        (
            {"merge_weights": False},
            "/merge_weights",
            "removed-key",
            "`merge_weights` is `false`, but PEFT removed the key in 0.3.0",
            "remove the key",
        ),
        (
            {"enable_lora": [True, False]},
            "/enable_lora",
            "removed-key",
            "`enable_lora` is `[true, false]`, but PEFT removed the key in 0.3.0",
            "remove the key",
        ),
        (
            {"runtime_config": {"ephemeral_gpu_offload": "x"}},
            "/runtime_config",
            "runtime-config",
            "`runtime_config` only applies to a single run; PEFT ignores it in a file",
            "remove the key",
        ),
        (
            {"eva_config": {"rho": 2.0, "tao": 1}},
            "/eva_config/tao",
            "unknown-key",
            "`eva_config.tao` is not a key of EvaConfig; PEFT ignores it",
            "remove the key",
        ),
        (
            {"\u001b[31mred\u202e": 1},
            "/\u001b[31mred\u202e",
            "unknown-key",
            "`\\u001b[31mred\\u202e` is not a key of LoraConfig; PEFT ignores it",
            "remove the key",
        ),
        (
            {"x" * 100: 1},
            "/" + "x" * 100,
            "unknown-key",
            f"`{'x' * 59}…` is not a key of LoraConfig; PEFT ignores it",
            "remove the key",
        ),
    ],
)
def test_a_key_that_peft_does_not_read(
    config: dict[str, Any], pointer: str, kind: str, message: str, help_text: str
) -> None:
    reading = reading_of(config)
    (fault,) = reading.faults
    assert (fault.kind, fault.message, fault.help) == (kind, message, help_text)
    assert fault.location.pointer == pointer
    assert fault.kind in LOADS
    assert reading.present == config.keys()


def test_an_unknown_key_that_peft_fails_on() -> None:
    (fault,) = reading_of({"monteclora_config": {"num_samples": 4, "samples": 8}}).faults
    assert fault.kind == "fatal-key"
    assert fault.kind not in LOADS
    assert (
        fault.message
        == "`monteclora_config.samples` is not a key of MontecloraConfig, and PEFT fails on it"
    )
