"""Ties of weights, as `PreTrainedModel.tie_weights` makes them, and what PEFT sees of them."""

from __future__ import annotations

import re
from itertools import cycle
from typing import Any, Final

from loracfg.base.architecture import Module
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.errors import DeclinedError, RefusedError
from loracfg.base.catalogue.trees.template import OutputTie, Tie

Parameter = tuple[str, str]
"""The first path of a module, and the name of a parameter of its own."""

_PLAIN_KEY: Final = re.compile(r"^[A-Za-z0-9_\.]+(weight)|(bias)$")
"""The keys that transformers 5 takes for names; where one is none, all are patterns."""


def tie_weights(
    modules: dict[str, Module],
    aliases: dict[str, str],
    ties: list[Tie | OutputTie],
    budget: Budget,
) -> dict[Parameter, Parameter]:
    """Tie the weights of the models in a tree, which changes modules.

    Returns:
        The parameter that each tied one is.

    Raises:
        RefusedError: if the library cannot tie them.
        DeclinedError: if it is not known what it ties.
    """
    pairs: dict[str, str] = {}
    for tie in ties:
        if isinstance(tie, OutputTie):
            _tie_outputs(tie, modules, aliases)
        elif getattr(tie.config, "tie_word_embeddings", False) and isinstance(tie.keys, dict):
            dot = f"{tie.path}." if tie.path else ""
            own = _expanded(tie.keys, dot, modules, aliases, budget)
            pairs |= {dot + target: dot + source for target, source in own.items()}
    same: dict[Parameter, Parameter] = {}
    for target, source in pairs.items():
        taken, given = _home(target, modules, aliases), _home(source, modules, aliases)
        modules[taken[0]] = _tied(modules[taken[0]], taken[1], modules[given[0]], given[1])
        same[taken] = same.get(given, given)
    return same


def _tie_outputs(tie: OutputTie, modules: dict[str, Module], aliases: dict[str, str]) -> None:
    """Give an output embedding the weight of the input embedding, and a bias that fits it."""
    path = aliases.get(tie.outputs, tie.outputs)
    inputs = modules.get(aliases.get(tie.inputs or "", tie.inputs or "")) if tie.inputs else None
    outputs = modules.get(path)
    if inputs is None or outputs is None or "weight" not in inputs.parameters:
        raise DeclinedError("it is not known which embeddings are tied")
    shape = inputs.parameters["weight"]
    if outputs.parameters.get("weight") == shape:
        return
    if "weight" not in outputs.parameters or len(shape) != 2:
        raise DeclinedError(f"the weight of `{outputs.path}` is tied, and is none")
    parameters = {**outputs.parameters, "weight": shape}
    if "bias" in parameters:
        parameters["bias"] = shape[:1]
    modules[path] = outputs._replace(parameters=parameters)


def _home(name: str, modules: dict[str, Module], aliases: dict[str, str]) -> Parameter:
    path, _, own = name.rpartition(".")
    path = aliases.get(path, path)
    if path not in modules:
        raise RefusedError(f"there is no `{path}` to tie")
    return path, own


def _tied(target: Module, name: str, source: Module, source_name: str) -> Module:
    """Return a module with the parameter of another one."""
    shape = source.parameters.get(source_name)
    if shape is None or (name not in target.parameters and name in target.buffers):
        raise DeclinedError(f"`{source.path}.{source_name}` is tied, and is no parameter")
    parameters = {**target.parameters, name: shape}
    if "bias" in parameters and "weight" in parameters:
        parameters["bias"] = (parameters["weight"][0],)
    return target._replace(parameters=parameters)


def _expanded(
    keys: dict[str, str],
    dot: str,
    modules: dict[str, Module],
    aliases: dict[str, str],
    budget: Budget,
) -> dict[str, str]:
    """Return the names that keys stand for: they are names themselves, or all are patterns."""
    if all(map(_PLAIN_KEY.match, (*keys, *keys.values()))):
        return keys
    budget.spend_steps(len(modules) + len(aliases))
    names = _matching((*keys, *keys.values()), dot, modules, aliases)
    found: dict[str, str] = {}
    for target, source in keys.items():
        sources = [one for one in names if re.search("^" + source, one)]
        targets = [one for one in names if re.search("^" + target, one)]
        if not sources or not targets or len(targets) % len(sources):
            raise RefusedError(f"`{target}` cannot be tied to `{source}`")
        budget.spend_steps(len(targets))
        for one, other in zip(targets, cycle(sources), strict=False):
            found[one] = found.get(other, other)
    return found


def _matching(
    patterns: tuple[str, ...], dot: str, modules: dict[str, Module], aliases: dict[str, str]
) -> list[str]:
    """Return the names of parameters and buffers under a path that a pattern matches, sorted.

    A module with several paths has names by all of them.
    """
    pattern = re.compile("|".join(f"(?:^{one})" for one in patterns))
    has_alternatives = any("|" in one for one in patterns)  # of which only the first is anchored
    is_match = pattern.search if has_alternatives else pattern.match
    found: set[str] = set()
    for path, first in (*zip(modules, modules, strict=True), *aliases.items()):
        if not dot or f"{path}.".startswith(dot):
            module = modules[first]
            inner = f"{path}."[len(dot) :] if path else ""
            found.update(inner + name for name in module.parameters if is_match(inner + name))
            if module.buffers:
                found.update(inner + name for name in module.buffers if is_match(inner + name))
    return sorted(found)


def tied_modules(
    listed: list[str] | None,
    config: Any,
    modules: dict[str, Module],
    aliases: dict[str, str],
    ties: list[Tie | OutputTie],
    same: dict[Parameter, Parameter],
    embedding: str | None,
) -> tuple[str, ...]:
    """Return the modules tied to the input embedding, as `loracfg.base.tying` reads PEFT.

    Args:
        listed: the names of tied weights as transformers 4 has them, None where there are keys.
        config: the config of the model.
        modules: the modules in it.
        aliases: further paths of modules.
        ties: the models in it whose weights are tied, itself first.
        same: the parameter that each tied one is.
        embedding: the path of the input embedding.
    """
    if getattr(config, "tie_word_embeddings", None) is False:
        return ()
    if listed is not None:
        return tuple(sorted({name.rpartition(".")[0] for name in listed}))
    own_ties = [one for one in ties if isinstance(one, Tie)]
    if (
        embedding is None
        or not own_ties
        or own_ties[0].path
        or not isinstance(own_ties[0].keys, dict)
    ):
        return ()
    embedded = {same.get(one, one) for one in same if _is_in(one[0], embedding)}
    found: dict[str, bool] = {}
    for tie in own_ties:
        dot = f"{tie.path}." if tie.path else ""
        for target, source in tie.keys.items() if isinstance(tie.keys, dict) else ():
            path, _, name = (dot + source).rpartition(".")
            own = (aliases.get(path, path), name)
            home = same.get(own, own)
            module = modules.get(home[0])
            is_own = module is not None and name in module.parameters and home not in same
            is_own = is_own and _is_in(home[0], embedding)
            found[dot + target] = is_own or home in embedded
    return tuple(sorted({name.rpartition(".")[0] for name, is_tied in found.items() if is_tied}))


def _is_in(path: str, outer: str) -> bool:
    return not outer or path == outer or path.startswith(f"{outer}.")
