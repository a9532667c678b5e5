"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_easyanimate. Made by `python -m loracfg.base.transcriber`."""
from .attention import FeedForward
from .attention_processor import Attention
from .embeddings import TimestepEmbedding, Timesteps
from .normalization import AdaLayerNorm, FP32LayerNorm, RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.turns import range

class EasyAnimateLayerNormZero(nn.Module):

    def __init__(self, conditioning_dim, embedding_dim, elementwise_affine=True, eps=1e-05, bias=True, norm_type='fp32_layer_norm'):
        super().__init__()
        self.silu = nn.SiLU()
        self.linear = nn.Linear(conditioning_dim, 6 * embedding_dim, bias=bias)
        if norm_type == 'layer_norm':
            self.norm = nn.LayerNorm(embedding_dim, elementwise_affine=elementwise_affine, eps=eps)
        elif norm_type == 'fp32_layer_norm':
            self.norm = FP32LayerNorm(embedding_dim, elementwise_affine=elementwise_affine, eps=eps)
        else:
            raise ValueError(f"Unsupported `norm_type` ({norm_type}) provided. Supported ones are: 'layer_norm', 'fp32_layer_norm'.")

class EasyAnimateRotaryPosEmbed(nn.Module):

    def __init__(self, patch_size, rope_dim):
        super().__init__()
        self.patch_size = patch_size
        self.rope_dim = rope_dim

class EasyAnimateAttnProcessor2_0:

    def __init__(self):
        if not hasattr(F, 'scaled_dot_product_attention'):
            raise ImportError('EasyAnimateAttnProcessor2_0 requires PyTorch 2.0 or above. To use it, please install PyTorch 2.0.')

class EasyAnimateTransformerBlock(nn.Module):

    def __init__(self, dim, num_attention_heads, attention_head_dim, time_embed_dim, dropout=0.0, activation_fn='gelu-approximate', norm_elementwise_affine=True, norm_eps=1e-06, final_dropout=True, ff_inner_dim=None, ff_bias=True, qk_norm=True, after_norm=False, norm_type='fp32_layer_norm', is_mmdit_block=True):
        super().__init__()
        self.norm1 = EasyAnimateLayerNormZero(time_embed_dim, dim, norm_elementwise_affine, norm_eps, norm_type=norm_type, bias=True)
        self.attn1 = Attention(query_dim=dim, dim_head=attention_head_dim, heads=num_attention_heads, qk_norm='layer_norm' if qk_norm else None, eps=1e-06, bias=True, added_proj_bias=True, added_kv_proj_dim=dim if is_mmdit_block else None, context_pre_only=False if is_mmdit_block else None, processor=EasyAnimateAttnProcessor2_0())
        self.norm2 = EasyAnimateLayerNormZero(time_embed_dim, dim, norm_elementwise_affine, norm_eps, norm_type=norm_type, bias=True)
        self.ff = FeedForward(dim, dropout=dropout, activation_fn=activation_fn, final_dropout=final_dropout, inner_dim=ff_inner_dim, bias=ff_bias)
        self.txt_ff = None
        if is_mmdit_block:
            self.txt_ff = FeedForward(dim, dropout=dropout, activation_fn=activation_fn, final_dropout=final_dropout, inner_dim=ff_inner_dim, bias=ff_bias)
        self.norm3 = None
        if after_norm:
            self.norm3 = FP32LayerNorm(dim, elementwise_affine=norm_elementwise_affine, eps=norm_eps)

class EasyAnimateTransformer3DModel(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, num_attention_heads=48, attention_head_dim=64, in_channels=None, out_channels=None, patch_size=None, sample_width=90, sample_height=60, activation_fn='gelu-approximate', timestep_activation_fn='silu', freq_shift=0, num_layers=48, mmdit_layers=48, dropout=0.0, time_embed_dim=512, add_norm_text_encoder=False, text_embed_dim=3584, text_embed_dim_t5=None, norm_eps=1e-05, norm_elementwise_affine=True, flip_sin_to_cos=True, time_position_encoding_type='3d_rope', after_norm=False, resize_inpaint_mask_directly=True, enable_text_attention_mask=True, add_noise_in_inpaint_model=True):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        self.time_proj = Timesteps(inner_dim, flip_sin_to_cos, freq_shift)
        self.time_embedding = TimestepEmbedding(inner_dim, time_embed_dim, timestep_activation_fn)
        self.rope_embedding = EasyAnimateRotaryPosEmbed(patch_size, attention_head_dim)
        self.proj = nn.Conv2d(in_channels, inner_dim, kernel_size=(patch_size, patch_size), stride=patch_size, bias=True)
        self.text_proj = None
        self.text_proj_t5 = None
        if not add_norm_text_encoder:
            self.text_proj = nn.Linear(text_embed_dim, inner_dim)
            if text_embed_dim_t5 is not None:
                self.text_proj_t5 = nn.Linear(text_embed_dim_t5, inner_dim)
        else:
            self.text_proj = nn.Sequential(RMSNorm(text_embed_dim, 1e-06, elementwise_affine=True), nn.Linear(text_embed_dim, inner_dim))
            if text_embed_dim_t5 is not None:
                self.text_proj_t5 = nn.Sequential(RMSNorm(text_embed_dim, 1e-06, elementwise_affine=True), nn.Linear(text_embed_dim_t5, inner_dim))
        self.transformer_blocks = nn.ModuleList([EasyAnimateTransformerBlock(dim=inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, time_embed_dim=time_embed_dim, dropout=dropout, activation_fn=activation_fn, norm_elementwise_affine=norm_elementwise_affine, norm_eps=norm_eps, after_norm=after_norm, is_mmdit_block=True if _ < mmdit_layers else False) for _ in range(num_layers)])
        self.norm_final = nn.LayerNorm(inner_dim, norm_eps, norm_elementwise_affine)
        self.norm_out = AdaLayerNorm(embedding_dim=time_embed_dim, output_dim=2 * inner_dim, norm_elementwise_affine=norm_elementwise_affine, norm_eps=norm_eps, chunk_dim=1)
        self.proj_out = nn.Linear(inner_dim, patch_size * patch_size * out_channels)
        self.gradient_checkpointing = False
