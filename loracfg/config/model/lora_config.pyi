"""`LoraConfig` as type checkers and editors see it. Made by `python docs/generate.py`."""

from pathlib import Path
from typing import Any, Literal

import peft
from peft.tuners.lora import config as theirs

from loracfg.config.model.lora_fields import LoraFields
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
from loracfg.document.json_value import JsonObject


class LoraConfig(LoraFields):
    """The config of a LoRA adapter, with the fields, defaults and meaning of the newest PEFT.

    Values are not converted, except that tuples and sets of names become lists. Unknown keys, NaN
    and infinities raise a `pydantic.ValidationError` that says what to do, also on assignment.
    Fields can be passed by position, in PEFT's order.
    """

    task_type: Literal["SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS", "QUESTION_ANS", "FEATURE_EXTRACTION"] | None = None
    """What the model is used for. It selects the PEFT class that wraps the model and, for `SEQ_CLS`,
    `TOKEN_CLS` and `QUESTION_ANS`, the head that is saved with the adapter.
    """

    peft_type: Literal["LORA"] = "LORA"
    """The PEFT method. Always `LORA` here."""

    auto_mapping: dict[str, Any] | None = None
    """Class and library of the base model. PEFT writes it when `task_type` is null."""

    peft_version: str | None = None
    """The PEFT release that created the config. The file may have been written by a different one.
    PEFT fills it in.
    """

    base_model_name_or_path: str | None = None
    """The base model: an id on the Hugging Face Hub or the path of a folder."""

    revision: str | None = None
    """Branch, tag or commit of the base model; null means its main branch."""

    inference_mode: bool = False
    """Whether the adapter is loaded frozen. PEFT writes true when it saves."""

    r: int = 8
    """The rank: the number of rows of A and of columns of B, at least 1."""

    target_modules: list[str] | str | None = None
    """The modules to adapt. A list has module names or the ends of module paths; a string is a regular
    expression that matches the whole path, or `"all-linear"` for every linear layer except the
    output layer. null means PEFT's default for the model type (usually the query and value
    projections), not every linear layer.
    """

    exclude_modules: list[str] | str | None = None
    """Modules to leave out even if they are targeted; matched like targets."""

    lora_alpha: float | int = 8
    """Numerator of the scaling: the update is multiplied by `lora_alpha / r`, or by `lora_alpha /
    sqrt(r)` with `use_rslora`. The default is 8 since PEFT 0.4.0.
    """

    lora_dropout: float | int = 0.0
    """Fraction of the input that is zeroed during training, from 0 up to 1."""

    fan_in_fan_out: bool = False
    """Whether weights are stored as (in, out), as in GPT-2's `Conv1D`. PEFT corrects it to match the
    layers it finds.
    """

    bias: Literal["none", "all", "lora_only"] = "none"
    """Which biases of the base are trained and saved: none, all, or only those of the adapted layers.
    """

    use_rslora: bool = False
    """Whether the scaling is `lora_alpha / sqrt(r)` (rank-stabilised LoRA)."""

    modules_to_save: list[str] | None = None
    """Modules that are trained and saved in full, by the end of their path; usually heads and resized
    embeddings.
    """

    init_lora_weights: bool | str = True
    """How the factors are initialised. true: A random, B zero; false: both random; or a method:
    `gaussian`, `eva`, `olora`, `pissa`, `pissa_niter_N` (N iterations), `corda`, `loftq`,
    `orthogonal`, `lora_ga`, `mica`. Some methods change the base weights every time the adapter is
    loaded.
    """

    layers_to_transform: list[int] | int | None = None
    """Indices of the layers to adapt, counted from 0; null or an empty list means all. Needs a list of
    targets; a target that is a full path is adapted in any case.
    """

    layers_pattern: list[str] | str | None = None
    """Name of the module list that `layers_to_transform` indexes, such as `layers` or `h`; null uses
    the first number in a path.
    """

    rank_pattern: dict[str, int] = {}
    """Ranks of individual modules. Keys are regular expressions for the end of a path; the first match
    applies. PEFT sorts the keys when it saves.
    """

    alpha_pattern: dict[str, float | int] = {}
    """`lora_alpha` of individual modules; keys as in `rank_pattern`."""

    megatron_config: dict[str, Any] | None = None
    """Megatron's transformer config, for its parallel layers."""

    megatron_core: str | None = "megatron.core"
    """The Python module of Megatron's core."""

    trainable_token_indices: list[int] | dict[str, list[int]] | None = None
    """Embedding rows to train: a list of token ids for the input embedding, or such lists keyed by the
    name of the embedding.
    """

    loftq_config: dict[str, Any] | LoftQConfig = {}
    """LoftQ settings, for `init_lora_weights` `loftq`; otherwise empty."""

    eva_config: EvaConfig | None = None
    """EVA settings, for `init_lora_weights` `eva`."""

    corda_config: CordaConfig | None = None
    """CorDA settings, for `init_lora_weights` `corda`."""

    lora_ga_config: LoraGAConfig | None = None
    """LoRA-GA settings, for `init_lora_weights` `lora_ga`."""

    use_dora: bool = False
    """Whether magnitude and direction are trained separately (DoRA)."""

    velora_config: VeloraConfig | None = None
    """VeLoRA settings; setting them enables VeLoRA."""

    alora_invocation_tokens: list[int] | None = None
    """Token ids that activate the adapter, from their last occurrence onwards (aLoRA)."""

    use_qalora: bool = False
    """Whether inputs are pooled to match quantisation groups; GPTQ layers only."""

    qalora_group_size: int = 16
    """Number of input features per QA-LoRA pool."""

    monteclora_config: MontecloraConfig | None = None
    """MonteCLoRA settings; setting them enables MonteCLoRA."""

    layer_replication: list[tuple[int, int]] | None = None
    """Layers of the base to stack, as `[start, end)` pairs counted from 0. Tensor names use the new
    indices.
    """

    runtime_config: LoraRuntimeConfig = LoraRuntimeConfig()
    """Options for a single run; never saved to a file."""

    lora_bias: bool = False
    """Whether B has a bias."""

    target_parameters: list[str] | None = None
    """Parameters to adapt where there is no module to wrap, by the end of their path, such as
    `experts.gate_up_proj`. Patterns are not supported.
    """

    use_bdlora: BdLoraConfig | None = None
    """BD-LoRA settings; setting them enables BD-LoRA."""

    arrow_config: ArrowConfig | None = None
    """Arrow router settings; setting them enables the router."""

    kasa_config: KasaConfig | None = None
    """KaSA settings; setting them enables KaSA."""

    ensure_weight_tying: bool = False
    """Whether layers whose weights are tied to the input embedding share its adapter."""

    def __init__(
        self,
        task_type: Literal["SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS", "QUESTION_ANS", "FEATURE_EXTRACTION"] | peft.TaskType | None = None,
        peft_type: Literal["LORA"] | peft.PeftType = "LORA",
        auto_mapping: dict[str, Any] | None = None,
        peft_version: str | None = None,
        base_model_name_or_path: str | None = None,
        revision: str | None = None,
        inference_mode: bool = False,
        r: int = 8,
        target_modules: list[str] | tuple[str, ...] | set[str] | frozenset[str] | str | None = None,
        exclude_modules: list[str] | tuple[str, ...] | set[str] | frozenset[str] | str | None = None,
        lora_alpha: float | int = 8,
        lora_dropout: float | int = 0.0,
        fan_in_fan_out: bool = False,
        bias: Literal["none", "all", "lora_only"] = "none",
        use_rslora: bool = False,
        modules_to_save: list[str] | tuple[str, ...] | set[str] | frozenset[str] | None = None,
        init_lora_weights: bool | str = True,
        layers_to_transform: list[int] | tuple[int, ...] | set[int] | frozenset[int] | int | None = None,
        layers_pattern: list[str] | tuple[str, ...] | set[str] | frozenset[str] | str | None = None,
        rank_pattern: dict[str, int] = {},
        alpha_pattern: dict[str, float | int] = {},
        megatron_config: dict[str, Any] | None = None,
        megatron_core: str | None = "megatron.core",
        trainable_token_indices: list[int] | dict[str, list[int]] | None = None,
        loftq_config: dict[str, Any] | LoftQConfig | theirs.LoftQConfig = {},
        eva_config: EvaConfig | theirs.EvaConfig | dict[str, Any] | None = None,
        corda_config: CordaConfig | theirs.CordaConfig | dict[str, Any] | None = None,
        lora_ga_config: LoraGAConfig | theirs.LoraGAConfig | dict[str, Any] | None = None,
        use_dora: bool = False,
        velora_config: VeloraConfig | theirs.VeloraConfig | dict[str, Any] | None = None,
        alora_invocation_tokens: list[int] | tuple[int, ...] | None = None,
        use_qalora: bool = False,
        qalora_group_size: int = 16,
        monteclora_config: MontecloraConfig | theirs.MontecloraConfig | dict[str, Any] | None = None,
        layer_replication: list[tuple[int, int]] | list[list[int]] | tuple[tuple[int, int] | list[int], ...] | None = None,
        runtime_config: LoraRuntimeConfig | theirs.LoraRuntimeConfig | dict[str, Any] = LoraRuntimeConfig(),
        lora_bias: bool = False,
        target_parameters: list[str] | tuple[str, ...] | set[str] | frozenset[str] | None = None,
        use_bdlora: BdLoraConfig | theirs.BdLoraConfig | dict[str, Any] | None = None,
        arrow_config: ArrowConfig | theirs.ArrowConfig | dict[str, Any] | None = None,
        kasa_config: KasaConfig | theirs.KasaConfig | dict[str, Any] | None = None,
        ensure_weight_tying: bool = False,
    ) -> None:
        """Create a LoraConfig."""

    @classmethod
    def from_pretrained(cls, directory: str | Path) -> LoraConfig:
        """Read the `adapter_config.json` in a directory as PEFT does."""

    def save_pretrained(self, directory: str | Path) -> None:
        """Write `adapter_config.json` as PEFT does, and create the directory if needed."""

    def to_dict(self) -> JsonObject:
        """Return the JSON that PEFT writes for this config."""

    @property
    def is_prompt_learning(self) -> bool:
        """False: the method is LoRA."""

    @property
    def is_adaption_prompt(self) -> bool:
        """False: the method is LoRA."""

    def to_peft(self) -> peft.LoraConfig:
        """Return the same config as an object of the installed PEFT."""

    @classmethod
    def from_peft(cls, config: peft.LoraConfig) -> LoraConfig:
        """Return the config of a PEFT object."""
