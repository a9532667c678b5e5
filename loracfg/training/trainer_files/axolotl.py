"""Reads configs of axolotl (`loaders/adapter.py`, `utils/schemas/peft.py` of release 0.19.0).

axolotl validates the file with pydantic, which converts values that it can, and drops options that
it does not know.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from loracfg.sources.trainer_marks import AXOLOTL
from loracfg.training.trainer_files.axolotl_conflicts import conflicts
from loracfg.training.trainer_files.config_draft import ConfigDraft
from loracfg.training.trainer_files.linear_layers import is_linear, last_names
from loracfg.training.trainer_files.trainer import Command, OptionFact, Trainer, unread_options
from loracfg.training.trainer_files.trainer_file import NoteKind, Resolved, TrainerFile

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.document.json_value import Json
    from loracfg.training.trainer_files.options import TrainerOption, TrainerOptions

RELEASE: Final = "0.19.0"

_LORA: Final = ("lora", "qlora")
_OUTPUTS: Final = {"gpt_neox": "embed_out"}
"""The last name of the output layer by model type, if it is not `lm_head`."""

_ALWAYS: Final = {
    "lora_r": "r",
    "lora_alpha": "lora_alpha",
    "peft_layers_to_transform": "layers_to_transform",
    "peft_layers_pattern": "layers_pattern",
    "lora_fan_in_fan_out": "fan_in_fan_out",
}
"""TrainerOptions that are passed to PEFT as they are, or as None."""
_IF_TRUE: Final = {
    "lora_modules_to_save": "modules_to_save",
    "peft_use_dora": "use_dora",
    "peft_use_rslora": "use_rslora",
    "lora_rank_pattern": "rank_pattern",
    "lora_alpha_pattern": "alpha_pattern",
    "peft_layer_replication": "layer_replication",
    "peft_trainable_token_indices": "trainable_token_indices",
    "peft_init_lora_weights": "init_lora_weights",
}
"""TrainerOptions that are passed unless they are false or empty."""
_FIELDS: Final = {
    **_ALWAYS,
    **_IF_TRUE,
    "lora_dropout": "lora_dropout",
    "lora_target_modules": "target_modules",
    "lora_target_linear": "target_modules",
    "lora_target_parameters": "target_parameters",
    "peft_ensure_weight_tying": "ensure_weight_tying",
    "loftq_bits": "loftq_config",
    "model_type": "task_type",
}
"""The PEFT field that an option is about."""
_NO_EFFECT: Final = [
    "lora_mlp_kernel",
    "lora_qkv_kernel",
    "lora_o_kernel",
    "lora_embedding_kernel",
    "lora_on_cpu",
    "peft_autocast_adapter_dtype",
]
_CONTINUES: Final = "training continues an adapter, whose own config counts"
_OTHER_LAYERS: Final = "it may make parameters of the base trainable"

OPTIONS: Final = (
    OptionFact("adapter", None, "`lora` and `qlora` train LoRA; `qlora` needs `load_in_4bit`"),
    *(OptionFact(option, field) for option, field in (*_ALWAYS.items(), *_IF_TRUE.items())),
    OptionFact("lora_dropout", "lora_dropout", "null is 0"),
    OptionFact("lora_target_modules", "target_modules"),
    OptionFact("lora_target_parameters", "target_parameters"),
    OptionFact(
        "lora_target_linear",
        "target_modules",
        "the last names of all linear layers of the base except the output layer are added",
    ),
    OptionFact("peft_ensure_weight_tying", "ensure_weight_tying"),
    OptionFact("peft.loftq_config.loftq_bits", "loftq_config"),
    OptionFact("model_type", "task_type", "by the name of the class, as for `reward_model`"),
    OptionFact("reward_model", "task_type"),
    OptionFact("process_reward_model", "task_type"),
    OptionFact(
        "lora_exclude_modules",
        None,
        "the loader reads it, but the schema has no such option, so it is dropped",
        "differs",
    ),
    OptionFact("lora_model_dir", None, _CONTINUES, "not understood"),
    OptionFact("unfrozen_parameters", None, _OTHER_LAYERS, "not understood"),
    OptionFact("plugins", None, "plug-ins may register other adapters", "not understood"),
    *(OptionFact(option, None, "the config does not depend on it") for option in _NO_EFFECT),
)


@cache
def _types() -> dict[str, Any]:
    """Return an adapter of pydantic for the type of each option in axolotl's schema."""
    from pydantic import PositiveInt, TypeAdapter

    names = str | list[str]
    types: dict[str, Any] = {
        "lora_r": int,
        "lora_alpha": int,
        "lora_fan_in_fan_out": bool,
        "lora_target_modules": names,
        "lora_target_parameters": names,
        "lora_target_linear": bool,
        "lora_modules_to_save": list[str],
        "lora_rank_pattern": dict[str, PositiveInt],
        "lora_alpha_pattern": dict[str, PositiveInt],
        "lora_dropout": float,
        "peft_layers_to_transform": list[int],
        "peft_layers_pattern": list[str],
        "peft_use_dora": bool,
        "peft_use_rslora": bool,
        "peft_layer_replication": list[tuple[int, int]],
        "peft_init_lora_weights": bool | str,
        "peft_trainable_token_indices": list[int] | dict[str, list[int]],
        "peft_ensure_weight_tying": bool,
        "model_type": str,
        "type_of_model": str,
        "reward_model": bool,
        "process_reward_model": bool,
        "trust_remote_code": bool,
        "gptq": bool,
        "load_in_8bit": bool,
        "load_in_4bit": bool,
        "merge_lora": bool,
        "adapter": str,
        "loftq_bits": int,
    }
    return {option: TypeAdapter(one) for option, one in types.items()}


