"""Ties weights like `PreTrainedModel.tie_weights`, and finds the ties that PEFT sees."""

from __future__ import annotations

import re
from itertools import cycle
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Kind, Module, Parameter
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import get_attribute
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.trees.tie_patterns import matches
from loracfg.base.catalogue.trees.tree import OutputTie, Tie, Tree

if TYPE_CHECKING:
    from loracfg.base.catalogue.evaluation.config import Config


_PLAIN_KEY: Final = re.compile(r"^[A-Za-z0-9_\.]+(weight)|(bias)$")
"""Keys that transformers 5 treats as names; if one does not match, all keys are patterns."""
_DECLARING: Final = frozenset({Kind.CONV1D_GPT2, Kind.EMBEDDING, Kind.LINEAR})
"""Layers whose sizes are attributes, too, by which PEFT makes their factors."""


class Ties:
    """The ties of the models in a tree.

    Attributes:
        modules: the modules by path, with tied weights.
        aliases: further paths of modules.
        same: the parameter that replaces each tied one.
    """

    def __init__(self, tree: Tree, budget: Budget) -> None:
        """Tie the weights.

        Raises:
            RefusedError: if the library cannot tie them.
            DeclinedError: if it is unknown what it ties.
        """
        self.modules = {one[0]: one for one in tree.modules}
        self.aliases = dict(tree.aliases)
        self.same: dict[Parameter, Parameter] = {}
        self._tied_outputs: list[Parameter] = []
        self._own = [one for one in tree.ties if isinstance(one, Tie)]
        self._budget = budget
        pairs: dict[str, str] = {}
        for tie in tree.ties:
            if isinstance(tie, OutputTie):
                self._tie_outputs(tie)
            elif get_attribute(tie.config, "tie_word_embeddings", False) and isinstance(
                tie.keys, dict
            ):
                dot = f"{tie.path}." if tie.path else ""
                own = self._expanded(tie.keys, dot)
                pairs |= {dot + target: dot + source for target, source in own.items()}
        for target, source in pairs.items():
            taken, given = self._home(target), self._home(source)
            module, name = self.modules[taken[0]], taken[1]
            tied = _tied(module, name, self.modules[given[0]], given[1])
            self.modules[taken[0]] = _declaring(tied, module) if name == "weight" else tied
            self.same[taken] = self.same.get(given, given)

    def _tie_outputs(self, tie: OutputTie) -> None:
        """Give an output embedding the weight of the input embedding, and a matching bias."""
        path = self.aliases.get(tie.outputs, tie.outputs)
        inputs = self.modules.get(self.aliases.get(tie.inputs, tie.inputs)) if tie.inputs else None
        outputs = self.modules.get(path)
        if inputs is None or outputs is None or "weight" not in inputs.parameters:
            raise DeclinedError("it is unknown which embeddings are tied")
        shape = inputs.parameters["weight"]
        self._tied_outputs.append((path, "weight"))
        if outputs.parameters.get("weight") == shape:
            return
        if "weight" not in outputs.parameters or len(shape) != 2:
            raise DeclinedError(f"`{outputs.path}` is tied, but has no such weight")
        self.modules[path] = _tied(outputs, "weight", inputs, "weight")

    def _home(self, name: str) -> Parameter:
        path, _, own = name.rpartition(".")
        path = self.aliases.get(path, path)
        if path not in self.modules:
            raise RefusedError(f"there is no `{path}` to tie")
        return path, own

    def _expanded(self, keys: dict[str, str], dot: str) -> dict[str, str]:
        """Return the names that keys match, unless they already are names."""
        self._budget.spend_steps(len(keys))
        if all(map(_PLAIN_KEY.match, (*keys, *keys.values()))):
            return keys
        found: dict[str, str] = {}
        matching = matches((*keys, *keys.values()), self._names(dot), self._budget)
        for target, source in keys.items():
            sources, targets = matching[source], matching[target]
            if not sources or not targets or len(targets) % len(sources):
                raise RefusedError(f"`{target}` cannot be tied to `{source}`")
            self._budget.spend_steps(len(targets))
            for one, other in zip(targets, cycle(sources), strict=False):
                found[one] = found.get(other, other)
        return found

    def _names(self, dot: str) -> list[str]:
        """Return the names of parameters and buffers under a path.

        A module with several paths has names under all of them.
        """
        self._budget.spend_steps(len(self.modules) + len(self.aliases))
        found: list[str] = []
        for path, first in (*zip(self.modules, self.modules, strict=True), *self.aliases.items()):
            if f"{path}.".startswith(dot):
                inner = f"{path}."[len(dot) :] if path else ""
                module = self.modules[first]
                for names in filter(None, (module.parameters, module.buffers)):
                    size = sum(map(len, names)) + len(inner) * len(names)
                    self._budget.spend_steps(len(names) + (size >> 6))
                    found += [inner + name for name in names]
        return found

    def shared(self) -> tuple[Parameter, ...]:
        """Return the parameters that are the same as another parameter."""
        same = [one for one, home in self.same.items() if one != home]
        return tuple(dict.fromkeys([*same, *self._tied_outputs]))

    def needs_input_embedding(self, config: Config, listed: list[str] | None) -> bool:
        """Tell whether PEFT asks the model for its input embedding, to find tied layers."""
        own = self._own
        if listed is not None or config.get("tie_word_embeddings") is False:
            return False
        return bool(own) and not own[0].path and isinstance(own[0].keys, dict)

    def tied_to(
        self, embedding: str | None, config: Config, listed: list[str] | None
    ) -> tuple[str, ...]:
        """Return the modules tied to the input embedding according to PEFT (`loracfg.base.tying`).

        Args:
            embedding: the path of the input embedding.
            config: the config of the model.
            listed: the names of tied weights in transformers 4; None in transformers 5.
        """
        own = self._own
        if config.get("tie_word_embeddings") is False:
            return ()
        if listed is not None:
            return _parents(listed)
        if embedding is None or not own or own[0].path or not isinstance(own[0].keys, dict):
            return ()
        embedded = {home for tied, home in self.same.items() if _is_in(tied[0], embedding)}
        found: dict[str, bool] = {}
        for tie in own:
            dot = f"{tie.path}." if tie.path else ""
            for target, source in tie.keys.items() if isinstance(tie.keys, dict) else ():
                path, _, name = (dot + source).rpartition(".")
                given = (self.aliases.get(path, path), name)
                home = self.same.get(given, given)
                module = self.modules.get(home[0])
                is_own = module is not None and name in module.parameters and home not in self.same
                is_own = is_own and _is_in(home[0], embedding)
                found[dot + target] = is_own or home in embedded
        return tuple(
            sorted({name.rpartition(".")[0] for name, is_tied in found.items() if is_tied})
        )


def _tied(target: Module, name: str, source: Module, source_name: str) -> Module:
    """Return a module with a parameter of another module."""
    shape = source.parameters.get(source_name)
    if shape is None or (name not in target.parameters and name in target.buffers):
        raise DeclinedError(f"`{source.path}.{source_name}` is tied, but is not a parameter")
    parameters = {**target.parameters, name: shape}
    if "bias" in parameters and "weight" in parameters:
        parameters["bias"] = (parameters["weight"][0],)
    return target._replace(parameters=parameters)


def _declaring(tied: Module, module: Module) -> Module:
    """Return a tied layer that still declares the sizes that it had before.

    Transformers 5 replaces the parameter alone (`tie_weights` in `modeling_utils.py`, 5.23).
    """
    if module.kind not in _DECLARING or "weight" not in module.parameters:
        return tied
    if module.weight == tied.parameters["weight"]:
        return tied
    return tied._replace(computed=module.weight)


def _parents(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted({name.rpartition(".")[0] for name in names}))


def _is_in(path: str, outer: str) -> bool:
    return not outer or path == outer or path.startswith(f"{outer}.")
