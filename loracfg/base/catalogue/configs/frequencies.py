"""The operation `rope`: the number of frequencies of rotary positions, and when it fails.

The frequencies themselves are not needed, since they affect no names or sizes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from loracfg.base.catalogue.configs.rope import ORIGINAL_LENGTH, PARTIAL, standardise
from loracfg.base.catalogue.evaluation.budget import checked
from loracfg.base.catalogue.evaluation.config import Config
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.named_tuple import NamedTuple

WIDEST: Final = 1 << 24
"""The maximum width of a head."""


class FrequencyOptions(NamedTuple):
    """The values that frequencies are computed from.

    Attributes:
        config: the config, or the one for layers of one type.
        parameters: the parameters of the rotary positions.
        of_all: the parameters with `truncate`.
        base: theta.
        part: the part of a head that is rotated.
        is_older: whether transformers 4 computes them.
    """

    config: Config
    parameters: Any
    of_all: Any
    base: Any
    part: Any
    is_older: bool


def count(config: Config, kind: object, layer_type: object) -> int:
    """Return the number of frequencies of a kind, for all layers or those of one type.

    Raises:
        RefusedError: if the library fails to compute them.
        DeclinedError: if that is unknown.
    """
    is_older = config.library.is_older
    name: Any = kind
    if name == ("proportional" if is_older else "default"):
        raise KeyError(name)
    return KINDS[name](_setting_4(config) if is_older else _setting(config, layer_type))


def _setting(config: Config, layer_type: Any) -> FrequencyOptions:
    if layer_type is not None:
        with suppress(ValueError):  # as the library does: then the config is for all layers
            config = config.read("per_layer_config")[layer_type]
    standardise(config)
    of_all = config.read("rope_parameters")
    parameters = of_all if layer_type is None else of_all[layer_type]
    part = parameters.get(PARTIAL, 1.0)
    return FrequencyOptions(config, parameters, of_all, parameters["rope_theta"], part, False)


def _setting_4(config: Config) -> FrequencyOptions:
    part = config.get(PARTIAL, 1.0)
    scaling = config.get("rope_scaling")  # the default kind does without it
    return FrequencyOptions(config, scaling, scaling, config.read("rope_theta"), part, True)


def _default(setting: FrequencyOptions) -> int:
    """Count the frequencies of kinds that scale those of the default kind."""
    return _powers(setting.base, _rotated(_head(setting.config), setting.part))


def _linear(setting: FrequencyOptions) -> int:
    factor = setting.parameters["factor"]
    found = _default(setting)
    _number(factor)
    return found


def _dynamic(setting: FrequencyOptions) -> int:
    width, factor = _width(setting), setting.parameters["factor"]
    longest = setting.config.read("max_position_embeddings")
    stretch = factor * longest / longest - (factor - 1)
    base = setting.base * stretch ** (width / (width - 2))
    return _powers(1.0 if isinstance(base, complex) else base, width)


def _yarn(setting: FrequencyOptions) -> int:
    width, parameters = _width(setting), setting.parameters
    factor = parameters["factor"]
    if setting.is_older:
        longest = parameters.get(ORIGINAL_LENGTH) or setting.config.read("max_position_embeddings")
    else:
        factor, longest = _stretch(setting)
    if parameters.get("attention_factor") is None:
        scale, scale_all = parameters.get("mscale"), parameters.get("mscale_all_dim")
        if scale and scale_all:
            float(_attention(factor, scale) / _attention(factor, scale_all))
        else:
            _attention(factor, 1)
    _powers(setting.base, width)
    _number(factor)
    ends = []
    for key, default in (("beta_fast", 32), ("beta_slow", 1)):
        turns = (parameters.get(key) or default) * 2 * math.pi
        ends.append(width * math.log(longest / turns) / (2 * math.log(setting.base)))
    if setting.of_all.get("truncate", True):
        ends = [math.floor(ends[0]), math.ceil(ends[1])]
    return _broadcast(-(-width // 2), width // 2)


def _attention(factor: Any, scale: Any) -> Any:
    return 1.0 if factor <= 1 else 0.1 * scale * math.log(factor) + 1.0


def _long(setting: FrequencyOptions) -> int:
    width, parameters, config = _width(setting), setting.parameters, setting.config
    short, _ = parameters["short_factor"], parameters["long_factor"]
    if not setting.is_older:
        factor, longest = _stretch(setting)
    elif longest := config.get(ORIGINAL_LENGTH):
        factor = config.read("max_position_embeddings") / longest
    else:
        factor, longest = parameters.get("factor"), config.read("max_position_embeddings")
    if parameters.get("attention_factor") is None and not factor <= 1.0:
        math.sqrt(1 + math.log(factor) / math.log(longest))
    found = _powers(setting.base, width)
    if not isinstance(short, list) or not all(isinstance(one, (int, float)) for one in short):
        raise DeclinedError("`short_factor` is not a list of numbers")
    return _broadcast(len(short), found)


def _llama3(setting: FrequencyOptions) -> int:
    parameters = setting.parameters
    found = _default(setting)
    _number(parameters["factor"])
    low, high = parameters["low_freq_factor"], parameters["high_freq_factor"]
    longest = parameters[ORIGINAL_LENGTH]
    for one in (longest / low, longest / high, high - low):
        _number(one)
    return found


def _proportional(setting: FrequencyOptions) -> int:
    parameters, width = setting.parameters, _head(setting.config)
    size: Any = checked(parameters.get(PARTIAL, 1.0) * width // 2)
    rotated = int(size)
    if not isinstance(width, int):
        raise DeclinedError("`head_dim` is not an integer")
    found = _powers(setting.base, 2 * rotated)
    _number(parameters.get("factor", 1.0))
    return max(found, width // 2)


KINDS: Final[dict[str, Callable[[FrequencyOptions], int]]] = {
    "default": _default,
    "linear": _linear,
    "dynamic": _dynamic,
    "yarn": _yarn,
    "longrope": _long,
    "llama3": _llama3,
    "proportional": _proportional,
}
"""The kinds of frequencies: `default` is only in transformers 4, `proportional` only in 5."""


def _head(config: Config) -> Any:
    """Return the width of a head; without one, or with 0, the usual width."""
    return config.get("head_dim") or config.read("hidden_size") // config.read(
        "num_attention_heads"
    )


def _stretch(setting: FrequencyOptions) -> tuple[Any, Any]:
    """Return the factor by which transformers 5 stretches the training length, and that length."""
    factor, longest = setting.parameters.get("factor"), setting.parameters[ORIGINAL_LENGTH]
    return setting.config.read(
        "max_position_embeddings"
    ) / longest if factor is None else factor, longest


def _width(setting: FrequencyOptions) -> int:
    config = setting.config
    fallback = config.read("hidden_size") // config.read("num_attention_heads")
    return _rotated(config.get("head_dim", fallback), setting.part)


def _rotated(width: Any, part: Any) -> int:
    if not isinstance(width, (int, float)) or not isinstance(part, (int, float)):
        raise DeclinedError("the width of a head is not a number")
    return int(width * part)


def _powers(base: Any, width: int) -> int:
    """Return the length of `base ** (torch.arange(0, width, 2) / width)`."""
    _number(base)
    if width < 0:
        raise RefusedError("the width of a head is negative")
    if width > WIDEST:
        raise DeclinedError("heads are too wide")
    return -(-width // 2)


def _number(value: Any) -> None:
    """Check a number that is combined with a tensor, for example multiplied."""
    if not isinstance(value, (int, float)):
        raise TypeError(f"{type(value).__name__} with a tensor")
    if isinstance(value, int) and abs(value) >= 1 << 63:
        raise DeclinedError("a number is too large for a tensor")


def _broadcast(first: int, second: int) -> int:
    if first != second and 1 not in (first, second):
        raise RefusedError(f"{first} factors for {second} frequencies")
    return second if first == 1 else first
