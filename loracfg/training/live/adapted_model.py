"""A live model with adapters: which there are, their configs and their tensors.

Nothing here communicates with other processes: tensors are looked up by name and never gathered,
and `state_dict`, which is a collective operation under FSDP, is not called.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.directory import SAFETENSORS_NAME, Adapter, read_adapter
from loracfg.adapter.files import LoneConfig
from loracfg.adapter.header.dtype_names import SAFETENSORS_DTYPES
from loracfg.adapter.header.safetensors_file import bytes_of
from loracfg.adapter.header.tensor import Header, Tensor
from loracfg.adapter.tensor_names import PREFIX
from loracfg.base.from_library.live_model import whole_shape
from loracfg.base.from_library.unwrapped import base_of, class_of, outermost
from loracfg.config import CONFIG_NAME
from loracfg.document.json_document import Document
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import LORA

if TYPE_CHECKING:
    import torch
    from torch import nn

    from loracfg.config.model.lora_config import LoraConfig

_FSDP: Final = ("torch.distributed.fsdp", "FullyShardedDataParallel")
FLAT: Final = "FSDP keeps them in flat parameters; they are compared in the files of each save"
"""Why the tensors of a model in `FullyShardedDataParallel` are not compared."""
PARALLEL: Final = "tensor parallelism splits them; they are compared in the files of each save"
"""Why the tensors of a tensor-parallel model are not compared."""


class LiveTensor(NamedTuple):
    """A tensor of an adapter in a live model, with the name of its file."""

    name: str
    value: torch.Tensor

    @property
    def is_split(self) -> bool:
        """Whether other processes hold parts of the tensor: under ZeRO-3, or as a `DTensor`."""
        return hasattr(self.value, "ds_shape") or hasattr(self.value, "device_mesh")


@dataclass(frozen=True, eq=False)
class AdaptedModel:
    """A model with adapters of PEFT, without what wraps the model as a whole.

    Attributes:
        given: the model as it is trained, maybe wrapped.
        model: a `PeftModel`, or a model to which `add_adapter` of transformers added adapters.
        configs: PEFT's config of each adapter, by name.
        active: the names of the active adapters.
    """

    given: nn.Module
    model: nn.Module
    configs: Mapping[str, object]
    active: tuple[str, ...]

    @cached_property
    def hidden(self) -> str | None:
        """Why the tensors of the model cannot be seen; None if they can."""
        return why_hidden(self.given)

    @property
    def is_peft_model(self) -> bool:
        """Whether the model is a `PeftModel`."""
        return _is_peft_model(self.model)

    def tensors(self, name: str) -> list[LiveTensor]:
        """Return the tensors that PEFT saves for an adapter.

        The embeddings that `save_pretrained` adds to some adapters are left out: whether it does
        may depend on a file on the Hub.
        """
        from peft import get_peft_model_state_dict

        own = get_peft_model_state_dict(
            self.model, _named_tensors(self.model), name, save_embedding_layers=False
        )
        prefix = "" if self.is_peft_model else PREFIX
        return [LiveTensor(prefix + key, value) for key, value in own.items()]


def adapted_model(model: nn.Module) -> AdaptedModel:
    """Return a model as one with adapters.

    Raises:
        LoracfgError: it has none, or PEFT does not save them.
    """
    require_model(model)
    given, model = model, outermost(model)
    configs: object = getattr(model, "peft_config", None)
    if not isinstance(configs, Mapping) or not configs:
        message = f"`{type(model).__name__}` has no adapter"
        raise LoracfgError(message, "pass a `PeftModel`, or a config too: `check(model, config)`")
    if _is_of_peft(model, "mixed_model", "PeftMixedModel"):
        message = "PEFT does not save the adapters of a `PeftMixedModel`"
        raise LoracfgError(message, "pass a `PeftModel`")
    return AdaptedModel(given, model, configs, _active(model))


def require_model(model: object) -> None:
    """Raise a `LoracfgError` unless something is a model of torch."""
    from torch import nn

    if not isinstance(model, nn.Module):
        message = f"`{type(model).__name__}` is not a model"
        raise LoracfgError(message, "pass a `PeftModel`, or a model with `add_adapter`")


def adapter_in_memory(text: str, tensors: list[LiveTensor] | None = None) -> Adapter:
    """Return an adapter with this config and these tensors, or with a config alone."""
    adapter = read_adapter(LoneConfig(text.encode()))
    if tensors is None:
        return adapter
    header = Header.of(
        [Tensor(one.name, _dtype(one.value), whole_shape(one.value)) for one in tensors],
        {"format": "pt"},
    )
    size = sum(bytes_of(one.dtype, one.shape) for one in header.tensors.values())
    sizes = {**adapter.files, SAFETENSORS_NAME: size}
    return adapter._replace(files=sizes, weights=SAFETENSORS_NAME, header=header, source=None)


def document_of(text: str) -> Document:
    """Return a config as the document that PEFT would write."""
    return Document(CONFIG_NAME, text, json.loads(text))


def written_config(adapted: AdaptedModel, name: str) -> str:
    """Return the config of an adapter as PEFT would write it on saving."""
    return config_text(adapted.configs[name], base_of(adapted.model))


def config_text(config: object, model: nn.Module) -> str:
    """Return a config as PEFT would write it on saving.

    Source: `PeftModel.save_pretrained` and `PeftConfigMixin.save_pretrained` of PEFT 0.21.2.

    Args:
        config: PEFT's config, ours, or a mapping with the keys of the file, maybe without
            `peft_type`.
        model: the base, which gives values that PEFT fills in.

    Raises:
        LoracfgError: it is none of these.
    """
    values = _values_of(config)
    values = {key: sorted(one) if isinstance(one, set) else one for key, one in values.items()}
    name = getattr(model, "name_or_path", None)
    if not values.get("base_model_name_or_path") and isinstance(name, str) and name:
        values["base_model_name_or_path"] = name
    if not values.get("task_type") and not values.get("auto_mapping"):
        cls = class_of(model)
        values["auto_mapping"] = {
            "base_model_class": cls.__name__,
            "parent_library": cls.__module__,
        }
    values["inference_mode"] = True
    try:
        return json.dumps(values, indent=2, sort_keys=True)
    except (TypeError, ValueError) as error:
        message = f"the config cannot be written as JSON: {error}"
        raise LoracfgError(message, "use values that PEFT can save") from None


def _values_of(config: object) -> dict[str, Any]:
    if isinstance(config, Mapping):
        return {"peft_type": LORA, **config}
    convert: LoraConfig | Any = config
    if not hasattr(config, "to_dict"):
        message = f"`{type(config).__name__}` is not a config"
        raise LoracfgError(message, "pass a `LoraConfig` or a mapping with its values")
    return dict(convert.to_dict())


def _is_peft_model(model: nn.Module) -> bool:
    return _is_of_peft(model, "peft_model", "PeftModel")


def _is_of_peft(model: nn.Module, home: str, name: str) -> bool:
    module = sys.modules.get(f"peft.{home}")
    return module is not None and isinstance(model, getattr(module, name))


def _active(model: nn.Module) -> tuple[str, ...]:
    """Return the active adapters of a `PeftModel`, or of a model with `add_adapter`."""
    found: Any = getattr(model, "active_adapters", ())
    try:
        names = found() if callable(found) else found
    except (AttributeError, ValueError):  # transformers raises without an adapter
        return ()
    return (names,) if isinstance(names, str) else tuple(names)


def why_hidden(model: nn.Module) -> str | None:
    """Return why the tensors of a model cannot be seen one by one; None if they can."""
    home, name = _FSDP
    library = sys.modules.get(home)
    flat = getattr(library, name, ())
    is_parallel = bool(getattr(model, "_tp_size", None))
    for module in model.modules():
        if isinstance(module, flat):
            return FLAT
        is_parallel = is_parallel or "_tp_info" in vars(module)
    return PARALLEL if is_parallel else None


def _named_tensors(model: nn.Module) -> dict[str, torch.Tensor]:
    """Return what `state_dict` would: parameters and persistent buffers, under all their names."""
    found: dict[str, torch.Tensor] = {}
    for path, module in model.named_modules(remove_duplicate=False):
        dot = f"{path}." if path else ""
        for name, parameter in module._parameters.items():
            if parameter is not None:
                found[dot + name] = parameter
        for name, buffer in module._buffers.items():
            if buffer is not None and name not in module._non_persistent_buffers_set:
                found[dot + name] = buffer
    return found


def _dtype(tensor: torch.Tensor) -> str:
    name = str(tensor.dtype).removeprefix("torch.")
    return SAFETENSORS_DTYPES.get(name, name)
