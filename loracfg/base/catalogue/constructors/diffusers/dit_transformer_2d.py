"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): dit_transformer_2d. Made by `python -m loracfg.base.transcriber`."""
from .attention import BasicTransformerBlock
from .embeddings import PatchEmbed
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class DiTTransformer2DModel(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, num_attention_heads=16, attention_head_dim=72, in_channels=4, out_channels=None, num_layers=28, dropout=0.0, norm_num_groups=32, attention_bias=True, sample_size=32, patch_size=2, activation_fn='gelu-approximate', num_embeds_ada_norm=1000, upcast_attention=False, norm_type='ada_norm_zero', norm_elementwise_affine=False, norm_eps=1e-05):
        super().__init__()
        if norm_type != 'ada_norm_zero':
            raise NotImplementedError(f"Forward pass is not implemented when `patch_size` is not None and `norm_type` is '{norm_type}'.")
        elif norm_type == 'ada_norm_zero' and num_embeds_ada_norm is None:
            raise ValueError(f'When using a `patch_size` and this `norm_type` ({norm_type}), `num_embeds_ada_norm` cannot be None.')
        self.attention_head_dim = attention_head_dim
        self.inner_dim = self.config.num_attention_heads * self.config.attention_head_dim
        self.out_channels = in_channels if out_channels is None else out_channels
        self.gradient_checkpointing = False
        self.height = self.config.sample_size
        self.width = self.config.sample_size
        self.patch_size = self.config.patch_size
        self.pos_embed = PatchEmbed(height=self.config.sample_size, width=self.config.sample_size, patch_size=self.config.patch_size, in_channels=self.config.in_channels, embed_dim=self.inner_dim)
        self.transformer_blocks = nn.ModuleList([BasicTransformerBlock(self.inner_dim, self.config.num_attention_heads, self.config.attention_head_dim, dropout=self.config.dropout, activation_fn=self.config.activation_fn, num_embeds_ada_norm=self.config.num_embeds_ada_norm, attention_bias=self.config.attention_bias, upcast_attention=self.config.upcast_attention, norm_type=norm_type, norm_elementwise_affine=self.config.norm_elementwise_affine, norm_eps=self.config.norm_eps) for _ in range(self.config.num_layers)])
        self.norm_out = nn.LayerNorm(self.inner_dim, elementwise_affine=False, eps=1e-06)
        self.proj_out_1 = nn.Linear(self.inner_dim, 2 * self.inner_dim)
        self.proj_out_2 = nn.Linear(self.inner_dim, self.config.patch_size * self.config.patch_size * self.out_channels)
