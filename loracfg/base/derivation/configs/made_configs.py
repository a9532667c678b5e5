"""Interprets the creation of configs: of parts, other types and backbones."""

from __future__ import annotations

import ast
import types
from typing import Any, Final

from loracfg.base.derivation.configs.attributes import ClassParts, is_root
from loracfg.base.derivation.configs.changes import ChangeRules
from loracfg.base.derivation.configs.keywords import GONE, OpenKeywords
from loracfg.base.derivation.configs.reflection import SHARED
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import Expression, expression
from loracfg.base.derivation.interpreter.stand_ins import auto
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    BoundMethod,
    Choice,
    Frame,
    Native,
    NotFollowed,
    Symbol,
    Value,
)

_BY_TYPE: Final = "AutoConfig.for_model"
_PART: Final = ".create_subconfig"
_BACKBONE: Final = "consolidate_backbone_kwargs_to_config"
_BACKBONE_KEYS: Final = (
    "use_timm_backbone",
    "backbone_kwargs",
    "backbone",
    "use_pretrained_backbone",
)
_DEFAULTS: Final = (
    "default_backbone",
    "default_config_type",
    "default_config_kwargs",
    "timm_default_kwargs",
)
_METHODS_OF_PARTS: Final = frozenset(
    name for cls in (str, dict, list, set, int, float) for name in dir(cls)
) | {"get_text_config"}


class ClassOfType:
    """The config class of an unknown model type."""

    __slots__ = ("model_type",)

    def __init__(self, model_type: Value) -> None:
        self.model_type = model_type


