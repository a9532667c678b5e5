"""The LoRA variants: how each changes the initial values, the computation and the merging.

An adapter has exactly one variant; PEFT does not combine them (`resolve_lora_variant` in
`peft/tuners/lora/layer.py`, 0.21.2). Source: `peft/tuners/lora/variants.py`, `dora.py`,
`velora.py` and `monteclora.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from loracfg.config.model.config_values import ConfigValues
from loracfg.config.model.constraints import active_variants
from loracfg.errors import LoracfgError
from loracfg.injector.adapters import LoraAdapter, LoraVariant
from loracfg.injector.factors import BlockDiagonal, new_parameter
from loracfg.injector.montecarlo import MonteCarlo
from loracfg.injector.velora import compressed_down, projection


class Dora(LoraVariant):
    """DoRA: the rows of W + BA are rescaled to a trained length.

    `m · (W + scaling · B A) / ‖W + scaling · B A‖`, with one norm for each output feature, which is
    excluded from the gradient (Liu et al., https://arxiv.org/abs/2402.09353, section 4.3).
    """

    def prepare(self, adapter: LoraAdapter) -> None:
        """Add the magnitude m, the row lengths: `(out,)`, for convolutions `(1, out, 1…)`."""
        norm = adapter.spread(self.norm(adapter, adapter.weight))
        norm = norm if norm.dim() == 1 else norm.unsqueeze(0)
        adapter.lora_magnitude_vector = nn.Parameter(norm.to(adapter.factors[0].dtype))

    def norm(self, adapter: LoraAdapter, weight: Tensor) -> Tensor:
        """Return the length of each row of a weight with the update, `(out,)`."""
        with torch.no_grad():
            whole = weight + self.delta(adapter)
            norm: Tensor = torch.linalg.vector_norm(whole, dim=tuple(range(1, whole.dim())))
            return norm

    def ratio(self, adapter: LoraAdapter, norm: Tensor) -> Tensor:
        """Return the factor of each row, `(out,)`."""
        return adapter.lora_magnitude_vector.flatten() / norm

    def join(self, adapter: LoraAdapter, x: Tensor, result: Tensor) -> Tensor:
        """Scale the result and the update, but not the bias."""
        weight = adapter.weight.to(adapter.factors[0].dtype)
        ratio = adapter.spread(self.ratio(adapter, self.norm(adapter, weight)))
        dropped = adapter.drop(x)
        if dropped is not x:
            plain = adapter.without_bias(dropped)
        else:
            bias = getattr(adapter.base, "bias", None)
            plain = result if bias is None else result - adapter.spread(bias)
        return result + ((ratio - 1) * plain + ratio * self.update(adapter, dropped))

    def merged(self, adapter: LoraAdapter, weight: Tensor, original: Tensor) -> Tensor:
        """Return a weight with the update, and keep the norm, which the result does not reveal."""
        self.merged_norm = self.norm(adapter, original)
        return self.column(adapter) * (weight + self.delta(adapter))

    def unmerged(self, adapter: LoraAdapter, weight: Tensor) -> Tensor:
        """Return a weight without the update."""
        return weight / self.column(adapter) - self.delta(adapter)

    def column(self, adapter: LoraAdapter) -> Tensor:
        """Return the ratio of the merged weight, in a shape that broadcasts over weights."""
        ratio = self.ratio(adapter, self.merged_norm)
        return ratio.reshape(-1, *(1,) * (adapter.weight.dim() - 1))


class ActivatedLora(LoraVariant):
    """aLoRA: only tokens from the last invocation sequence on are adapted.

    Tokens before it can use the base model's cache (Greenewald et al.,
    https://arxiv.org/abs/2504.12397).
    """

    merge_problem = "an adapter with `alora_invocation_tokens` works on some tokens only"
    offsets: Sequence[int | None] | None = None
    """The number of adapted tokens at the end of each row of the batch, None for none."""

    def join(self, adapter: LoraAdapter, x: Tensor, result: Tensor) -> Tensor:
        """Add the update to the tokens from the invocation on."""
        count = result.shape[1] if result.dim() == 3 else 1
        offsets = self.offsets or [None] * len(result)
        ends = torch.tensor([min(o or 0, count) for o in offsets], device=result.device)
        acts = torch.arange(count, device=result.device) >= (count - ends).unsqueeze(1)
        acts = acts if result.dim() == 3 else acts.squeeze(1)
        update = self.update(adapter, adapter.drop(x[acts]))
        return result.index_put((acts,), update.to(result.dtype), accumulate=True)


class BlockDiagonalLora(LoraVariant):
    """BD-LoRA: A or B is block-diagonal, depending on which list of the config has the layer."""

    def prepare(self, adapter: LoraAdapter) -> None:
        """Replace one of the factors: A with random blocks, or B with zeros."""
        blocks, path = self.config.use_bdlora, adapter.path
        assert blocks is not None
        out, into = adapter.weight.shape
        if any(name in path for name in blocks.target_modules_bd_a or ()):
            adapter.lora_A = BlockDiagonal(adapter.rank, into, blocks.nblocks, adapter.weight)
            nn.init.kaiming_uniform_(adapter.lora_A.weight)
        elif any(name in path for name in blocks.target_modules_bd_b or ()):
            adapter.lora_B = BlockDiagonal(out, adapter.rank, blocks.nblocks, adapter.weight)
            nn.init.zeros_(adapter.lora_B.weight)


class Kasa(LoraVariant):
    """KaSA: `scaling · B diag(s) A`, on a base without its `r` smallest singular components.

    Wang et al., https://arxiv.org/abs/2412.06071.
    """

    def prepare(self, adapter: LoraAdapter) -> None:
        """Add the singular values, `(r,)`, and remove the smallest from the base weight."""
        adapter.lora_diag = new_parameter((adapter.rank,), adapter.weight)
        nn.init.normal_(adapter.lora_diag)
        weight = adapter.weight.data
        if weight.device.type != "meta":
            u, s, vh = torch.linalg.svd(weight.float(), full_matrices=False)
            s[-adapter.rank :] = 0
            weight.copy_((u * s) @ vh)

    def down(self, adapter: LoraAdapter, x: Tensor) -> Tensor:
        """Apply A, then the singular values."""
        return adapter.down(x) * adapter.lora_diag

    def product(self, adapter: LoraAdapter) -> Tensor:
        """Return `B diag(s) A`."""
        a, b = adapter.factors
        return (b * adapter.lora_diag) @ a


class Velora(LoraVariant):
    """VeLoRA: for the gradient of A, x is compressed to one number per group.

    Miles et al., https://arxiv.org/abs/2405.17991. The result is that of plain LoRA.
    """

    is_projected = False

    def prepare(self, adapter: LoraAdapter) -> None:
        """Add the projection, `(⌈in / groups⌉,)`, drawn at random or set by the first batch."""
        velora = self.config.velora_config
        assert velora is not None
        self.settings = velora
        size = -(-adapter.weight.shape[1] // velora.num_groups)
        embed = torch.zeros_like(new_parameter((size,), adapter.weight).data)
        if velora.init_type == "random":
            embed.copy_(projection(torch.randn_like(embed)))
        adapter.register_buffer("lora_velora_embed", embed)

    def down(self, adapter: LoraAdapter, x: Tensor) -> Tensor:
        """Apply A, keeping only a compressed x."""
        if not (adapter.training and torch.is_grad_enabled()):
            return adapter.down(x)
        groups = self.settings.num_groups
        is_due = self.settings.init_type == "batch_average" or not self.is_projected
        if is_due and self.settings.init_type != "random":
            adapter.lora_velora_embed.copy_(projection(x.detach(), groups))
            self.is_projected = True
        a, _ = adapter.factors
        return compressed_down(x, a, adapter.lora_velora_embed, groups, self.settings.scale)


class MonteCarloLora(LoraVariant):
    """MonteCLoRA: during training, A is an average of random perturbations of A.

    Sengupta et al., https://arxiv.org/abs/2411.04358.
    """

    def prepare(self, adapter: LoraAdapter) -> None:
        """Add the parameters of the distribution that perturbations are drawn from."""
        settings = self.config.monteclora_config
        assert settings is not None
        adapter.lora_monteclora_sampler = MonteCarlo(
            adapter.rank, adapter.factors[0], settings, adapter.weight.data
        )

    def down(self, adapter: LoraAdapter, x: Tensor) -> Tensor:
        """Apply A, perturbed during training."""
        if not adapter.training:
            return adapter.down(x)
        noise, shares = adapter.lora_monteclora_sampler()
        a, _ = adapter.factors
        if noise.isnan().any() or shares.isnan().any():
            return adapter.down(x)
        return F.linear(x, torch.einsum("n,nir->ri", shares, a.mT + noise))


class MinorComponents(LoraVariant):
    """MiCA: B has the base's smallest singular directions and is frozen."""

    frozen = ("lora_B.weight", "lora_embedding_B")


OPTIONS: Final[dict[str, type[LoraVariant]]] = {
    "use_dora": Dora,
    "alora_invocation_tokens": ActivatedLora,
    "use_bdlora": BlockDiagonalLora,
    "velora_config": Velora,
    "monteclora_config": MonteCarloLora,
    "kasa_config": Kasa,
    "mica": MinorComponents,
}


def option_of(config: ConfigValues) -> LoraVariant:
    """Return the variant that a config selects.

    Raises:
        LoracfgError: if it selects Arrow, which routes between adapters.
    """
    (name, *_) = (*active_variants(config), "")
    if name and name not in OPTIONS:
        raise LoracfgError(f"the injector does not support `{name}`", "load the adapter with PEFT")
    return OPTIONS.get(name, LoraVariant)(config)
