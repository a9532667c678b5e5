"""Reads configs of LLaMA-Factory's newer trainer, which runs with `USE_V1=1`.

`v1/plugins/model_plugins/peft.py` of release 0.9.5 makes the adapter of the options in
`peft_config`, without conversion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.sources.trainer_marks import LLAMA_FACTORY
from loracfg.training.trainer_files.config_draft import ConfigDraft
from loracfg.training.trainer_files.linear_layers import is_named_linear, last_name
from loracfg.training.trainer_files.trainer import OptionFact
from loracfg.training.trainer_files.trainer_file import Resolved

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.document.json_value import Json, JsonObject
    from loracfg.training.trainer_files.options import TrainerOption, TrainerOptions
    from loracfg.training.trainer_files.trainer_file import TrainerFile

RELEASE: Final = "0.9.5"

_DEFAULTS: Final[JsonObject] = {
    "r": 8,
    "lora_alpha": 16,
    "lora_dropout": 0.05,
    "use_rslora": False,
    "use_dora": False,
    "modules_to_save": None,
}
_OUTPUTS: Final = ("lm_head", "output_layer", "output")
"""Texts that no path of a target contains."""
_OTHERS: Final = frozenset(
    [
        "name",
        "target_modules",
        "adapter_name_or_path",
        "export_dir",
        "export_size",
        "export_hub_model_id",
        "infer_dtype",
        "export_legacy_format",
    ]
)

OPTIONS: Final = (
    OptionFact("peft_config.name", None, "`lora` trains LoRA"),
    *(OptionFact(f"peft_config.{field}", field) for field in _DEFAULTS),
    OptionFact(
        "peft_config.target_modules",
        "target_modules",
        "`all` is the last names of all linear layers but those below an output layer",
    ),
)


def read(options: TrainerOptions, main: TrainerOption) -> TrainerFile:
    """Read the options of a file, of which `main` is `peft_config`."""
    draft = ConfigDraft(options)
    given = main.value
    if isinstance(given, dict):
        name = main._replace(name="peft_config.name", place=main.parts.get("name", main.place))
        if given.get("name") != "lora":
            draft.note("no-lora", name._replace(value=given.get("name")), "it is another method")
        _read_config(draft, main, given)
        if given.get("adapter_name_or_path"):
            draft.note("not-understood", main, "training continues an adapter, if it trains at all")
    else:
        draft.note("no-lora", main, "it is not a mapping")
    return draft.finish(LLAMA_FACTORY, RELEASE, options.get("model"), main)


def _read_config(draft: ConfigDraft, main: TrainerOption, given: JsonObject) -> None:
    for field, default in _DEFAULTS.items():
        draft.config[field] = given.get(field, default)
    for key, place in main.parts.items():
        draft.place(key, main._replace(place=place))
        if key in given and key not in _DEFAULTS and key not in _OTHERS:
            option = main._replace(name=f"peft_config.{key}", place=place, value=given[key])
            draft.note("not-understood", option, f"LLaMA-Factory {RELEASE} has no such option")
    draft.config |= {"task_type": "CAUSAL_LM", "inference_mode": False}
    targets: Json = given.get("target_modules", "all")
    if targets == "all":
        draft.leave_to_base(("target_modules",), _all_linear)
    else:
        draft.config["target_modules"] = [targets] if isinstance(targets, str) else targets


def _all_linear(base: Architecture) -> Resolved:
    names: set[Json] = {
        last_name(path)
        for path, module in base.modules.items()
        if is_named_linear(module) and not any(one in path for one in _OUTPUTS)
    }
    return Resolved({"target_modules": sorted(names, key=str)})
