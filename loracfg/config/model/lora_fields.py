"""The fields of `LoraConfig`, with their types, descriptions and history.

`LoraConfig` adds reading, writing and conversion to PEFT. Code that reads files only needs the
fields.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from loracfg.config.history.annotations import Affects, Before, ByRelease, Literals, Since
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.constraints import conflicts
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
from loracfg.config.model.strict import StrictModel
from loracfg.config.model.types import (
    BIASES,
    FirstTaskType,
    InitFlag,
    InitName,
    Integers,
    JsonObject,
    LayerRanges,
    Layers,
    LayersName,
    LayersNames,
    Meanings,
    ModuleName,
    Names,
    Number,
    PathEnd,
    Pattern,
    PeftType,
    Rank,
    SavedNames,
    TaskType,
    TokenIds,
    init_type,
)
from loracfg.config.model.validation_context import is_partial


def check_conflicts(config: object, info: ValidationInfo, release: str) -> None:
    """Reject a config that breaks a constraint, unless the caller checks constraints itself.

    Raises:
        PydanticCustomError: for the first constraint that it breaks.
    """
    if is_partial(info):
        return
    for conflict in conflicts(config, release):
        raise PydanticCustomError(
            "conflict",
            "{message}",
            {"message": conflict.message, "name": conflict.name, "field": conflict.field},
        )


class LoraFields(StrictModel, defer_build=True):  # nothing is validated as such
    """The fields of a `LoraConfig`, in PEFT's order, and the constraints between them."""

    positional = True

    task_type: Annotated[
        TaskType | None,
        Before("0.4.0", type=FirstTaskType | None),
        Since("0.0.1"),
        Affects.RESULT,
    ] = Field(
        default=None,
        description=(
            "What the model is used for. It selects the PEFT class that wraps the model and, for "
            "`SEQ_CLS`, `TOKEN_CLS` and `QUESTION_ANS`, the head that is saved with the adapter."
        ),
    )
    peft_type: Annotated[PeftType, Since("0.0.1"), Affects.RESULT] = Field(
        default="LORA", description="The PEFT method. Always `LORA` here."
    )
    auto_mapping: Annotated[JsonObject | None, Since("0.4.0"), Affects.NOTHING] = Field(
        default=None,
        description=(
            "Class and library of the base model. PEFT writes it when `task_type` is null."
        ),
    )
    peft_version: Annotated[str | None, Since("0.18.0"), Affects.NOTHING] = Field(
        default=None,
        description=(
            "The PEFT release that created the config. The file may have been written by a "
            "different one. PEFT fills it in."
        ),
    )
    base_model_name_or_path: Annotated[str | None, Since("0.1.0"), Affects.NOTHING] = Field(
        default=None,
        description="The base model: an id on the Hugging Face Hub or the path of a folder.",
    )
    revision: Annotated[str | None, Since("0.4.0"), Affects.NOTHING] = Field(
        default=None,
        description="Branch, tag or commit of the base model; null means its main branch.",
    )
    inference_mode: Annotated[bool, Since("0.0.1"), Affects.NOTHING] = Field(
        default=False,
        description="Whether the adapter is loaded frozen. PEFT writes true when it saves.",
    )
    r: Annotated[Rank, Since("0.0.1"), Affects.RESULT] = Field(
        default=8,
        description="The rank: the number of rows of A and of columns of B, at least 1.",
        examples=[8, 16, 64],
    )
    target_modules: Annotated[
        Names | Pattern | None,
        Before("0.2.0", type=Names | None),
        Since("0.0.1"),
        Affects.RESULT,
    ] = Field(
        default=None,
        description=(
            "The modules to adapt. A list has module names or the ends of module paths; a string "
            'is a regular expression that matches the whole path, or `"all-linear"` for every '
            "linear layer except the output layer. null means PEFT's default for the model type "
            "(usually the query and value projections), not every linear layer."
        ),
        examples=[["q_proj", "v_proj"], "all-linear"],
    )
    exclude_modules: Annotated[Names | Pattern | None, Since("0.14.0"), Affects.RESULT] = Field(
        default=None,
        description="Modules to leave out even if they are targeted; matched like targets.",
    )
    lora_alpha: Annotated[Number, Before("0.4.0", default=None), Since("0.0.1"), Affects.RESULT] = (
        Field(
            default=8,
            description=(
                "Numerator of the scaling: the update is multiplied by `lora_alpha / r`, or by "
                "`lora_alpha / sqrt(r)` with `use_rslora`. The default is 8 since PEFT 0.4.0."
            ),
            examples=[16, 32],
        )
    )
    lora_dropout: Annotated[
        Number, Before("0.4.0", default=None), Since("0.0.1"), Affects.TRAINING
    ] = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Fraction of the input that is zeroed during training, from 0 up to 1.",
    )
    fan_in_fan_out: Annotated[bool, Since("0.0.1"), Affects.RESULT] = Field(
        default=False,
        description=(
            "Whether weights are stored as (in, out), as in GPT-2's `Conv1D`. PEFT corrects it to "
            "match the layers it finds."
        ),
    )
    bias: Annotated[
        Literal["none", "all", "lora_only"],
        Meanings(BIASES),
        Literals("0.8.0"),
        Since("0.0.1"),
        Affects.RESULT,
    ] = Field(
        default="none",
        description=(
            "Which biases of the base are trained and saved: none, all, or only those of the "
            "adapted layers."
        ),
    )
    use_rslora: Annotated[bool, Since("0.8.0"), Affects.RESULT] = Field(
        default=False,
        description="Whether the scaling is `lora_alpha / sqrt(r)` (rank-stabilised LoRA).",
    )
    modules_to_save: Annotated[SavedNames | None, Since("0.1.0"), Affects.RESULT] = Field(
        default=None,
        description=(
            "Modules that are trained and saved in full, by the end of their path; usually heads "
            "and resized embeddings."
        ),
        examples=[["embed_tokens", "lm_head"]],
    )
    init_lora_weights: Annotated[
        InitFlag | InitName, ByRelease(init_type), Since("0.3.0"), Affects.RESULT
    ] = Field(
        default=True,
        description=(
            "How the factors are initialised. true: A random, B zero; false: both random; or a "
            "method: `gaussian`, `eva`, `olora`, `pissa`, `pissa_niter_N` (N iterations), `corda`, "
            "`loftq`, `orthogonal`, `lora_ga`, `mica`. Some methods change the base weights every "
            "time the adapter is loaded."
        ),
    )
    layers_to_transform: Annotated[Layers | int | None, Since("0.4.0"), Affects.RESULT] = Field(
        default=None,
        description=(
            "Indices of the layers to adapt, counted from 0; null or an empty list means all. "
            "Needs a list of targets; a target that is a full path is adapted in any case."
        ),
    )
    layers_pattern: Annotated[
        LayersNames | LayersName | None,
        Before("0.6.0", type=LayersName | None),
        Since("0.4.0"),
        Affects.RESULT,
    ] = Field(
        default=None,
        description=(
            "Name of the module list that `layers_to_transform` indexes, such as `layers` or `h`; "
            "null uses the first number in a path."
        ),
    )
    rank_pattern: Annotated[dict[PathEnd, Rank], Since("0.6.0"), Affects.RESULT] = Field(
        default_factory=dict,
        description=(
            "Ranks of individual modules. Keys are regular expressions for the end of a path; the "
            "first match applies. PEFT sorts the keys when it saves."
        ),
        examples=[{r"model\.layers\.0\.self_attn\.q_proj": 16}],
    )
    alpha_pattern: Annotated[dict[PathEnd, Number], Since("0.6.0"), Affects.RESULT] = Field(
        default_factory=dict,
        description="`lora_alpha` of individual modules; keys as in `rank_pattern`.",
    )
    megatron_config: Annotated[JsonObject | None, Since("0.7.0"), Affects.RESULT] = Field(
        default=None, description="Megatron's transformer config, for its parallel layers."
    )
    megatron_core: Annotated[str | None, Since("0.7.0"), Affects.NOTHING] = Field(
        default="megatron.core", description="The Python module of Megatron's core."
    )
    trainable_token_indices: Annotated[
        TokenIds | dict[ModuleName, TokenIds] | None, Since("0.15.0"), Affects.RESULT
    ] = Field(
        default=None,
        description=(
            "Embedding rows to train: a list of token ids for the input embedding, or such lists "
            "keyed by the name of the embedding."
        ),
    )
    loftq_config: Annotated[
        Annotated[dict[str, Any], Field(max_length=0)] | LoftQConfig,
        Since("0.7.0"),
        Affects.TRAINING,
    ] = Field(
        default_factory=dict,
        union_mode="left_to_right",
        description="LoftQ settings, for `init_lora_weights` `loftq`; otherwise empty.",
    )
    eva_config: Annotated[EvaConfig | None, Since("0.14.0"), Affects.TRAINING] = Field(
        default=None, description="EVA settings, for `init_lora_weights` `eva`."
    )
    corda_config: Annotated[CordaConfig | None, Since("0.15.0"), Affects.TRAINING] = Field(
        default=None, description="CorDA settings, for `init_lora_weights` `corda`."
    )
    lora_ga_config: Annotated[LoraGAConfig | None, Since("0.19.0"), Affects.TRAINING] = Field(
        default=None, description="LoRA-GA settings, for `init_lora_weights` `lora_ga`."
    )
    use_dora: Annotated[bool, Since("0.9.0"), Affects.RESULT] = Field(
        default=False,
        description="Whether magnitude and direction are trained separately (DoRA).",
    )
    velora_config: Annotated[VeloraConfig | None, Since("0.20.0"), Affects.TRAINING] = Field(
        default=None, description="VeLoRA settings; setting them enables VeLoRA."
    )
    alora_invocation_tokens: Annotated[Integers | None, Since("0.18.0"), Affects.RESULT] = Field(
        default=None,
        description=(
            "Token ids that activate the adapter, from their last occurrence onwards (aLoRA)."
        ),
    )
    use_qalora: Annotated[bool, Since("0.16.0"), Affects.RESULT] = Field(
        default=False,
        description="Whether inputs are pooled to match quantisation groups; GPTQ layers only.",
    )
    qalora_group_size: Annotated[int, Since("0.16.0"), Affects.NOTHING] = Field(
        default=16, gt=0, description="Number of input features per QA-LoRA pool."
    )
    monteclora_config: Annotated[MontecloraConfig | None, Since("0.20.0"), Affects.TRAINING] = (
        Field(default=None, description="MonteCLoRA settings; setting them enables MonteCLoRA.")
    )
    layer_replication: Annotated[LayerRanges | None, Since("0.10.0"), Affects.RESULT] = Field(
        default=None,
        description=(
            "Layers of the base to stack, as `[start, end)` pairs counted from 0. Tensor names use "
            "the new indices."
        ),
        examples=[[[0, 16], [8, 24]]],
    )
    runtime_config: Annotated[LoraRuntimeConfig, Since("0.12.0"), Affects.NOTHING] = Field(
        default_factory=LoraRuntimeConfig,
        exclude=True,
        description="Options for a single run; never saved to a file.",
    )
    lora_bias: Annotated[bool, Since("0.14.0"), Affects.RESULT] = Field(
        default=False, description="Whether B has a bias."
    )
    target_parameters: Annotated[Names | None, Since("0.17.0"), Affects.RESULT] = Field(
        default=None,
        description=(
            "Parameters to adapt where there is no module to wrap, by the end of their path, such "
            "as `experts.gate_up_proj`. Patterns are not supported."
        ),
    )
    use_bdlora: Annotated[BdLoraConfig | None, Since("0.19.0"), Affects.RESULT] = Field(
        default=None, description="BD-LoRA settings; setting them enables BD-LoRA."
    )
    arrow_config: Annotated[ArrowConfig | None, Since("0.18.0"), Affects.RESULT] = Field(
        default=None, description="Arrow router settings; setting them enables the router."
    )
    kasa_config: Annotated[KasaConfig | None, Since("0.21.0"), Affects.RESULT] = Field(
        default=None, description="KaSA settings; setting them enables KaSA."
    )
    ensure_weight_tying: Annotated[bool, Since("0.18.0"), Affects.RESULT] = Field(
        default=False,
        description=(
            "Whether layers whose weights are tied to the input embedding share its adapter."
        ),
    )

    @model_validator(mode="after")
    def _fields_agree(self, info: ValidationInfo) -> Self:
        check_conflicts(self, info, PEFT_RELEASE)
        return self
