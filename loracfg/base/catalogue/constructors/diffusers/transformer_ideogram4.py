"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_ideogram4. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from .normalization import RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class Ideogram4MRoPE(nn.Module):

    def __init__(self, head_dim, base, mrope_section):
        super().__init__()
        inv_freq = 1.0 / base ** (torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim)
        self.register_buffer('inv_freq', inv_freq, persistent=False)
        self.mrope_section = tuple(mrope_section)
        self.head_dim = head_dim

class Ideogram4AttnProcessor:
    _attention_backend = None
    _parallel_config = None

class Ideogram4Attention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = Ideogram4AttnProcessor

    def __init__(self, hidden_size, num_heads, eps=1e-05):
        super().__init__()
        if hidden_size % num_heads != 0:
            raise ValueError(f'hidden_size={hidden_size} must be divisible by num_heads={num_heads}')
        self.hidden_size = hidden_size
        self.num_heads = num_heads
        self.head_dim = hidden_size // num_heads
        self.use_bias = False
        self.to_q = nn.Linear(hidden_size, hidden_size, bias=False)
        self.to_k = nn.Linear(hidden_size, hidden_size, bias=False)
        self.to_v = nn.Linear(hidden_size, hidden_size, bias=False)
        self.norm_q = RMSNorm(self.head_dim, eps=eps, elementwise_affine=True)
        self.norm_k = RMSNorm(self.head_dim, eps=eps, elementwise_affine=True)
        self.to_out = nn.ModuleList([nn.Linear(hidden_size, hidden_size, bias=False), nn.Dropout(0.0)])
        self.set_processor(self._default_processor_cls())

class Ideogram4MLP(nn.Module):

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.w1 = nn.Linear(dim, hidden_dim, bias=False)
        self.w2 = nn.Linear(hidden_dim, dim, bias=False)
        self.w3 = nn.Linear(dim, hidden_dim, bias=False)

class Ideogram4TransformerBlock(nn.Module):

    def __init__(self, hidden_size, intermediate_size, num_heads, norm_eps, adaln_dim):
        super().__init__()
        self.attention = Ideogram4Attention(hidden_size, num_heads, eps=1e-05)
        self.feed_forward = Ideogram4MLP(hidden_size, intermediate_size)
        self.attention_norm1 = RMSNorm(hidden_size, eps=norm_eps, elementwise_affine=True)
        self.ffn_norm1 = RMSNorm(hidden_size, eps=norm_eps, elementwise_affine=True)
        self.attention_norm2 = RMSNorm(hidden_size, eps=norm_eps, elementwise_affine=True)
        self.ffn_norm2 = RMSNorm(hidden_size, eps=norm_eps, elementwise_affine=True)
        self.adaln_modulation = nn.Linear(adaln_dim, 4 * hidden_size, bias=True)

class Ideogram4EmbedScalar(nn.Module):

    def __init__(self, dim, input_range):
        super().__init__()
        self.dim = dim
        self.range_min, self.range_max = input_range
        if self.range_max <= self.range_min:
            raise ValueError('input_range[1] must be greater than input_range[0]')
        self.mlp_in = nn.Linear(dim, dim, bias=True)
        self.mlp_out = nn.Linear(dim, dim, bias=True)

class Ideogram4FinalLayer(nn.Module):

    def __init__(self, hidden_size, out_channels, adaln_dim):
        super().__init__()
        self.norm_final = nn.LayerNorm(hidden_size, eps=1e-06, elementwise_affine=False)
        self.linear = nn.Linear(hidden_size, out_channels, bias=True)
        self.adaln_modulation = nn.Linear(adaln_dim, hidden_size, bias=True)

class Ideogram4Transformer2DModel(ModelMixin, ConfigMixin, AttentionMixin):

    @register_to_config
    def __init__(self, in_channels=128, num_layers=34, attention_head_dim=256, num_attention_heads=18, intermediate_size=12288, adaln_dim=512, llm_features_dim=53248, rope_theta=5000000, mrope_section=(24, 20, 20), norm_eps=1e-05):
        super().__init__()
        hidden_size = attention_head_dim * num_attention_heads
        head_dim = attention_head_dim
        self.in_channels = in_channels
        self.out_channels = in_channels
        self.hidden_size = hidden_size
        self.gradient_checkpointing = False
        self.input_proj = nn.Linear(in_channels, hidden_size, bias=True)
        self.llm_cond_norm = RMSNorm(llm_features_dim, eps=1e-06, elementwise_affine=True)
        self.llm_cond_proj = nn.Linear(llm_features_dim, hidden_size, bias=True)
        self.t_embedding = Ideogram4EmbedScalar(hidden_size, input_range=(0.0, 1.0))
        self.adaln_proj = nn.Linear(hidden_size, adaln_dim, bias=True)
        self.embed_image_indicator = nn.Embedding(2, hidden_size)
        self.rotary_emb = Ideogram4MRoPE(head_dim=head_dim, base=rope_theta, mrope_section=mrope_section)
        self.layers = nn.ModuleList([Ideogram4TransformerBlock(hidden_size=hidden_size, intermediate_size=intermediate_size, num_heads=num_attention_heads, norm_eps=norm_eps, adaln_dim=adaln_dim) for _ in range(num_layers)])
        self.final_layer = Ideogram4FinalLayer(hidden_size=hidden_size, out_channels=in_channels, adaln_dim=adaln_dim)
