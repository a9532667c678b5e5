"""Draw valid configs, and configs with a change that may make them invalid."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st

from loracfg.testing.arguments import FIELDS, NAMES

Document = dict[str, Any]

PLAIN: Final = st.text("abcLORAz_ .-0189ä键", max_size=6)
"""Texts that Python's `re` compiles wherever PEFT sets them in."""

FLOATS: Final = st.floats(-1e6, 1e6).filter(lambda value: not value.is_integer())
NUMBERS: Final = st.integers(-4, 300) | FLOATS
SCALARS: Final = st.none() | st.booleans() | NUMBERS | PLAIN
VALUES: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=2),
    max_leaves=4,
)

ODD_INITS: Final = (
    *("GAUSSIAN", "OLoRA", "MiCA", "Pissa", "EVA", "lora_ga", "gaußian"),
    *("pissa_niter_", "pissa_niter_N", "pissa_niter_007"),
)

CLOSE: Final[dict[str, st.SearchStrategy[Any]]] = {
    "task_type": st.sampled_from(["QUESTION_ANS", "causal_lm", "TOKEN_CLS", "SEQ_2_SEQ_LM", ""]),
    "peft_type": st.sampled_from(["lora", "IA3", None]),
    "init_lora_weights": st.sampled_from(ODD_INITS),
    "layer_replication": st.lists(st.lists(st.integers(0, 9), max_size=3), max_size=2),
    "target_modules": st.lists(st.just("") | NAMES, max_size=2),
    "trainable_token_indices": st.dictionaries(st.just("") | NAMES, st.lists(NUMBERS, max_size=2)),
    "rank_pattern": st.dictionaries(NAMES, st.integers(-1, 2), max_size=2),
    "enable_lora": st.none() | st.lists(st.booleans(), max_size=3),
    "merge_weights": st.booleans(),
    "lora_dropout": st.sampled_from([0, 1, -0.25, 0.5, 1.5]),
    "unheard_of": st.booleans(),
}

SKIPPED: Final = frozenset({"lora_alpha", "alpha_pattern"})
"""Fields whose numbers are drawn here, where none is a float of an integer's value."""


def _fields() -> dict[str, st.SearchStrategy[Any]]:
    kept = {name: drawn for name, drawn in FIELDS.items() if name not in SKIPPED}
    own = {"lora_alpha": NUMBERS, "alpha_pattern": st.dictionaries(NAMES, NUMBERS, max_size=2)}
    return kept | own


DRAWN: Final = _fields()

LOOSE: Final = st.sampled_from(
    [None, False, True, 0, 1, -1, 0.5, "", "x", [], [""], ["x"], [1], {}, {"": 1}, {"x": 1}]
)
"""Values that the loader looks at in many fields, right or wrong."""


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a document: any keys with valid values, one or two of them then spoilt."""
    names = draw(st.sets(st.sampled_from(sorted(DRAWN)), max_size=6))
    found = {"peft_type": "LORA", **{name: draw(DRAWN[name]) for name in sorted(names)}}
    for required in ("lora_alpha", "lora_dropout"):  # before 0.4.0
        if draw(st.integers(0, 9)):
            found.setdefault(required, 0)
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from(sorted({*DRAWN, *CLOSE})))
        found[name] = _spoilt(draw, name, found.get(name))
    return _as_json(found)


def _as_json(document: Document) -> Document:
    """Return a document as it is read from a file: the strategies draw tuples too."""
    read: Document = json.loads(json.dumps(document))
    return read


def _spoilt(draw: st.DrawFn, name: str, value: Any) -> Any:
    if name in CLOSE and draw(st.booleans()):
        return draw(CLOSE[name])
    if draw(st.booleans()):
        return draw(LOOSE)
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from([*value, "unheard_of"]))
        return value | {key: draw(VALUES | LOOSE)}
    if isinstance(value, list) and draw(st.booleans()):
        return [*value, draw(SCALARS)]
    return draw(VALUES)
