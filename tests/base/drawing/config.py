"""Draws values of `config.json`: the defaults of a config class with some changes."""

from __future__ import annotations

import random
import re
from typing import Any, Final

from tests.base.drawing.names import REQUIRED, SPELLED
from tests.base.drawing.oddities import odd
from tests.base.drawing.shape import Field, Shape, shape_of_type
from tests.base.drawing.sizes import fit
from tests.base.drawing.special import special_keys
from tests.base.drawing.values import COUNTED, NOTHING, Values

_LAYERS: Final = ("num_hidden_layers", "n_layer", "num_layers", "n_layers")
_OTHERS: Final = (
    (
        re.compile(r"text|llm|language|decoder|qformer|generator"),
        ("llama", "qwen2", "mistral", "gemma2", "gpt2", "opt", "qwen3_moe", "bert", "phi"),
    ),
    (
        re.compile(r"audio|speech|codec|acoustic"),
        ("whisper", "wav2vec2", "hubert", "encodec", "qwen2_audio_encoder"),
    ),
    (
        re.compile(r"backbone|pixel|detector"),
        ("resnet", "swin", "dinov2", "convnext", "resnet", "hgnet_v2"),
    ),
    (
        re.compile(r"vision|image|encoder"),
        ("clip_vision_model", "siglip_vision_model", "vit", "pixtral", "swin", "dinov2", "bert"),
    ),
)
"""Types of nested configs, by the name of the key."""


class Draw:
    """Draws configs with a random number generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.values = Values(rng)
        self.is_careful = False
        self.is_whole = False
        """Whether the numbers of layers and the lengths of lists stay unchanged."""

    def config(self, model_type: str, *, careful: bool = False) -> dict[str, Any]:
        """Return the value of a `config.json`; a careful draw changes little.

        Raises:
            ValueError: if the type's class cannot create a config.
        """
        shape = shape_of_type(model_type)
        if shape is None:
            raise ValueError(f"no config of type {model_type} can be made")
        rng = self.rng
        rate = rng.choice((0.0, 0.05, 0.1)) if careful else rng.choice((0.0, 0.1, 0.2, 0.4))
        self.is_careful = careful
        self.is_whole = careful and rng.random() < 0.6
        made = _merged(shape.seed, self.keys(shape, rate))
        made = {"model_type": model_type} | made
        if not careful or rng.random() < 0.3:
            made = odd(shape, made, rng)
        return made | {"model_type": model_type}

    def keys(self, shape: Shape, rate: float) -> dict[str, Any]:
        """Return keys of a config; `rate` is the probability that each is changed."""
        made: dict[str, Any] = {}
        lengths = {} if self.is_whole else self._lengths(shape)
        for name, one in shape.fields.items():
            value = self._key(shape, one, rate, lengths, made)
            if value is not NOTHING:
                is_renamed = name in shape.aliases and self.rng.random() < 0.25
                made[shape.aliases[name] if is_renamed else name] = value
        fit(shape, made, self.rng)
        made |= special_keys(shape, made, self.rng, rate)
        for name, part in shape.parts.items():
            inner = self._part(name, part, rate)
            if inner is not NOTHING:
                made[name] = inner
        is_given = self.rng.random() < 0.9
        return _merged(REQUIRED.get(shape.model_type, {}), made) if is_given else made

    def _key(
        self,
        shape: Shape,
        one: Field,
        rate: float,
        lengths: dict[int, int],
        made: dict[str, Any],
    ) -> Any:
        rng = self.rng
        listed = self._listed(one, rate)
        if listed is not None and len(listed) in lengths:
            is_kept = len(listed) == lengths[len(listed)] and rng.random() >= rate
            is_kept = is_kept and not (one.is_tuple and rng.random() < 0.5)
            return NOTHING if is_kept else self.values.resized(one, listed, lengths[len(listed)])
        is_needed = SPELLED.get(shape.model_type) == one.name and rng.random() < 0.9
        if one.words and listed is None and (is_needed or rng.random() < rate / 2):
            return self.values.spelled(one, self._layers(shape, made))
        is_number = type(one.default) is int
        if is_number and one.default in lengths and COUNTED.search(one.name):
            return lengths[one.default]
        is_large = is_number and one.default > 4 and COUNTED.search(one.name) and not one.is_extra
        is_large = is_large and not (self.is_whole and "expert" not in one.name)
        likely = rate
        if isinstance(one.default, bool) or (one.default is None and bool in one.types):
            likely = max(rate, 0.3) if rate else 0.0
        if one.is_extra:
            likely = rate / 2
        return self.values.value(one) if is_large or rng.random() < likely else NOTHING

    def _layers(self, shape: Shape, made: dict[str, Any]) -> int:
        """Return the number of layers to draw a pattern for: all, or one more."""
        for name in _LAYERS:
            default = shape.fields[name].default if name in shape.fields else None
            count = made.get(name, made.get(shape.aliases.get(name, name), default))
            if type(count) is int:
                return count + self.rng.choice((0, 0, 0, 1))
        return self.values.count()

    def _lengths(self, shape: Shape) -> dict[int, int]:
        """Draw new lengths for lists, the same for all of one length."""
        found = (value for f in shape.fields.values() for value in (f.default, f.example))
        lists = sorted({len(value) for value in found if isinstance(value, list)})
        kept = 0.9 if "stage_names" in shape.special else 0.75
        kept = 1 if self.is_careful else kept
        lengths = {n: self.values.count() for n in lists if n > 5}
        for n in lists:
            if 1 < n <= 5:
                lengths[n] = n if self.rng.random() < kept else self.rng.randint(1, n)
        return lengths

    def _listed(self, one: Field, rate: float) -> list[Any] | None:
        """Return the default list of a key, or sometimes the one that its class creates."""
        if isinstance(one.default, list):
            return one.default
        is_made = one.default is None and isinstance(one.example, list)
        return one.example if is_made and self.rng.random() < rate / 2 else None

    def _part(self, name: str, part: Shape, rate: float) -> Any:
        """Draw a nested config: absent, empty, without its type, or of another type."""
        rng = self.rng
        if part.is_optional and rng.random() < 0.6:
            return NOTHING
        if rng.random() < rate / 6:
            return rng.choice((NOTHING, None, {}))
        is_foreign = part.model_type == "timm_backbone"  # from a library that few have installed
        if part.is_any and rng.random() < (0.8 if is_foreign else max(rate / 3, 0.05)):
            other = self._other(name, rate)
            if other is not None:
                return other
        inner = self.keys(part, rate)
        if rng.random() > rate / 3:
            inner = _merged(part.seed, inner)
        if part.model_type and (name == "backbone_config" or rng.random() > rate / 3):
            inner = {"model_type": part.model_type} | inner
        return inner

    def _other(self, name: str, rate: float) -> dict[str, Any] | None:
        types = next((types for pattern, types in _OTHERS if pattern.search(name)), None)
        chosen = self.rng.choice(types or _OTHERS[0][1])
        shape = shape_of_type(chosen)
        if shape is None:
            return None
        return {"model_type": chosen} | self.keys(shape, rate)


def _merged(seed: dict[str, Any], drawn: dict[str, Any]) -> dict[str, Any]:
    """Merge drawn keys into those that a class needs, unless they have another type."""
    made = dict(seed)
    for key, value in drawn.items():
        known = made.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            is_same = value.get("model_type", known.get("model_type")) == known.get("model_type")
            made[key] = _merged(known, value) if is_same else value
        else:
            made[key] = value
    return made
