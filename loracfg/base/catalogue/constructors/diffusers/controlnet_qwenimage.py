"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): controlnet_qwenimage. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin
from .cache_utils import CacheMixin
from .controlnet import zero_module
from .normalization import RMSNorm
from .transformer_qwenimage import QwenEmbedRope, QwenImageTransformerBlock, QwenTimestepProjEmbeddings
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class QwenImageControlNetModel(ModelMixin, AttentionMixin, ConfigMixin, CacheMixin):

    @register_to_config
    def __init__(self, patch_size=2, in_channels=64, out_channels=16, num_layers=60, attention_head_dim=128, num_attention_heads=24, joint_attention_dim=3584, axes_dims_rope=(16, 56, 56), extra_condition_channels=0):
        super().__init__()
        self.out_channels = out_channels or in_channels
        self.inner_dim = num_attention_heads * attention_head_dim
        self.pos_embed = QwenEmbedRope(theta=10000, axes_dim=list(axes_dims_rope), scale_rope=True)
        self.time_text_embed = QwenTimestepProjEmbeddings(embedding_dim=self.inner_dim)
        self.txt_norm = RMSNorm(joint_attention_dim, eps=1e-06)
        self.img_in = nn.Linear(in_channels, self.inner_dim)
        self.txt_in = nn.Linear(joint_attention_dim, self.inner_dim)
        self.transformer_blocks = nn.ModuleList([QwenImageTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim) for _ in range(num_layers)])
        self.controlnet_blocks = nn.ModuleList([])
        for _ in range(len(self.transformer_blocks)):
            self.controlnet_blocks.append(zero_module(nn.Linear(self.inner_dim, self.inner_dim)))
        self.controlnet_x_embedder = zero_module(torch.nn.Linear(in_channels + extra_condition_channels, self.inner_dim))
        self.gradient_checkpointing = False
