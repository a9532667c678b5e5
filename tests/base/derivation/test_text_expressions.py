"""Expressions as text: their form, and reading back written text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.base.catalogue.configs.operations import ALL_OPERATIONS
from loracfg.base.catalogue.printing.expressions import _FORMS, Printer
from loracfg.base.catalogue.printing.line_breaks import line
from loracfg.base.catalogue.printing.naming import Namer
from loracfg.base.catalogue.printing.notation import BINARY, LOOP_NAMES, NAMES, RESERVED, UNARY
from loracfg.base.derivation.text.expressions import ExpressionReader
from loracfg.base.derivation.text.parse_errors import FactsError
from loracfg.base.derivation.text.table import ExpressionTable
from loracfg.base.derivation.text.tokens import Cursor, entries

Tree = Any
"""A list with one constant, or a tuple of an operation, words and trees."""

WORDS = st.sampled_from(["n", "i", "hidden_size", "config", "None", "for", "given", "len", "a b"])
NAMES_OF_FUNCTIONS = st.sampled_from(["len", "int", "range", "list", "size", "getattr", "Autobus"])
CONSTANTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8"), max_size=5),
    st.just("long " * 50),
).map(lambda value: [value])
LOOPS = st.integers(0, len(LOOP_NAMES) + 2)
LEAVES = st.one_of(
    CONSTANTS,
    st.just(("c",)),
    st.just(("c2",)),
    st.tuples(st.just("."), st.just(("c",)), WORDS),
    st.tuples(st.sampled_from(["i", "acc"]), LOOPS),
    st.tuples(st.sampled_from(["kw", "kwhas", "arg"]), WORDS),
    st.tuples(st.just("enum"), st.just("Mode"), st.just("FAST")),
)


def inner(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Draw an operation on trees."""

    def row(ops: Any, *parts: Any, least: int = 0, most: int = 0) -> st.SearchStrategy[Tree]:
        op = st.sampled_from(sorted(ops)) if not isinstance(ops, str) else st.just(ops)
        more = st.lists(trees, min_size=least, max_size=most)
        return st.tuples(op, *parts, more).map(lambda found: (*found[:-1], *found[-1]))

    pairs = st.lists(st.tuples(st.sampled_from(["x", "for", "a b"]), trees), max_size=2)
    flat = pairs.map(lambda found: tuple(x for pair in found for x in pair))
    return st.one_of(
        row(BINARY, trees, trees),
        row(UNARY, trees),
        row(NAMES, least=0, most=3),
        row(["not", "truth"], trees),
        row(["if"], trees, trees, trees),
        row(["opt", "[]"], trees, trees),
        row([".", "has"], trees, st.one_of(WORDS, trees)),
        row("call", NAMES_OF_FUNCTIONS, most=3),
        row("str", WORDS, trees, most=2),
        row("mcall", trees, WORDS, most=2),
        row(["list", "tuple", "set"], most=3),
        row("slice", trees, trees, trees, trees),
        row("for", LOOPS, trees, least=1, most=3),
        row("scan", LOOPS, trees, trees, trees),
        row(["model", "modelhas"], st.sampled_from(["MODEL_MAPPING_NAMES", "OTHER"]), trees, WORDS),
        row("isinst", trees, st.sampled_from(["int", "Iterable"]), st.just("str")),
        st.lists(st.tuples(trees, trees), max_size=2).map(
            lambda found: ("dict", *[x for pair in found for x in pair])
        ),
        st.tuples(st.just("config"), st.just("LlamaConfig"), flat).map(lambda x: (*x[:2], *x[2])),
        st.tuples(st.sampled_from(["text", "with"]), trees, flat).map(lambda x: (*x[:2], *x[2])),
    )


TREES = st.recursive(LEAVES, inner, max_leaves=12)


def added(table: ExpressionTable, tree: Tree) -> Any:
    """Add a tree to a table."""
    if type(tree) is not tuple:
        return tree
    return table.add(
        [tree[0], *[added(table, x) if type(x) in (tuple, list) else x for x in tree[1:]]]
    )


def expanded(rows: list[list[Any]], operand: Any) -> str:
    """Return an operand with all its parts; numbers of different types stay different."""
    if type(operand) is not int:
        return repr(operand)
    op, *rest = rows[operand]
    parts = rest
    if op in ("i", "acc"):
        return f"({op} {rest[0]})"
    if op in ("for", "scan"):
        op, parts = f"{op} {rest[0]}", rest[1:]
    texts = [f"`{one}`" if isinstance(one, str) else expanded(rows, one) for one in parts]
    return f"({op} {' '.join(texts)})"


def read(
    text: str, root: str = "c", table: ExpressionTable | None = None
) -> tuple[ExpressionTable, Any]:
    table = table or ExpressionTable()
    (entry,) = entries(text)
    cursor = Cursor(entry.tokens)
    operand = ExpressionReader(table, root=root).read(cursor)
    cursor.finish()
    return table, operand


