"""The structure of a program, and the places of its expressions.

Keys are put into a fixed order, and unknown keys are rejected.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import (
        Check,
        Choice,
        Computation,
        ModelRecord,
        Node,
        Operand,
        Term,
    )


NODE_OPERANDS: Final = ("activation", "padding", "groups", "ties", "config")
NODE_KEYS: Final = (
    *("class", "layer", "activation", "model", "kind", "sizes", "bias", "parameters", "buffers"),
    *("children", "items", "padding", "groups", "transposed", "ties", "config", "shared", "loops"),
    *("batch_norms", "identity", "part"),
)
PROGRAM_KEYS: Final = (
    *("args", "pre", "kw", "checks", "nested0", "post", "checks2", "nested", "sets", "value"),
    *("base", "late", "only", "closed", "labels", "no", "first", "then", "made_as"),
)
AFTER: Final = frozenset(["post", "checks2", "nested"])
"""The keys of a config's program that apply after the base's constructor."""
EVEN_IF_EMPTY: Final = frozenset(["only", "bases", "fields", "through"])
RECORD_KEYS: Final = (
    *("bases", "loose", "from_dict", "to_dict", "through", "consts", "fields", "names", "parts"),
    *("rope", "does"),
)
MODEL_KEYS: Final = ("root", "in", "out", "checks", "exports", "tied")


def only(found: Mapping[str, object], known: Iterable[str]) -> None:
    """Check that a part of a program has no unknown keys.

    Raises:
        ValueError: if it has.
    """
    unknown = found.keys() - set(known)
    if unknown:
        raise ValueError(f"no place in the text for {', '.join(sorted(unknown))}")


class ProgramRewriter(ABC):
    """Visits the parts of a program and rebuilds them, with converted operands and nodes."""

    @abstractmethod
    def operand(self, operand: Operand) -> Operand:
        """Return the converted operand."""

    @abstractmethod
    def node(self, number: int) -> int:
        """Return the converted number of a node."""

    def choice(self, choice: Choice, leaf: Callable[[Choice], Choice]) -> Choice:
        """Rebuild a choice, or a single thing."""
        if type(choice) is list and choice and choice[0] == "if":
            condition = self.operand(choice[1])
            return ["if", condition, self.choice(choice[2], leaf), self.choice(choice[3], leaf)]
        return leaf(choice)

    def rewritten_node(self, old: Node) -> Node:
        """Rebuild a node."""
        only(old, (*NODE_KEYS, "varies"))
        new: Node = {}
        for key in NODE_KEYS:
            value = old.get(key)
            if value is None or value is False or (value == [] and key != "sizes"):
                continue
            if key in NODE_OPERANDS:
                new[key] = self.operand(value)
            elif key == "bias":
                new[key] = value if value is True else self.operand(value)
            elif key == "class":
                new[key] = self.choice(value, lambda name: name)
            elif type(value) is list and key != "loops":
                new[key] = self._list(key, value)
            else:
                new[key] = value
        return new

    def _list(self, key: str, values: list[Any]) -> list[Any]:
        if key == "sizes":
            return [self.operand(one) for one in values]
        if key == "items":
            return [self._child(one) for one in values]
        leaf = self._child if key == "children" else self._shape_choice
        return [self._entry(one, leaf) for one in values]

    def _name(self, name: Any) -> Any:
        return name if type(name) is str else self.operand(name)

    def _shape_choice(self, shape: Any) -> Any:
        return self.choice(shape, self._shape)

    def _shape(self, shape: Any) -> Any:
        return [self.operand(one) for one in shape] if type(shape) is list else shape

    def _child(self, child: Any) -> Any:
        if type(child) is not list:
            return None if child is None else self.node(child)
        if child[0] != "for":
            return self.choice(child, self._child)
        return ["for", child[1], self.operand(child[2]), [self._child(one) for one in child[3]]]

    def _entry(self, entry: list[Any], leaf: Callable[[Any], Any]) -> list[Any]:
        if entry[0] == "for" and len(entry) == 4:
            inside = [self._entry(one, leaf) for one in entry[3]]
            return ["for", entry[1], self.operand(entry[2]), inside]
        return [self._name(entry[0]), leaf(entry[1])]

    def model(self, old: ModelRecord) -> ModelRecord:
        """Rebuild the facts about a model class, without requirements."""
        only(old, MODEL_KEYS)
        new: ModelRecord = {
            "root": self.node(old["root"]),
            "in": self.choice(old.get("in"), self._place),
            "out": self.choice(old.get("out"), self._place),
            "checks": [],
        }
        if old.get("exports"):
            exports = sorted(old["exports"].items())
            new["exports"] = {name: self.operand(one) for name, one in exports}
        if "tied" in old:
            new["tied"] = old["tied"]
        return new

    def _place(self, place: Any) -> Any:
        if type(place) is list and place[0] == "model":
            _, path, mapping, config, name = place
            return ["model", path, mapping, self.operand(config), name]
        return place

    def check(self, group: Check) -> Check:
        """Rebuild a group of requirements."""
        conditions, evaluated, true = group
        return [
            [self._condition(one) for one in conditions],
            [self.operand(one) for one in evaluated],
            [self.operand(one) for one in true],
        ]

    def check_of_config(self, conditions: list[Operand], operand: Operand) -> list[Operand]:
        """Rebuild a requirement of a config class: conditions, and what must be true."""
        return [[self._condition(one) for one in conditions], self.operand(operand)]

    def _condition(self, condition: Any) -> Any:
        if type(condition) is list and condition[0] == "for":
            return [*condition[:2], self.operand(condition[2])]
        return self.operand(condition)

    def rewritten_program(
        self, old: Mapping[str, object], keys: Iterable[str] = PROGRAM_KEYS
    ) -> Computation:
        """Rebuild the program of a config class, or some of its keys."""
        only(old, (*PROGRAM_KEYS, "held"))
        found: Any = {}
        for key in keys:
            value = old.get(key)
            if value or (key in EVEN_IF_EMPTY and value is not None):
                found[key] = self._of_program(key, value)
        new: Computation = found
        return new

    def _of_program(self, key: str, value: Any) -> Any:
        if key in ("pre", "kw", "post", "sets"):
            return [[name, self.value(one)] for name, one in value]
        if key in ("nested", "nested0"):
            return [[self.operand(owner), name, self.value(one)] for owner, name, one in value]
        if key in ("checks", "checks2"):
            return [self.check_of_config(*one) for one in value]
        return self.value(value) if key == "value" else value

    def value(self, value: Term) -> Term:
        """Rebuild the new value of an attribute or keyword."""
        if value[0] == "v":
            return ["v", self.operand(value[1])]
        if value[0] != "if":
            return value
        yes: Any
        no: Any
        _, condition, yes, no = value
        return ["if", self.operand(condition), self.value(yes), self.value(no)]


class OperandCollector(ProgramRewriter):
    """Collects the operands of what it visits.

    Attributes:
        found: the operands.
    """

    def __init__(self) -> None:
        self.found: list[Any] = []

    def operand(self, operand: Operand) -> Operand:
        """Collect an operand."""
        self.found.append(operand)
        return operand

    def node(self, number: int) -> int:
        """Leave a node unchanged."""
        return number
