"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): ltx2_diffusion_decoder. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from .embeddings import PixArtAlphaCombinedTimestepSizeEmbeddings
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class LTX2VideoVaeRotaryPosEmbed3D(nn.Module):

    def __init__(self, head_dim, base=10000.0):
        super().__init__()
        if head_dim % 8 != 0:
            raise ValueError(f'head_dim must be a multiple of 8, got {head_dim}.')
        dim_t = head_dim // 4 // 2 * 2
        dim_hw = (head_dim - dim_t) // 2
        if dim_hw % 2 != 0:
            dim_t -= 2
            dim_hw = (head_dim - dim_t) // 2
        self.rope_dim_split = (dim_t, dim_hw, dim_hw)
        self.base = base

class LTX2VideoVaeNeighborhoodAttnProcessor:
    _attention_backend = 'flex'
    _parallel_config = None

class LTX2VideoVaeNeighborhoodAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = LTX2VideoVaeNeighborhoodAttnProcessor

    def __init__(self, dim, kernel_size, head_dim=64, rope_base=10000.0):
        super().__init__()
        if dim % head_dim != 0:
            raise ValueError(f'dim {dim} must be divisible by head_dim {head_dim}.')
        self.heads = dim // head_dim
        self.head_dim = head_dim
        self.kernel_size = tuple(kernel_size)
        self.scale = head_dim ** (-0.5)
        self.to_q = nn.Linear(dim, dim, bias=True)
        self.to_k = nn.Linear(dim, dim, bias=True)
        self.to_v = nn.Linear(dim, dim, bias=True)
        self.to_out = nn.ModuleList([nn.Linear(dim, dim, bias=True), nn.Dropout(0.0)])
        self.norm_q = nn.RMSNorm(head_dim, eps=1e-06)
        self.norm_k = nn.RMSNorm(head_dim, eps=1e-06)
        self.rope = LTX2VideoVaeRotaryPosEmbed3D(head_dim, base=rope_base)
        self.set_processor(self._default_processor_cls())

class LTX2VideoVaeSwiGLU(nn.Module):

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.w_up = nn.Linear(dim, hidden_dim, bias=False)
        self.w_gate = nn.Linear(dim, hidden_dim, bias=False)
        self.w_down = nn.Linear(hidden_dim, dim, bias=False)

def _swiglu_hidden_dim(dim, mlp_ratio):
    return (int(dim * mlp_ratio) + 15) // 16 * 16

class LTX2VideoVaeNABlock(nn.Module):

    def __init__(self, dim, kernel_size, head_dim=64, mlp_ratio=4.0):
        super().__init__()
        self.norm1 = nn.RMSNorm(dim, eps=1e-06)
        self.attn = LTX2VideoVaeNeighborhoodAttention(dim, kernel_size, head_dim=head_dim)
        self.norm2 = nn.RMSNorm(dim, eps=1e-06)
        self.mlp = LTX2VideoVaeSwiGLU(dim, _swiglu_hidden_dim(dim, mlp_ratio))

class LTX2VideoVaeAdaLNZero(nn.Module):

    def __init__(self, dim, t_emb_dim, num_chunks=7):
        super().__init__()
        self.num_chunks = num_chunks
        self.proj = nn.Linear(t_emb_dim, num_chunks * dim, bias=True)

class LTX2VideoVaeDiffusionNABlock(nn.Module):

    def __init__(self, dim, kernel_size, context_channels, head_dim=64, mlp_ratio=4.0, num_mod_params=7):
        super().__init__()
        self.context_channels = context_channels
        self.num_mod_params = num_mod_params
        self.context_proj = nn.Linear(context_channels, dim, bias=True)
        self.scale_shift_table = nn.Parameter(torch.zeros(num_mod_params, dim))
        self.norm1 = nn.RMSNorm(dim, eps=1e-06)
        self.attn = LTX2VideoVaeNeighborhoodAttention(dim, kernel_size, head_dim=head_dim)
        self.norm2 = nn.RMSNorm(dim, eps=1e-06)
        self.mlp = LTX2VideoVaeSwiGLU(dim, _swiglu_hidden_dim(dim, mlp_ratio))

class LTX2VideoVaePixelShuffleUpsampler(nn.Module):

    def __init__(self, in_channels, stride, out_channels_reduction_factor=1):
        super().__init__()
        self.stride = tuple(stride)
        proj_out_channels = math.prod(self.stride) * in_channels // out_channels_reduction_factor
        self.out_channels = proj_out_channels // math.prod(self.stride)
        self.proj = nn.Linear(in_channels, proj_out_channels, bias=True)

