"""Runs inside a release of PEFT: loads configs and creates adapters, and tells what came of it.

Reads a JSON list of jobs on stdin and writes a JSON list of results on stdout, in the same order;
`real.py` says what is in them. Imports nothing of this project: only Python, torch, transformers
and the PEFT on the path are here.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import os
import sys
import tempfile
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def main() -> None:
    """Answer the jobs on stdin."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # some packages greet on stdout
    jobs = [(job["id"], job) for job in json.load(sys.stdin)]
    _import_peft()
    json.dump([{"id": name} | _answer(job) for name, job in jobs], answers)


def _import_peft() -> None:
    import torch
    import transformers  # noqa: F401  looks for bitsandbytes itself, so goes first

    try:
        import peft
    except ModuleNotFoundError as error:  # 0.1.0 cannot do without
        if error.name != "bitsandbytes":
            raise
        stub: Any = types.ModuleType("bitsandbytes")
        stub.nn = types.ModuleType("bitsandbytes.nn")
        stub.nn.Linear8bitLt = type("Linear8bitLt", (torch.nn.Linear,), {})
        sys.modules |= {"bitsandbytes": stub, "bitsandbytes.nn": stub.nn}
        import peft  # noqa: F401


def _answer(job: Json) -> Json:
    result: Json = {}
    with warnings.catch_warnings(record=True) as caught, tempfile.TemporaryDirectory() as scratch:
        warnings.simplefilter("always")
        try:
            result |= _DO[job.get("do", "load_config")](job, Path(scratch))
        except Exception as error:
            result["error"] = f"{type(error).__name__}: {error}"
    result["warnings"] = [
        f"{w.category.__name__}: {w.message}"
        for w in caught
        if not issubclass(w.category, DeprecationWarning | FutureWarning)
    ]
    return result


def _directory(job: Json, scratch: Path) -> str:
    """Return the job's directory, made of its config if it has one."""
    if "dir" in job:
        return str(job["dir"])
    (scratch / "adapter_config.json").write_text(json.dumps(job["config"]))
    return str(scratch)


def _load_config(job: Json, scratch: Path) -> Json:
    import peft

    directory = _directory(job, scratch)
    loader = job.get("loader", "LoraConfig")
    of_loader = _class_of_method(directory) if loader == "PeftModel" else getattr(peft, loader)
    config = of_loader.from_pretrained(directory)
    return _described(config) | {"overwritten": _overwritten(config, directory)}


def _class_of_method(directory: str) -> Any:
    """Return the class that `PeftModel.from_pretrained` reads a config with."""
    import peft

    method: Any = getattr(peft.PeftConfig, "_get_peft_type", None)  # since 0.4.0
    if method is None:
        method = peft.PeftConfig.from_pretrained(directory).peft_type
    else:
        method = method(directory)
    return peft.mapping.PEFT_TYPE_TO_CONFIG_MAPPING[method]


def _described(config: Any) -> Json:
    values = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    return {
        "type": type(config).__name__,
        "values": {name: _plain(value) for name, value in values.items()},
        "kinds": {name: type(value).__name__ for name, value in values.items()},
    }


