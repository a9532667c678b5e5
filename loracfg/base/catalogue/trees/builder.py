"""Builds the modules of a model class from the nodes of its type's program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import CONVOLUTIONS, Kind, Module
from loracfg.base.catalogue.configs.transformers4 import Config4
from loracfg.base.catalogue.evaluation.errors import DeclinedError, RefusedError
from loracfg.base.catalogue.trees.inner import add_model
from loracfg.base.catalogue.trees.layers import (
    LAYERS,
    Layer,
    buffers_of,
    check_padding,
    checked_shape,
    parameters_of,
)
from loracfg.base.catalogue.trees.template import OutputTie, Part, Place, Template, Tie

if TYPE_CHECKING:
    from loracfg.adapter.tensor import Shape
    from loracfg.base.catalogue.trees.family import Family

_KINDS: Final = {str(kind): kind for kind in Kind}
_NO_SHAPES: Final[dict[str, Shape]] = {}


class Tree:
    """What has been built of a tree, in the order of `named_modules`."""

    __slots__ = ("aliases", "modules", "ties")

    def __init__(self) -> None:
        self.modules: list[Module] = []
        self.aliases: list[tuple[str, str]] = []
        self.ties: list[Tie | OutputTie] = []


class Builder:
    """Builds one class of a family into a tree; another model inside has a builder of its own.

    Attributes:
        family: the type's program and config, and what other classes of it have built.
        tree: what is built, that of other builders too.
        places: where shared instances stand first, by number and turns of loops.
    """

    def __init__(self, family: Family, tree: Tree) -> None:
        self.family, self.tree = family, tree
        self.value = family.evaluation.value
        self.turn_of = family.evaluation.env
        self.places: dict[Any, tuple[int, Place]] = {}
        self._oldest = 0  # the number of the oldest place that was met again

    def build(self, number: int, path: str) -> None:
        """Add the modules of a node."""
        node = self.family.nodes[number]
        varies = node.get("varies")
        key: Any = number
        if varies is not None:
            key = self._variant(number, varies)
            if key is None:
                self._add(node, path)
                return
        template = self.family.templates.get(key)
        if template is not None and path:  # the paths in it begin with a dot
            template.stamp(path, self.tree.modules, self.family.budget)
            return
        if "children" not in node and "items" not in node and "model" not in node:
            self._build_alone(key, node, path)
        else:
            self._build_part(key, node, path)

    def tie_outputs(self, class_name: str, path: str) -> None:
        """Note that a model of transformers 4 ties its embeddings, once it is built at a path."""
        config = self.family.config
        if not isinstance(config, Config4):
            return
        self._check_parts(class_name, path)
        text = config.get_text_config(decoder=True)
        own = self.family.classes[class_name]
        if own["out"] is not None and getattr(text, "tie_word_embeddings", True):
            outputs = self.reference(own["out"], path)
            if outputs is not None:
                self.tree.ties.append(OutputTie(self.reference(own["in"], path), outputs))

    def _check_parts(self, class_name: str, path: str) -> None:
        """Refuse a model without parts that it keeps in another precision, as `post_init` does."""
        needed = self.family.classes[class_name].get("exports", {}).get("_keep_in_fp32_modules")
        if needed is None:
            return
        missing = set(self.value(needed))
        self.family.budget.spend_steps(len(self.tree.modules))
        for module in self.tree.modules:
            if (
                missing
                and module.parameters
                and (not path or f"{module.path}.".startswith(f"{path}."))
            ):
                missing -= {*module.path[len(path) :].split("."), *module.parameters}
        if missing:
            raise RefusedError(f"{sorted(missing)} are no modules")

    def reference(self, reference: Any, at: str = "") -> str | None:
        """Return the path of an embedding of a model that stands at a path, None if there is none.

        It is a path, `["shared", number, turn, ...]` for an instance with several places or in
        loops, or `["model", path, mapping, config, getter]` for what another model has.
        """
        reference = self._choose(reference)
        dot = f"{at}." if at else ""
        if reference is None or type(reference) is str:
            return reference if reference is None else f"{dot}{reference}" if reference else at
        if reference[0] == "shared":
            known = self.places.get(tuple(reference[1:]))
            return known[1].path if known else None
        if reference[0] == "model":
            _, path, mapping, config, getter = reference
            inner = self.family.models.reference(mapping, self.value(config), getter)
            path = dot + path
            return None if inner is None else f"{path}.{inner}" if inner else path
        raise DeclinedError("the embeddings are not known")

    def _variant(self, number: int, varies: list[int] | bool) -> Any:
        """Return what tells the variants of a node apart that depends on turns; None if unknown."""
        if type(varies) is bool:
            return None
        try:
            return (number, *[(type(x), x) for x in map(self.value, varies)])
        except Exception:  # one of them may not be asked for in this turn
            self.family.evaluation.forget_turn()
            return None

    def _build_alone(self, key: Any, node: dict[str, Any], path: str) -> None:
        """Build a module without children."""
        modules = self.tree.modules
        start = len(modules)
        self._add(node, path)
        if path and "shared" not in node and "ties" not in node:
            self.family.templates[key] = Template(modules[start:], path)

    def _build_part(self, key: Any, node: dict[str, Any], path: str) -> None:
        """Build a module with children, or take it as another class built it at this path."""
        tree = self.tree
        part = self.family.parts.get((key, path))
        if part is not None and self.places.keys().isdisjoint([one for one, _ in part.places]):
            self.family.budget.spend_steps(len(part.modules))
            tree.modules += part.modules
            tree.aliases += part.aliases
            tree.ties += part.ties
            for one, place in part.places:
                self.places[one] = (len(self.places), place)
            return
        starts = len(tree.modules), len(tree.aliases), len(tree.ties), len(self.places)
        outer, self._oldest = self._oldest, starts[3]
        self._add(node, path)
        if self._oldest >= starts[3]:  # it has nothing that stands before it, too
            self._keep(key, path, starts)
        self._oldest = min(outer, self._oldest)

    def _keep(self, key: Any, path: str, starts: tuple[int, int, int, int]) -> None:
        tree = self.tree
        places: list[tuple[Any, Place]] = []
        if len(self.places) > starts[3]:
            places = [(one, place) for one, (_, place) in self.places.items()][starts[3] :]
        part = Part(
            tree.modules[starts[0] :], tree.aliases[starts[1] :], tree.ties[starts[2] :], places
        )
        self.family.parts[key, path] = part
        if path and not (part.aliases or part.ties or part.places):
            self.family.templates[key] = Template(part.modules, path)

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
        tree = self.tree
        modules, aliases = len(tree.modules), len(tree.aliases)
        place = Place(path)
        self.places[key] = (len(self.places), place)
        self._add_module(node, path)
        place.modules, place.aliases = tree.modules[modules:], tree.aliases[aliases:]

    def _alias(self, path: str, place: Place) -> None:
        """Note that a module stands in another place, too."""
        start = len(place.path)
        self.family.budget.spend_items(len(place.modules) + len(place.aliases))
        self.tree.aliases += [(path + one.path[start:], one.path) for one in place.modules]
        self.tree.aliases += [(path + alias[start:], first) for alias, first in place.aliases]

    def _add_module(self, node: dict[str, Any], path: str) -> None:
        if "layer" in node:
            self._layer(node, LAYERS[node["layer"]], path)
        elif "activation" in node:
            template = self.family.models.activation(self.value(node["activation"]))
            template.stamp(path, self.tree.modules, self.family.budget)
        elif "model" in node:
            config = self.value(node["config"])
            add_model(self.family.models, node, config, self.tree, path)
        else:
            self._module(node, path)

    def _layer(self, node: dict[str, Any], layer: Layer, path: str) -> None:
        sizes = checked_shape([self.value(one) for one in node["sizes"]])
        if "padding" in node:
            check_padding(sizes[0], self.value(node["padding"]))
        bias = node.get("bias", False)
        has_bias = bias if type(bias) is bool else bool(self.value(bias))
        groups = self.value(node["groups"]) if "groups" in node else 1
        class_name = node.get("class") or node["layer"]
        parameters = parameters_of(layer, sizes, has_bias)
        buffers = buffers_of(layer, sizes)
        self._append(Module(path, layer.kind, class_name, parameters, buffers, groups))

    def _append(self, module: Module) -> None:
        self.family.budget.spend_modules()
        self.tree.modules.append(module)

    def _module(self, node: dict[str, Any], path: str) -> None:
        parameters = self._shapes(node.get("parameters"))
        kind = _KINDS[node["kind"]] if "kind" in node else Kind.OTHER
        needed = "in_proj_weight" if kind is Kind.ATTENTION else "weight"
        if kind is not Kind.OTHER and needed not in parameters:  # it keeps its weight elsewhere
            kind = Kind.OTHER
        has_groups = "groups" in node and kind in CONVOLUTIONS
        groups = self.value(node["groups"]) if has_groups else 1
        class_name = self._choose(node["class"])
        buffers = self._shapes(node.get("buffers"))
        transposed = "transposed" in node
        self._append(Module(path, kind, class_name, parameters, buffers, groups, transposed))
        if "ties" in node:
            self.tree.ties.append(Tie(path, self.value(node["ties"]), self.value(node["config"])))
        dot = f"{path}." if path else ""
        if "items" in node:
            self._items(node["items"], dot, 0)
        if "children" in node:
            self._children(node["children"], dot)

    def _children(self, children: list[Any], dot: str) -> None:
        """Add named children; loops among them name one for each turn."""
        for entry in children:
            if len(entry) == 4:
                for _ in self._turns(entry):
                    self._children(entry[3], dot)
            else:
                name, child = entry
                chosen = self._choose(child)
                if chosen is not None:
                    self.build(chosen, dot + (name if type(name) is str else self._name(name)))

    def _name(self, operand: Any) -> str:
        name = self.value(operand)
        if not isinstance(name, str) or "." in name or not name:
            raise KeyError(name)
        return name

    def _items(self, items: list[Any], dot: str, count: int) -> int:
        """Add the children of a list, which are numbered; return how many there are then."""
        for item in items:
            chosen = self._choose(item)
            if chosen is None:
                continue
            if type(chosen) is int:
                self.build(chosen, f"{dot}{count}")
                count += 1
            elif len(chosen[3]) == 1 and type(chosen[3][0]) is int:
                count = self._layers(chosen, dot, count)
            else:
                for _ in self._turns(chosen):
                    count = self._items(chosen[3], dot, count)
        return count

    def _layers(self, loop: list[Any], dot: str, count: int) -> int:
        """Add one child for each turn of a loop."""
        number = loop[3][0]
        for turn in self._turns(loop):
            self.build(number, f"{dot}{count}")
            count += 1
            if turn == 0:
                self._expect(self.family.templates.get(number), loop)
        return count

    def _expect(self, template: Template | None, loop: list[Any]) -> None:
        """Decline at once if there are too many layers of the same kind.

        Raises:
            DeclinedError: if the budget does not allow for them.
        """
        if template is not None:
            left = self.family.budget.modules
            if len(template) * (self.value(loop[2]) - 1) > left:
                raise DeclinedError("the config asks for too many modules")

    def _turns(self, loop: list[Any]) -> Iterator[int]:
        _, variable, count, _ = loop
        evaluation = self.family.evaluation
        return evaluation.turns(variable, range(evaluation.count(count)))

    def _choose(self, choice: Any) -> Any:
        while type(choice) is list and choice and choice[0] == "if":
            choice = choice[2] if self.value(choice[1]) else choice[3]
        return choice

    def _shapes(self, named: list[Any] | None) -> dict[str, Shape]:
        """Return the shapes of parameters or buffers, of those that are there."""
        if not named:
            return _NO_SHAPES
        found: dict[str, Shape] = {}
        self._add_shapes(named, found)
        return found

    def _add_shapes(self, named: list[Any], found: dict[str, Shape]) -> None:
        for entry in named:
            if len(entry) == 4:
                for _ in self._turns(entry):
                    self._add_shapes(entry[3], found)
                continue
            name, choice = entry
            shape = self._choose(choice)
            if shape == "unknown":
                raise DeclinedError(f"the shape of `{name}` is not known")
            if shape is not None:
                own = name if type(name) is str else self._name(name)
                found[own] = checked_shape([self.value(one) for one in shape])
