"""Read a config from an object or a text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from loracfg.config.reading.plain_config import read_with_models
from loracfg.document.json_document import read_document

if TYPE_CHECKING:
    from loracfg.config.reading.config_reading import ConfigReading

FILE: Final = "adapter_config.json"


def reading_of(config: dict[str, Any] | str) -> ConfigReading:
    text = config if isinstance(config, str) else json.dumps(config)
    document, _ = read_document(text.encode(), FILE)
    assert document is not None
    return read_with_models(document)
