"""Reads configs of mlx-lm (`lora.py` and `tuner/utils.py` of release 0.32.2).

mlx-lm is not built on PEFT. The PEFT config is the one that trains the same factors with the same
scale: mlx-lm's `scale` does not depend on the rank, so `lora_alpha` is `scale` times `rank`, and it
adapts the layers from the end.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from loracfg.analysis.unmatched_names import nearest_names
from loracfg.base.architecture import Kind
from loracfg.sources.trainer_marks import MLX_LM
from loracfg.training.trainer_files.config_draft import OTHER_FILE, ConfigDraft
from loracfg.training.trainer_files.options import with_exponents
from loracfg.training.trainer_files.trainer import Command, OptionFact, Trainer
from loracfg.training.trainer_files.trainer_file import OptionNote, Resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from loracfg.base.architecture import Architecture, Module
    from loracfg.document.json_value import Json, JsonObject
    from loracfg.report.report import Location
    from loracfg.training.trainer_files.options import TrainerOption, TrainerOptions
    from loracfg.training.trainer_files.trainer_file import TrainerFile

RELEASE: Final = "0.32.2"

_DEFAULTS: Final[JsonObject] = {"rank": 8, "dropout": 0.0, "scale": 20.0}
_KEYS: Final = "lora_parameters.keys"
_LAYERS: Final = 16
_PARAMETERS: Final = ("r", "lora_alpha", "lora_dropout", "target_modules")
"""What `lora_parameters` sets, which no word of a command line can."""
_ADAPTED: Final = (Kind.LINEAR, Kind.EMBEDDING)
"""What mlx-lm adapts of a dense model; `SwitchLinear`, its stacks of experts, is another class."""
_UNKNOWN: Final = "its value is not known"
_NO_KEY: Final = "`{}` is missing from `lora_parameters`, and mlx-lm has no default for it there"

OPTIONS: Final = (
    OptionFact("fine_tune_type", "use_dora", "`lora` or `dora`"),
    OptionFact("lora_parameters.rank", "r"),
    OptionFact(
        "lora_parameters.scale",
        "lora_alpha",
        "the scale itself: `lora_alpha` is `scale` times `rank`",
        "differs",
    ),
    OptionFact("lora_parameters.dropout", "lora_dropout"),
    OptionFact(
        "lora_parameters.keys",
        "target_modules",
        "whole paths inside a layer, so `q_proj` matches nothing but `self_attn.q_proj` does",
        "differs",
    ),
    OptionFact(
        "num_layers", "target_modules", "the number of layers, counted from the end; -1 for all"
    ),
    OptionFact("lora_layers", None, "an older name of `num_layers`", "not understood"),
    OptionFact("config", None, f"on a command line: {OTHER_FILE}", "not understood"),
    OptionFact("resume_adapter_file", None, "only gives the first values of the factors"),
)


def read(options: TrainerOptions) -> TrainerFile:
    """Read the options of a file or command line."""
    draft = ConfigDraft(options)
    option = options.get("fine_tune_type")
    kind = _text(option, "lora")
    main = options.first("fine_tune_type", "lora_parameters")
    if option is None or option.is_odd or kind in ("lora", "dora"):
        _read_config(draft, option, kind)
    else:
        draft.note("no-lora" if kind == "full" else "rejected", option, "it is no kind of LoRA")
    if older := options.get("lora_layers"):
        draft.note("not-understood", older, f"mlx-lm {RELEASE} ignores it")
    return replace(draft.finish(MLX_LM, RELEASE, options.get("model"), main), is_peft=False)


def _read_config(draft: ConfigDraft, option: TrainerOption | None, kind: str | None) -> None:
    if option is not None and option.is_odd:
        draft.note("not-understood", option, _UNKNOWN, "use_dora")
    else:
        draft.set("use_dora", kind == "dora", option)
    options = draft.options
    # In a file, a key of this name has no effect.
    other = options.first("config", "c") if options.is_from_words else None
    if other is not None:
        draft.leave_to_file(other, _PARAMETERS if option else ("use_dora", *_PARAMETERS))
    else:
        _read_parameters(draft)


def _read_parameters(draft: ConfigDraft) -> None:
    options = draft.options
    option = options.get("lora_parameters")
    given = option.value if option and option.value is not None else _DEFAULTS
    if option is not None and option.is_odd:
        for field in _PARAMETERS:
            draft.place(field, option)
        draft.note("not-understood", option, _UNKNOWN, "r")
        return
    if option is not None and not isinstance(given, dict):
        draft.note("rejected", option, "it is not a mapping of `rank`, `scale` and `dropout`")
        return
    parameters = given if isinstance(given, dict) else _DEFAULTS
    for name in ("rank", "scale", "dropout"):
        if name not in parameters and option is not None:
            draft.note("rejected", option, _NO_KEY.format(name))
    numbers = dict(parameters)
    if option is not None and parameters is option.value:
        numbers |= {name: with_exponents(option, name) for name in parameters}
    draft.config["r"] = numbers.get("rank")
    _read_scale(draft, numbers, option)
    draft.config["lora_dropout"] = numbers.get("dropout")
    parts = option.parts if option else {}
    for field, part in (("r", "rank"), ("lora_alpha", "scale"), ("lora_dropout", "dropout")):
        if option is not None:
            draft.place(field, option._replace(place=parts.get(part, option.place)))
    draft.set("bias", "none")
    _read_targets(draft, parameters.get("keys"), option)


def _read_scale(
    draft: ConfigDraft, numbers: Mapping[str, Json], option: TrainerOption | None
) -> None:
    rank, scale = numbers.get("rank"), numbers.get("scale")
    if isinstance(scale, int | float):
        if isinstance(rank, int | float):
            try:
                draft.config["lora_alpha"] = rank * scale
            except OverflowError:  # an integer that no float holds
                if option is not None:
                    draft.note("not-understood", option, _UNKNOWN, "lora_alpha")
    elif option is not None and "scale" in numbers:
        place = option.parts.get("scale", option.place)
        draft.note("rejected", option._replace(place=place), "its `scale` is not a number")


def _read_targets(draft: ConfigDraft, keys: Json, parameters: TrainerOption | None) -> None:
    layers = draft.options.get("num_layers")
    count: Json = layers.value if layers and layers.value is not None else _LAYERS
    if layers and draft.options.is_from_words and isinstance(count, list):
        count = int(str(count[0])) if len(count) == 1 and _is_integer(str(count[0])) else None
    if layers and layers.is_odd:
        draft.place("target_modules", layers)
        draft.note("not-understood", layers, _UNKNOWN, "target_modules")
        return
    if not isinstance(count, int):
        if layers:
            draft.note("rejected", layers, "it is not an integer")
        return
    if keys is not None and not (isinstance(keys, list) and all(isinstance(k, str) for k in keys)):
        if parameters:
            option = parameters._replace(name=_KEYS, value=keys)
            draft.note("not-understood", option, "it is not a list of paths", "target_modules")
        return
    if parameters and keys is not None:
        place = parameters.parts.get("keys", parameters.place)
        draft.place("target_modules", parameters._replace(place=place))
    else:
        draft.place("target_modules", layers)
    place = layers.place if layers else draft.options.whole
    wanted = None
    if keys is not None and parameters:
        place = parameters.parts.get("keys", parameters.place)
        wanted = {
            str(key): parameters.parts.get(f"keys/{index}", place) for index, key in enumerate(keys)
        }
    draft.leave_to_base(("target_modules",), partial(_targets, wanted, count, place))


def _targets(
    keys: Mapping[str, Location] | None, count: int, place: Location, base: Architecture
) -> Resolved:
    """Return the paths that mlx-lm adapts, or a note if its tree may be a different one.

    `keys` are the given keys with their places.
    """
    layers = _layers(base)
    if not layers:
        why = "the layers of this base are not found"
        return Resolved({}, (OptionNote("not-understood", "num_layers", place, why, count),))
    if count > len(layers):
        why = f"the base has {len(layers)} layers"
        return Resolved({}, (OptionNote("rejected", "num_layers", place, why, count),))
    if keys is None and any(_is_stack(one) for inside in layers for one in inside.values()):
        why = "mlx-lm has other paths for the experts of this base; give `lora_parameters.keys`"
        return Resolved({}, (OptionNote("not-understood", "num_layers", place, why, count),))
    chosen = layers[-max(count, 0) :]
    paths = [
        module.path
        for inside in chosen
        for rest, module in inside.items()
        if module.kind in _ADAPTED and (keys is None or rest in keys)
    ]
    paths += [key for key in keys or () if (one := base.find(key)) and one.kind in _ADAPTED]
    notes = tuple(_unfit_keys(keys or {}, chosen, base))
    if not paths and notes:
        return Resolved({}, notes)
    return Resolved({"target_modules": list(dict.fromkeys(paths))}, notes)


def _unfit_keys(
    keys: Mapping[str, Location],
    layers: Sequence[Mapping[str, Module]],
    base: Architecture,
) -> Iterator[OptionNote]:
    """Yield notes on keys that match nothing, or something that mlx-lm does not adapt."""
    paths = tuple(dict.fromkeys(chain.from_iterable(layers)))
    for key, place in keys.items():
        found = [inside[key] for inside in layers if key in inside]
        found += [one] if (one := base.find(key)) else []
        if not found:
            why = "mlx-lm compares whole paths inside a layer"
            near = _nearest(key, paths)
            yield OptionNote("unmatched", _KEYS, place, why, key, "target_modules", near)
        elif any(one.kind not in _ADAPTED for one in found):
            why = f"it cannot adapt a `{found[0].class_name}`"
            yield OptionNote("rejected", _KEYS, place, why, key, "target_modules")


def _nearest(key: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the paths that end with a key, or else those that are spelt most like it."""
    longer = tuple(path for path in paths if path.endswith(f".{key}"))
    return longer or nearest_names([key], paths)[key]


