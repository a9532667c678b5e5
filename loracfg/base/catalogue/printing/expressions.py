"""Writes expressions as text, with Python's operators and precedence.

Attributes of the config are bare names: `num_attention_heads * head_dim`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.printing.constants import constant_text, string_text
from loracfg.base.catalogue.printing.notation import (
    ATOM,
    BINARY,
    BIT_OR,
    CHOICE,
    COMPARISON,
    FUNCTIONS_BY_CALL,
    LOOP,
    NAMES,
    NOT,
    OR,
    POSTFIX,
    POWER,
    RESERVED,
    ROOTS,
    SIGN,
    UNARY,
    VALUES_OF_ARGUMENTS,
    auto_class,
    is_word,
    loop_name,
)
from loracfg.base.catalogue.variants import without_arguments

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Operand


Text = tuple[str, int]
"""A text and its precedence."""


class Printer:
    """Writes expressions of a table of rows.

    Attributes:
        rows: the table.
        names: the names of rows that have one.
        root: the config that bare names are attributes of, `c` or `c2`.
    """

    def __init__(
        self, rows: list[list[Any]], names: Mapping[int, str] | None = None, root: str = "c"
    ) -> None:
        self.rows = rows
        self.names = dict(names or {})
        self.root = root
        self._taken = frozenset(self.names.values()) | RESERVED
        self._configs = {op: name for name, op in ROOTS[root].items()}
        self._known: dict[int, Text] = {}

    def text(self, operand: Operand, least: int = LOOP) -> str:
        """Return an operand as text, in brackets if its precedence is lower than required.

        Raises:
            ValueError: if it cannot be written.
        """
        text, precedence = self._of(operand)
        return text if precedence >= least else f"({text})"

    def definition(self, number: int) -> str:
        """Return the expression of a row that has a name."""
        return self._row(self.rows[number])[0]

    def _of(self, operand: Any) -> Text:
        if type(operand) is not int:
            (value,) = operand
            text = constant_text(value)
            return text, SIGN if text.startswith("-") else ATOM
        if operand in self.names:
            return self.names[operand], ATOM
        found = self._known.get(operand)
        if found is None:
            found = self._known[operand] = self._row(self.rows[operand])
        return found

    def _row(self, row: list[Any]) -> Text:
        op = row[0]
        if op in BINARY and len(row) == 3:
            return self._binary(*BINARY[op], row[1], row[2])
        form = _FORMS.get(op)
        if form is not None:
            return form(self, row)
        if op in NAMES:
            return f"{NAMES[op]}({self._joined(row[1:])})", POSTFIX
        raise ValueError(f"no way to write {row!r:.80}")

    def _binary(self, sign: str, precedence: int, left: Any, right: Any) -> Text:
        least_left, least_right = precedence, precedence + 1
        if precedence == COMPARISON:
            least_left = precedence + 1
        elif precedence == POWER:
            least_left, least_right = POWER + 1, SIGN
        return f"{self.text(left, least_left)} {sign} {self.text(right, least_right)}", precedence

    def _joined(self, operands: list[Any]) -> str:
        return ", ".join(map(self.text, operands))

    def _owner(self, operand: Any) -> str:
        text = self.text(operand, POSTFIX)
        return f"({text})" if text[0].isdigit() else text

    def _config(self, row: list[Any]) -> Text:
        return self._configs[row[0]], ATOM

    def _attribute(self, row: list[Any]) -> Text:
        _, owner, name = row
        if type(name) is not str:
            return f"getattr({self._joined([owner, name])})", POSTFIX
        if type(owner) is int and self.rows[owner] == [self.root] and is_word(name):
            return (f"config.{name}" if name in self._taken else name), POSTFIX
        return f"{self._owner(owner)}.{name_text(name)}", POSTFIX

    def _has(self, row: list[Any]) -> Text:
        if type(row[2]) is not str:
            return f"has({self._joined(row[1:])})", POSTFIX
        return f"has({self._attribute(row)[0]})", POSTFIX

    def _scan(self, row: list[Any]) -> Text:
        _, variable, *operands = row
        return f"scan({loop_name(variable)}: {self._joined(operands)})", POSTFIX

    def _carried(self, row: list[Any]) -> Text:
        (variable,) = row[1:]
        return f"carried({loop_name(variable)})", POSTFIX

    def _text_config(self, row: list[Any]) -> Text:
        return self._with("text_config", row)

    def _changed(self, row: list[Any]) -> Text:
        return self._with("changed", row)

    def _with(self, name: str, row: list[Any]) -> Text:
        pairs = zip(row[2::2], row[3::2], strict=True)
        more = [f"{name_text(key)}={self.text(value, CHOICE)}" for key, value in pairs]
        return f"{name}({', '.join([self.text(row[1]), *more])})", POSTFIX

    def _turn(self, row: list[Any]) -> Text:
        (variable,) = row[1:]
        return loop_name(variable), ATOM

    def _choice(self, row: list[Any]) -> Text:
        condition, yes, no = row[1:]
        yes, condition, no = self.text(yes, OR), self.text(condition, OR), self.text(no, CHOICE)
        return f"{yes} if {condition} else {no}", CHOICE

    def _guarded(self, row: list[Any]) -> Text:
        return f"{self.text(row[2], OR)} if {self.text(row[1], OR)}", CHOICE

    def _not(self, row: list[Any]) -> Text:
        return f"not {self.text(row[1], NOT)}", NOT

    def _signed(self, row: list[Any]) -> Text:
        text = self.text(row[1], SIGN)
        is_number = text[0].isdigit() or text in ("inf", "nan")
        return f"{UNARY[row[0]]}({text})" if is_number else f"{UNARY[row[0]]}{text}", SIGN

    def _item_of(self, row: list[Any]) -> Text:
        return f"{self._owner(row[1])}[{self.text(row[2])}]", POSTFIX

    def _slice(self, row: list[Any]) -> Text:
        owner, *bounds = row[1:]
        start, stop, step = ["" if one == [None] else self.text(one, OR) for one in bounds]
        return f"{self._owner(owner)}[{start}:{stop}{':' if step else ''}{step}]", POSTFIX

    def _loop(self, row: list[Any]) -> Text:
        _, variable, count, *items = row
        name, count = loop_name(variable), self.text(count, BIT_OR)
        if len(items) == 1:
            return f"{self.text(items[0], CHOICE)} for {name} < {count}", LOOP
        return f"each({name} < {count}: {self._joined(items)})", POSTFIX

    def _list(self, row: list[Any]) -> Text:
        return f"[{self._joined(row[1:])}]", ATOM

    def _tuple(self, row: list[Any]) -> Text:
        return f"({self._joined(row[1:])}{',' if len(row) == 2 else ''})", ATOM

    def _set(self, row: list[Any]) -> Text:
        return "{" + (self._joined(row[1:]) or ",") + "}", ATOM

    def _dict(self, row: list[Any]) -> Text:
        pairs = zip(row[1::2], row[2::2], strict=True)
        return "{" + ", ".join(
            f"{self.text(k)}: {self.text(v, CHOICE)}" for k, v in pairs
        ) + "}", ATOM

    def _call(self, row: list[Any]) -> Text:
        name, operands = row[1], row[2:]
        if name in FUNCTIONS_BY_CALL or name.startswith("Auto") or not is_word(name):
            return f"call({', '.join([string_text(name), *map(self.text, operands)])})", POSTFIX
        return f"{name}({self._joined(operands)})", POSTFIX

    def _method(self, row: list[Any]) -> Text:
        _, name, owner, *operands = row
        return f"{self._owner(owner)}.{name_text(name)}({self._joined(operands)})", POSTFIX

    def _method_of(self, row: list[Any]) -> Text:
        _, owner, name, *operands = row
        arguments = [self.text(owner), string_text(name), *map(self.text, operands)]
        return f"method({', '.join(arguments)})", POSTFIX

    def _is_instance(self, row: list[Any]) -> Text:
        return f"is_a({', '.join([self.text(row[1]), *row[2:]])})", POSTFIX

    def _enum(self, row: list[Any]) -> Text:
        return f"enum({row[1]}, {row[2]})", POSTFIX

    def _argument(self, row: list[Any]) -> Text:
        return f"{VALUES_OF_ARGUMENTS[row[0]]}.{name_text(row[1])}", POSTFIX

    def _has_argument(self, row: list[Any]) -> Text:
        return f"has(given.{name_text(row[1])})", POSTFIX

    def _new(self, row: list[Any]) -> Text:
        pairs = zip(row[2::2], row[3::2], strict=True)
        arguments = [row[1], *[f"{name_text(k)}={self.text(v, CHOICE)}" for k, v in pairs]]
        return f"new({', '.join(arguments)})", POSTFIX

    def model(self, mapping: str, config: Operand) -> str:
        """Return the text of an inner model: the class that a mapping selects for a config."""
        mapping, arguments = without_arguments(mapping)
        given = ", ".join([self.text(config), *filter(None, [arguments])])
        name = auto_class(mapping)
        if name is None:
            return f"Auto({string_text(mapping)}, {given})"
        return f"{name}({given})"

    def _of_model(self, row: list[Any]) -> Text:
        return f"{self.model(row[1], row[2])}.{name_text(row[3])}", POSTFIX

    def _model_has(self, row: list[Any]) -> Text:
        return f"has({self._of_model(row)[0]})", POSTFIX


def name_text(name: str) -> str:
    """Return a name as text, in quotes unless it is a word."""
    return name if is_word(name) else string_text(name)


_FORMS: Final[dict[str, Callable[[Printer, list[Any]], Text]]] = {
    ".": Printer._attribute,
    "[]": Printer._item_of,
    "acc": Printer._carried,
    "arg": Printer._argument,
    "c": Printer._config,
    "c2": Printer._config,
    "call": Printer._call,
    "config": Printer._new,
    "dict": Printer._dict,
    "enum": Printer._enum,
    "for": Printer._loop,
    "has": Printer._has,
    "i": Printer._turn,
    "if": Printer._choice,
    "inv": Printer._signed,
    "isinst": Printer._is_instance,
    "kw": Printer._argument,
    "kwhas": Printer._has_argument,
    "list": Printer._list,
    "mcall": Printer._method_of,
    "model": Printer._of_model,
    "modelhas": Printer._model_has,
    "neg": Printer._signed,
    "not": Printer._not,
    "opt": Printer._guarded,
    "pos": Printer._signed,
    "scan": Printer._scan,
    "set": Printer._set,
    "slice": Printer._slice,
    "str": Printer._method,
    "text": Printer._text_config,
    "tuple": Printer._tuple,
    "with": Printer._changed,
}