class CreationRules(ChangeRules):
    """Interprets calls that create configs."""

    def evaluate_call(self, node: ast.Call, frame: Frame) -> Value:
        """Return the result of a call."""
        text = ast.unparse(node.func)
        if text == "inspect.signature":
            return self._signature(node, frame)
        is_change, found = self.changed_in_place(node, frame)
        if is_change:
            return found
        starred = [one.value for one in node.keywords if one.arg is None]
        if starred and (text == _BACKBONE or text.endswith(_PART)):
            return self._backbone(node, text, starred, frame)
        if text == _BY_TYPE and not node.args and [one.arg for one in node.keywords] == [None]:
            return self._by_own_type(self.evaluate(starred[0], frame))
        name, model_type = self._class_that_is_made(node, text, frame)
        if name is not None or model_type is not None:
            return self._made(node, name, model_type, frame)
        if starred and isinstance(node.func, ast.Name) and node.func.id in frame.variables:
            held = self.evaluate(node.func, frame)
            return self.lift(held, lambda one: self._made_by(one, node, frame))
        if isinstance(node.func, ast.Attribute) and node.func.attr not in _METHODS_OF_PARTS:
            owner = self.evaluate(node.func.value, frame)
            if isinstance(owner, Symbol) and not is_root(owner.expression):
                return self._call_of_part(node, owner, node.func.attr, frame)
        return super().evaluate_call(node, frame)

    def _call_of_part(self, node: ast.Call, part: Symbol, name: str, frame: Frame) -> Value:
        if name == "to_dict" and not node.args and not node.keywords:
            return self.as_dict(part)
        found = self._method_of_part(part.expression, name)
        if found is None:
            raise NotFollowed(f"{name}() of a part")
        arguments, keywords = self.evaluate_arguments(node, frame)
        return self.call(BoundMethod(part, *found), arguments, keywords)

    def get_item(self, owner: Value, key: Value) -> Value:
        """Return an item."""
        if isinstance(owner, auto.ConfigMapping):
            return ClassOfType(key)
        return super().get_item(owner, key)

    def get_attribute(self, owner: Value, name: object) -> Value:
        """Return an attribute."""
        if isinstance(owner, ClassOfType):
            if name != "from_dict":
                raise NotFollowed(f"{name} of a config class")
            return Native(lambda values: self._read_dict(owner, values), name)
        return super().get_attribute(owner, name)

    def compare(self, sign: str, left: Value, right: Value) -> Value:
        """Return the result of a comparison."""
        if isinstance(right, auto.ConfigMapping) and sign in ("in", "notin"):
            is_known = expression("knowntype", as_expression(left))
            return Symbol(is_known if sign == "in" else expression("not", is_known))
        return super().compare(sign, left, right)

    def call(self, function: Value, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Call a function, a class or a module."""
        if isinstance(function, ClassOfType):
            if arguments or not is_expressible(keywords):
                raise NotFollowed("a config of this and that")
            pairs = [part for key in keywords for part in (key, as_expression(keywords[key]))]
            model_type = as_expression(function.model_type)
            return self.evaluable(expression("make", None, model_type, None, *pairs))
        return super().call(function, arguments, keywords)

    def _read_dict(self, cls: ClassOfType, values: Value) -> Value:
        model_type = as_expression(cls.model_type)
        return self.evaluable(expression("fromdict", model_type, as_expression(values)))

    def _method_of_part(self, part: Expression, name: str) -> tuple[Any, type] | None:
        """Return a method of a part whose class is fixed, and the class that defines it."""
        if part[0] != "." or not is_root(part[1]):
            return None
        own: Any = self.cls
        specification = (getattr(own, "sub_configs_defaults", None) or {}).get(part[2])
        cls = getattr(specification, "config_class", None)
        if not isinstance(cls, type) or not issubclass(cls, self.base):
            return None
        found = self.find(cls, name)
        if found is None or found[1].__name__ in SHARED:
            return None
        return found if isinstance(found[0], types.FunctionType) else None

    def _signature(self, node: ast.Call, frame: Frame) -> Value:
        """Return the parameters of a config class's constructor: its fields."""
        at = node.args[0]
        if not isinstance(at, ast.Attribute) or at.attr != "__init__":
            raise NotFollowed("a signature")
        cls: Any = self.evaluate(at.value, frame)
        return types.SimpleNamespace(parameters={"self": None, **cls.__dataclass_fields__})

    def _class_that_is_made(
        self, node: ast.Call, text: str, frame: Frame
    ) -> tuple[str | None, Value]:
        """Return the class or model type of the config that a call creates."""
        function, made = node.func, None
        if isinstance(function, ast.Subscript):
            if ast.unparse(function.value) == "CONFIG_MAPPING":
                return None, self.evaluate(function.slice, frame)
            owner = self.evaluate(function.value, frame)
            if isinstance(owner, ClassParts):
                made = owner.specifications[self.evaluate(function.slice, frame)]
        elif text == _BY_TYPE and node.args:
            return None, self.evaluate(node.args[0], frame)
        elif isinstance(function, ast.Name) and function.id.endswith("Config"):
            try:
                made = self.evaluate(function, frame)
            except NotFollowed:
                made = None
        if isinstance(made, type) and issubclass(made, self.base):
            return made.__name__, None
        return None, None

    def _by_own_type(self, values: Value) -> Value:
        """Create a config from a dict that names its type."""
        operand = self.operand(values)
        model_type = self.evaluable(expression("[]", operand, "model_type"))
        rest = expression("without", operand, "model_type")
        return self.evaluable(expression("make", None, as_expression(model_type), rest))

    def _made_by(self, cls: Value, node: ast.Call, frame: Frame) -> Value:
        """Create a config of a class in a variable."""
        if isinstance(cls, ClassOfType):
            return self._made(node, None, cls.model_type, frame)
        if isinstance(cls, type) and issubclass(cls, self.base):
            return self._made(node, cls.__name__, None, frame)
        raise NotFollowed("** of a symbol")

    def _made(self, node: ast.Call, name: str | None, model_type: Value, frame: Frame) -> Value:
        rest, keywords = [], []
        for one in node.keywords:
            value = self.evaluate(one.value, frame)
            if one.arg is None:
                rest.append(self.rest() if isinstance(value, OpenKeywords) else value)
            else:
                keywords += [one.arg, as_expression(value)]
        is_by_type = ast.unparse(node.func) == _BY_TYPE
        if len(rest) > 1 or not all(map(is_expressible, rest)) or len(node.args) > is_by_type:
            raise NotFollowed("a config of this and that")
        base = as_expression(rest[0]) if rest else None
        made = expression("make", name, as_expression(model_type), base, *keywords)
        return self.evaluable(made)

    def _backbone(self, node: ast.Call, text: str, starred: list[ast.expr], frame: Frame) -> Value:
        """Return a backbone's config from current and older keys, and the remaining keys."""
        given: dict[str, Any] = {
            one.arg: self.evaluate(one.value, frame) for one in node.keywords if one.arg
        }
        rest = [self.evaluate(one, frame) for one in starred]
        arguments = [self.evaluate(one, frame) for one in node.args]
        if text.endswith(_PART):
            assert isinstance(node.func, ast.Attribute)
            part: Any = self.evaluate(node.func.value, frame)
            if len(arguments) != 2 or given or arguments[0] != "backbone_config":
                raise NotFollowed("a part that is made by hand")
            given = {
                "backbone_config": arguments[1],
                "default_config_type": part.model_type,
                "default_config_kwargs": part.init_kwargs,
            }
            arguments = []
        plain = {key: value for key, value in given.items() if key != "backbone_config"}
        is_usual = len(rest) == 1 and rest[0] is self.keywords and not arguments
        if not is_usual or not is_plain(plain):
            raise NotFollowed("a backbone that is made by hand")
        values = self.keywords.values
        if any(key in values for key in _BACKBONE_KEYS):
            raise NotFollowed("a backbone after its keywords")
        operands = [as_expression(given.get(key)) for key in _DEFAULTS]
        made = expression("backbone", self.operand(given.get("backbone_config")), *operands)
        for key in _BACKBONE_KEYS:
            self.put(values, key, GONE)
        is_null = expression("is", expression("kw", "backbone"), None)
        stays = expression("and", expression("kwhas", "backbone"), is_null)
        self.put(values, "backbone", Choice(stays, MISSING, GONE))
        return (self.evaluable(made), self.keywords)
