"""The names of a base that each field of a config can have, with what they stand for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Kind
from loracfg.cache import Cache
from loracfg.config.model.default_targets import ALL_LINEAR
from loracfg.named_tuple import NamedTuple
from loracfg.planning.targets import suffixes
from loracfg.report.render.words import counted
from loracfg.training.base_targets import targets_in
from loracfg.training.targets_text import sizes_words

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.training.base_targets import BaseTargets, NamedModules

MODULE_LISTS: Final = ("target_modules", "exclude_modules")
"""Fields with a list of modules that can get factors."""
SAVED: Final = "modules_to_save"
PARAMETERS: Final = "target_parameters"
LAYERS: Final = "layers_to_transform"
LAYER_LISTS: Final = "layers_pattern"
PATTERNS: Final = ("rank_pattern", "alpha_pattern")
"""Fields with an object whose keys are modules."""

_LAYER: Final = re.compile(r"(?:^|\.)(?!\d+\.)([^.]+)\.(\d{1,6})(?=\.|$)")
"""A list of layers, and the number of a layer in it."""
_KEPT: Final = Cache["tuple[Architecture, BaseTargets]"](8)
"""What a config can name in a base, with the base, by the id of the base."""


class BaseName(NamedTuple):
    """A name, and what it stands for in the base.

    Attributes:
        text: the name, or the number of a layer.
        detail: what it is, such as `Linear 4096 → 4096, 32 layers`.
        example: the path of the first module with this name.
        is_number: whether it is a number.
    """

    text: str
    detail: str
    example: str = ""
    is_number: bool = False


def names_for(field: str, base: Architecture, *, in_list: bool = True) -> tuple[BaseName, ...]:
    """Return the names that an entry of a field can have; none for other fields.

    Args:
        field: the field of the config.
        base: the base.
        in_list: whether the entry is one of a list or a key, and not all of the value.
    """
    targets = _targets_in(base)
    if not in_list:
        if field == "target_modules":
            return (_all_linear(targets),)
        return tuple(_layer_lists(base)) if field == LAYER_LISTS else ()
    if field in (*MODULE_LISTS, *PATTERNS):
        return tuple(_modules(targets.modules))
    if field == SAVED:
        saved = (BaseName(name, "saved as a whole") for name in targets.saved)
        return _distinct((*_modules(targets.modules), *saved))
    if field == PARAMETERS:
        return tuple(_parameters(targets))
    if field == LAYERS:
        return tuple(_layers(base))
    return tuple(_layer_lists(base)) if field == LAYER_LISTS else ()


def longer_names(base: Architecture, prefix: str) -> tuple[BaseName, ...]:
    """Return the ends of paths that begin with a prefix that has a dot, without numbers."""
    found: Counter[str] = Counter()
    for path, module in base.modules.items():
        if module.kind is not Kind.OTHER:
            found.update(end for end in suffixes(path) if _is_longer(end, prefix))
    return tuple(BaseName(name, counted(count, "layer")) for name, count in found.items())


def _is_longer(end: str, prefix: str) -> bool:
    is_plain = not any(step.isdecimal() for step in end.split("."))
    return "." in end and is_plain and end.startswith(prefix)


def _targets_in(base: Architecture) -> BaseTargets:
    kept = _KEPT.find(id(base))
    if kept is None or kept[0] is not base:
        kept = base, targets_in(base)
        _KEPT.keep(id(base), kept)
    return kept[1]


def _modules(modules: Iterable[NamedModules]) -> Iterator[BaseName]:
    """Yield a name for all modules with it, which can be of several kinds."""
    by_name: dict[str, list[NamedModules]] = {}
    for one in modules:
        by_name.setdefault(one.name, []).append(one)
    for name, each in by_name.items():
        detail = "; ".join(map(modules_words, each))
        yield BaseName(name, detail, each[0].example)


def modules_words(one: NamedModules) -> str:
    """Return modules with the same name in words, such as `Linear 4096 → 4096, 32 layers`."""
    sizes = f" {sizes_words(one.sizes)}" if one.sizes else ""
    return f"{one.kind}{sizes}, {counted(one.modules, 'layer')}"


def _all_linear(targets: BaseTargets) -> BaseName:
    count = sum(one.modules for one in targets.modules if one.is_linear)
    return BaseName(ALL_LINEAR, f"{counted(count, 'layer')}: all linear ones but the output layer")


def _parameters(targets: BaseTargets) -> Iterator[BaseName]:
    for one in targets.parameters:
        shape = " x ".join(map(str, one.shape))
        yield BaseName(one.name, f"{shape}, {counted(one.modules, 'module')}", one.example)


def _layers(base: Architecture) -> Iterator[BaseName]:
    """Yield the numbers of layers, with the lists that have a layer of that number."""
    lists = _numbers_of_lists(base)
    most = max((max(numbers) for numbers in lists.values()), default=-1)
    for number in range(most + 1):
        having = [name for name, numbers in lists.items() if number in numbers]
        if having:
            yield BaseName(str(number), ", ".join(f"{one}.{number}" for one in having), "", True)


def _layer_lists(base: Architecture) -> Iterator[BaseName]:
    for name, numbers in _numbers_of_lists(base).items():
        yield BaseName(name, counted(len(numbers), "layer"))


def _numbers_of_lists(base: Architecture) -> dict[str, set[int]]:
    """Return the numbers of the layers in each list of layers: the first number of a path."""
    found: dict[str, set[int]] = {}
    for path in base.modules:
        match = _LAYER.search(path)
        if match:
            found.setdefault(match[1], set()).add(int(match[2]))
    return found


def _distinct(names: Iterable[BaseName]) -> tuple[BaseName, ...]:
    found: dict[str, BaseName] = {}
    for one in names:
        found.setdefault(one.text, one)
    return tuple(found.values())
