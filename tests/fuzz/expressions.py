"""Draws expressions of facts: all operations, with operands of all kinds and hostile names."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.evaluation import Evaluation
from loracfg.base.catalogue.evaluation.operations import TYPES
from loracfg.base.catalogue.evaluation.python import FUNCTIONS, METHODS
from loracfg.base.catalogue.printing.notation import BINARY, NAMES, UNARY

OF_CONFIGS: Final = (
    *(
        "width",
        "depth",
        "text_config",
        "model_type",
        "get_text_config",
        "to_dict",
        "per_layer_config",
    ),
    *("to_dict_of_base", "verify_out_features_out_indices", "frequencies", "check_generation"),
    *("id2label", "num_labels", "rope_parameters", "layer_types", "num_hidden_layers", "head_dim"),
    *("attribute_map", "sub_configs", "name_or_path", "dtype", "is_heterogeneous", "read", "set"),
    *("_facts", "_budget", "_config", "_name_or_path", "_heterogeneity_spec", "config_class"),
    *("attributes", "library", "budget", "lineage", "members", "constants", "own_keys", "layers"),
)
"""Attributes of configs, of the library's and of ours."""
_OF_FUNCTIONS: Final = dir(Evaluation.value)
HOSTILE: Final = sorted(
    {
        *OF_CONFIGS,
        *dir(object),
        *dir(type),
        *_OF_FUNCTIONS,
        *dir(Budget),
        *(name for name in vars(Evaluation) if name.isidentifier()),
        *(
            "__dict__",
            "__mro__",
            "__globals__",
            "__builtins__",
            "__func__",
            "__self__",
            "__wrapped__",
        ),
        *("mro", "format", "get", "keys", "items", "values", "pop", "update", "count", "append"),
        *("__getitem__", "__len__", "__iter__", "__bool__", "__add__", "__contains__", "__del__"),
        *(
            "__call__",
            "__deepcopy__",
            "__copy__",
            "__getattr__",
            "__enter__",
            "__index__",
            "__int__",
        ),
        *("__set_name__", "__slots__", "__post_init__", "__float__", "$", "gone", "keep", "i", "j"),
    }
)
"""Names that mean something to Python, to our own code, or to the reader of facts."""
_BUILTINS: Final = tuple(name for name in dir(builtins) if name.isidentifier())
_AUTO: Final = ("AutoModel", "AutoModelForCausalLM", "AutoBackbone", "Auto")
CLASSES: Final = (
    "NovelConfig",
    "PreTrainedConfig",
    "BackboneConfigMixin",
    "object",
    "type",
    "dict",
)
_TYPES: Final = (*TYPES, *CLASSES, "Config", "Core", "function", "module", "str")
_SIGNS: Final = tuple(sign for sign, _ in BINARY.values())
NUMBERS: Final = (
    "0",
    "1",
    "-1",
    "2",
    "3",
    "8",
    "2.5",
    "1e308",
    "999999",
    str(1 << 64),
    "inf",
    "nan",
)
TEXTS: Final = (
    "",
    "a",
    "a.b",
    "%s%n",
    "{0.__class__}",
    "{}",
    "up",
    "novel",
    "llama",
    "../x",
    "\0",
)


