"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): common_schedulers_scheduling_consistency_decoder. Made by `python -m loracfg.base.transcriber`."""
from .common_schedulers_scheduling_utils import SchedulerMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.records import dataclass
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
import math
randn_tensor = Unknown('randn_tensor')

def betas_for_alpha_bar(num_diffusion_timesteps, max_beta=0.999, alpha_transform_type='cosine'):
    if alpha_transform_type == 'cosine':

        def alpha_bar_fn(t):
            return math.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2
    elif alpha_transform_type == 'laplace':

        def alpha_bar_fn(t):
            lmb = -0.5 * math.copysign(1, 0.5 - t) * math.log(1 - 2 * math.fabs(0.5 - t) + 1e-06)
            snr = math.exp(lmb)
            return math.sqrt(snr / (1 + snr))
    elif alpha_transform_type == 'exp':

        def alpha_bar_fn(t):
            return math.exp(t * -12.0)
    else:
        raise ValueError(f'Unsupported alpha_transform_type: {alpha_transform_type}')
    betas = []
    for i in range(num_diffusion_timesteps):
        t1 = i / num_diffusion_timesteps
        t2 = (i + 1) / num_diffusion_timesteps
        betas.append(min(1 - alpha_bar_fn(t2) / alpha_bar_fn(t1), max_beta))
    return torch.tensor(betas, dtype=torch.float32)

@dataclass
class ConsistencyDecoderSchedulerOutput:
    prev_sample: torch.Tensor

class ConsistencyDecoderScheduler(SchedulerMixin, ConfigMixin):

    @register_to_config
    def __init__(self, num_train_timesteps=1024, sigma_data=0.5):
        betas = betas_for_alpha_bar(num_train_timesteps)
        alphas = 1.0 - betas
        alphas_cumprod = torch.cumprod(alphas, dim=0)
        self.sqrt_alphas_cumprod = torch.sqrt(alphas_cumprod)
        self.sqrt_one_minus_alphas_cumprod = torch.sqrt(1.0 - alphas_cumprod)
        sigmas = torch.sqrt(1.0 / alphas_cumprod - 1)
        sqrt_recip_alphas_cumprod = torch.sqrt(1.0 / alphas_cumprod)
        self.c_skip = sqrt_recip_alphas_cumprod * sigma_data ** 2 / (sigmas ** 2 + sigma_data ** 2)
        self.c_out = sigmas * sigma_data / (sigmas ** 2 + sigma_data ** 2) ** 0.5
        self.c_in = sqrt_recip_alphas_cumprod / (sigmas ** 2 + sigma_data ** 2) ** 0.5

    def step(self, model_output, timestep, sample, generator=None, return_dict=True):
        x_0 = self.c_out[timestep] * model_output + self.c_skip[timestep] * sample
        timestep_idx = torch.where(self.timesteps == timestep)[0]
        if timestep_idx == len(self.timesteps) - 1:
            prev_sample = x_0
        else:
            noise = randn_tensor(x_0.shape, generator=generator, dtype=x_0.dtype, device=x_0.device)
            prev_sample = self.sqrt_alphas_cumprod[self.timesteps[timestep_idx + 1]].to(x_0.dtype) * x_0 + self.sqrt_one_minus_alphas_cumprod[self.timesteps[timestep_idx + 1]].to(x_0.dtype) * noise
        if not return_dict:
            return (prev_sample,)
        return ConsistencyDecoderSchedulerOutput(prev_sample=prev_sample)
