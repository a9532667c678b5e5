"""Interprets the constructor of a config class, before and after its call of the base's."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import Any, Final

from loracfg.base.derivation.configs.attributes import later
from loracfg.base.derivation.configs.keywords import GONE, OpenKeywords
from loracfg.base.derivation.configs.made_configs import CreationRules
from loracfg.base.derivation.configs.reflection import SHARED, encode_value, has_own_constructor
from loracfg.base.derivation.interpreter.conversion import is_plain
from loracfg.base.derivation.interpreter.expressions import (
    CONFIG,
    Expression,
    Operand,
    expression,
)
from loracfg.base.derivation.interpreter.syntax import node_of
from loracfg.base.derivation.interpreter.values import (
    BoundMethod,
    Frame,
    LibraryRaises,
    Native,
    NotFollowed,
    Symbol,
    Value,
)

_ENTRIES: Final = ("__post_init__", "__init__")
_FIRST: Final = ("standardize_rope_params", "validate_rope")
_OF_TRANSFORMERS_4: Final = (
    "rope_config_validation",
    "layer_type_validation",
    "get_aligned_output_features_output_indices",
)
"""Functions that transformers 5 does not have, or has in a different form."""
_OF_ROPE: Final = frozenset(
    (
        *("rope_parameters", "rope_theta", "partial_rotary_factor", "layer_types"),
        *("max_position_embeddings", "original_max_position_embeddings", "head_dim"),
    )
)
"""Attributes that rotary positions depend on."""


@dataclass
class Prologue:
    """What a constructor does before it calls the base.

    Attributes:
        attributes: The attributes that it sets.
        inside: The attributes of parts that it sets.
        keywords: The keys that it changes.
        given: More keys that it passes to the base.
        checks: The number of checks so far.
    """

    attributes: dict[str, Value]
    inside: dict[Expression, dict[str, Value]]
    keywords: dict[str, Value]
    given: dict[str, Value]
    checks: int


class Construction(CreationRules):
    """Interprets `__post_init__` of a class, as configs of transformers 5 have it.

    Attributes:
        before: What it does before it calls the base.
        shared: Attributes whose values it changes in place under a different name; it must also set
            them.
        first: Methods of the base that it calls before it changes anything.
        then: Checks of the base that it calls before the base's constructor.
        only: The keys that the base gets, if not all.
        is_closed: Whether the class takes no other keys.
    """

    def __init__(self, package: str, cls: type, base: type) -> None:
        super().__init__(package, cls, base)
        self.before: Prologue | None = None
        self.shared: set[str] = set()
        self.first: list[str] = []
        self.then: list[str] = []
        self.only: list[str] | None = None
        self.is_closed = False
        self._frames: list[Frame] = []

    def act(self, name: str) -> None:
        """Record a call of a base method before the base's constructor.

        The evaluator runs it before all changes, so nothing that it depends on may have changed. A
        check of layers runs after them.
        """
        changed = self.overlay.get(CONFIG, {})
        if self.before is not None or self.branch_depth:
            raise NotFollowed(name)
        if name == "validate_layer_type":
            self.then.append(name)
        elif name in _FIRST and not changed.keys() & _OF_ROPE and not self._has_read_rope():
            self.first.append(name)
        else:
            raise NotFollowed(name)

    def note_change(self, key: str) -> None:
        """Record an in-place change of a key's value, which the base may have set."""
        if self.before is not None and self.before.keywords.get(key) is not GONE:
            self.shared.add(key)

    def _has_read_rope(self) -> bool:
        read = expression(".", CONFIG, "rope_parameters")
        return any(_reads(needed, read) for _, needed in self.checks)

    def run_entry(self, method: BoundMethod) -> None:
        """Run a constructor with the given keys."""
        arguments = node_of(method.function).args
        variables: dict[str, Value] = {arguments.args[0].arg: method.self_value}
        if arguments.kwarg:
            variables[arguments.kwarg.arg] = self.keywords
        else:
            self.is_closed = True
        names = [one.arg for one in arguments.args[1:]]
        defaults = method.function.__defaults__ or ()
        given = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
        for name in names:
            default = [copy.deepcopy(given[name])] if name in given else []
            variables[name] = self.take(name, *default)
        self._run_body(method, variables)

    def _run_body(self, method: BoundMethod, variables: dict[str, Value]) -> None:
        function = method.function
        frame = Frame(variables, function.__globals__, None, method.owner, method.self_value)
        self._frames.append(frame)
        self.run_block(node_of(function).body, frame)  # type: ignore[arg-type]

    def _import(self, statement: ast.Import | ast.ImportFrom, frame: Frame) -> None:
        try:
            super()._import(statement, frame)
        except Exception as error:
            raise NotFollowed(f"a module that cannot be imported: {error}") from error

    def _delete(self, target: ast.expr, frame: Frame) -> None:
        if isinstance(target, ast.Subscript):
            owner = self.evaluate(target.value, frame)
            key: Any = self.evaluate(target.slice, frame)
            if isinstance(owner, OpenKeywords):
                self.take(key)
                return
        super()._delete(target, frame)

    def call_base(self, **keywords: Value) -> None:
        """Record the call of the base, after which the config is a different one."""
        if self.only is None:
            self.require_new(keywords)
        if self.before is not None or self.branch_depth:
            raise NotFollowed("the base is called in a branch")
        attributes = self.overlay.pop(CONFIG, {})
        config = Symbol(later())
        for frame in self._frames:
            frame.self_value = config
            for name, value in frame.variables.items():
                if isinstance(value, Symbol) and value.expression is CONFIG:
                    frame.variables[name] = config
        inside = {owner: dict(changed) for owner, changed in self.overlay.items()}
        self.overlay.clear()
        values = dict(self.keywords.values)
        self.before = Prologue(attributes, inside, values, keywords, len(self.checks))
        self.path.cut(0)
        self._required.clear()

    def get_base_attribute(self, name: str) -> Value:
        """Return a method of the base class."""
        if name == "__post_init__":
            return Native(self._call_without_keys, name)
        return super().get_base_attribute(name)

    def _call_without_keys(self, **keywords: Value) -> None:
        """Record a call of the base that does not pass on the given keys."""
        self.only = ["", *sorted(keywords)]
        self.call_base(**keywords)

    def evaluate_call(self, node: ast.Call, frame: Frame) -> Value:
        """Return the result of a call; a base's constructor may get the keys."""
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in _ENTRIES:
            return super().evaluate_call(node, frame)
        is_direct = ast.unparse(node.func) == "PreTrainedConfig.__post_init__"
        function = None if is_direct else self.evaluate(node.func, frame)
        is_shared = is_direct or (isinstance(function, Native) and function.name == "__post_init__")
        is_own = isinstance(function, BoundMethod) and function.function.__name__ == "__post_init__"
        starred = [one.value for one in node.keywords if one.arg is None]
        is_name = len(starred) == 1 and isinstance(starred[0], ast.Name)
        is_open = is_name and isinstance(self.evaluate(starred[0], frame), OpenKeywords)
        if is_shared and not is_open:
            self._call_without_keys(**self.evaluate_arguments(node, frame)[1])
            return None
        if is_own != is_open and not is_shared:
            raise NotFollowed("a base without keywords" if is_own else "** of kwargs")
        if not is_open:
            return super().evaluate_call(node, frame)
        given = {one.arg: self.evaluate(one.value, frame) for one in node.keywords if one.arg}
        if is_shared:
            self.call_base(**given)
            return None
        assert isinstance(function, BoundMethod)
        self.require_new(given)
        for key, value in given.items():
            self.put(self.keywords.values, key, value)
        self.run_entry(function)
        return None