class Expressions:
    """Draws expressions with a source of randomness."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def name(self) -> str:
        """Return a name."""
        rng = self.rng
        return rng.choice(
            (rng.choice(HOSTILE), rng.choice(OF_CONFIGS), rng.choice(("width", "depth", "other")))
            if rng.random() < 0.95
            else (rng.choice(_BUILTINS), f"{rng.choice(HOSTILE)}.{rng.choice(HOSTILE)}")
        )

    def value(self) -> str:
        """Return a constant."""
        rng = self.rng
        return rng.choice(
            (
                rng.choice(("None", "True", "False", "[]", "{}", "()", "{,}")),
                rng.choice(NUMBERS[:10]),
                self._text(),
                f"[{rng.choice(NUMBERS[:8])}, {self._text()}]",
                f"{{{self._text()}: {rng.choice(NUMBERS[:8])}}}",
            )
        )

    def expression(self, depth: int) -> str:
        """Return an expression of at most a depth."""
        form = self.rng.choice(_LEAVES if depth <= 0 else _FORMS)
        return form(self, depth - 1)

    # leaves

    def _literal(self, _: int) -> str:
        return self.value()

    def _number(self, _: int) -> str:
        return self.rng.choice(NUMBERS[:7])

    def _root(self, _: int) -> str:
        return self.rng.choice(("config", "config", "width", "depth", "config.width"))

    def _plain(self, _: int) -> str:
        name = self.name()
        return f"config.{self.quoted(name)}"

    def _key(self, _: int) -> str:
        return f"{self.rng.choice(('given', 'argument'))}.{self.quoted(self.name())}"

    # attributes and items

    def attribute(self, depth: int) -> str:
        """Return an attribute of something."""
        return f"{self._owner(depth)}.{self.quoted(self.name())}"

    def _computed_attribute(self, depth: int) -> str:
        name = self.name()
        cut = self.rng.randrange(len(name) + 1)
        parts = f"{json.dumps(name[:cut])}, {json.dumps(name[cut:])}"
        shown = f"concat({parts})" if self.rng.random() < 0.7 else self.expression(depth)
        return f"getattr({self.expression(depth)}, {shown})"

    def _has(self, depth: int) -> str:
        if self.rng.random() < 0.5:
            return f"has({self.attribute(depth)})"
        return f"has({self.expression(depth)}, {self.expression(depth)})"

    def _item(self, depth: int) -> str:
        return f"{self._owner(depth)}[{self.expression(depth)}]"

    def _slice(self, depth: int) -> str:
        bounds = [self.rng.choice(("", *NUMBERS[:6])) for _ in range(self.rng.choice((2, 3)))]
        return f"{self._owner(depth)}[{':'.join(bounds)}]"

    def _owner(self, depth: int) -> str:
        return "config" if self.rng.random() < 0.4 else f"({self.expression(depth)})"

    # operators

    def _binary(self, depth: int) -> str:
        sign = self.rng.choice(_SIGNS)
        return f"(({self.expression(depth)}) {sign} ({self.expression(depth)}))"

    def _unary(self, depth: int) -> str:
        sign = self.rng.choice(("not ", *UNARY.values()))
        return f"({sign}({self.expression(depth)}))"

    def _choice(self, depth: int) -> str:
        yes, condition, no = (self.expression(depth) for _ in range(3))
        return f"(({yes}) if ({condition}) else ({no}))"

    # collections and loops

    def _collection(self, depth: int) -> str:
        items = [self.expression(depth) for _ in range(self.rng.choice((1, 1, 2, 3)))]
        start, end = self.rng.choice(("[]", "()", "{}"))
        return (
            f"{start}{', '.join(items)},{end}"
            if start == "("
            else f"{start}{', '.join(items)}{end}"
        )

    def _dict(self, depth: int) -> str:
        keys = (json.dumps(self.name()) for _ in range(self.rng.choice((1, 1, 2))))
        return f"{{{', '.join(f'{key}: {self.expression(depth)}' for key in keys)}}}"

    def _loop(self, depth: int) -> str:
        count = self.rng.choice(("2", "3", "depth", f"({self.expression(depth)})"))
        condition = f" if {self._binary(depth)}" if self.rng.random() < 0.3 else ""
        if self.rng.random() < 0.3:
            return f"[each(i < {count}: {self.expression(depth)}, i{condition})]"
        return f"[({self.expression(depth)}){condition} for i < {count}]"

    def _scan(self, depth: int) -> str:
        start, body = self.expression(depth), self.expression(depth)
        body = self.rng.choice((body, f"(carried(j) + ({body}))"))
        return f"scan(j: {start}, {body}, {self.rng.choice(('1', '3', 'depth'))})"

    # calls

    def _function(self, depth: int) -> str:
        name = self.rng.choice((*FUNCTIONS, *_BUILTINS)) if self.rng.random() < 0.2 else None
        name = name or self.rng.choice(sorted(FUNCTIONS))
        return f'call("{name}"{"".join(f", {one}" for one in self._operands(depth))})'

    def _operation(self, depth: int) -> str:
        name = self.rng.choice(sorted(NAMES.values()))
        return f"{name}({', '.join(self._operands(depth))})"

    def _method(self, depth: int) -> str:
        name = self.rng.choice(sorted(METHODS)) if self.rng.random() < 0.6 else self.name()
        operands = self._operands(depth)
        if self.rng.random() < 0.5 and name.isidentifier() and name.isascii():
            return f"{self._owner(depth)}.{name}({', '.join(operands)})"
        more = "".join(f", {one}" for one in operands)
        return f"method({self.expression(depth)}, {json.dumps(name)}{more})"

    def _is_a(self, depth: int) -> str:
        names = {self.rng.choice(_TYPES) for _ in range(2)}
        return (
            f"is_a({self.expression(depth)}, {', '.join(json.dumps(one) for one in sorted(names))})"
        )

    def _operands(self, depth: int) -> list[str]:
        return [self.expression(depth) for _ in range(self.rng.choice((0, 1, 1, 1, 2, 2, 3, 4)))]

    # configs

    def _text_config(self, depth: int) -> str:
        names = ("decoder", "encoder", self.name())
        return f"text_config({self._config(depth)}{self._named(depth, names)})"

    def _changed(self, depth: int) -> str:
        return f"changed({self._config(depth)}{self._named(depth, (self.name(), self.name()))})"

    def _new(self, depth: int) -> str:
        named = self._named(depth, (self.name(), "depth"))
        return f"new({self.quoted(self.rng.choice(CLASSES))}{named})"

    def _make(self, depth: int) -> str:
        name = self.rng.choice(("None", json.dumps(self.rng.choice(CLASSES))))
        kind = self.rng.choice(("None", '"novel"', '"llama"', self.expression(depth)))
        more = f", {json.dumps(self.name())}, {self.expression(depth)}"
        return f"make({name}, {kind}, {self._dict(depth)}{self.rng.choice(('', more))})"

    def _from_dict(self, depth: int) -> str:
        kind = self.rng.choice(('"novel"', '"novel"', self.expression(depth)))
        return f"from_dict({kind}, {self.rng.choice((self._dict(depth), self.expression(depth)))})"

    def _model_of(self, depth: int) -> str:
        auto = self.rng.choice(_AUTO)
        start = f"{auto}({json.dumps(self.name())}, " if auto == "Auto" else f"{auto}("
        return f"{start}{self._config(depth)}).{self.quoted(self.name())}"

    def _config(self, depth: int) -> str:
        return "config" if self.rng.random() < 0.6 else self.expression(depth)

    def _named(self, depth: int, names: Sequence[str]) -> str:
        chosen = [name for name in names if self.rng.random() < 0.5]
        values = ((self.quoted(name), self.expression(depth)) for name in chosen)
        return "".join(f", {name} = {value}" for name, value in values)

    def _text(self) -> str:
        return json.dumps(self.rng.choice((*TEXTS, self.name())))

    def quoted(self, name: str) -> str:
        """Return a name as facts have it."""
        return name if name.isidentifier() and name.isascii() else json.dumps(name)


_Form = Callable[[Expressions, int], str]
_LEAVES: Final[tuple[_Form, ...]] = (
    *(
        Expressions._literal,
        Expressions._number,
        Expressions._root,
        Expressions._root,
        Expressions._plain,
    ),
    Expressions._key,
)
_CONFIGS: Final[tuple[_Form, ...]] = (
    *(Expressions._text_config, Expressions._changed, Expressions._new, Expressions._make),
    *(Expressions._from_dict, Expressions._model_of),
)
_FORMS: Final[tuple[_Form, ...]] = (
    *(_LEAVES[:4] * 2),
    *(
        Expressions.attribute,
        Expressions.attribute,
        Expressions._computed_attribute,
        Expressions._has,
    ),
    *(
        Expressions._item,
        Expressions._slice,
        Expressions._binary,
        Expressions._binary,
        Expressions._unary,
    ),
    *(
        Expressions._choice,
        Expressions._collection,
        Expressions._dict,
        Expressions._loop,
        Expressions._scan,
    ),
    *(Expressions._function, Expressions._operation, Expressions._operation, Expressions._method),
    *(Expressions._is_a, *_CONFIGS),
)
