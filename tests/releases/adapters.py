"""Adapters that PEFT releases create for the tests of loading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

Tree = dict[str, list[Any]]

Q, V = "q_proj", "v_proj"
MODEL: Final[Tree] = {
    f"model.layers.{layer}.self_attn.{name}": ["Linear", 8, outputs]
    for layer in (0, 1)
    for name, outputs in ((Q, 12), (V, 6))
} | {"model.embed_tokens": ["Embedding", 20, 8], "lm_head": ["Linear", 8, 21]}

EXPERTS: Final[Tree] = MODEL | {
    f"model.layers.{layer}.mlp.experts.{expert}.up_proj": ["Linear", 8, 9]
    for layer in (0, 1)
    for expert in (0, 1)
}
CONVOLUTIONS: Final[Tree] = MODEL | {
    "conv1": ["Conv1d", 4, 6, 3],
    "conv2": ["Conv2d", 4, 6, 3],
    "conv3": ["Conv3d", 4, 6, 3],
    "grouped": ["Conv2d", 4, 6, 3, 1, 0, 1, 2],
}
FUSED: Final[Tree] = MODEL | {"h.0.c_attn": ["Conv1D", 8, 24]}
ATTENTION: Final[Tree] = MODEL | {"attn": ["MultiheadAttention", 8, 2]}
STACKS: Final[Tree] = MODEL | {
    "mlp.experts.up": ["Parameter", 3, 8, 10],
    "mlp.experts.down": ["Parameter", 3, 10, 8],
    "mlp.experts.square": ["Parameter", 3, 8, 8],
}
CONFUSING: Final[Tree] = MODEL | {
    "weighted.mean": ["Linear", 8, 6],
    "lora_net.up": ["Linear", 8, 6],
    "lora_net.embed": ["Embedding", 20, 8],
    "biased.out": ["Linear", 8, 6],
}

MADE: Final = {"r": 4, "lora_alpha": 6, "lora_dropout": 0.0, "bias": "none"}
BLOCKS: Final = {"target_modules_bd_a": [Q], "target_modules_bd_b": [V], "nblocks": 2}


@dataclass(frozen=True)
class Made:
    """An adapter that a release makes of a config.

    `whole` ones keep the config as the release wrote it, others only the given keys, which more
    releases know. `pickled` is about releases that prefer safetensors.
    """

    release: str
    values: dict[str, Any] = field(default_factory=dict)
    model: Tree = field(default_factory=lambda: MODEL)
    whole: bool = False
    pickled: bool = True

    @property
    def config(self) -> dict[str, Any]:
        """The config that is given to the release."""
        return {"peft_type": "LORA", **MADE, "target_modules": [Q, V]} | self.values


def _newest(model: Tree = MODEL, **values: Any) -> Made:
    return Made("0.21.2", values, model)


def _whole(release: str, model: Tree = MODEL, *, pickled: bool = False, **values: Any) -> Made:
    return Made(release, values, model, whole=True, pickled=pickled)


ADAPTERS: Final[dict[str, Made]] = {
    "plain": _newest(),
    "plain-safetensors": Made("0.21.2", pickled=False),
    **{
        f"whole-{release}": _whole(release)
        for release in ("0.1.0", "0.3.0", "0.5.0", "0.6.2", "0.7.1", "0.8.2", "0.9.0", "0.13.2",
                        "0.14.0", "0.15.2", "0.16.0", "0.17.1", "0.18.1", "0.19.1", "0.20.0",
                        "0.21.2")
    },
    "fused-0.2.0": _whole("0.2.0", FUSED, target_modules=["c_attn"]),
    "one-target-0.1.0": _whole("0.1.0", target_modules=[Q]),
    "conv1d-0.5.0": _whole("0.5.0", FUSED, target_modules=["c_attn"], fan_in_fan_out=True),
    "conv1d": _newest(FUSED, target_modules=["c_attn"], fan_in_fan_out=True),
    "rslora": _newest(use_rslora=True),
    "rslora-0.8.0": _whole("0.8.0", use_rslora=True),
    "dora-0.9.0": _whole("0.9.0", use_dora=True),
    "dora": _newest(use_dora=True),
    "dora-conv1d": _newest(FUSED, target_modules=["c_attn"], use_dora=True, fan_in_fan_out=True),
    "dora-embedding": _newest(target_modules=[Q, "embed_tokens"], use_dora=True),
    **{
        f"dora-conv{n}": _newest(CONVOLUTIONS, target_modules=[Q, f"conv{n}"], use_dora=True)
        for n in (1, 2, 3)
    },
    **{f"conv{n}": _newest(CONVOLUTIONS, target_modules=[Q, f"conv{n}"]) for n in (1, 2, 3)},
    "grouped": _newest(CONVOLUTIONS, target_modules=[Q, "grouped"]),
    "embedding": _newest(target_modules=[Q, "embed_tokens"]),
    "embedding-0.3.0": _whole("0.3.0", target_modules=[Q, "embed_tokens"]),
    "attention": _newest(ATTENTION, target_modules=[Q, "attn"]),
    "ranks": _newest(rank_pattern={Q: 2}),
    "alphas": _newest(alpha_pattern={Q: 2}),
    "joint": _newest(rank_pattern={V: 2}, alpha_pattern={r"self_attn\.v_proj": 3, Q: 5}),
    "joint-0.6.0": _whole("0.6.0", rank_pattern={V: 2}, alpha_pattern={r"attn\.v_proj": 3}),
    "anchored": _newest(rank_pattern={r"^model\.layers\.0\.self_attn\.q_proj": 2}),
    "anchored-0.13.2": _whole("0.13.2", rank_pattern={"^q_proj": 2}),
    "top-level-key": _newest(target_modules=[Q, "lm_head"], rank_pattern={"lm_hea.": 2}),
    "excluded": _newest(exclude_modules=[V]),
    "text-excluded": _newest(EXPERTS, target_modules=".*_proj", exclude_modules=r".*\.0\..*"),
    "layers": _newest(layers_to_transform=[1]),
    "layers-of-list": _newest(layers_to_transform=[1], layers_pattern="layers"),
    "layers-of-experts": _newest(EXPERTS, target_modules=["up_proj"], layers_to_transform=[1]),
    "layers-of-experts-0.8.0": _whole(
        "0.8.0", EXPERTS, target_modules=["up_proj"], layers_to_transform=[1]
    ),
    "raw-end-0.4.0": _whole("0.4.0", target_modules=["_proj", "x"]),
    "pattern-in-name-0.5.0": _whole("0.5.0", target_modules=["[qv]_proj"]),
    "text": _newest(EXPERTS, target_modules=r".*\.[qv]_proj"),
    "bias-0.1.0": _whole("0.1.0", bias="all"),
    "bias-0.6.2": _whole("0.6.2", bias="all"),
    "bias-lora-0.6.2": _whole("0.6.2", bias="lora_only"),
    "bias-0.7.0": _whole("0.7.0", bias="all"),
    "bias-lora-0.20.0": _whole("0.20.0", bias="lora_only"),
    "bias": _newest(bias="all"),
    "bias-lora": _newest(bias="lora_only"),
    "lora-bias": _newest(lora_bias=True),
    "tokens": _newest(trainable_token_indices={"embed_tokens": [0, 3]}),
    "tokens-list": _newest(trainable_token_indices=[0, 3]),
    "saved": _newest(modules_to_save=["lm_head"]),
    "saved-0.2.0": _whole("0.2.0", modules_to_save=["lm_head"]),
    "saved-0.5.0": _whole("0.5.0", modules_to_save=["lm_head"]),
    "targeted-and-saved-0.2.0": _whole(
        "0.2.0", target_modules=[Q, "lm_head"], modules_to_save=["lm_head"]
    ),
    "targeted-and-saved-0.6.2": _whole(
        "0.6.2", target_modules=[Q, "lm_head"], modules_to_save=["lm_head"]
    ),
    **{
        init: _newest(init_lora_weights=init)
        for init in ("gaussian", "pissa", "pissa_niter_4", "olora", "orthogonal", "mica")
    },
    "false-init": _newest(init_lora_weights=False),
    **{
        f"stack-{release}": _whole(
            release, STACKS, target_modules=[Q], target_parameters=["experts.up", "experts.down"]
        )
        for release in ("0.17.1", "0.19.0", "0.21.2")
    },
    **{
        f"square-stack-{release}": _whole(
            release, STACKS, target_modules=[Q], target_parameters=["experts.square"]
        )
        for release in ("0.17.1", "0.19.0", "0.21.2")
    },
    "stack-dropped": _newest(STACKS, target_modules=[Q], target_parameters=["experts.up"]),
    "kasa": _newest(kasa_config={}),
    "bdlora": _newest(use_bdlora=BLOCKS),
    "velora": _newest(velora_config={"num_groups": 4}),
    "monteclora": _newest(monteclora_config={"num_samples": 4}),
    "alora": _newest(alora_invocation_tokens=[1], task_type="CAUSAL_LM"),
    **{
        f"confusing-{path}": _newest(CONFUSING, target_modules=[Q, path])
        for path in ("weighted.mean", "lora_net.up", "lora_net.embed")
    },
    "confusing-saved": _newest(CONFUSING, modules_to_save=["lora_net.up"]),
    "confusing-bias": _newest(CONFUSING, target_modules=[Q], bias="all"),
    "confusing-lora-bias": _newest(CONFUSING, target_modules=[Q, "biased.out"], lora_bias=True),
    "version": _newest(peft_version="0.18.0"),
    "task": _newest(task_type="QUESTION_ANS"),
    "eva": _newest(eva_config={"rho": 2.0}),
}  # fmt: skip
"""Left out is what only the base tells: groups of convolutions before 0.16.0, GPTQ, tied layers."""
