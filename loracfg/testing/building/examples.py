r"""Build the examples on the pages of rules as adapters that can be validated.

An example starts from an adapter that fits its base: rank 4 on `q_proj` and `v_proj` of a Llama
with two layers. Each line of the example changes something:

    made with {"use_dora": true}         the config with which the adapter was created
    config {"r": 8}                      changes to the config file afterwards
    config without "r"                   a key removed from the config
    config of 0.12                       only the keys that a release of PEFT has
    config text {"r": 8                  the whole text of the config
    config bytes efbbbf7b7d              the bytes of the config, in hexadecimal
    tensor NAME F32 [4, 16]              a tensor added or replaced
    drop REGEX                           tensors removed
    rename REGEX -> TEXT                 tensors renamed (`re.sub`)
    reshape REGEX -> [4, 16]             tensors with a different shape
    metadata {"format": "pt"}            the metadata of the weight file
    metadata padded 1000                 metadata with this many characters
    weights cut 100                      this many bytes removed from the end of the weight file
    weights append 00                    bytes added to its end
    weights bytes 00ff                   all of its bytes
    weights header {"__metadata__": {}}  a file with this header, without data
    weights pickled                      `adapter_model.bin` instead
    weights pickled without data         the same, without the data of its tensors
    weights pickled K\x01K\x02            the same, with more opcodes in its dict
    weights none                         no weight file
    planned                              the config alone, before training
    values REGEX 0.5                     random numbers up to this magnitude in tensors (F32), and
                                         zeros in all other tensors; values are checked too
    values REGEX all 16                  this number everywhere
    values REGEX same                    the same numbers in tensors of the same shape
    values REGEX nan                     or `inf`, as the first value
    file NAME TEXT                       another file, or a folder if its name ends with `/`
    raw NAME TEXT                        the same, with escapes such as `\x80`
    locked NAME                          a file that cannot be opened
    link NAME                            a file that is a link to one outside the folder
    base {"hidden": 32}                  a different base: hidden, inner, heads, kv_heads, head_dim,
                                         vocab, layers, tied, biases, experts, dense, labels,
                                         vision, class, renames, hides_embeddings,
                                         raises_for_embeddings; with `vision`,
                                         this many layers of a `vision_tower`, and a `projector`;
                                         dtype, name (its id), own_code (only code in its
                                         repository builds it), type, saved_as: the classes that
                                         its weights were saved from; folder: its path, instead of
                                         its id; led_to: a class without the modules, which the
                                         config leads to; packed: how its experts are packed;
                                         other_model: a class of a different model, which the
                                         config names
    base file NAME TEXT                  a file in the folder of the base
    base none                            no base
    peft 0.12.0                          validate for this release of PEFT too
    for vllm==0.33                       validate for this engine too
    policy {"max-rank": 8}               validate with this `[policy]` of a project too
    live {"frozen": "lora_A"}            check it in a live model, of which this is true: patterns
                                         of tensors that are frozen, `not_optimized` or
                                         `without_data`; parameters of the base that are trained
                                         (`unsaved`), modules that are `untied`, `active`
                                         adapters; whether it is `idle`, or not `in_training`;
                                         `changes` since the checkpoint
    trainer {"adapter": "lora"}          a trainer's JSON file, `run.json`, in the place of the
                                         adapter; several lines make one file
"""

from __future__ import annotations

import json
import math
import random
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from loracfg.adapter.header.tensor import Tensor
from loracfg.base.architecture import Architecture
from loracfg.config.history.field_facts import fields_of
from loracfg.config.history.releases import find_release
from loracfg.config.model.lora_config import LoraConfig
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.testing.building.surroundings import ELSEWHERE
from loracfg.testing.llama import BASE, llama
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes, torch_bytes, with_header

