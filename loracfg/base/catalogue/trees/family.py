"""A model type with one config, and what its classes share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import GLOBAL_ACCESS, Config
from loracfg.base.catalogue.evaluation.evaluation import Evaluation
from loracfg.base.catalogue.evaluation.refusals import DeclinedError
from loracfg.base.catalogue.evaluation.rows import Rows
from loracfg.base.catalogue.evaluation.surroundings import InnerModels
from loracfg.base.catalogue.trees.tree import Subtree, Tree

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ProgramData


class InnerModelTrees(InnerModels, Protocol):
    """The models that may be inside another model, for building trees."""

    def activation(self, name: object) -> Subtree:
        """Return the modules of an activation, or raise `RefusedError` if there is none."""

    def add(self, mapping: str, config: object, tree: Tree, path: str) -> None:
        """Add the model that a mapping selects for a config to a tree."""

    def reference(self, mapping: str, config: object, getter: str) -> str | None:
        """Return the path of the module that a getter of an inner model returns, if any."""


class Family:
    """The classes of a model type for one config; each reuses what others have built.

    Attributes:
        nodes: the nodes of the type's program.
        classes: root, embeddings and checks of each class.
        config: the config object.
        evaluation: the values of the program's expressions.
        budget: the remaining budget of the request.
        models: the models of the layout for this request.
        parts: the built nodes: movable ones by number, others by number and path.
    """

    def __init__(
        self, program: ProgramData, config: Config, budget: Budget, models: InnerModelTrees
    ):
        self.nodes = program["nodes"]
        self.classes = program["classes"]
        self.config, self.budget, self.models = config, budget, models
        self.evaluation = Evaluation(
            Rows(program["exprs"], program.get("free")), config, budget, models
        )
        self.parts: dict[Any, Subtree] = {}
        self._checks = program["checks"]
        self._passed: set[int] = set()

    @property
    def is_older(self) -> bool:
        """Whether transformers 4 builds the classes."""
        library = self.config.config_class.library
        return library is not None and library.is_older

    def root(self, class_name: str) -> int:
        """Check the config for a class, and return its root node.

        Raises:
            RefusedError: if the constructor of the class rejects the config.
            DeclinedError: if it is unknown what it builds.
        """
        if class_name not in self.classes:
            raise DeclinedError(f"the catalogue has no facts about `{class_name}`")
        self._refuse_unread()
        self._check(class_name)
        return self.classes[class_name]["root"]

    def _check(self, class_name: str) -> None:
        """Reject the config if the library does."""
        for number in self.classes[class_name]["checks"]:
            if number not in self._passed:
                self.evaluation.check(*self._checks[number])
                self._passed.add(number)

    def _refuse_unread(self) -> None:
        """Decline attributes that differ between layers if the facts do not read them.

        The library may still read them, which fails only if layers differ.
        """
        layers = self.config.layers
        if layers is not None and not self.config.attributes.get(GLOBAL_ACCESS):
            names = self.config.config_class.names
            read = [row[2] for row in self.evaluation.rows if row[0] == "."]
            known = {names.get(name, name) for name in read if isinstance(name, str)}
            for name in layers.hidden - known:
                raise DeclinedError(f"`{name}` differs per layer (`per_layer_config`)")
