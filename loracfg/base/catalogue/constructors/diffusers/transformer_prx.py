"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_prx. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from .normalization import RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
maybe_adjust_dtype_for_device = Unknown('maybe_adjust_dtype_for_device')

class PRXAttnProcessor2_0:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(torch.nn.functional, 'scaled_dot_product_attention'):
            raise ImportError('PRXAttnProcessor2_0 requires PyTorch 2.0, please upgrade PyTorch to 2.0.')

class PRXAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = PRXAttnProcessor2_0

    def __init__(self, query_dim, heads=8, dim_head=64, bias=False, out_bias=False, eps=1e-06, processor=None):
        super().__init__()
        self.heads = heads
        self.head_dim = dim_head
        self.inner_dim = dim_head * heads
        self.query_dim = query_dim
        self.img_qkv_proj = nn.Linear(query_dim, query_dim * 3, bias=bias)
        self.norm_q = RMSNorm(self.head_dim, eps=eps, elementwise_affine=True)
        self.norm_k = RMSNorm(self.head_dim, eps=eps, elementwise_affine=True)
        self.txt_kv_proj = nn.Linear(query_dim, query_dim * 2, bias=bias)
        self.norm_added_k = RMSNorm(self.head_dim, eps=eps, elementwise_affine=True)
        self.to_out = nn.ModuleList([])
        self.to_out.append(nn.Linear(self.inner_dim, query_dim, bias=out_bias))
        self.to_out.append(nn.Dropout(0.0))
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class PRXEmbedND(nn.Module):

    def __init__(self, dim, theta, axes_dim):
        super().__init__()
        self.dim = dim
        self.theta = theta
        self.axes_dim = axes_dim

    def rope(self, pos, dim, theta):
        assert dim % 2 == 0
        dtype = maybe_adjust_dtype_for_device(torch.float64, pos.device)
        scale = torch.arange(0, dim, 2, dtype=dtype, device=pos.device) / dim
        omega = 1.0 / theta ** scale
        out = pos.unsqueeze(-1) * omega.unsqueeze(0)
        out = torch.stack([torch.cos(out), -torch.sin(out), torch.sin(out), torch.cos(out)], dim=-1)
        out = out.reshape(*out.shape[:-1], 2, 2)
        return out.float()

class MLPEmbedder(nn.Module):

    def __init__(self, in_dim, hidden_dim):
        super().__init__()
        self.in_layer = nn.Linear(in_dim, hidden_dim, bias=True)
        self.silu = nn.SiLU()
        self.out_layer = nn.Linear(hidden_dim, hidden_dim, bias=True)

class PRXResolutionEmbedder(nn.Module):

    def __init__(self, hidden_size, max_period=10000):
        super().__init__()
        self.max_period = max_period
        self.mlp = MLPEmbedder(in_dim=256, hidden_dim=hidden_size)

class Modulation(nn.Module):

    def __init__(self, dim):
        super().__init__()
        self.lin = nn.Linear(dim, 6 * dim, bias=True)

class PRXBlock(nn.Module):

    def __init__(self, hidden_size, num_heads, mlp_ratio=4.0, qk_scale=None):
        super().__init__()
        self.hidden_dim = hidden_size
        self.num_heads = num_heads
        self.head_dim = hidden_size // num_heads
        self.scale = qk_scale or self.head_dim ** (-0.5)
        self.mlp_hidden_dim = int(hidden_size * mlp_ratio)
        self.hidden_size = hidden_size
        self.img_pre_norm = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.attention = PRXAttention(query_dim=hidden_size, heads=num_heads, dim_head=self.head_dim, bias=False, out_bias=False, eps=1e-06, processor=PRXAttnProcessor2_0())
        self.post_attention_layernorm = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.gate_proj = nn.Linear(hidden_size, self.mlp_hidden_dim, bias=False)
        self.up_proj = nn.Linear(hidden_size, self.mlp_hidden_dim, bias=False)
        self.down_proj = nn.Linear(self.mlp_hidden_dim, hidden_size, bias=False)
        self.mlp_act = nn.GELU(approximate='tanh')
        self.modulation = Modulation(hidden_size)

class FinalLayer(nn.Module):

    def __init__(self, hidden_size, patch_size, out_channels):
        super().__init__()
        self.norm_final = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.linear = nn.Linear(hidden_size, patch_size * patch_size * out_channels, bias=True)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(hidden_size, 2 * hidden_size, bias=True))

class PRXTransformer2DModel(ModelMixin, ConfigMixin, AttentionMixin):

    @register_to_config
    def __init__(self, in_channels=16, patch_size=2, context_in_dim=2304, hidden_size=1792, mlp_ratio=3.5, num_heads=28, depth=16, axes_dim=None, theta=10000, time_factor=1000.0, time_max_period=10000, bottleneck_size=None, resolution_embeds=False):
        super().__init__()
        if axes_dim is None:
            axes_dim = [32, 32]
        self.in_channels = in_channels
        self.patch_size = patch_size
        self.out_channels = self.in_channels * self.patch_size ** 2
        self.time_factor = time_factor
        self.time_max_period = time_max_period
        if hidden_size % num_heads != 0:
            raise ValueError(f'Hidden size {hidden_size} must be divisible by num_heads {num_heads}')
        pe_dim = hidden_size // num_heads
        if sum(axes_dim) != pe_dim:
            raise ValueError(f'Got {axes_dim} but expected positional dim {pe_dim}')
        self.hidden_size = hidden_size
        self.num_heads = num_heads
        self.pe_embedder = PRXEmbedND(dim=pe_dim, theta=theta, axes_dim=axes_dim)
        patch_dim = self.in_channels * self.patch_size ** 2
        if bottleneck_size is not None:
            self.img_in = nn.Sequential(nn.Linear(patch_dim, bottleneck_size, bias=True), nn.Linear(bottleneck_size, self.hidden_size, bias=True))
        else:
            self.img_in = nn.Linear(patch_dim, self.hidden_size, bias=True)
        self.time_in = MLPEmbedder(in_dim=256, hidden_dim=self.hidden_size)
        self.txt_in = nn.Linear(context_in_dim, self.hidden_size)
        self.resolution_embedder = PRXResolutionEmbedder(self.hidden_size, max_period=time_max_period) if resolution_embeds else None
        self.blocks = nn.ModuleList([PRXBlock(self.hidden_size, self.num_heads, mlp_ratio=mlp_ratio) for i in range(depth)])
        self.final_layer = FinalLayer(self.hidden_size, 1, self.out_channels)
        self.gradient_checkpointing = False
