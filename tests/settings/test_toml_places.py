"""Places in TOML: each key and value that tomllib reads has the place where it is written."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.document.toml_places import Path, Place, TomlPlaces, toml_places

TEXTS = st.text("ab\"'\\#=[]{},. \t", max_size=6)
NAMES = st.sampled_from(["a", "b-c", "d e", "f.g", 'h"i', "j'k", "", "#", "1"])
SIMPLE = st.one_of(st.booleans(), st.integers(-9, 99), st.just(1.5), TEXTS)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)
SPACES = st.sampled_from(["", " ", "\t"])
LINES = st.sampled_from(["", " ", "\n", "\r\n  ", " # a ] } \" ' = comment\n"])


class Writer:
    """Writes data as TOML, in one of the many ways, and notes where everything is."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.text = ""
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}

    def place(self) -> Place:
        before = self.text.split("\n")
        return Place(len(before), len(before[-1]) + 1)

    def write(self, text: str) -> None:
        self.text += text

    def key(self, path: Path) -> None:
        self.keys.setdefault(path, self.place())
        name = str(path[-1])
        plain = name.isascii() and name.replace("-", "a").isalnum()
        forms = [json.dumps(name)] + [f"'{name}'"] * ("'" not in name) + [name] * plain
        self.write(self.draw(st.sampled_from(forms)))

    def pair(self, path: Path, value: Any) -> None:
        self.key(path)
        while isinstance(value, dict) and len(value) == 1 and self.draw(st.booleans()):
            self.write(self.draw(SPACES) + "." + self.draw(SPACES))
            ((name, value),) = value.items()
            path = (*path, name)
            self.key(path)
        self.write(self.draw(SPACES) + "=" + self.draw(SPACES))
        self.value(path, value)

    def value(self, path: Path, value: Any) -> None:
        self.values[path] = self.place()
        if isinstance(value, dict):
            self.write("{")
            for index, (name, one) in enumerate(value.items()):
                self.write(("," if index else "") + self.draw(SPACES))
                self.pair((*path, name), one)
            self.write(self.draw(SPACES) + "}")
        elif isinstance(value, list):
            self.write("[" + self.draw(LINES))
            for index, one in enumerate(value):
                self.value((*path, index), one)
                self.write(self.draw(LINES) + "," + self.draw(LINES))
            self.write("]")
        else:
            self.write(self.string(value) if isinstance(value, str) else json.dumps(value))

    def string(self, text: str) -> str:
        forms = [json.dumps(text)]
        forms += [f"'{text}'"] * ("'" not in text)
        forms += [f"'''\n{text}'''"] * ("'''" not in text and not text.endswith("'"))
        forms += ['"""' + json.dumps(text)[1:-1] + '"""']
        form: str = self.draw(st.sampled_from(forms))
        return form

    def table(self, path: Path, data: dict[str, Any]) -> None:
        below = [name for name, one in data.items() if isinstance(one, dict)]
        own = [name for name in below if self.draw(st.booleans())]
        for name, value in data.items():
            if name not in own:
                self.pair((*path, name), value)
                self.write(self.draw(LINES) + "\n")
        for name in own:
            self.write(self.draw(SPACES) + "[")
            for end in range(1, len(path) + 2):
                self.write("." if end > 1 else "")
                self.key((*path, name)[:end])
            self.write("]" + self.draw(SPACES) + "\n")
            self.table((*path, name), data[name])


@settings(deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=4), st.data())
def test_places_of_drawn_text(data: dict[str, Any], drawn: st.DataObject) -> None:
    writer = Writer(drawn.draw)
    writer.table((), data)
    assert tomllib.loads(writer.text) == data
    assert toml_places(writer.text) == TomlPlaces(writer.keys, writer.values)


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("day = 1979-05-27 07:32:00Z # x\nb = 1", ("b",), Place(2, 5)),
        ('a = """x""quoted""\\""""\nb = 1', ("b",), Place(2, 5)),
        ('a = """x"""""\nb = 1', ("b",), Place(2, 5)),
        ("a = '''x''''\nb = 1", ("b",), Place(2, 5)),
        ("[[x]]\na = 1\n[[x]]\na = 2\n[x.y]\nz = 3", ("x", 1, "y", "z"), Place(6, 5)),
        ("[[x]]\na = 1\n[[x]]\na = 2", ("x", 0, "a"), Place(2, 5)),
        ("[[x]]\n[[x.y]]\na = 1\n[[x.y]]\na = 2", ("x", 0, "y", 1, "a"), Place(5, 5)),
        ("x = [[1, 2], [{ y = 0xff }]]", ("x", 1, 0, "y"), Place(1, 21)),
        ('"\\u0061" = 1', ("a",), Place(1, 12)),
        ("a = +inf\nb = 1", ("b",), Place(2, 5)),
    ],
)
def test_place(text: str, path: Path, place: Place) -> None:
    value: Any = tomllib.loads(text)
    for step in path:
        value = value[step]
    assert toml_places(text).of(path) == place


def test_a_table_is_where_its_header_is() -> None:
    places = toml_places("[a.b]\nc = 1\n")
    assert places.of(("a", "b")) == Place(1, 4)
    assert places.of(("a", "b", "c", 3)) == Place(2, 5)
    assert places.of(("z",)) == Place(1, 1)
