"""Find tensors whose names PEFT does not look for, and their right names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from loracfg.adapter.tensor_names import PREFIX, TensorName, parse_name, without_base_layer
from loracfg.analysis.renames import Renaming, renaming_for
from loracfg.analysis.subject import Subject
from loracfg.base.from_checkpoint.as_loaded import has_module
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_tensors import Role
from loracfg.planning.spelling import adds_prefix

WRAPPER: Final = "modules_to_save"
"""The step that PEFT's wrapper of a saved module adds to names."""


class MisplacedNames(NamedTuple):
    """The names with one kind of wrong prefix, and all with any kind, each with the right name."""

    problem: str
    names: tuple[tuple[str, str], ...]
    all_names: tuple[tuple[str, str], ...]


def misplaced_names(subject: Subject) -> Iterator[MisplacedNames]:
    """Yield the names with a wrong prefix, grouped by problem."""
    groups = renames_by_problem(subject)
    all_names = tuple(pair for renames in groups.values() for pair in renames)
    for problem, renames in groups.items():
        yield MisplacedNames(problem, tuple(renames), all_names)


def renames_by_problem(subject: Subject) -> dict[str, list[tuple[str, str]]]:
    """Map each problem with prefixes to the names that have it and their right names.

    Names that PEFT finds all the same have no problem.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for taken in subject.adapter.table.misplaced:
        if taken.name in subject.open_names:
            problem, right_name = _problem_of(taken, subject)
            groups.setdefault(problem, []).append((taken.name, right_name))
    in_base = {problem: _with_base_paths(renames, subject) for problem, renames in groups.items()}
    loaded = _loaded_names(subject)
    lost = {}
    for problem, found in in_base.items():
        renames = [*found, *_saved_with_prefix(found, subject)]
        lost[problem] = [pair for pair in renames if pair[0] not in loaded]
    return {problem: renames for problem, renames in lost.items() if renames}


def _loaded_names(subject: Subject) -> frozenset[str]:
    """Return names with a wrong prefix that PEFT finds; without a plan, those that it may find."""
    if subject.plan:
        return frozenset(subject.plan.file_names.values())
    base = subject.resolved.architecture
    found = subject.adapter.table.misplaced if base is not None and adds_prefix(base) else ()
    return frozenset(taken.name for taken in found if not taken.prefix)


def _saved_with_prefix(renames: list[tuple[str, str]], subject: Subject) -> list[tuple[str, str]]:
    """Return the tensors of saved modules with the same wrong prefix as all adapter tensors.

    Their right names follow from the change that repairs the adapter tensors.
    """
    names = subject.open_names.values()
    changes = {_change_of_prefix(old, new) for old, new in renames}
    if len(changes) > 1 or len(renames) < sum(taken.is_adapter for taken in names):
        return []
    ((begin, other),) = changes
    saved = [taken.name for taken in names if not taken.is_adapter and _is_misplaced(taken)]
    return [(n, other + n.removeprefix(begin)) for n in saved if n.startswith(begin)]


def _is_misplaced(taken: TensorName) -> bool:
    return not taken.prefix or taken.path.startswith(PREFIX)


def _change_of_prefix(old: str, new: str) -> tuple[str, str]:
    """Return the beginnings of two names up to the end that they share."""
    pairs = zip(reversed(old), reversed(new), strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return old[: len(old) - same], new[: len(new) - same]


def _with_base_paths(renamed: list[tuple[str, str]], subject: Subject) -> list[tuple[str, str]]:
    """Return the renames with the paths that the modules have in the base, if that is clear."""
    base = subject.tree
    modules = {new: parse_name(new).module for _, new in renamed}
    if base is None or not subject.certain or any(has_module(base, m) for m in modules.values()):
        return renamed
    found = renaming_for(subject, {new: subject.shape(old) for old, new in renamed})
    if found is None:
        return renamed
    places = {PREFIX + module: PREFIX + path for module, path in found.paths.items()}
    return [(old, new.replace(m := PREFIX + modules[new], places[m])) for old, new in renamed]


def _problem_of(taken: TensorName, subject: Subject) -> tuple[str, str]:
    """Return what is wrong with the prefix of a name, and the right name."""
    if not taken.prefix:
        before, found, after = taken.name.partition(PREFIX)
        if found:
            kept = PREFIX + before + after
            bare = PREFIX + after
            fits = not _is_in_base(kept, subject) and _is_in_base(bare, subject)
            return f"have `{before}` before `{PREFIX}`", bare if fits else kept
        bare = taken.name.removeprefix("base_model.")
        whole = "base_model." + bare  # if only this part is missing, the plan has the name
        known = subject.plan is not None and whole in subject.plan.shapes
        return f"do not begin with `{PREFIX}`", whole if known else PREFIX + bare
    first, size = 0, len(PREFIX)
    while taken.name.startswith(PREFIX, first + size):
        first += size
    return f"begin with `{PREFIX}` more than once", taken.name[first:]


def _is_in_base(name: str, subject: Subject) -> bool:
    return subject.tree is not None and has_module(subject.tree, parse_name(name).module)


def names_by_adapter(subject: Subject) -> dict[str, list[TensorName]]:
    """Return the tensor names that contain an adapter name, grouped by it."""
    groups: dict[str, list[TensorName]] = {}
    for name, taken in subject.adapter.table.adapters.items():
        if taken.adapter is not None and name in subject.open_names:
            groups.setdefault(taken.adapter, []).append(taken)
    return groups


class AdapterName(NamedTuple):
    """An adapter name, and the tensor names that contain it, each with the name without it.

    `is_only` says that the file has no other adapter name.
    """

    adapter: str
    names: tuple[tuple[str, str], ...]
    is_only: bool


def adapter_name(adapter: str, subject: Subject) -> AdapterName:
    """Return an adapter name with all tensor names that contain it."""
    own = subject.adapter.table.adapters
    names = tuple((name, one.bare) for name, one in own.items() if one.adapter == adapter)
    return AdapterName(adapter, names, len(names) == len(own))


def names_contain(adapter: str, names: Sequence[TensorName]) -> str:
    """Return a clause that says how many tensor names contain an adapter name."""
    the_names = "the name of 1 tensor contains"
    if len(names) > 1:
        the_names = f"the names of {len(names)} tensors contain"
    return f"{the_names} the adapter name `{adapter}`"


class SavedModules(NamedTuple):
    """The missing tensors of modules that a config field saves whole.

    `misnamed` are tensors of the file with names from PEFT's wrapper, each with the right name.
    """

    field: str
    missing: tuple[str, ...]
    misnamed: tuple[tuple[str, str], ...]


def names_in_wrapper(subject: Subject) -> dict[str, str]:
    """Map tensors of saved modules with names from PEFT's wrapper to their right names."""
    names = {n: n.replace(f".{WRAPPER}.", ".", 1) for n in subject.open_names}
    missing = {n: e.shape for n, e in subject.missing.items() if e.role is Role.SAVED_MODULE}
    return {n: bare for n, bare in names.items() if missing.get(bare) == subject.shape(n)}


