"""The ten configs nested in `LoraConfig`, as PEFT defines them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from loracfg.config.history.annotations import NO_DEFAULT, Before, Since
from loracfg.config.model.strict import StrictModel
from loracfg.config.model.types import Meanings, Number, QuantBits, Texts, as_fields
from loracfg.document.display import printable

CordaMethod = Annotated[
    Literal["ipm", "kpm"],
    Meanings(
        {
            "ipm": "Instruction-previewed: adapts the components that the task uses most.",
            "kpm": "Knowledge-preserved: adapts the components that general knowledge uses least.",
        }
    ),
]

GradientShare = Annotated[
    Literal["ArBr", "A2rBr", "ArB2r", "random"],
    Meanings(
        {
            "ArBr": "A and B take singular vectors alternately.",
            "A2rBr": "A takes the second `r` singular vectors, B the first `r`.",
            "ArB2r": "A takes the first `r` singular vectors, B the second `r`.",
            "random": "Both take the same `r` of the first `2 * r`, chosen at random.",
        }
    ),
]
"""Which factor takes which singular vectors of the gradient (PEFT 0.21.2, `lora/layer.py`)."""

GradientScale = Annotated[
    Literal["stable", "weight_svd", "gd_scale", "unit"],
    Meanings(
        {
            "stable": "B is scaled by its number of rows and `stable_gamma`.",
            "weight_svd": "B is scaled to the largest singular value of the base weight.",
            "gd_scale": "Both are divided by the scaling of the adapter.",
            "unit": "Neither is scaled.",
        }
    ),
]
"""How the initial factors are scaled (PEFT 0.21.2, `lora/layer.py`)."""

VeloraInit = Annotated[
    Literal["batch_average", "batch_average_once", "random"],
    Meanings(
        {
            "batch_average": "From the mean of each batch.",
            "batch_average_once": "From the mean of the first batch.",
            "random": "At random.",
        }
    ),
]


class Nested(StrictModel):
    """Base class of the nested configs."""

    # `LoraConfig` has their validators. Their own are built when one is first created on its own.
    model_config: ClassVar[ConfigDict] = ConfigDict(defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _of_peft(cls, value: Any) -> Any:
        return as_fields(value) if type(value).__name__ == cls.__name__ else value


class LoraRuntimeConfig(Nested):
    """Options for a single run. PEFT never saves them and drops them when it reads a file."""

    ephemeral_gpu_offload: Annotated[bool, Since("0.12.0")] = Field(
        default=False,
        description=(
            "Whether layers in CPU memory are copied to the GPU for expensive operations. Only "
            "DoRA's initialisation uses it."
        ),
    )


class LoftQConfig(Nested):
    """How LoftQ quantises the base weights before it fits the factors to the residual."""

    loftq_bits: Annotated[QuantBits, Since("0.7.0")] = Field(
        default=4, description="Bits per quantised base weight: 2, 4 or 8."
    )
    loftq_iter: Annotated[int, Since("0.7.0")] = Field(
        default=1, gt=0, description="Number of rounds of quantising and fitting, at least 1."
    )


class EvaConfig(Nested):
    """How EVA computes the initial factors from the activations of training data."""

    rho: Annotated[Number, Since("0.14.0")] = Field(
        default=2.0,
        ge=1,
        description=(
            "How much rank may be redistributed between layers: no layer gets more than "
            "`r * rho`. 1 keeps every layer at `r`."
        ),
    )
    tau: Annotated[Number, Since("0.14.0")] = Field(
        default=0.99,
        ge=0,
        le=1,
        description="Cosine similarity, from 0 to 1, at which a component counts as converged.",
    )
    use_label_mask: Annotated[bool, Since("0.14.0")] = Field(
        default=True,
        description="Whether positions whose label is `label_mask_value` are left out.",
    )
    label_mask_value: Annotated[int, Since("0.14.0")] = Field(
        default=-100, description="The label that marks a position to leave out."
    )
    whiten: Annotated[bool, Since("0.14.0")] = Field(
        default=False, description="Whether singular vectors are whitened; useful for images."
    )
    adjust_scaling_factors: Annotated[bool, Since("0.14.0")] = Field(
        default=True,
        description="Whether alpha follows a changed rank, which keeps all gradients on one scale.",
    )


class CordaConfig(Nested):
    """How CorDA computes the initial factors from the covariance of training data."""

    cache_file: Annotated[str | None, Since("0.15.0")] = Field(
        default=None, description="File that stores the decomposition for later runs."
    )
    covariance_file: Annotated[str | None, Since("0.15.0")] = Field(
        default=None, description="File that stores the covariance matrices; it is large."
    )
    corda_method: Annotated[CordaMethod, Since("0.15.0")] = Field(
        default="ipm",
        description=(
            "`ipm` adapts the components that the task uses most, `kpm` those that general "
            "knowledge uses least."
        ),
    )
    verbose: Annotated[bool, Since("0.15.0")] = Field(
        default=False, description="Whether progress is printed."
    )
    use_float16_for_covariance: Annotated[bool, Since("0.15.0")] = Field(
        default=False, description="Whether covariances are stored in half precision."
    )
    prune_temporary_fields: Annotated[bool, Since("0.15.0")] = Field(
        default=True, description="Whether intermediate results are deleted afterwards."
    )


class ArrowConfig(Nested):
    """How Arrow routes each token among several adapters. It is a router, not an adapter."""

    top_k: Annotated[int, Since("0.18.0")] = Field(
        default=3, gt=0, description="Number of adapters that are used for each token."
    )
    router_temperature: Annotated[Number, Since("0.18.0")] = Field(
        default=1.0, gt=0, description="Softmax temperature of the router."
    )
    use_gks: Annotated[bool, Since("0.18.0")] = Field(
        default=False,
        description="Whether general knowledge is subtracted from the adapters first (GenKnowSub).",
    )
    task_adapter_names: Annotated[Texts | None, Since("0.18.0")] = Field(
        default=None, description="The adapters to route among. PEFT fills it in."
    )
    gks_adapter_names: Annotated[Texts | None, Since("0.18.0")] = Field(
        default=None, description="The adapters that hold general knowledge. PEFT fills it in."
    )
    rng_seed: Annotated[int | None, Since("0.18.0")] = Field(
        default=None, description="Seed of the router's random numbers; null means a new one."
    )


class LoraGAConfig(Nested):
    """How LoRA-GA computes the initial factors from the gradients of training data."""

    direction: Annotated[GradientShare, Since("0.19.0")] = Field(
        default="ArB2r",
        description="Which singular vectors of the gradient go to A and which to B.",
    )
    scale: Annotated[GradientScale, Since("0.19.0")] = Field(
        default="stable", description="How the initial factors are scaled."
    )
    stable_gamma: Annotated[int, Since("0.19.0")] = Field(
        default=16, gt=0, description="Divisor of the `stable` scale."
    )


class BdLoraConfig(Nested):
    """BD-LoRA: one factor of each module is block-diagonal, which lets it be sharded."""

    target_modules_bd_a: Annotated[Texts | None, Since("0.19.0")] = Field(
        default=None,
        description="Module names (parts of the path) whose A is block-diagonal.",
    )
    target_modules_bd_b: Annotated[Texts | None, Since("0.19.0")] = Field(
        default=None,
        description="Module names (parts of the path) whose B is block-diagonal.",
    )
    nblocks: Annotated[int, Before("0.20.0", default=NO_DEFAULT), Since("0.19.0")] = Field(
        default=1,
        gt=0,
        description="Blocks per factor: the number of devices that serve the model.",
    )
    match_strict: Annotated[bool, Since("0.19.0")] = Field(
        default=True,
        description="Whether every target must be in one of the two lists.",
    )

    @model_validator(mode="after")
    def _lists_are_disjoint(self) -> Self:
        both = set(self.target_modules_bd_a or ()) & set(self.target_modules_bd_b or ())
        if both:
            raise PydanticCustomError(
                "overlap",
                "{names} in both `target_modules_bd_a` and `target_modules_bd_b`",
                {"names": ", ".join(f"`{printable(name)}`" for name in sorted(both))},
            )
        return self


class VeloraConfig(Nested):
    """VeLoRA: activations that are kept for the backward pass are compressed."""

    num_groups: Annotated[int, Since("0.20.0")] = Field(
        default=64, gt=0, description="Number of groups that the input features are split into."
    )
    scale: Annotated[Number, Since("0.20.0")] = Field(
        default=1.0, gt=0, description="Factor of the reconstructed activations."
    )
    init_type: Annotated[VeloraInit, Since("0.20.0")] = Field(
        default="batch_average",
        description="How the projection is set: from each batch, the first batch, or at random.",
    )


class MontecloraConfig(Nested):
    """MonteCLoRA: Monte Carlo samples perturb A during training."""

    num_samples: Annotated[int, Since("0.20.0")] = Field(
        default=8, gt=0, description="Number of samples per forward pass."
    )
    use_entropy: Annotated[bool, Since("0.20.0")] = Field(
        default=False, description="Whether an entropy term keeps the samples from collapsing."
    )
    dirichlet_prior: Annotated[Number, Since("0.20.0")] = Field(
        default=0.1, gt=0, description="Concentration of the prior over sample weights."
    )
    sample_scaler: Annotated[Number, Since("0.20.0")] = Field(
        default=1e-4, description="Scale of the perturbations; values near 0 give plain LoRA."
    )
    kl_loss_weight: Annotated[Number, Since("0.20.0")] = Field(
        default=1e-5, description="Weight of the KL divergence in the loss."
    )
    buffer_size: Annotated[int, Since("0.20.0")] = Field(
        default=150, gt=0, description="Number of samples drawn in advance."
    )


class KasaConfig(Nested):
    """KaSA: the update has SVD form, and the `r` smallest components of the base are removed."""

    beta: Annotated[Number, Since("0.21.0")] = Field(
        default=1e-4, ge=0, description="Weight of the L2 penalty on the singular values."
    )
    gamma: Annotated[Number, Since("0.21.0")] = Field(
        default=1e-3, ge=0, description="Weight of the penalty that keeps the factors orthogonal."
    )
