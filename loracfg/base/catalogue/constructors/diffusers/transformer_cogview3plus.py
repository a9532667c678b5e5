"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_cogview3plus. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, FeedForward
from .attention_processor import Attention, CogVideoXAttnProcessor2_0
from .embeddings import CogView3CombinedTimestepSizeEmbeddings, CogView3PlusPatchEmbed
from .normalization import AdaLayerNormContinuous, CogView3PlusAdaLayerNormZeroTextImage
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class CogView3PlusTransformerBlock(nn.Module):

    def __init__(self, dim=2560, num_attention_heads=64, attention_head_dim=40, time_embed_dim=512):
        super().__init__()
        self.norm1 = CogView3PlusAdaLayerNormZeroTextImage(embedding_dim=time_embed_dim, dim=dim)
        self.attn1 = Attention(query_dim=dim, heads=num_attention_heads, dim_head=attention_head_dim, out_dim=dim, bias=True, qk_norm='layer_norm', elementwise_affine=False, eps=1e-06, processor=CogVideoXAttnProcessor2_0())
        self.norm2 = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.norm2_context = nn.LayerNorm(dim, elementwise_affine=False, eps=1e-05)
        self.ff = FeedForward(dim=dim, dim_out=dim, activation_fn='gelu-approximate')

class CogView3PlusTransformer2DModel(ModelMixin, AttentionMixin, ConfigMixin):

    @register_to_config
    def __init__(self, patch_size=2, in_channels=16, num_layers=30, attention_head_dim=40, num_attention_heads=64, out_channels=16, text_embed_dim=4096, time_embed_dim=512, condition_dim=256, pos_embed_max_size=128, sample_size=128):
        super().__init__()
        self.out_channels = out_channels
        self.inner_dim = num_attention_heads * attention_head_dim
        self.pooled_projection_dim = 3 * 2 * condition_dim
        self.patch_embed = CogView3PlusPatchEmbed(in_channels=in_channels, hidden_size=self.inner_dim, patch_size=patch_size, text_hidden_size=text_embed_dim, pos_embed_max_size=pos_embed_max_size)
        self.time_condition_embed = CogView3CombinedTimestepSizeEmbeddings(embedding_dim=time_embed_dim, condition_dim=condition_dim, pooled_projection_dim=self.pooled_projection_dim, timesteps_dim=self.inner_dim)
        self.transformer_blocks = nn.ModuleList([CogView3PlusTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, time_embed_dim=time_embed_dim) for _ in range(num_layers)])
        self.norm_out = AdaLayerNormContinuous(embedding_dim=self.inner_dim, conditioning_embedding_dim=time_embed_dim, elementwise_affine=False, eps=1e-06)
        self.proj_out = nn.Linear(self.inner_dim, patch_size * patch_size * self.out_channels, bias=True)
        self.gradient_checkpointing = False
