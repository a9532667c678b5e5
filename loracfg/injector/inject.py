"""Add adapters to a model, following the plan of a config on its architecture.

Source: `inject_adapter` and `_mark_only_adapters_as_trainable` in `peft/tuners/tuners_utils.py`,
`set_additional_trainable_modules` in `peft/utils/other.py`, 0.21.2.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any, Final

from torch import nn

from loracfg.base.architecture import Architecture, Kind
from loracfg.base.from_library.live_model import architecture_of
from loracfg.config.model.constraints import WITH_PARAMETERS, conflicts
from loracfg.config.model.lora_config import LoraConfig
from loracfg.errors import LoracfgError
from loracfg.injector.adapters import KINDS, EmbeddingAdapter, LoraAdapter, ParameterAdapter
from loracfg.injector.initialise import check_start, initialise
from loracfg.injector.invocations import watch_invocations
from loracfg.injector.variants import option_of
from loracfg.injector.whole import SavedModule, TokenRows, TrainedTokens
from loracfg.injector.wrapped_layers import (
    AdaptedAttention,
    AdaptedLayer,
    AdaptedParameter,
    Wrapper,
)
from loracfg.planning.adapted import AdaptedModule, Failure
from loracfg.planning.build import TIED, build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.planning.plan import Plan
from loracfg.planning.replication import layer_container

_NOTED: Final = "lora_adapters"


@dataclass
class InjectedModel:
    """The state kept on a model: its original tree, and the plans of its adapters by name."""

    base: Architecture
    plans: dict[str, Plan] = field(default_factory=dict)


def injected(model: nn.Module) -> InjectedModel | None:
    """Return the state of a model, or None if it has no adapter."""
    found: InjectedModel | None = getattr(model, _NOTED, None)
    return found


def forget(model: nn.Module) -> None:
    """Remove the state of a model, since its last adapter is gone."""
    delattr(model, _NOTED)


def inject(
    model: nn.Module, config: LoraConfig, name: str = "default", *, loading: bool = False
) -> None:
    """Add an adapter to a model, in place.

    The first adapter is active, and everything else is frozen. Further adapters are inactive until
    you activate them.

    Args:
        model: any model, on any device, including the meta device.
        config: the config of the adapter.
        name: the name of the adapter in the model.
        loading: whether you load its values next, instead of using `init_lora_weights`.

    Raises:
        LoracfgError: if PEFT could not make the adapter, if its initialisation needs data, or if
            the model already has an adapter with that name.
    """
    plan = planned(model, config, name)
    option_of(config)
    if not loading:
        check_start(config.init_lora_weights)
    noted = injected(model)
    if config.layer_replication:
        _replicate(model, plan)
    active = noted_active(model) if noted else [name]
    for adapted in plan.modules:
        _adapt(model, adapted, plan, name)
    if noted is None:
        noted = InjectedModel(plan.base)
        setattr(model, _NOTED, noted)
        _train_biases_only(model, plan)
    noted.plans[name] = plan
    _save_whole(model, plan, name)
    _train_tokens(model, plan, name)
    if plan.config.alora_invocation_tokens and plan.config.task_type == "CAUSAL_LM":
        watch_invocations(model)
    for wrapper in wrappers(model):
        wrapper.active = active
        if name in wrapper.names:
            wrapper.set_trained(name, name in active and not config.inference_mode)


def planned(model: nn.Module, config: LoraConfig, name: str) -> Plan:
    """Return the plan of a further adapter of a model.

    Raises:
        LoracfgError: if PEFT would raise.
    """
    noted = injected(model)
    if noted and name in noted.plans:
        raise LoracfgError(f"the model already has an adapter `{name}`", "pass a different name")
    if noted and config.layer_replication:
        message = "`layer_replication` changes the layers that other adapters are on"
        raise LoracfgError(message, "load this adapter first")
    for conflict in conflicts(config):
        if conflict.name != WITH_PARAMETERS:  # the plan handles it
            raise LoracfgError(conflict.message, f"change `{conflict.field}`")
    plan = build_plan(config, noted.base if noted else architecture_of(model), PatternBudget())
    for failure in plan.failures:
        where = f"`{failure.path}`: " if failure.path else ""
        raise LoracfgError(f"{where}{failure.message}", _advice(failure))
    return plan


def _advice(failure: Failure) -> str:
    return f"change `{failure.field}`" if failure.field else "adapt a different class"


def wrappers(model: nn.Module) -> list[Wrapper]:
    """Return the wrappers in a model, outer ones first."""
    return [module for module in model.modules() if isinstance(module, Wrapper)]


def noted_active(model: nn.Module) -> list[str]:
    """Return the active adapters."""
    return next((wrapper.active for wrapper in wrappers(model)), [])


def _adapt(model: nn.Module, adapted: AdaptedModule, plan: Plan, name: str) -> None:
    """Wrap one module, or one parameter of it, with an adapter."""
    path, given, config = adapted.path, adapted.settings, plan.config
    wrapper, option = _wrapper(model, adapted), option_of(config)
    adapter: LoraAdapter
    if adapted.parameter is not None:
        adapter = ParameterAdapter(wrapper.bare, given, option, path, adapted.parameter)
    else:
        adapter = KINDS[plan.base.modules[path].kind](wrapper.bare, given, option, path)
    is_tied = adapted.target == TIED and not isinstance(adapter, EmbeddingAdapter)
    if is_tied:
        _share_factors(adapter, model.get_submodule(plan.base.input_embeddings or ""), name)
    initialise(adapter, config.init_lora_weights, is_tied=is_tied)
    wrapper.adapters[name] = adapter
    if isinstance(wrapper, AdaptedAttention):
        output = KINDS[Kind.LINEAR](wrapper.output.bare, given, option_of(config), path)
        initialise(output, config.init_lora_weights)
        wrapper.output.adapters[name] = output


def _wrapper(model: nn.Module, adapted: AdaptedModule) -> AdaptedLayer:
    """Return the wrapper for a target; create it if needed."""
    found: Any = model.get_submodule(adapted.path)
    parent: Any = model.get_submodule(adapted.path.rpartition(".")[0])
    if isinstance(parent, AdaptedAttention):  # PEFT adapts its output layer again, without effect
        found = parent.output.bare
    at = found
    while isinstance(at, AdaptedLayer):
        if (at.parameter if isinstance(at, AdaptedParameter) else None) == adapted.parameter:
            return at
        at = at.base_layer
    if adapted.parameter is not None:
        new: AdaptedLayer = AdaptedParameter(found, adapted.parameter)
    elif isinstance(found, nn.MultiheadAttention):
        new = AdaptedAttention(found)
    else:
        new = AdaptedLayer(found)
    replace(model, adapted.path, new)
    return new


def replace(model: nn.Module, path: str, new: nn.Module) -> None:
    """Replace the module at a path."""
    parent, _, last = path.rpartition(".")
    setattr(model.get_submodule(parent), last, new)


def _share_factors(adapter: LoraAdapter, embedding: Any, name: str) -> None:
    """Let a layer tied to the embedding share its factors, transposed."""
    a, b = embedding.adapter(name).factors
    adapter.lora_A.weight = nn.Parameter(b.data.T)
    adapter.lora_B.weight = nn.Parameter(a.data.T)


def _train_biases_only(model: nn.Module, plan: Plan) -> None:
    """Freeze a model except for the biases that the config trains."""
    model.requires_grad_(False)
    if plan.config.bias == "all":
        for key, parameter in model.named_parameters():
            if key.rpartition(".")[2] == "bias":
                parameter.requires_grad_(True)
    elif plan.config.bias == "lora_only":
        for wrapper in wrappers(model):
            bias = (
                getattr(wrapper.bare, "bias", None) if isinstance(wrapper, AdaptedLayer) else None
            )
            if bias is not None:
                bias.requires_grad_(True)


def _save_whole(model: nn.Module, plan: Plan, name: str) -> None:
    """Copy the modules that the adapter saves whole."""
    for path in plan.saved:
        if _is_in_saved(model, path):
            continue
        found: Any = model.get_submodule(path)
        if not isinstance(found, SavedModule):
            found = SavedModule(found)
            replace(model, path, found)
        tied = None
        if path in plan.tying.modules:
            embedding: Any = model.get_submodule(plan.base.input_embeddings or "")
            tied = embedding.modules_to_save[name].weight
        found.add(name, tied)


def _is_in_saved(model: nn.Module, path: str) -> bool:
    """Whether PEFT treats a module as saved because the module two levels up is."""
    steps = path.split(".")[:-2]
    return bool(steps) and isinstance(model.get_submodule(".".join(steps)), SavedModule)


def _train_tokens(model: nn.Module, plan: Plan, name: str) -> None:
    """Add trainable rows of embeddings, and let tied layers use them."""
    for path, rows in plan.tokens.rows.items():
        _token_rows(model, path).add(name, rows)
    if plan.tokens.followers:
        leader = _token_rows(model, plan.base.input_embeddings or "")
        for path in plan.tokens.followers:
            _token_rows(model, path, leader)


def _token_rows(model: nn.Module, path: str, leader: TokenRows | None = None) -> TokenRows:
    found: Any = model.get_submodule(path)
    while isinstance(found, AdaptedLayer):  # a tied layer keeps its adapter outside
        path, found = f"{path}.base_layer", found.base_layer
    if not isinstance(found, TrainedTokens):
        found = TrainedTokens(TokenRows(found, leader))
        replace(model, path, found)
    rows: TokenRows = found.token_adapter
    return rows


def _replicate(model: nn.Module, plan: Plan) -> None:
    """Replicate the layers, sharing their parameters."""
    path = layer_container(plan.base) or ""
    old: Any = model.get_submodule(path)
    order = [i for start, end in plan.config.layer_replication or () for i in range(start, end)]
    layers = []
    for number, index in enumerate(order):
        shared = {id(parameter): parameter for parameter in old[index].parameters()}
        layer = copy.deepcopy(old[index], shared)
        for module in layer.modules():
            if hasattr(module, "layer_idx"):
                module.layer_idx = number
        layers.append(layer)
    replace(model, path, nn.ModuleList(layers))
    settings: Any = getattr(model, "config", None)
    if hasattr(settings, "num_hidden_layers"):
        settings.num_hidden_layers = len(layers)