def lost_tensors(subject: Subject) -> frozenset[str]:
    """Return the tensors for modules that are not in the base; empty if the base is not certain."""
    lost = subject.lost_paths if subject.certain else ()
    return frozenset(
        name for layer in subject.layers.values() if layer.module in lost for name in layer.names
    )


class OtherClass(NamedTuple):
    """The class that the tensor names fit, and the renaming that makes them fit the one in use.

    `names` are the tensors to rename, with their new names. Each part may be unknown.
    """

    fits: str | None
    renaming: str | None
    names: tuple[tuple[str, str], ...]


class TensorRenaming(NamedTuple):
    """A renaming of modules, and the tensors that it changes, from old to new name."""

    renaming: Renaming
    names: dict[str, str]


def renames_for_base(subject: Subject) -> TensorRenaming | None:
    """Return the renaming that gives all modules the paths of the base, if there is only one."""
    tensors = {name: subject.shape(name) for name in lost_tensors(subject)}
    found = renaming_for(subject, tensors) if tensors else None
    if found is None:
        return None
    modules = {name: subject.adapter.names[name].module for name in tensors}
    names = {n: n.replace(PREFIX + m, PREFIX + found.paths[m]) for n, m in modules.items()}
    return TensorRenaming(found, names | dict(_saved_alike(found, subject)))


def _saved_alike(found: Renaming, subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield the tensors of saved modules that the same changes rename, with their new names."""
    base = subject.tree
    assert base is not None
    for name, taken in subject.open_names.items():
        if taken.is_adapter or has_module(base, taken.module):
            continue
        new = filter(None, (change.apply(taken.path) for change in found.changes))
        fitting = [path for path in new if has_module(base, without_base_layer(path))]
        if len(fitting) == 1:
            (path,) = fitting
            yield name, f"{taken.prefix}{path}.{taken.rest}"
