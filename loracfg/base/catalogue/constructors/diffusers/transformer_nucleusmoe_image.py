"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_nucleusmoe_image. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, FeedForward
from .attention_processor import Attention
from .cache_utils import CacheMixin
from .embeddings import TimestepEmbedding, Timesteps
from .normalization import AdaLayerNormContinuous, RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class NucleusMoETimestepProjEmbeddings(nn.Module):

    def __init__(self, embedding_dim, use_additional_t_cond=False):
        super().__init__()
        self.time_proj = Timesteps(num_channels=embedding_dim, flip_sin_to_cos=True, downscale_freq_shift=0, scale=1000)
        self.timestep_embedder = TimestepEmbedding(in_channels=embedding_dim, time_embed_dim=4 * embedding_dim, out_dim=embedding_dim)
        self.norm = RMSNorm(embedding_dim, eps=1e-06)
        self.use_additional_t_cond = use_additional_t_cond
        if use_additional_t_cond:
            self.addition_t_embedding = nn.Embedding(2, embedding_dim)

class NucleusMoEEmbedRope(nn.Module):

    def __init__(self, theta, axes_dim, scale_rope=False):
        super().__init__()
        self.theta = theta
        self.axes_dim = axes_dim
        pos_index = torch.arange(4096)
        neg_index = torch.arange(4096).flip(0) * -1 - 1
        self.pos_freqs = torch.cat([self._rope_params(pos_index, self.axes_dim[0], self.theta), self._rope_params(pos_index, self.axes_dim[1], self.theta), self._rope_params(pos_index, self.axes_dim[2], self.theta)], dim=1)
        self.neg_freqs = torch.cat([self._rope_params(neg_index, self.axes_dim[0], self.theta), self._rope_params(neg_index, self.axes_dim[1], self.theta), self._rope_params(neg_index, self.axes_dim[2], self.theta)], dim=1)
        self.scale_rope = scale_rope

    @staticmethod
    def _rope_params(index, dim, theta=10000):
        assert dim % 2 == 0
        freqs = torch.outer(index, 1.0 / torch.pow(theta, torch.arange(0, dim, 2).to(torch.float32).div(dim)))
        freqs = torch.polar(torch.ones_like(freqs), freqs)
        return freqs

class NucleusMoEAttnProcessor2_0:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('NucleusMoEAttnProcessor2_0 requires PyTorch 2.0, to use it, please upgrade PyTorch to 2.0.')

def _is_moe_layer(strategy, layer_idx, num_layers):
    if strategy == 'leave_first_three_and_last_block_dense':
        return layer_idx >= 3 and layer_idx < num_layers - 1
    elif strategy == 'leave_first_three_blocks_dense':
        return layer_idx >= 3
    elif strategy == 'leave_first_block_dense':
        return layer_idx >= 1
    elif strategy == 'all_moe':
        return True
    elif strategy == 'all_dense':
        return False
    return True

class SwiGLUExperts(nn.Module):

    def __init__(self, hidden_size, moe_intermediate_dim, num_experts, use_grouped_mm=False):
        super().__init__()
        self.num_experts = num_experts
        self.moe_intermediate_dim = moe_intermediate_dim
        self.hidden_size = hidden_size
        self.use_grouped_mm = use_grouped_mm
        self.gate_up_proj = nn.Parameter(torch.empty(num_experts, hidden_size, 2 * moe_intermediate_dim))
        self.down_proj = nn.Parameter(torch.empty(num_experts, moe_intermediate_dim, hidden_size))

class NucleusMoELayer(nn.Module):

    def __init__(self, hidden_size, moe_intermediate_dim, num_experts, capacity_factor, use_sigmoid, route_scale, use_grouped_mm=False):
        super().__init__()
        self.num_experts = num_experts
        self.moe_intermediate_dim = moe_intermediate_dim
        self.hidden_size = hidden_size
        self.capacity_factor = capacity_factor
        self.use_sigmoid = use_sigmoid
        self.route_scale = route_scale
        self.gate = nn.Linear(hidden_size * 2, num_experts, bias=False)
        self.experts = SwiGLUExperts(hidden_size=hidden_size, moe_intermediate_dim=moe_intermediate_dim, num_experts=num_experts, use_grouped_mm=use_grouped_mm)
        self.shared_expert = FeedForward(dim=hidden_size, dim_out=hidden_size, inner_dim=moe_intermediate_dim, activation_fn='swiglu', bias=False)

class NucleusMoEImageTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, num_key_value_heads=None, joint_attention_dim=3584, qk_norm='rms_norm', eps=1e-06, mlp_ratio=4.0, moe_enabled=False, num_experts=128, moe_intermediate_dim=1344, capacity_factor=8.0, use_sigmoid=False, route_scale=2.5, use_grouped_mm=False):
        super().__init__()
        self.dim = dim
        self.moe_enabled = moe_enabled
        self.img_mod = nn.Sequential(nn.SiLU(), nn.Linear(dim, 4 * dim, bias=True))
        self.encoder_proj = nn.Linear(joint_attention_dim, dim)
        self.pre_attn_norm = nn.LayerNorm(dim, eps=eps, elementwise_affine=False, bias=False)
        self.attn = Attention(query_dim=dim, heads=num_attention_heads, kv_heads=num_key_value_heads, dim_head=attention_head_dim, added_kv_proj_dim=dim, added_proj_bias=False, out_dim=dim, out_bias=False, bias=False, processor=NucleusMoEAttnProcessor2_0(), qk_norm=qk_norm, eps=eps, context_pre_only=None)
        self.pre_mlp_norm = nn.LayerNorm(dim, eps=eps, elementwise_affine=False, bias=False)
        if moe_enabled:
            self.img_mlp = NucleusMoELayer(hidden_size=dim, moe_intermediate_dim=moe_intermediate_dim, num_experts=num_experts, capacity_factor=capacity_factor, use_sigmoid=use_sigmoid, route_scale=route_scale, use_grouped_mm=use_grouped_mm)
        else:
            mlp_inner_dim = int(dim * mlp_ratio * 2 / 3) // 128 * 128
            self.img_mlp = FeedForward(dim=dim, dim_out=dim, inner_dim=mlp_inner_dim, activation_fn='swiglu', bias=False)

class NucleusMoEImageTransformer2DModel(ModelMixin, ConfigMixin, CacheMixin, AttentionMixin):

    @register_to_config
    def __init__(self, patch_size=2, in_channels=64, out_channels=None, num_layers=24, attention_head_dim=128, num_attention_heads=16, num_key_value_heads=None, joint_attention_dim=3584, axes_dims_rope=(16, 56, 56), mlp_ratio=4.0, moe_enabled=True, dense_moe_strategy='leave_first_three_and_last_block_dense', num_experts=128, moe_intermediate_dim=1344, capacity_factors=8.0, use_sigmoid=False, route_scale=2.5, use_grouped_mm=False):
        super().__init__()
        self.out_channels = out_channels or in_channels
        self.inner_dim = num_attention_heads * attention_head_dim
        capacity_factors = capacity_factors if isinstance(capacity_factors, list) else [capacity_factors] * num_layers
        self.pos_embed = NucleusMoEEmbedRope(theta=10000, axes_dim=list(axes_dims_rope), scale_rope=True)
        self.time_text_embed = NucleusMoETimestepProjEmbeddings(embedding_dim=self.inner_dim)
        self.txt_norm = RMSNorm(joint_attention_dim, eps=1e-06)
        self.img_in = nn.Linear(in_channels, self.inner_dim)
        self.transformer_blocks = nn.ModuleList([NucleusMoEImageTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, num_key_value_heads=num_key_value_heads, joint_attention_dim=joint_attention_dim, mlp_ratio=mlp_ratio, moe_enabled=moe_enabled and _is_moe_layer(dense_moe_strategy, idx, num_layers), num_experts=num_experts, moe_intermediate_dim=moe_intermediate_dim, capacity_factor=capacity_factors[idx], use_sigmoid=use_sigmoid, route_scale=route_scale, use_grouped_mm=use_grouped_mm) for idx in range(num_layers)])
        self.norm_out = AdaLayerNormContinuous(self.inner_dim, self.inner_dim, elementwise_affine=False, eps=1e-06)
        self.proj_out = nn.Linear(self.inner_dim, patch_size * patch_size * self.out_channels, bias=False)
        self.gradient_checkpointing = False