def _layers(base: Architecture) -> list[dict[str, Module]]:
    """Return the modules of each layer of the longest outermost stack, by path inside the layer."""
    stacks: dict[str, dict[int, dict[str, Module]]] = {}
    for path, module in base.modules.items():
        match = _outer_layer(path)
        if match is None:
            continue
        layers = stacks.setdefault(match[0], {})
        inside = layers.setdefault(match[1], {})
        if match[2]:
            inside[match[2]] = module
    longest = max(stacks.values(), key=len, default={})
    return [longest[index] for index in sorted(longest)]


def _outer_layer(path: str) -> tuple[str, int, str] | None:
    steps = path.split(".")
    for at, step in enumerate(steps):
        if step.isdecimal():
            return ".".join(steps[:at]), int(step), ".".join(steps[at + 1 :])
    return None


def _is_stack(module: Module) -> bool:
    """Return whether a module holds the weights of several experts, or is one of several."""
    return any(len(shape) == 3 for shape in module.parameters.values()) or ".experts" in module.path


def _is_integer(text: str) -> bool:
    return re.fullmatch(r"[-+]?\d+", text) is not None


def _text(option: TrainerOption | None, default: str) -> str:
    match option.value if option else None:
        case None:
            return default
        case [word]:
            return str(word)
        case value:
            return str(value)


TRAINER: Final = Trainer(
    MLX_LM,
    RELEASE,
    read,
    OPTIONS,
    (Command("mlx_lm.lora"), Command("mlx_lm", frozenset({"lora"}))),
)
