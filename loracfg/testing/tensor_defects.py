"""Defects of tensors against the config and the base."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final

from loracfg.adapter.header.tensor import Tensor
from loracfg.testing.copies import Copy
from loracfg.testing.defect import (
    FACTOR,
    OF_PARAMETERS,
    A,
    B,
    Defect,
    has_no_variant,
    if_plain_lora,
    is_plain_lora,
    set_key,
)


def _rename(pattern: str, new: str) -> Callable[[Copy], bool]:
    return lambda copy: copy.rename(lambda name: re.sub(pattern, new, name))


def _other_rank(copy: Copy) -> bool:
    if copy.config["rank_pattern"] or copy.config["target_parameters"]:
        return False
    if not copy.named(FACTOR) or copy.config["use_bdlora"]:
        return False
    init = str(copy.config["init_lora_weights"])
    if init.startswith(("pissa", "olora")) and copy.config["r"] >= 32:
        return False
    copy.config["r"] += 1 if copy.config["init_lora_weights"] != "orthogonal" else 2
    return True


def _ranks_without_pattern(copy: Copy) -> bool:
    rank = copy.config["r"]
    other = any(copy.tensors[name].shape[0] != rank for name in copy.named(A))
    given, copy.config["rank_pattern"] = copy.config["rank_pattern"], {}
    return other and bool(given) and not copy.config["target_parameters"]


def _half_a_layer(factor: str) -> Callable[[Copy], bool]:
    return lambda copy: copy.drop(copy.named(factor)[:1])


def _one_layer_missing(copy: Copy) -> bool:
    names = copy.named(A)
    if len(names) < 2 or not is_plain_lora(copy):
        return False
    path = names[0].removesuffix(".lora_A.weight")
    return copy.drop([name for name in copy.tensors if name.startswith(path + ".")])


def _transposed(copy: Copy) -> bool:
    shapes = {copy.tensors[name].shape for name in copy.named(FACTOR)}
    square = any(len(shape) != 2 or shape[0] == shape[1] for shape in shapes)
    if not is_plain_lora(copy) or square:
        return False
    return copy.reshape(FACTOR, lambda shape: (shape[1], shape[0]))


def _slices(copy: Copy) -> bool:
    even = all(copy.tensors[name].shape[0] % 2 == 0 for name in copy.named(FACTOR))
    if not even or not is_plain_lora(copy):
        return False
    return copy.reshape(FACTOR, lambda shape: (shape[0] // 2, *shape[1:]))


def _unequal(copy: Copy) -> bool:
    if not is_plain_lora(copy) or any(len(copy.tensors[n].shape) > 2 for n in copy.named(B)):
        return False
    return copy.reshape(B, lambda shape: (shape[0], shape[1] + 1))


def _fused(copy: Copy) -> bool:
    if not is_plain_lora(copy) or any(len(copy.tensors[n].shape) > 2 for n in copy.named(B)):
        return False
    copy.reshape(A, lambda shape: (2 * shape[0], shape[1]))
    return copy.reshape(B, lambda shape: (shape[0], shape[1], 1))


def _other_model_size(copy: Copy) -> bool:
    if str(copy.config["init_lora_weights"]).startswith(("pissa", "olora")):
        return False
    return is_plain_lora(copy) and copy.reshape(
        A, lambda shape: (shape[0], 2 * shape[1], *shape[2:])
    )


def _layer_beyond(copy: Copy) -> bool:
    if copy.config["layer_replication"] or copy.config["layers_to_transform"] is not None:
        return False
    if copy.config["rank_pattern"] or copy.config["target_parameters"]:
        return False
    names = copy.named(r"\.1\..*lora_")
    for name in names:
        further = re.sub(r"\.1\.", ".7.", name, count=1)
        copy.tensors[further] = copy.tensors[name]._replace(name=further)
    targets = copy.config["target_modules"]
    by_name = isinstance(targets, list) and all("." not in target for target in targets)
    return bool(names) and by_name and copy.config["exclude_modules"] is None


def _unknown_module(copy: Copy) -> bool:
    targets = copy.config["target_modules"]
    if not isinstance(targets, list) or not targets or not is_plain_lora(copy):
        return False
    if any("." in target for target in targets) or copy.config["exclude_modules"]:
        return False
    if copy.config["rank_pattern"]:
        return False
    copy.config["target_modules"] = [*targets, "qkv_fused"]
    for name in copy.named(FACTOR)[:2]:
        other = re.sub(r"[^.]+(\.lora_[AB])", r"qkv_fused\1", name)
        copy.tensors[other] = copy.tensors[name]._replace(name=other)
    return bool(copy.named("qkv_fused")) and copy.config["layers_to_transform"] is None


def _targets(copy: Copy) -> list[str] | None:
    targets = copy.config["target_modules"]
    names = isinstance(targets, list) and targets and not copy.config["target_parameters"]
    return targets if names else None


def _fewer_targets(copy: Copy) -> bool:
    targets = _targets(copy)
    if targets is None or len(targets) < 2 or not is_plain_lora(copy):
        return False
    lost = targets[0]
    if copy.config["bias"] != "none" or any(t.endswith("." + lost) for t in targets):
        return False
    copy.config["target_modules"] = targets[1:]
    return bool(copy.named(rf"\.{re.escape(lost)}\.lora_A"))


def _foreign_targets(copy: Copy) -> bool:
    if _targets(copy) is None or copy.config["layers_to_transform"] is not None:
        return False
    if not is_plain_lora(copy):
        return False
    copy.config["target_modules"] = ["no_such_layer"]
    return True


def _targets_excluded(copy: Copy) -> bool:
    targets = _targets(copy)
    if targets is None or not is_plain_lora(copy) or copy.config["exclude_modules"]:
        return False
    copy.config["exclude_modules"] = targets[:1]
    return len(targets) > 1 and not any(t.endswith("." + targets[0]) for t in targets)


_SECOND_LAYER: Final = r"^base_model\.model\.[^.]+(\.[^.\d][^.]*)*\.1\..*lora_A"
"""A factor in a layer 1: PEFT takes the first number in a path for the layer, not an expert's."""


