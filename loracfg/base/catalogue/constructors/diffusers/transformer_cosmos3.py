"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_cosmos3. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from .cache_utils import CacheMixin
from .embeddings import TimestepEmbedding, Timesteps
from .normalization import RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class Cosmos3AttnProcessor:
    _attention_backend = None
    _parallel_config = None

class Cosmos3VLTextRotaryEmbedding(nn.Module):

    def __init__(self, head_dim, rope_theta, rope_axes_dim):
        super().__init__()
        inv_freq = 1.0 / rope_theta ** (torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim)
        self.register_buffer('inv_freq', inv_freq, persistent=False)
        self.rope_axes_dim = rope_axes_dim

class Cosmos3NemotronRMSNorm(nn.Module):

    def __init__(self, dim, eps):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

class Cosmos3VLTextMLP(nn.Module):

    def __init__(self, hidden_size, intermediate_size, hidden_act='silu'):
        super().__init__()
        if hidden_act not in ('relu2', 'silu'):
            raise ValueError(f"Cosmos3 only supports `hidden_act` values 'relu2' and 'silu', got {hidden_act!r}.")
        self.hidden_act = hidden_act
        if hidden_act == 'silu':
            self.gate_proj = nn.Linear(hidden_size, intermediate_size, bias=False)
        self.up_proj = nn.Linear(hidden_size, intermediate_size, bias=False)
        self.down_proj = nn.Linear(intermediate_size, hidden_size, bias=False)
        self.act_fn = nn.SiLU() if hidden_act == 'silu' else None

class DomainAwareLinear(nn.Module):

    def __init__(self, input_size, output_size, num_domains):
        super().__init__()
        self.input_size = input_size
        self.output_size = output_size
        self.num_domains = num_domains
        self.fc = nn.Embedding(self.num_domains, self.output_size * self.input_size)
        self.bias = nn.Embedding(self.num_domains, self.output_size)

class Cosmos3PackedMoTAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = Cosmos3AttnProcessor

    def __init__(self, hidden_size, head_dim, num_attention_heads, num_key_value_heads, attention_bias, rms_norm_eps, qk_norm_for_text=True, use_und_k_norm_for_gen=False, norm_type='rms_norm', processor=None):
        super().__init__()
        self.hidden_size = hidden_size
        self.head_dim = head_dim
        self.num_attention_heads = num_attention_heads
        self.num_key_value_heads = num_key_value_heads
        self.num_key_value_groups = num_attention_heads // num_key_value_heads
        self.to_q = nn.Linear(hidden_size, num_attention_heads * head_dim, bias=attention_bias)
        self.to_k = nn.Linear(hidden_size, num_key_value_heads * head_dim, bias=attention_bias)
        self.to_v = nn.Linear(hidden_size, num_key_value_heads * head_dim, bias=attention_bias)
        self.to_out = nn.Linear(num_attention_heads * head_dim, hidden_size, bias=attention_bias)
        if not qk_norm_for_text:
            self.norm_q = nn.Identity()
            self.norm_k = nn.Identity()
        elif norm_type == 'nemotron_rms_norm':
            self.norm_q = Cosmos3NemotronRMSNorm(head_dim, eps=rms_norm_eps)
            self.norm_k = Cosmos3NemotronRMSNorm(head_dim, eps=rms_norm_eps)
        else:
            self.norm_q = RMSNorm(head_dim, eps=rms_norm_eps, elementwise_affine=True, bias=False)
            self.norm_k = RMSNorm(head_dim, eps=rms_norm_eps, elementwise_affine=True, bias=False)
        if use_und_k_norm_for_gen and (not qk_norm_for_text):
            if norm_type == 'nemotron_rms_norm':
                self.k_norm_und_for_gen = Cosmos3NemotronRMSNorm(head_dim, eps=rms_norm_eps)
            else:
                self.k_norm_und_for_gen = RMSNorm(head_dim, eps=rms_norm_eps, elementwise_affine=True, bias=False)
        else:
            self.k_norm_und_for_gen = None
        self.add_q_proj = nn.Linear(hidden_size, num_attention_heads * head_dim, bias=attention_bias)
        self.add_k_proj = nn.Linear(hidden_size, num_key_value_heads * head_dim, bias=attention_bias)
        self.add_v_proj = nn.Linear(hidden_size, num_key_value_heads * head_dim, bias=attention_bias)
        self.to_add_out = nn.Linear(num_attention_heads * head_dim, hidden_size, bias=attention_bias)
        if norm_type == 'nemotron_rms_norm':
            self.norm_added_q = Cosmos3NemotronRMSNorm(head_dim, eps=rms_norm_eps)
            self.norm_added_k = Cosmos3NemotronRMSNorm(head_dim, eps=rms_norm_eps)
        else:
            self.norm_added_q = RMSNorm(head_dim, eps=rms_norm_eps, elementwise_affine=True, bias=False)
            self.norm_added_k = RMSNorm(head_dim, eps=rms_norm_eps, elementwise_affine=True, bias=False)
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class Cosmos3VLTextMoTDecoderLayer(nn.Module):

    def __init__(self, hidden_size, head_dim, num_attention_heads, num_key_value_heads, intermediate_size, attention_bias, rms_norm_eps, hidden_act='silu', qk_norm_for_text=True, use_und_k_norm_for_gen=False):
        super().__init__()
        self.hidden_size = hidden_size
        norm_type = 'nemotron_rms_norm' if hidden_act == 'relu2' else 'rms_norm'
        self.self_attn = Cosmos3PackedMoTAttention(hidden_size=hidden_size, head_dim=head_dim, num_attention_heads=num_attention_heads, num_key_value_heads=num_key_value_heads, attention_bias=attention_bias, rms_norm_eps=rms_norm_eps, qk_norm_for_text=qk_norm_for_text, use_und_k_norm_for_gen=use_und_k_norm_for_gen, norm_type=norm_type)
        self.mlp = Cosmos3VLTextMLP(hidden_size=hidden_size, intermediate_size=intermediate_size, hidden_act=hidden_act)
        self.mlp_moe_gen = Cosmos3VLTextMLP(hidden_size=hidden_size, intermediate_size=intermediate_size, hidden_act=hidden_act)
        if norm_type == 'nemotron_rms_norm':
            self.input_layernorm = Cosmos3NemotronRMSNorm(hidden_size, eps=rms_norm_eps)
            self.input_layernorm_moe_gen = Cosmos3NemotronRMSNorm(hidden_size, eps=rms_norm_eps)
            self.post_attention_layernorm = Cosmos3NemotronRMSNorm(hidden_size, eps=rms_norm_eps)
            self.post_attention_layernorm_moe_gen = Cosmos3NemotronRMSNorm(hidden_size, eps=rms_norm_eps)
        else:
            self.input_layernorm = RMSNorm(hidden_size, eps=rms_norm_eps, elementwise_affine=True, bias=False)
            self.input_layernorm_moe_gen = RMSNorm(hidden_size, eps=rms_norm_eps, elementwise_affine=True, bias=False)
            self.post_attention_layernorm = RMSNorm(hidden_size, eps=rms_norm_eps, elementwise_affine=True, bias=False)
            self.post_attention_layernorm_moe_gen = RMSNorm(hidden_size, eps=rms_norm_eps, elementwise_affine=True, bias=False)

