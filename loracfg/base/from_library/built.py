"""Builds models from transformers' own classes on the meta device, which takes no memory.

Needs torch and transformers, and only imports them when it builds. Works with transformers 4.57 and
5. It runs no code of model repositories, uses no network and reads no weights.
"""

from __future__ import annotations

import contextlib
import copy
import importlib.util
import threading
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue.newer import newer_type_note
from loracfg.base.class_builder import CannotBuildError, named_classes, refuse_huge
from loracfg.base.cleaning import cleaned
from loracfg.base.from_library.live_model import architecture_of
from loracfg.base.from_library.meta_device import bounded, no_initialisation, parameters_on_meta
from loracfg.base.from_library.sandbox import offline, quiet

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch


TASK_MAPPINGS: Final = {
    "CAUSAL_LM": "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES",
    "SEQ_2_SEQ_LM": "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES",
    "SEQ_CLS": "MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES",
    "TOKEN_CLS": "MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES",
    "QUESTION_ANS": "MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES",
    "FEATURE_EXTRACTION": "MODEL_MAPPING_NAMES",
}

_FIRST_ALTERNATIVES: Final = (
    "MODEL_MAPPING_NAMES",
    "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES",
    "MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES",
    "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES",
    "MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING_NAMES",
    "MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES",
    "MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES",
    "MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES",
    "MODEL_FOR_MASKED_LM_MAPPING_NAMES",
)

_ADDED_HEADS: Final = "MODEL_FOR_DECISION_MAPPING_NAMES"
"""The mapping of heads that wrap other models, with their own config around that of the model."""

LOCK: Final = threading.Lock()  # `quiet` and `offline` change the whole process


def unavailable() -> str | None:
    """Return why models cannot be built, or None if they can. Imports neither library."""
    for library in ("transformers", "torch"):
        if importlib.util.find_spec(library) is None:
            return f"`{library}` is not installed"
    return None


def trusted_classes(
    config: Mapping[str, object],
    task_type: str | None = None,
    explicit: str | None = None,
    saved_class: str | None = None,
) -> list[str]:
    """Return the classes of the adapter, its task and the config, in this order.

    If the user names a class, it is the only one: the adapter will be loaded on it.

    Args:
        config: the value of the base's `config.json`.
        task_type: the adapter's task, such as `CAUSAL_LM`.
        explicit: the class that the user named.
        saved_class: `auto_mapping.base_model_class` of the adapter, the class it was saved from.
    """
    if explicit:
        return [explicit]
    named = [saved_class]
    if task_type in TASK_MAPPINGS:
        named += mapped(config, TASK_MAPPINGS[task_type])[:1]
    return list(dict.fromkeys(name for name in [*named, *named_classes(config)] if name))


def other_classes(config: Mapping[str, object]) -> list[str]:
    """Return the classes that auto classes select for the model type, then for its text model.

    The text model of a multimodal config comes last, as some adapters are trained on it alone.
    Heads that wrap this model are left out, such as `JevForDecision` for Gemma 4: their config
    contains the config of this model.
    """
    picked = _picked_from()
    added = [n for n in mapped(config, _ADDED_HEADS) if not _takes_own_config(n, config)]
    return [name for name in _classes_in(config, picked) if name not in added]


def mapped_classes(config: Mapping[str, object]) -> list[str]:
    """Return the classes of all auto-mappings for the model type, then for its text model."""
    return _classes_in(config, _mappings())


def _classes_in(config: Mapping[str, object], mappings: list[str]) -> list[str]:
    found = [name for mapping in mappings for name in mapped(config, mapping)]
    text = config.get("text_config")
    if isinstance(text, dict):
        first = [mapping for mapping in mappings if mapping in _FIRST_ALTERNATIVES]
        found += [name for mapping in first for name in mapped(text, mapping)]
    return list(dict.fromkeys(found))


def _mappings() -> list[str]:
    from transformers.models.auto import modeling_auto

    rest = [n for n in vars(modeling_auto) if n.startswith("MODEL") and n.endswith("_NAMES")]
    return list(dict.fromkeys([*_FIRST_ALTERNATIVES, *rest]))


def _picked_from() -> list[str]:
    """Return the mappings that are used by an auto class; a few are not."""
    from transformers.models.auto import modeling_auto

    values = vars(modeling_auto)
    autos = [one for one in values.values() if isinstance(one, type)]
    mappings = [getattr(one, "_model_mapping", None) for one in autos]
    picked = {id(one._model_mapping) for one in mappings if one is not None}
    return [name for name in _mappings() if name in values and id(values[name]) in picked]


def _takes_own_config(class_name: str, config: Mapping[str, object]) -> bool:
    import transformers
    from transformers.models.auto import configuration_auto

    taken = getattr(getattr(transformers, class_name, None), "config_class", None)
    own = vars(configuration_auto)["CONFIG_MAPPING_NAMES"].get(config.get("model_type"))
    return taken is not None and taken.__name__ == own


