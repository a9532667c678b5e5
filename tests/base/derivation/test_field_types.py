"""Fields in facts accept the same values as strict dataclasses of huggingface_hub."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, ForwardRef, Literal, Optional, Union

from huggingface_hub import dataclasses as real
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.base.catalogue.configs import field_types
from loracfg.base.derivation.configs.reflection import type_text

PLAIN: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [int, float, str, bool, type(None), None, dict, list, tuple, Any, "int", ForwardRef("int")]
) | st.sampled_from(
    [Literal["a", "b"], Literal[1, 2], Literal[True], Literal[0, False, "a"], Literal[None, 1]]
)


def of(kind: Any, *parts: Any) -> Any:
    return kind[parts if len(parts) > 1 else parts[0]]


def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    typed = inner.filter(lambda one: not isinstance(one, str))
    return st.one_of(
        st.builds(of, st.sampled_from([list, set, Sequence]), inner),
        st.builds(of, st.just(dict), st.sampled_from([str, int]), inner),
        st.builds(of, st.just(tuple), inner, st.just(...)),
        st.builds(of, st.just(tuple), inner, inner),
        st.builds(of, st.just(Union), typed, typed),
        st.builds(of, st.just(Optional), typed),
    )


ANNOTATION: Final = st.recursive(PLAIN, larger, max_leaves=4)
LEAF: Final = st.sampled_from(
    [0, 1, 2, -1, 1.0, 0.5, True, False, None, "a", "b", "", "int", 10**30, float("nan")]
)
VALUE: Final[st.SearchStrategy[Any]] = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from(["a", 1]), inner, max_size=2),
        st.sets(LEAF, max_size=2),
    ),
    max_leaves=4,
)


@given(ANNOTATION, VALUE)
@settings(deadline=None, max_examples=settings().max_examples * 4)
def test_types_are_checked_the_same_way(annotation: Any, value: Any) -> None:
    try:
        real.type_validator("name", value, annotation)
    except TypeError:
        is_accepted = False
    else:
        is_accepted = True
    text = type_text(annotation)

    assert field_types.test_of(text)(value) == is_accepted, text
    always = field_types.always_fitting(text)
    assert is_accepted or (always is not None and type(value) not in always), text
