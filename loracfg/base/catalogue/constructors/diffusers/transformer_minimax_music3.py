"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): transformer_minimax_music3. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionModuleMixin
from .embeddings import TimestepEmbedding
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class MiniMaxMusic3FourierEmbedding(nn.Module):

    def __init__(self, embedding_dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(embedding_dim // 2, 1))

class MiniMaxMusic3RotaryEmbedding(nn.Module):

    def __init__(self, rotary_dim, theta=10000.0):
        super().__init__()
        self.rotary_dim = rotary_dim
        self.theta = theta

class MiniMaxMusic3AttnProcessor:
    _attention_backend = None
    _parallel_config = None

class MiniMaxMusic3Attention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = MiniMaxMusic3AttnProcessor

    def __init__(self, dim, heads, head_dim, processor=None):
        super().__init__()
        self.heads = heads
        self.head_dim = head_dim
        self.inner_dim = heads * head_dim
        self.to_q = nn.Linear(dim, self.inner_dim, bias=False)
        self.to_k = nn.Linear(dim, self.inner_dim, bias=False)
        self.to_v = nn.Linear(dim, self.inner_dim, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(self.inner_dim, dim, bias=False), nn.Dropout(0.0)])
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class MiniMaxMusic3TransformerBlock(nn.Module):

    def __init__(self, dim, heads, head_dim, ff_inner_dim):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attn = MiniMaxMusic3Attention(dim, heads, head_dim)
        self.norm2 = nn.LayerNorm(dim)
        self.ff_in = nn.Linear(dim, ff_inner_dim * 2)
        self.ff_out = nn.Linear(ff_inner_dim, dim)

class MiniMaxMusic3Transformer1DModel(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=128, condition_dim=2048, num_layers=36, num_attention_heads=32, attention_head_dim=64, ff_inner_dim=8192, rotary_dim=32, fourier_embedding_dim=256):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        concat_channels = 2 * in_channels + condition_dim
        self.time_proj = MiniMaxMusic3FourierEmbedding(fourier_embedding_dim)
        self.time_embed = TimestepEmbedding(fourier_embedding_dim, inner_dim)
        self.preprocess_conv = nn.Conv1d(concat_channels, concat_channels, 1, bias=False)
        self.proj_in = nn.Linear(concat_channels, inner_dim, bias=False)
        self.rotary_emb = MiniMaxMusic3RotaryEmbedding(rotary_dim)
        self.transformer_blocks = nn.ModuleList([MiniMaxMusic3TransformerBlock(inner_dim, num_attention_heads, attention_head_dim, ff_inner_dim) for _ in range(num_layers)])
        self.proj_out = nn.Linear(inner_dim, in_channels, bias=False)
        self.postprocess_conv = nn.Conv1d(in_channels, in_channels, 1, bias=False)
        self.gradient_checkpointing = False
