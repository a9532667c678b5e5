"""Adapter configs: the reader against `json` and PEFT."""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any, Final

import peft

from loracfg.document.json_document import read_document
from tests.config.test_tolerance import NESTED_BASES, STRICTER, Peft, disagreement
from tests.config.tiny import quiet, save_adapter
from tests.fuzz.target import Answer, Target, of_faults, words

FILE: Final = "adapter_config.json"
LOADED: Final = 16
"""One of so many is loaded by PEFT, which takes a hundred times longer than reading it."""
OF_THE_BASE: Final = (
    "object has no attribute 'weight'",  # tokens of a module that is none of its embeddings
    "No modules were targeted",
    "KaSA requires `r`",  # below the sizes of its layers
    "can't allocate memory",
)
"""How PEFT fails where a config does not go with this base, or this machine."""


class Config(Target):
    """Texts of `adapter_config.json`."""

    name = "config"

    def __init__(self) -> None:
        warnings.simplefilter("ignore")
        folder = Path(tempfile.mkdtemp())
        self.peft = Peft(folder, save_adapter(folder), {})
        self.path = folder / FILE

    def seeds(self) -> list[bytes]:
        """Return configs with every field, and with each nested config."""
        plain = {"peft_type": "LORA", "r": 2, "target_modules": ["lin0"], "lora_alpha": 4}
        configs = [plain, self.peft.config, *({**plain, **more} for more in NESTED_BASES.values())]
        patterns = {"rank_pattern": {"lin0": 3}, "alpha_pattern": {"lin": 1.5}, "use_rslora": True}
        layers = {"layers_to_transform": [0, 1], "layers_pattern": "layers", "bias": "all"}
        tokens = {"trainable_token_indices": {"embed_tokens": [1, 2]}, "modules_to_save": ["head"]}
        configs += [{**plain, **more} for more in (patterns, layers, tokens)]
        return [json.dumps(one, indent=2).encode() for one in configs]

    def read(self, data: bytes) -> Answer:
        """Read a config, and judge it as an adapter's."""
        from tests.config.test_tolerance import read

        document, faults = read_document(data, FILE)
        said = of_faults(faults)
        if document is None or not isinstance(document.value, dict):
            return Answer(said, is_deep=False)
        reading, reasons = read(document.value)
        return Answer(f"{said} {words(reasons)} {of_faults(list(reading.faults))}")

    def judge(self, data: bytes) -> Answer:
        """Read a config, ask `json` for its value and PEFT for its config."""
        document, faults = read_document(data, FILE)
        said = of_faults(faults)
        value, error = _value(data)
        if document is None or error:
            is_same = (document is None) == bool(error) or _is_ours(said)
            return Answer(f"{error} {said}", "" if is_same else f"json: {error}; faults: {said}")
        if repr(document.value) != repr(value):
            return Answer(said, f"{document.value!r} against {value!r}"[:500])
        if not isinstance(value, dict):
            return Answer(f"{type(value).__name__} {said}")
        return self._judge(value, data, said)

    def _judge(self, value: dict[str, Any], data: bytes, said: str) -> Answer:
        from tests.config.test_tolerance import read

        reading, reasons = read(value)
        way = f"{said} {words(reasons)} {of_faults(list(reading.faults))}"
        if value.get("peft_type") != "LORA":
            return Answer(way)
        try:
            self.path.write_bytes(data)
            with quiet():
                peft.LoraConfig.from_pretrained(str(self.path.parent))
        except Exception as error:  # whatever an odd value leads to
            why = f"{type(error).__name__}: {error}"
            return Answer(f"{way} {words([why])}", "" if reasons else f"PEFT fails: {why}"[:500])
        if hashlib.sha256(data).digest()[0] % LOADED:
            return Answer(way)
        self.peft.seen.clear()
        found = disagreement(self.peft, value, is_stricter=False)
        is_known = found.startswith("PEFT loads what we refuse") and _is_stricter(value)
        is_known = is_known or any(words in found for words in OF_THE_BASE)
        return Answer(way, "" if is_known else found)


def _value(data: bytes) -> tuple[Any, str]:
    try:
        return json.loads(data.decode("utf-8")), ""
    except (ValueError, RecursionError) as error:
        return None, type(error).__name__


def _is_ours(said: str) -> bool:
    """Tell whether a file is refused that `json` reads: for its depth or size."""
    return any(word in said for word in ("too-large", "too deep", "nested", "not-an-object"))


def _is_stricter(config: dict[str, Any]) -> bool:
    """Tell whether a value is refused on purpose that PEFT takes for something else, or not at all.

    It does not look at `r` where each module has a rank of its own.
    """
    rank = config.get("r", 8)
    if (type(rank) is not int or rank < 1) and config.get("rank_pattern"):
        return True
    for field, stricter in STRICTER.items():
        name, _, key = field.partition(".")
        value = config.get(name)
        try:
            if stricter(value[key] if key and isinstance(value, dict) else value):
                return True
        except (IndexError, KeyError, TypeError):
            continue
    return False
