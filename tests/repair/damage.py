"""Ways to damage an adapter that no repair, or no safe one, can undo."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch

from loracfg.testing.memory_files import with_header
from tests.repair.good import CONFIG, WEIGHTS, Copy

Apply = Callable[[Copy], bool]
Header = dict[str, dict[str, Any]]


def _opened(file: Path) -> tuple[dict[str, Any], bytes] | None:
    """Return the header and the data of a weight file, if there is one."""
    if not file.exists():
        return None
    whole = file.read_bytes()
    end = 8 + int.from_bytes(whole[:8], "little")
    return json.loads(whole[8:end]), whole[end:]


def _write(file: Path, header: str, data: bytes) -> None:
    file.write_bytes(with_header(header.encode()) + data)


def _in_file(change: Callable[[Header, bytes], bytes | None]) -> Apply:
    """Return the damage that a change of the header and the data of the weight file does."""

    def apply(copy: Copy) -> bool:
        file = copy.folder / WEIGHTS
        if (found := _opened(file)) is None:
            return False
        header, data = found
        metadata = header.pop("__metadata__", None)
        entries = dict(sorted(header.items(), key=lambda item: item[1]["data_offsets"]))
        changed = change(entries, data)
        if changed is None:
            return False
        given = {"__metadata__": metadata} if metadata else {}
        _write(file, json.dumps(given | entries), changed)
        return True

    return apply


def _moved(header: Header, name: str, by: int) -> None:
    header[name]["data_offsets"] = [at + by for at in header[name]["data_offsets"]]


def _last_begins_early(header: Header, data: bytes) -> bytes | None:
    _moved(header, list(header)[-1], -4)
    return data


def _one_begins_early(header: Header, data: bytes) -> bytes | None:
    if len(header) < 3:
        return None
    _moved(header, list(header)[1], -4)
    return data


def _two_in_one_place(header: Header, data: bytes) -> bytes | None:
    shape = header[next(iter(header))]["shape"]
    alike = [name for name, one in header.items() if one["shape"] == shape]
    if len(alike) < 2:
        return None
    header[alike[1]]["data_offsets"] = header[alike[0]]["data_offsets"]
    return data


def _all_begin_late(header: Header, data: bytes) -> bytes | None:
    for name in header:
        _moved(header, name, 4)
    return data + bytes(4)


def _last_begins_late(header: Header, data: bytes) -> bytes | None:
    _moved(header, list(header)[-1], 4)
    return data + bytes(4)


def _bytes_inside(header: Header, data: bytes) -> bytes | None:
    return data[:8] + b"\x7b\x3d\x11\x3e" + data[8:]


def _zeros_inside(header: Header, data: bytes) -> bytes | None:
    return data[:8] + bytes(4) + data[8:]


def _cut_off(header: Header, data: bytes) -> bytes | None:
    return data[:-40]


def _larger_shape(header: Header, data: bytes) -> bytes | None:
    header[next(iter(header))]["shape"][0] += 1
    return data


def _unknown_dtype(header: Header, data: bytes) -> bytes | None:
    header[next(iter(header))]["dtype"] = "F31"
    return data


def _two_entries(copy: Copy) -> bool:
    """Name a tensor twice, the second time with the data of another, which has none then."""
    file = copy.folder / WEIGHTS
    if (found := _opened(file)) is None:
        return False
    header, data = found
    header.pop("__metadata__", None)
    first, *others = header
    alike = [name for name in others if header[name]["shape"] == header[first]["shape"]]
    if not alike:
        return False
    other = header.pop(alike[0])
    _write(file, f"{json.dumps(header)[:-1]}, {json.dumps(first)}: {json.dumps(other)}}}", data)
    return True


def _text(pattern: str, new: str) -> Apply:
    def apply(copy: Copy) -> bool:
        file = copy.folder / CONFIG
        text = file.read_text() if file.exists() else ""
        file.write_text(changed := re.sub(pattern, new, text, count=1))
        return changed != text

    return apply


def _exchanged(copy: Copy) -> bool:
    """Give each B the name of its A, and the other way round."""
    if not copy.is_plain():
        return False
    swapped = {"A": "B", "B": "A"}
    copy.tensors = {
        re.sub(r"lora_([AB])", lambda match: f"lora_{swapped[match[1]]}", name): one
        for name, one in copy.tensors.items()
    }
    copy.save()
    return True


def _exchanged_squares(copy: Copy) -> bool:
    """Exchange the factors of all layers that have as many outputs as inputs."""
    if not copy.is_plain():
        return False
    names = [n for n in copy.tensors if n.endswith("lora_A.weight")]
    pairs = [(n, n.replace("lora_A", "lora_B")) for n in names]
    square = [(a, b) for a, b in pairs if copy.tensors[a].shape == copy.tensors[b].shape[::-1]]
    for a, b in square:
        copy.tensors[a], copy.tensors[b] = copy.tensors[b], copy.tensors[a]
    copy.save()
    return bool(square)


def _turned(copy: Copy) -> bool:
    """Transpose all factors, square or not."""
    if not copy.is_plain():
        return False
    copy.tensors = {name: one.T for name, one in copy.tensors.items()}
    copy.save()
    return True


def _one_turned(copy: Copy) -> bool:
    if not copy.is_plain():
        return False
    a = next(n for n in copy.tensors if n.endswith("lora_A.weight"))
    for name in (a, a.replace("lora_A", "lora_B")):
        copy.tensors[name] = copy.tensors[name].T
    copy.save()
    return True


def _set(**values: Any) -> Apply:
    def apply(copy: Copy) -> bool:
        if all(copy.config.get(key) == value for key, value in values.items()):
            return False
        copy.config |= values
        copy.save()
        return True

    return apply


def _dropped(pattern: str) -> Apply:
    def apply(copy: Copy) -> bool:
        names = [name for name in copy.tensors if re.search(pattern, name)]
        for name in names[:1]:
            del copy.tensors[name]
        copy.save()
        return bool(names) and bool(copy.tensors)

    return apply


def _some_renamed(pattern: str, new: str) -> Apply:
    """Rename half of the tensors that a pattern names."""

    def apply(copy: Copy) -> bool:
        names = [name for name in copy.tensors if re.search(pattern, name)]
        chosen = frozenset(names[: len(names) // 2])
        found = {re.sub(pattern, new, n) if n in chosen else n: t for n, t in copy.tensors.items()}
        whole = len(found) == len(copy.tensors)
        copy.tensors = found
        copy.save()
        return bool(chosen) and whole

    return apply


def _other_adapter(copy: Copy) -> bool:
    """Add the factors of a second adapter, under its name."""
    names = [name for name in copy.tensors if "lora_A.weight" in name or "lora_B.weight" in name]
    for name in names:
        copy.tensors[name.replace(".weight", ".other.weight")] = torch.ones_like(copy.tensors[name])
        copy.tensors[name.replace(".weight", ".default.weight")] = copy.tensors.pop(name)
    copy.save()
    return bool(names)


IN_TENSORS: Final[dict[str, Apply]] = {
    "factors exchanged": _exchanged,
    "square factors exchanged": _exchanged_squares,
    "all factors turned": _turned,
    "one layer turned": _one_turned,
    "rank off": lambda copy: _set(r=copy.config["r"] * 2)(copy),
    "rank of the hidden size": _set(r=32),
    "no A": _dropped(r"lora_A"),
    "no magnitude": _dropped(r"magnitude"),
    "half without prefix": _some_renamed(r"^base_model\.model\.", ""),
    "half with an adapter name": _some_renamed(r"(lora_[AB])\.", r"\1.sql."),
    "half compiled": _some_renamed(r"^base_model\.model\.", "base_model.model._orig_mod."),
    "half wrapped": _some_renamed(r"\.(self_attn|mlp)\.", r"._fsdp_wrapped_module.\1."),
    "two adapters": _other_adapter,
    "base_model lost": lambda copy: _some_renamed(r"^base_model\.", "")(copy),
    "all layers but one": _set(layers_to_transform=[0]),
    "excluded": lambda copy: _set(
        exclude_modules=[next(iter(copy.tensors)).partition(".lora_")[0].rpartition(".")[2]]
    )(copy),
}
"""What is done to the config and the tensors."""

IN_FILES: Final[dict[str, Apply]] = {
    "last begins early": _in_file(_last_begins_early),
    "one begins early": _in_file(_one_begins_early),
    "two in one place": _in_file(_two_in_one_place),
    "all begin late": _in_file(_all_begin_late),
    "last begins late": _in_file(_last_begins_late),
    "bytes inside": _in_file(_bytes_inside),
    "zeros inside": _in_file(_zeros_inside),
    "cut off": _in_file(_cut_off),
    "larger shape": _in_file(_larger_shape),
    "unknown dtype": _in_file(_unknown_dtype),
    "two entries": _two_entries,
    "null bias": _text(r'"bias": "[a-z_]+"', '"bias": null'),
    "other alpha last": _text(r'("lora_alpha": [0-9.]+)', r'\1, "lora_alpha": 77'),
    "other targets last": _text(r'"task_type":', '"target_modules": ["no_such"], "task_type":'),
}
"""What is done to the files as they are written, after all else."""
