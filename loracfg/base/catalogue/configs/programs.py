"""What a config class computes, as programs over its attributes and keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from loracfg.base.catalogue.configs.operations import ALL_OPERATIONS
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.evaluation import Evaluation
from loracfg.base.catalogue.evaluation.operations import Operation
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.evaluation.rows import Rows

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Computation, Term

KEEP: Final = object()
"""What a program says of an attribute that it leaves as it is."""
GONE: Final = object()
"""What a program says of a key that it takes away."""
RAISED: Final = "LibraryRaises: "
"""What reasons begin with where the library always raises: then comes which error."""
DIRECTLY: Final = "__dict__."
"""What names of attributes begin with that are set behind the class's properties."""


class ProgramConfig(Protocol):
    """A config object, of which programs know only by rows what else it has."""

    _budget: Budget


class Program:
    """What a class computes in one of its methods.

    Attributes:
        data: lists of checks, of what is set and so on, by the words that the facts have for them.
        rows: the rows that `data` refers to.
    """

    __slots__ = ("_refusal", "data", "rows")

    def __init__(self, data: Computation, rows: Rows | None) -> None:
        self.data = data
        self.rows = Rows(data.get("exprs", [])) if rows is None or "exprs" in data else rows
        self._refusal: str | None = data.get("no")

    def run(
        self,
        config: ProgramConfig,
        keywords: Mapping[str, object],
        before: ProgramConfig | None = None,
    ) -> ConfigEvaluation:
        """Begin to evaluate the program for a config.

        Args:
            config: the config that is made.
            keywords: keys that the class has no fields for.
            before: the config as it was before; by default it is as it was.

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

    def result(self, config: ProgramConfig) -> object:
        """Return what the method returns for a config."""
        run = self.run(config, {})
        run.require("checks")
        return run.assigned(self.data["value"]) if "value" in self.data else None


class ConfigEvaluation(Evaluation):
    """Evaluates rows of a program, and does what the program says.

    Attributes:
        keywords: keys that the class has no fields for.
        arguments: defaults of keys, in transformers 4.
        made: the config that the program changes.
    """

    operations: ClassVar[Mapping[str, Operation]] = ALL_OPERATIONS

    def __init__(
        self,
        program: Program,
        config: ProgramConfig,
        keywords: Mapping[str, Any],
        before: ProgramConfig,
    ) -> None:
        super().__init__(program.rows, before, config._budget)
        self.made, self.keywords = config, keywords
        self._data: Mapping[str, Any] = program.data
        self.arguments: Mapping[str, Any] = program.data.get("args", {})
        self._changes: dict[int, tuple[Any, Any]] = {}

    def remember_change(self, old: object, new: object) -> None:
        """Remember that a dict or list is to become what its changed copy is."""
        self._changes[id(new)] = new, self._changes[id(old)][1] if id(old) in self._changes else old

    def assigned(self, value: Term, name: str | None = None) -> object:
        """Return what an attribute or key is set to, or `KEEP` or `GONE`."""
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
        """Require what the program requires below a key, `[[conditions, operand], ...]`.

        Raises:
            RefusedError: if the config lacks it.
        """
        for conditions, operand in self._data.get(key, ()):
            self.check(conditions, [], [operand])

    def assign(self, key: str) -> None:
        """Set attributes as the program says, `[[name, value], ...]`; all values are found first.

        What was changed in place changes for all who hold it.
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
                vars(self.made)[name.removeprefix(DIRECTLY)] = value
            else:
                setattr(self.made, name, value)

    def assign_inside(self, key: str) -> None:
        """Set attributes of parts as the program says, `[[part, name, value], ...]`."""
        found = [
            (self.value(part), name, self.assigned(value))
            for part, name, value in self._data.get(key, ())
        ]
        for part, name, value in found:
            if value is not KEEP and value is not GONE:
                setattr(part, name, value)

    def passed_on(self) -> dict[str, object]:
        """Return the keys that the base gets.

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
        if "only" in data:
            return {name: value for name, value in made.items() if name in data["only"]}
        if data.get("closed"):
            known = {*self.arguments, *(name for name, _ in changed)}
            if any(name not in known for name in self.keywords):
                raise RefusedError("the class does not accept a key")
        return made
