"""Defects of the config file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Final

from loracfg.testing.copies import CONFIG, Copy
from loracfg.testing.defect import (
    LFS,
    A,
    Defect,
    has_no_variant,
    if_plain_lora,
    is_plain_lora,
    set_file,
    set_key,
)


def _config_text(change: Callable[[str], str | bytes]) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        changed = change(json.dumps(copy.config, indent=2))
        copy.files[CONFIG] = changed.encode() if isinstance(changed, str) else changed
        return True

    return apply


def _without(key: str) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        del copy.config[key]
        return True

    return apply


def _all_layers(apply: Callable[[Copy], bool]) -> Callable[[Copy], bool]:
    """Apply a defect to patterns, which do not allow `layers_to_transform`."""
    return lambda copy: (
        is_plain_lora(copy) and copy.config["layers_to_transform"] is None and apply(copy)
    )


def _misspell(copy: Copy) -> bool:
    del copy.config["lora_alpha"]
    copy.config["lora_alhpa"] = 32
    return True


CONFIG_DEFECTS: Final = [
    # the config file
    Defect("config-missing", "LC003", set_file(CONFIG, None)),
    Defect("config-empty", "LC010", set_file(CONFIG, b"")),
    Defect("config-cut-off", "LC012", _config_text(lambda text: text[: len(text) // 2])),
    Defect("config-trailing-comma", "LC011", _config_text(lambda t: t[:-2] + ",\n}")),
    Defect("config-python-literals", "LC011", _config_text(lambda t: t.replace("null", "None"))),
    Defect("config-comment", "LC011", _config_text(lambda t: "// adapter\n" + t)),
    Defect("config-byte-order-mark", "LC014", _config_text(lambda t: b"\xef\xbb\xbf" + t.encode())),
    Defect("config-utf-16", "LC013", _config_text(lambda text: text.encode("utf-16"))),
    Defect("config-lfs-pointer", "LC015", set_file(CONFIG, LFS)),
    Defect("config-list", "LC018", set_file(CONFIG, b"[]")),
    Defect(
        "config-of-model",
        "LC020",
        set_file(CONFIG, b'{"architectures": ["X"], "model_type": "x", "hidden_size": 4}'),
    ),
    Defect(
        "config-of-mlx", "LC021", set_file(CONFIG, b'{"fine_tune_type": "lora", "num_layers": 4}')
    ),
    Defect(
        "other-method-name", "LC025", lambda c: bool(c.named(A)) and set_key(peft_type="LOHA")(c)
    ),
    Defect("method-lower-case", "LC023", set_key(peft_type="lora")),
    Defect("method-missing", "LC024", _without("peft_type")),
    Defect("alpha-nan", "LC017", set_key(lora_alpha=math.nan)),
    Defect("alpha-infinite", "LC017", set_key(lora_alpha=math.inf)),
    # single values
    Defect("key-misspelt", "LC102", _misspell),
    Defect("rank-as-text", "LC103", set_key(r="8")),
    Defect("rank-null", "LC103", set_key(r=None)),
    Defect("rank-float", "LC103", set_key(r=8.0)),
    Defect("rank-zero", "LC105", set_key(r=0)),
    Defect("rank-negative", "LC105", set_key(r=-4)),
    Defect("alpha-null", "LC103", set_key(lora_alpha=None)),
    Defect("alpha-text", "LC103", set_key(lora_alpha="16")),
    Defect("alpha-zero", "LC323", set_key(lora_alpha=0)),
    Defect("dropout-above-one", "LC105", set_key(lora_dropout=1.5)),
    Defect("bias-null", "LC106", set_key(bias=None)),
    Defect("bias-unknown", "LC106", set_key(bias="lora")),
    Defect("task-misspelt", "LC106", set_key(task_type="CUASAL_LM")),
    Defect("init-unknown", "LC106", set_key(init_lora_weights="kaiming")),
    Defect("rank-pattern-null", "LC103", set_key(rank_pattern=None)),
    Defect("rank-pattern-zero", "LC105", set_key(rank_pattern={"q_proj": 0})),
    Defect("targets-number", "LC103", set_key(target_modules=3)),
    Defect(
        "targets-printed-set", "LC320", _all_layers(set_key(target_modules="{'q_proj', 'v_proj'}"))
    ),
    Defect("targets-broken-pattern", "LC108", set_key(target_modules="(q_proj")),
    Defect(
        "targets-slow-pattern",
        "LC701",
        _all_layers(set_key(target_modules="((([a-z._0-9]+)*)*)*#")),
    ),
    Defect("targets-placeholder", "LC322", if_plain_lora(set_key(target_modules=["auto"]))),
    Defect("saved-name-empty", "LC103", set_key(modules_to_save=[""])),
    # values that exclude each other
    Defect(
        "pattern-with-layers",
        "LC302",
        set_key(target_modules=r"(.*\.)?[^.]+", layers_to_transform=[0]),
    ),
    Defect(
        "layers-pattern-alone",
        "LC303",
        lambda c: (
            c.config["layers_to_transform"] is None
            and isinstance(c.config["target_modules"], list)
            and set_key(layers_pattern="layers")(c)
        ),
    ),
    Defect(
        "loftq-without-config",
        "LC305",
        lambda c: not c.config["lora_bias"] and set_key(init_lora_weights="loftq")(c),
    ),
    Defect(
        "dora-and-factor-bias",
        "LC308",
        lambda c: (
            has_no_variant(c)
            and c.config["init_lora_weights"] in (True, False)
            and set_key(use_dora=True, lora_bias=True)(c)
        ),
    ),
    Defect(
        "dora-and-kasa",
        "LC309",
        lambda c: (
            has_no_variant(c)
            and set_key(use_dora=True, kasa_config={"beta": 1e-4, "gamma": 1e-3})(c)
        ),
    ),
    Defect(
        "router", "LC312", lambda c: has_no_variant(c) and set_key(arrow_config={"top_k": 2})(c)
    ),
    Defect("corda", "LC313", lambda c: has_no_variant(c) and set_key(init_lora_weights="corda")(c)),
    # the weight file
]
