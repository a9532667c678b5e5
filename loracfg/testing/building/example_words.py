"""The examples on the pages of rules in words: what a line of their notation says to a user."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Final

_LONGEST: Final = 160
"""Characters of a value that are shown."""
_TRAINER: Final = "trainer "
_KEYS_OF_BASES: Final = {
    "heads": "num_attention_heads",
    "hidden": "hidden_size",
    "inner": "intermediate_size",
    "kv_heads": "num_key_value_heads",
    "labels": "num_labels",
    "layers": "num_hidden_layers",
    "tied": "tie_word_embeddings",
    "type": "model_type",
    "vocab": "vocab_size",
}
"""What the config of a model has for the keys of the notation."""
_PLACES: Final = {".": "all tensors"}


def described(lines: Iterable[str]) -> str:
    """Return what the lines of an example say, as a part of a sentence."""
    parts: list[str] = []
    options: dict[str, object] = {}
    for line in lines:
        if line.startswith(_TRAINER):
            options |= json.loads(line.removeprefix(_TRAINER))
            continue
        verb = next(one for one in _WORDS if line == one or line.startswith(f"{one} "))
        parts.append(_WORDS[verb](line.removeprefix(verb).strip()))
    if options:
        parts.insert(0, f"a trainer's `run.json` has {_items(json.dumps(options))}")
    return "; ".join(parts)


def _code(text: str) -> str:
    """Return a text as a span of code, whatever it has."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    runs = re.findall("`+", shown)
    fence = "`" * (max(map(len, runs), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _items(text: str) -> str:
    """Return the items of a JSON object, as they are in a file."""
    values = json.loads(text)
    if not values:
        return "no keys"
    items = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in values.items())
    return ", ".join(map(_code, items))


def _with(words: str) -> Callable[[str], str]:
    """Return what puts the rest of a line, as code, in the place of `{}`."""
    return lambda rest: words.format(_code(rest))


def _tensors(pattern: str) -> str:
    return _PLACES.get(pattern, f"the tensors that match {_code(pattern)}")


def _config(rest: str) -> str:
    return f"`adapter_config.json` has {_items(rest)}"


def _text(rest: str) -> str:
    return f"`adapter_config.json` is {_code(rest) if rest else 'empty'}"


def _tensor(rest: str) -> str:
    name, dtype, shape = rest.split(" ", 2)
    return f"the weight file has {_code(name)} with dtype {dtype} and shape {_code(shape)}"


def _drop(rest: str) -> str:
    return "the weight file has no tensors" if rest == "." else f"without {_tensors(rest)}"


def _rename(rest: str) -> str:
    old, _, new = rest.partition(" ->")
    named = _code(new.strip()) if new.strip() else "left out"
    return f"in the names of tensors, {_code(old)} is {named}"


def _reshape(rest: str) -> str:
    old, shape = rest.split(" -> ")
    return f"{_tensors(old)} have shape {_code(shape)}"


def _values(rest: str) -> str:
    pattern, _, kind = rest.partition(" ")
    words = {"nan": "have a NaN", "inf": "have an infinity", "0": "are zero"}
    words |= {"same": "have the same values if they have the same shape"}
    if kind.startswith("all "):
        return f"{_tensors(pattern)} are {kind.removeprefix('all ')} everywhere"
    return f"{_tensors(pattern)} {words.get(kind, f'have random values up to {kind}')}"


def _file(rest: str) -> str:
    name, _, text = rest.partition(" ")
    if name.endswith("/"):
        return f"{_code(name.removesuffix('/'))} is a folder"
    return f"there is a file {_code(name)}" + (f" with {_code(text)}" if len(text) > 1 else "")


def _base(rest: str) -> str:
    values = json.loads(rest)
    named = {_KEYS_OF_BASES.get(key, key): value for key, value in values.items()}
    return f"the base has {_items(json.dumps(named))}"


def _live(rest: str) -> str:
    return "in a live model" + (f" with {_items(rest)}" if rest != "{}" else "")


def _pickled(rest: str) -> str:
    words = {"": "", "without data": ", without the data of its tensors"}
    more = words.get(rest, f", with the opcodes {_code(rest)} in its dict")
    return f"the weights are a pickle, `adapter_model.bin`{more}"


_WORDS: Final[dict[str, Callable[[str], str]]] = {
    "made with": lambda rest: f"trained with {_items(rest) if rest != '{}' else 'the defaults'}",
    "config without": lambda rest: f"`adapter_config.json` has no {_code(json.loads(rest))}",
    "config of": lambda rest: f"`adapter_config.json` only has the keys of PEFT {rest}",
    "config text": _text,
    "config bytes": _with("`adapter_config.json` has these bytes: {}"),
    "config none": lambda _: "there is no `adapter_config.json`",
    "config": _config,
    "tensor": _tensor,
    "drop": _drop,
    "rename": _rename,
    "reshape": _reshape,
    "metadata padded": lambda rest: f"the weight file has {int(rest):,} characters of metadata",
    "metadata": lambda rest: f"the weight file has the metadata {_items(rest)}",
    "weights cut": lambda rest: f"the last {rest} bytes of the weight file are missing",
    "weights append": _with("the bytes {} follow the end of the weight file"),
    "weights bytes": lambda rest: (
        f"the weight file has these bytes: {_code(rest)}" if rest else "the weight file is empty"
    ),
    "weights header": _with("the header of the weight file is {}"),
    "weights pickled": _pickled,
    "weights none": lambda _: "there is no weight file",
    "planned": lambda _: "a config before training, as in `loracfg plan`",
    "values": _values,
    "file": _file,
    "raw": _file,
    "locked": _with("{} cannot be opened"),
    "link": _with("{} is a link out of the folder"),
    "base file": lambda rest: f"in the folder of the base, {_file(rest)}",
    "base none": lambda _: "no base is known",
    "base": _base,
    "peft": _with("validated with `--peft` {}"),
    "for": _with("validated with `--for` {}"),
    "policy": lambda rest: f"the policy of the project has {_items(rest)}",
    "live": _live,
}
"""What each kind of line says; longer beginnings come before shorter ones."""