class LTX2VideoDiffusionDecoder3d(nn.Module):

    def __init__(self, in_channels=128, out_channels=3, patch_size=4, head_dim=64, stage_channels=(2048, 1024, 512, 512, 256), stage_depths=(4, 6, 4, 2, 8), stage_kernels=((3, 7, 7), (3, 7, 7), (3, 5, 5), (3, 5, 5)), upsample_strides=((1, 2, 2), (2, 1, 1), (2, 2, 2), (2, 2, 2)), upsample_channel_reductions=(2, 2, 1, 2), stage5_kernel=(11, 11, 11), t_emb_dim=384, temporal_compression_ratio=8, timestep_scale_multiplier=1000.0, model_output_type='x0', default_num_inference_steps=1):
        super().__init__()
        if model_output_type not in ('x0', 'v'):
            raise ValueError(f"model_output_type must be 'x0' or 'v', got {model_output_type!r}.")
        for stage_idx, reduction in enumerate(upsample_channel_reductions):
            expected = stage_channels[stage_idx] // reduction
            if stage_channels[stage_idx + 1] != expected:
                raise ValueError(f'stage_channels[{stage_idx + 1}] must be stage_channels[{stage_idx}] // upsample_channel_reductions[{stage_idx}] = {expected}, got {stage_channels[stage_idx + 1]}.')
        self.patch_size = patch_size
        self.out_channels = out_channels
        self.timestep_scale_multiplier = timestep_scale_multiplier
        self.model_output_type = model_output_type
        self.default_num_inference_steps = default_num_inference_steps
        self.temporal_compression_ratio = temporal_compression_ratio
        self.context_channels = stage_channels[-1]
        self.trailing_pad_latent_frames = stage_kernels[0][0] // 2 * 2
        self.conv_in = nn.Linear(in_channels, stage_channels[0], bias=True)
        self.det_stages = nn.ModuleList()
        self.upsamples = nn.ModuleList()
        for stage_idx, stride in enumerate(upsample_strides):
            channels = stage_channels[stage_idx]
            self.det_stages.append(nn.ModuleList([LTX2VideoVaeNABlock(dim=channels, kernel_size=stage_kernels[stage_idx], head_dim=head_dim) for _ in range(stage_depths[stage_idx])]))
            self.upsamples.append(LTX2VideoVaePixelShuffleUpsampler(in_channels=channels, stride=stride, out_channels_reduction_factor=upsample_channel_reductions[stage_idx]))
        self.t_embedder = PixArtAlphaCombinedTimestepSizeEmbeddings(embedding_dim=t_emb_dim, size_emb_dim=0)
        stage5_channels = stage_channels[-1]
        noised_pixel_channels = out_channels * patch_size ** 2
        self.conv_in_x_t = nn.Linear(noised_pixel_channels, stage5_channels, bias=True)
        self.shared_adaln = LTX2VideoVaeAdaLNZero(dim=stage5_channels, t_emb_dim=t_emb_dim)
        self.diff_blocks = nn.ModuleList([LTX2VideoVaeDiffusionNABlock(dim=stage5_channels, kernel_size=stage5_kernel, context_channels=self.context_channels, head_dim=head_dim, num_mod_params=self.shared_adaln.num_chunks) for _ in range(stage_depths[-1])])
        self.norm_out = nn.RMSNorm(stage5_channels, eps=1e-06)
        self.conv_out = nn.Linear(stage5_channels, noised_pixel_channels, bias=True)

class LTX2VideoDiffusionDecoderModel(ModelMixin, AttentionMixin, ConfigMixin):

    @register_to_config
    def __init__(self, out_channels=3, latent_channels=128, patch_size=4, scaling_factor=1.0, decoder_head_dim=64, decoder_stage_channels=(2048, 1024, 512, 512, 256), decoder_stage_depths=(4, 6, 4, 2, 8), decoder_stage_kernels=((3, 7, 7), (3, 7, 7), (3, 5, 5), (3, 5, 5)), decoder_upsample_strides=((1, 2, 2), (2, 1, 1), (2, 2, 2), (2, 2, 2)), decoder_upsample_channel_reductions=(2, 2, 1, 2), decoder_stage5_kernel=(11, 11, 11), decoder_t_emb_dim=384, decoder_timestep_scale_multiplier=1000.0, decoder_model_output_type='x0', decoder_num_inference_steps=1, spatial_compression_ratio=32, temporal_compression_ratio=8):
        super().__init__()
        self.decoder = LTX2VideoDiffusionDecoder3d(in_channels=latent_channels, out_channels=out_channels, patch_size=patch_size, head_dim=decoder_head_dim, stage_channels=decoder_stage_channels, stage_depths=decoder_stage_depths, stage_kernels=decoder_stage_kernels, upsample_strides=decoder_upsample_strides, upsample_channel_reductions=decoder_upsample_channel_reductions, stage5_kernel=decoder_stage5_kernel, t_emb_dim=decoder_t_emb_dim, temporal_compression_ratio=temporal_compression_ratio, timestep_scale_multiplier=decoder_timestep_scale_multiplier, model_output_type=decoder_model_output_type, default_num_inference_steps=decoder_num_inference_steps)
        self.spatial_compression_ratio = spatial_compression_ratio
        self.temporal_compression_ratio = temporal_compression_ratio
        self.use_tiling = False
        self.tile_sample_min_height = 768
        self.tile_sample_min_width = 768
        self.tile_sample_min_num_frames = 80
        self.tile_sample_stride_height = 704
        self.tile_sample_stride_width = 704
        self.tile_sample_stride_num_frames = 56
        latents_mean = torch.zeros((latent_channels,), requires_grad=False)
        latents_std = torch.ones((latent_channels,), requires_grad=False)
        self.register_buffer('latents_mean', latents_mean, persistent=True)
        self.register_buffer('latents_std', latents_std, persistent=True)
