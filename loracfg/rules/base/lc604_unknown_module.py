r"""Tensors are for modules that the base does not have.

Every release of PEFT silently ignores them, and what was trained there is lost. The adapter is for
a different architecture, a different release of its code, or different names for fused layers. If
nearly all tensors apply, the names of a few were changed: `loracfg inspect` shows which layers lack
what.

Fires:

    made with {"target_modules": ["q_proj", "o_proj"]}
    rename o_proj -> out_proj
    config {"target_modules": ["q_proj", "out_proj"]}

Passes:

    made with {"target_modules": ["q_proj", "v_proj", "o_proj"]}

Repair: pass the base that the adapter was trained on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from loracfg.analysis.close_names import close_names
from loracfg.analysis.intended_modules import IntendedModule, intended_modules
from loracfg.analysis.noted import LOST
from loracfg.analysis.phrases import listed, with_verb
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import linear_names
from loracfg.base.architecture import Architecture
from loracfg.planning.experts import has_stacks
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find adapter tensors whose module path is not in the base."""
    base = subject.tree
    lost = subject.lost_paths
    if base is None or not subject.certain:
        return
    unknown = {
        name: taken.module
        for name, taken in subject.open_names.items()
        if taken.prefix and taken.is_adapter and taken.module in lost
    }
    if not unknown:
        return
    experts = unknown.keys() & subject.adapter.table.single_experts
    if experts and has_stacks(base):
        yield _in_stacks(subject, base, {n: m for n, m in unknown.items() if n in experts})
        unknown = {name: module for name, module in unknown.items() if name not in experts}
    if unknown:
        has_others = lost < subject.adapter.module_paths
        yield (_some_unknown if has_others else _nothing_known)(subject, base, unknown)


def _in_stacks(subject: Subject, base: Architecture, experts: dict[str, str]) -> Finding:
    """Return the finding for single experts that PEFT does not convert."""
    name = next(iter(experts))
    return Finding(
        f"{with_verb(len(experts), 'tensor', 'are')} for single experts, but the base stores all "
        f"experts in one parameter, and PEFT does not convert them for `{base.model_type}`",
        subject.tensor(name),
        "load the adapter with transformers 4, or train it again with `target_parameters`",
        count=len(experts),
        data=ModulePaths(tuple(dict.fromkeys(experts.values()))),
        explains=frozenset(experts),
    )


def _nothing_known(subject: Subject, base: Architecture, unknown: dict[str, str]) -> Finding:
    """Return the finding for an adapter of a different architecture, with a path from each."""
    name, module = next(iter(unknown.items()))
    end = module.rpartition(".")[2]
    alike = next((path for path in base.paths() if path.endswith("." + end)), None)
    has = f"`{alike}`" if alike else listed(linear_names(base), 8)
    count = len(set(unknown.values()))
    return Finding(
        f"`{base.class_name}` has none of the {count} modules that the tensors name, such as "
        f"`{module}`"
        if count > 1
        else f"`{base.class_name}` does not have `{module}`, the only module that the tensors name",
        subject.tensor(name),
        f"pass the base that the adapter was trained on; this one has {has}",
        count=len(unknown),
        data=ModulePaths(tuple(dict.fromkeys(unknown.values()))),
        explains=frozenset(unknown) | frozenset(subject.missing),
    )


def _some_unknown(subject: Subject, base: Architecture, unknown: dict[str, str]) -> Finding:
    ends = dict.fromkeys(module.rpartition(".")[2] for module in unknown.values())
    intended = intended_modules(subject).values()
    alike = _alike(base, ends, intended)
    return Finding(
        f"{with_verb(len(unknown), 'tensor', 'are')} for modules that `{base.class_name}` does "
        f"not have: {listed(ends)}",
        subject.tensor(next(iter(unknown))),
        "pass the base that the adapter was trained on, or save the adapter again; this base has "
        f"{alike}",
        count=len(unknown),
        data=ModulePaths(tuple(dict.fromkeys(unknown.values()))),
        explains=frozenset(unknown).union(*(one.names.values() for one in intended)),
    )


def _alike(base: Architecture, ends: Collection[str], intended: Iterable[IntendedModule]) -> str:
    """Describe what the base has instead of the unknown modules."""
    if fitting := dict.fromkeys(one.path.rpartition(".")[2] for one in intended):
        return f"{listed(fitting, 8)} with the same sizes and no tensors in the file"
    names = linear_names(base)
    close = dict.fromkeys(match for match, *_ in close_names(ends, names).values())
    return listed(close or names, 8)


RULE = Rule("LC604", "unknown-module", "error", GatedCheck([LOST], check), __name__)
