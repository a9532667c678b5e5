"""The files in an adapter's folder besides the two that PEFT reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME, Adapter
from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.tensor_names import PREFIX
from loracfg.analysis.phrases import listed
from loracfg.config import CONFIG_NAME
from loracfg.document.display import printable
from loracfg.report.report import Location
from loracfg.sources.source import PASS_BOTH

_READ: Final = (CONFIG_NAME, SAFETENSORS_NAME, PICKLE_NAME)
_FOR_PIPELINE: Final = (
    f"write it with the `save_lora_weights` of the pipeline, or {PASS_BOTH} to PEFT"
)
_OF_DIFFUSERS: Final = re.compile(
    rf"{re.escape(PREFIX)}(down_blocks|mid_block|up_blocks|(single_)?transformer_blocks)\..+"
)
_CONVERT: Final = "convert it to PEFT's format with the tool that made it"
_SHARD: Final = r"adapter_model(-\d+-of-\d+\.(safetensors|bin)|\..*\.index\.json)"
_MODEL: Final = r"(model|pytorch_model)(-\d+-of-\d+)?\.(safetensors|bin)(\.index\.json)?"
_STATE: Final = (
    r"(optimizer|scheduler|scaler)(_\d+)?\.(pt|bin)|rng_state(_\d+)?\.pth|random_states_\d+\.pkl"
    r"|training_args\.bin"
)
_SAFETENSORS: Final = r"(?i)[^/]*\.safetensors"
_PICKLED: Final = r"(?i)(?!ggml-)[^/]*\.(bin|pt|pth|ckpt)"
_ARCHIVE: Final = r"(?i)[^/]*\.(zip|7z|rar|tgz|tbz2?|txz|tar(\.(gz|bz2|xz|zst))?)"
_WEIGHTS: Final = r"(?i).*\.(safetensors|bin|pt|pth|ckpt|gguf|npz)"


def adapters_below(files: Mapping[str, int]) -> list[str]:
    """Return the sub-folders with an adapter config, each with a trailing `/`."""
    end = f"/{CONFIG_NAME}"
    return [name.removesuffix(CONFIG_NAME) for name in files if name.endswith(end)]


def shards(files: Mapping[str, int]) -> list[str]:
    """Return the shards of an adapter's weights, and their index."""
    return _matching(_SHARD, files)


def model_weights(files: Mapping[str, int]) -> list[str]:
    """Return the weight files of a whole model."""
    return _matching(_MODEL, files)


def trainer_state(files: Mapping[str, int]) -> list[str]:
    """Return the files that a trainer resumes from; they are pickles."""
    return _matching(_STATE, files)


def other_weights(files: Mapping[str, int]) -> list[str]:
    """Return files that may be adapter weights under a name that PEFT does not read."""
    return _unknown(_WEIGHTS, files)


def other_safetensors(files: Mapping[str, int]) -> list[str]:
    """Return safetensors files without PEFT's name, except those of a whole model."""
    model = model_weights(files) if "config.json" in files else []
    return [name for name in _matching(_SAFETENSORS, files) if name not in model]


def other_pickles(files: Mapping[str, int]) -> list[str]:
    """Return pickled weights without PEFT's name, except those of a whole model or a trainer."""
    return _unknown(_PICKLED, files)


def _unknown(pattern: str, files: Mapping[str, int]) -> list[str]:
    known = {*trainer_state(files), *model_weights(files), *shards(files)}
    return [name for name in _matching(pattern, files) if name not in known]


def names_in_file(adapter: Adapter) -> tuple[str, ...]:
    """Return the tensor names in the only safetensors file of a folder; empty if not just one."""
    found = [name for name in adapter.files if re.fullmatch(_SAFETENSORS, name)]
    if len(found) != 1 or adapter.source is None:
        return ()
    (name,) = found
    try:
        with adapter.source.open(name) as stream:
            header, _ = read_safetensors(stream, adapter.files[name], name)
    except OSError:
        return ()
    return tuple(header.shapes) if header else ()


def peft_names_hint(names: Collection[str]) -> tuple[str, str] | None:
    """Return a hint and advice if a file without PEFT's name has tensors with PEFT's names."""
    if not names or not all(name.startswith(PREFIX) for name in names):
        return None
    return diffusers_names_hint(names) or ("its tensors have PEFT's names", PASS_BOTH)


def diffusers_names_hint(names: Collection[str]) -> tuple[str, str] | None:
    """Return a hint and advice if PEFT's names are for a diffusers model.

    Diffusers pipelines can read a file without a config, but only find modules without the prefix.
    """
    if not any(map(_OF_DIFFUSERS.fullmatch, names)):
        return None
    why = f"whose pipelines treat `{PREFIX}` as a part of the path"
    return f"its tensors have PEFT's names for a diffusers model, {why}", _FOR_PIPELINE


def _matching(pattern: str, files: Mapping[str, int]) -> list[str]:
    others = (name for name in files if name not in _READ)
    return sorted(name for name in others if re.fullmatch(pattern, name))


def hint(files: Mapping[str, int]) -> tuple[str, str]:
    """Return what the folder contains instead of an adapter, and what to do.

    The first is a clause that continues a sentence ("but the adapter is in `checkpoint-400/`"); it
    is empty if nothing is known.
    """
    return next(_hints(files), ("", "pass the folder that `save_pretrained` wrote"))


def _hints(files: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    if below := adapters_below(files):
        what = "there are adapters in" if len(below) > 1 else "the adapter is in"
        yield f"but {what} {names(below)}", f"pass `{printable(below[0])}`"
    if parts := shards(files):
        yield f"but the shards of one: {names(parts)}", "save the adapter again as one file"
    if "adapters.safetensors" in files:
        yield "but `adapters.safetensors`, the name that mlx-lm uses", _CONVERT
    if "adapters.npz" in files:
        yield "but `adapters.npz`, the name that the first MLX scripts used", _CONVERT
    if "config.json" in files and (found := model_weights(files)):
        yield f"but a whole model: {names(found)}", "pass the adapter's own folder"
    if found := other_weights(files):
        advice = "save the adapter with PEFT's `save_pretrained`, or convert the file"
        yield f"but {names(found)}, which PEFT does not look for", advice
    if found := _matching(_ARCHIVE, files):
        verb = "are" if len(found) > 1 else "is"
        yield f"but {names(found)}, which {verb} not opened", "unpack the archive; pass its folder"
    if found := trainer_state(files):
        advice = "call `save_pretrained` on the trained model"
        yield f"but the state of a trainer: {names(found)}", advice


def file_location(name: str) -> Location:
    """Return the place of a file, with its name made printable."""
    return Location(printable(name, len(name)))


def names(found: list[str]) -> str:
    """Return file names for a message, only the first if there are many; empty if none."""
    return listed(map(printable, found)) if found else ""
