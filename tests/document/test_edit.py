from __future__ import annotations

import json
from typing import Final

import pytest

from loracfg.document.edit import ConfigEdit, RemoveKey, SetValue, apply_edits
from loracfg.document.json_document import Document, read_document


def document_of(text: str) -> Document:
    document, _ = read_document(text.encode(), "adapter_config.json")
    assert document is not None
    return document


PEFT_FILE: Final = """{
  "bias": "none",
  "lora_alpha": 16.0,
  "lr": 1e-4,
  "target_modules": [
    "q_proj"
  ],
  "z\\u0061": {}
}"""


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ('  "bias": "none",\n', "", [RemoveKey("/bias")]),
        ('  "lr": 1e-4,\n', "", [RemoveKey("/lr")]),
        (',\n  "z\\u0061": {}', "", [RemoveKey("/za")]),
        ("16.0", "16", [SetValue("/lora_alpha", 16)]),
        ("16.0", "true", [SetValue("/lora_alpha", True)]),
        ("", "", [SetValue("/lora_alpha", 16.0), SetValue("/lr", 0.0001), SetValue("/za", {})]),
        ('"q_proj"', '"q_proj.\\u00e4"', [SetValue("/target_modules/0", "q_proj.ä")]),
        (
            '[\n    "q_proj"\n  ]',
            '[\n    "k_proj",\n    "q_proj"\n  ]',
            [SetValue("/target_modules", ["k_proj", "q_proj"])],
        ),
        (
            "{}",
            '{\n    "alpha": {\n      "q": [\n        1,\n        {}\n      ]\n    }\n  }',
            [SetValue("/za/alpha", {"q": [1, {}]})],
        ),
        ('{\n  "bias"', '{\n  "alpha": null,\n  "bias"', [SetValue("/alpha", None)]),
        ('  "lr"', '  "lora_bias": false,\n  "lr"', [SetValue("/lora_bias", False)]),
        ("{}\n", '{},\n  "zz": 0\n', [SetValue("/zz", 0)]),
        (
            '{\n  "bias": "none",\n  "lora_alpha": 16.0,\n  "lr": 1e-4,\n',
            "{\n",
            [RemoveKey("/lr"), RemoveKey("/bias"), RemoveKey("/lora_alpha")],
        ),
        ('"lr": 1e-4', '"lr": 5', [RemoveKey("/lr"), SetValue("/lr", 5)]),
        (PEFT_FILE, "[\n  1\n]", [SetValue("", [1])]),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_as_peft_writes_it(
    old: str, new: str, changes: list[ConfigEdit], newline: str
) -> None:
    assert PEFT_FILE.count(old) == 1 or old == ""
    expected = PEFT_FILE.replace(old, new) if old else PEFT_FILE
    document = document_of(PEFT_FILE.replace("\n", newline))
    assert apply_edits(document, changes) == expected.replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        # one line
        ('{"b":1,"a":[2]}\n', SetValue("/c", {"x": [3, 4]}), '{"b":1,"a":[2],"c":{"x":[3,4]}}\n'),
        ('{"a": 1, "c": 2}', SetValue("/b", [3, 4]), '{"a": 1, "b": [3, 4], "c": 2}'),
        ('{"a":1, "b":2}', SetValue("/c", [3, {"d": 4}]), '{"a":1, "b":2, "c":[3, {"d":4}]}'),
        ('{"a":{"b":1}}', SetValue("/a/c", [2, 3]), '{"a":{"b":1,"c":[2,3]}}'),
        ('{"a" : 1, "b":2}', SetValue("/c", 3), '{"a" : 1, "b":2, "c":3}'),
        ('{ "a" : 1 }', SetValue("/b", 2), '{ "a" : 1, "b" : 2 }'),
        ('{"b": 1}', SetValue("/a", 2), '{"a": 2, "b": 1}'),
        ("{}", SetValue("/a", [1, 2]), '{"a": [1, 2]}'),
        ("{ }", SetValue("/a", 1), '{ "a": 1 }'),
        ('{"a": 1}', RemoveKey("/a"), "{}"),
        ('{ "a": 1 }\n', RemoveKey("/a"), "{}\n"),
        ('{"a": 1, "b": 2}', RemoveKey("/a"), '{"b": 2}'),
        # lists and objects on one line in a file of several
        ('{\n  "a": [1, 2]\n}', SetValue("/a", [1, 2, 3]), '{\n  "a": [1, 2, 3]\n}'),
        ('{\n  "a": {"b": 1}\n}', SetValue("/a/c", [2]), '{\n  "a": {"b": 1, "c": [2]}\n}'),
        ('{\n  "a": []\n}', SetValue("/a", [1]), '{\n  "a": [\n    1\n  ]\n}'),
        # several members on a line
        ('{\n\t"a": 1, "b": 2,\n\t"c": 3\n}', RemoveKey("/b"), '{\n\t"a": 1,\n\t"c": 3\n}'),
        ('{\n\t"a": 1,\n\t"b": 2, "c": 3\n}', RemoveKey("/b"), '{\n\t"a": 1,\n\t"c": 3\n}'),
        ('{\n\t"a": 1, "b": 2,\n\t"c": 3\n}', RemoveKey("/a"), '{\n\t"b": 2,\n\t"c": 3\n}'),
        # commas first
        ('{ "a": 1\n, "b": 2\n}', RemoveKey("/a"), '{ "b": 2\n}'),
        ('{ "a": 1\n, "b": 2\n}', RemoveKey("/b"), '{ "a": 1\n}'),
        (
            '{\n  "a": 1\n, "b": 2\n}',
            SetValue("/c", [3]),
            '{\n  "a": 1\n, "b": 2\n, "c": [\n    3\n  ]\n}',
        ),
        # empty lines
        ('{\n\n  "a": 1,\n\n  "b": 2\n\n}', RemoveKey("/a"), '{\n\n  "b": 2\n\n}'),
        ("{\n}", SetValue("/a", 1), '{\n"a": 1\n}'),
        # unsorted
        ('{\n "b": 1,\n "a": 2\n}', SetValue("/A", 3), '{\n "b": 1,\n "a": 2,\n "A": 3\n}'),
        # the root
        (" 1\n", SetValue("", {"a": [2, 3]}), ' {"a": [2, 3]}\n'),
        ("[1,2]", SetValue("/1", [3, 4]), "[1,[3,4]]"),
    ],
)
def test_layouts_that_people_write(before: str, change: ConfigEdit, after: str) -> None:
    assert apply_edits(document_of(before), [change]) == after


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (RemoveKey("/a"), '{"b": 2}'),
        (RemoveKey("/b"), '{"a": {"x": 1}, "\\u0061": 3, "a": {"y": 4}}'),
        (SetValue("/a", 5), '{"a": {"x": 1}, "b": 2, "\\u0061": 3, "a": 5}'),
        (SetValue("/a/y", 5), '{"a": {"x": 1}, "b": 2, "\\u0061": 3, "a": {"y": 5}}'),
    ],
)
def test_keys_that_stand_more_than_once(change: ConfigEdit, after: str) -> None:
    document = document_of('{"a": {"x": 1}, "b": 2, "\\u0061": 3, "a": {"y": 4}}')
    assert apply_edits(document, [change]) == after


