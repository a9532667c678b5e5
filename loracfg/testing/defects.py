"""Kinds of bad adapters, each made from a good one, and the rule that must find it.

Most are reported failures (the ids are those of public threads, grouped by the project's notes);
a defect that an adapter cannot have, such as a missing magnitude without DoRA, is not applied.
"""

from __future__ import annotations

import json
import math
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from loracfg.adapter.header.tensor import Tensor
from loracfg.testing.copies import CONFIG, WEIGHTS, Copy

A: Final = r"\.lora_A\.weight$"
B: Final = r"\.lora_B\.weight$"
FACTOR: Final = r"\.lora_[AB]\.weight$"
_OF_PARAMETERS: Final = r"\.(experts|gate)\.(base_layer\.)*lora_"
"""Factors that may be for parameters: of stacked experts, or of their router."""


@dataclass(frozen=True)
class Defect:
    """What is wrong, the code of its rule, and how to make it, if the adapter can have it."""

    name: str
    code: str
    apply: Callable[[Copy], bool]


def _set(**values: Any) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        copy.config |= values
        return True

    return apply


def _file(name: str, data: bytes | None) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        copy.files[name] = data
        return True

    return apply


def _config_text(change: Callable[[str], str | bytes]) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        changed = change(json.dumps(copy.config, indent=2))
        copy.files[CONFIG] = changed.encode() if isinstance(changed, str) else changed
        return True

    return apply


def _weights(change: Callable[[bytes], bytes]) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        copy.files[WEIGHTS] = change(copy.weights())
        return True

    return apply


def _header(change: Callable[[dict[str, Any]], None]) -> Callable[[Copy], bool]:
    def edited(data: bytes) -> bytes:
        size = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + size])
        change(header)
        text = json.dumps(header).encode()
        return len(text).to_bytes(8, "little") + text + data[8 + size :]

    return _weights(edited)


