"""The tensors of an adapter under the names used in files; loading and saving them.

Source: `get_peft_model_state_dict` in `peft/utils/save_and_load.py`, 0.21.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.header.tensor import Header, Shape
from loracfg.adapter.tensor_names import PREFIX
from loracfg.config.model.lora_config import LoraConfig
from loracfg.errors import LoracfgError
from loracfg.injector.control import noted
from loracfg.injector.inject import inject, planned
from loracfg.injector.whole import SavedModule, TokenRows
from loracfg.injector.wrapped_layers import AdaptedAttention, AdaptedLayer
from loracfg.planning.layer_tensors import Role
from loracfg.planning.plan import Plan
from loracfg.planning.spelling import spell_as_in_file


def state_dict(model: nn.Module, name: str = "default") -> dict[str, Tensor]:
    """Return the tensors of an adapter, by their names in a file.

    Raises:
        LoracfgError: if the model does not have the adapter.
    """
    plans = noted(model, name).plans
    plan, others = plans[name], [other for other in plans if other != name]
    whole = {key: t for key, t in model.state_dict().items() if not _is_of(key, others)}
    found = dict(_own_tensors(model, name))
    found |= {_without(key, name): whole[key] for key in _biases(model, plan, whole)}
    for expected in plan.tensors.values():
        if expected.role is Role.EMBEDDING:
            key = expected.name.removeprefix(PREFIX)
            found[key] = whole[key]
    return {PREFIX + key: tensor for key, tensor in found.items()}


def _own_tensors(model: nn.Module, name: str) -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors of an adapter, including modules saved whole and trained rows."""
    for path, module in model.named_modules():
        if isinstance(module, AdaptedLayer) and name in module.names:
            for key, tensor in module.adapter(name).state_dict().items():
                yield f"{path}.{key}", tensor
            if isinstance(module, AdaptedAttention) and "out_proj" in module._modules:
                for key, tensor in module.out_proj.base_layer.state_dict().items():
                    yield f"{path}.out_proj.base_layer.{key}", tensor
        elif isinstance(module, SavedModule) and name in module.names:
            for key, tensor in module.modules_to_save[name].state_dict().items():
                yield f"{path}.{key}", tensor
        elif isinstance(module, TokenRows) and name in module.rows:
            yield f"{path}.trainable_tokens_delta", module.trainable_tokens_delta[name].data


def _biases(model: nn.Module, plan: Plan, whole: Mapping[str, Tensor]) -> list[str]:
    """Return the names, in the model, of biases that are saved with the adapter."""
    if plan.config.bias == "all":
        own = [key for key in whole if key.rpartition(".")[2] == "bias"]
        return [key for key in own if ".adapters." not in key]
    if plan.config.bias == "lora_only":
        layers = [p for p, m in model.named_modules() if isinstance(m, AdaptedLayer | TokenRows)]
        return [key for path in layers if (key := f"{path}.base_layer.bias") in whole]
    return []


def _is_of(key: str, names: list[str]) -> bool:
    return any(f".{name}." in key or key.endswith(f".{name}") for name in names)


def _without(key: str, name: str) -> str:
    """Remove the name of an adapter from a key where PEFT does, before the last step."""
    start, _, last = key.rpartition(".")
    return f"{start.removesuffix(f'.{name}')}.{last}" if start else last


def save(model: nn.Module, directory: str | Path, name: str = "default") -> None:
    """Write `adapter_config.json` and `adapter_model.safetensors`, as PEFT does.

    Raises:
        LoracfgError: if the model does not have the adapter.
    """
    from safetensors.torch import save_file

    tensors = {key: tensor.contiguous().clone() for key, tensor in state_dict(model, name).items()}
    config = noted(model, name).plans[name].config
    assert isinstance(config, LoraConfig)  # as `inject` takes it
    config.model_copy(update={"inference_mode": True}).save_pretrained(directory)
    save_file(tensors, Path(directory) / SAFETENSORS_NAME, metadata={"format": "pt"})


def load(
    model: nn.Module, directory: str | Path, name: str = "default", *, trained: bool = False
) -> None:
    """Load an adapter from a directory into a model.

    Args:
        model: the base model, which may have other adapters.
        directory: the directory with the adapter's two files.
        name: the name of the adapter in the model.
        trained: whether to continue training it.

    Raises:
        LoracfgError: if the files cannot be read, or if the adapter does not fit the model.
    """
    folder = Path(directory)
    config = LoraConfig.from_pretrained(folder)
    config = config.model_copy(update={"inference_mode": not trained})
    tensors = _read(folder)
    header = Header({key: tuple(tensor.shape) for key, tensor in tensors.items()})
    plan = spell_as_in_file(planned(model, config, name), header)
    _check(header.shapes, plan.shapes)
    inject(model, config, name, loading=True)
    with torch.no_grad():
        for key, own in state_dict(model, name).items():
            own.copy_(tensors[plan.file_names.get(key, key)])


def _check(found: Mapping[str, Shape], wanted: Mapping[str, Shape]) -> None:
    """Reject a file that does not have exactly the expected tensors."""
    hint = "run `loracfg validate` to see what does not fit"
    if missing := wanted.keys() - found.keys():
        message = f"`{min(missing)}` is missing in the file ({len(missing)} missing in all)"
        raise LoracfgError(message, hint)
    if unknown := found.keys() - wanted.keys():
        message = f"the model has no place for `{min(unknown)}` ({len(unknown)} unexpected in all)"
        raise LoracfgError(message, hint)
    for name, shape in wanted.items():
        if found[name] != shape:
            raise LoracfgError(f"`{name}` is `{found[name]}` in the file, not `{shape}`", hint)


def _read(folder: Path) -> dict[str, Tensor]:
    """Return the tensors of the weight file in a folder.

    Raises:
        LoracfgError: if it does not exist or cannot be read.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        if (folder / SAFETENSORS_NAME).is_file():
            return load_file(folder / SAFETENSORS_NAME)
        found: dict[str, Tensor] = torch.load(folder / PICKLE_NAME, "cpu", weights_only=True)
    except (OSError, SafetensorError, RuntimeError, ValueError) as error:
        raise LoracfgError(f"the weights in `{folder}` cannot be read: {error}") from error
    return found
