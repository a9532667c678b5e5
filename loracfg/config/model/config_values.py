"""What a config holds, whatever it was read by. Made by `python docs/generate.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Protocol, Self

if TYPE_CHECKING:
    from loracfg.config.model.nested import (
        ArrowConfig,
        BdLoraConfig,
        CordaConfig,
        EvaConfig,
        KasaConfig,
        LoftQConfig,
        LoraGAConfig,
        LoraRuntimeConfig,
        MontecloraConfig,
        VeloraConfig,
    )


class ConfigValues(Protocol):
    """A config that can be judged: a `LoraConfig`, or values that were read without pydantic."""

    def model_copy(self, *, update: Mapping[str, object]) -> Self: ...
    @property
    def task_type(self) -> Literal["SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS", "QUESTION_ANS", "FEATURE_EXTRACTION"] | None: ...
    @property
    def peft_type(self) -> Literal["LORA"]: ...
    @property
    def auto_mapping(self) -> dict[str, object] | None: ...
    @property
    def peft_version(self) -> str | None: ...
    @property
    def base_model_name_or_path(self) -> str | None: ...
    @property
    def revision(self) -> str | None: ...
    @property
    def inference_mode(self) -> bool: ...
    @property
    def r(self) -> int: ...
    @property
    def target_modules(self) -> list[str] | str | None: ...
    @property
    def exclude_modules(self) -> list[str] | str | None: ...
    @property
    def lora_alpha(self) -> float | int: ...
    @property
    def lora_dropout(self) -> float | int: ...
    @property
    def fan_in_fan_out(self) -> bool: ...
    @property
    def bias(self) -> Literal["none", "all", "lora_only"]: ...
    @property
    def use_rslora(self) -> bool: ...
    @property
    def modules_to_save(self) -> list[str] | None: ...
    @property
    def init_lora_weights(self) -> bool | str: ...
    @property
    def layers_to_transform(self) -> list[int] | int | None: ...
    @property
    def layers_pattern(self) -> list[str] | str | None: ...
    @property
    def rank_pattern(self) -> dict[str, int]: ...
    @property
    def alpha_pattern(self) -> dict[str, float | int]: ...
    @property
    def megatron_config(self) -> dict[str, object] | None: ...
    @property
    def megatron_core(self) -> str | None: ...
    @property
    def trainable_token_indices(self) -> list[int] | dict[str, list[int]] | None: ...
    @property
    def loftq_config(self) -> dict[str, object] | LoftQConfig: ...
    @property
    def eva_config(self) -> EvaConfig | None: ...
    @property
    def corda_config(self) -> CordaConfig | None: ...
    @property
    def lora_ga_config(self) -> LoraGAConfig | None: ...
    @property
    def use_dora(self) -> bool: ...
    @property
    def velora_config(self) -> VeloraConfig | None: ...
    @property
    def alora_invocation_tokens(self) -> list[int] | None: ...
    @property
    def use_qalora(self) -> bool: ...
    @property
    def qalora_group_size(self) -> int: ...
    @property
    def monteclora_config(self) -> MontecloraConfig | None: ...
    @property
    def layer_replication(self) -> list[tuple[int, int]] | None: ...
    @property
    def runtime_config(self) -> LoraRuntimeConfig: ...
    @property
    def lora_bias(self) -> bool: ...
    @property
    def target_parameters(self) -> list[str] | None: ...
    @property
    def use_bdlora(self) -> BdLoraConfig | None: ...
    @property
    def arrow_config(self) -> ArrowConfig | None: ...
    @property
    def kasa_config(self) -> KasaConfig | None: ...
    @property
    def ensure_weight_tying(self) -> bool: ...


class PlainValues:
    """Declares the fields of a config that was read without pydantic."""

    task_type: Literal["SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS", "QUESTION_ANS", "FEATURE_EXTRACTION"] | None
    peft_type: Literal["LORA"]
    auto_mapping: dict[str, object] | None
    peft_version: str | None
    base_model_name_or_path: str | None
    revision: str | None
    inference_mode: bool
    r: int
    target_modules: list[str] | str | None
    exclude_modules: list[str] | str | None
    lora_alpha: float | int
    lora_dropout: float | int
    fan_in_fan_out: bool
    bias: Literal["none", "all", "lora_only"]
    use_rslora: bool
    modules_to_save: list[str] | None
    init_lora_weights: bool | str
    layers_to_transform: list[int] | int | None
    layers_pattern: list[str] | str | None
    rank_pattern: dict[str, int]
    alpha_pattern: dict[str, float | int]
    megatron_config: dict[str, object] | None
    megatron_core: str | None
    trainable_token_indices: list[int] | dict[str, list[int]] | None
    loftq_config: dict[str, object] | LoftQConfig
    eva_config: EvaConfig | None
    corda_config: CordaConfig | None
    lora_ga_config: LoraGAConfig | None
    use_dora: bool
    velora_config: VeloraConfig | None
    alora_invocation_tokens: list[int] | None
    use_qalora: bool
    qalora_group_size: int
    monteclora_config: MontecloraConfig | None
    layer_replication: list[tuple[int, int]] | None
    lora_bias: bool
    target_parameters: list[str] | None
    use_bdlora: BdLoraConfig | None
    arrow_config: ArrowConfig | None
    kasa_config: KasaConfig | None
    ensure_weight_tying: bool
