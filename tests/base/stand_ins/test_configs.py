"""Config classes that stand in for strict dataclasses take the values that those take."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Final, ForwardRef, Literal, Optional, Union

from huggingface_hub import dataclasses as real
from huggingface_hub.errors import StrictDataclassError
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.base.catalogue.stand_ins import configs, records

REFUSALS: Final = (TypeError, ValueError, StrictDataclassError)

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


def positive(value: Any) -> None:
    if isinstance(value, int) and value < 0:
        raise ValueError("it is negative")


def record(home: Any, bases: tuple[Any, ...], **own: Any) -> Any:
    """Return a config class as a library makes it; fields are pairs of a type and a default."""
    found = {name: value for name, value in own.items() if isinstance(value, tuple)}
    body = own | {name: default for name, (_, default) in found.items()}
    body["__annotations__"] = {name: kind for name, (kind, _) in found.items()}
    dataclass = records.dataclass if home is configs else dataclasses.dataclass
    return home.strict(dataclass(type("Config", bases, body)))


def of_library(home: Any, annotation: Any, *, is_checked: bool) -> Any:
    """Return a config class of two fields."""

    def validate_sum(self: Any) -> None:
        if self.first == 2 and self.second == 2:
            raise ValueError("they do not go together")

    default = home.as_validated_field(positive)(default=None) if is_checked else None
    first, second = (annotation, default), (int, 3)
    return record(home, (), first=first, second=second, validate_sum=validate_sum)


def outcome(home: Any, annotation: Any, steps: list[tuple[str, Any]], *, is_checked: bool) -> Any:
    """Return whether the class takes values, when it is made and when they are set after."""
    taken = []
    try:
        config = of_library(home, annotation, is_checked=is_checked)(**dict(steps[:2]))
    except REFUSALS:
        return "refused"
    for name, value in steps[2:]:
        try:
            setattr(config, name, value)
            taken.append(True)
        except REFUSALS:
            taken.append(False)
    return taken, repr(vars(config))


STEP: Final = st.one_of(
    st.tuples(st.just("first"), VALUE),
    st.tuples(st.just("second"), st.integers(-1, 3) | LEAF),
    st.tuples(st.just("no_field"), LEAF),
)


@given(ANNOTATION, VALUE)
@settings(deadline=None, max_examples=400)
def test_types_are_checked_alike(annotation: Any, value: Any) -> None:
    def fits(home: Any) -> bool:
        try:
            home("name", value, annotation)
        except TypeError:
            return False
        return True

    assert fits(configs.check) == fits(real.type_validator)


@given(ANNOTATION, st.lists(STEP, max_size=5), st.booleans())
@settings(deadline=None)
def test_classes_take_the_same_values(
    annotation: Any, steps: list[tuple[str, Any]], is_checked: bool
) -> None:
    ours = outcome(configs, annotation, steps, is_checked=is_checked)

    assert ours == outcome(real, annotation, steps, is_checked=is_checked)


def family(home: Any) -> Any:
    """Return a class whose parent is strict as well."""

    def narrow(self: Any) -> None:
        if self.width > 8:
            raise ValueError("it is wide")

    def polite(self: Any) -> None:
        if self.width == "no":
            raise ValueError("it says no")

    parent = record(home, (), width=(int, 4), depth=(int, 2), validate_width=narrow)
    more = (float | None, None)
    return record(home, (parent,), width=(str, "4"), more=more, validate_width=polite)


@given(
    st.dictionaries(
        st.sampled_from(["width", "depth", "more"]),
        st.sampled_from([4, 9, "4", "no", 0.5, None, True]),
    )
)
@settings(deadline=None)
def test_children_override_what_parents_check(values: dict[str, Any]) -> None:
    def made(home: Any) -> Any:
        try:
            return repr(vars(family(home)(**values)))
        except REFUSALS:
            return "refused"

    assert made(configs) == made(real)
