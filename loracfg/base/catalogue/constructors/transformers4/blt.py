"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): blt. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class BltLocalEncoderConfig(PretrainedConfig):
    model_type = 'blt_local_encoder'

    def __init__(self, vocab_size=260, cross_attn_all_layers=False, cross_attn_k=2, hidden_size_global=2048, hidden_size=1024, num_attention_heads=16, num_key_value_heads=None, num_hidden_layers=1, rms_norm_eps=1e-05, dropout=0.0, max_position_embeddings=24576, rope_theta=500000.0, rope_scaling=None, hidden_act='silu', intermediate_size=2816, initializer_range=0.02, **kwargs):
        self.vocab_size = vocab_size
        self.cross_attn_all_layers = cross_attn_all_layers
        self.cross_attn_k = cross_attn_k
        self.hidden_size_global = hidden_size_global
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        self.num_key_value_heads = num_key_value_heads or num_attention_heads
        self.head_dim = hidden_size // num_attention_heads
        self.intermediate_size = intermediate_size or int(8 * hidden_size / 3)
        self.num_hidden_layers = num_hidden_layers
        self.rms_norm_eps = rms_norm_eps
        self.dropout = dropout
        self.max_position_embeddings = max_position_embeddings
        self.rope_theta = rope_theta
        self.rope_scaling = rope_scaling
        self.hidden_act = hidden_act
        self.initializer_range = initializer_range
        kwargs.pop('tie_word_embeddings', None)
        super().__init__(**kwargs, tie_word_embeddings=False)

class BltLocalDecoderConfig(PretrainedConfig):
    model_type = 'blt_local_decoder'

    def __init__(self, vocab_size=260, cross_attn_all_layers=True, cross_attn_k=2, hidden_size_global=2048, hidden_size=1024, num_attention_heads=16, num_key_value_heads=None, num_hidden_layers=9, rms_norm_eps=1e-05, dropout=0.0, max_position_embeddings=24576, rope_theta=500000.0, rope_scaling=None, hidden_act='silu', intermediate_size=2816, initializer_range=0.02, **kwargs):
        self.vocab_size = vocab_size
        self.cross_attn_all_layers = cross_attn_all_layers
        self.cross_attn_k = cross_attn_k
        self.hidden_size_global = hidden_size_global
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        self.num_key_value_heads = num_key_value_heads or num_attention_heads
        self.head_dim = hidden_size // num_attention_heads
        self.intermediate_size = intermediate_size or int(8 * hidden_size / 3)
        self.num_hidden_layers = num_hidden_layers
        self.rms_norm_eps = rms_norm_eps
        self.dropout = dropout
        self.max_position_embeddings = max_position_embeddings
        self.rope_theta = rope_theta
        self.rope_scaling = rope_scaling
        self.hidden_act = hidden_act
        self.initializer_range = initializer_range
        kwargs.pop('tie_word_embeddings', None)
        super().__init__(**kwargs, tie_word_embeddings=False)

class BltGlobalTransformerConfig(PretrainedConfig):
    model_type = 'blt_global_transformer'

    def __init__(self, hidden_size=2048, num_attention_heads=16, num_key_value_heads=None, num_hidden_layers=25, rms_norm_eps=1e-05, dropout=0.0, max_position_embeddings=4096, rope_theta=500000.0, rope_scaling=None, hidden_act='silu', intermediate_size=5632, initializer_range=0.02, **kwargs):
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        self.num_key_value_heads = num_key_value_heads or num_attention_heads
        self.head_dim = hidden_size // num_attention_heads
        self.intermediate_size = intermediate_size or int(8 * hidden_size / 3)
        self.num_hidden_layers = num_hidden_layers
        self.rms_norm_eps = rms_norm_eps
        self.dropout = dropout
        self.max_position_embeddings = max_position_embeddings
        self.rope_theta = rope_theta
        self.rope_scaling = rope_scaling
        self.hidden_act = hidden_act
        self.initializer_range = initializer_range
        kwargs.pop('tie_word_embeddings', None)
        super().__init__(**kwargs, tie_word_embeddings=False)

