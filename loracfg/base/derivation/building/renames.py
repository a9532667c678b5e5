"""Records how PEFT 0.19+ renames the modules of adapters from transformers 4 when it loads them.

transformers 5 renames tensors of older checkpoints, and PEFT does the same with an adapter's
(`convert_peft_adapter_state_dict_for_transformers`), but only for model types with their own table.
This module calls that function for each module in layout 4, and for the names under which
transformers 5 saves tensors, which are those of transformers before 4.52. The results become rules:
a path prefix, with `#` for numbers, and its replacement.

`python -m loracfg.base.derivation.building.renames` adds them to the facts. What is recorded of
classes that need a package which is not installed, such as timm, stays, and is listed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import LAYOUTS, layout_of
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.derivation.building.layout_files import FACTS, INDEX, pack, read_index
from loracfg.base.from_library import built as builder
from loracfg.base.from_library.live_model import architecture_of
from loracfg.base.from_library.sandbox import offline, quiet
from loracfg.base.renaming import renamed
from loracfg.named_tuple import NamedTuple

Rules: TypeAlias = list[list[str]]

_PREFIX: Final = "base_model.model."
_SUFFIX: Final = ".lora_A.weight"
_EXPERT: Final = re.compile(r"\.experts\.\d+(\.|$)")
_TOWERS: Final = ("clip_vision_model", "siglip_vision_model", "pixtral")
_TEXTS: Final = ("llama", "mistral", "qwen2", "gemma", "gemma2")
_COUNTS: Final = (2, 11)


class Answer(NamedTuple):
    """The new path that PEFT gives an old one, and whether the model has a module there."""

    old: str
    new: str
    exists: bool


def rewrite() -> None:
    """Add the rules of all classes in both layouts to the facts of transformers 5."""
    folder = FACTS / LAYOUTS[0]
    before = read_index(folder)
    index = replace(before, renames=dict(sorted(all_rules(before.renames))))
    (folder / INDEX).write_text(index.text(), "utf-8")
    pack()


def all_rules(recorded: Mapping[str, Rules]) -> Iterator[tuple[str, Rules]]:
    """Yield the classes that have rules: what PEFT does, or what is recorded if it cannot run."""
    newer, older = map(layout_of, LAYOUTS)
    seen = set()
    for model_type in newer.types:
        for name in newer.classes_of(model_type):
            if older.home_of(name) is None or name in seen or not _is_converted(model_type):
                continue
            seen.add(name)
            try:
                rules = rules_of(model_type, name)
            except ImportError as error:
                rules = recorded.get(name, [])
                why = str(error).strip().partition("\n")[0]
                sys.stderr.write(f"{name} is not built, and stays as it is: {why}\n")
            if rules:
                yield name, rules


def rules_of(model_type: str, class_name: str) -> Rules:
    """Return the rules for a class; none if PEFT keeps all names, or no rules match its results."""
    answers: dict[str, Answer] = {}
    with quiet(), offline():
        for config in _configs(model_type):
            for one in answers_of(config, class_name):
                before = answers.get(one.old, one)
                if before.new != one.new:
                    return []
                answers[one.old] = one._replace(exists=one.exists or before.exists)
    rules = learn(answers.values())
    return rules if all(is_explained(one, rules) for one in answers.values()) else []


def answers_of(config: dict[str, object], class_name: str) -> Iterator[Answer]:
    """Yield PEFT's results for the older paths of a class; none if it cannot be built.

    Raises:
        ImportError: if it needs a package that is not installed.
    """
    try:
        model = builder.model_of(config, class_name)
    except ImportError:
        raise
    except Exception:  # constructors may raise anything
        return
    tree = architecture_of(model)
    paths = {path: None for path, module in tree.modules.items() if path and module.parameters}
    try:
        older = lookup.build(config, class_name, LAYOUTS[1])
        paths |= {path: None for path, m in older.modules.items() if path and m.parameters}
    except CannotBuildError:
        pass
    paths |= dict.fromkeys(_saved_paths(model, list(paths)))
    for old, new in _peft_names(model, [p for p in paths if not _EXPERT.search(p)]).items():
        found = tree.find(new)
        yield Answer(old, new, found is not None and bool(found.parameters))


def learn(answers: Iterable[Answer]) -> Rules:
    """Return rules with the shortest prefixes that no known path contradicts."""
    known = list(dict.fromkeys(_general(one) for one in answers))
    rules: Rules = []
    for one in known:
        if not one.exists or is_explained(one, rules):
            continue
        for rule in _beginnings(one.old, one.new):
            if not any(_is_contradicted(other, rule) for other in known):
                rules.append(rule)
                break
    return sorted(rules)


def is_explained(answer: Answer, rules: Rules) -> bool:
    """Return whether rules agree with PEFT on a path, or keep it if PEFT's has no module."""
    new = renamed(answer.old, tuple((old, new) for old, new in rules))
    return new == answer.new or (not answer.exists and new == answer.old)


