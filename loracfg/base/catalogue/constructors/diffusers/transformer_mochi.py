"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_mochi. Made by `python -m loracfg.base.transcriber`."""
from .attention import FeedForward
from .attention_processor import MochiAttention, MochiAttnProcessor2_0
from .cache_utils import CacheMixin
from .embeddings import MochiCombinedTimestepCaptionEmbedding, PatchEmbed
from .normalization import AdaLayerNormContinuous, RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class MochiModulatedRMSNorm(nn.Module):

    def __init__(self, eps):
        super().__init__()
        self.eps = eps
        self.norm = RMSNorm(0, eps, False)

class MochiLayerNormContinuous(nn.Module):

    def __init__(self, embedding_dim, conditioning_embedding_dim, eps=1e-05, bias=True):
        super().__init__()
        self.silu = nn.SiLU()
        self.linear_1 = nn.Linear(conditioning_embedding_dim, embedding_dim, bias=bias)
        self.norm = MochiModulatedRMSNorm(eps=eps)

class MochiRMSNormZero(nn.Module):

    def __init__(self, embedding_dim, hidden_dim, eps=1e-05, elementwise_affine=False):
        super().__init__()
        self.silu = nn.SiLU()
        self.linear = nn.Linear(embedding_dim, hidden_dim)
        self.norm = RMSNorm(0, eps, False)

class MochiTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, pooled_projection_dim, qk_norm='rms_norm', activation_fn='swiglu', context_pre_only=False, eps=1e-06):
        super().__init__()
        self.context_pre_only = context_pre_only
        self.ff_inner_dim = 4 * dim * 2 // 3
        self.ff_context_inner_dim = 4 * pooled_projection_dim * 2 // 3
        self.norm1 = MochiRMSNormZero(dim, 4 * dim, eps=eps, elementwise_affine=False)
        if not context_pre_only:
            self.norm1_context = MochiRMSNormZero(dim, 4 * pooled_projection_dim, eps=eps, elementwise_affine=False)
        else:
            self.norm1_context = MochiLayerNormContinuous(embedding_dim=pooled_projection_dim, conditioning_embedding_dim=dim, eps=eps)
        self.attn1 = MochiAttention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, bias=False, added_kv_proj_dim=pooled_projection_dim, added_proj_bias=False, out_dim=dim, out_context_dim=pooled_projection_dim, context_pre_only=context_pre_only, processor=MochiAttnProcessor2_0(), eps=1e-05)
        self.norm2 = MochiModulatedRMSNorm(eps=eps)
        self.norm2_context = MochiModulatedRMSNorm(eps=eps) if not self.context_pre_only else None
        self.norm3 = MochiModulatedRMSNorm(eps)
        self.norm3_context = MochiModulatedRMSNorm(eps=eps) if not self.context_pre_only else None
        self.ff = FeedForward(dim, inner_dim=self.ff_inner_dim, activation_fn=activation_fn, bias=False)
        self.ff_context = None
        if not context_pre_only:
            self.ff_context = FeedForward(pooled_projection_dim, inner_dim=self.ff_context_inner_dim, activation_fn=activation_fn, bias=False)
        self.norm4 = MochiModulatedRMSNorm(eps=eps)
        self.norm4_context = MochiModulatedRMSNorm(eps=eps)

class MochiRoPE(nn.Module):

    def __init__(self, base_height=192, base_width=192):
        super().__init__()
        self.target_area = base_height * base_width

class MochiTransformer3DModel(ModelMixin, ConfigMixin, CacheMixin):

    @register_to_config
    def __init__(self, patch_size=2, num_attention_heads=24, attention_head_dim=128, num_layers=48, pooled_projection_dim=1536, in_channels=12, out_channels=None, qk_norm='rms_norm', text_embed_dim=4096, time_embed_dim=256, activation_fn='swiglu', max_sequence_length=256):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        out_channels = out_channels or in_channels
        self.patch_embed = PatchEmbed(patch_size=patch_size, in_channels=in_channels, embed_dim=inner_dim, pos_embed_type=None)
        self.time_embed = MochiCombinedTimestepCaptionEmbedding(embedding_dim=inner_dim, pooled_projection_dim=pooled_projection_dim, text_embed_dim=text_embed_dim, time_embed_dim=time_embed_dim, num_attention_heads=8)
        self.pos_frequencies = nn.Parameter(torch.full((3, num_attention_heads, attention_head_dim // 2), 0.0))
        self.rope = MochiRoPE()
        self.transformer_blocks = nn.ModuleList([MochiTransformerBlock(dim=inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, pooled_projection_dim=pooled_projection_dim, qk_norm=qk_norm, activation_fn=activation_fn, context_pre_only=i == num_layers - 1) for i in range(num_layers)])
        self.norm_out = AdaLayerNormContinuous(inner_dim, inner_dim, elementwise_affine=False, eps=1e-06, norm_type='layer_norm')
        self.proj_out = nn.Linear(inner_dim, patch_size * patch_size * out_channels)
        self.gradient_checkpointing = False
