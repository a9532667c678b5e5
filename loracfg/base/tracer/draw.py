"""Draws values for `config.json`: what a config class has by default, changed here and there."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any, Final

from loracfg.base.tracer.shape import Field, Shape

_COUNTED: Final = re.compile(
    r"layers?$|layers_|n_layer|depths?$|num_blocks|num_.*blocks|experts$|repeats|num_stages|n_head_layers"
)
_FACTOR: Final = re.compile(r"coefficient|ratio|factor|multiplier|scale$|theta|rate$|rates$")
"""Floats that models multiply sizes with, or divide by."""
_FACTORS: Final = (0.25, 0.5, 1, 2, 3, 4)
_SPECIAL: Final = {
    "feed_forward_proj": ("relu", "gelu", "silu", "gated-gelu", "gated-silu", "gated-relu"),
}
"""Strings that are taken apart, so that no comparison names their values."""
_ACTIVATIONS: Final = ("gelu", "relu", "silu", "gelu_new")


@dataclass
class Draw:
    """How to draw: `pools` are strings and numbers that decisions asked for, by path of the key."""

    rng: random.Random
    pools: dict[str, set[Any]]
    small: bool = True

    def config(
        self,
        shape: Shape,
        path: str = "",
        rate: float | None = None,
        near: frozenset[str] = frozenset(),
    ) -> dict[str, Any]:
        """Return the value of a `config.json`, without `model_type`.

        `rate` is how likely a key is to be changed; those in `near` always are.
        """
        rng = self.rng
        rate = rng.choice((0.0, 0.1, 0.3, 0.6)) if rate is None else rate
        made: dict[str, Any] = {}
        lengths = self.lengths(shape) if self.small or rng.random() < 0.5 else {}
        for name, one in shape.fields.items():
            listed = self.listed(one, rate, is_near=path + name in near)
            if listed is not None and len(listed) in lengths:
                made[name] = self.resized(one, listed, lengths[len(listed)])
                continue
            if one.words and listed is None and (path + name in near or rng.random() < rate / 2):
                layers = shape.fields.get("num_hidden_layers")
                count = made.get("num_hidden_layers", layers.default if layers else 2)
                count = count + rng.choice((0, 0, 1)) if type(count) is int else self.count()
                made[name] = self.spelled(one, count)
                continue
            if type(one.default) is int and one.default in lengths and self._is_counted(one):
                made[name] = lengths[one.default]
                continue
            counted = self.small and self._is_counted(one) and not one.is_extra
            own_rate = max(rate, 0.35) if rate and self._is_flag(one) else rate
            changed = path + name in near or rng.random() < own_rate
            if not changed and not counted:
                if not self.small and not one.is_extra and rng.random() < 0.7:
                    made[name] = one.default
                continue
            value = self.value(one, path + name, counted)
            if value is not _NOTHING:
                key = name
                if name in shape.aliases and rng.random() < 0.3:
                    key = shape.aliases[name]
                made[key] = value
        for name, part in shape.parts.items():
            inner = self.config(part, f"{path}{name}.", rate, near)
            if inner:
                if getattr(part.cls, "model_type", ""):
                    inner["model_type"] = part.cls.model_type
                made[name] = inner
        return made

    def lengths(self, shape: Shape) -> dict[int, int]:
        """Draw new lengths for lists, the same for all that are of one length."""
        found = (value for f in shape.fields.values() for value in (f.default, f.example))
        lists = sorted({len(value) for value in found if isinstance(value, list)})
        large = {n: self.count() for n in lists if n > 5}
        few = {n: self.rng.choice((n, n, self.rng.randint(1, n))) for n in lists if 1 < n <= 5}
        return large | few

    def count(self) -> int:
        """Draw a number of layers: a few, and now and then as many as patterns may need."""
        return self.rng.randint(1, 4) if self.rng.random() < 0.88 else self.rng.randint(6, 13)

    def listed(self, one: Field, rate: float, *, is_near: bool) -> list[Any] | None:
        """Return the list that a key has by default, or now and then what its class makes."""
        if isinstance(one.default, list):
            return one.default
        is_made = one.default is None and isinstance(one.example, list)
        return one.example if is_made and (is_near or self.rng.random() < rate / 2) else None

    def resized(self, one: Field, listed: list[Any], length: int) -> list[Any]:
        """Return so many of a key's items, numbers in order, names in any."""
        values = (listed * length)[:length]
        if _COUNTED.search(one.name) and all(type(value) is int for value in values):
            return [self.rng.randint(1, 3) for _ in values]
        if all(isinstance(value, (int, float)) for value in values):
            return self.items(values)  # type: ignore[no-any-return]
        if one.words and self.rng.random() < 0.5:
            return [self.rng.choice(one.words) for _ in range(length)]
        return [self.rng.choice(listed) for _ in range(length)]

    def spelled(self, one: Field, length: int) -> Any:
        """Return a list, or a string, of what a key's items may be."""
        words = one.words
        if isinstance(words[0], tuple):
            words = self.rng.choice(words)
        items = [self.rng.choice(words) for _ in range(length)]
        is_text = all(isinstance(item, str) and len(item) == 1 for item in items)
        return "".join(items) if is_text else items

    def _is_flag(self, one: Field) -> bool:
        return isinstance(one.default, bool) or (one.default is None and bool in one.types)

    def _is_counted(self, one: Field) -> bool:
        return type(one.default) is int and one.default > 4 and bool(_COUNTED.search(one.name))

    def value(self, one: Field, path: str, counted: bool) -> Any:
        rng = self.rng
        if "drop" in one.name and not isinstance(one.default, bool):
            return rng.choice((0.0, 0.1, 0.5))
        if one.choices:
            return rng.choice(one.choices)
        if one.name == "pad_token_id":
            return rng.choice((None, -1, 0, 1))
        pool = [v for v in self.pools.get(path, ()) if _may_be(v, one)]
        if pool and rng.random() < 0.5:
            chosen = rng.choice(pool)
            return chosen + rng.choice((-1, 0, 1)) if type(chosen) is int and chosen else chosen
        default = one.default
        if default is not None and type(None) in one.types and rng.random() < 0.2:
            return None
        if default is None:
            return self.from_types(one)
        if isinstance(default, bool):
            return not default if rng.random() < 0.7 else default
        if isinstance(default, int):
            if counted:
                return rng.choice((4, 8)) if "expert" in one.name else self.count()
            return self.integer(default)
        if isinstance(default, float):
            zero = () if _FACTOR.search(one.name) else (0.0,)
            return rng.choice((default, default * 2, default / 2, *zero))
        if isinstance(default, str):
            if one.name in _SPECIAL:
                return rng.choice(_SPECIAL[one.name])
            if default in _ACTIVATIONS or one.name.endswith(("act", "activation")):
                return rng.choice(_ACTIVATIONS)
            return default
        if isinstance(default, list) and default:
            return self.items(default)
        return _NOTHING

    def integer(self, default: int) -> int:
        rng = self.rng
        if default < 0:
            return default
        if default <= 4:
            return rng.randint(max(0, default - 1), default + 2)
        factor = rng.choice(_FACTORS)
        if default * factor >= 1 and (default * factor).is_integer() if factor < 1 else True:
            return int(default * factor)
        return default

    def from_types(self, one: Field) -> Any:
        rng = self.rng
        options: list[Any] = []
        if bool in one.types:
            options += [True, False]
        if int in one.types:
            options += [rng.choice((1, 2, 4, 8, 16, 24, 32, 64))]
        elif float in one.types:
            options += [0.5, 2.0]
        if list in one.types and "type" not in one.name:
            options += [[], [0], [1], [0, 2]]
        if dict in one.types and not options:
            options += [{}]
        if one.is_extra and rng.random() < 0.15:
            options = [None]
        return rng.choice(options) if options else _NOTHING

    def items(self, default: list[Any]) -> Any:
        rng = self.rng
        if all(type(item) is int for item in default):
            factor = rng.choice((1, 2, 3))
            return [item * factor for item in default]
        return list(default)


_NOTHING: Final = object()


def _may_be(value: Any, one: Field) -> bool:
    if one.default is not None and not isinstance(one.default, list):
        return isinstance(value, type(one.default)) or type(value) in one.types
    return type(value) in one.types
