"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_ltx2. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin, FeedForward
from .cache_utils import CacheMixin
from .embeddings import PixArtAlphaCombinedTimestepSizeEmbeddings, PixArtAlphaTextProjection
from .normalization import RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, is_torch_version, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class LTX2AdaLayerNormSingle(nn.Module):

    def __init__(self, embedding_dim, num_mod_params=6, use_additional_conditions=False):
        super().__init__()
        self.num_mod_params = num_mod_params
        self.emb = PixArtAlphaCombinedTimestepSizeEmbeddings(embedding_dim, size_emb_dim=embedding_dim // 3, use_additional_conditions=use_additional_conditions)
        self.silu = nn.SiLU()
        self.linear = nn.Linear(embedding_dim, self.num_mod_params * embedding_dim, bias=True)

class LTX2AudioVideoAttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if is_torch_version('<', '2.0'):
            raise ValueError('LTX attention processors require a minimum PyTorch version of 2.0. Please upgrade your PyTorch installation.')

class LTX2PerturbedAttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if is_torch_version('<', '2.0'):
            raise ValueError('LTX attention processors require a minimum PyTorch version of 2.0. Please upgrade your PyTorch installation.')

class LTX2Attention(torch.nn.Module, AttentionModuleMixin):
    _default_processor_cls = LTX2AudioVideoAttnProcessor

    def __init__(self, query_dim, heads=8, kv_heads=8, dim_head=64, dropout=0.0, bias=True, cross_attention_dim=None, out_bias=True, qk_norm='rms_norm_across_heads', norm_eps=1e-06, norm_elementwise_affine=True, rope_type='interleaved', apply_gated_attention=False, processor=None):
        super().__init__()
        if qk_norm != 'rms_norm_across_heads':
            raise NotImplementedError("Only 'rms_norm_across_heads' is supported as a valid value for `qk_norm`.")
        self.head_dim = dim_head
        self.inner_dim = dim_head * heads
        self.inner_kv_dim = self.inner_dim if kv_heads is None else dim_head * kv_heads
        self.query_dim = query_dim
        self.cross_attention_dim = cross_attention_dim if cross_attention_dim is not None else query_dim
        self.use_bias = bias
        self.dropout = dropout
        self.out_dim = query_dim
        self.heads = heads
        self.rope_type = rope_type
        self.norm_q = torch.nn.RMSNorm(dim_head * heads, eps=norm_eps, elementwise_affine=norm_elementwise_affine)
        self.norm_k = torch.nn.RMSNorm(dim_head * kv_heads, eps=norm_eps, elementwise_affine=norm_elementwise_affine)
        self.to_q = torch.nn.Linear(query_dim, self.inner_dim, bias=bias)
        self.to_k = torch.nn.Linear(self.cross_attention_dim, self.inner_kv_dim, bias=bias)
        self.to_v = torch.nn.Linear(self.cross_attention_dim, self.inner_kv_dim, bias=bias)
        self.to_out = torch.nn.ModuleList([])
        self.to_out.append(torch.nn.Linear(self.inner_dim, self.out_dim, bias=out_bias))
        self.to_out.append(torch.nn.Dropout(dropout))
        if apply_gated_attention:
            self.to_gate_logits = torch.nn.Linear(query_dim, heads, bias=True)
        else:
            self.to_gate_logits = None
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class LTX2VideoTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, cross_attention_dim, audio_dim, audio_num_attention_heads, audio_attention_head_dim, audio_cross_attention_dim, video_gated_attn=False, video_cross_attn_adaln=False, audio_gated_attn=False, audio_cross_attn_adaln=False, qk_norm='rms_norm_across_heads', activation_fn='gelu-approximate', attention_bias=True, attention_out_bias=True, eps=1e-06, elementwise_affine=False, rope_type='interleaved', perturbed_attn=False, ff_bias=True, audio_ff_bias=True):
        super().__init__()
        self.perturbed_attn = perturbed_attn
        if perturbed_attn:
            attn_processor_cls = LTX2PerturbedAttnProcessor
        else:
            attn_processor_cls = LTX2AudioVideoAttnProcessor
        self.norm1 = RMSNorm(dim, eps=eps, elementwise_affine=elementwise_affine)
        self.attn1 = LTX2Attention(query_dim=dim, heads=num_attention_heads, kv_heads=num_attention_heads, dim_head=attention_head_dim, bias=attention_bias, cross_attention_dim=None, out_bias=attention_out_bias, qk_norm=qk_norm, rope_type=rope_type, apply_gated_attention=video_gated_attn, processor=attn_processor_cls())
        self.audio_norm1 = RMSNorm(audio_dim, eps=eps, elementwise_affine=elementwise_affine)
        self.audio_attn1 = LTX2Attention(query_dim=audio_dim, heads=audio_num_attention_heads, kv_heads=audio_num_attention_heads, dim_head=audio_attention_head_dim, bias=attention_bias, cross_attention_dim=None, out_bias=attention_out_bias, qk_norm=qk_norm, rope_type=rope_type, apply_gated_attention=audio_gated_attn, processor=attn_processor_cls())
        self.norm2 = RMSNorm(dim, eps=eps, elementwise_affine=elementwise_affine)
        self.attn2 = LTX2Attention(query_dim=dim, cross_attention_dim=cross_attention_dim, heads=num_attention_heads, kv_heads=num_attention_heads, dim_head=attention_head_dim, bias=attention_bias, out_bias=attention_out_bias, qk_norm=qk_norm, rope_type=rope_type, apply_gated_attention=video_gated_attn, processor=attn_processor_cls())
        self.audio_norm2 = RMSNorm(audio_dim, eps=eps, elementwise_affine=elementwise_affine)
        self.audio_attn2 = LTX2Attention(query_dim=audio_dim, cross_attention_dim=audio_cross_attention_dim, heads=audio_num_attention_heads, kv_heads=audio_num_attention_heads, dim_head=audio_attention_head_dim, bias=attention_bias, out_bias=attention_out_bias, qk_norm=qk_norm, rope_type=rope_type, apply_gated_attention=audio_gated_attn, processor=attn_processor_cls())
        self.audio_to_video_norm = RMSNorm(dim, eps=eps, elementwise_affine=elementwise_affine)
        self.audio_to_video_attn = LTX2Attention(query_dim=dim, cross_attention_dim=audio_dim, heads=audio_num_attention_heads, kv_heads=audio_num_attention_heads, dim_head=audio_attention_head_dim, bias=attention_bias, out_bias=attention_out_bias, qk_norm=qk_norm, rope_type=rope_type, apply_gated_attention=video_gated_attn, processor=attn_processor_cls())
        self.video_to_audio_norm = RMSNorm(audio_dim, eps=eps, elementwise_affine=elementwise_affine)
        self.video_to_audio_attn = LTX2Attention(query_dim=audio_dim, cross_attention_dim=dim, heads=audio_num_attention_heads, kv_heads=audio_num_attention_heads, dim_head=audio_attention_head_dim, bias=attention_bias, out_bias=attention_out_bias, qk_norm=qk_norm, rope_type=rope_type, apply_gated_attention=audio_gated_attn, processor=attn_processor_cls())
        self.norm3 = RMSNorm(dim, eps=eps, elementwise_affine=elementwise_affine)
        self.ff = FeedForward(dim, activation_fn=activation_fn, bias=ff_bias)
        self.audio_norm3 = RMSNorm(audio_dim, eps=eps, elementwise_affine=elementwise_affine)
        self.audio_ff = FeedForward(audio_dim, activation_fn=activation_fn, bias=audio_ff_bias)
        self.video_cross_attn_adaln = video_cross_attn_adaln
        self.audio_cross_attn_adaln = audio_cross_attn_adaln
        video_mod_param_num = 9 if self.video_cross_attn_adaln else 6
        audio_mod_param_num = 9 if self.audio_cross_attn_adaln else 6
        self.scale_shift_table = nn.Parameter(torch.randn(video_mod_param_num, dim) / dim ** 0.5)
        self.audio_scale_shift_table = nn.Parameter(torch.randn(audio_mod_param_num, audio_dim) / audio_dim ** 0.5)
        self.cross_attn_adaln = video_cross_attn_adaln or audio_cross_attn_adaln
        if self.cross_attn_adaln:
            self.prompt_scale_shift_table = nn.Parameter(torch.randn(2, dim))
            self.audio_prompt_scale_shift_table = nn.Parameter(torch.randn(2, audio_dim))
        self.video_a2v_cross_attn_scale_shift_table = nn.Parameter(torch.randn(5, dim))
        self.audio_a2v_cross_attn_scale_shift_table = nn.Parameter(torch.randn(5, audio_dim))

