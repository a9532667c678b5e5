"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): dual_transformer_2d. Made by `python -m loracfg.base.transcriber`."""
from .transformer_2d import Transformer2DModel
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class DualTransformer2DModel(nn.Module):

    def __init__(self, num_attention_heads=16, attention_head_dim=88, in_channels=None, num_layers=1, dropout=0.0, norm_num_groups=32, cross_attention_dim=None, attention_bias=False, sample_size=None, num_vector_embeds=None, activation_fn='geglu', num_embeds_ada_norm=None):
        super().__init__()
        self.transformers = nn.ModuleList([Transformer2DModel(num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, in_channels=in_channels, num_layers=num_layers, dropout=dropout, norm_num_groups=norm_num_groups, cross_attention_dim=cross_attention_dim, attention_bias=attention_bias, sample_size=sample_size, num_vector_embeds=num_vector_embeds, activation_fn=activation_fn, num_embeds_ada_norm=num_embeds_ada_norm) for _ in range(2)])
        self.mix_ratio = 0.5
        self.condition_lengths = [77, 257]
        self.transformer_index_for_condition = [1, 0]
