"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): condition_embedder_anima. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionModuleMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class AnimaRotaryEmbedding(nn.Module):

    def __init__(self, head_dim, rope_theta=10000.0):
        super().__init__()
        inv_freq = 1.0 / rope_theta ** (torch.arange(0, head_dim, 2, dtype=torch.int64).to(dtype=torch.float32) / head_dim)
        self.register_buffer('inv_freq', inv_freq, persistent=False)

class AnimaTextConditionerAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class AnimaTextConditionerAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = AnimaTextConditionerAttnProcessor

    def __init__(self, query_dim, context_dim, num_attention_heads, attention_head_dim, processor=None):
        super().__init__()
        inner_dim = num_attention_heads * attention_head_dim
        self.num_attention_heads = num_attention_heads
        self.attention_head_dim = attention_head_dim
        self.q_proj = nn.Linear(query_dim, inner_dim, bias=False)
        self.q_norm = nn.RMSNorm(attention_head_dim, eps=1e-06)
        self.k_proj = nn.Linear(context_dim, inner_dim, bias=False)
        self.k_norm = nn.RMSNorm(attention_head_dim, eps=1e-06)
        self.v_proj = nn.Linear(context_dim, inner_dim, bias=False)
        self.o_proj = nn.Linear(inner_dim, query_dim, bias=False)
        if processor is None:
            processor = self._default_processor_cls()
        self.set_processor(processor)

class AnimaTextConditionerBlock(nn.Module):

    def __init__(self, source_dim, model_dim, num_attention_heads=16, mlp_ratio=4.0, use_self_attention=True, use_layer_norm=False):
        super().__init__()
        self.use_self_attention = use_self_attention
        norm_cls = nn.LayerNorm if use_layer_norm else nn.RMSNorm
        norm_kwargs = {} if use_layer_norm else {'eps': 1e-06}
        if use_self_attention:
            self.norm_self_attn = norm_cls(model_dim, **norm_kwargs)
            self.self_attn = AnimaTextConditionerAttention(query_dim=model_dim, context_dim=model_dim, num_attention_heads=num_attention_heads, attention_head_dim=model_dim // num_attention_heads)
        self.norm_cross_attn = norm_cls(model_dim, **norm_kwargs)
        self.cross_attn = AnimaTextConditionerAttention(query_dim=model_dim, context_dim=source_dim, num_attention_heads=num_attention_heads, attention_head_dim=model_dim // num_attention_heads)
        self.norm_mlp = norm_cls(model_dim, **norm_kwargs)
        self.mlp = nn.Sequential(nn.Linear(model_dim, int(model_dim * mlp_ratio)), nn.GELU(), nn.Linear(int(model_dim * mlp_ratio), model_dim))

class AnimaTextConditioner(ModelMixin, ConfigMixin):

    @register_to_config
    def __init__(self, source_dim=1024, target_dim=1024, model_dim=1024, num_layers=6, num_attention_heads=16, mlp_ratio=4.0, target_vocab_size=32128, use_self_attention=True, use_layer_norm=False, min_sequence_length=512):
        super().__init__()
        self.embed = nn.Embedding(target_vocab_size, target_dim)
        self.in_proj = nn.Linear(target_dim, model_dim) if model_dim != target_dim else nn.Identity()
        self.rotary_emb = AnimaRotaryEmbedding(model_dim // num_attention_heads)
        self.blocks = nn.ModuleList([AnimaTextConditionerBlock(source_dim=source_dim, model_dim=model_dim, num_attention_heads=num_attention_heads, mlp_ratio=mlp_ratio, use_self_attention=use_self_attention, use_layer_norm=use_layer_norm) for _ in range(num_layers)])
        self.out_proj = nn.Linear(model_dim, target_dim)
        self.norm = nn.RMSNorm(target_dim, eps=1e-06)
        self.gradient_checkpointing = False