class LTX2AudioVideoRotaryPosEmbed(nn.Module):

    def __init__(self, dim, patch_size=1, patch_size_t=1, base_num_frames=20, base_height=2048, base_width=2048, sampling_rate=16000, hop_length=160, scale_factors=(8, 32, 32), theta=10000.0, causal_offset=1, modality='video', double_precision=True, rope_type='interleaved', num_attention_heads=32):
        super().__init__()
        self.dim = dim
        self.patch_size = patch_size
        self.patch_size_t = patch_size_t
        if rope_type not in ['interleaved', 'split']:
            raise ValueError(f"rope_type={rope_type!r} not supported. Choose between 'interleaved' and 'split'.")
        self.rope_type = rope_type
        self.base_num_frames = base_num_frames
        self.num_attention_heads = num_attention_heads
        self.base_height = base_height
        self.base_width = base_width
        self.sampling_rate = sampling_rate
        self.hop_length = hop_length
        self.audio_latents_per_second = float(sampling_rate) / float(hop_length) / float(scale_factors[0])
        self.scale_factors = scale_factors
        self.theta = theta
        self.causal_offset = causal_offset
        self.modality = modality
        if self.modality not in ['video', 'audio']:
            raise ValueError(f'Modality {modality} is not supported. Supported modalities are `video` and `audio`.')
        self.double_precision = double_precision