def build(config: Mapping[str, object], class_name: str) -> Architecture:
    """Return the module tree of a model class for a `config.json`.

    Quantisation is ignored: plain `nn.Linear` layers are built, as adapters have their shapes.

    Raises:
        CannotBuildError: if the installed transformers does not have the class or the model type,
            if code of the repository would be needed, or if a constructor raises.
    """
    refuse_huge(config)
    with LOCK, quiet(), offline():
        try:
            model_class = _model_class(config, class_name)
            return architecture_of(on_meta(model_class, settings_of(config, model_class)))
        except CannotBuildError:
            raise
        except Exception as error:  # constructors can raise anything
            message = f"`{class_name}` cannot be built from the config: {brief(error)}"
            raise CannotBuildError(message) from error


def model_of(config: Mapping[str, object], class_name: str) -> torch.nn.Module:
    """Return a model on the meta device.

    Raises:
        CannotBuildError: if the class is unknown to the installed transformers.
    """
    model_class = _model_class(config, class_name)
    return on_meta(model_class, settings_of(config, model_class))


def mapped(config: Mapping[str, object], mapping: str) -> list[str]:
    """Return the classes of an auto mapping for a config, starting with the one it would select."""
    from transformers.models.auto import modeling_auto

    names = getattr(modeling_auto, mapping, {})
    found = next((names[t] for t in _model_types(config) if t in names), ())
    classes = [found] if isinstance(found, str) else list(found)
    preferred = [name for name in named_classes(config) if name in classes]
    return list(dict.fromkeys([*preferred, *classes]))


def _model_types(config: Mapping[str, object]) -> list[str]:
    """Return the config's model type and the others that share its config class."""
    from transformers.models.auto import configuration_auto

    model_type = config.get("model_type")
    if not isinstance(model_type, str):
        return []
    classes: dict[str, str] = vars(configuration_auto)["CONFIG_MAPPING_NAMES"]
    own = classes.get(model_type)
    shared = [other for other, name in classes.items() if own and name == own]
    return list(dict.fromkeys([model_type, *shared]))


def _model_class(config: Mapping[str, object], class_name: str) -> Any:
    import transformers

    found = getattr(transformers, class_name, None)
    if isinstance(found, type) and issubclass(found, transformers.PreTrainedModel):
        return found
    model_type, version = config.get("model_type"), f"transformers {transformers.__version__}"
    later = newer_type_note(model_type, f"{transformers.__version__} is installed")
    if later and model_type not in transformers.CONFIG_MAPPING:
        raise CannotBuildError(later, "install that release, or pass an architecture file")
    if class_name in named_classes(config) and config.get("auto_map"):
        raise CannotBuildError(
            f"`{class_name}` is custom code of the model's repository, not a class of {version}",
            "pass an architecture file (`loracfg base trace`) or the folder with the checkpoint",
        )
    raise CannotBuildError(
        f"the installed {version} has no model class `{class_name}`",
        "install a transformers that has it, or use a different class",
    )


def settings_of(config: Mapping[str, object], model_class: type[torch.nn.Module]) -> object:
    """Return the config object for a class: the whole config, a part of it, or the class's own."""
    from transformers import CONFIG_MAPPING

    own_class: Any = model_class
    wanted = own_class.config_class
    values: dict[str, Any] = as_read(config, wanted)
    if values.get("model_type") in CONFIG_MAPPING:
        settings = CONFIG_MAPPING[values["model_type"]].from_dict(values)
        parts = [getattr(settings, name, None) for name in getattr(settings, "sub_configs", ())]
        for candidate in (settings, *parts):
            if isinstance(candidate, wanted):
                return candidate
    values = as_read(config, wanted)  # again, since config classes change the values
    values.pop("model_type", None)  # the class of another type uses the values that it knows
    return wanted.from_dict(values)


def as_read(config: Mapping[str, object], config_class: type) -> dict[str, object]:
    """Return the cleaned values of a `config.json` as the installed release reads them.

    Transformers 5 writes infinite numbers as `{"__float__": "Infinity"}`.
    """
    values = cleaned(config)
    if hasattr(config_class, "_decode_special_floats"):
        values = config_class._decode_special_floats(values)
    return values


def on_meta(
    model_class: type[torch.nn.Module],
    settings: object,
    around: contextlib.AbstractContextManager[object] | None = None,
) -> torch.nn.Module:
    """Build a model from its config object on the meta device, inside the context `around`."""
    import torch

    config: Any = settings
    if hasattr(config, "use_pretrained_backbone"):
        config.use_pretrained_backbone = False  # it would fetch weights

    def construct(device: contextlib.AbstractContextManager[Any]) -> torch.nn.Module:
        with device, no_initialisation(), bounded(), around or contextlib.nullcontext():
            cls: Any = model_class
            model: Any = cls._from_config(copy.deepcopy(config), attn_implementation="eager")
            model.tie_weights()  # skipped along with initialisation
        built: torch.nn.Module = model
        return built

    try:
        return construct(torch.device("meta"))
    except NotImplementedError:  # it uses the value of a parameter, and meta tensors have none
        return construct(parameters_on_meta())


def brief(error: Exception) -> str:
    """Return the first line of an error, shortened."""
    line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return line if len(line) <= 200 else f"{line[:197]}..."
