"""The protocol of what a config holds, made of the declaration of `LoraConfig`.

A config that is judged may be a `LoraConfig` or, where its file has no fault, plain values that
were read without pydantic. Both have the same fields, which are declared once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.config.building.stub import type_text
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.reading.with_models import NESTED

PATH: Final = "loracfg/config/model/config_values.py"

_HEAD: Final = '''\
"""What a config holds, whatever it was read by. Made by `python docs/generate.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Protocol, Self

if TYPE_CHECKING:
    from loracfg.config.model.nested import (
        {names},
    )
'''
_PROTOCOL: Final = '''

class ConfigValues(Protocol):
    """A config that can be judged: a `LoraConfig`, or values that were read without pydantic."""

    def model_copy(self, *, update: Mapping[str, object]) -> Self: ...
'''
_PLAIN: Final = '''

class PlainValues:
    """Declares the fields of a config that was read without pydantic."""

'''
_NEVER_PLAIN: Final = "runtime_config"
"""The field that is in no file, and so in no plain values."""


def protocol_text() -> str:
    """Return the text of the module with the protocol."""
    names = ",\n        ".join(sorted(model.__name__ for model in NESTED.values()))
    return "".join([_HEAD.format(names=names), _PROTOCOL, *_properties(), _PLAIN, *_declarations()])


def _properties() -> Iterator[str]:
    for name, text in _types().items():
        yield f"    @property\n    def {name}(self) -> {text}: ...\n"


def _declarations() -> Iterator[str]:
    for name, text in _types().items():
        if name != _NEVER_PLAIN:
            yield f"    {name}: {text}\n"


def _types() -> dict[str, str]:
    """Return the type of each field; what an object of JSON holds is only looked at."""
    fields = LoraConfig.model_fields.items()
    return {name: type_text(info.annotation).replace("Any", "object") for name, info in fields}
