"""Anybody can write a facts file: errors have a line, and nothing runs long."""

from __future__ import annotations

import random
import re
import time
from typing import Any, Final

import pytest

from loracfg.base import facts_file
from loracfg.base.catalogue.work import Work
from loracfg.base.class_builder import CannotBuildError

CONFIG: Final[dict[str, Any]] = {"model_type": "novel", "depth": 2}
SECONDS: Final = 5.0
"""The CPU limit for a file: usually half a second, four times that with all imports of tests."""

HEAD: Final = """\
facts 1: "transformers 5.23.0"
  fields
    architectures (any) = None
    dtype (any) = None
    id2label (any) = None
    problem_type (any) = None
    is_encoder_decoder (any) = False

type "novel": NovelConfig
  models = ["NovelModel"]

config NovelConfig(PreTrainedConfig)
  constant model_type = "novel"
  fields
    width (int) = 8
    depth (int) = 2

"""
BLOCKS: Final = "".join(f"block B{n}\n  a: B{n + 1}\n  b: B{n + 1}\n" for n in range(60))


def model(*lines: str, before: str = "") -> str:
    """Return a file whose model has these lines."""
    return f"{HEAD}{before}\nmodel NovelModel\n" + "".join(f"  {one}\n" for one in lines)


GOOD: Final = model("layers[i < depth]: NovelLayer", "  up: Linear(4 * width, width), bias")
ENDLESS: Final = {
    "layers": model("layers[i < 1000000000]: X", "  a: Linear(1, 2)"),
    "layers in layers": model("a[i < 999]: X", "  b[j < 999]: Y", "    c[k < 999]: Linear(1, 2)"),
    "blocks that double": model("a: B0", before=f"{BLOCKS}block B60\n  a: Linear(1, 2)\n"),
    "lists": model("a: Linear(len([1 for i < 100000000]), 2)"),
    "turns": model("a: Linear(scan(i: 1, carried(i) * 2, 100000000), 2)"),
    "powers": model("a: Linear(9 ** 9999999999, 2)"),
    "strings": model('a: Linear(len("a" * 9999999999), 2)'),
    "a sum": model(f"a: Linear({'+'.join(['1'] * 20000)}, 2)"),
    "patterns of ties": model(
        'ties = {"(([a-z.0-9]+)+)+$!": "(([a-z.0-9]+)+)+!"}',
        "a[i < 9]: X",
        f"  {'a' * 40}: Linear(1, 2)",
        before="",
    ).replace("depth (int)", "tie_word_embeddings (any) = True\n    depth (int)"),
    "itself": model("a: AutoModel(config)"),
    "itself as a base": GOOD.replace("(PreTrainedConfig)", "(NovelConfig)"),
}
"""Programs that never end, or only after a long time."""
WRONG: Final = {
    "nothing": ("", 1, "the file is empty"),
    "another version": (GOOD.replace("facts 1", "facts 2"), 1, "version 2"),
    "half a line": (GOOD[: GOOD.index("int) = 8")], 15, "expected `)`"),
    "no operation": (model("a: Linear(1, 2) frob"), 20, "unexpected `frob`"),
    "brackets": (model(f"a: Linear({'(' * 999}1, 2)"), 20, "nested too deeply"),
    "a block in itself": (model("a: B", before="block B\n  a: B\n"), 18, "contains itself"),
    "a loop of many digits": (model(f"a[i{'9' * 99} < 2]: X"), 20, "the variable of a loop"),
    "a list of numbers": (GOOD.replace('["NovelModel"]', "[1, 2]"), 10, "wrong type"),
    "a type with spaces": (GOOD.replace('"novel": N', '"no vel": N'), 9, "wrong type"),
    "a type twice": (GOOD + 'type "novel": X\n', 22, "is already defined"),
    "a value twice": (GOOD.replace("  models", "  models = []\n  models", 1), 11, "unexpected"),
    "many tokens": (GOOD + "let x = 1\n" * 20000, 15000, "too long"),
}
"""Errors, with their line and message."""


def outcome(text: str | bytes) -> str:
    """Return the result of a file."""
    data = text if isinstance(text, bytes) else text.encode()
    layout, faults = facts_file.read_facts(data, "x.facts")
    if layout is None:
        assert len(faults) == 1
        return faults[0].message
    try:
        tree = facts_file.build(layout, dict(CONFIG), "NovelModel", Work())
    except CannotBuildError as error:
        return error.message
    return f"{len(tree.modules)} modules"


def test_a_file_is_read_and_evaluated() -> None:
    assert outcome(GOOD) == "6 modules"


@pytest.mark.parametrize("name", ENDLESS)
def test_endless_programs_are_declined_soon(name: str) -> None:
    start = time.process_time()
    assert re.search("cannot be followed|rejects", outcome(ENDLESS[name]))
    assert time.process_time() - start < SECONDS


SHAPES: Final = {
    "too few sizes": model("up: Linear(width)"),
    "too many sizes": model("up: Linear(width, width, width)"),
    "a convolution without a kernel": model("up: Conv2d(width, width)"),
    "an embedding of one size": model("up: Embedding(width)"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_weights_that_no_layer_of_a_kind_has_are_declined(name: str) -> None:
    assert "dimensions for a `" in outcome(SHAPES[name])


@pytest.mark.parametrize(
    "text", [GOOD[: GOOD.index("\ntype ")], GOOD.replace('["NovelModel"]', "[]")]
)
def test_a_file_without_a_class_is_rejected(text: str) -> None:
    assert outcome(text) == "the file has no model class"


def test_a_tree_says_that_it_comes_from_a_facts_file() -> None:
    layout, _ = facts_file.read_facts(GOOD.encode(), "x.facts")
    assert layout is not None
    assert facts_file.build(layout, dict(CONFIG), "NovelModel").source == "facts"
    other = GOOD.replace("NovelModel", "InnerModel")
    assert outcome(other).startswith("`NovelModel` of the facts is not among")


@pytest.mark.parametrize("name", WRONG)
def test_errors_have_their_line(name: str) -> None:
    text, line, message = WRONG[name]
    layout, (fault,) = facts_file.read_facts(text.encode(), "x.facts")
    assert layout is None
    assert message in fault.message
    assert fault.location.region is not None
    assert fault.location.region.line == line


def test_large_and_binary_files_are_rejected() -> None:
    assert "more than 1048576 bytes" in outcome(GOOD + " " * 10_000_000)
    assert "not UTF-8 text" in outcome(bytes(range(256)))


def test_changed_files_never_fail() -> None:
    rng = random.Random(1)  # noqa: S311
    word = re.compile(r"\w+|\S")
    words = [*word.findall(GOOD), "999999999", "None", "config", '"x"', "Auto1("]
    for _ in range(1500):
        lines = GOOD.split("\n")
        place = rng.randrange(len(lines) - 1)
        found = list(word.finditer(lines[place]))
        if found:
            one = rng.choice(found)
            line = lines[place]
            lines[place] = line[: one.start()] + rng.choice(words) + line[one.end() :]
        outcome("\n".join(lines))
