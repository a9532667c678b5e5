"""Builds the modules of a model class from the nodes of its type's program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import (
    CONVOLUTIONS,
    Kind,
    Module,
    computed_weight,
    has_dimensions,
)
from loracfg.base.catalogue.evaluation.config import get_attribute
from loracfg.base.catalogue.evaluation.functions import is_padding
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError, SpentError
from loracfg.base.catalogue.trees.family import Family
from loracfg.base.catalogue.trees.inner import add_model
from loracfg.base.catalogue.trees.layers import (
    LAYERS,
    Layer,
    buffers_of,
    checked_shape,
    parameters_of,
)
from loracfg.base.catalogue.trees.tree import OutputTie, Subtree, Tie, Tree

if TYPE_CHECKING:
    from loracfg.adapter.header.tensor import Shape
    from loracfg.base.catalogue.program_data import Choice, Operand

_KINDS: Final = {str(kind): kind for kind in Kind}
_SCALARS: Final = (bool, int, float, str)
_NO_SHAPES: Final[dict[str, Shape]] = {}


class TreeBuilder:
    """Builds one class of a family into a tree; each inner model has its own builder.

    Attributes:
        family: the type's program and config, and what its other classes have built.
        tree: the tree so far, including the modules of other builders.
        places: the first places of shared instances, by number and turns of loops.
    """

    def __init__(self, family: Family, tree: Tree) -> None:
        self.family, self.tree = family, tree
        self.value: Callable[[Operand], Any] = family.evaluation.value
        self.turn_of = family.evaluation.env
        self.places: dict[Any, tuple[int, Subtree]] = {}
        self._oldest = 0  # the number of the oldest place that was used again

    def build(self, number: int, path: str) -> None:
        """Add the modules of a node."""
        node: dict[str, Any] = self.family.nodes[number]
        parts = self.family.parts
        part = parts.get(number) if path else None
        if part is not None:
            part.stamp(path, self.tree, self.family.budget)
            return
        key: Any = self._variant(number, node["varies"]) if "varies" in node else number
        if key is None:
            self._add(node, path)
            return
        part = (parts.get(key) if path else None) or parts.get((key, path))
        if part is not None and self.places.keys().isdisjoint([one for one, _ in part.places]):
            part.stamp(path, self.tree, self.family.budget)
            for one, place in part.places:
                self.places[one] = (len(self.places), place)
            return
        start, known = self._size(), len(self.places)
        outer, self._oldest = self._oldest, known
        self._add(node, path)
        if self._oldest >= known:  # it shares nothing with what is before it
            part = Subtree.since(start, self.tree, path)
            if len(self.places) > known:
                part.places = [(one, place) for one, (_, place) in self.places.items()][known:]
            parts[key if part.is_movable else (key, path)] = part
        self._oldest = min(outer, self._oldest)

    def _size(self) -> tuple[int, int, int]:
        return len(self.tree.modules), len(self.tree.aliases), len(self.tree.ties)

    def tie_outputs(self, class_name: str, path: str) -> None:
        """Record that a model of transformers 4, built at a path, ties its embeddings."""
        config = self.family.config
        if not self.family.is_older:
            return
        self._check_parts(class_name, path)
        text = config.library.text_config(config, decoder=True)
        own = self.family.classes[class_name]
        if own["out"] is not None and get_attribute(text, "tie_word_embeddings", True):
            outputs = self.reference(own["out"], path)
            if outputs is not None:
                self.tree.ties.append(OutputTie(self.reference(own["in"], path), outputs))

    def _check_parts(self, class_name: str, path: str) -> None:
        """Reject a model without the parts that it keeps in `float32`, like `post_init`."""
        needed = self.family.classes[class_name].get("exports", {}).get("_keep_in_fp32_modules")
        if needed is None:
            return
        missing = set(self.value(needed))
        self.family.budget.spend_steps(len(self.tree.modules))
        inside = f"{path}." if path else ""
        for module in self.tree.modules:
            if module.parameters and f"{module.path}.".startswith(inside):
                missing -= {*module.path[len(path) :].split("."), *module.parameters}
        if missing:
            raise RefusedError(f"{sorted(missing)} are not modules")

    def reference(self, reference: Choice, at: str = "") -> str | None:
        """Return the path of an embedding of a model at a path; None if there is none.

        The reference is a path, `["shared", number, turn, ...]` for an instance with several places
        or in loops, or `["model", path, mapping, config, getter]` for a part of an inner model.
        """
        place: Any = self._choose(reference)
        dot = f"{at}." if at else ""
        if place is None or type(place) is str:
            return place if place is None else f"{dot}{place}" if place else at
        if place[0] == "shared":
            known = self.places.get(tuple(place[1:]))
            return known[1].path if known else None
        if place[0] == "model":
            _, path, mapping, config, getter = place
            inner = self.family.models.reference(mapping, self.value(config), getter)
            path = dot + path
            return None if inner is None else f"{path}.{inner}" if inner else path
        raise DeclinedError("the embeddings are unknown")

    def _variant(self, number: int, varies: list[int] | bool) -> Any:
        """Return the key of a node's variant in the current turns; None if unknown."""
        if type(varies) is bool:
            return None
        try:
            values = [self.value(one) for one in varies]
        except Exception:  # a row may not be evaluable in this turn
            self.family.evaluation.forget_turn()
            return None
        if not all(value is None or type(value) in _SCALARS for value in values):
            return None
        return (number, *[(type(value), value) for value in values])

    def _add(self, node: dict[str, Any], path: str) -> None:
        shared = node.get("shared")
        if shared is None:
            self._add_module(node, path)
            return
        key = (shared, *[self.turn_of[loop] for loop in node.get("loops", ())])
        known = self.places.get(key)
        if known is not None:
            self._oldest = min(self._oldest, known[0])
            self._alias(path, known[1])
            return
        start, place = self._size(), Subtree(path)
        self.places[key] = (len(self.places), place)
        self._add_module(node, path)
        place.add(Subtree.since(start, self.tree, path))

    def _alias(self, path: str, place: Subtree) -> None:
        """Record another place of a module."""
        start = len(place.path)
        self.family.budget.spend_modules(len(place.modules) + len(place.aliases), len(path))
        self.tree.aliases += [(path + one.path[start:], one.path) for one in place.modules]
        self.tree.aliases += [(path + alias[start:], first) for alias, first in place.aliases]

    def _add_module(self, node: dict[str, Any], path: str) -> None:
        if "layer" in node:
            self._layer(node, LAYERS[node["layer"]], path)
        elif "activation" in node:
            activation = self.family.models.activation(self.value(node["activation"]))
            activation.stamp(path, self.tree, self.family.budget)
        elif "model" in node:
            config = self.value(node["config"])
            add_model(self.family.models, node, config, self.tree, path)
        else:
            self._module(node, path)

    def _layer(self, node: dict[str, Any], layer: Layer, path: str) -> None:
        sizes = checked_shape([self.value(one) for one in node["sizes"]])
        if "padding" in node:
            is_padding(self.family.budget, sizes[0], self.value(node["padding"]))
        bias = node.get("bias", False)
        has_bias = bias if type(bias) is bool else bool(self.value(bias))
        groups = self._groups(node) if "groups" in node else 1
        class_name = node.get("class") or node["layer"]
        parameters = parameters_of(layer, sizes, has_bias)
        self._check_weight(layer.kind, parameters["weight"])
        buffers = buffers_of(layer, sizes)
        self._append(Module(path, layer.kind, class_name, parameters, buffers, groups))

    def _check_weight(self, kind: Kind, weight: Shape) -> None:
        """Decline a weight that no layer of its kind has, which only foreign facts can contain."""
        if kind is not Kind.OTHER and not has_dimensions(kind, weight):
            raise DeclinedError(f"a weight of {len(weight)} dimensions for a `{kind}`")

    def _append(self, module: Module) -> None:
        self.family.budget.spend_modules(1, len(module.path))
        self.tree.modules.append(module)

    def _module(self, node: dict[str, Any], path: str) -> None:
        parameters = self._shapes(node.get("parameters"))
        kind = _KINDS[node["kind"]] if "kind" in node else Kind.OTHER
        needed = "in_proj_weight" if kind is Kind.ATTENTION else "weight"
        is_computed = kind is not Kind.OTHER and needed not in parameters
        if needed in parameters:
            self._check_weight(kind, parameters[needed])
        at = len(self.tree.modules)
        has_groups = "groups" in node and kind in CONVOLUTIONS
        groups = self._groups(node) if has_groups else 1
        class_name = self._choose(node["class"])
        buffers = self._shapes(node.get("buffers"))
        transposed = "transposed" in node
        self._append(Module(path, kind, class_name, parameters, buffers, groups, transposed))
        if "ties" in node:
            self.tree.ties.append(Tie(path, self.value(node["ties"]), self.value(node["config"])))
        dot = f"{path}." if path else ""
        if "items" in node:
            self._items(node["items"], dot)
        for name, child in self._entries(node.get("children", ())):
            chosen = child if type(child) is int else self._choose(child)
            if chosen is not None:
                self.build(chosen, dot + (name if type(name) is str else self._name(name)))
        if is_computed:
            self._compute_weight(at)

    def _groups(self, node: dict[str, Any]) -> int:
        groups = self.value(node["groups"])
        if not isinstance(groups, int) or groups < 1:
            raise RefusedError(f"{str(groups)[:40]} is not a number of groups")
        return groups

    def _compute_weight(self, at: int) -> None:
        """Give a layer the weight that is computed from its content; else it is not a layer."""
        layer, *inside = self.tree.modules[at:]
        place = f"{layer.path}.parametrizations.weight"
        stored = next((one.parameters for one in inside if one.path == place), _NO_SHAPES)
        weight = computed_weight(layer.parameters, stored)
        if weight and layer.kind is not Kind.ATTENTION and has_dimensions(layer.kind, weight):
            self.tree.modules[at] = layer._replace(computed=weight)
        else:
            self.tree.modules[at] = layer._replace(kind=Kind.OTHER, groups=1)

    def _items(self, listed: list[Any], dot: str) -> None:
        """Add the items of a list, named by their position."""
        place = 0
        for entry in listed:
            chosen = self._choose(entry)
            if type(chosen) is list and len(chosen[3]) == 1 and type(chosen[3][0]) is int:
                place = self._repeat(chosen, dot, place)
                continue
            for item in self._entries((chosen,)):
                self.build(item, f"{dot}{place}")
                place += 1

    def _repeat(self, loop: list[Any], dot: str, place: int) -> int:
        """Add a node for each turn of a loop, and return the position after the last one.

        Raises:
            SpentError: if the loop creates more modules than the budget allows.
        """
        _, number, count, (node,) = loop
        evaluation = self.family.evaluation
        places = range(place, place + evaluation.count(count))
        for turn in evaluation.turns(number, range(len(places))[:1]):
            self.build(node, f"{dot}{places[turn]}")
        part = self.family.parts.get(node)
        if part is not None:  # it is the same in each turn
            budget, more = self.family.budget, len(part.modules) * len(places[1:])
            if more > budget.modules:
                raise SpentError("the config asks for too many modules")
            part.stamp_each([f"{dot}{one}" for one in places[1:]], self.tree, budget)
            return place + len(places)
        for turn in evaluation.turns(number, range(1, len(places))):
            self.build(node, f"{dot}{places[turn]}")
        return place + len(places)

    def _entries(self, listed: Iterable[Any]) -> Iterator[Any]:
        """Yield items, children or tensors; loops among them yield theirs in each turn."""
        evaluation = self.family.evaluation
        for entry in listed:
            chosen = self._choose(entry) if type(entry) is list and len(entry) == 4 else entry
            if type(chosen) is not list or len(chosen) != 4:
                if chosen is not None:
                    yield chosen
                continue
            _, loop, count, inside = chosen
            for _ in evaluation.turns(loop, range(evaluation.count(count))):
                yield from self._entries(inside)

    def _choose(self, choice: Any) -> Any:
        while type(choice) is list and len(choice) == 4 and choice[0] == "if":
            choice = choice[2] if self.value(choice[1]) else choice[3]
        return choice

    def _name(self, operand: Any) -> str:
        name = self.value(operand)
        if not isinstance(name, str) or "." in name or not name:
            raise KeyError(name)
        return name

    def _shapes(self, named: list[Any] | None) -> dict[str, Shape]:
        """Return the shapes of the parameters or buffers that exist for the config."""
        if not named:
            return _NO_SHAPES
        found: dict[str, Shape] = {}
        for name, choice in self._entries(named):
            self.family.budget.spend_steps(1)
            shape = self._choose(choice)
            if shape == "unknown":
                raise DeclinedError(f"the shape of `{name}` is unknown")
            if shape is not None:
                own = name if type(name) is str else self._name(name)
                found[own] = checked_shape([self.value(one) for one in shape])
        return found


def build(family: Family, class_name: str, tree: Tree, path: str) -> TreeBuilder:
    """Check the config of a family, and add the modules of a class to a tree.

    Raises:
        RefusedError: if the constructor of the class rejects the config.
        DeclinedError: if it is unknown what it builds.
    """
    root = family.root(class_name)
    builder = TreeBuilder(family, tree)
    builder.build(root, path)
    return builder
