"""A model type with one config, and what the classes of the type share for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.errors import DeclinedError, RefusedError
from loracfg.base.catalogue.evaluation.evaluation import Evaluation
from loracfg.base.catalogue.evaluation.reading import shown
from loracfg.base.catalogue.evaluation.rows import Rows
from loracfg.base.catalogue.trees.builder import Builder, Tree
from loracfg.base.catalogue.trees.template import Part, Template

if TYPE_CHECKING:
    from loracfg.base.catalogue.trees.models import Models


class Family:
    """The classes of a model type for one config; what one has built, the next takes.

    Attributes:
        nodes: the nodes of the type's program.
        classes: root, embeddings and checks of each class.
        config: the config object.
        evaluation: the values of the program's expressions.
        budget: what the request may still use.
        models: the models of the layout for this request.
        templates: nodes that are the same in other places, by number.
        parts: nodes as they were built, by number and path.
    """

    def __init__(self, program: dict[str, Any], config: Any, budget: Budget, models: Models):
        self.nodes: list[dict[str, Any]] = program["nodes"]
        self.classes: dict[str, dict[str, Any]] = program["classes"]
        self.config, self.budget, self.models = config, budget, models
        self.evaluation = Evaluation(
            Rows(program["exprs"], program.get("free")), config, budget, models
        )
        self.templates: dict[Any, Template] = {}
        self.parts: dict[tuple[Any, str], Part] = {}
        self._checks: list[list[Any]] = program["checks"]
        self._passed: set[int] = set()

    def check(self, class_name: str) -> None:
        """Refuse the config if the library does.

        Raises:
            RefusedError: if the constructor of the class does not take the config.
        """
        for number in self.classes[class_name]["checks"]:
            if number not in self._passed:
                conditions, evaluated, required = self._checks[number]
                self._check(conditions, 0, evaluated, required)
                self._passed.add(number)

    def _check(
        self, conditions: list[Any], at: int, evaluated: list[Any], required: list[Any]
    ) -> None:
        value = self.evaluation.value
        for place in range(at, len(conditions)):
            condition = conditions[place]
            if type(condition) is list and condition[0] == "for":
                _, loop, count = condition
                turns = self.evaluation.turns(count)
                inside = [*conditions[place + 1 :], *evaluated, *required]
                if not self._depend(inside, loop):
                    turns = min(turns, 1)
                epoch = self.evaluation.epoch
                for turn in range(turns):
                    self.evaluation.begin_turn(loop, turn)
                    self._check(conditions, place + 1, evaluated, required)
                self.evaluation.epoch = epoch
                return
            if not value(condition):
                return
        for operand in evaluated:
            value(operand)
        for operand in required:
            self._require(operand)

    def _require(self, operand: Any) -> None:
        """Refuse the config if something does not hold; decline it if only that is not known."""
        row = self.evaluation.rows[operand] if type(operand) is int else ()
        if row and row[0] == "known":
            if not self.evaluation.value(row[1]):
                text = shown(self.evaluation.rows, row[1])
                raise DeclinedError(f"what the library does unless `{text}` is not known")
        elif not self.evaluation.value(operand):
            raise RefusedError(f"the class requires `{shown(self.evaluation.rows, operand)}`")

    def _depend(self, operands: list[Any], loop: int) -> bool:
        """Tell whether operands, or what loops among them count, depend on a loop."""
        loops_of = self.evaluation.table.loops_of
        own = [one[2] if type(one) is list and one[0] == "for" else one for one in operands]
        return any(loops_of(one) >> loop & 1 for one in own if type(one) is int)

    def build(self, class_name: str, tree: Tree, path: str) -> Builder:
        """Check the config, and add the modules of a class to a tree.

        Raises:
            RefusedError: if the constructor of the class does not take the config.
            DeclinedError: if it is not known what it makes of it.
        """
        if class_name not in self.classes:
            raise DeclinedError(f"the catalogue has no facts on `{class_name}`")
        self.check(class_name)
        builder = Builder(self, tree)
        builder.build(self.classes[class_name]["root"], path)
        return builder
