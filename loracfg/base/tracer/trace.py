"""One trace: a config's values in, the sample of a model class out."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, NamedTuple

from loracfg.base import transformers as builder
from loracfg.base.sandbox import quiet
from loracfg.base.tracer.harvest import Sample, harvest
from loracfg.base.tracer.instruments import (
    import_class,
    install,
    instrument_loaded_modules,
    Values,
    mark_paths,
    values_of,
)
from loracfg.base.tracer.recorder import recorder
from loracfg.base.tracer.tensors import shapes_mode


class Embeddings(NamedTuple):
    """What the plan asks of a whole model."""

    input_embeddings: str | None
    output_embeddings: str | None
    tied: tuple[str, ...]


@dataclass
class Trace:
    """A sample, and what holds for the whole model; `model` is the model itself."""

    sample: Sample
    embeddings: Embeddings
    model: Any


def trace(class_name: str, settings: Any) -> Trace:
    """Build a model class from a config object under the recorder.

    Raises:
        Exception: whatever the constructor raises.
    """
    install()
    model_class = import_class(class_name)
    settings = copy.deepcopy(settings)
    mark_paths(settings)
    values = values_of(settings)
    instrument_loaded_modules()
    made = _trace(model_class, settings, values)
    if instrument_loaded_modules():  # the constructor loaded them, and ran without symbols
        made = _trace(model_class, settings, values)
    return made


def _trace(model_class: Any, settings: Any, values: dict[str, Any]) -> Trace:
    with quiet(), recorder.recording():
        model = builder.on_meta(model_class, settings, shapes_mode())
        names = {id(module): path for path, module in model.named_modules()}
        embeddings = Embeddings(
            builder.name_of(model, "get_input_embeddings", names),
            builder.name_of(model, "get_output_embeddings", names),
            builder.tied(model),
        )
        return Trace(harvest(model, Values(values | recorder.values)), embeddings, model)
