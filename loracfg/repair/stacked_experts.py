"""Convert adapters of mixtures of experts between layers of single experts and stacks.

In a stack, A is `(experts·rank, in)`, expert by expert, and B is `(out, rank·experts)`, with the
experts as the last axis (`ParamWrapper` in `peft/tuners/lora/layer.py`, 0.21.2). Gate and up
projection are one parameter there, with the rows of gate first.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.tensor_names import PREFIX
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.planning.experts import LAYOUTS, ExpertLayout, is_stack
from loracfg.planning.plan import Plan
from loracfg.repair.change import Change, as_config_number, config_change
from loracfg.repair.draft import Draft
from loracfg.repair.tensor_data import Concatenation, RowSlice, TensorSource, Transpose, Zeros
from loracfg.rules.rule import Finding

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_A: Final = "lora_A.weight"
_B: Final = "lora_B.weight"
_EXPERT: Final = re.compile(
    rf"{re.escape(PREFIX)}(?P<stack>.+\.experts)\.(?P<expert>\d{{1,9}})\.(?P<layer>[^.]+)\."
    r"(?P<part>lora_[AB]\.weight)"
)


class _Stack(NamedTuple):
    """The factors of a stacked parameter, and its numbers of output features and experts."""

    path: str
    parameter: str
    a: TensorSource
    b: TensorSource
    out: int
    experts: int


def unstack_experts(subject: Subject, draft: Draft) -> Change | None:
    """Give each expert its own layers, as in transformers 4 (LC801, LC802)."""
    layout, config, plan, tensors = _layout(subject), subject.config, subject.plan, draft.tensors
    if layout is None or config is None or plan is None or tensors is None:
        return None
    targets = config.target_modules
    if not _is_plain(config) or config.use_rslora or isinstance(targets, str):
        return None
    paths = {module.path for module in plan.modules if module.parameter}
    names = {n for n in tensors if n.startswith(tuple(f"{PREFIX}{path}." for path in paths))}
    stacks = {(stack.path, stack.parameter): stack for stack in _stacks(plan, tensors)}
    if not stacks or len(names) != 2 * len(stacks) or len(stacks) != 2 * len(paths):
        return None  # no engine accepts experts with factors for only some of their layers
    new: dict[str, TensorSource] = {n: one for n, one in tensors.items() if n not in names}
    added: dict[str, None] = {}
    for stack in stacks.values():
        for expert, layer, a, b in _split(stack, layout):
            path = f"{_old_path(stack.path, layout)}.{expert}.{layer}"
            new |= {f"{PREFIX}{path}.{_A}": a, f"{PREFIX}{path}.{_B}": b}
            added[f"experts.{expert}.{layer}"] = None
    values = {"target_parameters": None, "target_modules": [*(targets or ()), *added]}
    title = f"split the stacked experts of {plural(len(paths), 'layer')} into single experts"
    why = "a stack only concatenates the experts, and PEFT reads both forms"
    return config_change(draft.with_tensors(new), values, title, safe=True, why=why)


def _layout(subject: Subject) -> ExpertLayout | None:
    return LAYOUTS.get(subject.base.model_type or "") if subject.base else None


def _is_plain(config: ConfigValues) -> bool:
    """Tell whether all modules have the same rank and alpha, and only factors."""
    others = config.rank_pattern, config.alpha_pattern, config.use_dora, config.lora_bias
    return not any(others)


def _stacks(plan: Plan, tensors: Mapping[str, TensorSource]) -> Iterator[_Stack]:
    """Yield the parameters of stacks with their factors, found by their sizes."""
    for module in plan.modules:
        owner, parameter = plan.base.find(module.path), module.parameter
        if owner is None or not is_stack(owner) or owner.is_transposed or parameter is None:
            continue
        count, out, into = owner.parameters[parameter]
        for stem in (f"{PREFIX}{module.path}.", f"{PREFIX}{module.path}.base_layer."):
            a, b = tensors.get(stem + _A), tensors.get(stem + _B)
            if a is None or b is None or a.shape[1:] != (into,) or a.shape[0] % count:
                continue
            if b.shape == (out, a.shape[0]):
                yield _Stack(module.path, parameter, a, b, out, count)


def _split(
    stack: _Stack, layout: ExpertLayout
) -> Iterator[tuple[int, str, TensorSource, TensorSource]]:
    """Yield the factors of each layer of each expert."""
    rank, out = stack.a.shape[0] // stack.experts, stack.out
    by_expert = Transpose(
        stack.b, (out, rank, stack.experts), (2, 0, 1), (stack.experts * out, rank)
    )
    fused = stack.parameter == "gate_up_proj"
    layers = (layout.gate, layout.up) if fused else (layout.down,)
    for expert in range(stack.experts):
        a = RowSlice(stack.a, expert * rank, (expert + 1) * rank)
        for number, layer in enumerate(layers):
            height = out // len(layers)
            first = expert * out + number * height
            yield expert, layer, a, RowSlice(by_expert, first, first + height)


def _old_path(path: str, layout: ExpertLayout) -> str:
    """Return the path that transformers 4 gave a stack of experts."""
    block = path.rpartition(".")[0]
    return f"{block.rpartition('.')[0]}.{layout.block}.experts"


def stack_experts(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Stack the layers of single experts, as in transformers 5 (LC620)."""
    layout, config, tensors = _layout(subject), subject.config, draft.tensors
    if layout is None or config is None or tensors is None or not _is_plain(config):
        return None
    targets = config.target_modules
    if not isinstance(targets, list) or "gate" in targets:
        return None
    found: dict[str, dict[tuple[int, str, str], TensorSource]] = {}
    for name, one in tensors.items():
        if match := _EXPERT.fullmatch(name):
            key = int(match["expert"]), match["layer"], match["part"]
            found.setdefault(match["stack"], {})[key] = one
    new: dict[str, TensorSource] = {
        n: one for n, one in tensors.items() if not _EXPERT.fullmatch(n)
    }
    parameters: set[frozenset[str]] = set()
    for path, experts in found.items():
        stack = _joined(experts, layout, _count(path, subject))
        if stack is None:
            return None
        parameters.add(frozenset(stack))
        new |= _named(_new_path(path, layout), stack)
    if len(parameters) != 1:
        return None
    values = _stacked_config(config, targets, layout, parameters.pop(), subject)
    title = f"stack the experts of {plural(len(found), 'layer')}"
    why = "transformers 4 and PEFT before 0.19 only know layers of single experts"
    return config_change(draft.with_tensors(new), values, title, safe=False, why=why)


