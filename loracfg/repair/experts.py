"""Adapters of mixtures of experts, between one layer for each expert and one stack for all.

A stack has A `(experts·rank, in)`, expert by expert, and B `(out, rank·experts)`, in which experts
come last (`ParamWrapper` in `peft/tuners/lora/layer.py`, 0.21.2). Gate and up projection are one
parameter there, the rows of gate first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from loracfg.adapter.names import PREFIX
from loracfg.adapter.tensor import Shape
from loracfg.plan.experts import LAYOUTS, Layout
from loracfg.repair.change import Change, as_written, configuring
from loracfg.repair.draft import Draft
from loracfg.repair.tensors import Joined, Rows, Source, Turned, Zeros
from loracfg.rules.rule import Finding
from loracfg.rules.subject import Subject
from loracfg.rules.wording import plural

if TYPE_CHECKING:
    from loracfg.config.model import LoraConfig

_A: Final = "lora_A.weight"
_B: Final = "lora_B.weight"
_EXPERT: Final = re.compile(
    rf"{re.escape(PREFIX)}(?P<stack>.+\.experts)\.(?P<expert>\d{{1,9}})\.(?P<layer>[^.]+)\."
    r"(?P<part>lora_[AB]\.weight)"
)


class _Stack(NamedTuple):
    """The factors of one parameter that holds all experts, with its (out, in) features."""

    path: str
    parameter: str
    a: Source
    b: Source
    out: int
    experts: int


def one_by_one(subject: Subject, draft: Draft) -> Change | None:
    """Give each expert layers of its own, as transformers 4 has them (LC801, LC802)."""
    layout, config, tensors = _layout(subject), subject.config, draft.tensors
    if layout is None or config is None or tensors is None or not _is_simple(config):
        return None
    names = {
        n for module in _stack_paths(subject) for n in tensors if n.startswith(f"{PREFIX}{module}.")
    }
    stacks = list(_stacks(subject, tensors))
    paths = {stack.path for stack in stacks}
    if not stacks or len(names) != 2 * len(stacks) or len(stacks) != 2 * len(paths):
        return None  # no engine takes experts of which some layers have no factors
    new: dict[str, Source] = {n: one for n, one in tensors.items() if n not in names}
    added: dict[str, None] = {}
    for stack in stacks:
        for expert, layer, a, b in _split(stack, layout):
            path = f"{_old_path(stack.path, layout)}.{expert}.{layer}"
            new |= {f"{PREFIX}{path}.{_A}": a, f"{PREFIX}{path}.{_B}": b}
            added[f"experts.{expert}.{layer}"] = None
    targets = config.target_modules
    kept = list(targets) if isinstance(targets, list) else []
    if isinstance(targets, str):
        return None
    values = {"target_parameters": None, "target_modules": [*kept, *added]}
    title = f"gives the experts of {plural(len(paths), 'layer')} factors of their own"
    why = "a stack is its experts one after the other, and PEFT reads both"
    return configuring(draft.with_tensors(new), values, title, safe=True, why=why)


def _layout(subject: Subject) -> Layout | None:
    return LAYOUTS.get((subject.base.model_type if subject.base else None) or "")


def _is_simple(config: LoraConfig) -> bool:
    """Tell whether all modules have one rank, alpha and scale, and nothing but factors."""
    plain = (config.rank_pattern, config.alpha_pattern, config.use_rslora, config.lora_bias)
    return not any(plain) and not config.use_dora


def _stack_paths(subject: Subject) -> list[str]:
    modules = subject.plan.modules if subject.plan else ()
    return list(dict.fromkeys(module.path for module in modules if module.parameter))


def _stacks(subject: Subject, tensors: Mapping[str, Source]) -> Iterator[_Stack]:
    """Yield the parameters of stacks with their factors, if their sizes tell them apart."""
    plan = subject.plan
    for module in plan.modules if plan else ():
        owner = plan.base.find(module.path) if plan else None
        if module.parameter is None or owner is None or owner.is_transposed:
            continue
        shape = owner.parameters.get(module.parameter, ())
        if len(shape) != 3 or module.parameter not in ("gate_up_proj", "down_proj"):
            continue
        count, out, into = shape
        own = [
            (a, b)
            for stem in (f"{PREFIX}{module.path}.", f"{PREFIX}{module.path}.base_layer.")
            if (a := tensors.get(stem + _A)) and (b := tensors.get(stem + _B))
            if a.shape[1:] == (into,) and b.shape[0] == out and a.shape[0] == b.shape[1]
        ]
        if len(own) == 1 and own[0][0].shape[0] % count == 0:
            yield _Stack(module.path, module.parameter, *own[0], out, count)


def _split(stack: _Stack, layout: Layout) -> Iterator[tuple[int, str, Source, Source]]:
    """Yield the factors of each layer of each expert."""
    rank, out = stack.a.shape[0] // stack.experts, stack.out
    by_expert = Turned(stack.b, (out, rank, stack.experts), (2, 0, 1), (stack.experts * out, rank))
    fused = stack.parameter == "gate_up_proj"
    layers = (layout.gate, layout.up) if fused else (layout.down,)
    for expert in range(stack.experts):
        a = Rows(stack.a, expert * rank, (expert + 1) * rank)
        for number, layer in enumerate(layers):
            height = out // len(layers)
            first = expert * out + number * height
            yield expert, layer, a, Rows(by_expert, first, first + height)


def _old_path(path: str, layout: Layout) -> str:
    """Return the path that transformers 4 gave a stack of experts."""
    block = path.rpartition(".")[0]
    return f"{block.rpartition('.')[0]}.{layout.block}.experts"


def stacked(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Put the layers of single experts into stacks, as transformers 5 has them (LC620)."""
    layout, config, tensors = _layout(subject), subject.config, draft.tensors
    if layout is None or config is None or tensors is None or not _may_be_stacked(config, layout):
        return None
    found: dict[str, dict[tuple[int, str, str], Source]] = {}
    for name, one in tensors.items():
        if match := _EXPERT.fullmatch(name):
            key = int(match["expert"]), match["layer"], match["part"]
            found.setdefault(match["stack"], {})[key] = one
    new: dict[str, Source] = {n: one for n, one in tensors.items() if not _EXPERT.fullmatch(n)}
    parameters: set[frozenset[str]] = set()
    for path, experts in found.items():
        stack = _joined(experts, layout, _count(path, subject))
        if stack is None:
            return None
        parameters.add(frozenset(stack))
        new |= _named(_new_path(path, layout), stack)
    if len(parameters) != 1:
        return None
    values = _stacked_config(config, layout, parameters.pop(), subject)
    title = f"puts the experts of {plural(len(found), 'layer')} into stacks"
    why = "transformers 4, and PEFT before 0.19, know layers of single experts only"
    return configuring(draft.with_tensors(new), values, title, safe=False, why=why)


