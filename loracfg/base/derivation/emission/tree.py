"""Converts the instance of a model class into the nodes of its tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import CONVOLUTIONS, Kind
from loracfg.base.derivation.emission.module_nodes import kind_of, named_layer
from loracfg.base.derivation.emission.places import Loops, Occurrences, is_nothing, loop_of
from loracfg.base.derivation.emission.simplify import Simplifier
from loracfg.base.derivation.emission.table import ProgramTable
from loracfg.base.derivation.interpreter.computed_names import LaterPlace
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    attribute_of_model,
    is_expressible,
)
from loracfg.base.derivation.interpreter.expressions import (
    PLAIN_TYPES,
    Expression,
    Operand,
    choose,
    conjunction,
    negate,
)
from loracfg.base.derivation.interpreter.inner_models import IDENTITY
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    UNKNOWN,
    ActivationModule,
    BoundMethod,
    Choice,
    Function,
    GuardedEntry,
    InnerModel,
    Instance,
    InstanceAt,
    ModelPart,
    NamedEntries,
    NamedEntry,
    Native,
    NotFollowed,
    Partial,
    RepeatedEntries,
    Symbol,
    SymbolicTensor,
    Value,
)

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Choice as WrittenChoice
    from loracfg.base.catalogue.program_data import Operand as WrittenOperand


_NO_MODULES: Final = (
    str,
    int,
    float,
    list,
    tuple,
    dict,
    Symbol,
    SymbolicTensor,
    BoundMethod,
    Function,
    Native,
    Partial,
)


class NodeWriter:
    """Writes the nodes of one class into the table of its type."""

    def __init__(self, table: ProgramTable, simplifier: Simplifier, root: Instance) -> None:
        self.table, self.simplify = table, simplifier
        self.places = Occurrences(root)
        self.numbers: dict[int, int] = {}  # of shared instances, by serial number
        self.referenced: set[int] = set()

    def value(self, operand: Operand) -> WrittenOperand:
        """Return an operand of the table."""
        return self.table.operand(self.simplify.value(operand))

    def condition(self, operand: Operand) -> WrittenOperand:
        """Return an operand of the table for a condition; only its truth matters."""
        return self.table.operand(self.simplify.condition(operand))

    def choice(self, condition: Operand, yes: WrittenChoice, no: WrittenChoice) -> WrittenChoice:
        """Return a choice between two things by a condition."""
        known = self.condition(condition)
        if type(known) is list:
            return yes if known[0] else no
        yes, no = _side(yes, known, 2), _side(no, known, 3)
        return yes if yes == no else ["if", known, yes, no]

    def child(self, value: Value, loops: Loops = ()) -> WrittenChoice:
        """Return the child of a node: a node number, a choice, a loop or None.

        Raises:
            NotFollowed: it cannot be written.
        """
        if isinstance(value, Choice):
            return self.choice(
                value.condition, self.child(value.yes, loops), self.child(value.no, loops)
            )
        if value is None or value is MISSING or value is UNKNOWN or isinstance(value, _NO_MODULES):
            return None
        if isinstance(value, GuardedEntry):
            return self.choice(value.condition, self.child(value.value, loops), None)
        if isinstance(value, RepeatedEntries):
            inner = (*loops, loop_of(value))
            items = [self.child(item, inner) for item in value.items]
            return ["for", value.index, self.value(value.count), items]
        if isinstance(value, (InnerModel, ModelPart)):
            return self._other_model(value, loops, ("batch_norms", IDENTITY))
        if isinstance(value, Instance):
            return self.table.node(self._node(value, loops))
        raise NotFollowed(f"a child is {type(value).__name__}")

    def _other_model(
        self, model: InnerModel | ModelPart, loops: Loops, options: tuple[str, ...], **chosen: str
    ) -> WrittenChoice:
        """Return a different model or a part of it, with some modules replaced if requested."""
        if not options:
            return self.table.node({**self._node(model, loops), **chosen})
        first, *rest = options

        def with_option(value: Value) -> WrittenChoice:
            if isinstance(value, Choice):
                return self.choice(value.condition, with_option(value.yes), with_option(value.no))
            own = chosen if value is MISSING else {**chosen, first: value}
            return self._other_model(model, loops, tuple(rest), **own)

        return with_option(model.special.get(first, MISSING))

    def _node(self, instance: Instance, loops: Loops) -> dict[str, Any]:
        if instance.loops != loops[: len(instance.loops)]:
            raise NotFollowed("a layer is taken out of its loop")
        node = self._bare_node(instance, loops)
        if self.places.is_shared(instance) or instance.serial in self.referenced:
            node["shared"] = self.numbers.setdefault(instance.serial, len(self.numbers))
            if instance.loops:
                node["loops"] = [loop[1] for loop in instance.loops]
        return node

    def _bare_node(self, instance: Instance, loops: Loops) -> dict[str, Any]:
        if isinstance(instance, ActivationModule):
            return {"activation": self.value(instance.key)}
        if isinstance(instance, InnerModel):
            return {"model": instance.mapping, "config": self.value(instance.config)}
        if isinstance(instance, ModelPart):
            return self._part_of_model(instance)
        own_name = self._class_name(instance.class_name, instance.cls.__name__)
        node: dict[str, Any] = {"class": own_name}
        kind = kind_of(instance.cls)
        if kind is not Kind.OTHER:
            node["kind"] = str(kind)
        self._add_tensors(node, instance, loops)
        self._add_children(node, instance, loops)
        groups = instance.attributes.get("groups", 1)
        if kind in CONVOLUTIONS and groups != 1:
            node["groups"] = self.value(as_expression(groups))
        if instance.attributes.get("is_transposed") is True:
            node["transposed"] = True
        self._add_ties(node, instance)
        node = named_layer(node)
        padding = instance.attributes.get("given_padding")
        if node.get("layer") == "Embedding" and padding is not None:
            node["padding"] = self.value(as_expression(padding))
        return node

    def _part_of_model(self, part: ModelPart) -> dict[str, Any]:
        """Return a part of a model that is not in the tree itself."""
        if not self.places.is_only_part(part):
            raise NotFollowed("a part of another model is used as a module")
        _, mapping, config, name = attribute_of_model(part)
        return {"model": mapping, "config": self.value(config), "part": name}

    def _class_name(self, name: Value, usual: str) -> Any:
        if isinstance(name, Choice):
            yes, no = self._class_name(name.yes, usual), self._class_name(name.no, usual)
            return self.choice(name.condition, yes, no)
        if is_nothing(name):
            return usual
        if not isinstance(name, str):
            raise NotFollowed("the name of a class")
        return name

    def _add_tensors(self, node: dict[str, Any], instance: Instance, loops: Loops) -> None:
        for key, kind in (("parameters", "parameter"), ("buffers", "buffer")):
            found = self._entries(instance, kind, lambda value, _: self._shape(value), loops)
            if found:
                node[key] = found

    def _add_children(self, node: dict[str, Any], instance: Instance, loops: Loops) -> None:
        named: list[Any] = []
        if instance.children is not None:
            items = [self.child(one, loops) for one in instance.children]
            if instance.child_names is not None:
                names = map(self._name, instance.child_names)
                named = [list(pair) for pair in zip(names, items, strict=True)]
            elif items:
                node["items"] = items
        named += self._entries(instance, "module", self.child, loops)
        if named:
            node["children"] = named

    def _entries(
        self, instance: Instance, kind: str, write: Callable[[Value, Loops], Any], loops: Loops
    ) -> list[Any]:
        """Return what is registered as parameters, buffers or modules, by name."""
        found: list[Any] = []
        for name, registered in instance.registered.items():
            if isinstance(name, NamedEntries):
                for entry in name.entries:
                    found += self._computed(entry, kind, write, loops)
                continue
            name = name.name if isinstance(name, LaterPlace) else name
            written = (
                write(instance.attributes.get(name), loops) if kind in kinds(registered) else None
            )
            if written is not None:
                is_kind = _is_kind(registered, kind)
                found.append([self._name(name), self.choice(is_kind, written, None)])
        return found

    def _computed(
        self,
        entry: Value,
        kind: str,
        write: Callable[[Value, Loops], Any],
        loops: Loops,
        condition: Operand = True,
    ) -> list[Any]:
        """Return entries with computed names, including those of loops and conditions."""
        if isinstance(entry, RepeatedEntries):
            inner = (*loops, loop_of(entry))
            found = [x for item in entry.items for x in self._computed(item, kind, write, inner)]
            count = self.value(choose(condition, entry.count, 0))
            return [["for", entry.index, count, found]] if found else []
        if isinstance(entry, GuardedEntry):
            both = conjunction(condition, entry.condition)
            return self._computed(entry.value, kind, write, loops, both)
        if not isinstance(entry, NamedEntry):
            raise NotFollowed(f"a named entry is {type(entry).__name__}")
        written = write(entry.value, loops) if entry.kind == kind else None
        if written is None:
            return []
        return [[self.value(entry.name), self.choice(condition, written, None)]]

    def _name(self, name: Value) -> Any:
        if type(name) is str:
            return name
        return self.value(as_expression(name))

    def _shape(self, value: Value) -> WrittenChoice:
        if isinstance(value, Choice):
            return self.choice(value.condition, self._shape(value.yes), self._shape(value.no))
        if is_nothing(value) or isinstance(value, (Instance, Symbol, *PLAIN_TYPES)):
            return None  # in this case a plain attribute, not registered
        if value is UNKNOWN or (isinstance(value, SymbolicTensor) and value.shape is None):
            return "unknown"
        if isinstance(value, SymbolicTensor):
            return [self.value(as_expression(size)) for size in value.shape or ()]
        raise NotFollowed(f"a parameter is {type(value).__name__}")

    def _add_ties(self, node: dict[str, Any], instance: Instance) -> None:
        """Record the keys by which transformers 5 ties a model's weights.

        PEFT asks a model with these keys for its input embedding, even if they are empty.
        """
        if not hasattr(instance.cls, "get_expanded_tied_weights_keys"):
            return
        usual = getattr(instance.cls, "_tied_weights_keys", None)
        keys = instance.attributes.get("_tied_weights_keys", usual)
        if not keys and not isinstance(keys, dict):
            return
        if not is_expressible(keys):
            raise NotFollowed("the keys of tied weights")
        node["ties"] = self.value(as_expression(keys))
        node["config"] = self.value(as_expression(instance.attributes["config"]))

    def reference(self, value: Value, under: frozenset[Operand] = frozenset()) -> WrittenChoice:
        """Return the place of an embedding; see `loracfg.base.catalogue.trees.builder`."""
        if isinstance(value, Choice):
            yes = self.reference(value.yes, under | {value.condition})
            no = self.reference(value.no, under | {negate(value.condition)})
            return self.choice(value.condition, yes, no)
        if isinstance(value, ModelPart):
            return self._of_model(attribute_of_model(value), under)
        if isinstance(value, InstanceAt):
            return self._reference_at(value)
        if isinstance(value, Instance):
            return self._reference_to(value, under)
        if isinstance(value, Symbol):
            return self._of_model(value.expression, under)
        is_no_module = is_nothing(value) or isinstance(value, (SymbolicTensor, tuple, list))
        return None if is_no_module else ["unknown"]

    def _of_model(self, value: Expression, under: frozenset[Operand]) -> WrittenChoice:
        """Return the place of an embedding that is a part of a different model."""
        if value.op == "if":
            condition, yes, no = value.operands
            sides = (under | {condition}, under | {negate(condition)})
            return self.choice(
                condition, *(self._side(*one) for one in zip((yes, no), sides, strict=True))
            )
        if value.op != "model":
            return ["unknown"]
        _, mapping, config, name = value
        if not isinstance(config, Expression):
            return ["unknown"]
        path = self.places.model(str(mapping), config, under)
        *owners, _ = str(name).split(".")
        if path is None or any(one.startswith("get_") for one in owners):
            return ["unknown"]
        return ["model", path, str(mapping), self.value(config), str(name)]

    def _side(self, operand: Operand, under: frozenset[Operand]) -> Any:
        if operand is None:
            return None
        return self._of_model(operand, under) if isinstance(operand, Expression) else ["unknown"]

    def _reference_at(self, value: InstanceAt) -> WrittenChoice:
        """Return the place of an instance that a loop creates, in one iteration."""
        instance, turn = value.instance, value.at
        indices = [loop[1] for loop in instance.loops]
        if indices != [value.index] or type(turn) is not int or turn < 0:
            return ["unknown"]
        self.referenced.add(instance.serial)
        return ["shared", self.numbers.setdefault(instance.serial, len(self.numbers)), turn]

    def _reference_to(self, instance: Instance, under: frozenset[Operand]) -> WrittenChoice:
        if instance.serial not in self.places.count:
            return None
        path = self.places.path(instance, under)
        if path is not None:
            return path
        if instance.loops:
            return ["unknown"]
        self.referenced.add(instance.serial)
        return ["shared", self.numbers.setdefault(instance.serial, len(self.numbers))]


def _side(choice: Any, condition: Any, side: int) -> Any:
    """Return a choice under known conditions: item 2 if its condition holds, item 3 if not."""
    while type(choice) is list and choice[:2] == ["if", condition]:
        choice = choice[side]
    return choice


def kinds(registered: Value) -> set[str]:
    """Return the kinds of things that a name may be registered as."""
    if isinstance(registered, Choice):
        return kinds(registered.yes) | kinds(registered.no)
    if registered is MISSING:
        return set()
    if not isinstance(registered, str):
        raise NotFollowed("what a name is registered as")
    return {registered}


def _is_kind(registered: Value, kind: str) -> Operand:
    """Return the condition under which a name is registered as a kind of thing."""
    if isinstance(registered, Choice):
        yes, no = _is_kind(registered.yes, kind), _is_kind(registered.no, kind)
        return choose(registered.condition, yes, no)
    return bool(registered == kind)
