"""Build a plan by the same steps with which PEFT gets from a config and a base to tensors."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from typing import TYPE_CHECKING, Final

from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.tensor_names import PREFIX
from loracfg.base.architecture import Architecture, Kind, Module, parents_of
from loracfg.config.model.default_targets import TASK_HEADS
from loracfg.planning.adapted import (
    AdaptedModule,
    AdaptedModules,
    Failure,
    Row,
    layers_of,
    one_by_one,
)
from loracfg.planning.experts import PartialExpertsError, convert_targets, layers_left_out
from loracfg.planning.layer_settings import settings_of
from loracfg.planning.layer_tensors import (
    LAYER_PARTS,
    LayerTensor,
    Role,
    UnsupportedLayerError,
    check_initial_weight,
    check_mamba,
    parameter_tensors,
)
from loracfg.planning.path_ends import PathEnds
from loracfg.planning.patterns import PatternBudget
from loracfg.planning.plan import Plan
from loracfg.planning.replication import replicate_layers
from loracfg.planning.saved import UNSAVEABLE, bias_tensors, with_heads
from loracfg.planning.state import WrappedBase
from loracfg.planning.targets import (
    Selection,
    is_dummy,
    leaf_of,
    names_embedding,
    resolve_targets,
    select,
    suffixes,
)
from loracfg.planning.tied_targets import Tying, as_wide_as_embedding, tie
from loracfg.planning.trained_tokens import (
    TokenModules,
    copies_of_rows,
    hidden_followers,
    name_of_rows,
    token_modules,
)

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

TIED: Final = "ensure_weight_tying"
"""The config entry that selects layers that share the factors of the input embedding."""


def build_plan(
    config: ConfigValues,
    base: Architecture,
    budget: PatternBudget,
    only: Collection[str] | None = None,
) -> Plan:
    """Return the plan of a config on a base, in which targets select `only` these modules if given.

    Raises:
        PatternTimeoutError: if the patterns of the config take longer than the budget.
        re.error: if a pattern is not a regular expression.
    """
    return _Builder(config, base, budget, only).build()


class _Builder:
    """Follows the steps of `BaseTuner.inject_adapter` and `get_peft_model_state_dict`."""

    def __init__(
        self,
        config: ConfigValues,
        base: Architecture,
        budget: PatternBudget,
        only: Collection[str] | None,
    ) -> None:
        self.original = self.config = config
        self.base, self.budget, self.only = base, budget, only
        self.failures: list[Failure] = []
        self.adapted: list[AdaptedModules | AdaptedModule] = []
        self.rows: list[Row] = []
        self.depth: dict[str, int] = {}
        self.wrapping: set[str] = set()
        self.wrapped = WrappedBase(base)
        self.saves_embeddings = False

    def build(self) -> Plan:
        if self.base.hides_embeddings:
            message = f"PEFT cannot get the input embedding of `{self.base.class_name}`"
            self.fail("no-input-embeddings", "", message)
        converted = self.converted()
        tying = tie(converted, self.base, self.budget)
        self.config = tying.config
        self.replicate()
        selection = self.select_modules(tying)
        parameters = self.adapt_parameters()
        self.adapt_tied(tying)
        self.check_matched(selection, parameters)
        tokens = token_modules(self.config, self.base, self.depth, tying.modules)
        self.wrapped = WrappedBase(self.base, self.depth, tokens.paths)
        saved = self.save_modules(tying)
        unsaved = [f.path for f in self.failures if f.kind == "unsaveable-module" and f.path]
        self.wrapped = WrappedBase(self.base, self.depth, tokens.paths, (*saved, *unsaved))
        self.train_tokens(tokens, saved)
        self.save_embeddings()
        self.save_biases(saved)
        return Plan(
            self.base,
            self.config,
            selection,
            tuple(self.adapted),
            tuple(self.rows),
            tuple(self.failures),
            self.wrapped,
            tying,
            tuple(saved),
            tokens,
            self.saves_embeddings,
            self.left_out(converted),
        )

    def left_out(self, converted: ConfigValues) -> tuple[str, ...]:
        """Return the layers that are no targets because of the conversion of experts."""
        if self.only is None and converted.target_modules == self.original.target_modules:
            return ()
        config = with_heads(self.original, ("SEQ_CLS",))
        return layers_left_out(config, self.base, self.depth, self.budget)

    def converted(self) -> ConfigValues:
        config = with_heads(self.original, ("SEQ_CLS",))
        try:
            return convert_targets(config, self.base, self.budget)
        except PartialExpertsError as error:
            self.fail("partial-experts", "target_modules", f"{error}")
            return config

    def fail(self, kind: str, fieldname: str, message: str, path: str | None = None) -> None:
        self.failures.append(Failure(kind, fieldname, message, path))

    def expect(self, name: str, shape: Shape, role: Role, path: str) -> None:
        self.rows.append((PREFIX, path, (LayerTensor(name, shape, role),)))

    def replicate(self) -> None:
        if not self.config.layer_replication:
            return
        replicated = replicate_layers(self.base, self.config.layer_replication)
        if replicated is None:
            self.fail(
                "replication",
                "layer_replication",
                "`layer_replication` does not fit the layers of the base",
            )
        else:
            self.base = replicated

    def select_modules(self, tying: Tying) -> Selection:
        targets = resolve_targets(self.config, self.base)
        if targets is None and not self.config.target_parameters:
            self.fail(
                "no-default-targets",
                "target_modules",
                "`target_modules` is `null`, and PEFT has no default for the model type "
                f"`{self.base.model_type}`",
            )
        paths = [path for path in self.base.modules if path]
        selection = select(self.config, targets, paths, self.budget, self.base)
        tied = self.tied_targets(tying)
        matched = selection.matched
        if self.only is not None:
            matched = {path: entry for path, entry in matched.items() if path in self.only}
        self.adapt_modules({p: e for p, e in matched.items() if p not in tied} if tied else matched)
        return selection

    def tied_targets(self, tying: Tying) -> list[str]:
        names = set(tying.targets)
        if not names:
            return []
        return [path for path in self.base.modules if names.intersection(suffixes(path))]

    def adapt_tied(self, tying: Tying) -> None:
        """Adapt tied layers: one inside another module gets an adapter of its own.

        PEFT compares the last name of a layer with the whole paths of the tied ones.
        """
        for path in self.tied_targets(tying):
            if leaf_of(path) not in tying.targets:
                self.adapt_modules({path: TIED})
                continue
            ranks = {adapted.path: adapted.settings.rank for adapted in one_by_one(self.adapted)}
            shared = ranks.get(self.base.input_embeddings or "")
            if shared is None:
                message = "the input embedding has no adapter that the layers tied to it can share"
                self.fail("unsupported-layer", TIED, message, path)
                return
            self.adapt_modules({path: TIED}, shared, as_wide_as_embedding(self.base, path))

    def adapt_modules(
        self,
        matched: Mapping[str, str],
        rank: int | None = None,
        base: Architecture | None = None,
    ) -> None:
        """Expect the tensors of modules. If they share another module's factors, pass its rank."""
        settings = settings_of(self.config, list(matched), self.budget)
        layers = layers_of(base or self.base, matched, self.config, settings, rank)
        self.adapted.append(AdaptedModules(layers.tensors, matched, settings))
        self.depth.update(dict.fromkeys(layers.tensors, 1))
        self.rows += layers.rows
        self.failures += layers.failures

    def adapt_parameters(self) -> list[str]:
        """Wrap targeted parameters; in each module, the first registered one is innermost."""
        wanted = frozenset(self.config.target_parameters or ())
        if not wanted:
            return []
        found: list[str] = []
        transposed = self.stores_transposed()
        for path, module in list(self.base.modules.items()):
            keys = {
                name: f"{path}.{name}"
                for name in module.parameters
                if any(end in wanted for end in suffixes(f"{path}.{name}"))
            }
            if keys:
                found += keys.values()
                self.adapt_parameters_of(module, keys, transposed)
        if self.wrapping:
            self.rename_inner()
        return found

    def adapt_parameters_of(self, module: Module, keys: dict[str, str], transposed: bool) -> None:
        path = module.path
        if not path:
            message = "PEFT cannot adapt a parameter of the model itself, only of its modules"
            self.fail("unsupported-layer", "target_parameters", message, ".".join(keys))
            return
        if path in self.depth:
            message = "`target_modules` targets the module too"
            self.fail("unsupported-layer", "target_parameters", message, path)
            return
        if any(parent in self.wrapping for parent in parents_of(path)):
            message = "PEFT does not find it inside a module with a targeted parameter"
            self.fail("unsupported-layer", "target_parameters", message, path)
            return
        if transposed and not self.config.fan_in_fan_out:
            message = "PEFT sets `fan_in_fan_out` for a `Conv1D`, and parameters do not support it"
            self.fail("unsupported-layer", "target_parameters", message, path)
            return
        config = self.config.model_copy(update={"fan_in_fan_out": transposed})
        settings = settings_of(config, list(keys.values()), self.budget)
        for i, (name, key) in enumerate(keys.items()):
            adapted = AdaptedModule(path, key, settings[key], parameter=name)
            try:
                check_mamba(self.base, path)
                check_initial_weight(module, config)
                tensors = parameter_tensors(
                    module.parameters[name],
                    adapted.settings.rank,
                    config,
                    is_transposed=module.is_transposed,
                )
            except UnsupportedLayerError as error:
                self.fail(error.kind, "target_parameters", f"{error}", key)
                continue
            self.adapted.append(adapted)
            self.wrapping.add(path)
            infix = "base_layer." * (len(keys) - 1 - i)
            self.rows.append((f"{PREFIX}{path}.{infix}", path, tensors))
        self.depth[path] = len(keys)

    def rename_inner(self) -> None:
        """Rename the tensors in modules that are wrapped after the modules inside them."""
        for place, (stem, path, tensors) in enumerate(self.rows):
            outer = next((parent for parent in parents_of(path) if parent in self.wrapping), None)
            if outer is not None:
                local = stem.removeprefix(f"{PREFIX}{outer}")
                renamed = f"{PREFIX}{outer}{'.base_layer' * self.depth[outer]}{local}"
                self.rows[place] = (renamed, path, tensors)

    def stores_transposed(self) -> bool:
        """Return `fan_in_fan_out` as PEFT has set it for the layers adapted so far."""
        layers = (one.paths for one in self.adapted if isinstance(one, AdaptedModules))
        kinds = [self.base.modules[path].kind for paths in layers for path in paths]
        set_for = [kind for kind in kinds if kind in (Kind.LINEAR, Kind.CONV1D_GPT2)]
        return set_for[-1] is Kind.CONV1D_GPT2 if set_for else self.config.fan_in_fan_out

    def check_matched(self, selection: Selection, parameters: list[str]) -> None:
        if selection.matched or parameters or self.depth or is_dummy(self.config.target_modules):
            return
        if not any(failure.kind == "no-default-targets" for failure in self.failures):
            self.fail(
                "no-target-matches",
                "target_modules" if self.config.target_modules else "target_parameters",
                "no module of the base is a target",
            )

    def save_modules(self, tying: Tying) -> list[str]:
        """Expect the modules that are saved whole; return their paths."""
        names = with_heads(self.config, tuple(TASK_HEADS)).modules_to_save or []
        saved: dict[str, None] = {}
        if self.depth and any(part.endswith(name) for part in LAYER_PARTS for name in names):
            message = "a name in `modules_to_save` matches a part of every adapter layer"
            self.fail("unsaveable-part", "modules_to_save", message)
        ends = PathEnds(names)
        for path in dict.fromkeys(self.base.paths()) if names else ():
            if not ends.end(path):
                continue
            problem = self.unsaveable(path, saved)
            if problem:
                self.fail("unsaveable-module", "modules_to_save", problem, path)
                continue
            saved[path] = None
            for name, shape in self.wrapped.tensors(path):
                self.expect(name, shape, Role.SAVED_MODULE, path)
        source = self.base.find(self.base.input_embeddings or "")
        for path in tying.modules:
            if path in self.depth:
                message = "a layer tied to one in `modules_to_save` has an adapter"
                self.fail("unsaveable-module", "modules_to_save", message, path)
            elif source:
                saved[path] = None
                name = f"{self.wrapped.name_of(path)}.weight"
                self.expect(name, source.weight, Role.SAVED_MODULE, path)
        return list(saved)

    def unsaveable(self, path: str, saved: Container[str]) -> str | None:
        """Return why a module cannot be saved or loaded; None if it can."""
        module = self.base.find(path)
        if module and module.class_name in UNSAVEABLE:
            return f"`modules_to_save` cannot have a `{module.class_name}`"
        if path in self.depth or path.rpartition(".")[0] in self.depth:
            return "a module in `modules_to_save` has an adapter"
        if any(inner in self.depth for inner in self.base.inside.get(path, ())):
            return "a module in `modules_to_save` contains adapters, which PEFT cannot load"
        owner = next((parent for parent in parents_of(path) if parent in saved), None)
        if owner is None or not any(self.wrapped.tensors(path)):
            return None
        steps = path.removeprefix(owner + ".").count(".") + 1
        if steps == 2 and self.config.task_type not in TASK_HEADS:
            return None  # PEFT thinks that it is wrapped already, since its grandparent is
        return "a module in `modules_to_save` contains another one, which PEFT cannot load"

    def train_tokens(self, found: TokenModules, saved: list[str]) -> None:
        for message, path in (*found.failures, *hidden_followers(found, saved)):
            self.fail("untrainable-tokens", "trainable_token_indices", message, path)
        owners = frozenset(saved)
        for path, rows in found.rows.items():
            module = self.base.find(path)
            assert module is not None
            dim = module.weight[1]
            self.expect(name_of_rows(path), (len(rows), dim), Role.TOKENS, path)
            for name in copies_of_rows(path, owners):
                self.expect(name, (len(rows), dim), Role.SAVED_MODULE, path)

    def save_embeddings(self) -> None:
        """Expect the whole embeddings that PEFT saves if a target has the name of one."""
        if self.config.trainable_token_indices is not None:
            return
        if not names_embedding(self.config, self.base, self.budget):
            return
        self.saves_embeddings = True
        for path in (self.base.input_embeddings, self.base.output_embeddings):
            module = self.base.find(path) if path else None
            if path is None or module is None or not self.depth.get(path):
                continue
            if module.kind in (Kind.LINEAR, Kind.EMBEDDING):
                for local, shape in module.parameters.items():
                    name = f"{path}.base_layer.{local}"
                    self.expect(name, shape, Role.EMBEDDING, path)

    def save_biases(self, saved: list[str]) -> None:
        if self.config.bias == "all":
            known = {stem + suffix for stem, _, tensors in self.rows for suffix, _, _ in tensors}
            for name, path, shape in bias_tensors(self.wrapped, saved):
                if PREFIX + name not in known:
                    known.add(PREFIX + name)
                    self.expect(name, shape, Role.BASE_BIAS, path)
        elif self.config.bias == "lora_only":
            for path in (*self.depth, *(self.wrapped.tokens - {*saved})):
                module = self.base.find(path)
                attention = module is not None and module.kind is Kind.ATTENTION
                owner = f"{path}.out_proj" if attention else path
                layer = self.base.find(owner)
                bias = layer.parameters.get("bias") if layer else None
                if bias is not None:
                    name = f"{self.wrapped.name_of(owner)}.bias"
                    self.expect(name, bias, Role.BASE_BIAS, owner)
