"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): condition_embedder_minimax_music3. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn

class MiniMaxMusic3ConditionEncoder(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, condition_hidden_dim=4096, num_condition_layers=8, out_dim=2048, input_sampling_rate=24000, input_hop_length=960, output_sampling_rate=44100, output_hop_length=512):
        super().__init__()
        self.layer_weight_logits = nn.Parameter(torch.zeros(num_condition_layers))
        self.layer_scale = nn.Parameter(torch.ones(1))
        self.proj = nn.Conv1d(condition_hidden_dim, out_dim, kernel_size=3, padding=1)