class _Reader:
    """Reads the options of one file."""

    def __init__(self, options: TrainerOptions) -> None:
        self.options = options
        self.draft = ConfigDraft(options)

    def value(self, name: str) -> Json:
        """Return the value of an option after validation; None if it is not given or rejected."""
        option = self.options.get(name)
        return None if option is None else self._checked(option, name, option.value)

    def _checked(self, option: TrainerOption, name: str, given: Json) -> Json:
        if given is None:
            return None
        if option.is_odd:
            self.draft.note("not-understood", option, "its value is not known", _FIELDS.get(name))
            return None
        from pydantic import ValidationError

        adapter = _types()[name]
        try:
            value: Json = adapter.dump_python(adapter.validate_python(given), mode="json")
        except ValidationError as error:
            why = error.errors(include_url=False)[0]["msg"]
            self.draft.note("rejected", option, why[:1].lower() + why[1:])
            return None
        return value

    def read(self) -> TrainerFile:
        options, draft = self.options, self.draft
        main = options.get("adapter")
        kind = self.value("adapter")
        if main is None or not (kind or main.is_odd):
            draft.note_absence("no-lora", "adapter", "it is not set, so the whole base is trained")
        elif kind and kind not in _LORA:
            draft.note("no-lora", main, "it is neither `lora` nor `qlora`")
        else:
            self._read_config()
            misspelt: NoteKind = "not-understood" if options.get("plugins") else "differs"
            unread_options(draft, AXOLOTL, RELEASE, OPTIONS, ("lora_", "peft_"), misspelt)
        return draft.finish(AXOLOTL, RELEASE, options.get("base_model"), main)

    def _read_config(self) -> None:
        draft, options = self.draft, self.options
        for name, field in _ALWAYS.items():
            value = self.value(name)
            if value is not None or field in ("r", "lora_alpha"):
                draft.set(field, value, options.get(name))
        draft.set("lora_dropout", self.value("lora_dropout") or 0.0, options.get("lora_dropout"))
        draft.set("bias", "none")
        draft.set("task_type", self._task_type(), options.get("model_type"))
        self._read_loftq()
        for name, field in _IF_TRUE.items():
            if value := self.value(name):
                draft.set(field, value, options.get(name))
        if (tying := self.value("peft_ensure_weight_tying")) is not None:
            draft.set("ensure_weight_tying", tying, options.get("peft_ensure_weight_tying"))
        if parameters := self.value("lora_target_parameters"):
            draft.set("target_parameters", parameters, options.get("lora_target_parameters"))
        self._read_targets()
        self._check_rules()
        self._check_quantization()

    def _read_loftq(self) -> None:
        option = self.options.get("peft")
        given = option.value if option else None
        loftq = given.get("loftq_config") if isinstance(given, dict) else None
        if option is None or not isinstance(loftq, dict):
            return
        bits = self._checked(option, "loftq_bits", loftq.get("loftq_bits", 4))
        if bits:
            self.draft.set("loftq_config", {"loftq_bits": bits, "loftq_iter": 1})
            self.draft.set("init_lora_weights", "loftq")
            for field in ("loftq_config", "init_lora_weights"):
                self.draft.place(field, option)

    def _read_targets(self) -> None:
        draft = self.draft
        option, linear = self.options.first("lora_target_modules"), self.value("lora_target_linear")
        targets = self.value("lora_target_modules")
        if not linear:
            draft.set("target_modules", targets or [], option)
            return
        given: list[Json] = targets if isinstance(targets, list) else []
        if isinstance(targets, str):
            given = [targets]
        draft.place("target_modules", option, has_parts=True)
        draft.place("target_modules", self.options.get("lora_target_linear"))
        draft.leave_to_base(("target_modules",), partial(_all_linear, given))

    def _task_type(self) -> str:
        name = self.value("type_of_model") or self.value("model_type")
        if not name and self.value("reward_model"):
            name = "AutoModelForSequenceClassification"
        if not name and self.value("process_reward_model"):
            name = "AutoModelForTokenClassification"
        if self.value("trust_remote_code") or self.value("gptq"):
            return "CAUSAL_LM"  # the class is then the usual one of the base
        if "SequenceClassification" in str(name):
            return "SEQ_CLS"
        return "TOKEN_CLS" if "TokenClassification" in str(name) else "CAUSAL_LM"

    def _check_quantization(self) -> None:
        """Note a base that `adapter: qlora` is not trained on, as `validate_qlora` does."""
        draft, options = self.draft, self.options
        main, bits = options.get("adapter"), options.get("load_in_4bit")
        is_qlora = main is not None and not main.is_odd and main.value == "qlora"
        if main is None or not is_qlora or self.value("merge_lora"):
            return
        for name in ("load_in_8bit", "gptq"):
            option = options.get(name)
            if option and self.value(name):
                draft.note("rejected", option, "`adapter` is `qlora`")
                return
        if not self.value("load_in_4bit") and not (bits and bits.is_odd):
            draft.note("rejected", main, "it needs `load_in_4bit: true`")

    def _check_rules(self) -> None:
        """Note options that axolotl rejects together, or that change what is trained."""
        draft, options = self.draft, self.options
        for conflict, why in conflicts(options):
            draft.note("rejected", conflict, why)
        parameters = options.get("lora_target_parameters")
        if parameters and draft.config.get("target_parameters") and draft.config["lora_dropout"]:
            draft.note("rejected", parameters, "it needs `lora_dropout: 0`")
        for name, why in (
            ("lora_model_dir", _CONTINUES),
            ("unfrozen_parameters", _OTHER_LAYERS),
        ):
            option = options.get(name)
            if option and option.value:
                draft.note("not-understood", option, why)
        excluded = options.get("lora_exclude_modules")
        if excluded and excluded.value:
            why = f"axolotl {RELEASE} drops it, so the modules are adapted"
            draft.note("differs", excluded, why, "exclude_modules")


def _all_linear(given: list[Json], base: Architecture) -> Resolved:
    names = last_names(base, is_linear)
    names.discard(_OUTPUTS.get(base.model_type or "", "lm_head"))
    return Resolved({"target_modules": [*dict.fromkeys([*given, *sorted(names)])]})


def read(options: TrainerOptions) -> TrainerFile:
    """Read the options of a file."""
    return _Reader(options).read()


TRAINER: Final = Trainer(
    AXOLOTL,
    RELEASE,
    read,
    OPTIONS,
    (Command("axolotl", frozenset({"train"})), Command("axolotl.cli.train")),
    reads_words=False,
)
