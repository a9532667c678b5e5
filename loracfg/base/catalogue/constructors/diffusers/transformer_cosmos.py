"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_cosmos. Made by `python -m loracfg.base.transcriber`."""
from .attention import FeedForward
from .attention_processor import Attention
from .embeddings import Timesteps
from .normalization import RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class CosmosPatchEmbed(nn.Module):

    def __init__(self, in_channels, out_channels, patch_size, bias=True):
        super().__init__()
        self.patch_size = patch_size
        self.proj = nn.Linear(in_channels * patch_size[0] * patch_size[1] * patch_size[2], out_channels, bias=bias)

class CosmosTimestepEmbedding(nn.Module):

    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear_1 = nn.Linear(in_features, out_features, bias=False)
        self.activation = nn.SiLU()
        self.linear_2 = nn.Linear(out_features, 3 * out_features, bias=False)

class CosmosEmbedding(nn.Module):

    def __init__(self, embedding_dim, condition_dim):
        super().__init__()
        self.time_proj = Timesteps(embedding_dim, flip_sin_to_cos=True, downscale_freq_shift=0.0)
        self.t_embedder = CosmosTimestepEmbedding(embedding_dim, condition_dim)
        self.norm = RMSNorm(embedding_dim, eps=1e-06, elementwise_affine=True)

class CosmosAdaLayerNorm(nn.Module):

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.embedding_dim = in_features
        self.activation = nn.SiLU()
        self.norm = nn.LayerNorm(in_features, elementwise_affine=False, eps=1e-06)
        self.linear_1 = nn.Linear(in_features, hidden_features, bias=False)
        self.linear_2 = nn.Linear(hidden_features, 2 * in_features, bias=False)

class CosmosAdaLayerNormZero(nn.Module):

    def __init__(self, in_features, hidden_features=None):
        super().__init__()
        self.norm = nn.LayerNorm(in_features, elementwise_affine=False, eps=1e-06)
        self.activation = nn.SiLU()
        if hidden_features is None:
            self.linear_1 = nn.Identity()
        else:
            self.linear_1 = nn.Linear(in_features, hidden_features, bias=False)
        self.linear_2 = nn.Linear(hidden_features, 3 * in_features, bias=False)

class CosmosAttnProcessor2_0:

    def __init__(self):
        if not hasattr(torch.nn.functional, 'scaled_dot_product_attention'):
            raise ImportError('CosmosAttnProcessor2_0 requires PyTorch 2.0. To use it, please upgrade PyTorch to 2.0.')

class CosmosAttnProcessor2_5:

    def __init__(self):
        if not hasattr(torch.nn.functional, 'scaled_dot_product_attention'):
            raise ImportError('CosmosAttnProcessor2_5 requires PyTorch 2.0. Please upgrade PyTorch to 2.0 or newer.')

