"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_hidream_image. Made by `python -m loracfg.base.transcriber`."""
from .attention_processor import Attention
from .embeddings import TimestepEmbedding, Timesteps
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class HiDreamImageFeedForwardSwiGLU(nn.Module):

    def __init__(self, dim, hidden_dim, multiple_of=256, ffn_dim_multiplier=None):
        super().__init__()
        hidden_dim = int(2 * hidden_dim / 3)
        if ffn_dim_multiplier is not None:
            hidden_dim = int(ffn_dim_multiplier * hidden_dim)
        hidden_dim = multiple_of * ((hidden_dim + multiple_of - 1) // multiple_of)
        self.w1 = nn.Linear(dim, hidden_dim, bias=False)
        self.w2 = nn.Linear(hidden_dim, dim, bias=False)
        self.w3 = nn.Linear(dim, hidden_dim, bias=False)

class HiDreamImagePooledEmbed(nn.Module):

    def __init__(self, text_emb_dim, hidden_size):
        super().__init__()
        self.pooled_embedder = TimestepEmbedding(in_channels=text_emb_dim, time_embed_dim=hidden_size)

class HiDreamImageTimestepEmbed(nn.Module):

    def __init__(self, hidden_size, frequency_embedding_size=256):
        super().__init__()
        self.time_proj = Timesteps(num_channels=frequency_embedding_size, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.timestep_embedder = TimestepEmbedding(in_channels=frequency_embedding_size, time_embed_dim=hidden_size)

class HiDreamImageOutEmbed(nn.Module):

    def __init__(self, hidden_size, patch_size, out_channels):
        super().__init__()
        self.norm_final = nn.LayerNorm(hidden_size, elementwise_affine=False, eps=1e-06)
        self.linear = nn.Linear(hidden_size, patch_size * patch_size * out_channels, bias=True)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(hidden_size, 2 * hidden_size, bias=True))

class HiDreamImagePatchEmbed(nn.Module):

    def __init__(self, patch_size=2, in_channels=4, out_channels=1024):
        super().__init__()
        self.patch_size = patch_size
        self.out_channels = out_channels
        self.proj = nn.Linear(in_channels * patch_size * patch_size, out_channels, bias=True)

class HiDreamImageEmbedND(nn.Module):

    def __init__(self, theta, axes_dim):
        super().__init__()
        self.theta = theta
        self.axes_dim = axes_dim

class HiDreamAttention(Attention):

    def __init__(self, query_dim, heads=8, dim_head=64, upcast_attention=False, upcast_softmax=False, scale_qk=True, eps=1e-05, processor=None, out_dim=None, single=False):
        super(Attention, self).__init__()
        self.inner_dim = out_dim if out_dim is not None else dim_head * heads
        self.query_dim = query_dim
        self.upcast_attention = upcast_attention
        self.upcast_softmax = upcast_softmax
        self.out_dim = out_dim if out_dim is not None else query_dim
        self.scale_qk = scale_qk
        self.scale = dim_head ** (-0.5) if self.scale_qk else 1.0
        self.heads = out_dim // dim_head if out_dim is not None else heads
        self.sliceable_head_dim = heads
        self.single = single
        self.to_q = nn.Linear(query_dim, self.inner_dim)
        self.to_k = nn.Linear(self.inner_dim, self.inner_dim)
        self.to_v = nn.Linear(self.inner_dim, self.inner_dim)
        self.to_out = nn.Linear(self.inner_dim, self.out_dim)
        self.q_rms_norm = nn.RMSNorm(self.inner_dim, eps)
        self.k_rms_norm = nn.RMSNorm(self.inner_dim, eps)
        if not single:
            self.to_q_t = nn.Linear(query_dim, self.inner_dim)
            self.to_k_t = nn.Linear(self.inner_dim, self.inner_dim)
            self.to_v_t = nn.Linear(self.inner_dim, self.inner_dim)
            self.to_out_t = nn.Linear(self.inner_dim, self.out_dim)
            self.q_rms_norm_t = nn.RMSNorm(self.inner_dim, eps)
            self.k_rms_norm_t = nn.RMSNorm(self.inner_dim, eps)
        self.set_processor(processor)

class HiDreamAttnProcessor:
    pass

class MoEGate(nn.Module):

    def __init__(self, embed_dim, num_routed_experts=4, num_activated_experts=2, aux_loss_alpha=0.01, _force_inference_output=False):
        super().__init__()
        self.top_k = num_activated_experts
        self.n_routed_experts = num_routed_experts
        self.scoring_func = 'softmax'
        self.alpha = aux_loss_alpha
        self.seq_aux = False
        self.norm_topk_prob = False
        self.gating_dim = embed_dim
        self.weight = nn.Parameter(torch.randn(self.n_routed_experts, self.gating_dim) / embed_dim ** 0.5)
        self._force_inference_output = _force_inference_output

class MOEFeedForwardSwiGLU(nn.Module):

    def __init__(self, dim, hidden_dim, num_routed_experts, num_activated_experts, _force_inference_output=False):
        super().__init__()
        self.shared_experts = HiDreamImageFeedForwardSwiGLU(dim, hidden_dim // 2)
        self.experts = nn.ModuleList([HiDreamImageFeedForwardSwiGLU(dim, hidden_dim) for i in range(num_routed_experts)])
        self._force_inference_output = _force_inference_output
        self.gate = MoEGate(embed_dim=dim, num_routed_experts=num_routed_experts, num_activated_experts=num_activated_experts, _force_inference_output=_force_inference_output)
        self.num_activated_experts = num_activated_experts

class TextProjection(nn.Module):

    def __init__(self, in_features, hidden_size):
        super().__init__()
        self.linear = nn.Linear(in_features=in_features, out_features=hidden_size, bias=False)

class HiDreamImageSingleTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, num_routed_experts=4, num_activated_experts=2, _force_inference_output=False):
        super().__init__()
        self.num_attention_heads = num_attention_heads
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(dim, 6 * dim, bias=True))
        self.norm1_i = nn.LayerNorm(dim, eps=1e-06, elementwise_affine=False)
        self.attn1 = HiDreamAttention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, processor=HiDreamAttnProcessor(), single=True)
        self.norm3_i = nn.LayerNorm(dim, eps=1e-06, elementwise_affine=False)
        if num_routed_experts > 0:
            self.ff_i = MOEFeedForwardSwiGLU(dim=dim, hidden_dim=4 * dim, num_routed_experts=num_routed_experts, num_activated_experts=num_activated_experts, _force_inference_output=_force_inference_output)
        else:
            self.ff_i = HiDreamImageFeedForwardSwiGLU(dim=dim, hidden_dim=4 * dim)

class HiDreamImageTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, num_routed_experts=4, num_activated_experts=2, _force_inference_output=False):
        super().__init__()
        self.num_attention_heads = num_attention_heads
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(dim, 12 * dim, bias=True))
        self.norm1_i = nn.LayerNorm(dim, eps=1e-06, elementwise_affine=False)
        self.norm1_t = nn.LayerNorm(dim, eps=1e-06, elementwise_affine=False)
        self.attn1 = HiDreamAttention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, processor=HiDreamAttnProcessor(), single=False)
        self.norm3_i = nn.LayerNorm(dim, eps=1e-06, elementwise_affine=False)
        if num_routed_experts > 0:
            self.ff_i = MOEFeedForwardSwiGLU(dim=dim, hidden_dim=4 * dim, num_routed_experts=num_routed_experts, num_activated_experts=num_activated_experts, _force_inference_output=_force_inference_output)
        else:
            self.ff_i = HiDreamImageFeedForwardSwiGLU(dim=dim, hidden_dim=4 * dim)
        self.norm3_t = nn.LayerNorm(dim, eps=1e-06, elementwise_affine=False)
        self.ff_t = HiDreamImageFeedForwardSwiGLU(dim=dim, hidden_dim=4 * dim)

class HiDreamBlock(nn.Module):

    def __init__(self, block):
        super().__init__()
        self.block = block

class HiDreamImageTransformer2DModel(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, patch_size=None, in_channels=64, out_channels=None, num_layers=16, num_single_layers=32, attention_head_dim=128, num_attention_heads=20, caption_channels=None, text_emb_dim=2048, num_routed_experts=4, num_activated_experts=2, axes_dims_rope=(32, 32), max_resolution=(128, 128), llama_layers=None, force_inference_output=False):
        super().__init__()
        self.out_channels = out_channels or in_channels
        self.inner_dim = num_attention_heads * attention_head_dim
        self.t_embedder = HiDreamImageTimestepEmbed(self.inner_dim)
        self.p_embedder = HiDreamImagePooledEmbed(text_emb_dim, self.inner_dim)
        self.x_embedder = HiDreamImagePatchEmbed(patch_size=patch_size, in_channels=in_channels, out_channels=self.inner_dim)
        self.pe_embedder = HiDreamImageEmbedND(theta=10000, axes_dim=axes_dims_rope)
        self.double_stream_blocks = nn.ModuleList([HiDreamBlock(HiDreamImageTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, num_routed_experts=num_routed_experts, num_activated_experts=num_activated_experts, _force_inference_output=force_inference_output)) for _ in range(num_layers)])
        self.single_stream_blocks = nn.ModuleList([HiDreamBlock(HiDreamImageSingleTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, num_routed_experts=num_routed_experts, num_activated_experts=num_activated_experts, _force_inference_output=force_inference_output)) for _ in range(num_single_layers)])
        self.final_layer = HiDreamImageOutEmbed(self.inner_dim, patch_size, self.out_channels)
        caption_channels = [caption_channels[1]] * (num_layers + num_single_layers) + [caption_channels[0]]
        caption_projection = []
        for caption_channel in caption_channels:
            caption_projection.append(TextProjection(in_features=caption_channel, hidden_size=self.inner_dim))
        self.caption_projection = nn.ModuleList(caption_projection)
        self.max_seq = max_resolution[0] * max_resolution[1] // (patch_size * patch_size)
        self.gradient_checkpointing = False
