"""Defects of the weight file itself."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from typing import Any, Final

from loracfg.testing.copies import WEIGHTS, Copy
from loracfg.testing.defect import (
    FACTOR,
    LFS,
    Defect,
    set_file,
)


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


WEIGHT_FILE_DEFECTS: Final = [
    Defect("weights-missing", "LC401", set_file(WEIGHTS, None)),
    Defect("weights-lfs-pointer", "LC015", set_file(WEIGHTS, LFS)),
    Defect("weights-empty", "LC010", set_file(WEIGHTS, b"")),
    Defect("weights-are-html", "LC410", set_file(WEIGHTS, b"<!DOCTYPE html><html></html>")),
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
]
