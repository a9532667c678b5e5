"""The value of a `config.json` by dotted paths, with the defaults of its class filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loracfg.base.catalogue.expression import ABSENT


class Raw(dict[str, Any]):
    """Maps paths as `text_config.hidden_size` to values; what is nowhere is `ABSENT`.

    A default stands for a key that is absent from an object that is there. `num_labels` is the
    number of `id2label`, where that is given, as in every config class.
    """

    def __init__(self, value: dict[str, Any], defaults: Mapping[str, Any]) -> None:
        super().__init__()
        self.value = value
        self.given: set[str] = set()
        """The paths that were asked for and are in the value, not a default."""
        self.defaults = defaults

    def __missing__(self, path: str) -> Any:
        *parents, name = path.split(".")
        at: Any = self.value
        for parent in parents:
            at = at.get(parent, ABSENT) if isinstance(at, dict) else ABSENT
        if name == "num_labels" and isinstance(at, dict) and isinstance(at.get("id2label"), dict):
            found: Any = len(at["id2label"])
        elif isinstance(at, dict):
            if name in at:
                self.given.add(path)
            found = at[name] if name in at else self.defaults.get(path, ABSENT)
        else:
            found = ABSENT
        self[path] = found
        return found

    def filled(self) -> dict[str, Any]:
        """Return the value with the defaults filled in, where their object is there."""
        made: dict[str, Any] = _copied(self.value)
        for path, default in self.defaults.items():
            *parents, name = path.split(".")
            at: Any = made
            for parent in parents:
                at = at.get(parent) if isinstance(at, dict) else None
            if isinstance(at, dict) and name not in at:
                at[name] = default
        return made


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return list(value) if isinstance(value, list) else value
