"""A small tree as an architecture file, and what can be wrong with one."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

from hypothesis import strategies as st

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.base.architecture_file import write_architecture
from loracfg.config.schema.architecture_limits import (
    MAX_DIMENSIONS,
    MAX_MODULES,
    MAX_SIZE,
    MAX_TEXT,
)

LIBRARIES: Final = {"torch": "2.5", "transformers": "5.0"}
CONV: Final = Module("conv", Kind.CONV1D, "Conv1d", {"weight": (8, 2, 3), "bias": (8,)}, groups=4)
SMALL: Final = Architecture(
    source="transformers",
    model_type=None,
    class_name="Novel",
    modules={
        "": Module("", Kind.OTHER, "Novel", {"scale": ()}, {"steps": (0,)}),
        "embed": Module("embed", Kind.EMBEDDING, "Embedding", {"weight": (9, 4)}),
        "conv": CONV,
        "conv.ex-perts é": Module(
            "conv.ex-perts é", Kind.OTHER, "Experts", {"up": (2, 4, 6)}, is_transposed=True
        ),
        "normed": Module("normed", Kind.CONV1D, "ParametrizedConv1d", groups=2, computed=(8, 4, 3)),
    },
    aliases={"also.embed": "embed"},
    input_embeddings="embed",
    output_embeddings="conv",
    tied=("lm_head",),
    tie_word_embeddings=True,
    vocab_size=9,
    is_transformers=False,
    notes=("`conv` was seen",),
)


def text_of(tree: Architecture = SMALL) -> str:
    return write_architecture(tree, LIBRARIES)


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    value = json.loads(text_of())
    change(value)
    return json.dumps(value)


def put(*steps: str | int, value: Any) -> str:
    def change(data: Any) -> None:
        for step in steps[:-1]:
            data = data[step]
        data[steps[-1]] = value

    return changed(change)


def tensor(**parameters: Any) -> str:
    return put("modules", 1, "parameters", value=parameters)


WRONG: Final[list[tuple[str, str, str | None]]] = [
    (put("architecture_version", value=2), "has version `2`", "/architecture_version"),
    (put("architecture_version", value=True), "has version `true`", "/architecture_version"),
    (put("architecture_version", value=1.0), "has version `1.0`", "/architecture_version"),
    (put("architecture_version", value=[[]] * 9), "a list of 9", "/architecture_version"),
    (put("more", value=1), "an unknown key `more`", None),
    (changed(lambda d: d.pop("tied")), "has no `tied`", None),
    (put("tool", value={"name": "x"}), "has no `version`", "/tool"),
    (put("tool", "name", value=1), "`1` instead of a line of text", "/tool/name"),
    (put("libraries", value=[]), "a list of 0 instead of an object", "/libraries"),
    (put("libraries", value={"a\nb": "1"}), '`"a\\nb"` instead of a line of text', "/libraries"),
    (put("libraries", "torch", value=None), "`null` instead of a line of text", "/libraries/torch"),
    (put("class", value=None), "`null` instead of a line of text", "/class"),
    (put("class", value=""), '`""` instead of the name of a class', "/class"),
    (put("class", value="x" * (MAX_TEXT + 1)), "instead of a line of text", "/class"),
    (put("model_type", value="\x1b[31m"), "instead of a line of text", "/model_type"),
    (put("is_transformers", value=1), "`1` instead of `true` or `false`", "/is_transformers"),
    (put("input_embeddings", value="no"), "names `no`", "/input_embeddings"),
    (
        put("output_embeddings", value="a..b"),
        "instead of the path of a module",
        "/output_embeddings",
    ),
    (put("tied", value="x"), "instead of a list", "/tied"),
    (put("tied", value=["a", 1]), "`1` instead of a line of text", "/tied/1"),
    (put("tie_word_embeddings", value=None), "`null` instead of", "/tie_word_embeddings"),
    (put("vocab_size", value=9.0), "`9.0` instead of an integer", "/vocab_size"),
    (put("vocab_size", value=MAX_SIZE + 1), "instead of an integer", "/vocab_size"),
    (put("notes", value=[["x"]]), "a list of 1 instead of a line", "/notes/0"),
    (put("aliases", value={"embed": "conv"}), "both as a module", "/aliases/embed"),
    (put("aliases", value={"a/b": "none"}), "names `none`", "/aliases/a~1b"),
    (put("aliases", value={"a\x00": "conv"}), "instead of the path", "/aliases"),
    (put("modules", value=[]), "has no modules", "/modules"),
    (put("modules", value={}), "an object of 0 instead of a list", "/modules"),
    (put("modules", value=[0] * (MAX_MODULES + 1)), "more than 300000", "/modules"),
    (put("modules", 1, value=None), "`null` instead of an object", "/modules/1"),
    (put("modules", 1, "bias", value=1), "unknown key `bias`", "/modules/1"),
    (put("modules", 0, "path", value="x"), "does not begin with the model", "/modules/0/path"),
    (put("modules", 2, "path", value="embed"), "lists `embed` twice", "/modules/2/path"),
    (put("modules", 1, "path", value="a.b"), "the parent of `a.b`", "/modules/1/path"),
    (put("modules", 1, "path", value="a.b\n"), "instead of the path", "/modules/1/path"),
    (put("modules", 1, "path", value=["a"]), "instead of the path", "/modules/1/path"),
    (put("modules", 1, "kind", value="Lin"), '`"Lin"` instead of the kind', "/modules/1/kind"),
    (put("modules", 1, "kind", value=[]), "instead of the kind", "/modules/1/kind"),
    (put("modules", 1, "kind", value="Conv2d"), "`weight` of 4 dim", "/modules/1/parameters"),
    (put("modules", 1, "class", value=2), "`2` instead of a line", "/modules/1/class"),
    (put("modules", 1, "groups", value=0), "`0` instead of an integer", "/modules/1/groups"),
    (put("modules", 1, "groups", value=True), "`true` instead of", "/modules/1/groups"),
    (put("modules", 3, "is_transposed", value="no"), "instead of", "/modules/3/is_transposed"),
    (
        tensor(bias=[9]),
        "`Embedding` without a `weight`",
        "/modules/1/parameters",
    ),
    (tensor(weight=[9]), "without a `weight` of 2", "/modules/1/parameters"),
    (tensor(weight=9), "`9` instead of a shape", "/modules/1/parameters/weight"),
    (tensor(weight=[9, -1]), "`-1` instead of an integer", "/modules/1/parameters/weight"),
    (tensor(weight=[9, "4"]), '`"4"` instead of an integer', "/modules/1/parameters/weight"),
    (
        tensor(weight=[1] * (MAX_DIMENSIONS + 1)),
        "instead of a shape",
        "/modules/1/parameters/weight",
    ),
    (tensor(**{"a.b": [1]}), "`a.b` instead of the name of a tensor", "/modules/1/parameters"),
    (put("modules", 1, "buffers", value=[]), "instead of an object", "/modules/1/buffers"),
]


VALUES: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 5),
    st.sampled_from(
        [2**63 - 1, 2**63, -(2**63), 9.0, 0.5, [], {}, [1], [4, 2], [[1]], {"": 1}, {"weight": [1]}]
    ),
    st.sampled_from(["", ".", "a.b", "embed", "conv", "a\x00", "x\n", "Linear", "other", "Conv1d"]),
    st.text(max_size=4),
)


@st.composite
def edited(draw: st.DrawFn, whole: dict[str, Any]) -> Any:
    """Draw a file in which some members are others, more or fewer."""
    value = deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        at: Any = value
        key: Any = draw(st.sampled_from(sorted(at)))
        while isinstance(at[key], dict | list) and at[key] and draw(st.integers(0, 3)):
            at = at[key]
            key = draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        change = draw(st.sampled_from(["put", "put", "drop", "add"]))
        if change == "put":
            at[key] = deepcopy(draw(VALUES))
        elif change == "drop" and len(at) > 1:
            del at[key]
        elif isinstance(at, dict):
            at[draw(st.text(max_size=3))] = deepcopy(draw(VALUES))
        else:
            at.append(deepcopy(draw(VALUES)))
    return value
