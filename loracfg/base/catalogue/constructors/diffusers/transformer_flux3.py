"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_flux3. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from .embeddings import TimestepEmbedding, Timesteps
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class Flux3SwiGLU(nn.Module):

    def __init__(self):
        super().__init__()
        self.gate_fn = nn.SiLU()

class Flux3FeedForward(nn.Module):

    def __init__(self, dim, dim_out=None, mult=3.0, inner_dim=None, bias=False):
        super().__init__()
        if inner_dim is None:
            inner_dim = int(dim * mult)
        dim_out = dim_out or dim
        self.linear_in = nn.Linear(dim, inner_dim * 2, bias=bias)
        self.act_fn = Flux3SwiGLU()
        self.linear_out = nn.Linear(inner_dim, dim_out, bias=bias)

class Flux3Modulation(nn.Module):

    def __init__(self, dim, bias=False):
        super().__init__()
        self.linear = nn.Linear(dim, dim * 3, bias=bias)

class Flux3AttnProcessor:
    _attention_backend = None
    _parallel_config = None

class Flux3Attention(torch.nn.Module, AttentionModuleMixin):
    _default_processor_cls = Flux3AttnProcessor

    def __init__(self, query_dim, heads=8, dim_head=64, dropout=0.0, eps=1e-06, processor=None):
        super().__init__()
        self.head_dim = dim_head
        self.inner_dim = dim_head * heads
        self.query_dim = query_dim
        self.heads = heads
        self.dropout = dropout
        self.use_bias = False
        self.to_q = torch.nn.Linear(query_dim, self.inner_dim, bias=False)
        self.to_k = torch.nn.Linear(query_dim, self.inner_dim, bias=False)
        self.to_v = torch.nn.Linear(query_dim, self.inner_dim, bias=False)
        self.norm_q = torch.nn.RMSNorm(dim_head, eps=eps, elementwise_affine=True)
        self.norm_k = torch.nn.RMSNorm(dim_head, eps=eps, elementwise_affine=True)
        self.to_out = torch.nn.ModuleList([])
        self.to_out.append(torch.nn.Linear(self.inner_dim, query_dim, bias=False))
        self.to_out.append(torch.nn.Dropout(dropout))
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class Flux3ModeTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, mlp_ratio=3.0, eps=1e-06):
        super().__init__()
        self.norm = nn.LayerNorm(dim, elementwise_affine=False, eps=eps)
        self.attn = Flux3Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, eps=eps)
        self.ff = Flux3FeedForward(dim=dim, dim_out=dim, mult=mlp_ratio)

class Flux3SingleTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, mlp_ratio=3.0, eps=1e-06):
        super().__init__()
        self.norm = nn.LayerNorm(dim, elementwise_affine=False, eps=eps)
        self.attn = Flux3Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, eps=eps)
        self.ff = Flux3FeedForward(dim=dim, dim_out=dim, mult=mlp_ratio)

class Flux3PosEmbed(nn.Module):

    def __init__(self, theta, axes_dim):
        super().__init__()
        self.theta = theta
        self.axes_dim = axes_dim

class Flux3AdaLayerNorm(nn.Module):

    def __init__(self, dim, eps=1e-06, bias=False):
        super().__init__()
        self.act_fn = nn.SiLU()
        self.linear = nn.Linear(dim, dim * 2, bias=bias)
        self.norm = nn.LayerNorm(dim, elementwise_affine=False, eps=eps)

class Flux3Transformer2DModel(ModelMixin, ConfigMixin, AttentionMixin):
    _keep_in_fp32_modules = ['norm_q', 'norm_k']

    @register_to_config
    def __init__(self, in_channels=128, cond_in_channels=128, num_layers=5, num_single_layers=28, attention_head_dim=128, num_attention_heads=24, joint_attention_dim=20480, timestep_channels=256, mlp_ratio=3.0, axes_dims_rope=(32, 32, 32, 32), rope_theta=10000, eps=1e-06, flow_map=False):
        super().__init__()
        self.inner_dim = num_attention_heads * attention_head_dim
        in_channels_per_mode = {'image': in_channels, 'image_cond': cond_in_channels}
        modes = list(in_channels_per_mode.keys())
        self.pos_embed = Flux3PosEmbed(theta=rope_theta, axes_dim=list(axes_dims_rope))
        self.time_proj = Timesteps(num_channels=timestep_channels, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(in_channels=timestep_channels, time_embed_dim=self.inner_dim, sample_proj_bias=False)
        self.target_timestep_embedder = TimestepEmbedding(in_channels=timestep_channels, time_embed_dim=self.inner_dim, sample_proj_bias=False) if flow_map else None
        self.early_stream_modulations = nn.ModuleDict({name: Flux3Modulation(self.inner_dim, bias=False) for name in [*modes, 'txt']})
        self.single_stream_modulations = nn.ModuleDict({name: Flux3Modulation(self.inner_dim, bias=False) for name in [*modes, 'txt']})
        self.x_embedders = nn.ModuleDict({name: nn.Linear(channels, self.inner_dim, bias=False) for name, channels in in_channels_per_mode.items()})
        self.context_embedder = nn.Linear(joint_attention_dim, self.inner_dim, bias=False)
        self.mode_blocks = nn.ModuleDict({name: nn.ModuleList([Flux3ModeTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, mlp_ratio=mlp_ratio, eps=eps) for _ in range(num_layers)]) for name in modes})
        self.txt_mode_blocks = nn.ModuleList([Flux3ModeTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, mlp_ratio=mlp_ratio, eps=eps) for _ in range(num_layers)])
        self.single_transformer_blocks = nn.ModuleList([Flux3SingleTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, mlp_ratio=mlp_ratio, eps=eps) for _ in range(num_single_layers)])
        self.norm_out = Flux3AdaLayerNorm(self.inner_dim, eps=eps)
        self.proj_out = nn.Linear(self.inner_dim, in_channels, bias=False)
        self.gradient_checkpointing = False
