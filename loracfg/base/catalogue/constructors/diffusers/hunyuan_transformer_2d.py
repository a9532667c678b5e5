"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): hunyuan_transformer_2d. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, FeedForward
from .attention_processor import Attention, HunyuanAttnProcessor2_0
from .embeddings import HunyuanCombinedTimestepTextSizeStyleEmbedding, PatchEmbed, PixArtAlphaTextProjection
from .normalization import AdaLayerNormContinuous, FP32LayerNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class AdaLayerNormShift(nn.Module):

    def __init__(self, embedding_dim, elementwise_affine=True, eps=1e-06):
        super().__init__()
        self.silu = nn.SiLU()
        self.linear = nn.Linear(embedding_dim, embedding_dim)
        self.norm = FP32LayerNorm(embedding_dim, elementwise_affine=elementwise_affine, eps=eps)

class HunyuanDiTBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, cross_attention_dim=1024, dropout=0.0, activation_fn='geglu', norm_elementwise_affine=True, norm_eps=1e-06, final_dropout=False, ff_inner_dim=None, ff_bias=True, skip=False, qk_norm=True):
        super().__init__()
        self.norm1 = AdaLayerNormShift(dim, elementwise_affine=norm_elementwise_affine, eps=norm_eps)
        self.attn1 = Attention(query_dim=dim, cross_attention_dim=None, dim_head=dim // num_attention_heads, heads=num_attention_heads, qk_norm='layer_norm' if qk_norm else None, eps=1e-06, bias=True, processor=HunyuanAttnProcessor2_0())
        self.norm2 = FP32LayerNorm(dim, norm_eps, norm_elementwise_affine)
        self.attn2 = Attention(query_dim=dim, cross_attention_dim=cross_attention_dim, dim_head=dim // num_attention_heads, heads=num_attention_heads, qk_norm='layer_norm' if qk_norm else None, eps=1e-06, bias=True, processor=HunyuanAttnProcessor2_0())
        self.norm3 = FP32LayerNorm(dim, norm_eps, norm_elementwise_affine)
        self.ff = FeedForward(dim, dropout=dropout, activation_fn=activation_fn, final_dropout=final_dropout, inner_dim=ff_inner_dim, bias=ff_bias)
        if skip:
            self.skip_norm = FP32LayerNorm(2 * dim, norm_eps, elementwise_affine=True)
            self.skip_linear = nn.Linear(2 * dim, dim)
        else:
            self.skip_linear = None
        self._chunk_size = None
        self._chunk_dim = 0

class HunyuanDiT2DModel(ModelMixin, AttentionMixin, ConfigMixin):

    @register_to_config
    def __init__(self, num_attention_heads=16, attention_head_dim=88, in_channels=None, patch_size=None, activation_fn='gelu-approximate', sample_size=32, hidden_size=1152, num_layers=28, mlp_ratio=4.0, learn_sigma=True, cross_attention_dim=1024, norm_type='layer_norm', cross_attention_dim_t5=2048, pooled_projection_dim=1024, text_len=77, text_len_t5=256, use_style_cond_and_image_meta_size=True):
        super().__init__()
        self.out_channels = in_channels * 2 if learn_sigma else in_channels
        self.num_heads = num_attention_heads
        self.inner_dim = num_attention_heads * attention_head_dim
        self.text_embedder = PixArtAlphaTextProjection(in_features=cross_attention_dim_t5, hidden_size=cross_attention_dim_t5 * 4, out_features=cross_attention_dim, act_fn='silu_fp32')
        self.text_embedding_padding = nn.Parameter(torch.randn(text_len + text_len_t5, cross_attention_dim))
        self.pos_embed = PatchEmbed(height=sample_size, width=sample_size, in_channels=in_channels, embed_dim=hidden_size, patch_size=patch_size, pos_embed_type=None)
        self.time_extra_emb = HunyuanCombinedTimestepTextSizeStyleEmbedding(hidden_size, pooled_projection_dim=pooled_projection_dim, seq_len=text_len_t5, cross_attention_dim=cross_attention_dim_t5, use_style_cond_and_image_meta_size=use_style_cond_and_image_meta_size)
        self.blocks = nn.ModuleList([HunyuanDiTBlock(dim=self.inner_dim, num_attention_heads=self.config.num_attention_heads, activation_fn=activation_fn, ff_inner_dim=int(self.inner_dim * mlp_ratio), cross_attention_dim=cross_attention_dim, qk_norm=True, skip=layer > num_layers // 2) for layer in range(num_layers)])
        self.norm_out = AdaLayerNormContinuous(self.inner_dim, self.inner_dim, elementwise_affine=False, eps=1e-06)
        self.proj_out = nn.Linear(self.inner_dim, patch_size * patch_size * self.out_channels, bias=True)