def _first(header: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = next(v for k, v in header.items() if k != "__metadata__")
    return entry


def _last(header: dict[str, Any]) -> dict[str, Any]:
    return max(
        (v for k, v in header.items() if k != "__metadata__"), key=lambda v: v["data_offsets"]
    )


def _without(key: str) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        del copy.config[key]
        return True

    return apply


def _rename(pattern: str, new: str) -> Callable[[Copy], bool]:
    return lambda copy: copy.rename(lambda name: re.sub(pattern, new, name))


def _plain_lora(copy: Copy) -> bool:
    """Tell whether every tensor is a factor of an ordinary layer."""
    config = copy.config
    special = ("use_bdlora", "target_parameters", "trainable_token_indices", "layer_replication")
    return len(copy.named(FACTOR)) == len(copy.tensors) and not any(map(config.get, special))


def _no_variant(copy: Copy) -> bool:
    """Tell whether the config sets no option that excludes others, for layers that take them."""
    config = copy.config
    if copy.named(_OF_PARAMETERS):  # PEFT adapts a parameter
        return False
    if config["init_lora_weights"] == "mica" or config["lora_bias"] or config["use_dora"]:
        return False
    return _plain_lora(copy) and config["alora_invocation_tokens"] is None


def _only_plain(apply: Callable[[Copy], bool]) -> Callable[[Copy], bool]:
    return lambda copy: _plain_lora(copy) and apply(copy)


def _all_layers(apply: Callable[[Copy], bool]) -> Callable[[Copy], bool]:
    """Apply a defect of patterns, which exclude `layers_to_transform`."""
    return lambda copy: (
        _plain_lora(copy) and copy.config["layers_to_transform"] is None and apply(copy)
    )


def _misspell(copy: Copy) -> bool:
    del copy.config["lora_alpha"]
    copy.config["lora_alhpa"] = 32
    return True


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
    if len(names) < 2 or not _plain_lora(copy):
        return False
    path = names[0].removesuffix(".lora_A.weight")
    return copy.drop([name for name in copy.tensors if name.startswith(path + ".")])


def _transposed(copy: Copy) -> bool:
    shapes = {copy.tensors[name].shape for name in copy.named(FACTOR)}
    square = any(len(shape) != 2 or shape[0] == shape[1] for shape in shapes)
    if not _plain_lora(copy) or square:
        return False
    return copy.reshape(FACTOR, lambda shape: (shape[1], shape[0]))


def _slices(copy: Copy) -> bool:
    even = all(copy.tensors[name].shape[0] % 2 == 0 for name in copy.named(FACTOR))
    if not even or not _plain_lora(copy):
        return False
    return copy.reshape(FACTOR, lambda shape: (shape[0] // 2, *shape[1:]))


def _unequal(copy: Copy) -> bool:
    if not _plain_lora(copy) or any(len(copy.tensors[n].shape) > 2 for n in copy.named(B)):
        return False
    return copy.reshape(B, lambda shape: (shape[0], shape[1] + 1))


def _fused(copy: Copy) -> bool:
    if not _plain_lora(copy) or any(len(copy.tensors[n].shape) > 2 for n in copy.named(B)):
        return False
    copy.reshape(A, lambda shape: (2 * shape[0], shape[1]))
    return copy.reshape(B, lambda shape: (shape[0], shape[1], 1))


def _other_model_size(copy: Copy) -> bool:
    if str(copy.config["init_lora_weights"]).startswith(("pissa", "olora")):
        return False
    return _plain_lora(copy) and copy.reshape(A, lambda shape: (shape[0], 2 * shape[1], *shape[2:]))


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
    if not isinstance(targets, list) or not targets or not _plain_lora(copy):
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
    if targets is None or len(targets) < 2 or not _plain_lora(copy):
        return False
    lost = targets[0]
    if copy.config["bias"] != "none" or any(t.endswith("." + lost) for t in targets):
        return False
    copy.config["target_modules"] = targets[1:]
    return bool(copy.named(rf"\.{re.escape(lost)}\.lora_A"))


def _foreign_targets(copy: Copy) -> bool:
    if _targets(copy) is None or copy.config["layers_to_transform"] is not None:
        return False
    if not _plain_lora(copy):
        return False
    copy.config["target_modules"] = ["no_such_layer"]
    return True


def _targets_excluded(copy: Copy) -> bool:
    targets = _targets(copy)
    if targets is None or not _plain_lora(copy) or copy.config["exclude_modules"]:
        return False
    copy.config["exclude_modules"] = targets[:1]
    return len(targets) > 1 and not any(t.endswith("." + targets[0]) for t in targets)


def _other_layer_only(copy: Copy) -> bool:
    targets = _targets(copy)
    if targets is None or not _plain_lora(copy) or any(target.count(".") > 2 for target in targets):
        return False
    if copy.config["layers_to_transform"] is not None or copy.config["layers_pattern"]:
        return False
    copy.config["layers_to_transform"] = [0]
    return bool(copy.named(r"\.1\..*lora_A"))


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
    if copy.config["lora_bias"] or not _plain_lora(copy):
        return False
    for name in names:
        other = name.removesuffix("weight") + "bias"
        copy.tensors[other] = Tensor(other, "F32", copy.tensors[name].shape[:1])
    return bool(names)


def _diagonals(copy: Copy) -> bool:
    names = copy.named(A)
    if copy.config["kasa_config"] or not _plain_lora(copy):
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

    return _plain_lora(copy) and copy.rename(name)


def _mlx(copy: Copy) -> bool:
    return _plain_lora(copy) and copy.rename(
        lambda n: (
            n.removeprefix("base_model.model.")
            .replace("lora_A.weight", "lora_a")
            .replace("lora_B.weight", "lora_b")
        )
    )


def _hostile() -> bytes:
    class Payload:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            import os

            return os.system, ("true",)

    return pickle.dumps(Payload(), protocol=2)


def _pickled(data: bytes) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        copy.files[WEIGHTS] = None
        copy.files["adapter_model.bin"] = data
        return True

    return apply


def _tail_gap(header: dict[str, Any]) -> None:
    entry = _last(header)
    entry["data_offsets"] = [offset + 4 for offset in entry["data_offsets"]]


def _gap(copy: Copy) -> bool:
    _header(_tail_gap)(copy)
    copy.files[WEIGHTS] = (copy.files[WEIGHTS] or b"") + bytes(4)
    return True


def _overlap(header: dict[str, Any]) -> None:
    entry = _last(header)
    entry["data_offsets"] = [offset - 4 for offset in entry["data_offsets"]]


def _wrong_dtype(header: dict[str, Any]) -> None:
    _first(header)["dtype"] = "F31"


def _wrong_size(header: dict[str, Any]) -> None:
    _first(header)["shape"][0] += 1


def _no_shape(header: dict[str, Any]) -> None:
    del _first(header)["shape"]


LFS: Final = b"version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 123\n"

DEFECTS: Final = [
    # the config file
    Defect("config-missing", "LC003", _file(CONFIG, None)),
    Defect("config-empty", "LC010", _file(CONFIG, b"")),
    Defect("config-cut-off", "LC012", _config_text(lambda text: text[: len(text) // 2])),
    Defect("config-trailing-comma", "LC011", _config_text(lambda t: t[:-2] + ",\n}")),
    Defect("config-python-literals", "LC011", _config_text(lambda t: t.replace("null", "None"))),
    Defect("config-comment", "LC011", _config_text(lambda t: "// adapter\n" + t)),
    Defect("config-byte-order-mark", "LC014", _config_text(lambda t: b"\xef\xbb\xbf" + t.encode())),
    Defect("config-utf-16", "LC013", _config_text(lambda text: text.encode("utf-16"))),
    Defect("config-lfs-pointer", "LC015", _file(CONFIG, LFS)),
    Defect("config-list", "LC018", _file(CONFIG, b"[]")),
    Defect(
        "config-of-model",
        "LC020",
        _file(CONFIG, b'{"architectures": ["X"], "model_type": "x", "hidden_size": 4}'),
    ),
    Defect("config-of-mlx", "LC021", _file(CONFIG, b'{"fine_tune_type": "lora", "num_layers": 4}')),
    Defect("other-method-name", "LC025", lambda c: bool(c.named(A)) and _set(peft_type="LOHA")(c)),
    Defect("method-lower-case", "LC023", _set(peft_type="lora")),
    Defect("method-missing", "LC024", _without("peft_type")),
    Defect("alpha-nan", "LC017", _set(lora_alpha=math.nan)),
    Defect("alpha-infinite", "LC017", _set(lora_alpha=math.inf)),
    # single values
    Defect("key-misspelt", "LC102", _misspell),
    Defect("rank-as-text", "LC103", _set(r="8")),
    Defect("rank-null", "LC103", _set(r=None)),
    Defect("rank-float", "LC103", _set(r=8.0)),
    Defect("rank-zero", "LC105", _set(r=0)),
    Defect("rank-negative", "LC105", _set(r=-4)),
    Defect("alpha-null", "LC103", _set(lora_alpha=None)),
    Defect("alpha-text", "LC103", _set(lora_alpha="16")),
    Defect("alpha-zero", "LC323", _set(lora_alpha=0)),
    Defect("dropout-above-one", "LC105", _set(lora_dropout=1.5)),
    Defect("bias-null", "LC106", _set(bias=None)),
    Defect("bias-unknown", "LC106", _set(bias="lora")),
    Defect("task-misspelt", "LC106", _set(task_type="CUASAL_LM")),
    Defect("init-unknown", "LC106", _set(init_lora_weights="kaiming")),
    Defect("rank-pattern-null", "LC103", _set(rank_pattern=None)),
    Defect("rank-pattern-zero", "LC105", _set(rank_pattern={"q_proj": 0})),
    Defect("targets-number", "LC103", _set(target_modules=3)),
    Defect(
        "targets-printed-set", "LC320", _all_layers(_set(target_modules="{'q_proj', 'v_proj'}"))
    ),
    Defect("targets-broken-pattern", "LC108", _set(target_modules="(q_proj")),
    Defect(
        "targets-slow-pattern", "LC701", _all_layers(_set(target_modules="((([a-z._0-9]+)*)*)*#"))
    ),
    Defect("targets-placeholder", "LC322", _only_plain(_set(target_modules=["auto"]))),
    Defect("saved-name-empty", "LC103", _set(modules_to_save=[""])),
    # values that exclude each other
    Defect(
        "pattern-with-layers",
        "LC302",
        _set(target_modules=r"(.*\.)?[^.]+", layers_to_transform=[0]),
    ),
    Defect(
        "layers-pattern-alone",
        "LC303",
        lambda c: (
            c.config["layers_to_transform"] is None
            and isinstance(c.config["target_modules"], list)
            and _set(layers_pattern="layers")(c)
        ),
    ),
    Defect(
        "loftq-without-config",
        "LC305",
        lambda c: not c.config["lora_bias"] and _set(init_lora_weights="loftq")(c),
    ),
    Defect(
        "dora-and-factor-bias",
        "LC308",
        lambda c: (
            _no_variant(c)
            and c.config["init_lora_weights"] in (True, False)
            and _set(use_dora=True, lora_bias=True)(c)
        ),
    ),
    Defect(
        "dora-and-kasa",
        "LC309",
        lambda c: (
            _no_variant(c) and _set(use_dora=True, kasa_config={"beta": 1e-4, "gamma": 1e-3})(c)
        ),
    ),
    Defect("router", "LC312", lambda c: _no_variant(c) and _set(arrow_config={"top_k": 2})(c)),
    Defect("corda", "LC313", lambda c: _no_variant(c) and _set(init_lora_weights="corda")(c)),
    # the weight file
    Defect("weights-missing", "LC401", _file(WEIGHTS, None)),
    Defect("weights-lfs-pointer", "LC015", _file(WEIGHTS, LFS)),
    Defect("weights-empty", "LC010", _file(WEIGHTS, b"")),
    Defect("weights-are-html", "LC410", _file(WEIGHTS, b"<!DOCTYPE html><html></html>")),
    Defect("weights-cut-off", "LC417", _weights(lambda data: data[:-40])),
    Defect("weights-header-cut-off", "LC411", _weights(lambda data: data[:60])),
    Defect("weights-too-long", "LC418", _weights(lambda data: data + b"1234")),
    Defect("weights-header-not-json", "LC413", _weights(lambda d: d[:8] + b"{x" + d[10:])),
    Defect("weights-entry-incomplete", "LC414", _header(_no_shape)),
    Defect("weights-dtype-unknown", "LC415", _header(_wrong_dtype)),
    Defect("weights-size-wrong", "LC416", _header(_wrong_size)),
    Defect("weights-gap", "LC424", _gap),
    Defect("weights-overlap", "LC425", _header(_overlap)),
    Defect("weights-without-tensors", "LC420", lambda copy: copy.drop(list(copy.tensors))),
    Defect("weights-hostile", "LC405", _pickled(_hostile())),
    Defect("weights-not-a-pickle", "LC409", _pickled(b"<html>")),
    # tensors against the config
    Defect(
        "zero-size-factors", "LC421", lambda c: c.reshape(FACTOR, lambda shape: (0, *shape[1:]))
    ),
    Defect("flat-factors", "LC508", lambda c: c.reshape(FACTOR, lambda s: (math.prod(s),))),
    Defect("names-of-kohya", "LC501", _kohya),
    Defect("names-of-mlx", "LC501", _mlx),
    Defect("prefix-missing", "LC502", _only_plain(_rename(r"^base_model\.model\.", ""))),
    Defect("prefix-halved", "LC502", _only_plain(_rename(r"^base_model\.", ""))),
    Defect("prefix-doubled", "LC502", _only_plain(_rename("^", "base_model.model."))),
    Defect("prefix-inside", "LC502", _only_plain(_rename("^", "thinker."))),
    Defect("compiled", "LC500", _only_plain(_rename(r"^base_model\.model\.", r"\g<0>_orig_mod."))),
    Defect("wrapped", "LC500", _rename(r"\.(self_attn|mlp)\.", r"._fsdp_wrapped_module.\1.")),
    Defect("adapter-name", "LC505", _only_plain(_rename(r"\.weight$", ".sql.weight"))),
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
        lambda c: _no_variant(c) and _set(use_dora=True)(c),
    ),
    Defect("magnitudes-without-dora", "LC513", lambda c: _plain_lora(c) and _magnitudes(c)),
    Defect(
        "factor-biases-lost",
        "LC514",
        lambda c: (
            _plain_lora(c)
            and not c.named(_OF_PARAMETERS)  # which take no bias
            and c.config["init_lora_weights"] in (True, False)
            and _set(lora_bias=True)(c)
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
"""All kinds; those of single options are applied where the adapter has the option."""