class Initialisation(Construction):
    """Interprets `__init__` of a class, as configs of transformers 4 have it, and some of 5.

    Attributes:
        arguments: The defaults of keys, as JSON.
        late: The arguments of a final check of rotary positions.
        made_as: The base whose constructor it calls at the end.
    """

    def __init__(self, package: str, cls: type, base: type) -> None:
        super().__init__(package, cls, base)
        self.arguments: dict[str, Any] = {}
        self.late: list[list[str]] | None = None
        self.made_as = ""
        self._has_fields = hasattr(cls, "__dataclass_fields__")

    def run_entry(self, method: BoundMethod) -> None:
        """Run a constructor with the given keys."""
        node, function = node_of(method.function).args, method.function
        variables: dict[str, Value] = {node.args[0].arg: method.self_value}
        if node.kwarg:
            variables[node.kwarg.arg] = self.keywords
        else:
            self.is_closed = True
        names = [one.arg for one in node.args[1:]]
        defaults = function.__defaults__ or ()
        values = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
        values |= function.__kwdefaults__ or {}
        if not all(map(is_plain, values.values())):
            raise NotFollowed("a default that is no plain value")
        for name in [*names, *(one.arg for one in node.kwonlyargs)]:
            is_new = name not in self.keywords.values and not self.branch_depth
            if name in values and is_new:  # a key with a default that is data
                self.arguments[name] = encode_value(values[name])
                variables[name] = Symbol(expression("arg", name))
                self.keywords.values[name] = GONE
            else:
                default = [copy.deepcopy(values[name])] if name in values else []
                variables[name] = self.take(name, *default)
        self._run_body(method, variables)

    def evaluate_call(self, node: ast.Call, frame: Frame) -> Value:
        """Return the result of a call."""
        text = ast.unparse(node.func)
        if text == "super().__init__" or self._is_of_super(node.func, frame):
            self._call_base_of(node, frame)
            return None
        if text.endswith("Config.__init__") or (self._has_fields and text in _OF_TRANSFORMERS_4):
            raise NotFollowed(text)
        if text == "rope_config_validation":
            if self.branch_depth:
                raise NotFollowed("a check in a branch")
            values: list[Any] = [self.evaluate(one.value, frame) for one in node.keywords]
            found = [sorted(one) for one in values]
            self.late = found or [[]]
            return None
        if text == "get_aligned_output_features_output_indices":
            given = {one.arg: self.evaluate(one.value, frame) for one in node.keywords}
            keys = ("stage_names", "out_features", "out_indices")
            made = expression("stages", *(self.operand(given[key]) for key in keys))
            self.evaluable(made)
            return tuple(Symbol(expression("[]", made, place)) for place in range(2))
        if text == "layer_type_validation":
            values = [*node.args, *(one.value for one in node.keywords)]
            operands = [self.operand(self.evaluate(one, frame)) for one in values]
            self.evaluable(expression("layertypes", *operands))
            return None
        return super().evaluate_call(node, frame)

    def _is_of_super(self, node: ast.expr, frame: Frame) -> bool:
        """Return whether an expression is `super(Own, self).__init__` in the class `Own`."""
        match node:
            case ast.Attribute(
                value=ast.Call(func=ast.Name("super"), args=[ast.Name(own), ast.Name(owner)]),
                attr="__init__",
            ):
                of = self.evaluate(ast.Name(own), frame)
                return of is frame.owner and frame.variables.get(owner) is frame.self_value
        return False

    def _call_base_of(self, node: ast.Call, frame: Frame) -> None:
        starred = [self.evaluate(one.value, frame) for one in node.keywords if one.arg is None]
        given = {one.arg: self.evaluate(one.value, frame) for one in node.keywords if one.arg}
        is_usual = not starred or (len(starred) == 1 and starred[0] is self.keywords)
        if node.args or not is_usual:
            raise NotFollowed("the base is called with other things")
        found = self.find(self.cls, "__init__", frame.owner)
        if found is None:
            raise LibraryRaises("AttributeError", "__init__")
        function, cls = found
        if cls.__name__ in SHARED or (self._has_fields and not has_own_constructor(cls)):
            self.made_as = cls.__name__
            (self.call_base if starred else self._call_without_keys)(**given)
            return
        if not starred:
            raise NotFollowed("a base without keywords")
        self.require_new(given)
        for key, value in given.items():
            self.put(self.keywords.values, key, value)
        self.run_entry(BoundMethod(frame.self_value, function, cls))


def _reads(operand: Operand, wanted: Expression) -> bool:
    if operand is wanted:
        return True
    return isinstance(operand, Expression) and any(_reads(one, wanted) for one in operand[1:])


class Method(CreationRules):
    """Interprets validators and properties; calls of the shared base's checks are only recorded.

    Attributes:
        checked: The validators of the base that are called.
    """

    def __init__(self, package: str, cls: type, base: type) -> None:
        super().__init__(package, cls, base)
        self.checked: list[str] = []

    def get_base_attribute(self, name: str) -> Value:
        """Return a method of the base class."""
        if name.startswith("validate_"):
            return Native(lambda: self._note(name), name)
        return super().get_base_attribute(name)

    def _note(self, name: str) -> None:
        if self.branch_depth:
            raise NotFollowed("the base checks in a branch")
        self.checked.append(name)
