"""Our named tuples are those of typing in all that a program can notice."""

from __future__ import annotations

import pickle
import typing
from pathlib import Path

import pytest

from loracfg.named_tuple import NamedTuple


class Ours(NamedTuple):
    """A place."""

    path: Path
    line: int = 1
    notes: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The place as text."""
        return f"{self.path}:{self.line}"

    def __str__(self) -> str:
        return self.shown


class Theirs(typing.NamedTuple):
    """A place."""

    path: Path
    line: int = 1
    notes: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The place as text."""
        return f"{self.path}:{self.line}"

    def __str__(self) -> str:
        return self.shown


class Empty(NamedTuple):
    """Nothing."""


def test_classes_are_equal() -> None:
    for name in ("_fields", "_field_defaults", "__doc__", "__module__", "__bases__", "__slots__"):
        assert getattr(Ours, name) == getattr(Theirs, name)
    assert (Ours.__name__, Ours.__qualname__) == ("Ours", "Ours")
    assert typing.get_type_hints(Ours) == typing.get_type_hints(Theirs)
    assert Empty() == ()
    assert Empty._fields == ()


def test_objects_are_equal() -> None:
    ours, theirs = Ours(Path("a"), notes=("b",)), Theirs(Path("a"), notes=("b",))
    assert tuple(ours) == tuple(theirs)
    assert hash(ours) == hash(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert f"{ours}" == f"{theirs}" == "a:1"
    assert ours._replace(line=2)._asdict() == theirs._replace(line=2)._asdict()
    assert pickle.loads(pickle.dumps(ours)) == ours  # noqa: S301  # our own bytes


def test_missing_and_unknown_fields_are_refused() -> None:
    with pytest.raises(TypeError, match="path"):
        Ours()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="other"):
        Ours(Path("a"), other=1)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Ours(Path("a")).line = 2  # type: ignore[misc]