def _may_be_stacked(config: LoraConfig, layout: Layout) -> bool:
    targets = config.target_modules
    others = config.rank_pattern, config.alpha_pattern, config.use_dora, config.lora_bias
    simple = not any(others)
    return simple and isinstance(targets, list) and "gate" not in targets


def _count(path: str, subject: Subject) -> int:
    """Return how many experts a layer of the base has."""
    prefix = f"{path}."
    modules = subject.base.modules if subject.base else {}
    ends = (module[len(prefix) :] for module in modules if module.startswith(prefix))
    return len({end for end in ends if end.isdecimal()})


def _joined(
    experts: Mapping[tuple[int, str, str], Source], layout: Layout, count: int
) -> dict[str, tuple[Source, Source]] | None:
    """Return the factors of each stack; None if not every expert has every layer, of one rank."""
    layers = {layer for _, layer, _ in experts}
    wanted = ((layout.gate, layout.up), (layout.down,))
    groups = [group for group in wanted if layers & set(group)]
    everything = {
        (expert, layer, part)
        for expert in range(count)
        for group in groups
        for layer in group
        for part in (_A, _B)
    }
    if experts.keys() != everything or not groups:
        return None
    stacks = {}
    for group in groups:
        factors = [
            [(experts[e, layer, _A], experts[e, layer, _B]) for layer in group]
            for e in range(count)
        ]
        shapes = {(a.shape, b.shape, a.dtype, b.dtype) for one in factors for a, b in one}
        if len(shapes) != 1:
            return None
        parameter = "gate_up_proj" if len(group) == 2 else "down_proj"
        stacks[parameter] = _stack_of(factors)
    return stacks


def _stack_of(factors: list[list[tuple[Source, Source]]]) -> tuple[Source, Source]:
    """Return A and B of a stack; layers that are fused there have their ranks side by side."""
    count, fused = len(factors), len(factors[0])
    (out, rank), dtype = factors[0][0][1].shape, factors[0][0][1].dtype
    a = Joined(tuple(a for one in factors for a, _ in one))
    nothing = Zeros(dtype, (out, rank))
    blocks = tuple(
        one[row][1] if row == column else nothing
        for one in factors
        for row in range(fused)
        for column in range(fused)
    )
    parts: Shape = (count, fused, fused, out, rank)
    b = Turned(Joined(blocks), parts, (1, 3, 2, 4, 0), (fused * out, fused * rank * count))
    return a, b


def _named(path: str, stack: Mapping[str, tuple[Source, Source]]) -> dict[str, Source]:
    """Return the tensors of a stack by name: PEFT wraps the module once more for each parameter."""
    found: dict[str, Source] = {}
    for number, parameter in enumerate(sorted(stack)):
        stem = f"{PREFIX}{path}.{'base_layer.' * number}"
        a, b = stack[parameter]
        found |= {f"{stem}{_A}": a, f"{stem}{_B}": b}
    return found


def _new_path(path: str, layout: Layout) -> str:
    """Return the path that transformers 5 gives a stack of experts."""
    return re.sub(rf"\.{layout.block}\.experts$", ".mlp.experts", path)


def _stacked_config(
    config: LoraConfig, layout: Layout, parameters: Iterable[str], subject: Subject
) -> dict[str, object]:
    targets = config.target_modules if isinstance(config.target_modules, list) else []
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
        values["alpha_pattern"] = {r".*\.gate_up_proj": as_written(alpha)}
    return values