class BltPatcherConfig(PretrainedConfig):
    model_type = 'blt_patcher'

    def __init__(self, vocab_size=260, hidden_size=768, num_hidden_layers=14, num_attention_heads=12, num_key_value_heads=None, max_position_embeddings=8192, rms_norm_eps=1e-05, dropout=0.0, rope_theta=10000.0, intermediate_size=2048, rope_scaling=None, initializer_range=0.02, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.head_dim = hidden_size // num_attention_heads
        self.num_key_value_heads = num_key_value_heads if num_key_value_heads is not None else num_attention_heads
        self.max_position_embeddings = max_position_embeddings
        self.rms_norm_eps = rms_norm_eps
        self.dropout = dropout
        self.rope_theta = rope_theta
        self.hidden_act = 'silu'
        self.intermediate_size = intermediate_size or int(8 * self.hidden_size / 3)
        self.rope_scaling = rope_scaling
        self.initializer_range = initializer_range
        kwargs.pop('tie_word_embeddings', None)
        super().__init__(**kwargs, tie_word_embeddings=False)

class BltConfig(PretrainedConfig):
    model_type = 'blt'
    sub_configs = {'patcher_config': BltPatcherConfig, 'encoder_config': BltLocalEncoderConfig, 'decoder_config': BltLocalDecoderConfig, 'global_config': BltGlobalTransformerConfig}

    def __init__(self, vocab_size=260, max_position_embeddings=4096, patch_in_forward=True, patch_size=4, patching_mode='entropy', patching_threshold=1.335442066192627, patching_batch_size=1, max_patch_length=None, cross_attn_k=2, encoder_hash_byte_group_size=None, encoder_hash_byte_group_vocab=500002, encoder_hash_byte_group_nb_functions=1, patcher_config=None, encoder_config=None, decoder_config=None, global_config=None, tie_word_embeddings=False, initializer_range=0.02, rope_theta=500000.0, rope_scaling=None, **kwargs):
        self.vocab_size = vocab_size
        self.max_position_embeddings = max_position_embeddings
        self.initializer_range = initializer_range
        self.rope_theta = rope_theta
        self.rope_scaling = rope_scaling
        self.patch_in_forward = patch_in_forward
        self.patch_size = patch_size
        self.patching_mode = patching_mode
        self.patching_threshold = patching_threshold
        self.patching_batch_size = patching_batch_size
        self.max_patch_length = max_patch_length
        self.patching_device = kwargs.get('patching_device', 'cuda')
        self.realtime_patching = kwargs.get('realtime_patching', True)
        self.patching_threshold_add = kwargs.get('patching_threshold_add')
        self.monotonicity = kwargs.get('monotonicity', False)
        self.cross_attn_k = cross_attn_k
        self.encoder_hash_byte_group_size = encoder_hash_byte_group_size or [3, 4, 5, 6, 7, 8]
        self.encoder_hash_byte_group_vocab = encoder_hash_byte_group_vocab
        self.encoder_hash_byte_group_nb_functions = encoder_hash_byte_group_nb_functions
        if patcher_config is None:
            self.patcher_config = BltPatcherConfig(initializer_range=initializer_range)
        elif isinstance(patcher_config, dict):
            patcher_config.setdefault('initializer_range', initializer_range)
            self.patcher_config = BltPatcherConfig(**patcher_config)
        elif isinstance(patcher_config, BltPatcherConfig):
            self.patcher_config = patcher_config
        if encoder_config is None:
            self.encoder_config = BltLocalEncoderConfig(initializer_range=initializer_range)
        elif isinstance(encoder_config, dict):
            encoder_config.setdefault('initializer_range', initializer_range)
            self.encoder_config = BltLocalEncoderConfig(**encoder_config)
        elif isinstance(encoder_config, BltLocalEncoderConfig):
            self.encoder_config = encoder_config
        if decoder_config is None:
            self.decoder_config = BltLocalDecoderConfig(initializer_range=initializer_range)
        elif isinstance(decoder_config, dict):
            decoder_config.setdefault('initializer_range', initializer_range)
            self.decoder_config = BltLocalDecoderConfig(**decoder_config)
        elif isinstance(decoder_config, BltLocalDecoderConfig):
            self.decoder_config = decoder_config
        if global_config is None:
            self.global_config = BltGlobalTransformerConfig(initializer_range=initializer_range)
        elif isinstance(global_config, dict):
            global_config.setdefault('initializer_range', initializer_range)
            self.global_config = BltGlobalTransformerConfig(**global_config)
        elif isinstance(global_config, BltGlobalTransformerConfig):
            self.global_config = global_config
        encoder_cross_output_size = self.encoder_config.hidden_size * self.cross_attn_k
        self.global_config.encoder_cross_output_size = encoder_cross_output_size if encoder_cross_output_size != self.global_config.hidden_size else None
        kwargs.pop('tie_word_embeddings', None)
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)

class BltMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class BltRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class BltRotaryEmbedding(nn.Module):

    def __init__(self, config, device=None):
        super().__init__()
        if hasattr(config, 'rope_scaling') and isinstance(config.rope_scaling, dict):
            self.rope_type = config.rope_scaling.get('rope_type', config.rope_scaling.get('type'))
        else:
            self.rope_type = 'default'
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type]
        inv_freq, self.attention_scaling = self.rope_init_fn(self.config, device)
        self.register_buffer('inv_freq', inv_freq, persistent=False)
        self.original_inv_freq = self.inv_freq

class BltTransformerLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = BltSelfAttention(config=config, layer_idx=layer_idx)
        self.mlp = BltMLP(config)
        self.input_layernorm = BltRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = BltRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.layer_idx = layer_idx

class BltSelfAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.num_heads = config.num_attention_heads
        self.dropout = config.dropout
        self.hidden_size = config.hidden_size
        self.num_key_value_heads = config.num_key_value_heads
        self.head_dim = config.hidden_size // self.num_heads
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.rope_theta = config.rope_theta
        self.layer_idx = layer_idx
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, self.hidden_size, bias=False)
        self.is_causal = True

