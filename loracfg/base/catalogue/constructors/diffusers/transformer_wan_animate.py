"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_wan_animate. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin, FeedForward
from .cache_utils import CacheMixin
from .embeddings import PixArtAlphaTextProjection, TimestepEmbedding, Timesteps, get_1d_rotary_pos_embed
from .normalization import FP32LayerNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

WAN_ANIMATE_MOTION_ENCODER_CHANNEL_SIZES = {'4': 512, '8': 512, '16': 512, '32': 512, '64': 256, '128': 128, '256': 64, '512': 32, '1024': 16}

class FusedLeakyReLU(nn.Module):

    def __init__(self, negative_slope=0.2, scale=2 ** 0.5, bias_channels=None):
        super().__init__()
        self.negative_slope = negative_slope
        self.scale = scale
        self.channels = bias_channels
        if self.channels is not None:
            self.bias = nn.Parameter(torch.zeros(self.channels))
        else:
            self.bias = None

class MotionConv2d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True, blur_kernel=None, blur_upsample_factor=1, use_activation=True):
        super().__init__()
        self.use_activation = use_activation
        self.in_channels = in_channels
        self.blur = False
        if blur_kernel is not None:
            p = len(blur_kernel) - stride + (kernel_size - 1)
            self.blur_padding = ((p + 1) // 2, p // 2)
            kernel = torch.tensor(blur_kernel)
            if kernel.ndim == 1:
                kernel = kernel[None, :] * kernel[:, None]
            kernel = kernel / kernel.sum()
            if blur_upsample_factor > 1:
                kernel = kernel * blur_upsample_factor ** 2
            self.register_buffer('blur_kernel', kernel, persistent=False)
            self.blur = True
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel_size, kernel_size))
        self.scale = 1 / math.sqrt(in_channels * kernel_size ** 2)
        self.stride = stride
        self.padding = padding
        if bias and (not self.use_activation):
            self.bias = nn.Parameter(torch.zeros(out_channels))
        else:
            self.bias = None
        if self.use_activation:
            self.act_fn = FusedLeakyReLU(bias_channels=out_channels)
        else:
            self.act_fn = None

class MotionLinear(nn.Module):

    def __init__(self, in_dim, out_dim, bias=True, use_activation=False):
        super().__init__()
        self.use_activation = use_activation
        self.weight = nn.Parameter(torch.randn(out_dim, in_dim))
        self.scale = 1 / math.sqrt(in_dim)
        if bias and (not self.use_activation):
            self.bias = nn.Parameter(torch.zeros(out_dim))
        else:
            self.bias = None
        if self.use_activation:
            self.act_fn = FusedLeakyReLU(bias_channels=out_dim)
        else:
            self.act_fn = None

