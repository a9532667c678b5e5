"""Makes drawn sizes of a config fit, such as the number of heads and the width."""

from __future__ import annotations

import random
import re
from typing import Any, Final

from tests.base.drawing.shape import Shape

_HEADS: Final = re.compile(r"heads?$")
_KEY_VALUE: Final = re.compile(r"kv|key_value")
_SIZES: Final = (
    "hidden_size",
    "d_model",
    "n_embd",
    "embed_dim",
    "encoder_hidden_size",
    "decoder_hidden_size",
    "emb_dim",
    "dim",
    "width",
)


class Effective:
    """The values of a drawn config, including defaults."""

    def __init__(self, shape: Shape, made: dict[str, Any]) -> None:
        self.shape, self.made = shape, made

    def number(self, *names: str) -> int | None:
        """Return the first of some keys that is a positive integer."""
        for name in names:
            one = self.shape.fields.get(name)
            alias = self.shape.aliases.get(name, name)
            default = one.example if one and one.default is None else one and one.default
            value = self.made.get(name, self.made.get(alias, default))
            if type(value) is int and value > 0:
                return value
        return None

    def put(self, name: str, value: Any) -> None:
        """Change a key under the name that it was drawn with."""
        alias = self.shape.aliases.get(name, name)
        self.made[alias if alias in self.made else name] = value


def fit(shape: Shape, made: dict[str, Any], rng: random.Random) -> None:
    """Change numbers of heads that divide no size, but leave some unchanged."""
    if rng.random() < 0.1:
        return
    config = Effective(shape, made)
    size = config.number(*_SIZES)
    heads = [name for name in shape.fields if _HEADS.search(name)]
    queries = [name for name in heads if not _KEY_VALUE.search(name)]
    for name in queries:
        count = config.number(name)
        if size and count and size % count:
            config.put(name, rng.choice(_divisors(size, count)))
    most = config.number("num_attention_heads", "n_head", *queries)
    for name in heads:
        count = config.number(name)
        if _KEY_VALUE.search(name) and most and count and most % count:
            config.put(name, rng.choice(_divisors(most, count)))
    _fit_experts(config)
    _fit_mamba(config)


def _fit_experts(config: Effective) -> None:
    """Limit the experts per token and the groups to the number of experts."""
    experts = config.number("n_routed_experts", "num_experts", "num_local_experts")
    groups = config.number("n_group")
    if experts and groups and experts % groups:
        config.put("n_group", 2)


def _fit_mamba(config: Effective) -> None:
    """Make the heads of Mamba 2 fill the expanded size."""
    for prefix, heads in (("", "num_heads"), ("mamba_", "n_heads")):
        one = config.shape.fields.get(f"{prefix}{heads}")
        size = config.number("hidden_size")
        factor = config.number(f"{prefix}expand", "expand")
        width = config.number(f"{prefix}head_dim", f"{prefix}d_head", "head_dim")
        if one and type(one.default) is int and size and factor and width:
            config.put(one.name, max(size * factor // width, 1))


def _divisors(size: int, most: int) -> list[int]:
    """Return divisors near a number, those with even quotients first."""
    found = [n for n in range(1, most + 1) if size % n == 0]
    even = [n for n in found if size // n % 2 == 0]
    return (even or found)[-3:]