def _is_contradicted(answer: Answer, rule: list[str]) -> bool:
    return renamed(answer.old, ((rule[0], rule[1]),)) not in (answer.old, answer.new)


def _general(answer: Answer) -> Answer:
    """Return a result with 0 for the numbers that both of its paths begin with."""
    old, new = _numbered(answer.old.split("."), answer.new.split("."))
    return Answer(old.replace("#", "0"), new.replace("#", "0"), answer.exists)


def _beginnings(old: str, new: str) -> Iterator[list[str]]:
    """Yield the beginnings of two paths before a common end, the longest end first."""
    left, right = old.split("."), new.split(".")
    common = 0
    while common < min(len(left), len(right)) and left[-1 - common] == right[-1 - common]:
        common += 1
    for end in range(min(common, len(left) - 1), -1, -1):
        yield list(_numbered(left[: len(left) - end], right[: len(right) - end]))


def _numbered(old: list[str], new: list[str]) -> tuple[str, str]:
    """Return paths with `#` for the leading numbers that are the same on both sides."""
    same = 0
    for left, right in zip(*(filter(str.isdecimal, parts) for parts in (old, new)), strict=False):
        if left != right:
            break
        same += 1
    return _masked(old, same), _masked(new, same)


def _masked(parts: list[str], count: int) -> str:
    left = iter(range(count))
    return ".".join("#" if p.isdecimal() and next(left, None) is not None else p for p in parts)


def _configs(model_type: str) -> Iterator[dict[str, Any]]:
    """Yield configs of a type: the default, different numbers of layers, different inner models."""
    from transformers import CONFIG_MAPPING, AutoConfig

    plain: dict[str, Any] = {"model_type": model_type}
    yield plain
    parts: dict[str, Any] = getattr(CONFIG_MAPPING[model_type], "sub_configs", {})
    try:
        default = CONFIG_MAPPING[model_type]()
    except Exception:  # it has no default
        default = None
    types = {n: getattr(getattr(default, n, None), "model_type", None) for n in parts}
    for count in _COUNTS:
        inner = {n: _layers(count) | {"model_type": t} for n, t in types.items() if t}
        yield plain | _layers(count) | inner
    for name, part in parts.items():
        if part is AutoConfig:
            others = _TOWERS if "vision" in name else _TEXTS if "text" in name else ()
            for other in others:
                yield plain | {name: _layers(_COUNTS[0]) | {"model_type": other}}


def _layers(count: int) -> dict[str, Any]:
    return {"num_hidden_layers": count}


def _is_converted(model_type: str) -> bool:
    """Return whether PEFT converts adapters of a model type at all."""
    from transformers import conversion_mapping

    tables: Any = conversion_mapping
    return tables.get_checkpoint_conversion_mapping(model_type) is not None


def _saved_paths(model: Any, paths: list[str]) -> list[str]:
    """Return the names under which transformers 5 saves modules: those of older releases."""
    from transformers.conversion_mapping import get_model_conversion_mapping
    from transformers.core_model_loading import WeightRenaming, apply_renamings

    conversions = get_model_conversion_mapping(model, add_legacy=False)
    renamings = [one for one in conversions[::-1] if isinstance(one, WeightRenaming)]
    try:
        back: Any = [one.reverse_transform() for one in renamings]
    except ValueError:  # some cannot be reverted
        return []
    saved = (apply_renamings(f"{path}.weight", back) for path in paths)
    return [name.removesuffix(".weight") for name in saved if name.endswith(".weight")]


def _peft_names(model: Any, paths: list[str]) -> dict[str, str]:
    """Return PEFT's results; it keeps one of several paths with the same result, so ask again."""
    names: dict[str, str] = {}
    while paths:
        found = _converted(model, paths)
        names |= found
        rest = [path for path in paths if path not in names]
        paths = rest if found else []
    return names


def _converted(model: Any, paths: list[str]) -> dict[str, str]:
    """Return the names after conversion by PEFT's function."""
    import torch
    from peft import LoraConfig
    from peft.utils.transformers_weight_conversion import (
        convert_peft_adapter_state_dict_for_transformers,
    )

    state = {
        f"{_PREFIX}{path}{_SUFFIX}": torch.tensor([[number]], dtype=torch.float64)
        for number, path in enumerate(paths)
    }
    found = convert_peft_adapter_state_dict_for_transformers(model, LoraConfig(), state)
    return {
        paths[int(tensor.item())]: name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
        for name, tensor in found.items()
        if tensor.shape == (1, 1)
    }


if __name__ == "__main__":
    rewrite()
