"""Weight files: the header reader against safetensors, the reader of pickles against torch."""

from __future__ import annotations

import io
import json
import os
import pickle
import re
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import torch

from loracfg.testing.building.examples import build
from tests.adapter.test_pickled import read as read_pickle
from tests.adapter.test_pickled import saved
from tests.adapter.test_pickled_damage import NOT_AGREED, STATE
from tests.adapter.test_safetensors import HARMLESS, kinds, oracle, packed
from tests.adapter.test_safetensors import read as read_header
from tests.fuzz.mutation import mutated
from tests.fuzz.target import Answer, Target, of_faults

_EXTRA: Final = "pickle-extra-values"
_NO_STATE: Final = "pickle-not-state-dict"
"""What is said of a file without tensors at its top, which torch has no opinion on."""


class _Command:
    """What runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("true",)


_HOSTILE: Final = {**STATE, "command": _Command()}
_NESTED: Final = {"state_dict": STATE, "step": 3, "names": ["a", ("b", None)]}
_OVERFLOWS: Final = re.compile(r"(count|has) -?\d{18,} elements")
"""Sizes of which torch keeps 64 bits."""


def _is_known(message: str) -> bool:
    return bool(_OVERFLOWS.search(message)) or any(words in message for words in NOT_AGREED)


class Safetensors(Target):
    """Headers of safetensors files."""

    name = "safetensors"

    def seeds(self) -> list[bytes]:
        """Return files of few tensors, and of odd dtypes and shapes."""
        example, _ = build(())
        odd = {
            "__metadata__": {"format": "pt", "é": ""},
            "scalar": {"dtype": "F64", "shape": [], "data_offsets": [0, 8]},
            "empty": {"dtype": "BF16", "shape": [0, 3], "data_offsets": [8, 8]},
            "small": {"dtype": "F4", "shape": [2, 2], "data_offsets": [8, 10]},
        }
        return [
            packed("{}"),
            packed('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} ', bytes(8)),
            packed(json.dumps(odd), bytes(10)),
            example.contents["adapter_model.safetensors"],
        ]

    def draw(self, rng: Random, corpus: Sequence[bytes]) -> bytes:
        """Draw a file; mostly its header has the length that it says."""
        data = rng.choice(corpus)
        if len(data) < 9 or rng.random() < 0.2:
            return mutated(data, rng, corpus)
        (length,) = struct.unpack_from("<Q", data)
        header, rest = data[8 : 8 + length], data[8 + length :]
        others = [one[8:] for one in corpus]
        return packed(mutated(header, rng, others), rest)

    def read(self, data: bytes) -> Answer:
        """Read a file."""
        header, faults = read_header(data)
        return Answer(of_faults(faults), is_deep=header is not None)

    def judge(self, data: bytes) -> Answer:
        """Read a file both ways."""
        header, faults = read_header(data)
        expected = oracle(data)
        accepted = set(kinds(faults)) <= HARMLESS
        way = f"{expected is not None} {of_faults(faults)}"
        if expected is None or not accepted:
            said = "safetensors refuses it" if expected is None else "safetensors reads it"
            is_same = (expected is None) == (not accepted)
            return Answer(way, "" if is_same else f"{said}; faults: {kinds(faults)}")
        assert header is not None
        ours = {name: (t.dtype, t.shape) for name, t in header.tensors.items()}
        return Answer(way, "" if ours == expected else f"{ours} against {expected}")


class Pickle(Target):
    """Files of `torch.save`, in both forms."""

    name = "pickle"

    def __init__(self) -> None:
        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
        self.path = Path(tempfile.mkdtemp()) / "adapter_model.bin"

    def seeds(self) -> list[bytes]:
        """Return state dicts, plain and nested, in both forms."""
        bias = {**STATE, "c": torch.nn.Parameter(torch.zeros(2, dtype=torch.float16))}
        values: tuple[Any, ...] = (STATE, bias, _NESTED, {}, {"a": STATE["a"][:, 1:].T}, _HOSTILE)
        files = [saved(value, zipped=zipped) for value in values for zipped in (True, False)]
        return [*files, pickle.dumps({"é": "text"}, 0)]

    def draw(self, rng: Random, corpus: Sequence[bytes]) -> bytes:
        """Draw a file; of an archive mostly one record changes, and the archive is sound."""
        data = rng.choice(corpus)
        if not data.startswith(b"PK") or rng.random() < 0.3:
            return mutated(data, rng, corpus)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                records = [(name, archive.read(name)) for name in archive.namelist()]
        except Exception:  # one of the corpus may be broken
            return mutated(data, rng, corpus)
        return self._zipped(records, rng, corpus)

    def _zipped(
        self, records: list[tuple[str, bytes]], rng: Random, corpus: Sequence[bytes]
    ) -> bytes:
        pickles = [i for i, (name, _) in enumerate(records) if name.endswith("data.pkl")]
        changed = rng.choice(pickles) if pickles and rng.random() < 0.7 else None
        if changed is None and records:
            changed = rng.randrange(len(records))
        stream = io.BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
            warnings.simplefilter("ignore")
            for i, (name, content) in enumerate(records):
                new = mutated(content, rng, corpus) if i == changed else content
                archive.writestr(zipfile.ZipInfo(name), new)
        return stream.getvalue()

    def read(self, data: bytes) -> Answer:
        """Read a file."""
        header, faults = read_pickle(data)
        return Answer(of_faults(faults), is_deep=header is not None)

    def judge(self, data: bytes) -> Answer:
        """Read a file both ways."""
        header, found = read_pickle(data)
        faults = [f for f in found if f.kind != _EXTRA]
        value, error = self._loaded(data)
        is_read = isinstance(value, dict) and all(isinstance(key, str) for key in value)
        way = f"{is_read} {error} {of_faults(found)}"
        if not is_read:
            why = error or type(value).__name__
            return Answer(way, "" if faults else f"torch does not read it ({why}), nothing is said")
        shapes = {k: tuple(v.shape) for k, v in value.items() if isinstance(v, torch.Tensor)}
        wrong = [f for f in faults if not _is_known(f.message)]
        if wrong and (shapes or wrong[0].kind != _NO_STATE):
            return Answer(way, f"torch reads it; fault: {wrong[0].kind}: {wrong[0].message}")
        ours = {} if header is None else {k: tuple(v) for k, v in header.shapes.items()}
        return Answer(way, "" if faults or shapes == ours else f"{ours} against {shapes}")

    def _loaded(self, data: bytes) -> tuple[Any, str]:
        """Load a file as PEFT does; the old form is read in another way from memory."""
        source: Any = io.BytesIO(data)
        if not data.startswith(b"PK"):
            self.path.write_bytes(data)
            source = self.path
        try:
            return torch.load(source, map_location=torch.device("cpu"), weights_only=True), ""
        except Exception as error:  # it raises whatever its damaged input leads to
            return None, type(error).__name__