CONFIG: Final[dict[str, Any]] = {
    "task_type": "CAUSAL_LM",
    "r": 4,
    "lora_alpha": 8,
    "target_modules": ["q_proj", "v_proj"],
    "inference_mode": True,
    "base_model_name_or_path": "example/llama",
}
"""The config from which an example starts."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example on a page: its lines, and whether the rule must find something."""

    fires: bool
    lines: tuple[str, ...]


def examples(page: str) -> Iterator[Example]:
    """Yield the examples of a page: the indented lines below `Fires:` and `Passes:`."""
    pattern = re.compile(r"^(Fires|Passes):\n\n((?:    .*\n|\n)+)", re.MULTILINE)
    for match in pattern.finditer(page + "\n"):
        lines = [line[4:] for line in match[2].splitlines() if line.strip()]
        yield Example(match[1] == "Fires", tuple(lines))


@dataclass
class _Draft:
    """The parts of an adapter while the lines of an example change it."""

    made_with: dict[str, Any] = field(default_factory=lambda: dict(CONFIG))
    base: dict[str, Any] | None = field(default_factory=lambda: dict(BASE))
    tensors: dict[str, Tensor] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    config_bytes: bytes | None = None
    metadata: dict[str, str] | None = None
    weights: list[tuple[str, str]] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)


def build(lines: tuple[str, ...]) -> tuple[MemoryFiles, Architecture | None]:
    """Return the files of an example and its base."""
    draft = _Draft()
    rest = []
    for line in lines:
        if line.startswith("made with "):
            draft.made_with |= json.loads(line.removeprefix("made with "))
        elif not line.startswith(ELSEWHERE):
            rest.append(line)
    made = LoraConfig.model_validate(draft.made_with)
    plan = build_plan(made, llama(BASE), PatternBudget())
    draft.tensors = {e.name: Tensor(e.name, "F32", e.shape) for e in plan.tensors.values()}
    draft.config = made.to_dict()
    for line in rest:
        _apply(line, draft)
    base = None if draft.base is None else llama(draft.base)
    return MemoryFiles(_contents(draft), frozenset(draft.locked), tuple(draft.links)), base


def _apply(line: str, draft: _Draft) -> None:
    verb, _, argument = line.partition(" ")
    if verb not in _CHANGES:
        raise ValueError(f"an example has no line `{line}`")
    _CHANGES[verb](argument, draft)


def _add_tensor(argument: str, draft: _Draft) -> None:
    name, dtype, shape = argument.split(" ", 2)
    draft.tensors[name] = Tensor(name, dtype, tuple(json.loads(shape)))


def _drop_tensors(argument: str, draft: _Draft) -> None:
    draft.tensors = {n: t for n, t in draft.tensors.items() if not re.search(argument, n)}


def _rename_tensors(argument: str, draft: _Draft) -> None:
    old, _, new = argument.partition(" ->")
    renamed = [t._replace(name=re.sub(old, new.strip(), n)) for n, t in draft.tensors.items()]
    draft.tensors = {tensor.name: tensor for tensor in renamed}


def _reshape_tensors(argument: str, draft: _Draft) -> None:
    old, shape = argument.split(" -> ")
    for name, tensor in draft.tensors.items():
        if re.search(old, name):
            draft.tensors[name] = tensor._replace(shape=tuple(json.loads(shape)))


def _set_metadata(argument: str, draft: _Draft) -> None:
    kind, _, value = argument.partition(" ")
    padded = kind == "padded"
    draft.metadata = {"padding": "x" * int(value)} if padded else json.loads(argument)


def _change_weights(argument: str, draft: _Draft) -> None:
    action, _, value = argument.partition(" ")
    draft.weights.append((action, value))


def _leave_untrained(_: str, draft: _Draft) -> None:
    draft.weights.append(("none", ""))


def _set_values(argument: str, draft: _Draft) -> None:
    pattern, _, kind = argument.partition(" ")
    draft.values.append((pattern, kind))


