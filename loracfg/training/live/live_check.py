"""Check the adapters of a live model, or a config that is about to be added to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Unpack

from loracfg.analysis.live_facts import ConfigChange
from loracfg.base.from_library.unwrapped import base_of
from loracfg.base.search import ResolvedBase
from loracfg.engine.case import Case
from loracfg.engine.engine import ADAPTER, Engine
from loracfg.engine.fronts import engine_for
from loracfg.engine.options import texts_argument
from loracfg.errors import LoracfgError
from loracfg.report.report import AdapterReport, NotChecked, Report
from loracfg.training.live.adapted_model import (
    AdaptedModel,
    adapted_model,
    adapter_in_memory,
    config_text,
    document_of,
    require_model,
    written_config,
)
from loracfg.training.live.live_base import live_base
from loracfg.training.live.training_state import live_facts
from loracfg.version import __version__

if TYPE_CHECKING:
    import peft
    from torch import nn

    from loracfg.config.model.lora_config import LoraConfig
    from loracfg.engine.options import OptionArguments, Options


def check(
    model: nn.Module,
    config: LoraConfig | peft.LoraConfig | Mapping[str, object] | None = None,
    options: Options | None = None,
    *,
    adapter: str | None = None,
    optimizer: object = None,
    for_: str | Iterable[str] = (),
    **arguments: Unpack[OptionArguments],
) -> Report:
    """Check the adapters of a live model against the plan of their configs on it.

    Nothing is changed, copied or moved, and nothing communicates with other processes: every rank
    of a distributed run may call it, or only one.

    Args:
        model: a `PeftModel`, a model with `add_adapter`, or with `config` any model. It may be
            wrapped for distributed training or by `torch.compile`.
        config: a config to check before it is added to the model.
        options: how to check.
        adapter: the adapter to check (default: all; each has its own entry in the report).
        optimizer: the optimizer, to check that it has what should be trained.
        for_: engines that the adapter is synced to, such as `vllm==0.33,max_lora_rank=32`. For
            vLLM, this includes what keeps TRL from syncing the adapter alone (LC804).
        arguments: fields of `Options`, which override those of `options`.

    Raises:
        LoracfgError: the model has no adapter and `config` is None, or an argument cannot be used.
    """
    runtimes = texts_argument("for_", for_)
    if runtimes:
        arguments["runtimes"] = runtimes
    engine = engine_for(options, **arguments)
    if config is not None:
        cases = [open_config(engine, model, config)]
    else:
        adapted = adapted_model(model)
        base = live_base(adapted.given, adapted.configs.values())
        names = list(adapted.configs) if adapter is None else [_known(adapted, adapter)]
        cases = [open_adapter(engine, adapted, name, base, optimizer) for name in names]
    return Report(__version__, tuple(map(report_on, cases)))


def open_config(
    engine: Engine,
    model: nn.Module,
    config: LoraConfig | peft.LoraConfig | Mapping[str, object],
) -> Case:
    """Open a config that is about to be added to a model, as one that is not trained yet.

    Raises:
        LoracfgError: the config cannot be written as JSON, or there is no model.
    """
    require_model(model)
    document = document_of(config_text(config, base_of(model)))
    return engine.open_planned(document, ADAPTER, live_base(model))


def open_adapter(
    engine: Engine,
    adapted: AdaptedModel,
    name: str,
    base: ResolvedBase,
    optimizer: object = None,
    changes: tuple[ConfigChange, ...] = (),
) -> Case:
    """Open an adapter of a live model.

    Args:
        engine: the engine to open it with.
        adapted: the model.
        name: the name of the adapter.
        base: the base of the model.
        optimizer: the optimizer, if there is one.
        changes: how its config differs from that of the checkpoint that training resumes from.
    """
    text = written_config(adapted, name)
    if adapted.hidden:
        read = adapter_in_memory(text)
        facts = live_facts(adapted, name, (), None, None, changes)
        gap = NotChecked("the tensors of the model", adapted.hidden)
        facts = facts._replace(not_checked=(*facts.not_checked, gap))
        return engine.open_read(read, base, name, facts)
    tensors = adapted.tensors(name)
    facts = live_facts(adapted, name, tensors, base.architecture, optimizer, changes)
    return engine.open_read(adapter_in_memory(text, tensors), base, name, facts)


def report_on(case: Case) -> AdapterReport:
    """Return the report on an adapter in a live model, which `loracfg fix` cannot repair."""
    found = tuple(one._replace(fix=None) for one in case.report.diagnostics)
    return case.report._replace(diagnostics=found)


def _known(adapted: AdaptedModel, name: str) -> str:
    if name not in adapted.configs:
        listed = ", ".join(f"`{one}`" for one in adapted.configs)
        raise LoracfgError(f"the model has no adapter `{name}`", f"it has {listed}")
    return name
