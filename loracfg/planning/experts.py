"""Convert between the experts of transformers 4 (linear layers) and 5 (stacked parameters).

On a stacked base, PEFT 0.19.0 and newer rewrites targets that name the linear layers, and fuses the
tensors of adapters that were trained on them. Source: `_convert_peft_config_moe` in
`peft/utils/transformers_weight_conversion.py`, 0.21.2, with the conversion table of transformers
5.23 (`transformers/conversion_mapping.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.named_tuple import NamedTuple
from loracfg.planning.adapted import AdaptedModule
from loracfg.planning.patterns import PatternBudget
from loracfg.planning.targets import all_linear, is_all_linear, leaf_of, resolve_targets, select

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


class ExpertLayout(NamedTuple):
    """The names of the layers of an expert in a model family, before they were stacked."""

    gate: str
    up: str
    down: str
    block: str

    @property
    def renamed(self) -> dict[str, str]:
        """The new parameter for each old layer name, in PEFT's order."""
        return {
            "gate": "gate.weight",
            self.gate: "gate_up_proj",
            self.up: "gate_up_proj",
            self.down: "down_proj",
        }


_MIXTRAL: Final = ExpertLayout("w1", "w3", "w2", "block_sparse_moe")
_QWEN: Final = ExpertLayout("gate_proj", "up_proj", "down_proj", "mlp")

LAYOUTS: Final[dict[str, ExpertLayout]] = dict.fromkeys(
    ("mixtral", "minimax", "minimax_m2"), _MIXTRAL
) | dict.fromkeys(
    (
        "afmoe",
        "beam",
        "cohere2_moe",
        "deepseek_v2",
        "deepseek_v3",
        "deepseek_v32",
        "dots1",
        "ernie4_5_moe",
        "exaone_moe",
        "flex_olmo",
        "glm4_moe",
        "glm4_moe_lite",
        "glm4v_moe",
        "glm_moe_dsa",
        "hunyuan_v1_moe",
        "longcat_flash",
        "mellum",
        "olmoe",
        "qwen3_moe",
        "qwen3_next",
        "qwen3_omni_moe",
        "qwen3_omni_moe_text",
        "qwen3_omni_moe_thinker",
        "solar_open",
    ),
    _QWEN,
)

STACKED_NAMES: Final = {**_MIXTRAL.renamed, **_QWEN.renamed}
"""The parameters that stacks have, by the usual names of the layers of single experts."""

_SINGLE_EXPERT: Final = re.compile(r"(?:^|\.)experts\.\d+$")


class PartialExpertsError(Exception):
    """A config targets only one of two layers that are now one parameter."""


def is_stack(module: Module) -> bool:
    """Tell whether a module stores all its experts in 3-D parameters."""
    parameters = module.parameters
    if "gate_up_proj" not in parameters:
        return False
    return all(len(parameters.get(name, ())) == 3 for name in ("gate_up_proj", "down_proj"))


def has_stacks(base: Architecture) -> bool:
    """Tell whether a base has stacked experts, as in transformers 5."""
    return any(is_stack(module) for module in base.modules.values())


def is_converted(base: Architecture) -> bool:
    """Tell whether PEFT converts what names single experts for a base with stacks."""
    return base.model_type in LAYOUTS and has_stacks(base)


def _has_single_experts(base: Architecture) -> bool:
    """Tell whether a base has a layer for each matrix of an expert, as in transformers 4.

    PEFT converts the targets of a type even if the config leaves it without experts.
    """
    return any(_SINGLE_EXPERT.search(path) for path in base.modules)


def convert_targets(
    config: ConfigValues, base: Architecture, budget: PatternBudget
) -> ConfigValues:
    """Return the config with targets inside experts replaced by stacked parameters.

    Raises:
        PartialExpertsError: if only one of two fused layers is a target.
    """
    layout = LAYOUTS.get(base.model_type or "")
    if layout is None or _has_single_experts(base):
        return config
    targets: Iterable[str] = config.target_modules or ()
    if isinstance(config.target_modules, str):
        targets = sorted(_resolved(config, base, layout, budget))
        if not targets:
            return config
    kept, parameters, old = [], set(config.target_parameters or ()), set()
    for target in targets:
        name = next((n for n in layout.renamed if target == n or target.endswith("." + n)), None)
        if name is None:
            kept.append(target)
        else:
            old.add(name)
            parameters.add(layout.renamed[name])
    fused = {layout.gate, layout.up}
    ranks, alphas = dict(config.rank_pattern), dict(config.alpha_pattern)
    if fused <= old:
        ranks[r".*\.gate_up_proj"] = 2 * config.r
        alphas[r".*\.gate_up_proj"] = 2 * config.lora_alpha
    elif fused & old:
        (present,), (missing,) = fused & old, fused - old
        raise PartialExpertsError(
            f"`{present}` is a target without `{missing}`, but the base stores both in one "
            "parameter"
        )
    return config.model_copy(
        update={
            "target_modules": kept,
            "target_parameters": sorted(parameters),
            "rank_pattern": ranks,
            "alpha_pattern": alphas,
        }
    )