def _overwritten(config: Any, directory: str) -> list[str]:
    """Return the keys of the file that replaced a method of the config."""
    data = json.loads(Path(directory, "adapter_config.json").read_text())
    fields = {field.name for field in dataclasses.fields(config)}
    return sorted(
        name
        for name, value in data.items()
        if name not in fields
        and hasattr(type(config), name)
        and _plain(getattr(config, name)) == value
    )


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, sets as sorted lists; what JSON has not, as its `repr`."""
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=repr)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float) else repr(value)


def _create(job: Json, scratch: Path) -> Json:
    import peft

    directory = _directory(job, scratch)
    model = _model(job)
    if job.get("weights"):
        wrapped = peft.PeftModel.from_pretrained(model, directory)
    else:
        config = peft.LoraConfig.from_pretrained(directory)
        wrapped = peft.get_peft_model(model, config)
    if job.get("trained"):
        _train(wrapped)
    result: Json = {"layers": dict(_layers(wrapped))}
    if job.get("outputs"):
        result["outputs"] = _outputs(wrapped.eval().base_model.model, job["model"])
    if job.get("unsaved"):
        return result
    saved = job.get("save_to") or str(scratch / "saved")
    options: Json = {"safe_serialization": False} if job.get("pickled") else {}
    try:
        wrapped.save_pretrained(saved, **options)
        return result | {"saved": _saved(Path(saved))}
    except Exception as error:
        return result | {"save_error": f"{type(error).__name__}: {error}"}


def _model(job: Json) -> Any:
    """Build the module tree of a job, with a transformers config of its `model_config`."""
    import torch
    import transformers

    torch.manual_seed(0)
    tied = job.get("tied", {})
    values = {"model_type": "", "tie_word_embeddings": bool(tied)} | job.get("model_config", {})
    # `to_dict` takes the model type from the class.
    base: Any = transformers.PretrainedConfig
    config = type("Config", (base,), {"model_type": values.pop("model_type")})(**values)
    root = _root(config, bool(job.get("pretrained")))
    _fill(root, job["model"])
    for child in root.children():  # as inner models of transformers have, `model` above all
        child.config = config
    root._tied_weights_keys = [f"{name}.weight" for name in tied]
    for name, source in tied.items():
        root.get_submodule(name).weight = root.get_submodule(source).weight
    return root


def _root(config: Any, pretrained: bool) -> Any:
    """Return an empty model, a `PreTrainedModel` if told, that every task type can wrap."""
    import torch
    import transformers

    class Plain(torch.nn.Module):
        def prepare_inputs_for_generation(self) -> None: ...

        def _prepare_encoder_decoder_kwargs_for_generation(self) -> None: ...

    if not pretrained:
        plain: Any = Plain()
        plain.config = config
        return plain

    base: Any = transformers.PreTrainedModel

    class Pretrained(Plain, base):  # type: ignore[misc]
        def __init__(self) -> None:
            base.__init__(self, config)

        def get_input_embeddings(self) -> Any:
            return self._named("embed_tokens")

        def get_output_embeddings(self) -> Any:
            return self._named("lm_head")

        def _named(self, name: str) -> Any:
            modules = self.named_modules()
            return next((m for path, m in modules if path.split(".")[-1] == name), None)

    return Pretrained()


def _fill(parent: Any, tree: Json) -> None:
    """Give a module the layers of `{"path": [kind, *sizes]}`; numbered modules form a list."""
    import torch

    below: dict[str, Json] = {}
    for path, what in tree.items():
        name, _, rest = path.partition(".")
        below.setdefault(name, {})[rest] = what
    for name, inner in below.items():
        if "" in inner:
            made = _layer(*inner.pop(""))
        elif all(path.partition(".")[0].isdigit() for path in inner):
            made = torch.nn.ModuleList()
        else:
            made = torch.nn.Module()
        if isinstance(made, torch.nn.Parameter):
            parent.register_parameter(name, made)
        else:
            parent.add_module(name, made)
        _fill(made, inner)


def _layer(kind: str, *sizes: int) -> Any:
    import torch
    from transformers import pytorch_utils

    if kind == "Conv1D":
        conv: Any = pytorch_utils.Conv1D
        return conv(sizes[1], sizes[0])
    if kind == "Parameter":
        return torch.nn.Parameter(torch.randn(*sizes))
    return getattr(torch.nn, kind)(*sizes)


def _layers(model: Any) -> Iterator[tuple[str, Json]]:
    """Yield the path of each layer with LoRA in the base model, with what it computes by."""
    from peft.tuners.lora import LoraLayer

    for path, module in model.named_modules():
        if isinstance(module, LoraLayer):
            described: Json = {"class": type(module).__name__}
            for key in ("r", "lora_alpha", "scaling"):
                value = getattr(module, key, None)
                described[key] = value.get("default") if isinstance(value, dict) else value
            yield path.removeprefix("base_model.model."), described


def _train(model: Any) -> None:
    """Give every trainable parameter random values, as if it had been trained."""
    import torch

    torch.manual_seed(1)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data.normal_()


def _outputs(model: Any, tree: Json) -> dict[str, list[float]]:
    """Return what each layer of the tree makes of a fixed input; of a parameter, its update."""
    import torch

    found = {}
    for path, (kind, *sizes) in tree.items():
        torch.manual_seed(2)
        with torch.no_grad():
            if kind == "Parameter":
                output = _update(model, path)
            elif kind == "Embedding":
                output = model.get_submodule(path)(torch.arange(sizes[0]))
            elif kind == "MultiheadAttention":
                given = torch.randn(3, 2, sizes[0])
                output = model.get_submodule(path)(given, given, given)[0]
            else:
                spread = [5] * int(kind[4]) if kind.endswith("d") else []  # Conv1d, but not Conv1D
                given = torch.randn(2, sizes[0], *spread)
                output = model.get_submodule(path)(given)
        found[path] = output.flatten()[:500].tolist()
    return found


def _update(model: Any, path: str) -> Any:
    """Return what adapters add to a parameter; one layer of a module wraps one parameter."""
    import torch

    parent, _, name = path.rpartition(".")
    wrapper = model.get_submodule(parent)
    while hasattr(wrapper, "parameter_name"):
        if wrapper.parameter_name == name:
            return wrapper.get_delta_weight("default")
        wrapper = wrapper.base_layer
    return torch.zeros(0)


def _saved(folder: Path) -> Json:
    """Describe a saved adapter: its config, and the shape of each tensor in its file."""
    import torch

    config = json.loads((folder / "adapter_config.json").read_text())
    pickled = folder / "adapter_model.bin"
    if pickled.exists():
        tensors = torch.load(pickled, map_location="cpu", weights_only=True)
    else:
        from safetensors.torch import load_file

        tensors = load_file(folder / "adapter_model.safetensors")
    shapes = {key: list(tensor.shape) for key, tensor in tensors.items()}
    return {"config": config, "tensors": shapes}


_DO = {"load_config": _load_config, "create": _create}


if __name__ == "__main__":
    main()
