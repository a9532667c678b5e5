"""Reads configs of LLaMA-Factory (`hparams/`, `model/adapter.py` of release 0.9.5).

The values of a YAML or JSON file are not converted; those of a command line are. OmegaConf, which
reads the YAML, takes `1e-4` as a number and replaces `${…}`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from loracfg.named_tuple import NamedTuple
from loracfg.sources.trainer_marks import LLAMA_FACTORY
from loracfg.training.trainer_files import llama_factory_v1
from loracfg.training.trainer_files.arguments import Argument, Rejected
from loracfg.training.trainer_files.config_draft import ConfigDraft
from loracfg.training.trainer_files.linear_layers import is_named_linear, last_name, paths_with
from loracfg.training.trainer_files.options import with_exponents
from loracfg.training.trainer_files.tool_parts import LlamaFactoryParts, llama_factory_parts
from loracfg.training.trainer_files.trainer import Command, OptionFact, Trainer, unread_options
from loracfg.training.trainer_files.trainer_file import Resolved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loracfg.base.architecture import Architecture
    from loracfg.document.json_value import Json
    from loracfg.training.trainer_files.options import TrainerOptions
    from loracfg.training.trainer_files.trainer_file import TrainerFile

RELEASE: Final = llama_factory_v1.RELEASE

_ARGUMENTS: Final[dict[str, tuple[Argument, Json]]] = {
    "finetuning_type": (Argument("str"), "lora"),
    "stage": (Argument("str"), "sft"),
    "do_train": (Argument("bool"), False),
    "lora_rank": (Argument("int"), 8),
    "lora_alpha": (Argument("int", accepts_none=True), None),
    "lora_dropout": (Argument("float"), 0.0),
    "lora_target": (Argument("str"), "all"),
    "additional_target": (Argument("str"), None),
    "use_rslora": (Argument("bool"), False),
    "use_dora": (Argument("bool"), False),
    "pissa_init": (Argument("bool"), False),
    "pissa_iter": (Argument("int"), 16),
    "pref_loss": (Argument("str"), "sigmoid"),
    "freeze_vision_tower": (Argument("bool"), True),
    "freeze_multi_modal_projector": (Argument("bool"), True),
    "freeze_language_model": (Argument("bool"), False),
    "create_new_adapter": (Argument("bool"), False),
    "resize_vocab": (Argument("bool"), False),
    "use_llama_pro": (Argument("bool"), False),
    "use_unsloth": (Argument("bool"), False),
    "quantization_bit": (Argument("int", accepts_none=True), None),
    "adapter_name_or_path": (Argument("str"), None),
}
"""The type and default of each option that matters."""
_FIELDS: Final = {
    "lora_rank": "r",
    "lora_alpha": "lora_alpha",
    "lora_dropout": "lora_dropout",
    "lora_target": "target_modules",
    "additional_target": "modules_to_save",
    "use_rslora": "use_rslora",
    "use_dora": "use_dora",
    "pissa_init": "init_lora_weights",
    "pissa_iter": "init_lora_weights",
    "freeze_vision_tower": "target_modules",
    "freeze_multi_modal_projector": "target_modules",
    "freeze_language_model": "target_modules",
    "resize_vocab": "modules_to_save",
}
"""The PEFT field that an option is about."""
_OTHER_METHODS: Final = ("oft", "freeze", "full")
_NO_EFFECT: Final = "the config does not depend on it"
_UNSLOTH: Final = "unsloth makes the adapter"
_CONTINUES: Final = "training continues that adapter, whose own config counts"
_LLAMA_PRO: Final = "targets become the paths of some layers"
_FREEZES: Final = "of the models with towers that LLaMA-Factory knows, targets become whole paths"

OPTIONS: Final = (
    OptionFact("finetuning_type", None, "`lora` trains LoRA"),
    OptionFact("do_train", None, "without it, nothing is trained"),
    OptionFact("lora_rank", "r"),
    OptionFact("lora_alpha", "lora_alpha", "default: twice the rank"),
    OptionFact("lora_dropout", "lora_dropout"),
    OptionFact(
        "lora_target",
        "target_modules",
        "names with commas; `all` is the last names of all linear layers but the output layer",
    ),
    OptionFact("additional_target", "modules_to_save", "names with commas"),
    OptionFact("use_rslora", "use_rslora"),
    OptionFact("use_dora", "use_dora"),
    OptionFact("pissa_init", "init_lora_weights"),
    OptionFact("pissa_iter", "init_lora_weights"),
    OptionFact("resize_vocab", "modules_to_save", "adds both embeddings unless targets are given"),
    OptionFact("freeze_vision_tower", "target_modules", _FREEZES),
    OptionFact("freeze_multi_modal_projector", "target_modules", _FREEZES),
    OptionFact("freeze_language_model", "target_modules", _FREEZES),
    OptionFact("use_llama_pro", "target_modules", _LLAMA_PRO, "not understood"),
    OptionFact("use_unsloth", None, _UNSLOTH, "not understood"),
    OptionFact("adapter_name_or_path", None, _CONTINUES, "not understood"),
    OptionFact("create_new_adapter", None, "then that adapter is merged, and a new one trained"),
    *(
        OptionFact(one, None, _NO_EFFECT)
        for one in ("loraplus_lr_ratio", "loraplus_lr_embedding", "pissa_convert")
    ),
)


class _Targets(NamedTuple):
    """What decides on the targets."""

    names: Sequence[str]
    """Names, or `all` alone."""
    freezes_tower: bool
    freezes_projector: bool
    freezes_text: bool
    saves_embeddings: bool


class _Reader:
    """Reads the options of one file."""

    def __init__(self, options: TrainerOptions) -> None:
        self.options = options
        self.draft = ConfigDraft(options)
        self._values: dict[str, Any] = {}
        self._unknown: set[str] = set()

    def _value(self, name: str) -> Any:
        """Return the value of an option, or the default if it is not given or not understood."""
        if name not in self._values:
            self._values[name] = self._read_value(name)
        return self._values[name]

    def _read_value(self, name: str) -> Json:
        argument, default = _ARGUMENTS[name]
        option = self.options.get(name)
        if option is None:
            return default
        value: Json | Rejected = with_exponents(option)
        if self.options.is_from_words:
            words = value if isinstance(value, list) else []
            value = argument.of_words([str(word) for word in words])
        if option.is_odd or (isinstance(value, str) and "${" in value):
            self.draft.note("not-understood", option, "its value is not known", _FIELDS.get(name))
            self._unknown.add(name)
            return default
        if isinstance(value, Rejected):
            self.draft.note("rejected", option, value.why)
            return default
        return value

    def read(self) -> TrainerFile:
        draft, options = self.draft, self.options
        main = options.get("finetuning_type")
        method = self._value("finetuning_type")
        if main and method != "lora":
            kind = "no-lora" if method in _OTHER_METHODS else "rejected"
            draft.note("no-lora" if kind == "no-lora" else "rejected", main, "it is another method")
        if not self._value("do_train") and "do_train" not in self._unknown:
            draft.note_absence("no-lora", "do_train", "it is not set, so nothing is trained")
        self._read_numbers()
        self._read_targets()
        self._check_rules()
        unread_options(draft, LLAMA_FACTORY, RELEASE, OPTIONS, ("lora_", "pissa_"), "rejected")
        base = options.get("model_name_or_path")
        return draft.finish(LLAMA_FACTORY, RELEASE, base, main)

    def _read_numbers(self) -> None:
        draft, get = self.draft, self.options.get
        rank, alpha = self._value("lora_rank"), self._value("lora_alpha")
        draft.set("r", rank, get("lora_rank"))
        if alpha or not isinstance(rank, int | float | str):
            draft.set("lora_alpha", alpha, get("lora_alpha"))
        else:
            draft.set("lora_alpha", rank * 2, get("lora_alpha") or get("lora_rank"))
        for name in ("lora_dropout", "use_rslora", "use_dora"):
            draft.set(name, self._value(name), get(name))
        if self._value("pissa_init"):
            steps = self._value("pissa_iter")
            init = "pissa" if steps == -1 else f"pissa_niter_{steps}"
            draft.set("init_lora_weights", init, get("pissa_init"))
        draft.set("task_type", "CAUSAL_LM")
        draft.set("inference_mode", False)

    def _read_targets(self) -> None:
        draft, get = self.draft, self.options.get
        names = _split(self._value("lora_target"))
        saved = _split(self._value("additional_target"))
        fields = []
        if names == ["all"]:
            fields.append("target_modules")
            draft.place("target_modules", get("lora_target"))
        else:
            draft.set("target_modules", names, get("lora_target"))
        adds = bool(self._value("resize_vocab")) and saved is None
        if adds:
            fields.append("modules_to_save")
            draft.place("modules_to_save", get("resize_vocab"))
        elif saved is not None:
            draft.set("modules_to_save", saved, get("additional_target"))
        if not isinstance(names, list):
            return
        targets = _Targets(
            [str(name) for name in names],
            bool(self._value("freeze_vision_tower")),
            bool(self._value("freeze_multi_modal_projector")),
            bool(self._value("freeze_language_model")),
            adds,
        )
        draft.leave_to_base(tuple(fields), partial(_resolve, targets))

    def _check_rules(self) -> None:
        draft, get = self.draft, self.options.get
        pissa = get("pissa_init")
        if pissa and self._value("pissa_init"):
            if self._value("quantization_bit") is not None:
                draft.note("rejected", pissa, "the base is quantised")
            losses = ("orpo", "simpo")
            has_reference = self._value("stage") == "dpo" and self._value("pref_loss") not in losses
            if self._value("stage") in ("ppo", "kto") or has_reference:
                draft.note("rejected", pissa, f"the stage is `{self._value('stage')}`")
        resize = get("resize_vocab")
        if resize and self._value("resize_vocab") and self._value("quantization_bit") is not None:
            draft.note("rejected", resize, "the base is quantised")
        adapter = get("adapter_name_or_path")
        if (
            adapter
            and self._value("adapter_name_or_path")
            and not self._value("create_new_adapter")
        ):
            draft.note("not-understood", adapter, _CONTINUES)
        for name, why, field in (
            ("use_llama_pro", _LLAMA_PRO, "target_modules"),
            ("use_unsloth", _UNSLOTH, None),
        ):
            option = get(name)
            if option and self._value(name):
                draft.note("not-understood", option, why, field)


def _split(value: Any) -> Any:
    """Return the names in a text with commas, and any other value as it is."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _resolve(targets: _Targets, base: Architecture) -> Resolved:
    parts = llama_factory_parts().get(base.model_type or "")
    names = targets.names
    if list(names) == ["all"]:
        names = sorted(_all_linear(targets, parts, base))
    if parts is not None:
        forbidden = {*parts.conflict}
        forbidden.update(parts.vision if targets.freezes_tower else ())
        forbidden.update(parts.projector if targets.freezes_projector else ())
        forbidden.update(parts.language if targets.freezes_text else ())
        names = list(paths_with(base, names, forbidden))
    found: dict[str, Json] = {"target_modules": list(names)}
    if targets.saves_embeddings:
        both = (base.input_embeddings, base.output_embeddings)
        found["modules_to_save"] = [*sorted({last_name(path) for path in both if path})]
    return Resolved(found)


def _all_linear(targets: _Targets, parts: LlamaFactoryParts | None, base: Architecture) -> set[str]:
    forbidden = {"lm_head"}
    if other := {"chatglm": "output_layer", "internlm2": "output"}.get(base.model_type or ""):
        forbidden.add(other)
    if parts is not None:
        forbidden.update(parts.projector)
        forbidden.update(parts.vision if targets.freezes_tower else ())
    return {
        last_name(path)
        for path, module in base.modules.items()
        if is_named_linear(module) and not any(one in path for one in forbidden)
    }


def read(options: TrainerOptions) -> TrainerFile:
    """Read the options of a file or command line."""
    if main := options.get("peft_config"):
        return llama_factory_v1.read(options, main)
    return _Reader(options).read()


TRAINER: Final = Trainer(
    LLAMA_FACTORY,
    RELEASE,
    read,
    (*OPTIONS, *llama_factory_v1.OPTIONS),
    (
        Command("llamafactory-cli", frozenset({"train"})),
        Command("lmf", frozenset({"train"})),
        Command("src/train.py"),
    ),
)
