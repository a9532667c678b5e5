"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): ace_step_transformer. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from .cache_utils import CacheMixin
from .embeddings import Timesteps
from .normalization import RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class AceStepMLP(nn.Module):

    def __init__(self, hidden_size, intermediate_size):
        super().__init__()
        self.gate_proj = nn.Linear(hidden_size, intermediate_size, bias=False)
        self.up_proj = nn.Linear(hidden_size, intermediate_size, bias=False)
        self.down_proj = nn.Linear(intermediate_size, hidden_size, bias=False)

class AceStepTimestepEmbedding(nn.Module):

    def __init__(self, in_channels=256, time_embed_dim=2048, scale=1000.0):
        super().__init__()
        self.in_channels = in_channels
        self.scale = scale
        self.time_sinusoid = Timesteps(num_channels=in_channels, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.linear_1 = nn.Linear(in_channels, time_embed_dim, bias=True)
        self.act1 = nn.SiLU()
        self.linear_2 = nn.Linear(time_embed_dim, time_embed_dim, bias=True)
        self.act2 = nn.SiLU()
        self.time_proj = nn.Linear(time_embed_dim, time_embed_dim * 6)

class AceStepAttnProcessor2_0:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('AceStepAttnProcessor2_0 requires PyTorch 2.0. Please upgrade your pytorch version.')

class AceStepAttention(torch.nn.Module, AttentionModuleMixin):
    _default_processor_cls = AceStepAttnProcessor2_0

    def __init__(self, hidden_size, num_attention_heads, num_key_value_heads, head_dim, bias=False, dropout=0.0, eps=1e-06, sliding_window=None, is_cross_attention=False, processor=None):
        super().__init__()
        self.heads = num_attention_heads
        self.kv_heads = num_key_value_heads
        self.head_dim = head_dim
        self.dropout = dropout
        self.scaling = head_dim ** (-0.5)
        self.sliding_window = sliding_window
        self.is_cross_attention = is_cross_attention
        self.to_q = nn.Linear(hidden_size, num_attention_heads * head_dim, bias=bias)
        self.to_k = nn.Linear(hidden_size, num_key_value_heads * head_dim, bias=bias)
        self.to_v = nn.Linear(hidden_size, num_key_value_heads * head_dim, bias=bias)
        self.to_out = nn.ModuleList([nn.Linear(num_attention_heads * head_dim, hidden_size, bias=bias), nn.Dropout(0.0)])
        self.norm_q = RMSNorm(head_dim, eps=eps)
        self.norm_k = RMSNorm(head_dim, eps=eps)
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class AceStepTransformerBlock(nn.Module):

    def __init__(self, hidden_size, num_attention_heads, num_key_value_heads, head_dim, intermediate_size, attention_bias=False, attention_dropout=0.0, rms_norm_eps=1e-06, sliding_window=None, use_cross_attention=True):
        super().__init__()
        self.self_attn_norm = RMSNorm(hidden_size, eps=rms_norm_eps)
        self.self_attn = AceStepAttention(hidden_size=hidden_size, num_attention_heads=num_attention_heads, num_key_value_heads=num_key_value_heads, head_dim=head_dim, bias=attention_bias, dropout=attention_dropout, eps=rms_norm_eps, sliding_window=sliding_window, is_cross_attention=False)
        self.use_cross_attention = use_cross_attention
        if self.use_cross_attention:
            self.cross_attn_norm = RMSNorm(hidden_size, eps=rms_norm_eps)
            self.cross_attn = AceStepAttention(hidden_size=hidden_size, num_attention_heads=num_attention_heads, num_key_value_heads=num_key_value_heads, head_dim=head_dim, bias=attention_bias, dropout=attention_dropout, eps=rms_norm_eps, is_cross_attention=True)
        self.mlp_norm = RMSNorm(hidden_size, eps=rms_norm_eps)
        self.mlp = AceStepMLP(hidden_size, intermediate_size)
        self.scale_shift_table = nn.Parameter(torch.randn(1, 6, hidden_size) / hidden_size ** 0.5)

class AceStepTransformer1DModel(ModelMixin, ConfigMixin, AttentionMixin, CacheMixin):

    @register_to_config
    def __init__(self, hidden_size=2048, intermediate_size=6144, num_hidden_layers=24, num_attention_heads=16, num_key_value_heads=8, head_dim=128, in_channels=192, audio_acoustic_hidden_dim=64, patch_size=2, rope_theta=1000000.0, attention_bias=False, attention_dropout=0.0, rms_norm_eps=1e-06, sliding_window=128, layer_types=None, encoder_hidden_size=None, is_turbo=False, model_version=None):
        super().__init__()
        if encoder_hidden_size is None:
            encoder_hidden_size = hidden_size
        self.patch_size = patch_size
        self.head_dim = head_dim
        self.rope_theta = rope_theta
        if layer_types is None:
            layer_types = ['sliding_attention' if bool((i + 1) % 2) else 'full_attention' for i in range(num_hidden_layers)]
        self.layer_types = list(layer_types)
        self.layers = nn.ModuleList([AceStepTransformerBlock(hidden_size=hidden_size, num_attention_heads=num_attention_heads, num_key_value_heads=num_key_value_heads, head_dim=head_dim, intermediate_size=intermediate_size, attention_bias=attention_bias, attention_dropout=attention_dropout, rms_norm_eps=rms_norm_eps, sliding_window=sliding_window if layer_types[i] == 'sliding_attention' else None, use_cross_attention=True) for i in range(num_hidden_layers)])
        self.proj_in_conv = nn.Conv1d(in_channels=in_channels, out_channels=hidden_size, kernel_size=patch_size, stride=patch_size, padding=0)
        self.time_embed = AceStepTimestepEmbedding(in_channels=256, time_embed_dim=hidden_size)
        self.time_embed_r = AceStepTimestepEmbedding(in_channels=256, time_embed_dim=hidden_size)
        self.condition_embedder = nn.Linear(encoder_hidden_size, hidden_size, bias=True)
        self.norm_out = RMSNorm(hidden_size, eps=rms_norm_eps)
        self.proj_out_conv = nn.ConvTranspose1d(in_channels=hidden_size, out_channels=audio_acoustic_hidden_dim, kernel_size=patch_size, stride=patch_size, padding=0)
        self.scale_shift_table = nn.Parameter(torch.randn(1, 2, hidden_size) / hidden_size ** 0.5)
        self.gradient_checkpointing = False
