"""Configs of all model types of the catalogue, with hostile keys and values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any, Final

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS
from loracfg.base.catalogue.work import Work
from loracfg.base.class_builder import CannotBuildError
from tests.base.default_configs import default_config
from tests.fuzz.expressions import HOSTILE
from tests.fuzz.programs import json_value
from tests.fuzz.target import Answer, Target, words

_LAYOUTS: Final = (*LAYOUTS, DIFFUSERS)
_NUMBERS: Final[tuple[Any, ...]] = (0, -1, 1, 3, 100_000, 10**18, None, 2.5, "1", [1, 2], {}, True)
_MOST_CLASSES: Final = 2


class Bases(Target):
    """A `config.json` after the layout whose classes are tried."""

    name = "base"

    def seeds(self) -> list[bytes]:
        """Return the defaults of a few types."""
        types = ("llama", "mixtral", "gpt2", "whisper", "qwen2_vl")
        return [_input(LAYOUTS[0], default_config(one, LAYOUTS[0])) for one in types]

    def draw(self, rng: Random, corpus: Sequence[bytes]) -> bytes:
        """Draw a type, and change a few of its keys; the corpus is not used."""
        layout = rng.choice(_LAYOUTS)
        name = rng.choice(_types(layout))
        known = default_config(name, layout)
        own: dict[str, Any] = {
            key: known[key] for key in ("model_type", "_class_name") if key in known
        }
        config: dict[str, Any] = {**known} if rng.random() < 0.3 else {**own}
        for _ in range(rng.choice((1, 1, 2, 3))):
            key = rng.choice((rng.choice(sorted(known)), rng.choice(HOSTILE)))
            config[key] = _value(rng, known.get(key))
        return _input(layout, config)

    def judge(self, data: bytes) -> Answer:
        """Build the modules of the first classes that the config may be of."""
        layout, config = json.loads(data)
        if layout == DIFFUSERS:
            names = [name] if (name := lookup.diffusers_class(config)) else []
        else:
            names = lookup.trusted_classes(config, None, layout)
            names = [*names, *lookup.other_classes(config, layout)]
        said = [_outcome(layout, config, name) for name in names[:_MOST_CLASSES]]
        return Answer(words(said), is_deep=bool(said))


def _value(rng: Random, usual: object) -> object:
    """Return a value in place of another; a nested config keeps most of its keys."""
    if isinstance(usual, dict) and usual and rng.random() < 0.7:
        key = rng.choice((rng.choice(sorted(usual)), rng.choice(HOSTILE)))
        return {**usual, key: _value(rng, usual.get(key))}
    if isinstance(usual, list) and rng.random() < 0.4:
        return [*usual[:3], json_value(rng), *usual[3:]]
    return rng.choice((rng.choice(_NUMBERS), json_value(rng)))


@cache
def _types(layout: str) -> list[str]:
    return lookup.model_types(layout)


def _input(layout: str, config: dict[str, Any]) -> bytes:
    return json.dumps([layout, config]).encode()


def _outcome(layout: str, config: dict[str, Any], class_name: str) -> str:
    try:
        tree = lookup.build_uncached(config, class_name, layout, Work())
    except CannotBuildError as error:
        return error.message
    return f"{len(tree.modules)} modules"
