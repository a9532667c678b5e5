"""From the document of a config to its reading, in the shortest way."""

from __future__ import annotations

from loracfg.config.reading.config_reading import ConfigReading
from loracfg.config.reading.plain_config import MAX_CHARACTERS, plain_config
from loracfg.document.json_document import Document


def reading_of(document: Document) -> ConfigReading:
    """Return what the object of a document says as a config."""
    return read_plainly(document) or read_with_models(document)


def read_plainly(document: Document) -> ConfigReading | None:
    """Return the reading of a config without any fault, None where the models must judge it."""
    config = plain_config(document.value) if len(document.text) <= MAX_CHARACTERS else None
    return ConfigReading.of(config, document.value) if config else None


def read_with_models(document: Document) -> ConfigReading:
    """Return the reading of any config, as the models judge it."""
    from loracfg.config.model.lora_config import LoraConfig
    from loracfg.config.reading.with_models import read_config

    return read_config(document, LoraConfig)
