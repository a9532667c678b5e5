from __future__ import annotations

import json
from copy import deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loracfg.document.edit import ConfigEdit, RemoveKey, SetValue, apply_edits
from loracfg.document.json_document import Document, read_document
from loracfg.document.parser import parse
from loracfg.document.pointer import escape, unescape
from tests.corpus import shared
from tests.document.strategies import OBJECTS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

KEYS: Final = st.sampled_from(["a", "b", "~/", "", "0", "ä\n"]) | st.text(max_size=3)
SCALARS: Final = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
) | st.text(max_size=3)
VALUES: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
LAYOUTS: Final[st.SearchStrategy[dict[str, Any]]] = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 1, 2, 4, "\t"]),
        "separators": st.sampled_from([None, (",", ":"), (", ", ": "), (" ,", " : ")]),
        "sort_keys": st.booleans(),
        "ensure_ascii": st.booleans(),
    }
)


def document_of(text: str) -> Document:
    document, _ = read_document(text.encode(), "adapter_config.json")
    assert document is not None
    return document


def same(one: Any, other: Any) -> bool:
    """Compare as JSON: with types and signs, without the order of keys."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@st.composite
def _dumped(draw: st.DrawFn) -> str:
    text = json.dumps(draw(VALUES), **draw(LAYOUTS))
    start, end = draw(st.tuples(st.sampled_from(["", "\n "]), st.sampled_from(["", "\n", "\n\n"])))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return (start + text + end).replace("\n", newline)


DOCUMENTS: Final = (_dumped() | TEXTS | OBJECTS).map(document_of)


def at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else unescape(step)]
    return value


def applied(changes: Sequence[ConfigEdit], value: Any) -> Any:
    """Make the changes on values alone."""
    root = [deepcopy(value)]
    for change in changes:
        parent, _, step = ("/0" + change.pointer).rpartition("/")
        container = at(root, parent)
        key = int(step) if isinstance(container, list) else unescape(step)
        if isinstance(change, SetValue):
            container[key] = deepcopy(change.value)
        else:
            del container[key]
    return root[0]


def _inside(pointer: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        steps = [escape(key) for key in value]
    else:
        steps = [str(i) for i in range(len(value))] if isinstance(value, list) else []
    children = [f"{pointer}/{step}" for step in steps]
    items = value.values() if isinstance(value, dict) else value
    pairs = zip(children, items, strict=True) if children else ()
    return [(pointer, value), *(found for pair in pairs for found in _inside(*pair))]


@st.composite
def change_of(draw: st.DrawFn, value: Any) -> ConfigEdit:
    pointer, present = draw(st.sampled_from(_inside("", value)))
    kinds = ["set"]
    if isinstance(present, dict):
        kinds += ["add", "add"]
    if pointer and isinstance(at(value, pointer.rpartition("/")[0]), dict):
        kinds += ["remove", "remove"]
    kind = draw(st.sampled_from(kinds))
    if kind == "remove":
        return RemoveKey(pointer)
    if kind == "add":
        pointer = f"{pointer}/{escape(draw(KEYS))}"
    return SetValue(pointer, draw(VALUES))


@st.composite
def edits(draw: st.DrawFn) -> tuple[Document, list[ConfigEdit]]:
    document = draw(DOCUMENTS)
    value, changes = document.value, []
    for _ in range(draw(st.integers(1, 6))):
        changes.append(draw(change_of(value)))
        value = applied(changes[-1:], value)
    return document, changes


def members(text: str) -> dict[str, tuple[int, str]]:
    """Return where each member begins and its text, from its key to its value."""
    places = {
        pointer: ((span.key or span.value)[0], span.value[1])
        for pointer, span in parse(text).spans.items()
    }
    return {pointer: (start, text[start:end]) for pointer, (start, end) in places.items()}


def contiguous(shorter: str, longer: str) -> bool:
    """Tell whether one text is another without one piece of it."""
    pairs = zip(shorter, longer, strict=False)
    start = next((i for i, (one, other) in enumerate(pairs) if one != other), len(shorter))
    return longer.endswith(shorter[start:])


@given(edits())
def test_the_new_text_has_the_value_that_the_changes_give(
    edit: tuple[Document, list[ConfigEdit]],
) -> None:
    document, changes = edit
    assert same(parse(apply_edits(document, changes)).value, applied(changes, document.value))


@given(edits())
def test_members_that_no_change_touches_keep_their_text_and_order(
    edit: tuple[Document, list[ConfigEdit]],
) -> None:
    document, changes = edit
    touched = [change.pointer for change in changes]
    before = {
        pointer: member
        for pointer, member in members(document.text).items()
        if not any(f"{t}/".startswith(f"{pointer}/") for t in touched)
        and not any(pointer.startswith(f"{t}/") for t in touched)
    }
    after = members(apply_edits(document, changes))
    assert {pointer: after[pointer][1] for pointer in before} == {
        pointer: text for pointer, (_, text) in before.items()
    }
    ordered = sorted(before, key=lambda pointer: before[pointer][0])
    assert all(after[one][0] <= after[other][0] for one, other in pairwise(ordered))


@given(DOCUMENTS)
def test_no_change_gives_the_same_text(document: Document) -> None:
    assert apply_edits(document, []) == document.text


@given(DOCUMENTS, st.data())
def test_an_equal_value_changes_nothing(document: Document, data: st.DataObject) -> None:
    values = _inside("", document.value)
    chosen = data.draw(st.lists(st.sampled_from(values), max_size=4))
    changes = [SetValue(pointer, deepcopy(value)) for pointer, value in chosen]
    assert apply_edits(document, changes) == document.text


@given(DOCUMENTS, st.data())
def test_one_change_leaves_all_text_round_its_place(
    document: Document, data: st.DataObject
) -> None:
    change = data.draw(change_of(document.value))
    before, after = document.text, apply_edits(document, [change])
    span = document.parsed.spans.get(change.pointer)
    if isinstance(change, RemoveKey):
        assume(change.pointer not in {repeat.pointer for repeat in document.parsed.repeated})
        assert contiguous(after, before)
    elif span:
        start, end = span.value
        assert after.startswith(before[:start])
        assert after.endswith(before[end:])
    else:
        assume(at(document.value, change.pointer.rpartition("/")[0]))
        assert contiguous(before, after)


@given(
    st.dictionaries(KEYS, VALUES, min_size=1, max_size=4),
    st.sampled_from([None, 0, 1, 2, 4, "\t"]),
    st.sampled_from([None, (",", ":")]),
    st.data(),
)
def test_what_json_wrote_with_sorted_keys_looks_after_edits_as_if_it_had_written_that(
    value: dict[str, Any],
    indent: int | str | None,
    separators: tuple[str, str] | None,
    data: st.DataObject,
) -> None:
    def dumped() -> str:
        return json.dumps(value, indent=indent, separators=separators, sort_keys=True)

    document = document_of(dumped())
    changes: list[ConfigEdit] = []
    for _ in range(data.draw(st.integers(1, 4))):
        change = data.draw(change_of(value))
        assume(change.pointer)
        if isinstance(change, SetValue):
            ordered = json.loads(json.dumps(change.value, sort_keys=True))
            change = SetValue(change.pointer, ordered)
        changes.append(change)
        value = applied([change], value)
    assert apply_edits(document, changes) == dumped()


@pytest.mark.slow
def test_every_member_of_published_files_can_be_removed_and_replaced() -> None:
    paths = sorted(shared("corpus/configs").glob("*.json"))
    assert paths
    for path in paths:
        document, _ = read_document(path.read_bytes(), path.name)
        if document is None:
            continue
        for key, value in document.value.items():
            removed = apply_edits(document, [RemoveKey(f"/{key}")])
            assert contiguous(removed, document.text)
            assert same(parse(removed).value, {k: v for k, v in document.value.items() if k != key})
            start, end = document.parsed.spans[f"/{key}"].value
            replaced = apply_edits(document, [SetValue(f"/{key}", [value])])
            assert replaced != document.text
            assert replaced.startswith(document.text[:start])
            assert replaced.endswith(document.text[end:])