def _other_layer_only(copy: Copy) -> bool:
    targets = _targets(copy)
    if (
        targets is None
        or not is_plain_lora(copy)
        or any(target.count(".") > 2 for target in targets)
    ):
        return False
    if copy.config["layers_to_transform"] is not None or copy.config["layers_pattern"]:
        return False
    copy.config["layers_to_transform"] = [0]
    return bool(copy.named(_SECOND_LAYER))


def _magnitudes(copy: Copy) -> bool:
    names = copy.named(A)
    for name in names:
        path = name.removesuffix("lora_A.weight")
        rows = copy.tensors[path + "lora_B.weight"].shape[0]
        other = path + "lora_magnitude_vector"
        copy.tensors[other] = Tensor(other, "F32", (rows,))
    return bool(names) and not copy.config["use_dora"]


def _factor_biases(copy: Copy) -> bool:
    names = copy.named(B)
    if copy.config["lora_bias"] or not is_plain_lora(copy):
        return False
    for name in names:
        other = name.removesuffix("weight") + "bias"
        copy.tensors[other] = Tensor(other, "F32", copy.tensors[name].shape[:1])
    return bool(names)


def _diagonals(copy: Copy) -> bool:
    names = copy.named(A)
    if copy.config["kasa_config"] or not is_plain_lora(copy):
        return False
    for name in names:
        other = name.removesuffix("lora_A.weight") + "lora_diag"
        copy.tensors[other] = Tensor(other, "F32", copy.tensors[name].shape[:1])
    return bool(names)


def _stray(copy: Copy) -> bool:
    name = "base_model.model.extra.scale"
    copy.tensors[name] = Tensor(name, "F32", (3,))
    return True


def _tokens(copy: Copy) -> bool:
    if copy.config["trainable_token_indices"]:
        return False
    name = "base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta"
    copy.tensors[name] = Tensor(name, "F32", (2, 32))
    return True


def _token_count(copy: Copy) -> bool:
    indices = copy.config["trainable_token_indices"]
    if not isinstance(indices, list) or not indices:
        return False
    others = [token for token in range(len(indices) + 1) if token not in indices]
    copy.config["trainable_token_indices"] = [*indices, others[0]]
    return True


