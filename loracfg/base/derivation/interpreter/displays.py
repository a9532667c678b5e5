"""Interprets names, lists, dicts, texts, lambdas and comprehensions."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Callable
from typing import Any, Final

from loracfg.base.derivation.interpreter.callables import Frame, Function
from loracfg.base.derivation.interpreter.carrying import after_loop
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    has_symbolic_length,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import (
    Operand,
    expression,
)
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.pairs import (
    refuse_unhashable,
    symbolic_dict,
    with_own_keys,
)
from loracfg.base.derivation.interpreter.stand_ins import Foreign, Unknown, module, tensors
from loracfg.base.derivation.interpreter.substitution import at_free_index
from loracfg.base.derivation.interpreter.syntax import stored_names
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    POISON,
    UNKNOWN,
    Choice,
    GuardedEntry,
    Instance,
    LastTurn,
    LibraryRaises,
    NotFollowed,
    RepeatedEntries,
    Segments,
    Symbol,
    Turns,
    TurnsDepend,
    Value,
)

_RULES: Final[dict[type[ast.expr], str]] = {
    ast.Attribute: "evaluate_attribute",
    ast.BinOp: "evaluate_bin_op",
    ast.BoolOp: "evaluate_bool_op",
    ast.Call: "evaluate_call",
    ast.Compare: "evaluate_compare",
    ast.Constant: "evaluate_constant",
    ast.Dict: "evaluate_dict",
    ast.DictComp: "evaluate_dict_comp",
    ast.GeneratorExp: "evaluate_list_comp",
    ast.IfExp: "evaluate_if_exp",
    ast.JoinedStr: "evaluate_joined_str",
    ast.Lambda: "evaluate_lambda",
    ast.List: "evaluate_list",
    ast.ListComp: "evaluate_list_comp",
    ast.Name: "evaluate_name",
    ast.NamedExpr: "evaluate_named_expr",
    ast.Set: "evaluate_set",
    ast.SetComp: "evaluate_set_comp",
    ast.Slice: "evaluate_slice",
    ast.Subscript: "evaluate_subscript",
    ast.Tuple: "evaluate_tuple",
    ast.UnaryOp: "evaluate_unary_op",
}


class Displays(Machine):
    """Interprets names, displays and comprehensions, and passes on other expressions."""

    def __init__(self, package: str) -> None:
        super().__init__(package)
        self._modules_of_files: dict[int, tuple[Any, Instance]] = {}

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """Return the value of an expression."""
        self.count_step()
        rule = _RULES.get(type(node))
        if rule is None:
            raise NotFollowed(type(node).__name__)
        return getattr(self, rule)(node, frame)

    def evaluate_constant(self, node: ast.Constant, frame: Frame) -> Value:
        """Return the value of a constant."""
        return node.value

    def evaluate_name(self, node: ast.Name, frame: Frame) -> Value:
        """Return the value of a variable."""
        name, at = node.id, frame
        within: Frame | None = frame
        while within is not None:
            if name in within.variables:
                return self._read(name, within.variables[name])
            within = within.outer
        if name in at.module:
            if name in self.filled:
                raise NotFollowed("a global that a function sets")
            return self.from_file(at.module[name])
        if hasattr(builtins, name):
            return getattr(builtins, name)
        raise LibraryRaises("NameError", name)

    def _read(self, name: str, value: Value) -> Value:
        if isinstance(value, LastTurn):
            value = after_loop(value)
        if value is POISON:
            raise TurnsDepend(f"{name} after a loop")
        if isinstance(value, Choice) and any(
            leaf is MISSING or leaf is POISON for _, leaf in self.leaves(value)
        ):
            return self.lift(value, lambda one: one)
        return value

    def from_file(self, value: object) -> Value:
        """Return a value of a loaded module as one of the interpreter's values."""
        if isinstance(value, Unknown):
            return value if isinstance(value, Foreign) else UNKNOWN
        if not isinstance(value, module.Module):
            return value
        held = self._modules_of_files.get(id(value))
        if held is not None:
            return held[1]
        fields = vars(value)
        if any(isinstance(one, (module.Module, tensors.Tensor)) for one in fields.values()):
            raise NotFollowed("a module of the file")
        made = Instance(type(value), self.next_serial(), ())
        self._modules_of_files[id(value)] = (value, made)
        return made

    # Displays

    def evaluate_tuple(self, node: ast.Tuple, frame: Frame) -> Value:
        """Return a tuple."""
        return tuple(self._entries(node.elts, frame))

    def evaluate_list(self, node: ast.List, frame: Frame) -> Value:
        """Return a list."""
        return self.note_made(self._entries(node.elts, frame))

    def evaluate_set(self, node: ast.Set, frame: Frame) -> Value:
        """Return a set."""
        return _as_set(self._entries(node.elts, frame))

    def _entries(self, nodes: list[ast.expr], frame: Frame) -> list[Value]:
        entries: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                entries += self.entries_of(self.evaluate(node.value, frame))
            else:
                entries.append(self.evaluate(node, frame))
        return entries

    def evaluate_dict(self, node: ast.Dict, frame: Frame) -> Value:
        """Return a dict."""
        made: dict[Any, Value] = {}
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            if key_node is None:
                more = self.evaluate(value_node, frame)
                if isinstance(more, (Symbol, Choice)):
                    return self._merged(node, frame)
                if not isinstance(more, dict):
                    raise NotFollowed("** of a symbol")
                made.update(with_own_keys(more))
                continue
            key = self.evaluate(key_node, frame)
            if not is_plain(key) and not isinstance(key, Symbol):
                raise NotFollowed("a symbolic key")
            refuse_unhashable(key)
            made[key] = self.evaluate(value_node, frame)
        return self.note_made(made)

    def _merged(self, node: ast.Dict, frame: Frame) -> Value:
        """Return `{**a, key: b}` for an unknown dict."""
        parts: list[Operand] = []
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            value = as_expression(self.evaluate(value_node, frame))
            if key_node is None:
                parts.append(value)
            else:
                key = as_expression(self.evaluate(key_node, frame))
                parts.append(expression("dict", key, value))
        return self.evaluable(expression("merge", *parts))

    def evaluate_joined_str(self, node: ast.JoinedStr, frame: Frame) -> Value:
        """Return a text, which is unknown if it depends on objects."""
        parts: list[Value] = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(part.value)
                continue
            assert isinstance(part, ast.FormattedValue)
            value = self.evaluate(part.value, frame)
            if not is_expressible(value):
                return UNKNOWN
            if part.format_spec is not None or part.conversion not in (-1, ord("s")):
                if not is_plain(value):
                    return UNKNOWN
                value = self._formatted(part, value, frame)
            parts.append(value)
        if all(is_plain(part) for part in parts):
            return "".join(map(str, parts))
        return Symbol(expression("fmt", *map(as_expression, parts)))

    def _formatted(self, part: ast.FormattedValue, value: Value, frame: Frame) -> str:
        spec = "" if part.format_spec is None else self.evaluate(part.format_spec, frame)
        if not isinstance(spec, str):
            raise NotFollowed("a format")
        if part.conversion == ord("r"):
            value = repr(value)
        return format(value, spec)

    def evaluate_named_expr(self, node: ast.NamedExpr, frame: Frame) -> Value:
        """Return the value of `name := value`, and set the variable."""
        value = self.evaluate(node.value, frame)
        self.put(frame.variables, node.target.id, value)
        return value

    def evaluate_lambda(self, node: ast.Lambda, frame: Frame) -> Value:
        """Return a lambda."""
        defaults = [self.evaluate(one, frame) for one in node.args.defaults]
        keyword_defaults = [
            None if one is None else self.evaluate(one, frame) for one in node.args.kw_defaults
        ]
        return Function(node, frame, defaults, keyword_defaults, "<lambda>")

    # Comprehensions

    def evaluate_list_comp(self, node: ast.ListComp | ast.GeneratorExp, frame: Frame) -> Value:
        """Return the list of a comprehension; a generator is treated as a list."""
        return self.comprehend(node.generators, lambda own: self.evaluate(node.elt, own), frame)

    def evaluate_set_comp(self, node: ast.SetComp, frame: Frame) -> Value:
        """Return the set of a comprehension."""
        entries = self.comprehend(node.generators, lambda own: self.evaluate(node.elt, own), frame)
        return _as_set(entries)

    def evaluate_dict_comp(self, node: ast.DictComp, frame: Frame) -> Value:
        """Return the dict of a comprehension."""

        def pair(own: Frame) -> Value:
            return self.evaluate(node.key, own), self.evaluate(node.value, own)

        pairs: list[Any] = self.comprehend(node.generators, pair, frame)
        if has_symbolic_length(pairs) or not all(is_plain(one[0]) for one in pairs):
            return symbolic_dict(self, dict, pairs)
        return self.note_made(dict(pairs))

    def comprehend(
        self,
        generators: list[ast.comprehension],
        element: Callable[[Frame], Value],
        frame: Frame,
    ) -> list[Value]:
        """Return the entries of a comprehension.

        Args:
            generators: Its `for` parts.
            element: Returns an entry, for the variables of a turn.
            frame: The enclosing variables.
        """
        variables: dict[str, Value] = self.note_made({})
        own = Frame(variables, frame.module, frame, frame.owner, frame.self_value)
        stored = stored_names(generators)

        def generate(number: int) -> list[Value]:
            if number == len(generators):
                return [element(own)]
            iterable = self.evaluate(generators[number].iter, own if number else frame)
            return over(number, iterable)

        def over(number: int, iterable: Value) -> list[Value]:
            if isinstance(iterable, Choice):
                return self._of_choice(iterable, lambda leaf: over(number, leaf))
            turns = self.iterate(iterable)
            return self._over(turns, lambda value: one(number, value), own, stored)

        def one(number: int, value: Value) -> list[Value]:
            self.assign(generators[number].target, value, own)
            return filtered(number, 0)

        def filtered(number: int, at: int) -> list[Value]:
            conditions = generators[number].ifs
            if at == len(conditions):
                return generate(number + 1)
            condition = self.truth(self.evaluate(conditions[at], own))
            if isinstance(condition, bool):
                return filtered(number, at + 1) if condition else []
            return self._guarded(condition, lambda: filtered(number, at + 1))

        made: list[Value] = self.note_made(generate(0))
        return made

    def _guarded(self, condition: Operand, run: Callable[[], list[Value]]) -> list[Value]:
        """Return entries that only exist under a condition."""
        found: list[Value] = []
        length = len(self.path)

        def side() -> None:
            found.extend(run())

        self.branch(condition, side, lambda: None)
        self.path.cut(length)
        return [GuardedEntry(condition, entry) for entry in found]

    def _of_choice(self, value: Choice, run: Callable[[Value], list[Value]]) -> list[Value]:
        """Return the entries for each side of a choice, under its condition."""
        entries: list[Value] = []
        for condition, leaf in self.leaves(value):
            entries += self._guarded(condition, functools.partial(run, leaf))
        return entries

    def _over(
        self,
        turns: list[Value] | Turns | Segments,
        run: Callable[[Value], list[Value]],
        own: Frame,
        stored: list[str],
    ) -> list[Value]:
        """Return the entries of all turns."""
        if isinstance(turns, Segments):
            return self._over_entries(turns.entries, run, own, stored)
        if isinstance(turns, Turns):
            at, count = turns.at, turns.count
            if isinstance(count, int):
                return self._over([at(i) for i in range(count)], run, own, stored)
            return self.repeat(count, lambda i: run(at(i)), own, stored)
        return [entry for value in turns for entry in run(value)]

    def _over_turn(
        self,
        items: list[Value],
        run: Callable[[Value], list[Value]],
        own: Frame,
        stored: list[str],
        _: Value,
    ) -> list[Value]:
        return self._over_entries(items, run, own, stored)

    def _over_entries(
        self,
        entries: list[Value] | tuple[Value, ...],
        run: Callable[[Value], list[Value]],
        own: Frame,
        stored: list[str],
    ) -> list[Value]:
        """Return the entries for the modules of a list."""
        found: list[Value] = []
        for entry in entries:
            if isinstance(entry, RepeatedEntries):
                entry = at_free_index(entry, self.loop_depth)
                with self.at_depth(entry.index):
                    inner = functools.partial(self._over_turn, entry.items, run, own, stored)
                    found += self.repeat(entry.count, inner, own, stored)
            elif isinstance(entry, GuardedEntry):
                found += self._guarded(entry.condition, functools.partial(run, entry.value))
            else:
                found += run(entry)
        return found


def _as_set(entries: Any) -> Value:
    """Return the set of a list, which has fewer entries if some are equal."""
    if is_plain(entries):
        return set(entries)
    return Symbol(expression("call", "set", as_expression(entries)))