class BltCrossAttention(nn.Module):

    def __init__(self, config, layer_idx, hidden_size=None):
        super().__init__()
        self.config = config
        self.num_heads = self.config.num_attention_heads
        self.num_key_value_heads = self.config.num_key_value_heads
        self.dropout = config.dropout
        self.hidden_size = config.hidden_size
        self.head_dim = config.hidden_size // self.num_heads
        self.layer_idx = layer_idx
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(self.hidden_size, self.num_key_value_heads * self.head_dim, bias=False)
        self.o_proj = nn.Linear(self.num_heads * self.head_dim, self.hidden_size, bias=False)
        self.q_norm = BltRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.k_norm = BltRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.is_causal = False

class BltPreTrainedModel(PreTrainedModel):
    base_model_prefix = ''
    supports_gradient_checkpointing = True
    _no_split_modules = ['BltTransformerLayer']
    _can_compile_fullgraph = False

class BltLocalEncoder(BltPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.gradient_checkpointing = False
        self.config = config
        self.layers = nn.ModuleList([BltTransformerLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.rotary_emb = BltRotaryEmbedding(config=config)
        self.patch_embedding_projection = nn.Linear(in_features=config.hidden_size, out_features=config.hidden_size * config.cross_attn_k, bias=False)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.cross_attn_layers = nn.ModuleList()
        layers_to_add = config.num_hidden_layers if config.cross_attn_all_layers else 1
        for layer_idx in range(layers_to_add):
            self.cross_attn_layers.append(BltCrossAttention(config=config, layer_idx=layer_idx, hidden_size=config.hidden_size))
        self.post_init()

class BltLocalDecoder(BltPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.gradient_checkpointing = False
        self.config = config
        self.cross_attn_decoder = True
        self.layers = nn.ModuleList([BltTransformerLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.rotary_emb = BltRotaryEmbedding(config=config)
        self.patch_embedding_projection = nn.Linear(in_features=config.hidden_size_global, out_features=config.hidden_size * config.cross_attn_k, bias=False)
        self.norm = BltRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.cross_attn_layers = nn.ModuleList()
        layers_to_add = config.num_hidden_layers if config.cross_attn_all_layers else 1
        for layer_idx in range(layers_to_add):
            self.cross_attn_layers.append(BltCrossAttention(config=config, layer_idx=layer_idx, hidden_size=config.hidden_size))
        self.post_init()

class BltGlobalTransformer(BltPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.layers = nn.ModuleList()
        for layer_idx in range(config.num_hidden_layers):
            self.layers.append(BltTransformerLayer(config, layer_idx))
        self.rotary_emb = BltRotaryEmbedding(config=config)
        if getattr(config, 'encoder_cross_output_size', None) is not None:
            self.token_embedding_projection = nn.Linear(config.encoder_cross_output_size, config.hidden_size, bias=False)
        else:
            self.token_embedding_projection = nn.Identity()
        self.post_init()

class BltPatcher(BltPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.rotary_emb = BltRotaryEmbedding(config=self.config)
        self.layers = nn.ModuleList()
        for layer_idx in range(self.config.num_hidden_layers):
            self.layers.append(BltTransformerLayer(self.config, layer_idx))
        self.embed_tokens = nn.Embedding(self.config.vocab_size, self.config.hidden_size)
        self.norm = BltRMSNorm(self.config.hidden_size, eps=self.config.rms_norm_eps)
        self.lm_head = nn.Linear(self.config.hidden_size, self.config.vocab_size, bias=False)

class BltModel(BltPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.gradient_checkpointing = False
        self.config = config
        self.local_encoder = BltLocalEncoder(config.encoder_config)
        self.global_transformer = BltGlobalTransformer(config.global_config)
        self.local_decoder = BltLocalDecoder(config.decoder_config)
        num_embeddings = config.encoder_hash_byte_group_nb_functions * len(config.encoder_hash_byte_group_size)
        total_vocab_size = config.encoder_hash_byte_group_vocab * num_embeddings
        self.encoder_hash_tok_embedding = nn.Embedding(total_vocab_size, config.encoder_config.hidden_size)
        if self.config.patch_in_forward:
            self.patcher = BltPatcher(config.patcher_config)
            self.patcher.eval()
            for param in self.patcher.parameters():
                param.requires_grad = False
        else:
            self.patcher = None
        self.post_init()

    def get_input_embeddings(self):
        return self.local_encoder.embed_tokens

class BltForCausalLM(BltPreTrainedModel, GenerationMixin):
    _can_compile_fullgraph = False
    base_model_prefix = 'model'
    _tied_weights_keys = ['lm_head.weight']

    def __init__(self, config):
        super().__init__(config.get_text_config())
        self.text_config = config.get_text_config()
        self.vocab_size = config.vocab_size
        self.model = BltModel(config)
        self.lm_head = nn.Linear(config.decoder_config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
