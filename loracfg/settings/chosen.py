"""Values that somebody chose, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.document.toml_places import Place
    from loracfg.settings.keys import Value


class Origin(NamedTuple):
    """Where a value was chosen.

    Attributes:
        kind: what it comes from.
        name: the option, the variable or the path of the file.
        place: the place in the file.
        pattern: the pattern in `[paths]` that it is for.
    """

    kind: Literal["option", "variable", "file", "default"]
    name: str = ""
    place: Place | None = None
    pattern: str | None = None

    def __str__(self) -> str:
        """Return it as `loracfg.toml:3:9`, `--base`, `LORACFG_BASE` or `default`."""
        where = f":{self.place.line}:{self.place.column}" if self.place else ""
        return f"{self.name or self.kind}{where}"


class Chosen(NamedTuple):
    """A value and where it was chosen: one place, or several if lists were joined."""

    value: Value
    origins: tuple[Origin, ...]

    def joined(self, other: Chosen) -> Chosen:
        """Return the list of both, for a key whose lists add up."""
        if not (isinstance(self.value, tuple) and isinstance(other.value, tuple)):
            return other
        origins = tuple(one for one in (*self.origins, *other.origins) if one.kind != "default")
        return Chosen(tuple(dict.fromkeys((*self.value, *other.value))), origins)
