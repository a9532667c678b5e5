"""Read `loracfg.toml` and `[tool.loracfg]`, with the place of every value."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from loracfg.document.display import printable
from loracfg.document.toml_places import Place, TomlPlaces, toml_places
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.render.place import path_from_here
from loracfg.settings.chosen import Chosen, Origin
from loracfg.settings.find import OWN, SHARED, read_bytes
from loracfg.settings.keys import (
    CODES,
    EXCLUDES,
    GLOBS,
    OF_FILE,
    OF_PATHS,
    OF_POLICY,
    PATHS,
    POLICY,
    Key,
    Value,
)
from loracfg.settings.meaning import check_meaning
from loracfg.settings.toml_file import TABLE, SettingsError, our_table, parse_toml
from loracfg.sources.excluded import NOT_NEGATED
from loracfg.sources.globs import SYNTAX

_KINDS: Final = {bool: "a boolean", int: "an integer", float: "a float", str: "a string"}
_FORMS: Final = {
    CODES: "write codes such as `LC503`, prefixes such as `LC7`, or names",
    GLOBS: SYNTAX,
    EXCLUDES: f"{SYNTAX}; {NOT_NEGATED}",
}


class PathTable(NamedTuple):
    """The values for the adapters whose path matches a pattern."""

    pattern: str
    values: Mapping[str, Chosen]


class SettingsFile(NamedTuple):
    """A file with a project's choices.

    Attributes:
        path: the file.
        values: the values of its keys, by name.
        tables: the values of `[paths]`, in the order of the file.
    """

    path: Path
    values: Mapping[str, Chosen]
    tables: tuple[PathTable, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder that paths in the file are relative to."""
        return self.path.parent


def read_file(path: Path, data: bytes | None = None) -> SettingsFile:
    """Read a file. In a `pyproject.toml`, only `[tool.loracfg]` matters.

    Args:
        path: the file.
        data: its bytes, if they are not those on disk.

    Raises:
        LoracfgError: it cannot be read, or is wrong; the message says where.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100  # `..` must go, for patterns
    text, values = parse_toml(path, read_bytes(path) if data is None else data)
    if path.name != SHARED:
        return _Reader(path, text, ()).read(values)
    found = our_table(values)
    if found is None:
        message = f"`{path_from_here(str(path))}` has no `[tool.loracfg]`"
        raise LoracfgError(message, "add it, or pass a different file")
    return _Reader(path, text, TABLE).read(found)


class _Reader:
    """Checks the values of a file."""

    def __init__(self, path: Path, text: str, table: tuple[str, ...]) -> None:
        self.path, self.text, self.table = path, text, table
        self._places: TomlPlaces | None = None

    @property
    def places(self) -> TomlPlaces:
        if self._places is None:
            self._places = toml_places(self.text)
        return self._places

    def read(self, data: object) -> SettingsFile:
        top = dict(self._members(data, ()))
        paths, policy = top.pop(PATHS, {}), top.pop(POLICY, {})
        values = self._values(top, (), OF_FILE)
        self._check_meaning(values, ())
        values |= self._values(policy, (POLICY,), OF_POLICY)
        tables = tuple(self._tables(paths))
        for table in tables:
            self._check_meaning(table.values, (PATHS, table.pattern))
        return SettingsFile(self.path, values, tables)

    def _tables(self, data: object) -> Iterator[PathTable]:
        for pattern, table in self._members(data, (PATHS,)):
            at = (PATHS, pattern)
            if not re.search(GLOBS, pattern):
                message = f"`{printable(pattern)}` is not a pattern of paths"
                raise self._error(message, SYNTAX, self.places.of_key((*self.table, *at)))
            yield PathTable(pattern, self._values(table, at, OF_PATHS, pattern))

    def _members(self, data: object, at: tuple[str, ...]) -> Iterator[tuple[str, object]]:
        if not isinstance(data, dict):
            name = ".".join((*self.table, *at))
            message = f"`{printable(name)}` is {_kind_of(data)}, not a table"
            raise self._error(message, f"write `[{printable(name)}]`", self._place(at))
        yield from data.items()

    def _values(
        self,
        data: object,
        at: tuple[str, ...],
        known: Mapping[str, Key],
        pattern: str | None = None,
    ) -> dict[str, Chosen]:
        found = {}
        for name, value in self._members(data, at):
            if name not in known:
                raise self._unknown(name, at, {*known} if at else {*known, PATHS, POLICY})
            place = self._place((*at, name))
            origin = Origin("file", path_from_here(str(self.path)), place, pattern)
            key = known[name]
            found[key.name] = Chosen(self._checked(value, key, (*at, name)), (origin,))
        return found

    def _checked(self, value: object, key: Key, at: tuple[str, ...]) -> Value:
        """Return a value with the type of its key."""
        kind, name = key.kind, printable(at[-1])
        write = f"write `{name} = {kind.example}`"
        if isinstance(value, list) and kind.is_list:
            for index, item in enumerate(value):
                if not kind.accepts(item):
                    advice = _FORMS.get(kind.pattern, write) if isinstance(item, str) else write
                    message = f"`{name}` has {_shown(item)}, which is not {kind.what}"
                    raise self._error(message, advice, self._place((*at, index)))
            return tuple(value)
        if kind.is_list or not kind.accepts(value):
            what = "a list" if kind.is_list else kind.what
            raise self._error(f"`{name}` is {_shown(value)}, not {what}", write, self._place(at))
        assert isinstance(value, str | int)
        return value

    def _check_meaning(self, values: Mapping[str, Chosen], at: tuple[str, ...]) -> None:
        """Check that what the values name exists."""
        for name, (value, _) in values.items():
            items = enumerate(value) if isinstance(value, tuple) else [(None, value)]
            for index, item in items:
                try:
                    check_meaning(name, item)
                except LoracfgError as error:
                    inside = () if index is None else (index,)
                    place = self._place((*at, name, *inside))
                    raise self._error(error.message, error.help, place) from None

    def _unknown(self, name: str, at: tuple[str, ...], known: set[str]) -> LoracfgError:
        close = get_close_matches(name.replace("_", "-").lower(), known, 1, 0.6)
        where = f" in `[{printable('.'.join((*self.table, *at)))}]`" if at else ""
        if at and name in OF_FILE:
            advice = f"move `{name}` to the top of the file"
        elif name == TABLE[0] and not at and not self.table:
            advice = f"in `{OWN}`, write the keys without `[{'.'.join(TABLE)}]`"
        elif close:
            advice = f"write `{close[0]}`"
        else:
            advice = f"remove it; the keys are {', '.join(f'`{one}`' for one in sorted(known))}"
        place = self.places.of_key((*self.table, *at, name))
        return self._error(f"unknown key `{printable(name)}`{where}", advice, place)

    def _place(self, at: tuple[str | int, ...]) -> Place:
        return self.places.of((*self.table, *at))

    def _error(self, message: str, advice: str, place: Place) -> LoracfgError:
        return SettingsError(self.path, message, advice, place)


def _kind_of(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else _KINDS.get(type(value), "a date or time")


def _shown(value: object) -> str:
    """Return a value in backticks if it is short, else what kind of value it is."""
    if isinstance(value, bool):
        return f"`{value}`".lower()
    if isinstance(value, str):
        return f'`"{printable(value)}"`'
    return f"`{value}`" if isinstance(value, int | float) else _kind_of(value)
