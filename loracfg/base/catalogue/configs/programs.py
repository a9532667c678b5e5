"""What a config class computes, as programs over its attributes and keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from loracfg.base.catalogue.configs.operations import ALL_OPERATIONS
from loracfg.base.catalogue.evaluation.errors import DeclinedError, RefusedError
from loracfg.base.catalogue.evaluation.evaluation import Evaluation
from loracfg.base.catalogue.evaluation.operations import Operation
from loracfg.base.catalogue.evaluation.rows import Row, Rows, operands_of

if TYPE_CHECKING:
    from loracfg.base.catalogue.configs.core import Core
    from loracfg.base.catalogue.configs.library import Library
    from loracfg.base.catalogue.evaluation.budget import Budget

KEEP: Final = object()
"""What a program says of an attribute that it leaves as it is."""
GONE: Final = object()
"""What a program says of a key that it takes away."""


RAISED: Final = "LibraryRaises: "
"""What reasons begin with where the library always raises: then comes which error."""
DIRECTLY: Final = "__dict__."
"""What names of attributes begin with that are set behind the class's properties."""


class Program:
    """What a class computes in one of its methods.

    Attributes:
        data: lists of checks, of what is set and so on, by the words that the facts have for them.
        rows: the rows that `data` refers to.
    """

    __slots__ = ("_held", "data", "refusal", "rows")

    def __init__(self, data: dict[str, Any], rows: Rows | None = None) -> None:
        self.data = data
        self.refusal: str | None = data.get("no")
        self.rows = Rows(data.get("exprs", [])) if rows is None else rows
        self._held: list[int] | None = None

    @property
    def held(self) -> list[int]:
        """The rows that read the config as it was before the base, and are used after it."""
        if self._held is None:
            rows = self.rows.rows
            used: set[int] = set()
            waiting = list(self._used_after())
            while waiting:
                one = waiting.pop()
                if type(one) is int and one not in used:
                    used.add(one)
                    waiting.extend(operands_of(rows[one]))
            self._held = sorted(one for one in used if _reads_config(rows, rows[one]))
        return self._held

    def _used_after(self) -> Iterator[Any]:
        """Yield the operands that are evaluated after the base."""
        for _, value in self.data.get("post", ()):
            yield from _operands(value)
        for part, _, value in self.data.get("nested", ()):
            yield part
            yield from _operands(value)
        for conditions, operand in self.data.get("checks2", ()):
            yield operand
            for one in conditions:
                yield one[2] if type(one) is list and one[0] == "for" else one

    def run(
        self, library: Library, config: Core, budget: Budget, keywords: Mapping[str, Any]
    ) -> ConfigEvaluation:
        """Begin to evaluate the program for a config.

        Raises:
            DeclinedError: if the facts do not cover the method.
        """
        if self.refusal is not None:
            _, is_raised, error = self.refusal.partition(RAISED)
            if is_raised:
                raise (AttributeError if error.startswith("AttributeError") else RefusedError)(
                    error
                )
            raise DeclinedError(self.refusal)
        arguments = self.data.get("args", {})
        return ConfigEvaluation(self.rows, config, budget, library, keywords, arguments)

    def result(self, library: Library, config: Core, budget: Budget) -> Any:
        """Return what the method returns for a config."""
        run = self.run(library, config, budget, {})
        run.require(self.data.get("checks", ()))
        return run.assigned(self.data["value"]) if "value" in self.data else None


def _operands(value: list[Any]) -> Iterator[Any]:
    """Yield the operands of what an attribute is set to."""
    if value[0] == "if":
        yield value[1]
        yield from _operands(value[2])
        yield from _operands(value[3])
    elif value[0] == "v":
        yield value[1]


def _reads_config(rows: list[Row], row: Row) -> bool:
    return any(type(one) is int and rows[one] == ["c"] for one in operands_of(row))


class ConfigEvaluation(Evaluation):
    """Evaluates rows of a program, and does what the program says.

    Attributes:
        library: the classes of the release.
        keywords: keys that the class has no fields for.
        arguments: defaults of keys, in transformers 4.
    """

    __slots__ = ("_changes", "arguments", "keywords", "library")

    operations: ClassVar[Mapping[str, Operation]] = ALL_OPERATIONS

    def __init__(
        self,
        table: Rows,
        config: Core,
        budget: Budget,
        library: Library,
        keywords: Mapping[str, Any],
        arguments: Mapping[str, Any],
    ) -> None:
        super().__init__(table, config, budget)
        self.library, self.keywords, self.arguments = library, keywords, arguments
        self._changes: dict[int, tuple[Any, Any]] = {}

    def remember_change(self, old: Any, new: Any) -> None:
        """Remember that a dict or list is to become what its changed copy is."""
        self._changes[id(new)] = new, self._changes[id(old)][1] if id(old) in self._changes else old

    def assigned(self, value: Any, name: str | None = None) -> Any:
        """Return what an attribute or key is set to, or `KEEP` or `GONE`."""
        while value[0] == "if":
            value = value[2] if self.value(value[1]) else value[3]
        if value[0] != "v":
            return GONE if value[0] == "gone" else KEEP
        operand = value[1]
        while type(operand) is int and name:
            row = self.rows[operand]
            if row[0] == "if":
                operand = row[2] if self.value(row[1]) else row[3]
            elif row[0] == "." and row[2] == name and self.rows[row[1]][0] in ("c", "c2"):
                return KEEP
            else:
                break
        return self.value(operand)

    def require(self, checks: Any) -> None:
        """Require what a program requires, `[[conditions, operand], ...]`.

        Raises:
            RefusedError: if the config lacks it.
        """
        for conditions, operand in checks:
            self.check(conditions, [], [operand])

    def assign(self, sets: Any) -> None:
        """Set attributes as a program says; all values are found before one is set."""
        self.put([(name, self.assigned(value, name)) for name, value in sets])

    def put(self, values: list[tuple[str, Any]]) -> None:
        """Set attributes; what was changed in place changes for all who hold it."""
        for name, value in values:
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
                vars(self.config)[name.removeprefix(DIRECTLY)] = value
            else:
                setattr(self.config, name, value)

    def put_inside(self, sets: Any) -> None:
        """Set attributes of parts, `[[part, name, value], ...]`."""
        found = [(self.value(part), name, self.assigned(value)) for part, name, value in sets]
        for part, name, value in found:
            if value is not KEEP and value is not GONE:
                setattr(part, name, value)
