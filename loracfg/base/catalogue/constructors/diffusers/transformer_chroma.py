"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_chroma. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, FeedForward
from .cache_utils import CacheMixin
from .embeddings import CombinedTimestepLabelEmbeddings, FluxPosEmbed, PixArtAlphaTextProjection, Timesteps, get_timestep_embedding
from .normalization import FP32LayerNorm, RMSNorm
from .transformer_flux import FluxAttention, FluxAttnProcessor
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class ChromaAdaLayerNormZeroPruned(nn.Module):

    def __init__(self, embedding_dim, num_embeddings=None, norm_type='layer_norm', bias=True):
        super().__init__()
        if num_embeddings is not None:
            self.emb = CombinedTimestepLabelEmbeddings(num_embeddings, embedding_dim)
        else:
            self.emb = None
        if norm_type == 'layer_norm':
            self.norm = nn.LayerNorm(embedding_dim, elementwise_affine=False, eps=1e-06)
        elif norm_type == 'fp32_layer_norm':
            self.norm = FP32LayerNorm(embedding_dim, elementwise_affine=False, bias=False)
        else:
            raise ValueError(f"Unsupported `norm_type` ({norm_type}) provided. Supported ones are: 'layer_norm', 'fp32_layer_norm'.")

class ChromaAdaLayerNormZeroSinglePruned(nn.Module):

    def __init__(self, embedding_dim, norm_type='layer_norm', bias=True):
        super().__init__()
        if norm_type == 'layer_norm':
            self.norm = nn.LayerNorm(embedding_dim, elementwise_affine=False, eps=1e-06)
        else:
            raise ValueError(f"Unsupported `norm_type` ({norm_type}) provided. Supported ones are: 'layer_norm', 'fp32_layer_norm'.")

class ChromaAdaLayerNormContinuousPruned(nn.Module):

    def __init__(self, embedding_dim, conditioning_embedding_dim, elementwise_affine=True, eps=1e-05, bias=True, norm_type='layer_norm'):
        super().__init__()
        if norm_type == 'layer_norm':
            self.norm = nn.LayerNorm(embedding_dim, eps, elementwise_affine, bias)
        elif norm_type == 'rms_norm':
            self.norm = RMSNorm(embedding_dim, eps, elementwise_affine)
        else:
            raise ValueError(f'unknown norm_type {norm_type}')

class ChromaCombinedTimestepTextProjEmbeddings(nn.Module):

    def __init__(self, num_channels, out_dim):
        super().__init__()
        self.time_proj = Timesteps(num_channels=num_channels, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.guidance_proj = Timesteps(num_channels=num_channels, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.register_buffer('mod_proj', get_timestep_embedding(torch.arange(out_dim) * 1000, 2 * num_channels, flip_sin_to_cos=True, downscale_freq_shift=0), persistent=False)

class ChromaApproximator(nn.Module):

    def __init__(self, in_dim, out_dim, hidden_dim, n_layers=5):
        super().__init__()
        self.in_proj = nn.Linear(in_dim, hidden_dim, bias=True)
        self.layers = nn.ModuleList([PixArtAlphaTextProjection(hidden_dim, hidden_dim, act_fn='silu') for _ in range(n_layers)])
        self.norms = nn.ModuleList([nn.RMSNorm(hidden_dim) for _ in range(n_layers)])
        self.out_proj = nn.Linear(hidden_dim, out_dim)

class ChromaSingleTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, mlp_ratio=4.0):
        super().__init__()
        self.mlp_hidden_dim = int(dim * mlp_ratio)
        self.norm = ChromaAdaLayerNormZeroSinglePruned(dim)
        self.proj_mlp = nn.Linear(dim, self.mlp_hidden_dim)
        self.act_mlp = nn.GELU(approximate='tanh')
        self.proj_out = nn.Linear(dim + self.mlp_hidden_dim, dim)
        processor = FluxAttnProcessor()
        self.attn = FluxAttention(query_dim=dim, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=dim, bias=True, processor=processor, eps=1e-06, pre_only=True)

class ChromaTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, qk_norm='rms_norm', eps=1e-06):
        super().__init__()
        self.norm1 = ChromaAdaLayerNormZeroPruned(dim)
        self.norm1_context = ChromaAdaLayerNormZeroPruned(dim)
        self.attn = FluxAttention(query_dim=dim, added_kv_proj_dim=dim, dim_head=attention_head_dim, heads=num_attention_heads, out_dim=dim, context_pre_only=False, bias=True, processor=FluxAttnProcessor(), eps=eps)
        self.norm2 = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-06)
        self.ff = FeedForward(dim=dim, dim_out=dim, activation_fn='gelu-approximate')
        self.norm2_context = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-06)
        self.ff_context = FeedForward(dim=dim, dim_out=dim, activation_fn='gelu-approximate')

class ChromaTransformer2DModel(ModelMixin, ConfigMixin, CacheMixin, AttentionMixin):

    @register_to_config
    def __init__(self, patch_size=1, in_channels=64, out_channels=None, num_layers=19, num_single_layers=38, attention_head_dim=128, num_attention_heads=24, joint_attention_dim=4096, axes_dims_rope=(16, 56, 56), approximator_num_channels=64, approximator_hidden_dim=5120, approximator_layers=5):
        super().__init__()
        self.out_channels = out_channels or in_channels
        self.inner_dim = num_attention_heads * attention_head_dim
        self.pos_embed = FluxPosEmbed(theta=10000, axes_dim=axes_dims_rope)
        self.time_text_embed = ChromaCombinedTimestepTextProjEmbeddings(num_channels=approximator_num_channels // 4, out_dim=3 * num_single_layers + 2 * 6 * num_layers + 2)
        self.distilled_guidance_layer = ChromaApproximator(in_dim=approximator_num_channels, out_dim=self.inner_dim, hidden_dim=approximator_hidden_dim, n_layers=approximator_layers)
        self.context_embedder = nn.Linear(joint_attention_dim, self.inner_dim)
        self.x_embedder = nn.Linear(in_channels, self.inner_dim)
        self.transformer_blocks = nn.ModuleList([ChromaTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim) for _ in range(num_layers)])
        self.single_transformer_blocks = nn.ModuleList([ChromaSingleTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim) for _ in range(num_single_layers)])
        self.norm_out = ChromaAdaLayerNormContinuousPruned(self.inner_dim, self.inner_dim, elementwise_affine=False, eps=1e-06)
        self.proj_out = nn.Linear(self.inner_dim, patch_size * patch_size * self.out_channels, bias=True)
        self.gradient_checkpointing = False
