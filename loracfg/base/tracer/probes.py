"""Which kinds of value a key may have: those that were tried, and that its class does not refuse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from loracfg.base.catalogue.expression import kind_of
from loracfg.base.catalogue.raw import Raw
from loracfg.base.sandbox import quiet
from loracfg.base.tracer.shape import Shape
from loracfg.base.tracer.instruments import RATE

_NUMBERS: Final = frozenset(("int", "float"))
_PROBES: Final[dict[str, Any]] = {
    "null": None,
    "bool": True,
    "int": 2,
    "float": 0.5,
    "str": "x",
    "list": [],
    "dict": {},
}


def allowed_kinds(config_class: Any, shape: Shape, drawn: Iterable[Raw]) -> dict[str, list[str]]:
    """Return the kinds of value of each key for which it is known what the class makes of it.

    They are those that draws had, a number standing for the other kind of number, without those
    that the type of the key forbids (transformers 5). Rates are left out: they change no module.
    """
    raws = list(drawn)
    found = {}
    for path in shape.defaults():
        if RATE.search(path) or path.endswith("_token_id"):
            continue
        seen = {kind_of(raw[path]) for raw in raws} - {"absent"}
        if not seen.isdisjoint(_NUMBERS):
            seen |= _NUMBERS
        found[path] = sorted(k for k in seen if not _refuses(config_class, path, _PROBES[k]))
    return found


def _refuses(config_class: Any, path: str, value: Any) -> bool:
    """Tell whether a config with this value alone is refused for the type of that field."""
    name = path.rpartition(".")[2]
    raw: Any = value
    for part in reversed(path.split(".")):
        raw = {part: raw}
    try:
        with quiet():
            config_class.from_dict(raw)
    except Exception as error:  # config classes raise what they like
        cause: BaseException | None = error
        while cause is not None:
            if getattr(cause, "field", None) == name:  # StrictDataclassFieldValidationError
                return True
            cause = cause.__cause__
        return f"field '{name}'" in str(error)
    return False
