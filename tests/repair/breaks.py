"""Ways to break an adapter that a repair can undo."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import torch
from safetensors.torch import save_file

from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.planning.spelling import adds_prefix
from tests.repair.foreign_breaks import down_and_up, kohya, mlx, of_pipeline, scale
from tests.repair.good import CONFIG, WEIGHTS, Copy


class Break(NamedTuple):
    """What is done to a copy, if it can be; `code` is the rule that finds it.

    `unsafe` repairs need to be asked for; `runtimes` are engines that are repaired for.
    """

    code: str
    apply: Callable[[Copy], bool]
    unsafe: bool = False
    runtimes: tuple[str, ...] = ()
    tolerance: float = 0.0


def _renamed(pattern: str, new: str) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        copy.tensors = {re.sub(pattern, new, name): t for name, t in copy.tensors.items()}
        copy.save()
        return True

    return apply


def _without_prefix(copy: Copy) -> bool:
    """Leave out the prefix, unless PEFT adds it."""
    base = Engine(Options(base=str(copy.base))).open(copy.folder).base.architecture
    if base is None or adds_prefix(base):
        return False
    return _renamed(r"^base_model\.model\.", "")(copy)


def _in_wrapper(copy: Copy) -> bool:
    saved = copy.config["modules_to_save"] or ()
    ends = "|".join(map(re.escape, saved))
    pattern = rf"(\.(?:{ends}))\.(?!lora_|modules_to_save|original_module)"
    names = {name: re.sub(pattern, r"\1.modules_to_save.", name) for name in copy.tensors}
    if not saved or all(old == new for old, new in names.items()):
        return False
    copy.tensors = {new: copy.tensors[old] for old, new in names.items()}
    copy.save()
    return True


def _set(**values: Any) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        if all(copy.config[key] == value for key, value in values.items()):
            return False
        copy.config |= values
        copy.save()
        return True

    return apply


def _text(change: Callable[[str], str | bytes]) -> Callable[[Copy], bool]:
    def apply(copy: Copy) -> bool:
        text = (copy.folder / CONFIG).read_text()
        changed = change(text)
        if changed == text:
            return False
        data = changed.encode() if isinstance(changed, str) else changed
        (copy.folder / CONFIG).write_bytes(data)
        return True

    return apply


def _transposed(copy: Copy) -> bool:
    if not copy.is_plain() or any(t.shape[0] == t.shape[1] for t in copy.tensors.values()):
        return False
    firsts = [name for name in copy.tensors if "lora_A" in name or "embedding_A" in name]
    pairs = [(copy.tensors[n], copy.tensors[n.replace("_A", "_B")]) for n in firsts]
    if all(a.shape[1] == b.shape[0] for a, b in pairs):
        return False  # factors of square layers may as well be exchanged
    copy.tensors = {name: t.T for name, t in copy.tensors.items()}
    copy.save()
    return copy.config["use_bdlora"] is None and not copy.config["target_parameters"]


def _pickled(copy: Copy, *, strided: bool = False) -> bool:
    found = {
        n: t.T.contiguous().T if strided and t.ndim == 2 else t for n, t in copy.tensors.items()
    }
    (copy.folder / WEIGHTS).unlink()
    torch.save(found, copy.folder / "adapter_model.bin")
    return True


def _strided(copy: Copy) -> bool:
    return _pickled(copy, strided=True)


def _sharded(copy: Copy) -> bool:
    names = sorted(copy.tensors)
    (copy.folder / WEIGHTS).unlink()
    for number, part in ((1, names[::2]), (2, names[1::2])):
        file = copy.folder / f"adapter_model-{number:05}-of-00002.safetensors"
        save_file({name: copy.tensors[name] for name in part}, file)
    return True


def _trailing(copy: Copy) -> bool:
    file = copy.folder / WEIGHTS
    data = file.read_bytes()
    file.write_bytes(data + bytes(13))
    return any(data[-4:])  # beside zeros, they might be values


def _gap(copy: Copy) -> bool:
    data = (copy.folder / WEIGHTS).read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    for name, entry in header.items():
        if name != "__metadata__":
            entry["data_offsets"] = [at + 16 for at in entry["data_offsets"]]
    text = json.dumps(header).encode()
    whole = len(text).to_bytes(8, "little") + text + bytes(16) + data[8 + size :]
    (copy.folder / WEIGHTS).write_bytes(whole)
    return any(data[8 + size : 12 + size])  # beside zeros, they might be values


def _names(copy: Copy) -> list[str] | None:
    targets = copy.config["target_modules"]
    plain = isinstance(targets, list) and targets and all("." not in name for name in targets)
    return targets if plain and not copy.config["target_parameters"] else None


def _listed_as_text(copy: Copy) -> bool:
    targets = _names(copy)
    if targets is None or copy.config["layers_to_transform"] is not None:
        return False
    return _set(target_modules=repr(sorted(targets)))(copy)


def _dead_target(copy: Copy) -> bool:
    targets = _names(copy)
    return targets is not None and _set(target_modules=[*targets, "no_such_layer"])(copy)


def _fewer_targets(copy: Copy) -> bool:
    targets = _names(copy)
    if targets is None or len(targets) < 2 or copy.config["bias"] != "none":
        return False
    lost = targets[0]
    if not any(f".{lost}.lora_A" in name for name in copy.tensors):
        return False
    return _set(target_modules=targets[1:])(copy)


def _placeholder(copy: Copy) -> bool:
    config = copy.config
    if not copy.is_plain() or config["target_parameters"] or config["layers_to_transform"]:
        return False
    if config["rank_pattern"] or config["layers_to_transform"] == 0:
        return False
    return _set(target_modules="auto")(copy)


def _without_rank_pattern(copy: Copy) -> bool:
    pattern = copy.config["rank_pattern"]
    if not pattern or copy.config["target_parameters"] or copy.config["alpha_pattern"]:
        return False
    return _set(rank_pattern={})(copy)


def _without_dora(copy: Copy) -> bool:
    return bool(copy.config["use_dora"]) and _set(use_dora=False)(copy)


def _without_lora_bias(copy: Copy) -> bool:
    return bool(copy.config["lora_bias"]) and _set(lora_bias=False)(copy)


def _misspelt(copy: Copy) -> bool:
    alpha = copy.config.pop("lora_alpha")
    copy.config["lora_alhpa"] = alpha
    copy.save()
    return bool(alpha != 8)


def _whole(**values: Any) -> Callable[[Copy], bool]:
    """Return the change of values that only adapters with nothing special can have."""

    def apply(copy: Copy) -> bool:
        config = copy.config
        plain = scale(copy) is not None and config["layers_to_transform"] is None
        exclusive = config["lora_bias"] or config["use_dora"] or config["exclude_modules"]
        return plain and not exclusive and _names(copy) is not None and _set(**values)(copy)

    return apply


def _alpha_in_metadata(copy: Copy) -> bool:
    alpha = copy.config.pop("lora_alpha")
    copy.save()
    save_file(copy.tensors, copy.folder / WEIGHTS, {"format": "pt", "lora_alpha": str(alpha)})
    return bool(alpha != 8)


def _as_bare_model(copy: Copy) -> bool:
    if not all(name.startswith("base_model.model.model.") for name in copy.tensors):
        return False
    special = "target_parameters", "layer_replication", "layers_pattern"
    if any(copy.config[key] for key in special) or copy.config["layers_to_transform"] is not None:
        return False
    return _names(copy) is not None and _renamed("model.model.model.", "model.model.")(copy)


def _has_copies(copy: Copy) -> bool:
    return any(name.endswith("embed_tokens.base_layer.weight") for name in copy.tensors)


def _without_type(copy: Copy) -> bool:
    del copy.config["peft_type"]
    copy.save()
    return True


def _with_old_keys(copy: Copy) -> bool:
    copy.config |= {"enable_lora": None, "merge_weights": False}
    copy.save()
    return True


def _with_rslora(copy: Copy) -> bool:
    return bool(copy.config["use_rslora"])


def _with_alpha_pattern(copy: Copy) -> bool:
    config = copy.config
    if config["target_parameters"] or config["use_rslora"] or config["rank_pattern"]:
        return False
    return bool(config["alpha_pattern"])


def _stray(copy: Copy) -> bool:
    copy.tensors["base_model.model.extra.scale"] = torch.ones(3)
    copy.save()
    return True


def _other_expert_orientation(copy: Copy) -> bool:
    found = {}
    for name in [n for n in copy.tensors if n.endswith(".experts.lora_A.weight")]:
        other = name.replace("lora_A", "lora_B")
        a, b = copy.tensors[name], copy.tensors[other]
        experts = 4
        rank = a.shape[0] // experts
        by_expert = a.reshape(experts, rank, -1), b.reshape(-1, rank, experts)
        found[name] = by_expert[1].permute(2, 1, 0).reshape(experts * rank, -1)
        found[other] = by_expert[0].permute(2, 1, 0).reshape(-1, rank * experts)
        if a.shape[1] == b.shape[0]:
            return False
    if not found:
        return False
    copy.tensors |= found
    copy.save()
    return True


def _has_stacks(copy: Copy) -> bool:
    config = copy.config
    experts = [n for n in copy.tensors if ".experts." in n]
    plain = not (config["rank_pattern"] or config["alpha_pattern"])
    return bool(experts and plain and config["target_parameters"])


def _single_experts(copy: Copy) -> bool:
    """Take stacks apart, with ranks of their own for gate and up, as transformers 4 has them."""
    if not _has_stacks(copy):
        return False
    found = {n: t for n, t in copy.tensors.items() if ".experts." not in n}
    names = set()
    for name in [n for n in copy.tensors if n.endswith("lora_A.weight") and ".experts." in n]:
        path = name.partition(".experts.")[0] + ".experts"
        a, b = copy.tensors[name], copy.tensors[name.replace("lora_A", "lora_B")]
        rank = a.shape[0] // 4
        layers = ("gate_proj", "up_proj") if a.shape[1] == 32 else ("down_proj",)
        for expert in range(4):
            own = a[expert * rank : (expert + 1) * rank], b.reshape(-1, rank, 4)[:, :, expert]
            for layer, half in zip(layers, own[1].chunk(len(layers)), strict=True):
                found[f"{path}.{expert}.{layer}.lora_A.weight"] = own[0].clone()
                found[f"{path}.{expert}.{layer}.lora_B.weight"] = half.clone()
                names.add(layer)
    copy.tensors = found
    copy.config["target_modules"] = [*(copy.config["target_modules"] or ()), *sorted(names)]
    copy.config["target_parameters"] = None
    copy.save()
    return True


def _said_again(text: str) -> str:
    return re.sub(r'("r": \d+),', r"\1, \1,", text, count=1)


def _repeated(text: str) -> str:
    return text.replace('"r":', '"r": 77,\n  "r":', 1)


BREAKS: Final[dict[str, Break]] = {
    "compiled": Break("LC500", _renamed(r"^base_model\.model\.", "base_model.model._orig_mod.")),
    "wrapped": Break(
        "LC500",
        _renamed(r"^base_model\.model\.", "_fsdp_wrapped_module.base_model.model._orig_mod."),
    ),
    "no prefix": Break("LC502", _without_prefix),
    "prefix twice": Break("LC502", _renamed("^", "base_model.model.")),
    "prefix after another": Break("LC502", _renamed("^", "thinker.")),
    "adapter name": Break("LC505", _renamed(r"(lora_[AB])\.", r"\1.sql.")),
    "default": Break("LC506", _renamed(r"(lora_[AB])\.", r"\1.default.")),
    "in a wrapper": Break("LC616", _in_wrapper),
    "transposed": Break("LC510", _transposed),
    "pickled": Break("LC404", _pickled),
    "pickled with strides": Break("LC404", _strided),
    "sharded": Break("LC403", _sharded),
    "bytes after the end": Break("LC418", _trailing),
    "gap": Break("LC424", _gap),
    "byte order mark": Break("LC014", _text(lambda text: b"\xef\xbb\xbf" + text.encode())),
    "key twice": Break("LC016", _text(_repeated), unsafe=True),
    "key twice alike": Break("LC016", _text(_said_again)),
    "no type": Break("LC024", _without_type),
    "type in small letters": Break("LC023", _set(peft_type="lora")),
    "null bias": Break("LC106", _text(lambda text: text.replace('"bias": "none"', '"bias": null'))),
    "other method": Break("LC025", _whole(peft_type="LOHA"), unsafe=True),
    "no targets": Break("LC301", _whole(target_modules=[]), unsafe=True),
    "other targets": Break("LC519", _whole(target_modules=["no_such_layer"]), unsafe=True),
    "alpha in metadata": Break("LC325", _alpha_in_metadata, unsafe=True),
    "dora set": Break("LC512", _whole(use_dora=True), unsafe=True),
    "lora_bias set": Break("LC514", _whole(lora_bias=True), unsafe=True),
    "kasa set": Break("LC516", _whole(kasa_config={"beta": 1e-4, "gamma": 1e-3}), unsafe=True),
    "bare model": Break("LC602", _as_bare_model, unsafe=True),
    "copied embeddings": Break("LC630", _has_copies, unsafe=True),
    "old keys": Break("LC107", _with_old_keys),
    "misspelt key": Break("LC102", _misspelt, unsafe=True),
    "list as text": Break("LC320", _listed_as_text),
    "dead target": Break("LC618", _dead_target),
    "fewer targets": Break("LC520", _fewer_targets),
    "placeholder": Break("LC322", _placeholder, unsafe=True),
    "no rank pattern": Break("LC503", _without_rank_pattern, unsafe=True),
    "dora unset": Break("LC513", _without_dora),
    "lora_bias unset": Break("LC515", _without_lora_bias),
    "kohya": Break("LC002", kohya, tolerance=1e-6),
    "mlx": Break("LC021", mlx, tolerance=1e-6),
    "down and up": Break("LC501", down_and_up),
    "names of a pipeline": Break("LC501", of_pipeline, unsafe=True),
    "rslora": Break("LC802", _with_rslora, runtimes=("llama.cpp",), tolerance=1e-6),
    "alpha pattern": Break(
        "LC802", _with_alpha_pattern, unsafe=True, runtimes=("llama.cpp",), tolerance=1e-4
    ),
    "stray tensor": Break("LC691", _stray, unsafe=True),
    "stacked experts": Break("LC801", _has_stacks, runtimes=("vllm",), tolerance=1e-6),
    "single experts": Break("LC620", _single_experts, unsafe=True, tolerance=1e-6),
    "old experts": Break("LC605", _other_expert_orientation),
}
"""Breaks by name."""
