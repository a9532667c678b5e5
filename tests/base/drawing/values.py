"""Draws the value of a key: a changed default, or a value that its class or code knows."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any, Final

from tests.base.drawing.shape import Field

COUNTED: Final = re.compile(
    r"layers?$|layers_|(?<![a-z])n_layer|depths?$|num_blocks|num_.*blocks|experts$|repeats|num_stages"
    r"|n_head_layers"
)
"""Names of integers that are numbers of modules."""
_FACTOR: Final = re.compile(r"coefficient|ratio|factor|multiplier|scale$|theta|rate$|rates$")
"""Floats that models multiply or divide sizes by."""
_FACTORS: Final = (0.25, 0.5, 0.5, 1, 2, 2, 3, 1.5)
_COUNTS: Final = re.compile(r"layer|depth|block|expert|stage|repeat|num_|^n_")
_SPECIAL: Final = {
    "feed_forward_proj": ("relu", "gelu", "silu", "gated-gelu", "gated-silu", "gated-relu"),
}
"""Strings that code splits, so no comparison shows their values."""
_ACTIVATIONS: Final = ("gelu", "relu", "silu", "gelu_new", "gelu_pytorch_tanh", "quick_gelu")
_LARGE: Final = 4096
NOTHING: Final = object()
"""The mark of a key that is left out."""


@cache
def activations() -> tuple[str, ...]:
    """Return the names of all activation functions."""
    from transformers.activations import ACT2CLS

    return tuple(sorted(ACT2CLS))


class Values:
    """Draws values of keys."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def count(self) -> int:
        """Draw a number of layers: usually a few, sometimes as many as patterns may need."""
        return self.rng.randint(1, 4) if self.rng.random() < 0.9 else self.rng.randint(6, 13)

    def value(self, one: Field) -> Any:
        """Draw a value, or `NOTHING` to leave the key out."""
        rng = self.rng
        if "drop" in one.name and not isinstance(one.default, bool):
            return rng.choice((0.0, 0.1, 0.5))
        if one.choices:
            return rng.choice(one.choices)
        if one.name == "pad_token_id":
            return rng.choice((None, 0, 1, 2))
        known = [value for value in one.compared if self._may_be(value, one)]
        if known and rng.random() < 0.4:
            chosen = rng.choice(known)
            is_number = type(chosen) is int and chosen > 0 and rng.random() < 0.5
            return chosen + rng.choice((-1, 1)) if is_number else chosen
        if one.default is not None and type(None) in one.types and rng.random() < 0.2:
            return None
        return self._of_default(one)

    def _of_default(self, one: Field) -> Any:
        rng, default = self.rng, one.default
        match default:
            case None:
                return self._of_types(one)
            case bool():
                return not default if rng.random() < 0.7 else default
            case int() if COUNTED.search(one.name) and default > 4:
                return rng.choice((4, 8)) if "expert" in one.name else self.count()
            case int():
                return self.integer(default, _COUNTS.search(one.name) is not None)
            case float():
                zero = () if _FACTOR.search(one.name) else (0.0,)
                return rng.choice((default, default * 2, default / 2, *zero))
            case str():
                return self._string(one)
            case list() if default and all(type(item) is int for item in default):
                factor = rng.choice((1, 2, 3))
                return [item * factor for item in default]
            case list() if default:
                return list(default)
        return NOTHING

    def integer(self, default: int, is_count: bool = False) -> int:
        """Draw an integer with divisors like the default's; small ones freely."""
        if default < 0:
            return self.rng.choice((default, default, 1, 0))
        if default <= 4:
            return self.rng.randint(max(0, default - 1), default + 2)
        factor = self.rng.choice(_FACTORS)
        if (is_count and default * factor > 32) or default * factor > _LARGE:
            factor = min(factor, 1)
        made = float(default * factor)
        return int(made) if made >= 1 and made.is_integer() else default

    def _string(self, one: Field) -> Any:
        rng = self.rng
        if one.name in _SPECIAL:
            return rng.choice(_SPECIAL[one.name])
        if one.default in activations() or one.name.endswith(("act", "activation")):
            return rng.choice(_ACTIVATIONS if rng.random() < 0.7 else activations())
        known = [value for value in one.compared if isinstance(value, str)]
        return rng.choice([one.default, *known])

    def _of_types(self, one: Field) -> Any:
        rng = self.rng
        if one.is_extra and rng.random() < 0.08:
            return None
        options: list[Any] = []
        if bool in one.types:
            options += [True, False]
        if int in one.types:
            options += [rng.choice((1, 2, 4, 8, 16, 24, 32, 64))]
        elif float in one.types:
            options += [0.5, 2.0]
        if list in one.types and "type" not in one.name:
            options += [[], [0], [1], [1, 2]]
        if str in one.types and one.name.endswith(("act", "activation")):
            options += list(_ACTIVATIONS)
        if dict in one.types and not options:
            options += [{}]
        return rng.choice(options) if options else NOTHING

    def resized(self, one: Field, listed: list[Any], length: int) -> list[Any]:
        """Return this many of a key's items: numbers in order, names in any order."""
        values = (listed * length)[:length]
        if COUNTED.search(one.name) and all(type(value) is int for value in values):
            return [self.rng.randint(1, 3) for _ in values]
        if all(type(value) is int for value in values):
            factor = self.rng.choice((1, 1, 2, 3))
            return [value * factor for value in values]
        if all(isinstance(value, (int, float)) for value in values):
            return values
        words = one.words if one.words and self.rng.random() < 0.5 else listed
        return [self.rng.choice(words) for _ in range(length)]

    def spelled(self, one: Field, length: int) -> Any:
        """Return a list or string of a key's possible items."""
        words = one.words
        if isinstance(words[0], tuple):
            words = self.rng.choice(words)
        items = [self.rng.choice(words) for _ in range(length)]
        is_text = all(isinstance(item, str) and len(item) == 1 for item in items)
        return "".join(items) if is_text else items

    def _may_be(self, value: Any, one: Field) -> bool:
        if isinstance(value, (int, float)) and value > 1_000:  # too slow, or of something else
            return False
        if one.default is None:
            return type(value) in one.types or (one.is_extra and not one.types)
        if isinstance(one.default, (bool, list)):
            return type(value) in one.types and isinstance(value, type(one.default))
        return isinstance(value, type(one.default)) or type(value) in one.types
