"""Tensors belong to modules that the config does not target.

PEFT only adapts the modules that the config selects. Every release silently ignores tensors for
other modules, so what was trained there is lost.

Fires:

    config {"target_modules": ["v_proj"]}

Fires:

    config {"layers_to_transform": [0]}

Fires:

    config {"exclude_modules": ["v_proj"]}

Fires:

    made with {"target_modules": ["q_proj", "v_proj", "o_proj"]}
    config {"target_modules": null}

Passes:

    made with {"target_modules": ["q_proj", "v_proj", "o_proj"]}

Passes:

    config {"target_modules": null}

Passes:

    made with {"target_modules": ["q_proj", "v_proj"]}
    rename layers.1.self_attn.v_proj -> layers.1.self_attn.w_proj

Repair: add the modules to `target_modules`, as in training, or change what leaves them out, such as
`exclude_modules`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.name_table import LayerTensors
from loracfg.adapter.tensor_names import Part
from loracfg.analysis.factor_pairs import is_stack
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.phrases import common_end, listed, plural
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import (
    UntargetedModules,
    find_untargeted,
    shortest_names,
    shown_targets,
    targets_of,
    tensors_of_modules,
    trained_modules,
)
from loracfg.planning.widening import widened
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Group layers by the config field that leaves them out."""
    selection = subject.selection
    if selection is None or subject.config is None:
        return
    if subject.adapter.module_paths <= selection.matched.keys():
        return
    groups: dict[tuple[str, str], list[LayerTensors]] = {}
    paths = () if subject.plan else subject.adapter.module_paths
    exempt = widened(paths, subject.config, selection)
    if subject.certain:
        exempt |= subject.lost_paths  # the base does not have them, whatever the config says
    for layer in subject.layers.values():
        path = layer.module
        if path in exempt or _is_covered(path, layer, subject):
            continue
        if layer.parts.keys() == {Part.TOKENS}:
            continue
        if path in selection.filtered:
            cause = ("layers_to_transform", "leaves out")
        elif path in selection.excluded:
            cause = _exclusion(path, subject)
        else:
            cause = ("target_modules", "does not name")
        groups.setdefault(cause, []).append(layer)
    for (field, verb), layers in groups.items():
        yield _finding(subject, field, verb, layers)


def _is_covered(path: str, layer: LayerTensors, subject: Subject) -> bool:
    if subject.selection is None or path in subject.selection.matched:
        return True
    if is_stack(subject, path) or layer.path != path:
        return True
    # With a base, PEFT may adapt a layer for another reason: tying, or attention's inner layer.
    shapes = subject.plan.shapes if subject.plan else {}
    return any(name in shapes for name in layer.names)


def _exclusion(path: str, subject: Subject) -> tuple[str, str]:
    saved = subject.config.modules_to_save if subject.config else None
    if any(step in path.split(".") for step in saved or ()):
        return "modules_to_save", "replaces"
    return "exclude_modules", "leaves out"


def _finding(subject: Subject, field: str, verb: str, layers: list[LayerTensors]) -> Finding:
    tensors = frozenset(name for layer in layers for name in layer.names)
    ends = dict.fromkeys(layer.path.rpartition(".")[2] for layer in layers)
    first = next(iter(layers[0].parts.values()))
    end = common_end([layer.path for layer in layers])
    advice = f"select `{end}` in the config, as in training"
    if field in ("exclude_modules", "modules_to_save"):
        advice = f"change `{field}` so that it does not match `{layers[0].path}`"
    problem = f"`{field}` {verb}"
    modules = tuple(layer.module for layer in layers)
    data = UntargetedModules(field, modules)
    if field == "target_modules":
        data = find_untargeted(subject, modules)
    if field == "target_modules" and subject.config and subject.config.target_modules is None:
        problem = "`target_modules` is `null` and leaves out"
        if targets_of(subject):
            defaults = shown_targets(subject)
            problem = f"`target_modules` is `null`: PEFT adapts {defaults}, but not"
        adapted = [path for path in trained_modules(subject) if not is_stack(subject, path)]
        names = listed(shortest_names(subject, adapted), 10)
        advice = f"set `target_modules` to the modules that were adapted: {names}"
    return Finding(
        f"{problem} {plural(len(layers), 'layer')} with tensors: {listed(ends)}",
        subject.value(f"/{field}"),
        advice,
        count=len(tensors),
        related=(Related(subject.tensor(first), "PEFT ignores this tensor"),),
        explains=tensors | tensors_of_modules(subject, modules),
        data=data,
    )


RULE = Rule("LC520", "untargeted-layer", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