class MotionEncoderResBlock(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size=3, kernel_size_skip=1, blur_kernel=(1, 3, 3, 1), downsample_factor=2):
        super().__init__()
        self.downsample_factor = downsample_factor
        self.conv1 = MotionConv2d(in_channels, in_channels, kernel_size, stride=1, padding=kernel_size // 2, use_activation=True)
        self.conv2 = MotionConv2d(in_channels, out_channels, kernel_size=kernel_size, stride=self.downsample_factor, padding=0, blur_kernel=blur_kernel, use_activation=True)
        self.conv_skip = MotionConv2d(in_channels, out_channels, kernel_size=kernel_size_skip, stride=self.downsample_factor, padding=0, bias=False, blur_kernel=blur_kernel, use_activation=False)

class WanAnimateMotionEncoder(nn.Module):

    def __init__(self, size=512, style_dim=512, motion_dim=20, out_dim=512, motion_blocks=5, channels=None):
        super().__init__()
        self.size = size
        if channels is None:
            channels = WAN_ANIMATE_MOTION_ENCODER_CHANNEL_SIZES
        self.conv_in = MotionConv2d(3, channels[str(size)], 1, use_activation=True)
        self.res_blocks = nn.ModuleList()
        in_channels = channels[str(size)]
        log_size = int(math.log(size, 2))
        for i in range(log_size, 2, -1):
            out_channels = channels[str(2 ** (i - 1))]
            self.res_blocks.append(MotionEncoderResBlock(in_channels, out_channels))
            in_channels = out_channels
        self.conv_out = MotionConv2d(in_channels, style_dim, 4, padding=0, bias=False, use_activation=False)
        linears = [MotionLinear(style_dim, style_dim) for _ in range(motion_blocks - 1)]
        linears.append(MotionLinear(style_dim, motion_dim))
        self.motion_network = nn.ModuleList(linears)
        self.motion_synthesis_weight = nn.Parameter(torch.randn(out_dim, motion_dim))

class WanAnimateFaceEncoder(nn.Module):

    def __init__(self, in_dim, out_dim, hidden_dim=1024, num_heads=4, kernel_size=3, eps=1e-06, pad_mode='replicate'):
        super().__init__()
        self.num_heads = num_heads
        self.time_causal_padding = (kernel_size - 1, 0)
        self.pad_mode = pad_mode
        self.act = nn.SiLU()
        self.conv1_local = nn.Conv1d(in_dim, hidden_dim * num_heads, kernel_size=kernel_size, stride=1)
        self.conv2 = nn.Conv1d(hidden_dim, hidden_dim, kernel_size, stride=2)
        self.conv3 = nn.Conv1d(hidden_dim, hidden_dim, kernel_size, stride=2)
        self.norm1 = nn.LayerNorm(hidden_dim, eps, elementwise_affine=False)
        self.norm2 = nn.LayerNorm(hidden_dim, eps, elementwise_affine=False)
        self.norm3 = nn.LayerNorm(hidden_dim, eps, elementwise_affine=False)
        self.out_proj = nn.Linear(hidden_dim, out_dim)
        self.padding_tokens = nn.Parameter(torch.zeros(1, 1, 1, out_dim))

class WanAnimateFaceBlockAttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError(f'{self.__class__.__name__} requires PyTorch 2.0. To use it, please upgrade PyTorch to version 2.0 or higher.')

class WanAnimateFaceBlockCrossAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = WanAnimateFaceBlockAttnProcessor

    def __init__(self, dim, heads=8, dim_head=64, eps=1e-06, cross_attention_dim_head=None, bias=True, processor=None):
        super().__init__()
        self.inner_dim = dim_head * heads
        self.heads = heads
        self.cross_attention_dim_head = cross_attention_dim_head
        self.kv_inner_dim = self.inner_dim if cross_attention_dim_head is None else cross_attention_dim_head * heads
        self.use_bias = bias
        self.is_cross_attention = cross_attention_dim_head is not None
        self.pre_norm_q = nn.LayerNorm(dim, eps, elementwise_affine=False)
        self.pre_norm_kv = nn.LayerNorm(dim, eps, elementwise_affine=False)
        self.to_q = torch.nn.Linear(dim, self.inner_dim, bias=bias)
        self.to_k = torch.nn.Linear(dim, self.kv_inner_dim, bias=bias)
        self.to_v = torch.nn.Linear(dim, self.kv_inner_dim, bias=bias)
        self.to_out = torch.nn.Linear(self.inner_dim, dim, bias=bias)
        self.norm_q = torch.nn.RMSNorm(dim_head, eps=eps, elementwise_affine=True)
        self.norm_k = torch.nn.RMSNorm(dim_head, eps=eps, elementwise_affine=True)
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class WanAttnProcessor:
    _attention_backend = None
    _parallel_config = None

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('WanAttnProcessor requires PyTorch 2.0. To use it, please upgrade PyTorch to version 2.0 or higher.')

class WanAttention(torch.nn.Module, AttentionModuleMixin):
    _default_processor_cls = WanAttnProcessor

    def __init__(self, dim, heads=8, dim_head=64, eps=1e-05, dropout=0.0, added_kv_proj_dim=None, cross_attention_dim_head=None, processor=None, is_cross_attention=None):
        super().__init__()
        self.inner_dim = dim_head * heads
        self.heads = heads
        self.added_kv_proj_dim = added_kv_proj_dim
        self.cross_attention_dim_head = cross_attention_dim_head
        self.kv_inner_dim = self.inner_dim if cross_attention_dim_head is None else cross_attention_dim_head * heads
        self.to_q = torch.nn.Linear(dim, self.inner_dim, bias=True)
        self.to_k = torch.nn.Linear(dim, self.kv_inner_dim, bias=True)
        self.to_v = torch.nn.Linear(dim, self.kv_inner_dim, bias=True)
        self.to_out = torch.nn.ModuleList([torch.nn.Linear(self.inner_dim, dim, bias=True), torch.nn.Dropout(dropout)])
        self.norm_q = torch.nn.RMSNorm(dim_head * heads, eps=eps, elementwise_affine=True)
        self.norm_k = torch.nn.RMSNorm(dim_head * heads, eps=eps, elementwise_affine=True)
        self.add_k_proj = self.add_v_proj = None
        if added_kv_proj_dim is not None:
            self.add_k_proj = torch.nn.Linear(added_kv_proj_dim, self.inner_dim, bias=True)
            self.add_v_proj = torch.nn.Linear(added_kv_proj_dim, self.inner_dim, bias=True)
            self.norm_added_k = torch.nn.RMSNorm(dim_head * heads, eps=eps)
        if is_cross_attention is not None:
            self.is_cross_attention = is_cross_attention
        else:
            self.is_cross_attention = cross_attention_dim_head is not None
        self.set_processor(processor)

class WanImageEmbedding(torch.nn.Module):

    def __init__(self, in_features, out_features, pos_embed_seq_len=None):
        super().__init__()
        self.norm1 = FP32LayerNorm(in_features)
        self.ff = FeedForward(in_features, out_features, mult=1, activation_fn='gelu')
        self.norm2 = FP32LayerNorm(out_features)
        if pos_embed_seq_len is not None:
            self.pos_embed = nn.Parameter(torch.zeros(1, pos_embed_seq_len, in_features))
        else:
            self.pos_embed = None

class WanTimeTextImageEmbedding(nn.Module):

    def __init__(self, dim, time_freq_dim, time_proj_dim, text_embed_dim, image_embed_dim=None, pos_embed_seq_len=None):
        super().__init__()
        self.timesteps_proj = Timesteps(num_channels=time_freq_dim, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.time_embedder = TimestepEmbedding(in_channels=time_freq_dim, time_embed_dim=dim)
        self.act_fn = nn.SiLU()
        self.time_proj = nn.Linear(dim, time_proj_dim)
        self.text_embedder = PixArtAlphaTextProjection(text_embed_dim, dim, act_fn='gelu_tanh')
        self.image_embedder = None
        if image_embed_dim is not None:
            self.image_embedder = WanImageEmbedding(image_embed_dim, dim, pos_embed_seq_len=pos_embed_seq_len)

class WanRotaryPosEmbed(nn.Module):

    def __init__(self, attention_head_dim, patch_size, max_seq_len, theta=10000.0):
        super().__init__()
        self.attention_head_dim = attention_head_dim
        self.patch_size = patch_size
        self.max_seq_len = max_seq_len
        h_dim = w_dim = 2 * (attention_head_dim // 6)
        t_dim = attention_head_dim - h_dim - w_dim
        self.t_dim = t_dim
        self.h_dim = h_dim
        self.w_dim = w_dim
        freqs_dtype = torch.float32 if torch.backends.mps.is_available() else torch.float64
        freqs_cos = []
        freqs_sin = []
        for dim in [t_dim, h_dim, w_dim]:
            freq_cos, freq_sin = get_1d_rotary_pos_embed(dim, max_seq_len, theta, use_real=True, repeat_interleave_real=True, freqs_dtype=freqs_dtype)
            freqs_cos.append(freq_cos)
            freqs_sin.append(freq_sin)
        self.register_buffer('freqs_cos', torch.cat(freqs_cos, dim=1), persistent=False)
        self.register_buffer('freqs_sin', torch.cat(freqs_sin, dim=1), persistent=False)

class WanTransformerBlock(nn.Module):

    def __init__(self, dim, ffn_dim, num_heads, qk_norm='rms_norm_across_heads', cross_attn_norm=False, eps=1e-06, added_kv_proj_dim=None):
        super().__init__()
        self.norm1 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.attn1 = WanAttention(dim=dim, heads=num_heads, dim_head=dim // num_heads, eps=eps, cross_attention_dim_head=None, processor=WanAttnProcessor())
        self.attn2 = WanAttention(dim=dim, heads=num_heads, dim_head=dim // num_heads, eps=eps, added_kv_proj_dim=added_kv_proj_dim, cross_attention_dim_head=dim // num_heads, processor=WanAttnProcessor())
        self.norm2 = FP32LayerNorm(dim, eps, elementwise_affine=True) if cross_attn_norm else nn.Identity()
        self.ffn = FeedForward(dim, inner_dim=ffn_dim, activation_fn='gelu-approximate')
        self.norm3 = FP32LayerNorm(dim, eps, elementwise_affine=False)
        self.scale_shift_table = nn.Parameter(torch.randn(1, 6, dim) / dim ** 0.5)

class WanAnimateTransformer3DModel(ModelMixin, ConfigMixin, CacheMixin, AttentionMixin):
    _keep_in_fp32_modules = ['time_embedder', 'scale_shift_table', 'norm1', 'norm2', 'norm3', 'motion_synthesis_weight', 'rope']

    @register_to_config
    def __init__(self, patch_size=(1, 2, 2), num_attention_heads=40, attention_head_dim=128, in_channels=36, latent_channels=16, out_channels=16, text_dim=4096, freq_dim=256, ffn_dim=13824, num_layers=40, cross_attn_norm=True, qk_norm='rms_norm_across_heads', eps=1e-06, image_dim=1280, added_kv_proj_dim=None, rope_max_seq_len=1024, pos_embed_seq_len=None, motion_encoder_channel_sizes=None, motion_encoder_size=512, motion_style_dim=512, motion_dim=20, motion_encoder_dim=512, face_encoder_hidden_dim=1024, face_encoder_num_heads=4, inject_face_latents_blocks=5, motion_encoder_batch_size=8):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        if in_channels is None and latent_channels is not None:
            in_channels = 2 * latent_channels + 4
        elif in_channels is not None and latent_channels is None:
            latent_channels = (in_channels - 4) // 2
        elif in_channels is not None and latent_channels is not None:
            assert in_channels == 2 * latent_channels + 4
        else:
            raise ValueError('At least one of `in_channels` and `latent_channels` must be supplied.')
        out_channels = out_channels or latent_channels
        self.rope = WanRotaryPosEmbed(attention_head_dim, patch_size, rope_max_seq_len)
        self.patch_embedding = nn.Conv3d(in_channels, inner_dim, kernel_size=patch_size, stride=patch_size)
        self.pose_patch_embedding = nn.Conv3d(latent_channels, inner_dim, kernel_size=patch_size, stride=patch_size)
        self.condition_embedder = WanTimeTextImageEmbedding(dim=inner_dim, time_freq_dim=freq_dim, time_proj_dim=inner_dim * 6, text_embed_dim=text_dim, image_embed_dim=image_dim, pos_embed_seq_len=pos_embed_seq_len)
        self.motion_encoder = WanAnimateMotionEncoder(size=motion_encoder_size, style_dim=motion_style_dim, motion_dim=motion_dim, out_dim=motion_encoder_dim, channels=motion_encoder_channel_sizes)
        self.face_encoder = WanAnimateFaceEncoder(in_dim=motion_encoder_dim, out_dim=inner_dim, hidden_dim=face_encoder_hidden_dim, num_heads=face_encoder_num_heads)
        self.blocks = nn.ModuleList([WanTransformerBlock(dim=inner_dim, ffn_dim=ffn_dim, num_heads=num_attention_heads, qk_norm=qk_norm, cross_attn_norm=cross_attn_norm, eps=eps, added_kv_proj_dim=added_kv_proj_dim) for _ in range(num_layers)])
        self.face_adapter = nn.ModuleList([WanAnimateFaceBlockCrossAttention(dim=inner_dim, heads=num_attention_heads, dim_head=inner_dim // num_attention_heads, eps=eps, cross_attention_dim_head=inner_dim // num_attention_heads, processor=WanAnimateFaceBlockAttnProcessor()) for _ in range(num_layers // inject_face_latents_blocks)])
        self.norm_out = FP32LayerNorm(inner_dim, eps, elementwise_affine=False)
        self.proj_out = nn.Linear(inner_dim, out_channels * math.prod(patch_size))
        self.scale_shift_table = nn.Parameter(torch.randn(1, 2, inner_dim) / inner_dim ** 0.5)
        self.gradient_checkpointing = False