def test_nan_stays_in_its_place_and_is_never_added() -> None:
    document = document_of('{"a": NaN, "b": [1e999]}')
    changes = [SetValue("/a", float("nan")), SetValue("/b", [float("inf")]), SetValue("/c", 1)]
    assert apply_edits(document, changes) == '{"a": NaN, "b": [1e999], "c": 1}'
    for pointer in ("/a", "/b/0", "/c"):
        for text in ('{"a": NaN, "b": [1e999]}', '{\n"a": NaN,\n"b": [\n1e999\n]\n}'):
            with pytest.raises(ValueError, match="not JSON compliant"):
                apply_edits(document_of(text), [SetValue(pointer, [float("nan")])])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (SetValue("/x/y", 1), "`/x/y` leads through `x`, which is missing"),
        (SetValue("/r/y", 1), "`/r/y` leads through a scalar value"),
        (SetValue("/list/1", 1), "`/list/1` is not an element of its array"),
        (SetValue("/list/-", 1), "`/list/-` is not an element of its array"),
        (SetValue("/list/00", 1), "`/list/00` is not an element of its array"),
        (SetValue("r", 1), "`r` does not point to a member"),
        (SetValue("x/r", 1), "`x/r` does not point to a member"),
        (RemoveKey(""), "`` does not point to a member"),
        (RemoveKey("/x"), "`/x` is not in the document"),
        (RemoveKey("/list/0"), "`/list/0` is not a member of an object"),
    ],
)
def test_changes_that_do_not_fit(change: ConfigEdit, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        apply_edits(document_of('{"r": 8, "list": [1]}'), [change])


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("{}", [SetValue("/b", 1), SetValue("/a", 2)], '{"a": 2, "b": 1}'),
        (
            '{"z": 1, "a": 2, "c": 3}',
            [RemoveKey("/z"), SetValue("/b", 4)],
            '{"a": 2, "b": 4, "c": 3}',
        ),
        (
            '{\n\t"b": 1,\n\t"a": 2\n}\n',
            [RemoveKey("/a"), RemoveKey("/b"), SetValue("/c", {}), SetValue("/c/d", 3)],
            '{\n\t"c": {\n\t\t"d": 3\n\t}\n}\n',
        ),
    ],
)
def test_changes_follow_one_another(before: str, changes: list[ConfigEdit], after: str) -> None:
    assert apply_edits(document_of(before), changes) == after


def test_a_removed_key_is_gone_for_what_follows() -> None:
    with pytest.raises(ValueError, match="`/r` is not in the document"):
        apply_edits(document_of('{"r": 8}'), [RemoveKey("/r"), RemoveKey("/r")])


def test_many_removals_take_no_quadratic_time() -> None:
    keys = [f"key{number}" for number in range(50_000)]
    document = document_of(json.dumps(dict.fromkeys(keys, 0) | {"r": 8}, indent=2))
    changes = [RemoveKey(f"/{key}") for key in keys]
    assert apply_edits(document, changes) == '{\n  "r": 8\n}'
