"""Runs the programs of config classes, which compute attributes and keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from loracfg.base.catalogue.configs.operations import ALL_OPERATIONS
from loracfg.base.catalogue.evaluation.config import DIRECTLY, Config, as_config
from loracfg.base.catalogue.evaluation.evaluation import Evaluation
from loracfg.base.catalogue.evaluation.operations import Operation
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.evaluation.rows import Rows

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Computation, Term

KEEP: Final = object()
"""The value of an attribute that a program leaves unchanged."""
GONE: Final = object()
"""The value of a key that a program removes."""
RAISED: Final = "LibraryRaises: "
"""The prefix of reasons if the library always raises; the error follows."""


class Program:
    """What a class computes in a method.

    Attributes:
        data: lists of checks, assignments and so on, by their key in the facts.
        rows: the rows that `data` refers to.
    """

    __slots__ = ("_refusal", "data", "rows")

    def __init__(self, data: Computation, rows: Rows | None) -> None:
        self.data = data
        self.rows = Rows(data.get("exprs", [])) if rows is None or "exprs" in data else rows
        self._refusal: str | None = data.get("no")

    def run(
        self,
        config: Config,
        keywords: Mapping[str, object],
        before: Config | None = None,
    ) -> ConfigEvaluation:
        """Start the evaluation of the program for a config.

        Args:
            config: the new config.
            keywords: keys without a field.
            before: an earlier state of the config; by default, the config itself.

        Raises:
            DeclinedError: if the facts do not cover the method.
        """
        if self._refusal is not None:
            _, is_raised, error = self._refusal.partition(RAISED)
            if not is_raised:
                raise DeclinedError(self._refusal)
            kind = AttributeError if error.startswith("AttributeError") else RefusedError
            raise kind(error)
        return ConfigEvaluation(self, config, keywords, before or config)

    def result(self, config: Config) -> object:
        """Return what the method returns for a config."""
        run = self.run(config, {})
        run.require("checks")
        return run.assigned(self.data["value"]) if "value" in self.data else None


class ConfigEvaluation(Evaluation):
    """Evaluates the rows of a program, and applies its changes.

    Attributes:
        keywords: keys without a field.
        arguments: defaults of keys, in transformers 4.
        made: the config that the program changes.
    """

    operations: ClassVar[Mapping[str, Operation]] = ALL_OPERATIONS

    def __init__(
        self,
        program: Program,
        config: Config,
        keywords: Mapping[str, Any],
        before: Config,
    ) -> None:
        super().__init__(program.rows, before, config.budget)
        self.made, self.keywords = config, keywords
        self._data: Mapping[str, Any] = program.data
        self.arguments: Mapping[str, Any] = program.data.get("args", {})
        self._changes: dict[int, tuple[Any, Any]] = {}

    def remember_change(self, old: object, new: object) -> None:
        """Remember that a dict or list will get the content of its changed copy."""
        self._changes[id(new)] = new, self._changes[id(old)][1] if id(old) in self._changes else old

    def assigned(self, value: Term, name: str | None = None) -> object:
        """Return the new value of an attribute or key, or `KEEP` or `GONE`."""
        term: Any = value
        while term[0] == "if":
            term = term[2] if self.value(term[1]) else term[3]
        if term[0] != "v":
            return GONE if term[0] == "gone" else KEEP
        operand = term[1]
        while type(operand) is int and name:
            row: Any = self.rows[operand]
            if row[0] == "if":
                operand = row[2] if self.value(row[1]) else row[3]
            elif row[0] == "." and row[2] == name and self.rows[row[1]][0] in ("c", "c2"):
                return KEEP
            else:
                break
        return self.value(operand)

    def require(self, key: str) -> None:
        """Check the requirements under a key of the program, `[[conditions, operand], ...]`.

        Raises:
            RefusedError: if the config does not meet one.
        """
        for conditions, operand in self._data.get(key, ()):
            self.check(conditions, [], [operand])

    def assign(self, key: str) -> None:
        """Set attributes, `[[name, value], ...]`, after all values are evaluated.

        In-place changes apply to the original object, with all its references.
        """
        found = [(name, self.assigned(value, name)) for name, value in self._data.get(key, ())]
        for name, value in found:
            if value is KEEP or value is GONE:
                continue
            if id(value) in self._changes:
                new, value = self._changes[id(value)]
                if type(value) is dict:
                    value.clear()
                    value.update(new)
                else:
                    value[:] = new
            if name.startswith(DIRECTLY):
                self.made.attributes[name.removeprefix(DIRECTLY)] = value
            else:
                self.made.set(name, value)

    def assign_inside(self, key: str) -> None:
        """Set attributes of parts, `[[part, name, value], ...]`."""
        found = [
            (self.value(part), name, self.assigned(value))
            for part, name, value in self._data.get(key, ())
        ]
        for part, name, value in found:
            if value is not KEEP and value is not GONE:
                as_config(part).set(name, value)

    def passed_on(self) -> dict[str, object]:
        """Return the keys that are passed to the base.

        Raises:
            RefusedError: if the class does not accept a key.
        """
        data = self._data
        changed = [(name, self.assigned(value)) for name, value in data.get("kw", ())]
        made = {name: one for name, one in self.keywords.items() if name not in self.arguments}
        for name, value in changed:
            if value is GONE:
                made.pop(name, None)
            elif value is not KEEP:
                made[name] = value
        if data.get("closed"):
            known = {*self.arguments, *(name for name, _ in changed)}
            if any(name not in known for name in self.keywords):
                raise RefusedError("the class does not accept a key")
        if "only" in data:
            return {name: value for name, value in made.items() if name in data["only"]}
        return made