@pytest.mark.slow
@given(TREES, st.sampled_from(["c", "c2"]))
def test_written_text_is_read_back(tree: Tree, root: str) -> None:
    table = ExpressionTable()
    operand = added(table, tree)
    text = line(3, Printer(table.rows, root=root).text(operand)).strip()
    again, number = read(text.replace("\n", "\n        "), root)
    assert expanded(again.rows, number) == expanded(table.rows, operand)


@given(st.lists(TREES, min_size=1, max_size=3))
def test_named_parts_are_read_back(trees: list[Tree]) -> None:
    table = ExpressionTable()
    operands = [added(table, tree) for tree in trees]
    printer, definitions = Namer(table.rows).printer([*operands, *operands])
    reader = ExpressionReader(ExpressionTable())
    for definition in definitions:
        _, name, value = definition.split(" ", 2)
        reader.names[name] = reader.read(Cursor(entries(value.removeprefix("= "))[0].tokens))
    for operand in operands:
        cursor = Cursor(entries(printer.text(operand))[0].tokens)
        found = expanded(reader.table.rows, reader.read(cursor))
        assert found == expanded(table.rows, operand)


def test_every_operation_has_a_form() -> None:
    written = {*BINARY, *NAMES, *_FORMS}
    assert ALL_OPERATIONS.keys() <= written


@pytest.mark.parametrize(
    "text",
    [
        "num_attention_heads * head_dim",
        "(a + b) * c - d % -e ** -2",
        "a - (b - c) - -1",
        "(-1) ** a",
        "-(1)",
        "a if b else c if d else e",
        "(a if b else c) if d else e",
        "a or b and not c == d",
        "not (a or b) and (c and d)",
        "a not in (1, 2.5, None) and b is not True",
        '[x if i % 2 == 0 else "y" for i < n]',
        '["stem", concat("stage", 1 + i) for i < len(depths)]',
        "[each(i < n: a, b if c), (d for j < m) for k < o]",
        'layer_types[i][1:][:-1][::2] == {"a": (1,), 2: []}',
        "has(text_config.head_dim) and has(head_dim) and has(given.x) and has(a, concat(b))",
        'feed_forward_proj.split("-")[0].x',
        "is_a(a, int, str) == {1, 2} - set(b) - {,}",
        "config.for + config.config + config.given + config.None",
        "AutoModel(vision_config).channels[0]",
        "text_config(config, decoder=True).hidden_size",
        "scan(i: start, carried(i) + 1, n)",
        'new(LlamaConfig, hidden_size=given.n, x=argument.y) or call("range", 3)',
        "1e-06 + 1e+16 + inf - -inf",
    ],
)
def test_texts_are_as_short_as_possible(text: str) -> None:
    table, operand = read(text)
    assert Printer(table.rows).text(operand) == text


def test_attributes_before_and_after_the_base_are_distinguished() -> None:
    table, operand = read("hidden_size + before.hidden_size", "c2")
    assert table.rows[operand] == ["+", 1, 3]
    assert table.rows[:4] == [["c2"], [".", 0, "hidden_size"], ["c"], [".", 2, "hidden_size"]]
    assert Printer(table.rows).text(operand) == "made.hidden_size + hidden_size"


def test_reserved_names_are_written_with_the_config() -> None:
    for name in RESERVED:
        rows: list[list[Any]] = [["c"], [".", 0, name]]
        assert Printer(rows).text(1) == f"config.{name}"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a +", 4),
        ("a < b < c", 7),
        ("(a", 3),
        ("a ? b", 3),
        ("for", 1),
        ("has(1)", 6),
        ("[a for x < 3]", 8),
        ("f(a b)", 5),
        ('"a\\q"', 1),
        ("new(1)", 5),
        ("a b", 3),
        ("1.x y", 5),
        ("(" * 50 + "a" + ")" * 50, 41),
        ("not " * 50 + "a", 161),
        ("-" * 50 + "a", 41),
        (" ** ".join("a" * 50), 201),
    ],
)
def test_errors_say_where(text: str, column: int) -> None:
    with pytest.raises(FactsError) as caught:
        read(text)
    assert (caught.value.line, caught.value.column) == (1, column)


def test_long_sums_are_not_nested() -> None:
    table, operand = read(" + ".join(["a"] * 2000))
    assert table.rows[operand][0] == "+"
    table, operand = read(" if a else ".join(["b"] * 2000))
    assert table.rows[operand][0] == "if"


@pytest.mark.parametrize(
    "text",
    [
        "config.__class__",
        "width.__globals__",
        'has(config."__init__")',
        "changed(config, __class__ = 1)",
        "new(__import__)",
        "is_a(width, __builtins__)",
        "given.__dict__",
    ],
)
def test_names_of_pythons_objects_are_no_names(text: str) -> None:
    with pytest.raises(FactsError, match="is not a name that facts have"):
        ExpressionReader(ExpressionTable()).read(Cursor(entries(text)[0].tokens))