class CosmosAttention(Attention):

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        inner_dim = self.heads * self.to_q.out_features // self.heads
        self.q_img = nn.Linear(self.query_dim, inner_dim, bias=False)
        self.k_img = nn.Linear(self.query_dim, inner_dim, bias=False)
        self.v_img = nn.Linear(self.query_dim, inner_dim, bias=False)
        self.q_img_norm = RMSNorm(self.to_q.out_features // self.heads, eps=1e-06, elementwise_affine=True)
        self.k_img_norm = RMSNorm(self.to_k.out_features // self.heads, eps=1e-06, elementwise_affine=True)

class CosmosTransformerBlock(nn.Module):

    def __init__(self, num_attention_heads, attention_head_dim, cross_attention_dim, mlp_ratio=4.0, adaln_lora_dim=256, qk_norm='rms_norm', out_bias=False, img_context=False, before_proj=False, after_proj=False):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        self.norm1 = CosmosAdaLayerNormZero(in_features=hidden_size, hidden_features=adaln_lora_dim)
        self.img_context = img_context
        self.attn1 = Attention(query_dim=hidden_size, cross_attention_dim=None, heads=num_attention_heads, dim_head=attention_head_dim, qk_norm=qk_norm, elementwise_affine=True, out_bias=out_bias, processor=CosmosAttnProcessor2_0())
        self.norm2 = CosmosAdaLayerNormZero(in_features=hidden_size, hidden_features=adaln_lora_dim)
        if img_context:
            self.attn2 = CosmosAttention(query_dim=hidden_size, cross_attention_dim=cross_attention_dim, heads=num_attention_heads, dim_head=attention_head_dim, qk_norm=qk_norm, elementwise_affine=True, out_bias=out_bias, processor=CosmosAttnProcessor2_5())
        else:
            self.attn2 = Attention(query_dim=hidden_size, cross_attention_dim=cross_attention_dim, heads=num_attention_heads, dim_head=attention_head_dim, qk_norm=qk_norm, elementwise_affine=True, out_bias=out_bias, processor=CosmosAttnProcessor2_0())
        self.norm3 = CosmosAdaLayerNormZero(in_features=hidden_size, hidden_features=adaln_lora_dim)
        self.ff = FeedForward(hidden_size, mult=mlp_ratio, activation_fn='gelu', bias=out_bias)
        self.before_proj = None
        self.after_proj = None
        if before_proj:
            self.before_proj = nn.Linear(hidden_size, hidden_size)
        if after_proj:
            self.after_proj = nn.Linear(hidden_size, hidden_size)

class CosmosRotaryPosEmbed(nn.Module):

    def __init__(self, hidden_size, max_size=(128, 240, 240), patch_size=(1, 2, 2), base_fps=24, rope_scale=(2.0, 1.0, 1.0)):
        super().__init__()
        self.max_size = [size // patch for size, patch in zip(max_size, patch_size)]
        self.patch_size = patch_size
        self.base_fps = base_fps
        self.dim_h = hidden_size // 6 * 2
        self.dim_w = hidden_size // 6 * 2
        self.dim_t = hidden_size - self.dim_h - self.dim_w
        self.h_ntk_factor = rope_scale[1] ** (self.dim_h / (self.dim_h - 2))
        self.w_ntk_factor = rope_scale[2] ** (self.dim_w / (self.dim_w - 2))
        self.t_ntk_factor = rope_scale[0] ** (self.dim_t / (self.dim_t - 2))

class CosmosLearnablePositionalEmbed(nn.Module):

    def __init__(self, hidden_size, max_size, patch_size, eps=1e-06):
        super().__init__()
        self.max_size = [size // patch for size, patch in zip(max_size, patch_size)]
        self.patch_size = patch_size
        self.eps = eps
        self.pos_emb_t = nn.Parameter(torch.zeros(self.max_size[0], hidden_size))
        self.pos_emb_h = nn.Parameter(torch.zeros(self.max_size[1], hidden_size))
        self.pos_emb_w = nn.Parameter(torch.zeros(self.max_size[2], hidden_size))

class CosmosTransformer3DModel(ModelMixin, ConfigMixin):
    _keep_in_fp32_modules = ['learnable_pos_embed']

    @register_to_config
    def __init__(self, in_channels=16, out_channels=16, num_attention_heads=32, attention_head_dim=128, num_layers=28, mlp_ratio=4.0, text_embed_dim=1024, adaln_lora_dim=256, max_size=(128, 240, 240), patch_size=(1, 2, 2), rope_scale=(2.0, 1.0, 1.0), concat_padding_mask=True, extra_pos_embed_type='learnable', use_crossattn_projection=False, crossattn_proj_in_channels=1024, encoder_hidden_states_channels=1024, controlnet_block_every_n=None, img_context_dim_in=None, img_context_num_tokens=256, img_context_dim_out=2048):
        super().__init__()
        hidden_size = num_attention_heads * attention_head_dim
        patch_embed_in_channels = in_channels + 1 if concat_padding_mask else in_channels
        self.patch_embed = CosmosPatchEmbed(patch_embed_in_channels, hidden_size, patch_size, bias=False)
        self.rope = CosmosRotaryPosEmbed(hidden_size=attention_head_dim, max_size=max_size, patch_size=patch_size, rope_scale=rope_scale)
        self.learnable_pos_embed = None
        if extra_pos_embed_type == 'learnable':
            self.learnable_pos_embed = CosmosLearnablePositionalEmbed(hidden_size=hidden_size, max_size=max_size, patch_size=patch_size)
        self.time_embed = CosmosEmbedding(hidden_size, hidden_size)
        self.transformer_blocks = nn.ModuleList([CosmosTransformerBlock(num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, cross_attention_dim=text_embed_dim, mlp_ratio=mlp_ratio, adaln_lora_dim=adaln_lora_dim, qk_norm='rms_norm', out_bias=False, img_context=self.config.img_context_dim_in is not None and self.config.img_context_dim_in > 0) for _ in range(num_layers)])
        self.norm_out = CosmosAdaLayerNorm(hidden_size, adaln_lora_dim)
        self.proj_out = nn.Linear(hidden_size, patch_size[0] * patch_size[1] * patch_size[2] * out_channels, bias=False)
        if self.config.use_crossattn_projection:
            self.crossattn_proj = nn.Sequential(nn.Linear(crossattn_proj_in_channels, encoder_hidden_states_channels, bias=True), nn.GELU())
        self.gradient_checkpointing = False
        if self.config.img_context_dim_in:
            self.img_context_proj = nn.Sequential(nn.Linear(self.config.img_context_dim_in, self.config.img_context_dim_out, bias=True), nn.GELU())
