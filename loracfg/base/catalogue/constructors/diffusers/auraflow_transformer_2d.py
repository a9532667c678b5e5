"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): auraflow_transformer_2d. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin
from .attention_processor import Attention, AuraFlowAttnProcessor2_0
from .embeddings import TimestepEmbedding, Timesteps
from .normalization import AdaLayerNormZero, FP32LayerNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

def find_multiple(n, k):
    if n % k == 0:
        return n
    return n + k - n % k

class AuraFlowPatchEmbed(nn.Module):

    def __init__(self, height=224, width=224, patch_size=16, in_channels=3, embed_dim=768, pos_embed_max_size=None):
        super().__init__()
        self.num_patches = height // patch_size * (width // patch_size)
        self.pos_embed_max_size = pos_embed_max_size
        self.proj = nn.Linear(patch_size * patch_size * in_channels, embed_dim)
        self.pos_embed = nn.Parameter(torch.randn(1, pos_embed_max_size, embed_dim) * 0.1)
        self.patch_size = patch_size
        self.height, self.width = (height // patch_size, width // patch_size)
        self.base_size = height // patch_size

class AuraFlowFeedForward(nn.Module):

    def __init__(self, dim, hidden_dim=None):
        super().__init__()
        if hidden_dim is None:
            hidden_dim = 4 * dim
        final_hidden_dim = int(2 * hidden_dim / 3)
        final_hidden_dim = find_multiple(final_hidden_dim, 256)
        self.linear_1 = nn.Linear(dim, final_hidden_dim, bias=False)
        self.linear_2 = nn.Linear(dim, final_hidden_dim, bias=False)
        self.out_projection = nn.Linear(final_hidden_dim, dim, bias=False)

class AuraFlowPreFinalBlock(nn.Module):

    def __init__(self, embedding_dim, conditioning_embedding_dim):
        super().__init__()
        self.silu = nn.SiLU()
        self.linear = nn.Linear(conditioning_embedding_dim, embedding_dim * 2, bias=False)

class AuraFlowSingleTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim):
        super().__init__()
        self.norm1 = AdaLayerNormZero(dim, bias=False, norm_type='fp32_layer_norm')
        processor = AuraFlowAttnProcessor2_0()
        self.attn = Attention(query_dim=dim, cross_attention_dim=None, dim_head=attention_head_dim, heads=num_attention_heads, qk_norm='fp32_layer_norm', out_dim=dim, bias=False, out_bias=False, processor=processor)
        self.norm2 = FP32LayerNorm(dim, elementwise_affine=False, bias=False)
        self.ff = AuraFlowFeedForward(dim, dim * 4)

class AuraFlowJointTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim):
        super().__init__()
        self.norm1 = AdaLayerNormZero(dim, bias=False, norm_type='fp32_layer_norm')
        self.norm1_context = AdaLayerNormZero(dim, bias=False, norm_type='fp32_layer_norm')
        processor = AuraFlowAttnProcessor2_0()
        self.attn = Attention(query_dim=dim, cross_attention_dim=None, added_kv_proj_dim=dim, added_proj_bias=False, dim_head=attention_head_dim, heads=num_attention_heads, qk_norm='fp32_layer_norm', out_dim=dim, bias=False, out_bias=False, processor=processor, context_pre_only=False)
        self.norm2 = FP32LayerNorm(dim, elementwise_affine=False, bias=False)
        self.ff = AuraFlowFeedForward(dim, dim * 4)
        self.norm2_context = FP32LayerNorm(dim, elementwise_affine=False, bias=False)
        self.ff_context = AuraFlowFeedForward(dim, dim * 4)

class AuraFlowTransformer2DModel(ModelMixin, AttentionMixin, ConfigMixin):

    @register_to_config
    def __init__(self, sample_size=64, patch_size=2, in_channels=4, num_mmdit_layers=4, num_single_dit_layers=32, attention_head_dim=256, num_attention_heads=12, joint_attention_dim=2048, caption_projection_dim=3072, out_channels=4, pos_embed_max_size=1024):
        super().__init__()
        default_out_channels = in_channels
        self.out_channels = out_channels if out_channels is not None else default_out_channels
        self.inner_dim = self.config.num_attention_heads * self.config.attention_head_dim
        self.pos_embed = AuraFlowPatchEmbed(height=self.config.sample_size, width=self.config.sample_size, patch_size=self.config.patch_size, in_channels=self.config.in_channels, embed_dim=self.inner_dim, pos_embed_max_size=pos_embed_max_size)
        self.context_embedder = nn.Linear(self.config.joint_attention_dim, self.config.caption_projection_dim, bias=False)
        self.time_step_embed = Timesteps(num_channels=256, downscale_freq_shift=0, scale=1000, flip_sin_to_cos=True)
        self.time_step_proj = TimestepEmbedding(in_channels=256, time_embed_dim=self.inner_dim)
        self.joint_transformer_blocks = nn.ModuleList([AuraFlowJointTransformerBlock(dim=self.inner_dim, num_attention_heads=self.config.num_attention_heads, attention_head_dim=self.config.attention_head_dim) for i in range(self.config.num_mmdit_layers)])
        self.single_transformer_blocks = nn.ModuleList([AuraFlowSingleTransformerBlock(dim=self.inner_dim, num_attention_heads=self.config.num_attention_heads, attention_head_dim=self.config.attention_head_dim) for _ in range(self.config.num_single_dit_layers)])
        self.norm_out = AuraFlowPreFinalBlock(self.inner_dim, self.inner_dim)
        self.proj_out = nn.Linear(self.inner_dim, patch_size * patch_size * self.out_channels, bias=False)
        self.register_tokens = nn.Parameter(torch.randn(1, 8, self.inner_dim) * 0.02)
        self.gradient_checkpointing = False