def _numbers(name: str, tensor: Tensor, draft: _Draft) -> bytes:
    """Return the data of a tensor from the last line that sets its values; zeros without one."""
    count = math.prod(tensor.shape)
    kinds = [kind for pattern, kind in draft.values if re.search(pattern, name)]
    kind = kinds[-1] if kinds else "0"
    if kind.startswith("all "):
        return struct.pack(f"<{count}f", *[float(kind.removeprefix("all "))] * count)
    drawn = random.Random(str(tensor.shape) if kind == "same" else name)  # noqa: S311  # no secret
    size = 1.0 if kind in ("same", "nan", "inf") else float(kind)
    numbers = [drawn.uniform(-size, size) for _ in range(count)]
    if kind in ("nan", "inf"):
        numbers[0] = float(kind)
    return struct.pack(f"<{count}f", *numbers)


def _add_file(argument: str, draft: _Draft) -> None:
    name, _, text = argument.partition(" ")
    draft.files[name] = text.encode()


def _add_raw_file(argument: str, draft: _Draft) -> None:
    name, _, text = argument.partition(" ")
    draft.files[name] = _unescaped(text)


def _lock_file(argument: str, draft: _Draft) -> None:
    draft.locked.add(argument)


def _link_file(argument: str, draft: _Draft) -> None:
    draft.links.append(argument)


def _change_base(argument: str, draft: _Draft) -> None:
    draft.base = None if argument == "none" else BASE | json.loads(argument)


def _change_config(argument: str, draft: _Draft) -> None:
    kind, _, value = argument.partition(" ")
    match kind:
        case "without":
            del draft.config[json.loads(value)]
        case "of":
            known = fields_of(find_release(value))
            draft.config = {key: one for key, one in draft.config.items() if key in known}
        case "text":
            draft.config_bytes = value.encode()
        case "bytes":
            draft.config_bytes = bytes.fromhex(value)
        case "none":
            draft.config = {}
        case _:
            draft.config |= json.loads(argument)


_CHANGES: Final[dict[str, Callable[[str, _Draft], None]]] = {
    "config": _change_config,
    "tensor": _add_tensor,
    "drop": _drop_tensors,
    "rename": _rename_tensors,
    "reshape": _reshape_tensors,
    "metadata": _set_metadata,
    "weights": _change_weights,
    "values": _set_values,
    "file": _add_file,
    "raw": _add_raw_file,
    "locked": _lock_file,
    "link": _link_file,
    "base": _change_base,
    "planned": _leave_untrained,
}


def _contents(draft: _Draft) -> dict[str, bytes]:
    contents = dict(draft.files)
    if draft.config_bytes is not None:
        contents["adapter_config.json"] = draft.config_bytes
    elif draft.config:
        is_saved = ("none", "") not in draft.weights  # PEFT also sorts what is inside
        text = json.dumps(dict(sorted(draft.config.items())), indent=2, sort_keys=is_saved)
        contents["adapter_config.json"] = text.encode()
    return contents | _weights(draft)


def _pickled(value: str, draft: _Draft) -> bytes:
    if value == "without data":
        return torch_bytes(draft.tensors.values(), data=False)
    return torch_bytes(draft.tensors.values(), _unescaped(value))


def _unescaped(text: str) -> bytes:
    return text.encode().decode("unicode_escape").encode("latin-1")


def _weights(draft: _Draft) -> dict[str, bytes]:
    name = "adapter_model.safetensors"
    data = safetensors_bytes(draft.tensors.values(), draft.metadata)
    if draft.values:
        numbers = b"".join(_numbers(n, tensor, draft) for n, tensor in draft.tensors.items())
        data = data[: len(data) - len(numbers)] + numbers
    for action, value in draft.weights:
        match action:
            case "cut":
                data = data[: -int(value)]
            case "append":
                data += bytes.fromhex(value)
            case "bytes":
                data = bytes.fromhex(value)
            case "header":
                data = with_header(value.encode())
            case "pickled":
                name, data = "adapter_model.bin", _pickled(value, draft)
            case "none":
                return {}
            case _:
                raise ValueError(f"weights cannot `{action}`")
    return {name: data}
