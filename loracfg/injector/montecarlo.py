"""MonteCLoRA's distribution: a Gaussian for each sample of A, weighted by a Dirichlet."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.distributions.wishart import Wishart

from loracfg.config.model.nested import MontecloraConfig

Draw = tuple[Tensor, Tensor, Tensor]
"""Random numbers of a step: normal `(samples, in, r)`, Wishart `(r, r)`, normal `(samples,)`."""


class MonteCarlo(nn.Module):
    """Draws perturbations `(samples, in, r)` of Aᵀ, and the weight of each, `(samples,)`.

    `std_prior` `(r,)` and `expert_weights_prior` `(samples,)` are trained; the two buffers hold the
    last draw, and start in the dtype of the base.
    """

    gaussian_var_prior: Tensor
    expert_weights: Tensor

    def __init__(self, rank: int, a: Tensor, settings: MontecloraConfig, base: Tensor) -> None:
        super().__init__()
        into = a.shape[1]  # the rank can be smaller: OLoRA's is at most that of the weight
        self.shape = (settings.num_samples, into, rank)
        self.settings = settings
        self.draws: Iterator[Draw] = self.drawn()
        self.std_prior = nn.Parameter(torch.rand(rank, dtype=a.dtype, device=a.device))
        self.expert_weights_prior = nn.Parameter(a.new_empty(settings.num_samples).uniform_())
        self.register_buffer("gaussian_var_prior", torch.eye(rank).to(base))
        self.register_buffer("expert_weights", base.new_full(self.shape[:1], 1 / self.shape[0]))

    def drawn(self) -> Iterator[Draw]:
        """Yield random numbers, drawn for `buffer_size` steps at once."""
        samples, into, rank = self.shape
        size, like = self.settings.buffer_size, self.std_prior.data
        wishart = Wishart(df=rank, scale_tril=torch.eye(rank, device=like.device))
        while True:
            normal = like.new_empty(size, samples, into, rank).normal_()
            logits = like.new_empty(size, samples).normal_()
            for i in range(size):
                # `sample` would draw again where one is close to singular.
                spread: Tensor = wishart._bartlett_sampling(torch.Size())  # type: ignore[no-untyped-call]
                yield normal[i], spread.to(like), logits[i]

    def forward(self) -> tuple[Tensor, Tensor]:
        normal, wishart, logits = next(self.draws)
        std = torch.diag(self.std_prior.exp())
        variance = (std @ wishart @ std.mT).diag().clip(min=1e-3).diag()
        self.gaussian_var_prior = variance
        root = torch.linalg.cholesky(variance.float()).to(variance.dtype)
        noise = torch.nan_to_num(normal @ root, nan=1e-3) * self.settings.sample_scaler
        self.expert_weights = torch.softmax(self.dirichlet(logits), dim=-1)
        return noise, self.expert_weights

    def dirichlet(self, logits: Tensor) -> Tensor:
        """Return the logarithms of the weights, from the normal approximation of a Dirichlet."""
        alpha = self.expert_weights_prior.exp().clamp(min=1e-6)
        count = len(alpha)
        inverse = 1 / alpha
        variance = inverse * (1 - 2 / count) + inverse.sum() / count**2
        variance = variance.clamp(min=1e-6).diag() + 1e-6 * torch.eye(count).to(alpha)
        root: Tensor = torch.linalg.cholesky(variance.float()).to(alpha.dtype)
        return root @ logits + alpha.log() - alpha.log().mean()