class Cosmos3OmniTransformer(ModelMixin, ConfigMixin, AttentionMixin, CacheMixin):
    _keep_in_fp32_modules = ['time_embedder']

    @register_to_config
    def __init__(self, attention_bias=False, attention_dropout=0.0, dtype='bfloat16', head_dim=128, hidden_size=4096, intermediate_size=12288, base_fps=24, enable_fps_modulation=True, latent_channel=48, unified_3d_mrope_reset_spatial_ids=True, unified_3d_mrope_temporal_modality_margin=15000, latent_patch_size=2, num_attention_heads=32, num_hidden_layers=36, num_key_value_heads=8, patch_latent_dim=192, rms_norm_eps=1e-06, rope_scaling=None, rope_theta=5000000.0, action_dim=None, action_gen=False, num_embodiment_domains=32, sound_dim=None, sound_gen=False, sound_latent_fps=25.0, timestep_scale=0.001, vocab_size=151936, hidden_act='silu', qk_norm_for_text=True, use_und_k_norm_for_gen=False, rope_axes_dim=None):
        super().__init__()
        if rope_axes_dim is None:
            rope_axes_dim = rope_scaling.get('mrope_section', [24, 20, 20]) if rope_scaling is not None else [24, 20, 20]
        self.register_to_config(rope_axes_dim=rope_axes_dim)
        self.embed_tokens = nn.Embedding(vocab_size, hidden_size)
        self.layers = nn.ModuleList([Cosmos3VLTextMoTDecoderLayer(hidden_size=hidden_size, head_dim=head_dim, num_attention_heads=num_attention_heads, num_key_value_heads=num_key_value_heads, intermediate_size=intermediate_size, attention_bias=attention_bias, rms_norm_eps=rms_norm_eps, hidden_act=hidden_act, qk_norm_for_text=qk_norm_for_text, use_und_k_norm_for_gen=use_und_k_norm_for_gen) for _ in range(num_hidden_layers)])
        if hidden_act == 'relu2':
            self.norm = Cosmos3NemotronRMSNorm(hidden_size, eps=rms_norm_eps)
            self.norm_moe_gen = Cosmos3NemotronRMSNorm(hidden_size, eps=rms_norm_eps)
        else:
            self.norm = RMSNorm(hidden_size, eps=rms_norm_eps, elementwise_affine=True, bias=False)
            self.norm_moe_gen = RMSNorm(hidden_size, eps=rms_norm_eps, elementwise_affine=True, bias=False)
        self.rotary_emb = Cosmos3VLTextRotaryEmbedding(head_dim=head_dim, rope_theta=rope_theta, rope_axes_dim=rope_axes_dim)
        self.vocab_size = vocab_size
        self.lm_head = nn.Linear(hidden_size, vocab_size, bias=False)
        self.proj_in = nn.Linear(patch_latent_dim, hidden_size, bias=True)
        self.proj_out = nn.Linear(hidden_size, patch_latent_dim, bias=True)
        self.time_proj = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.time_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=hidden_size)
        self.action_gen = action_gen
        self.action_dim = action_dim
        self.num_embodiment_domains = num_embodiment_domains
        if action_gen:
            if self.action_dim is None:
                raise ValueError('`action_dim` must be provided when `action_gen=True`.')
            self.action_proj_in = DomainAwareLinear(self.action_dim, hidden_size, self.num_embodiment_domains)
            self.action_proj_out = DomainAwareLinear(hidden_size, self.action_dim, self.num_embodiment_domains)
            self.action_modality_embed = nn.Parameter(torch.zeros(hidden_size))
        if sound_gen:
            if sound_dim is None:
                raise ValueError('`sound_dim` must be provided when `sound_gen=True`.')
            self.audio_proj_in = nn.Linear(sound_dim, hidden_size, bias=True)
            self.audio_proj_out = nn.Linear(hidden_size, sound_dim, bias=True)
            self.audio_modality_embed = nn.Parameter(torch.zeros(hidden_size))
        self.gradient_checkpointing = False
