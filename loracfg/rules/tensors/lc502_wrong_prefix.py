r"""Tensor names lack the prefix `base_model.model.`, have it twice, or not at the beginning.

PEFT looks tensors up by their whole name. It finds none of these, leaves its own factors at their
start and serves the base model; since 0.14 it warns of missing keys.

Fires:

    rename ^base_model\.model\. -> base_model.model.base_model.model.

Fires:

    rename ^base_model\.model\. ->

Fires:

    rename ^ -> thinker.

Passes:

    made with {"r": 2}

Repair: rename the tensors so that each begins with `base_model.model.` and the path of its module.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from loracfg.adapter.tensor_names import PREFIX, TensorName, as_saved, parse_name
from loracfg.analysis.noted import MISPLACED
from loracfg.analysis.phrases import plural
from loracfg.analysis.renames import renaming_of
from loracfg.analysis.subject import Subject
from loracfg.base.from_checkpoint.as_loaded import has_module
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Group adapter tensors by what is wrong with the beginning of their names."""
    for problem, placed in renames(subject).items():
        name, repaired = placed[0]
        yield Finding(
            f"the names of {plural(len(placed), 'tensor')} {problem}",
            subject.tensor(name),
            f"rename the tensors, this one to `{repaired}`",
            count=len(placed),
            explains=frozenset(_meant(placed)),
        )


def renames(subject: Subject) -> dict[str, list[tuple[str, str]]]:
    """Return what is wrong with names, and for each problem the names with their repairs."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for taken in subject.adapter.table.misplaced:
        if taken.name in subject.open_names:
            problem, repaired = _wrong(taken, subject)
            groups.setdefault(problem, []).append((taken.name, repaired))
    placed = {problem: _placed(renamed, subject) for problem, renamed in groups.items()}
    return {problem: found + _saved_alike(found, subject) for problem, found in placed.items()}


def _saved_alike(placed: list[tuple[str, str]], subject: Subject) -> list[tuple[str, str]]:
    """Return the tensors of saved modules that begin wrongly, as every tensor of the adapter does.

    Each name is given with its repair, by the change that repairs the others.
    """
    names = subject.open_names.values()
    changes = {_change_of_prefix(old, new) for old, new in placed}
    if len(changes) > 1 or len(placed) < sum(taken.is_adapter for taken in names):
        return []
    ((begin, other),) = changes
    saved = [taken.name for taken in names if not taken.is_adapter and _is_misplaced(taken)]
    return [(n, other + n.removeprefix(begin)) for n in saved if n.startswith(begin)]


def _is_misplaced(taken: TensorName) -> bool:
    return not taken.prefix or taken.path.startswith(PREFIX)


def _change_of_prefix(old: str, new: str) -> tuple[str, str]:
    """Return what names begin with, up to where they are the same."""
    pairs = zip(reversed(old), reversed(new), strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return old[: len(old) - same], new[: len(new) - same]


def _placed(renamed: list[tuple[str, str]], subject: Subject) -> list[tuple[str, str]]:
    """Return names with their repairs, in which modules have the paths of the base."""
    base = subject.tree
    modules = {new: parse_name(new).module for _, new in renamed}
    if base is None or not subject.certain or any(has_module(base, m) for m in modules.values()):
        return renamed
    found = renaming_of(subject, {new: subject.shape(old) for old, new in renamed})
    if found is None:
        return renamed
    places = {PREFIX + module: PREFIX + path for module, path in found.paths.items()}
    return [(old, new.replace(m := PREFIX + modules[new], places[m])) for old, new in renamed]


def _meant(renamed: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the names as they are, repaired, and as PEFT saves them."""
    for name, repaired in renamed:
        yield from (name, repaired, as_saved(name), as_saved(repaired))


def _wrong(taken: TensorName, subject: Subject) -> tuple[str, str]:
    """Return what is wrong with a name, and the name as it should be."""
    if not taken.prefix:
        before, found, after = taken.name.partition(PREFIX)
        if found:
            kept = PREFIX + before + after
            bare = PREFIX + after
            fits = not _is_in_base(kept, subject) and _is_in_base(bare, subject)
            return f"have `{before}` before `{PREFIX}`", bare if fits else kept
        bare = taken.name.removeprefix("base_model.")
        whole = "base_model." + bare  # if only that much was lost, the plan knows the name
        known = subject.plan is not None and whole in subject.plan.shapes
        return f"do not begin with `{PREFIX}`", whole if known else PREFIX + bare
    first, size = 0, len(PREFIX)
    while taken.name.startswith(PREFIX, first + size):
        first += size
    return f"begin with `{PREFIX}` more than once", taken.name[first:]


def _is_in_base(name: str, subject: Subject) -> bool:
    return subject.tree is not None and has_module(subject.tree, parse_name(name).module)


RULE = Rule("LC502", "wrong-prefix", "error", Noted([MISPLACED], check), __name__)
