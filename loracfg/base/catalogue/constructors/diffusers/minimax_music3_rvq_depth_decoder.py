"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): minimax_music3_rvq_depth_decoder. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionModuleMixin
from .normalization import RMSNorm
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class MiniMaxMusic3DepthAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class MiniMaxMusic3DepthAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = MiniMaxMusic3DepthAttnProcessor

    def __init__(self, dim, heads, processor=None):
        super().__init__()
        self.heads = heads
        self.head_dim = dim // heads
        self.to_q = nn.Linear(dim, dim, bias=False)
        self.to_k = nn.Linear(dim, dim, bias=False)
        self.to_v = nn.Linear(dim, dim, bias=False)
        self.to_out = nn.Linear(dim, dim, bias=False)
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class MiniMaxMusic3DepthDecoderBlock(nn.Module):

    def __init__(self, dim, heads, intermediate_size):
        super().__init__()
        self.input_layernorm = RMSNorm(dim, eps=1e-06, elementwise_affine=True)
        self.attn = MiniMaxMusic3DepthAttention(dim, heads)
        self.post_attention_layernorm = RMSNorm(dim, eps=1e-06, elementwise_affine=True)
        self.gate_proj = nn.Linear(dim, intermediate_size, bias=False)
        self.up_proj = nn.Linear(dim, intermediate_size, bias=False)
        self.down_proj = nn.Linear(intermediate_size, dim, bias=False)

class MiniMaxMusic3RVQDepthDecoder(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, hidden_size=4096, num_layers=4, num_attention_heads=16, intermediate_size=6144, audio_vocab_size=1024, num_codebooks=8, max_position_embeddings=16):
        super().__init__()
        self.audio_embeddings = nn.Embedding(audio_vocab_size * (num_codebooks - 1), hidden_size)
        self.projection = nn.Linear(hidden_size, hidden_size, bias=False)
        self.pos_embedding = nn.Embedding(max_position_embeddings, hidden_size)
        self.layers = nn.ModuleList([MiniMaxMusic3DepthDecoderBlock(hidden_size, num_attention_heads, intermediate_size) for _ in range(num_layers)])
        self.norm = RMSNorm(hidden_size, eps=1e-06, elementwise_affine=True)
        self.audio_heads = nn.ModuleList([nn.Linear(hidden_size, audio_vocab_size, bias=False) for _ in range(num_codebooks - 1)])