class LTX2VideoTransformer3DModel(ModelMixin, ConfigMixin, AttentionMixin, CacheMixin):

    @register_to_config
    def __init__(self, in_channels=128, out_channels=128, patch_size=1, patch_size_t=1, num_attention_heads=32, attention_head_dim=128, cross_attention_dim=4096, vae_scale_factors=(8, 32, 32), pos_embed_max_pos=20, base_height=2048, base_width=2048, gated_attn=False, cross_attn_mod=False, audio_in_channels=128, audio_out_channels=128, audio_patch_size=1, audio_patch_size_t=1, audio_num_attention_heads=32, audio_attention_head_dim=64, audio_cross_attention_dim=2048, audio_scale_factor=4, audio_pos_embed_max_pos=20, audio_sampling_rate=16000, audio_hop_length=160, audio_gated_attn=False, audio_cross_attn_mod=False, num_layers=48, activation_fn='gelu-approximate', qk_norm='rms_norm_across_heads', norm_elementwise_affine=False, norm_eps=1e-06, caption_channels=3840, attention_bias=True, attention_out_bias=True, rope_theta=10000.0, rope_double_precision=True, causal_offset=1, timestep_scale_multiplier=1000, cross_attn_timestep_scale_multiplier=1000, rope_type='interleaved', use_prompt_embeddings=True, perturbed_attn=False, ff_bias=True, audio_ff_bias=True, use_prompt_adaln_single=True, use_keyframes_abs_pos_embedding=False):
        super().__init__()
        out_channels = out_channels or in_channels
        audio_out_channels = audio_out_channels or audio_in_channels
        inner_dim = num_attention_heads * attention_head_dim
        audio_inner_dim = audio_num_attention_heads * audio_attention_head_dim
        self.proj_in = nn.Linear(in_channels, inner_dim)
        self.audio_proj_in = nn.Linear(audio_in_channels, audio_inner_dim)
        if use_keyframes_abs_pos_embedding:
            self.keyframes_abs_pos_embedding = nn.Parameter(torch.zeros(1, inner_dim))
        if use_prompt_embeddings:
            self.caption_projection = PixArtAlphaTextProjection(in_features=caption_channels, hidden_size=inner_dim)
            self.audio_caption_projection = PixArtAlphaTextProjection(in_features=caption_channels, hidden_size=audio_inner_dim)
        self.prompt_modulation = cross_attn_mod or audio_cross_attn_mod
        video_time_emb_mod_params = 9 if cross_attn_mod else 6
        audio_time_emb_mod_params = 9 if audio_cross_attn_mod else 6
        self.time_embed = LTX2AdaLayerNormSingle(inner_dim, num_mod_params=video_time_emb_mod_params, use_additional_conditions=False)
        self.audio_time_embed = LTX2AdaLayerNormSingle(audio_inner_dim, num_mod_params=audio_time_emb_mod_params, use_additional_conditions=False)
        self.av_cross_attn_video_scale_shift = LTX2AdaLayerNormSingle(inner_dim, num_mod_params=4, use_additional_conditions=False)
        self.av_cross_attn_audio_scale_shift = LTX2AdaLayerNormSingle(audio_inner_dim, num_mod_params=4, use_additional_conditions=False)
        self.av_cross_attn_video_a2v_gate = LTX2AdaLayerNormSingle(inner_dim, num_mod_params=1, use_additional_conditions=False)
        self.av_cross_attn_audio_v2a_gate = LTX2AdaLayerNormSingle(audio_inner_dim, num_mod_params=1, use_additional_conditions=False)
        self.scale_shift_table = nn.Parameter(torch.randn(2, inner_dim) / inner_dim ** 0.5)
        self.audio_scale_shift_table = nn.Parameter(torch.randn(2, audio_inner_dim) / audio_inner_dim ** 0.5)
        if self.prompt_modulation and use_prompt_adaln_single:
            self.prompt_adaln = LTX2AdaLayerNormSingle(inner_dim, num_mod_params=2, use_additional_conditions=False)
            self.audio_prompt_adaln = LTX2AdaLayerNormSingle(audio_inner_dim, num_mod_params=2, use_additional_conditions=False)
        self.rope = LTX2AudioVideoRotaryPosEmbed(dim=inner_dim, patch_size=patch_size, patch_size_t=patch_size_t, base_num_frames=pos_embed_max_pos, base_height=base_height, base_width=base_width, scale_factors=vae_scale_factors, theta=rope_theta, causal_offset=causal_offset, modality='video', double_precision=rope_double_precision, rope_type=rope_type, num_attention_heads=num_attention_heads)
        self.audio_rope = LTX2AudioVideoRotaryPosEmbed(dim=audio_inner_dim, patch_size=audio_patch_size, patch_size_t=audio_patch_size_t, base_num_frames=audio_pos_embed_max_pos, sampling_rate=audio_sampling_rate, hop_length=audio_hop_length, scale_factors=[audio_scale_factor], theta=rope_theta, causal_offset=causal_offset, modality='audio', double_precision=rope_double_precision, rope_type=rope_type, num_attention_heads=audio_num_attention_heads)
        cross_attn_pos_embed_max_pos = max(pos_embed_max_pos, audio_pos_embed_max_pos)
        self.cross_attn_rope = LTX2AudioVideoRotaryPosEmbed(dim=audio_cross_attention_dim, patch_size=patch_size, patch_size_t=patch_size_t, base_num_frames=cross_attn_pos_embed_max_pos, base_height=base_height, base_width=base_width, theta=rope_theta, causal_offset=causal_offset, modality='video', double_precision=rope_double_precision, rope_type=rope_type, num_attention_heads=num_attention_heads)
        self.cross_attn_audio_rope = LTX2AudioVideoRotaryPosEmbed(dim=audio_cross_attention_dim, patch_size=audio_patch_size, patch_size_t=audio_patch_size_t, base_num_frames=cross_attn_pos_embed_max_pos, sampling_rate=audio_sampling_rate, hop_length=audio_hop_length, theta=rope_theta, causal_offset=causal_offset, modality='audio', double_precision=rope_double_precision, rope_type=rope_type, num_attention_heads=audio_num_attention_heads)
        self.transformer_blocks = nn.ModuleList([LTX2VideoTransformerBlock(dim=inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, cross_attention_dim=cross_attention_dim, audio_dim=audio_inner_dim, audio_num_attention_heads=audio_num_attention_heads, audio_attention_head_dim=audio_attention_head_dim, audio_cross_attention_dim=audio_cross_attention_dim, video_gated_attn=gated_attn, video_cross_attn_adaln=cross_attn_mod, audio_gated_attn=audio_gated_attn, audio_cross_attn_adaln=audio_cross_attn_mod, qk_norm=qk_norm, activation_fn=activation_fn, attention_bias=attention_bias, attention_out_bias=attention_out_bias, eps=norm_eps, elementwise_affine=norm_elementwise_affine, rope_type=rope_type, perturbed_attn=perturbed_attn, ff_bias=ff_bias, audio_ff_bias=audio_ff_bias) for _ in range(num_layers)])
        self.norm_out = nn.LayerNorm(inner_dim, eps=1e-06, elementwise_affine=False)
        self.proj_out = nn.Linear(inner_dim, out_channels)
        self.audio_norm_out = nn.LayerNorm(audio_inner_dim, eps=1e-06, elementwise_affine=False)
        self.audio_proj_out = nn.Linear(audio_inner_dim, audio_out_channels)
        self.gradient_checkpointing = False
