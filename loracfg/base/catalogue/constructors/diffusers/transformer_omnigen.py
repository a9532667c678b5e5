"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_omnigen. Made by `python -m loracfg.base.transcriber`."""
from .attention_processor import Attention
from .embeddings import TimestepEmbedding, Timesteps, get_2d_sincos_pos_embed
from .normalization import AdaLayerNorm, RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class OmniGenFeedForward(nn.Module):

    def __init__(self, hidden_size, intermediate_size):
        super().__init__()
        self.gate_up_proj = nn.Linear(hidden_size, 2 * intermediate_size, bias=False)
        self.down_proj = nn.Linear(intermediate_size, hidden_size, bias=False)
        self.activation_fn = nn.SiLU()

class OmniGenPatchEmbed(nn.Module):

    def __init__(self, patch_size=2, in_channels=4, embed_dim=768, bias=True, interpolation_scale=1, pos_embed_max_size=192, base_size=64):
        super().__init__()
        self.output_image_proj = nn.Conv2d(in_channels, embed_dim, kernel_size=(patch_size, patch_size), stride=patch_size, bias=bias)
        self.input_image_proj = nn.Conv2d(in_channels, embed_dim, kernel_size=(patch_size, patch_size), stride=patch_size, bias=bias)
        self.patch_size = patch_size
        self.interpolation_scale = interpolation_scale
        self.pos_embed_max_size = pos_embed_max_size
        pos_embed = get_2d_sincos_pos_embed(embed_dim, self.pos_embed_max_size, base_size=base_size, interpolation_scale=self.interpolation_scale, output_type='pt')
        self.register_buffer('pos_embed', pos_embed.float().unsqueeze(0), persistent=True)

class OmniGenSuScaledRotaryEmbedding(nn.Module):

    def __init__(self, dim, max_position_embeddings=131072, original_max_position_embeddings=4096, base=10000, rope_scaling=None):
        super().__init__()
        self.dim = dim
        self.max_position_embeddings = max_position_embeddings
        self.base = base
        inv_freq = 1.0 / self.base ** (torch.arange(0, self.dim, 2, dtype=torch.int64).float() / self.dim)
        self.register_buffer('inv_freq', tensor=inv_freq, persistent=False)
        self.short_factor = rope_scaling['short_factor']
        self.long_factor = rope_scaling['long_factor']
        self.original_max_position_embeddings = original_max_position_embeddings

class OmniGenAttnProcessor2_0:

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('AttnProcessor2_0 requires PyTorch 2.0, to use it, please upgrade PyTorch to 2.0.')

class OmniGenBlock(nn.Module):

    def __init__(self, hidden_size, num_attention_heads, num_key_value_heads, intermediate_size, rms_norm_eps):
        super().__init__()
        self.input_layernorm = RMSNorm(hidden_size, eps=rms_norm_eps)
        self.self_attn = Attention(query_dim=hidden_size, cross_attention_dim=hidden_size, dim_head=hidden_size // num_attention_heads, heads=num_attention_heads, kv_heads=num_key_value_heads, bias=False, out_dim=hidden_size, out_bias=False, processor=OmniGenAttnProcessor2_0())
        self.post_attention_layernorm = RMSNorm(hidden_size, eps=rms_norm_eps)
        self.mlp = OmniGenFeedForward(hidden_size, intermediate_size)

class OmniGenTransformer2DModel(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=4, patch_size=2, hidden_size=3072, rms_norm_eps=1e-05, num_attention_heads=32, num_key_value_heads=32, intermediate_size=8192, num_layers=32, pad_token_id=32000, vocab_size=32064, max_position_embeddings=131072, original_max_position_embeddings=4096, rope_base=10000, rope_scaling=None, pos_embed_max_size=192, time_step_dim=256, flip_sin_to_cos=True, downscale_freq_shift=0, timestep_activation_fn='silu'):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = in_channels
        self.patch_embedding = OmniGenPatchEmbed(patch_size=patch_size, in_channels=in_channels, embed_dim=hidden_size, pos_embed_max_size=pos_embed_max_size)
        self.time_proj = Timesteps(time_step_dim, flip_sin_to_cos, downscale_freq_shift)
        self.time_token = TimestepEmbedding(time_step_dim, hidden_size, timestep_activation_fn)
        self.t_embedder = TimestepEmbedding(time_step_dim, hidden_size, timestep_activation_fn)
        self.embed_tokens = nn.Embedding(vocab_size, hidden_size, pad_token_id)
        self.rope = OmniGenSuScaledRotaryEmbedding(hidden_size // num_attention_heads, max_position_embeddings=max_position_embeddings, original_max_position_embeddings=original_max_position_embeddings, base=rope_base, rope_scaling=rope_scaling)
        self.layers = nn.ModuleList([OmniGenBlock(hidden_size, num_attention_heads, num_key_value_heads, intermediate_size, rms_norm_eps) for _ in range(num_layers)])
        self.norm = RMSNorm(hidden_size, eps=rms_norm_eps)
        self.norm_out = AdaLayerNorm(hidden_size, norm_elementwise_affine=False, norm_eps=1e-06, chunk_dim=1)
        self.proj_out = nn.Linear(hidden_size, patch_size * patch_size * self.out_channels, bias=True)
        self.gradient_checkpointing = False
