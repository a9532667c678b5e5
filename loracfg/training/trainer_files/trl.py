"""Reads the arguments of TRL's scripts, as YAML (`--config`) or on a command line.

`ModelConfig` (`trainer/model_config.py`) declares the options and `get_peft_config`
(`trainer/utils.py`) makes the config, in release 1.16.0. `TrlParser` makes the values of a YAML
file defaults of argparse, which only converts strings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from loracfg.sources.trainer_marks import TRL
from loracfg.training.trainer_files.arguments import Argument, Rejected
from loracfg.training.trainer_files.config_draft import OTHER_FILE, ConfigDraft
from loracfg.training.trainer_files.trainer import (
    Command,
    OptionFact,
    Trainer,
    unread_options,
)

if TYPE_CHECKING:
    from loracfg.document.json_value import Json
    from loracfg.training.trainer_files.options import TrainerOptions
    from loracfg.training.trainer_files.trainer_file import TrainerFile

RELEASE: Final = "1.16.0"

_STRS: Final = Argument("strs", accepts_none=True)
_FIELDS: Final[dict[str, tuple[str, Argument, Json]]] = {
    "lora_task_type": ("task_type", Argument("str"), "CAUSAL_LM"),
    "lora_r": ("r", Argument("int"), 16),
    "lora_target_modules": ("target_modules", _STRS, None),
    "lora_alpha": ("lora_alpha", Argument("int"), 32),
    "lora_dropout": ("lora_dropout", Argument("float"), 0.05),
    "use_rslora": ("use_rslora", Argument("bool"), False),
    "use_dora": ("use_dora", Argument("bool"), False),
    "lora_modules_to_save": ("modules_to_save", _STRS, None),
    "lora_target_parameters": ("target_parameters", _STRS, None),
}
"""The PEFT field, type and default of each option."""
_NEW_TOKENS: Final = "`SFTTrainer` adds the new tokens of a template, and `lm_head`"
_ONE_NAME: Final = "a list of one name becomes a pattern, which must match the whole path"

_SCRIPTS: Final = frozenset({"sft", "dpo", "grpo", "kto", "reward", "rloo", "distillation"})

OPTIONS: Final = (
    OptionFact("use_peft", None, "without it, the whole base is trained"),
    *(
        OptionFact(option, field)
        for option, (field, _, _) in _FIELDS.items()
        if option != "lora_target_modules"
    ),
    OptionFact("lora_target_modules", "target_modules", _ONE_NAME, "differs"),
    OptionFact("chat_template_path", "modules_to_save", _NEW_TOKENS, "not understood"),
    OptionFact("config", None, OTHER_FILE, "not understood"),
)


def read(options: TrainerOptions) -> TrainerFile:
    """Read the options of a file or command line."""
    draft = ConfigDraft(options)
    main = options.get("use_peft")
    config = options.get("config")
    if config is not None:
        others = (field for name, (field, *_) in _FIELDS.items() if options.get(name) is None)
        draft.leave_to_file(config, others)
    use_peft = _value(draft, "use_peft", Argument("bool"), None)
    if main is None:
        if config is None:
            draft.note_absence("no-lora", "use_peft", "it is not set, so the whole base is trained")
    elif use_peft is False:
        draft.note("no-lora", main, "the whole base is trained")
    _read_config(draft)
    return draft.finish(TRL, RELEASE, options.get("model_name_or_path"), main)


def _read_config(draft: ConfigDraft) -> None:
    options = draft.options
    for name, (field, argument, default) in _FIELDS.items():
        value = _value(draft, name, argument, default)
        option = options.get(name)
        if name == "lora_target_modules" and isinstance(value, str | list) and len(value) == 1:
            if option is not None and _is_one_name(value):
                draft.note("differs", option, _ONE_NAME, field)
            value = value[0]
        if value is not None or (option is not None and field != "target_parameters"):
            draft.set(field, value, option)
    draft.set("bias", "none")
    template = options.get("chat_template_path")
    if template and template.value:
        draft.note("not-understood", template, _NEW_TOKENS, "modules_to_save")
    unread_options(draft, TRL, RELEASE, OPTIONS, ("lora_",))


def _is_one_name(value: Json) -> bool:
    """Return whether a value is a list of one name, which is neither a pattern nor `all-linear`."""
    return isinstance(value, list) and re.fullmatch(r"[\w.]+", str(value[0])) is not None


def _value(draft: ConfigDraft, name: str, argument: Argument, default: Json) -> Json:
    """Return the value of an option, or the default if it is not given or not understood."""
    option = draft.options.get(name)
    if option is None:
        return default
    if option.is_odd:
        field = _FIELDS[name][0] if name in _FIELDS else None
        draft.note("not-understood", option, "its value is not known", field)
        return default
    given = option.value
    if draft.options.is_from_words:
        words = [str(word) for word in given] if isinstance(given, list) else []
        value = argument.of_words(words)
    else:
        value = argument.of_default(given)
    if isinstance(value, Rejected):
        draft.note("rejected", option, value.why)
        return default
    return value


TRAINER: Final = Trainer(
    TRL,
    RELEASE,
    read,
    OPTIONS,
    (
        Command("trl", _SCRIPTS),
        *(
            Command(f"{folder}/{name}.py")
            for folder in ("trl/scripts", "examples/scripts")
            for name in sorted(_SCRIPTS)
        ),
    ),
)