def layers_left_out(
    config: ConfigValues, base: Architecture, adapted: Collection[str], budget: PatternBudget
) -> tuple[str, ...]:
    """Return the layers that targets select before the conversion, but that are not adapted."""
    paths = [path for path in base.modules if path]
    targets = resolve_targets(config, base)
    matched = select(config, targets, paths, budget, base).matched
    adaptable = (path for path in matched if base.modules[path].kind is not Kind.OTHER)
    return tuple(path for path in adaptable if path not in adapted)


def weights_of(layers: Iterable[str]) -> list[str]:
    """Return how `target_parameters` can name the weights of layers."""
    names = (".".join(path.split(".")[-2:]) for path in layers)
    return list(dict.fromkeys(f"{name}.weight" for name in names))


def _resolved(
    config: ConfigValues, base: Architecture, layout: ExpertLayout, budget: PatternBudget
) -> set[str]:
    """Return the last names that a pattern or `all-linear` selects, with old names in stacks."""
    if is_all_linear(config.target_modules):
        return {leaf_of(path) for path in all_linear(config, base)} | set(layout.renamed)
    parameters = [
        f"{path}.{name}" for path, module in base.modules.items() for name in module.parameters
    ]
    probes = {
        f"{parameter.rpartition('.')[0]}.{old}": old
        for parameter in parameters
        for old, new in layout.renamed.items()
        if leaf_of(parameter) == new
    }
    paths = [*(path for path in base.modules if path), *parameters, *probes]
    pattern = config.target_modules
    assert isinstance(pattern, str)
    found = select(config, pattern, list(dict.fromkeys(paths)), budget).matched
    return {probes.get(path, leaf_of(path)) for path in found}


def unstacked(base: Architecture) -> Architecture:
    """Return the tree as in transformers 4, with a linear layer for each matrix of an expert."""
    layout = LAYOUTS.get(base.model_type or "")
    if layout is None:
        return base
    blocks = _blocks(base)
    modules: dict[str, Module] = {}
    for path, module in base.modules.items():
        moved = _in_block(path, blocks, layout)
        if is_stack(module):
            modules |= {m.path: m for m in _experts(module, moved, layout)}
        elif _is_router(module, blocks):
            modules[moved] = module._replace(path=moved, kind=Kind.LINEAR)
        else:
            modules[moved] = module._replace(path=moved)
    return replace(base, modules=modules)


def unstacked_paths(adapted: Iterable[AdaptedModule], base: Architecture) -> frozenset[str]:
    """Return the paths that adapted modules of a base with stacks have in its unstacked tree."""
    layout = LAYOUTS[base.model_type or ""]
    blocks = _blocks(base)
    found: set[str] = set()
    for one in adapted:
        module, moved = base.modules[one.path], _in_block(one.path, blocks, layout)
        if one.parameter is None or not is_stack(module):
            found.add(moved)
            continue
        names = [name for name, new in layout.renamed.items() if new == one.parameter]
        count = module.parameters[one.parameter][0]
        found |= {f"{moved}.{i}.{name}" for i in range(count) for name in names}
    return frozenset(found)


def _blocks(base: Architecture) -> frozenset[str]:
    """Return the paths of the modules with stacked experts."""
    stacks = (path for path, module in base.modules.items() if is_stack(module))
    return frozenset(path.rpartition(".")[0] for path in stacks)


def _is_router(module: Module, blocks: frozenset[str]) -> bool:
    block, _, name = module.path.rpartition(".")
    return block in blocks and name == "gate" and "weight" in module.parameters


def _in_block(path: str, blocks: frozenset[str], layout: ExpertLayout) -> str:
    for block in blocks:
        if path == block or path.startswith(block + "."):
            parent = block.rpartition(".")[0]
            return f"{parent}.{layout.block}{path[len(block) :]}"
    return path


def _experts(stack: Module, path: str, layout: ExpertLayout) -> Iterator[Module]:
    count, double, hidden = stack.parameters["gate_up_proj"]
    if stack.is_transposed:
        hidden, double = double, hidden
    inner = double // 2
    yield Module(path, Kind.OTHER, "ModuleList")
    for i in range(count):
        expert = f"{path}.{i}"
        yield Module(expert, Kind.OTHER, stack.class_name)
        for name, shape in (
            (layout.gate, (inner, hidden)),
            (layout.up, (inner, hidden)),
            (layout.down, (hidden, inner)),
        ):
            yield Module(f"{expert}.{name}", Kind.LINEAR, "Linear", {"weight": shape})