def _count(path: str, subject: Subject) -> int:
    """Return the number of experts of a layer in the base."""
    modules = subject.base.modules if subject.base else {}
    return next(number for number in itertools.count() if f"{path}.{number}" not in modules)


def _joined(
    experts: Mapping[tuple[int, str, str], TensorSource], layout: ExpertLayout, count: int
) -> dict[str, tuple[TensorSource, TensorSource]] | None:
    """Return the factors of each stack; None if a layer is missing or ranks differ."""
    layers = {layer for _, layer, _ in experts}
    wanted = {"gate_up_proj": (layout.gate, layout.up), "down_proj": (layout.down,)}
    groups = {name: group for name, group in wanted.items() if layers & set(group)}
    expected = {
        (expert, layer, part)
        for expert in range(count)
        for group in groups.values()
        for layer in group
        for part in (_A, _B)
    }
    if experts.keys() != expected:
        return None
    stacks = {}
    for parameter, group in groups.items():
        factors = [
            (experts[expert, layer, _A], experts[expert, layer, _B])
            for expert in range(count)
            for layer in group
        ]
        shapes = {(a.shape, b.shape, a.dtype, b.dtype) for a, b in factors}
        if len(shapes) != 1:
            return None
        stacks[parameter] = _stack_of(factors, len(group))
    return stacks


def _stack_of(
    factors: list[tuple[TensorSource, TensorSource]], fused: int
) -> tuple[TensorSource, TensorSource]:
    """Return A and B of a stack, in which the ranks of fused layers are side by side.

    `factors` are the factors of all layers, expert by expert, with `fused` layers per expert.
    """
    (_, one), *_ = factors
    nothing = Zeros(one.dtype, one.shape)
    blocks = tuple(
        b if number % fused == column else nothing
        for number, (_, b) in enumerate(factors)
        for column in range(fused)
    )
    out, rank = one.shape
    parts: Shape = (len(factors) // fused, fused, fused, out, rank)
    b = Transpose(Concatenation(blocks), parts, (1, 3, 2, 4, 0), (fused * out, rank * len(factors)))
    return Concatenation(tuple(a for a, _ in factors)), b


def _named(
    path: str, stack: Mapping[str, tuple[TensorSource, TensorSource]]
) -> dict[str, TensorSource]:
    """Return the tensors of a stack by name; PEFT wraps the module once for each parameter."""
    found: dict[str, TensorSource] = {}
    for number, parameter in enumerate(sorted(stack)):
        stem = f"{PREFIX}{path}.{'base_layer.' * number}"
        a, b = stack[parameter]
        found |= {f"{stem}{_A}": a, f"{stem}{_B}": b}
    return found


def _new_path(path: str, layout: ExpertLayout) -> str:
    """Return the path of a stack of experts in transformers 5."""
    return re.sub(rf"\.{layout.block}\.experts$", ".mlp.experts", path)


def _stacked_config(
    config: ConfigValues,
    targets: Iterable[str],
    layout: ExpertLayout,
    parameters: Iterable[str],
    subject: Subject,
) -> dict[str, object]:
    old = {layout.gate, layout.up, layout.down}
    kept = [target for target in targets if target.rpartition(".")[2] not in old]
    others = [
        module
        for module in dict.fromkeys(layer.module for layer in subject.layers.values())
        if module.rpartition(".")[2] in old and ".experts." not in module
    ]
    values: dict[str, object] = {
        "target_modules": [*kept, *others],
        "target_parameters": sorted(parameters),
    }
    if "gate_up_proj" in parameters:
        alpha = config.lora_alpha * (math.sqrt(2) if config.use_rslora else 2)
        values["rank_pattern"] = {r".*\.gate_up_proj": 2 * config.r}
        values["alpha_pattern"] = {r".*\.gate_up_proj": as_config_number(alpha)}
    return values
