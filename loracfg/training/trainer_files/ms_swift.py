"""Reads options of ms-swift, of a command line or a YAML file (release 4.6.0).

`arguments/tuner_args.py` declares the options and `pipelines/train/tuner.py` makes the config. The
values of a YAML or JSON file become words of a command line (`cli/main.py`).
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from loracfg.sources.trainer_marks import MS_SWIFT
from loracfg.training.trainer_files.arguments import Argument, Rejected
from loracfg.training.trainer_files.config_draft import ConfigDraft
from loracfg.training.trainer_files.ms_swift_targets import (
    ALL_EMBEDDING,
    ALL_LINEAR,
    ALL_NORM,
    Frozen,
    resolve,
)
from loracfg.training.trainer_files.trainer import Command, OptionFact, Trainer, unread_options

if TYPE_CHECKING:
    from loracfg.document.json_value import Json
    from loracfg.training.trainer_files.options import TrainerOption, TrainerOptions
    from loracfg.training.trainer_files.trainer_file import NoteKind, TrainerFile

RELEASE: Final = "4.6.0"

_STRS: Final = Argument("strs", accepts_none=False)
_ARGUMENTS: Final[dict[str, tuple[Argument, Json]]] = {
    "tuner_type": (Argument("str"), "lora"),
    "tuner_backend": (Argument("str"), "peft"),
    "use_swift_lora": (Argument("bool"), False),
    "task_type": (Argument("str"), None),
    "rlhf_type": (Argument("str"), "dpo"),
    "lora_rank": (Argument("int"), 8),
    "lora_alpha": (Argument("float"), 32.0),
    "lora_dropout": (Argument("float"), 0.05),
    "lora_bias": (Argument("str"), "none"),
    "use_rslora": (Argument("bool"), False),
    "use_dora": (Argument("bool"), False),
    "init_weights": (Argument("str"), "true"),
    "target_modules": (_STRS, [ALL_LINEAR]),
    "target_regex": (Argument("str"), None),
    "target_parameters": (_STRS, None),
    "modules_to_save": (_STRS, []),
    "freeze_llm": (Argument("bool"), False),
    "freeze_vit": (Argument("bool"), True),
    "freeze_aligner": (Argument("bool"), True),
    "adapters": (_STRS, []),
    "resume_from_checkpoint": (Argument("str"), None),
    "resume_only_model": (Argument("bool"), False),
}
"""The type and default of each option that matters."""
_OLD_NAMES: Final = {"tuner_type": ("train_type", "sft_type")}
"""Names of options in ms-swift before 4 and before 3."""
_PLAIN: Final = {
    "lora_rank": "r",
    "lora_alpha": "lora_alpha",
    "lora_dropout": "lora_dropout",
    "lora_bias": "bias",
    "use_rslora": "use_rslora",
    "use_dora": "use_dora",
    "target_parameters": "target_parameters",
}
_FIELDS: Final = {
    **_PLAIN,
    "init_weights": "init_lora_weights",
    "target_modules": "target_modules",
    "target_regex": "target_modules",
    "modules_to_save": "modules_to_save",
    "freeze_llm": "target_modules",
    "freeze_vit": "target_modules",
    "freeze_aligner": "target_modules",
    "task_type": "task_type",
    "rlhf_type": "task_type",
}
"""The PEFT field that an option is about."""
_TASKS: Final = {
    "embedding": None,
    "reranker": "SEQ_CLS",
    "generative_reranker": "CAUSAL_LM",
    "decision": "CAUSAL_LM",
}
"""The task of PEFT for tasks of ms-swift; others are the same in capitals."""
_OTHER_ADAPTER: Final = "training continues that adapter, whose own config counts"
_OTHER_WAY: Final = "another library makes the adapter"
_LORA_GA: Final = "a package outside PEFT makes the adapter"
_PARTS: Final = "decides which parts of a model with towers `all-linear` means"
_NO_EFFECT: Final = [
    "lora_dtype",
    "lorap_lr_ratio",
    "lora_ga_batch_size",
    "lora_ga_iters",
    "lora_ga_max_length",
    "lora_ga_direction",
    "lora_ga_scale",
    "lora_ga_stable_gamma",
]

OPTIONS: Final = (
    OptionFact("tuner_type", None, "`lora` trains LoRA; `train_type` before ms-swift 4"),
    *(OptionFact(option, field) for option, field in _PLAIN.items()),
    OptionFact("init_weights", "init_lora_weights", "`true` and `false` are booleans"),
    OptionFact(
        "target_modules",
        "target_modules",
        "`all-linear` is the last names of all linear layers but heads, or a pattern for a model "
        "with towers; `all-embedding` is all embeddings",
        "differs",
    ),
    OptionFact("target_regex", "target_modules", "counts instead of `target_modules`"),
    OptionFact("modules_to_save", "modules_to_save", "`all-embedding` and `all-norm` are expanded"),
    *(OptionFact(f"freeze_{part}", "target_modules", _PARTS) for part in ("llm", "vit", "aligner")),
    OptionFact("task_type", "task_type", "embedding is none, rerankers are `SEQ_CLS`"),
    OptionFact("rlhf_type", "task_type", "`rm` is `SEQ_CLS`, which also saves `v_head`"),
    OptionFact("tuner_backend", None, _OTHER_WAY, "not understood"),
    OptionFact("use_swift_lora", None, _OTHER_WAY, "not understood"),
    OptionFact("adapters", None, _OTHER_ADAPTER, "not understood"),
    OptionFact("resume_from_checkpoint", None, _OTHER_ADAPTER, "not understood"),
    *(OptionFact(option, None, "the config does not depend on it") for option in _NO_EFFECT),
)


def _words_of(value: Json) -> list[str]:
    """Return a value of a YAML file as words of the command line, as ms-swift does."""
    if isinstance(value, list):
        return [str(item) for item in value]
    return [json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)]


class _Reader:
    """Reads the options of one file or command line."""

    def __init__(self, options: TrainerOptions) -> None:
        self.options = options
        self.draft = ConfigDraft(options)
        self._values: dict[str, Any] = {}

    def option(self, name: str) -> TrainerOption | None:
        """Return an option by its name or an older one."""
        return self.options.first(name, *_OLD_NAMES.get(name, ()))

    def _value(self, name: str) -> Any:
        """Return the value of an option, or the default if it is not given or not understood."""
        if name not in self._values:
            self._values[name] = self._read_value(name)
        return self._values[name]

    def _read_value(self, name: str) -> Json:
        argument, default = _ARGUMENTS[name]
        option = self.option(name)
        if option is None:
            return default
        if option.is_odd:
            self.draft.note("not-understood", option, "its value is not known", _FIELDS.get(name))
            return default
        value = argument.of_words(_words_of(option.value))
        if isinstance(value, Rejected):
            self.draft.note("rejected", option, value.why)
            return default
        return value

    def read(self) -> TrainerFile:
        draft = self.draft
        main, kind = self.option("tuner_type"), self._value("tuner_type")
        if main and kind not in ("lora", "longlora"):
            draft.note("no-lora", main, "it is another method")
        self._read_config()
        self._read_targets()
        self._check_rules()
        ignores = draft.options.get("ignore_args_error")
        misspelt: NoteKind = "not-understood" if ignores else "rejected"
        unread_options(draft, MS_SWIFT, RELEASE, OPTIONS, ("lora_",), misspelt)
        return draft.finish(MS_SWIFT, RELEASE, self.options.get("model"), main)

    def _read_config(self) -> None:
        draft = self.draft
        for name, field in _PLAIN.items():
            value = self._value(name)
            if value is not None:
                draft.set(field, value, self.option(name))
        init = self._value("init_weights")
        is_bool = init.lower() in ("true", "false")
        option = self.option("init_weights")
        draft.set("init_lora_weights", init.lower() == "true" if is_bool else init, option)
        task, named = self._task()
        draft.set("task_type", _TASKS.get(task, task.upper()), self.option(named))

    def _task(self) -> tuple[str, str]:
        """Return the task, and the option that it comes from."""
        if "rlhf_type" in self.options and self._value("rlhf_type") == "rm":
            return "seq_cls", "rlhf_type"
        return self._value("task_type") or "causal_lm", "task_type"

    def _read_targets(self) -> None:
        draft = self.draft
        saved, targets = list(self._value("modules_to_save")), self._value("target_modules")
        if self._task()[0] == "seq_cls":
            saved.append("v_head")
        expands_saved = not {ALL_EMBEDDING, ALL_NORM}.isdisjoint(saved)
        regex, is_regex = self._value("target_regex"), bool(self._value("target_regex"))
        if is_regex:
            draft.set("target_modules", regex, self.option("target_regex"))
        expands = not is_regex and not {ALL_LINEAR, ALL_EMBEDDING}.isdisjoint(targets)
        fields = []
        if expands:
            draft.place("target_modules", self.option("target_modules"))
            fields.append("target_modules")
        elif not is_regex:
            draft.set("target_modules", targets, self.option("target_modules"))
        if expands_saved:
            draft.place("modules_to_save", self.option("modules_to_save"))
            fields.append("modules_to_save")
        else:
            draft.set("modules_to_save", saved, self.option("modules_to_save"))
        option = self.option("target_modules")
        frozen = Frozen(*(self._value(f"freeze_{part}") for part in ("llm", "vit", "aligner")))
        wanted = None if is_regex else targets
        place = option.place if option else self.options.whole
        draft.leave_to_base(tuple(fields), partial(resolve, wanted, saved, frozen, place))

    def _check_rules(self) -> None:
        draft = self.draft
        checks = (
            ("tuner_backend", self._value("tuner_backend") != "peft", _OTHER_WAY),
            ("use_swift_lora", self._value("use_swift_lora"), _OTHER_WAY),
            ("adapters", self._value("adapters"), _OTHER_ADAPTER),
            ("resume_from_checkpoint", self._value("resume_from_checkpoint"), _OTHER_ADAPTER),
            ("init_weights", self._value("init_weights") == "lora-ga", _LORA_GA),
        )
        for name, is_so, why in checks:
            option = self.option(name)
            if option and is_so:
                draft.note("not-understood", option, why)
        bias = self.option("lora_bias")
        if bias and self._value("lora_bias") not in ("none", "all"):
            draft.note("rejected", bias, "it is neither `none` nor `all`")


def read(options: TrainerOptions) -> TrainerFile:
    """Read the options of a file or command line."""
    return _Reader(options).read()


TRAINER: Final = Trainer(
    MS_SWIFT,
    RELEASE,
    read,
    OPTIONS,
    (
        Command("swift", frozenset({"sft", "pt", "rlhf"})),
        Command("swift/cli/sft.py"),
        Command("swift/cli/rlhf.py"),
    ),
)
