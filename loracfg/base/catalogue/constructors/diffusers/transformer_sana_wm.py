"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_sana_wm. Made by `python -m loracfg.base.transcriber`."""
from .activations import get_activation
from .attention import AttentionModuleMixin
from .embeddings import TimestepEmbedding, Timesteps, get_1d_rotary_pos_embed
from .normalization import RMSNorm
from copy import deepcopy
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class SanaWMMlp(nn.Module):

    def __init__(self, in_features, hidden_features=None, out_features=None, act_layer=nn.GELU, bias=True, drop=0.0):
        super().__init__()
        out_features = out_features or in_features
        hidden_features = hidden_features or in_features
        self.fc1 = nn.Linear(in_features, hidden_features, bias=bias)
        self.act = act_layer()
        self.drop1 = nn.Dropout(drop)
        self.fc2 = nn.Linear(hidden_features, out_features, bias=bias)
        self.drop2 = nn.Dropout(drop)

class SanaWMTemporalShortConvolution(nn.Module):

    def __init__(self, hidden_size, kernel_size, bias=False):
        super().__init__()
        self.hidden_size = hidden_size
        self.kernel_size = kernel_size
        self.weight = nn.Parameter(torch.zeros(hidden_size, 1, kernel_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size)) if bias else None

class SanaWMConvLayer(nn.Module):

    def __init__(self, in_dim, out_dim, kernel_size=3, groups=1, use_bias=False, act=None):
        super().__init__()
        self.conv = nn.Conv2d(in_dim, out_dim, kernel_size=(kernel_size, kernel_size), padding=kernel_size // 2, groups=groups, bias=use_bias)
        self.act = get_activation(act) if act is not None else None

class GLUMBConvTemp(nn.Module):

    def __init__(self, in_features, hidden_features, out_feature=None, kernel_size=3, use_bias=(False, False, False), act=('silu', 'silu', None), t_kernel_size=3):
        super().__init__()
        out_feature = out_feature or in_features
        self.glu_act = get_activation(act[1])
        self.inverted_conv = SanaWMConvLayer(in_features, hidden_features * 2, kernel_size=1, use_bias=use_bias[0], act=act[0])
        self.depth_conv = SanaWMConvLayer(hidden_features * 2, hidden_features * 2, kernel_size=kernel_size, groups=hidden_features * 2, use_bias=use_bias[1], act=None)
        self.point_conv = SanaWMConvLayer(hidden_features, out_feature, kernel_size=1, use_bias=use_bias[2], act=act[2])
        self.t_conv = nn.Conv2d(out_feature, out_feature, kernel_size=(t_kernel_size, 1), padding=(t_kernel_size // 2, 0), bias=False)

class SanaWMCrossAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class MultiHeadCrossAttention(torch.nn.Module, AttentionModuleMixin):
    _default_processor_cls = SanaWMCrossAttnProcessor

    def __init__(self, d_model, num_heads, qk_norm=False, processor=None, **block_kwargs):
        super().__init__()
        if not d_model % num_heads == 0:
            raise ValueError('d_model must be divisible by num_heads')
        self.d_model = d_model
        self.heads = num_heads
        self.head_dim = d_model // num_heads
        self.inner_dim = d_model
        self.q_linear = nn.Linear(d_model, d_model)
        self.kv_linear = nn.Linear(d_model, d_model * 2)
        self.proj = nn.Linear(d_model, d_model)
        if qk_norm:
            self.q_norm = RMSNorm(d_model, eps=1e-06)
            self.k_norm = RMSNorm(d_model, eps=1e-06)
        else:
            self.q_norm = nn.Identity()
            self.k_norm = nn.Identity()
        self.set_processor(processor if processor is not None else self._default_processor_cls())

class T2IFinalLayer(nn.Module):

    def __init__(self, hidden_size, patch_size, out_channels):
        super().__init__()
        if isinstance(patch_size, int):
            patch_size = [patch_size, patch_size]
        self.norm_final = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.linear = nn.Linear(hidden_size, math.prod(patch_size) * out_channels, bias=True)
        self.scale_shift_table = nn.Parameter(torch.randn(2, hidden_size) / hidden_size ** 0.5)
        self.out_channels = out_channels

class SanaWMCaptionEmbedder(nn.Module):

    def __init__(self, in_channels, hidden_size, act_layer=nn.GELU(approximate='tanh')):
        super().__init__()
        self.y_proj = SanaWMMlp(in_features=in_channels, hidden_features=hidden_size, out_features=hidden_size, act_layer=act_layer, drop=0)

class SanaWMPatchEmbed(nn.Module):

    def __init__(self, patch_size=(1, 2, 2), in_chans=3, embed_dim=768, kernel_size=None, padding=0, norm_layer=None, flatten=True, bias=True):
        super().__init__()
        kernel_size = tuple(kernel_size or patch_size)
        patch_size = tuple(patch_size)
        self.kernel_size = kernel_size
        self.patch_size = patch_size
        self.flatten = flatten
        if patch_size[0] != 1:
            raise ValueError(f'Patch size for 3D embedding must be (1, *, *), got {patch_size}.')
        if not padding and kernel_size[-1] % 2 > 0:
            padding = tuple((k // 2 for k in kernel_size))
        self.proj = nn.Conv3d(in_chans, embed_dim, kernel_size=kernel_size, stride=patch_size, padding=padding, bias=bias)
        self.norm = norm_layer(embed_dim) if norm_layer else nn.Identity()

class SanaWMRotaryPosEmbed(nn.Module):

    def __init__(self, attention_head_dim, patch_size, max_seq_len, theta=10000.0, fhw_dim=None):
        super().__init__()
        self.attention_head_dim = attention_head_dim
        self.patch_size = patch_size
        self.max_seq_len = max_seq_len
        if fhw_dim is not None:
            if not attention_head_dim == sum(fhw_dim):
                raise ValueError(f'attention_head_dim {attention_head_dim} must match sum(fhw_dim) {sum(fhw_dim)}')
            t_dim, h_dim, w_dim = fhw_dim
        else:
            h_dim = w_dim = 2 * (attention_head_dim // 6)
            t_dim = attention_head_dim - h_dim - w_dim
        freqs = []
        for dim in [t_dim, h_dim, w_dim]:
            freq = get_1d_rotary_pos_embed(dim, max_seq_len, theta, use_real=False, repeat_interleave_real=False, freqs_dtype=torch.float32)
            freqs.append(freq)
        self.freqs = torch.cat(freqs, dim=1)

class SanaWMBidirectionalGDNAttention(nn.Module):

    def __init__(self, eps=1e-15, chunk_size=21):
        super().__init__()
        self.eps = eps
        self.chunk_size = chunk_size

class SanaWMBidirectionalGDNCamAttention(nn.Module):

    def __init__(self, chunk_size=21):
        super().__init__()
        self.chunk_size = chunk_size

class BidirectionalGDNUCPESinglePathLiteLA(nn.Module):

    def __init__(self, in_dim, out_dim, *, cam_dim, cam_heads, patch_size=(1, 2, 2), heads=None, heads_ratio=1.0, dim=32, eps=1e-15, use_bias=False, qk_norm=False, norm_eps=1e-05, use_output_gate=True, chunk_gdn_chunk_size=21, conv_kernel_size=4, k_conv_only=True, **kwargs):
        heads = heads or int(out_dim // dim * heads_ratio)
        super().__init__()
        self.num_heads = heads
        self.qkv = nn.Linear(in_dim, in_dim * 3, bias=use_bias)
        self.proj = nn.Linear(in_dim, in_dim)
        self.in_dim = in_dim
        self.out_dim = out_dim
        self.heads = heads
        self.dim = out_dim // heads
        self.eps = eps
        self.k_conv_only = k_conv_only
        self.kernel_func = nn.ReLU(inplace=False)
        if qk_norm:
            self.q_norm = RMSNorm(self.in_dim, eps=norm_eps)
            self.k_norm = RMSNorm(self.in_dim, eps=norm_eps)
        else:
            self.q_norm = nn.Identity()
            self.k_norm = nn.Identity()
        self.beta_proj = nn.Linear(in_dim, heads, bias=True)
        self.gate_proj = nn.Linear(in_dim, heads, bias=True)
        A = torch.zeros(self.heads, dtype=torch.float32).uniform_(0, 16)
        self.A_log = nn.Parameter(torch.log(A))
        dt_min = 0.001
        dt_max = 0.1
        dt_init_floor = 0.0001
        dt = torch.exp(torch.rand(self.heads) * (math.log(dt_max) - math.log(dt_min)) + math.log(dt_min))
        dt = torch.clamp(dt, min=dt_init_floor)
        inv_dt = dt + torch.log(-torch.expm1(-dt))
        self.dt_bias = nn.Parameter(inv_dt)
        self.register_buffer('recall_gate', torch.zeros(1))
        self.use_output_gate = use_output_gate
        if use_output_gate:
            self.output_gate = nn.Linear(in_dim, out_dim, bias=True)
        else:
            self.output_gate = None
        self.chunk_gdn_chunk_size = chunk_gdn_chunk_size
        self.conv_kernel_size = conv_kernel_size
        if conv_kernel_size > 0:
            self.conv_k = SanaWMTemporalShortConvolution(hidden_size=out_dim, kernel_size=conv_kernel_size)
            if k_conv_only:
                self.conv_q = None
                self.conv_v = None
            else:
                self.conv_q = SanaWMTemporalShortConvolution(hidden_size=out_dim, kernel_size=conv_kernel_size)
                self.conv_v = SanaWMTemporalShortConvolution(hidden_size=out_dim, kernel_size=conv_kernel_size)
        else:
            self.conv_q = None
            self.conv_k = None
            self.conv_v = None
        self.patch_size = patch_size
        self.cam_dim = cam_dim
        self.cam_heads = cam_heads
        self.cam_head_dim = cam_dim // cam_heads
        if cam_dim != in_dim:
            raise ValueError(f'Parameter sharing requires cam_dim == in_dim, got cam_dim={cam_dim}, in_dim={in_dim}.')
        if cam_heads != self.heads:
            raise ValueError(f'Parameter sharing requires cam_heads == heads, got cam_heads={cam_heads}, heads={self.heads}.')
        if self.cam_head_dim % 4 != 0:
            raise ValueError(f'UCPE camera branch requires cam_head_dim divisible by 4, got {self.cam_head_dim} (cam_dim={cam_dim}, cam_heads={cam_heads}).')
        self.q_proj_cam = nn.Linear(in_dim, cam_dim, bias=True)
        self.k_proj_cam = nn.Linear(in_dim, cam_dim, bias=True)
        self.v_proj_cam = nn.Linear(in_dim, cam_dim, bias=True)
        self.out_proj_cam = nn.Linear(cam_dim, out_dim, bias=True)
        self.q_norm_cam = deepcopy(self.q_norm)
        self.k_norm_cam = deepcopy(self.k_norm)
        if self.conv_kernel_size > 0:
            self.conv_k_cam = SanaWMTemporalShortConvolution(hidden_size=cam_dim, kernel_size=self.conv_kernel_size)
            if self.k_conv_only:
                self.conv_q_cam = None
                self.conv_v_cam = None
            else:
                self.conv_q_cam = SanaWMTemporalShortConvolution(hidden_size=cam_dim, kernel_size=self.conv_kernel_size)
                self.conv_v_cam = SanaWMTemporalShortConvolution(hidden_size=cam_dim, kernel_size=self.conv_kernel_size)
        else:
            self.conv_q_cam = None
            self.conv_k_cam = None
            self.conv_v_cam = None
        self.attn = SanaWMBidirectionalGDNAttention(eps=eps, chunk_size=chunk_gdn_chunk_size)
        self.cam_attn = SanaWMBidirectionalGDNCamAttention(chunk_size=chunk_gdn_chunk_size)

class SanaWMSoftmaxAttention(nn.Module):
    pass

class SanaWMSoftmaxCamAttention(nn.Module):
    pass

class _SoftmaxUCPESinglePathLiteLA(nn.Module):

    def __init__(self, in_dim, out_dim, *, cam_dim, cam_heads, patch_size=(1, 2, 2), heads=None, heads_ratio=1.0, dim=32, use_bias=False, qk_norm=False, norm_eps=1e-05, use_output_gate=True, **kwargs):
        heads = heads or int(out_dim // dim * heads_ratio)
        super().__init__()
        self.qkv = nn.Linear(in_dim, in_dim * 3, bias=use_bias)
        self.proj = nn.Linear(in_dim, in_dim)
        self.heads = heads
        self.dim = out_dim // heads
        if qk_norm:
            self.q_norm = RMSNorm(in_dim, eps=norm_eps)
            self.k_norm = RMSNorm(in_dim, eps=norm_eps)
        else:
            self.q_norm = nn.Identity()
            self.k_norm = nn.Identity()
        self.beta_proj = nn.Linear(in_dim, heads, bias=True)
        self.gate_proj = nn.Linear(in_dim, heads, bias=True)
        A = torch.zeros(heads, dtype=torch.float32).uniform_(0, 16)
        self.A_log = nn.Parameter(torch.log(A))
        dt_min = 0.001
        dt_max = 0.1
        dt_init_floor = 0.0001
        dt = torch.exp(torch.rand(heads) * (math.log(dt_max) - math.log(dt_min)) + math.log(dt_min))
        dt = torch.clamp(dt, min=dt_init_floor)
        inv_dt = dt + torch.log(-torch.expm1(-dt))
        self.dt_bias = nn.Parameter(inv_dt)
        self.register_buffer('recall_gate', torch.zeros(1))
        self.use_output_gate = use_output_gate
        if use_output_gate:
            self.output_gate = nn.Linear(in_dim, out_dim, bias=True)
        else:
            self.output_gate = None
        self.patch_size = patch_size
        self.cam_dim = cam_dim
        self.cam_heads = cam_heads
        self.cam_head_dim = cam_dim // cam_heads
        if cam_dim != in_dim:
            raise ValueError(f'Parameter sharing requires cam_dim == in_dim, got cam_dim={cam_dim}, in_dim={in_dim}.')
        if cam_heads != self.heads:
            raise ValueError(f'Parameter sharing requires cam_heads == heads, got cam_heads={cam_heads}, heads={self.heads}.')
        if self.cam_head_dim % 4 != 0:
            raise ValueError(f'UCPE camera branch requires cam_head_dim divisible by 4, got {self.cam_head_dim} (cam_dim={cam_dim}, cam_heads={cam_heads}).')
        self.q_proj_cam = nn.Linear(in_dim, cam_dim, bias=True)
        self.k_proj_cam = nn.Linear(in_dim, cam_dim, bias=True)
        self.v_proj_cam = nn.Linear(in_dim, cam_dim, bias=True)
        self.out_proj_cam = nn.Linear(cam_dim, out_dim, bias=True)
        self.q_norm_cam = deepcopy(self.q_norm)
        self.k_norm_cam = deepcopy(self.k_norm)
        self.attn = SanaWMSoftmaxAttention()
        self.cam_attn = SanaWMSoftmaxCamAttention()

class SanaVideoMSCamCtrlBlock(nn.Module):

    def __init__(self, hidden_size, num_heads, attn_cls, mlp_ratio=4.0, qk_norm=False, ffn_type='mlp', mlp_acts=('silu', 'silu', None), linear_head_dim=32, cross_norm=False, t_kernel_size=3, patch_size=(1, 2, 2), cam_attn_compress=2, chunk_size=10, use_chunk_plucker_post_attn=False, **block_kwargs):
        super().__init__()
        self.hidden_size = hidden_size
        self.chunk_size = chunk_size
        if use_chunk_plucker_post_attn:
            self.plucker_proj = nn.Linear(hidden_size, hidden_size, bias=True)
        self.norm1 = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self_num_heads = hidden_size // linear_head_dim
        self.attn = attn_cls(hidden_size, hidden_size, heads=self_num_heads, cam_dim=hidden_size // cam_attn_compress, cam_heads=max(1, self_num_heads // cam_attn_compress), eps=1e-08, qk_norm=qk_norm, patch_size=patch_size, **block_kwargs)
        self.cross_attn = MultiHeadCrossAttention(hidden_size, num_heads, qk_norm=cross_norm, **block_kwargs)
        self.norm2 = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        if ffn_type == 'GLUMBConvTemp':
            self.mlp = GLUMBConvTemp(in_features=hidden_size, hidden_features=int(hidden_size * mlp_ratio), use_bias=(True, True, False), act=mlp_acts, t_kernel_size=t_kernel_size)
        elif ffn_type == 'mlp':

            def approx_gelu():
                return nn.GELU(approximate='tanh')
            self.mlp = SanaWMMlp(in_features=hidden_size, hidden_features=int(hidden_size * mlp_ratio), act_layer=approx_gelu, drop=0)
        else:
            self.mlp = None
        self.scale_shift_table = nn.Parameter(torch.randn(6, hidden_size) / hidden_size ** 0.5)

class SanaWMTransformer3DModel(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=128, num_layers=20, hidden_size=2240, num_attention_heads=20, patch_size=(1, 1, 1), softmax_every_n=4, linear_head_dim=112, ffn_type='GLUMBConvTemp', t_kernel_size=3, conv_kernel_size=4, k_conv_only=True, pos_embed_type='wan_rope', qk_norm=True, cross_norm=True, y_norm=True, cam_attn_compress=1, init_cam_from_base=True, use_chunk_plucker_post_attn=True, chunk_plucker_channels=48, chunk_plucker_post_attn_blocks=20, fp32_attention=True, image_size=720, caption_channels=2304, mlp_ratio=3.0, mlp_acts=('silu', 'silu', None), use_pe=True, learn_sigma=False, pred_sigma=False, mixed_precision='bf16'):
        super().__init__()
        depth = num_layers
        num_heads = num_attention_heads
        patch_size = tuple(patch_size)
        mlp_acts = list(mlp_acts)
        pe_interpolation = 1.0
        norm_eps = 1e-05
        patch_embed_kernel = None
        timestep_norm_scale_factor = 1.0
        rope_fhw_dim = None
        pack_latents = False
        chunk_size = 10
        use_chunk_plucker_input = False
        self.pred_sigma = pred_sigma
        self.in_channels = in_channels
        self.out_channels = in_channels * 2 if pred_sigma else in_channels
        self.hidden_size = hidden_size
        self.num_heads = num_heads
        self.linear_head_dim = linear_head_dim
        self.pe_interpolation = pe_interpolation
        self.depth = depth
        self.use_pe = use_pe
        self.pos_embed_type = pos_embed_type
        self.y_norm = y_norm
        self.timestep_norm_scale_factor = timestep_norm_scale_factor
        self.gradient_checkpointing = False
        self.time_proj = Timesteps(num_channels=256, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.t_embedder = TimestepEmbedding(in_channels=256, time_embed_dim=hidden_size)
        if self.y_norm:
            self.attention_y_norm = RMSNorm(hidden_size, eps=norm_eps)
        self.chunk_size = chunk_size
        self.patch_size = patch_size

        def approx_gelu():
            return nn.GELU(approximate='tanh')
        self.t_block = nn.Sequential(nn.SiLU(), nn.Linear(hidden_size, 6 * hidden_size, bias=True))
        self.pos_embed_ms = None
        self.pack_latents = pack_latents
        self.cam_attn_compress = cam_attn_compress
        kernel_size = patch_embed_kernel or patch_size
        x_embedder_in_channels = in_channels
        if self.pack_latents:
            x_embedder_in_channels = x_embedder_in_channels * 2 * 2
            self.out_channels = in_channels * 2 * 2
        self.x_embedder = SanaWMPatchEmbed(patch_size, x_embedder_in_channels, hidden_size, kernel_size=kernel_size, bias=True)
        self.y_embedder = SanaWMCaptionEmbedder(in_channels=caption_channels, hidden_size=hidden_size, act_layer=approx_gelu)
        self.use_chunk_plucker_input = use_chunk_plucker_input
        self.use_chunk_plucker_post_attn = use_chunk_plucker_post_attn
        if self.use_chunk_plucker_input or self.use_chunk_plucker_post_attn:
            self.plucker_embedder = SanaWMPatchEmbed(patch_size, chunk_plucker_channels, hidden_size, kernel_size=kernel_size, bias=True)
        self.raymap_embedder = SanaWMPatchEmbed(patch_size, 3, hidden_size, kernel_size=kernel_size, bias=True)
        if use_pe:
            if pos_embed_type != 'wan_rope':
                raise ValueError(f'`pos_embed_type` must be "wan_rope", got {pos_embed_type!r}.')
            self.rope = SanaWMRotaryPosEmbed(attention_head_dim=linear_head_dim, patch_size=patch_size, max_seq_len=1024, fhw_dim=rope_fhw_dim)
        self.softmax_every_n = softmax_every_n
        attn_cls_list = []
        for i in range(depth):
            if softmax_every_n > 0 and (i + 1) % softmax_every_n == 0:
                attn_cls = _SoftmaxUCPESinglePathLiteLA
            else:
                attn_cls = BidirectionalGDNUCPESinglePathLiteLA
            attn_cls_list.append(attn_cls)
        self.blocks = nn.ModuleList([SanaVideoMSCamCtrlBlock(hidden_size, num_heads, attn_cls=attn_cls_list[i], mlp_ratio=mlp_ratio, qk_norm=qk_norm, ffn_type=ffn_type, mlp_acts=mlp_acts, linear_head_dim=linear_head_dim, cross_norm=cross_norm, t_kernel_size=t_kernel_size, patch_size=patch_size, cam_attn_compress=self.cam_attn_compress, chunk_size=chunk_size, conv_kernel_size=conv_kernel_size, k_conv_only=k_conv_only, use_chunk_plucker_post_attn=use_chunk_plucker_post_attn and (chunk_plucker_post_attn_blocks < 0 or i < chunk_plucker_post_attn_blocks)) for i in range(depth)])
        self.final_layer = T2IFinalLayer(hidden_size, patch_size, self.out_channels)
        if ffn_type == 'GLUMBConvTemp':
            pass
        self.in_channels = self.out_channels = in_channels
