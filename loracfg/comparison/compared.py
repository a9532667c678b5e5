"""How two adapters differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

from loracfg.adapter.directory import Adapter, check_config
from loracfg.adapter.header.tensor import Tensor
from loracfg.adapter.tensor_names import Part
from loracfg.comparison.difference import (
    Comparison,
    KeyChange,
    ModuleChange,
    Overlap,
    Swap,
    ValueCounts,
)
from loracfg.comparison.swapping import Side, changes_base, given_values, swap
from loracfg.config.history.field_facts import default_of
from loracfg.config.history.field_table import DEFAULTS, RESULTS
from loracfg.engine.case import Case
from loracfg.engine.fronts import engine_for
from loracfg.inspection.contents import InspectedModule
from loracfg.inspection.gather import modules_in, pattern_of
from loracfg.inspection.inspected import refuse_unreadable
from loracfg.inspection.sizes import role_of
from loracfg.inspection.wording import aspects

if TYPE_CHECKING:
    from loracfg.engine.options import OptionArguments, Options

_UNORDERED: Final = frozenset({"target_modules", "modules_to_save", "exclude_modules"})
_WITHOUT_RESULT: Final = frozenset({"auto_mapping", "inference_mode", "peft_version"})
"""Keys of any method that do not affect the result."""
_SHOWN_APART: Final = frozenset({"base_model_name_or_path", "revision"})


def diff(
    first: str | Path,
    second: str | Path,
    options: Options | None = None,
    **arguments: Unpack[OptionArguments],
) -> Comparison:
    """Return how two adapters differ.

    A base in `options` is used for both.

    Raises:
        LoracfgError: if a path does not exist, or has no adapter or config that can be read.
    """
    engine = engine_for(options, **arguments)
    return compare(engine.open(first), engine.open(second))


def compare(first: Case, second: Case) -> Comparison:
    """Return how two adapters differ that were opened already.

    Raises:
        LoracfgError: if one has nothing that can be read as an adapter.
    """
    cases = first, second
    for case in cases:
        refuse_unreadable(case)
        check_config(case.adapter)
    modules = [{m.path: m for m in modules_in(case) if m.is_adapted} for case in cases]
    return Comparison(
        (cases[0].report, cases[1].report),
        (cases[0].adapter.named_base, cases[1].adapter.named_base),
        tuple(_module_changes(*modules)),
        sum(1 for path, one in modules[0].items() if _is_equal(one, modules[1].get(path))),
        tuple(_other_changes(*cases)),
        tuple(key_changes(cases[0].adapter, cases[1].adapter)),
        tuple(_overlaps(*cases)),
        _values(*cases),
        _swaps(cases, modules),
    )


def _is_equal(one: InspectedModule | None, other: InspectedModule | None) -> bool:
    """Whether two modules are equal except for how they fit their bases."""
    if one is None or other is None:
        return False
    return one._replace(state="fits", largest=None) == other._replace(state="fits", largest=None)


def _module_changes(
    first: Mapping[str, InspectedModule], second: Mapping[str, InspectedModule]
) -> Iterator[ModuleChange]:
    counts: dict[tuple[str, str | None, str | None], int] = {}
    for path in dict.fromkeys((*first, *second)):
        one, other = first.get(path), second.get(path)
        if not _is_equal(one, other):
            change = (pattern_of(path), *_difference_in_words(one, other))
            counts[change] = counts.get(change, 0) + 1
    return _changes(counts)


def _difference_in_words(
    one: InspectedModule | None, other: InspectedModule | None
) -> tuple[str | None, str | None]:
    """Return in words how two modules differ."""
    first, second = (aspects(module) if module else None for module in (one, other))
    if first is None or second is None:
        mine, theirs = (", ".join(said) if said else None for said in (first, second))
        return mine, theirs
    differing = [at for at, said in enumerate(first) if said != second[at]]
    if not differing and one and other:  # for example kernels of different sizes
        return f"{one.parameters:,} parameters", f"{other.parameters:,} parameters"
    return ", ".join(first[at] for at in differing), ", ".join(second[at] for at in differing)


def _changes(counts: Mapping[tuple[str, str | None, str | None], int]) -> Iterator[ModuleChange]:
    return (ModuleChange(name, count, one, other) for (name, one, other), count in counts.items())


def _other_changes(first: Case, second: Case) -> Iterator[ModuleChange]:
    """Find tensors other than factors, such as saved modules, that differ or are in only one."""
    one, other = _others(first), _others(second)
    counts: dict[tuple[str, str | None, str | None], int] = {}
    for name in dict.fromkeys((*one, *other)):
        if one.get(name) != other.get(name):
            change = (pattern_of(name), one.get(name), other.get(name))
            counts[change] = counts.get(change, 0) + 1
    return _changes(counts)


def _others(case: Case) -> dict[str, str]:
    adapter, plan = case.adapter, case.plan
    return {
        name: f"{role_of(taken, plan, adapter.config)}, {_form(adapter.tensors[name])}"
        for name, taken in adapter.names.items()
        if not (taken.is_adapter and taken.prefix) or taken.part is Part.TOKENS
    }


def _form(tensor: Tensor) -> str:
    return f"{tensor.dtype} {list(tensor.shape)}"


def key_changes(first: Adapter, second: Adapter) -> Iterator[KeyChange]:
    """Yield the config keys with different values, except those that name the base."""
    configs = given_values(first), given_values(second)
    if first.reading is None or second.reading is None:
        same = first.method == second.method and all(configs)
        yield from _foreign_changes(*configs, every=same)
        return
    for key in dict.fromkeys((*DEFAULTS, *configs[0], *configs[1])):
        known = key in DEFAULTS
        one, other = (c.get(key, default_of(key) if known else None) for c in configs)
        if key not in _SHOWN_APART and _plain(key, one) != _plain(key, other):
            yield KeyChange(key, one, other, _matters(key, one, other))


def _foreign_changes(
    first: Mapping[str, Any], second: Mapping[str, Any], *, every: bool
) -> Iterator[KeyChange]:
    """Compare configs if at least one is not for LoRA, so defaults are unknown.

    If the methods differ, a key that is in only one config is not a difference. `every` says that
    they are the same.
    """
    for key in dict.fromkeys((*first, *second)):
        given = key in first, key in second
        one, other = first.get(key), second.get(key)
        if key in _SHOWN_APART or not (every or all(given)):
            continue
        if not all(given) or _plain(key, one) != _plain(key, other):
            yield KeyChange(key, one, other, key not in _WITHOUT_RESULT, given)


def _plain(key: str, value: Any) -> Any:
    """Return a value with its names sorted if their order has no effect."""
    return sorted(map(str, value)) if key in _UNORDERED and isinstance(value, list) else value


def _matters(key: str, one: Any, other: Any) -> bool:
    if key == "init_lora_weights":
        return changes_base(one) or changes_base(other)
    return key in RESULTS


def _overlaps(first: Case, second: Case) -> Iterator[Overlap]:
    one, other = _trained_tokens(first), _trained_tokens(second)
    for path in one.keys() & other.keys():
        tokens = one[path] & other[path]
        if tokens:
            yield Overlap(path, tuple(sorted(tokens)))


def _trained_tokens(case: Case) -> dict[str, frozenset[int]]:
    """Return the trained tokens by the path of their embedding."""
    config = case.adapter.config
    given = config.trainable_token_indices if config else None
    paths = [n.module for n in case.adapter.names.values() if n.part is Part.TOKENS]
    if not given:
        return {}
    if not isinstance(given, dict):
        return {path: frozenset(given) for path in paths}
    return {
        path: frozenset(tokens)
        for path in paths
        for name, tokens in given.items()
        if path == name or path.endswith(f".{name}")
    }


def _values(first: Case, second: Case) -> ValueCounts | None:
    """Compare the values of tensors that both have with the same dtype and shape."""
    one, other = first.adapter, second.adapter
    if one.values is None or other.values is None:
        return None
    common = [
        name
        for name, tensor in one.tensors.items()
        if other.tensors.get(name) == tensor and name in one.values.tensors
    ]
    equal = sum(one.values.bytes_of(name) == other.values.bytes_of(name) for name in common)
    return ValueCounts(len(common), equal)


def _swaps(
    cases: Iterable[Case], modules: Iterable[Mapping[str, InspectedModule]]
) -> tuple[Swap, Swap] | None:
    sides = []
    for letter, one, own in zip("AB", cases, modules, strict=True):
        config = one.adapter.config
        if config is None or one.adapter.header is None:
            return None
        sides.append(Side(letter, one.adapter, config, one.planning.settings, own))
    first, second = sides
    return swap(first, second), swap(second, first)