def _saved_module_lost(copy: Copy) -> bool:
    saved = copy.config["modules_to_save"]
    if not saved or copy.config["bias"] == "all":
        return False
    names = [n for n in copy.tensors if ".lora_" not in n and "token_adapter" not in n]
    return copy.drop([name for name in names if ".base_layer." not in name])


def _kohya(copy: Copy) -> bool:
    def name(old: str) -> str:
        path = old.removeprefix("base_model.model.")
        path = path.replace(".lora_A.weight", "").replace(".lora_B.weight", "")
        factor = "down" if "lora_A" in old else "up"
        return f"lora_unet_{path.replace('.', '_')}.lora_{factor}.weight"

    return is_plain_lora(copy) and copy.rename(name)


def _mlx(copy: Copy) -> bool:
    return is_plain_lora(copy) and copy.rename(
        lambda n: (
            n.removeprefix("base_model.model.")
            .replace("lora_A.weight", "lora_a")
            .replace("lora_B.weight", "lora_b")
        )
    )


TENSOR_DEFECTS: Final = [
    Defect("flat-factors", "LC508", lambda c: c.reshape(FACTOR, lambda s: (math.prod(s),))),
    Defect("names-of-kohya", "LC501", _kohya),
    Defect("names-of-mlx", "LC501", _mlx),
    Defect("prefix-missing", "LC502", if_plain_lora(_rename(r"^base_model\.model\.", ""))),
    Defect("prefix-halved", "LC502", if_plain_lora(_rename(r"^base_model\.", ""))),
    Defect("prefix-doubled", "LC502", if_plain_lora(_rename("^", "base_model.model."))),
    Defect("prefix-inside", "LC502", if_plain_lora(_rename("^", "thinker."))),
    Defect(
        "compiled", "LC500", if_plain_lora(_rename(r"^base_model\.model\.", r"\g<0>_orig_mod."))
    ),
    Defect("wrapped", "LC500", _rename(r"\.(self_attn|mlp)\.", r"._fsdp_wrapped_module.\1.")),
    Defect("adapter-name", "LC505", if_plain_lora(_rename(r"\.weight$", ".sql.weight"))),
    Defect("rank-off", "LC503", _other_rank),
    Defect("rank-pattern-lost", "LC503", _ranks_without_pattern),
    Defect("a-without-b", "LC507", _half_a_layer(B)),
    Defect("b-without-a", "LC507", _half_a_layer(A)),
    Defect("factors-transposed", "LC510", _transposed),
    Defect("factors-unequal", "LC511", _unequal),
    Defect("factors-fused", "LC509", _fused),
    Defect(
        "dora-without-magnitudes",
        "LC512",
        lambda c: has_no_variant(c) and set_key(use_dora=True)(c),
    ),
    Defect("magnitudes-without-dora", "LC513", lambda c: is_plain_lora(c) and _magnitudes(c)),
    Defect(
        "factor-biases-lost",
        "LC514",
        lambda c: (
            is_plain_lora(c)
            and not c.named(OF_PARAMETERS)  # parameters cannot have a bias
            and c.config["init_lora_weights"] in (True, False)
            and set_key(lora_bias=True)(c)
        ),
    ),
    Defect("factor-biases-unasked", "LC515", _factor_biases),
    Defect("diagonals-unasked", "LC517", _diagonals),
    Defect("target-taken-away", "LC520", _fewer_targets),
    Defect("target-excluded", "LC520", _targets_excluded),
    Defect("layer-left-out", "LC520", _other_layer_only),
    Defect("targets-of-another-adapter", "LC519", _foreign_targets),
    Defect("tokens-unasked", "LC522", _tokens),
    Defect("token-count-off", "LC521", _token_count),
    # tensors against the base
    Defect("layer-beyond-the-last", "LC603", _layer_beyond),
    Defect("module-unknown", "LC604", _unknown_module),
    Defect("slices-of-a-sharded-run", "LC607", _slices),
    Defect("other-model-size", "LC608", _other_model_size),
    Defect("one-layer-missing", "LC617", _one_layer_missing),
    Defect("saved-module-lost", "LC616", _saved_module_lost),
    Defect("stray-tensor", "LC691", _stray),
]
