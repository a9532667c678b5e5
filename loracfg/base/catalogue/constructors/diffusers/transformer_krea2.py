"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_krea2. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class Krea2RMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-05):
        super().__init__()
        self.dim = dim
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(dim))

class Krea2AttnProcessor:
    _attention_backend = None
    _parallel_config = None

class Krea2Attention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = Krea2AttnProcessor

    def __init__(self, hidden_size, num_heads, num_kv_heads=None, eps=1e-05, processor=None):
        super().__init__()
        if hidden_size % num_heads != 0:
            raise ValueError(f'hidden_size={hidden_size} must be divisible by num_heads={num_heads}')
        self.hidden_size = hidden_size
        self.num_heads = num_heads
        self.num_kv_heads = num_kv_heads if num_kv_heads is not None else num_heads
        self.head_dim = hidden_size // num_heads
        self.use_bias = False
        self.to_q = nn.Linear(hidden_size, self.head_dim * self.num_heads, bias=False)
        self.to_k = nn.Linear(hidden_size, self.head_dim * self.num_kv_heads, bias=False)
        self.to_v = nn.Linear(hidden_size, self.head_dim * self.num_kv_heads, bias=False)
        self.to_gate = nn.Linear(hidden_size, hidden_size, bias=False)
        self.norm_q = Krea2RMSNorm(self.head_dim, eps=eps)
        self.norm_k = Krea2RMSNorm(self.head_dim, eps=eps)
        self.to_out = nn.ModuleList([nn.Linear(hidden_size, hidden_size, bias=False), nn.Dropout(0.0)])
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class Krea2SwiGLU(nn.Module):

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.gate = nn.Linear(dim, hidden_dim, bias=False)
        self.up = nn.Linear(dim, hidden_dim, bias=False)
        self.down = nn.Linear(hidden_dim, dim, bias=False)

class Krea2TextFusionBlock(nn.Module):

    def __init__(self, dim, num_heads, num_kv_heads, intermediate_size, eps):
        super().__init__()
        self.norm1 = Krea2RMSNorm(dim, eps=eps)
        self.norm2 = Krea2RMSNorm(dim, eps=eps)
        self.attn = Krea2Attention(dim, num_heads, num_kv_heads, eps=eps)
        self.ff = Krea2SwiGLU(dim, intermediate_size)

class Krea2TextFusion(nn.Module):

    def __init__(self, num_text_layers, dim, num_heads, num_kv_heads, intermediate_size, num_layerwise_blocks, num_refiner_blocks, eps):
        super().__init__()
        self.layerwise_blocks = nn.ModuleList([Krea2TextFusionBlock(dim, num_heads, num_kv_heads, intermediate_size, eps) for _ in range(num_layerwise_blocks)])
        self.projector = nn.Linear(num_text_layers, 1, bias=False)
        self.refiner_blocks = nn.ModuleList([Krea2TextFusionBlock(dim, num_heads, num_kv_heads, intermediate_size, eps) for _ in range(num_refiner_blocks)])

class Krea2TransformerBlock(nn.Module):

    def __init__(self, hidden_size, intermediate_size, num_heads, num_kv_heads, norm_eps):
        super().__init__()
        self.scale_shift_table = nn.Parameter(torch.zeros(6, hidden_size))
        self.norm1 = Krea2RMSNorm(hidden_size, eps=norm_eps)
        self.norm2 = Krea2RMSNorm(hidden_size, eps=norm_eps)
        self.attn = Krea2Attention(hidden_size, num_heads, num_kv_heads, eps=norm_eps)
        self.ff = Krea2SwiGLU(hidden_size, intermediate_size)

class Krea2TimestepEmbedding(nn.Module):

    def __init__(self, embed_dim, hidden_size):
        super().__init__()
        self.embed_dim = embed_dim
        self.linear_1 = nn.Linear(embed_dim, hidden_size, bias=True)
        self.linear_2 = nn.Linear(hidden_size, hidden_size, bias=True)

class Krea2TextProjection(nn.Module):

    def __init__(self, text_dim, hidden_size, eps):
        super().__init__()
        self.norm = Krea2RMSNorm(text_dim, eps=eps)
        self.linear_1 = nn.Linear(text_dim, hidden_size, bias=True)
        self.linear_2 = nn.Linear(hidden_size, hidden_size, bias=True)

class Krea2FinalLayer(nn.Module):

    def __init__(self, hidden_size, out_channels, eps):
        super().__init__()
        self.scale_shift_table = nn.Parameter(torch.zeros(2, hidden_size))
        self.norm = Krea2RMSNorm(hidden_size, eps=eps)
        self.linear = nn.Linear(hidden_size, out_channels, bias=True)

class Krea2RotaryPosEmbed(nn.Module):

    def __init__(self, theta, axes_dim):
        super().__init__()
        self.theta = theta
        self.axes_dim = axes_dim

class Krea2Transformer2DModel(ModelMixin, ConfigMixin, AttentionMixin):
    _keep_in_fp32_modules = ['norm', 'norm1', 'norm2', 'norm_q', 'norm_k']

    @register_to_config
    def __init__(self, in_channels=64, num_layers=28, attention_head_dim=128, num_attention_heads=48, num_key_value_heads=12, intermediate_size=16384, timestep_embed_dim=256, text_hidden_dim=2560, num_text_layers=12, text_num_attention_heads=20, text_num_key_value_heads=20, text_intermediate_size=6912, num_layerwise_text_blocks=2, num_refiner_text_blocks=2, axes_dims_rope=(32, 48, 48), rope_theta=1000.0, norm_eps=1e-05):
        super().__init__()
        hidden_size = attention_head_dim * num_attention_heads
        if sum(axes_dims_rope) != attention_head_dim:
            raise ValueError(f'sum(axes_dims_rope)={sum(axes_dims_rope)} must equal attention_head_dim={attention_head_dim}')
        self.in_channels = in_channels
        self.out_channels = in_channels
        self.hidden_size = hidden_size
        self.gradient_checkpointing = False
        self.img_in = nn.Linear(in_channels, hidden_size, bias=True)
        self.time_embed = Krea2TimestepEmbedding(timestep_embed_dim, hidden_size)
        self.time_mod_proj = nn.Linear(hidden_size, 6 * hidden_size, bias=True)
        self.text_fusion = Krea2TextFusion(num_text_layers=num_text_layers, dim=text_hidden_dim, num_heads=text_num_attention_heads, num_kv_heads=text_num_key_value_heads, intermediate_size=text_intermediate_size, num_layerwise_blocks=num_layerwise_text_blocks, num_refiner_blocks=num_refiner_text_blocks, eps=norm_eps)
        self.txt_in = Krea2TextProjection(text_hidden_dim, hidden_size, eps=norm_eps)
        self.rotary_emb = Krea2RotaryPosEmbed(theta=rope_theta, axes_dim=list(axes_dims_rope))
        self.transformer_blocks = nn.ModuleList([Krea2TransformerBlock(hidden_size=hidden_size, intermediate_size=intermediate_size, num_heads=num_attention_heads, num_kv_heads=num_key_value_heads, norm_eps=norm_eps) for _ in range(num_layers)])
        self.final_layer = Krea2FinalLayer(hidden_size, out_channels=in_channels, eps=norm_eps)
