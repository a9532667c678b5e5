"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): t5gemma2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Any

@strict
class T5Gemma2TextConfig(PreTrainedConfig):
    model_type = 't5gemma2_text'
    vocab_size: int = 262208
    hidden_size: int = 2304
    intermediate_size: int = 9216
    num_hidden_layers: int = 26
    num_attention_heads: int = 8
    num_key_value_heads: int = 4
    head_dim: int = 256
    hidden_activation: str = 'gelu_pytorch_tanh'
    max_position_embeddings: int = 131072
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-06
    use_cache: bool = True
    pad_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 1
    bos_token_id: int | None = 2
    tie_word_embeddings: bool = True
    rope_parameters: dict | None = None
    attention_bias: bool = False
    attention_dropout: int | float | None = 0.0
    query_pre_attn_scalar: int = 256
    sliding_window: int | None = 4096
    layer_types: list[str] | None = None
    final_logit_softcapping: float | None = None
    attn_logit_softcapping: float | None = None
    default_theta = {'global': 1000000.0, 'local': 10000.0}

    def __post_init__(self, **kwargs):
        _sliding_window_pattern = kwargs.pop('sliding_window_pattern', 6)
        if self.layer_types is None:
            self.layer_types = ['sliding_attention' if bool((i + 1) % _sliding_window_pattern) else 'full_attention' for i in range(self.num_hidden_layers)]
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'The hidden size ({self.hidden_size}) is not a multiple of the number of attention heads ({self.num_attention_heads}).')

    def to_dict(self):
        output = super().to_dict()
        if getattr(self, 'use_bidirectional_attention', False):
            output['sliding_window'] = (self.sliding_window - 1) * 2
        return output

    def convert_rope_params_to_dict(self, **kwargs):
        rope_scaling = kwargs.pop('rope_scaling', None)
        default_rope_params = {'sliding_attention': {'rope_type': 'default'}, 'full_attention': {'rope_type': 'default'}}
        self.rope_parameters = self.rope_parameters if self.rope_parameters is not None else default_rope_params
        if rope_scaling is not None:
            self.rope_parameters['full_attention'].update(rope_scaling)
        if self.rope_parameters.get('full_attention') is None:
            self.rope_parameters['full_attention'] = {'rope_type': 'default'}
        self.rope_parameters['full_attention'].setdefault('rope_theta', kwargs.pop('rope_theta', self.default_theta['global']))
        if self.rope_parameters.get('sliding_attention') is None:
            self.rope_parameters['sliding_attention'] = {'rope_type': 'default'}
        self.rope_parameters['sliding_attention'].setdefault('rope_theta', kwargs.pop('rope_local_base_freq', self.default_theta['local']))
        self.standardize_rope_params()
        return kwargs

@strict
class T5Gemma2EncoderConfig(PreTrainedConfig):
    model_type = 't5gemma2_encoder'
    attribute_map = {'image_token_id': 'image_token_index', 'boi_token_id': 'boi_token_index', 'eoi_token_id': 'eoi_token_index'}
    sub_configs_defaults = {'text_config': T5Gemma2TextConfig, 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='siglip_vision_model')}
    text_config: PreTrainedConfig | dict[str, Any] | None = None
    vision_config: PreTrainedConfig | dict[str, Any] | None = None
    mm_tokens_per_image: int | None = 256
    boi_token_index: int | None = 255999
    eoi_token_index: int | None = 256000
    image_token_index: int | None = 262144
    initializer_range: float | None = 0.02
    tie_word_embeddings: bool | None = True

@strict
class T5Gemma2DecoderConfig(PreTrainedConfig):
    model_type = 't5gemma2_decoder'
    vocab_size: int = 262208
    hidden_size: int = 2304
    intermediate_size: int = 9216
    num_hidden_layers: int = 26
    num_attention_heads: int = 8
    num_key_value_heads: int = 4
    head_dim: int = 256
    hidden_activation: str = 'gelu_pytorch_tanh'
    max_position_embeddings: int = 131072
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-06
    use_cache: bool = True
    pad_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 1
    bos_token_id: int | None = 2
    tie_word_embeddings: bool = True
    rope_parameters: dict | None = None
    attention_bias: bool = False
    attention_dropout: int | float | None = 0.0
    query_pre_attn_scalar: int = 256
    sliding_window: int | None = 4096
    layer_types: list[str] | None = None
    final_logit_softcapping: float | None = None
    attn_logit_softcapping: float | None = None
    default_theta = {'global': 1000000.0, 'local': 10000.0}

    def __post_init__(self, **kwargs):
        _sliding_window_pattern = kwargs.pop('sliding_window_pattern', 6)
        if self.layer_types is None:
            self.layer_types = ['sliding_attention' if bool((i + 1) % _sliding_window_pattern) else 'full_attention' for i in range(self.num_hidden_layers)]
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'The hidden size ({self.hidden_size}) is not a multiple of the number of attention heads ({self.num_attention_heads}).')

    def to_dict(self):
        output = super().to_dict()
        if getattr(self, 'use_bidirectional_attention', False):
            output['sliding_window'] = (self.sliding_window - 1) * 2
        return output

    def convert_rope_params_to_dict(self, **kwargs):
        rope_scaling = kwargs.pop('rope_scaling', None)
        default_rope_params = {'sliding_attention': {'rope_type': 'default'}, 'full_attention': {'rope_type': 'default'}}
        self.rope_parameters = self.rope_parameters if self.rope_parameters is not None else default_rope_params
        if rope_scaling is not None:
            self.rope_parameters['full_attention'].update(rope_scaling)
        if self.rope_parameters.get('full_attention') is None:
            self.rope_parameters['full_attention'] = {'rope_type': 'default'}
        self.rope_parameters['full_attention'].setdefault('rope_theta', kwargs.pop('rope_theta', self.default_theta['global']))
        if self.rope_parameters.get('sliding_attention') is None:
            self.rope_parameters['sliding_attention'] = {'rope_type': 'default'}
        self.rope_parameters['sliding_attention'].setdefault('rope_theta', kwargs.pop('rope_local_base_freq', self.default_theta['local']))
        self.standardize_rope_params()
        return kwargs

@strict
class T5Gemma2Config(PreTrainedConfig):
    model_type = 't5gemma2'
    sub_configs_defaults = {'encoder': T5Gemma2EncoderConfig, 'decoder': T5Gemma2DecoderConfig}
    attribute_map = {'image_token_id': 'image_token_index', 'eoi_token_id': 'eoi_token_index'}
    encoder: T5Gemma2EncoderConfig | dict[str, Any] | None = None
    decoder: T5Gemma2DecoderConfig | dict[str, Any] | None = None
    is_encoder_decoder: bool = True
    dropout_rate: float | int = 0.0
    attention_dropout: float | int = 0.0
    classifier_dropout_rate: float | int = 0.0
    initializer_range: float = 0.02
    image_token_index: int = 256001
    eoi_token_index: int | None = None
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        self.encoder.text_config.dropout_rate = self.dropout_rate
        self.encoder.text_config.attention_dropout = self.attention_dropout
        self.encoder.vision_config.attention_dropout = self.attention_dropout
        self.encoder.image_token_index = self.image_token_index
        self.decoder.dropout_rate = self.dropout_rate
        self.decoder.attention_dropout = self.attention_dropout
        self.eoi_token_index = self.encoder.eoi_token_index
        for special_token_key in ['bos_token_id', 'pad_token_id', 'eos_token_id', 'vocab_size']:
            if special_token_key not in kwargs:
                setattr(self, special_token_key, getattr(self.decoder, special_token_key))

    def validate_architecture(self):
        if self.encoder.text_config.hidden_size != self.decoder.hidden_size:
            raise ValueError(f'Imbalanced encoder-decoder is not supported in T5Gemma2: encoder ({self.encoder.text_config.hidden_size}) vs decoder ({self.decoder.hidden_size}).')
        if not self.is_encoder_decoder:
            raise ValueError('T5Gemma2Model only support encoder-decoder modeling.')
        if self.encoder.text_config.vocab_size != self.decoder.vocab_size:
            raise ValueError(f'Imbalanced encoder-decoder vocabulary size is not supported in T5Gemma2: encoder ({self.encoder.text_config.vocab_size}) vs decoder ({self.decoder.vocab_size}).')

class T5Gemma2RMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(dim))

class T5Gemma2MLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_activation]
        self.dropout = nn.Dropout(config.dropout_rate)

class T5Gemma2RotaryEmbedding(nn.Module):

    def __init__(self, config, device=None):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.layer_types = sorted(set(config.layer_types))
        self.rope_type = {}
        for layer_type in self.layer_types:
            rope_params = self.config.rope_parameters[layer_type]
            if rope_params is None:
                continue
            self.rope_type[layer_type] = rope_params['rope_type']
            rope_init_fn = self.compute_default_rope_parameters
            if self.rope_type[layer_type] != 'default':
                rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type[layer_type]]
            curr_inv_freq, curr_attention_scaling = rope_init_fn(self.config, device, layer_type=layer_type)
            setattr(self, f'{layer_type}_inv_freq', nn.Buffer(curr_inv_freq, persistent=False))
            setattr(self, f'{layer_type}_original_inv_freq', nn.Buffer(curr_inv_freq.clone(), persistent=False))
            setattr(self, f'{layer_type}_attention_scaling', curr_attention_scaling)

    @staticmethod
    def compute_default_rope_parameters(config, device=None, layer_type=None, **kwargs):
        base = config.rope_parameters[layer_type]['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq.to(device), attention_factor)

class T5Gemma2SelfAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.layer_type = config.layer_types[layer_idx] if hasattr(config, 'layer_types') else None
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = config.query_pre_attn_scalar ** (-0.5)
        self.attention_dropout = self.config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.attn_logit_softcapping = self.config.attn_logit_softcapping
        self.sliding_window = config.sliding_window if self.layer_type == 'sliding_attention' else None
        self.is_sliding = self.layer_type == 'sliding_attention'
        self.q_norm = T5Gemma2RMSNorm(dim=config.head_dim, eps=config.rms_norm_eps)
        self.k_norm = T5Gemma2RMSNorm(dim=config.head_dim, eps=config.rms_norm_eps)

class T5Gemma2MergedAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.layer_type = config.layer_types[layer_idx] if hasattr(config, 'layer_types') else None
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = config.query_pre_attn_scalar ** (-0.5)
        self.attention_dropout = self.config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.attn_logit_softcapping = self.config.attn_logit_softcapping
        self.sliding_window = config.sliding_window if self.layer_type == 'sliding_attention' else None
        self.is_sliding = self.layer_type == 'sliding_attention'
        self.q_norm = T5Gemma2RMSNorm(dim=config.head_dim, eps=config.rms_norm_eps)
        self.k_norm = T5Gemma2RMSNorm(dim=config.head_dim, eps=config.rms_norm_eps)

class T5Gemma2EncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.config = config
        self.layer_idx = layer_idx
        self.attention_type = config.layer_types[layer_idx]
        self.self_attn = T5Gemma2SelfAttention(config=config, layer_idx=layer_idx)
        self.pre_self_attn_layernorm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_self_attn_layernorm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.mlp = T5Gemma2MLP(config)
        self.pre_feedforward_layernorm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_feedforward_layernorm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.dropout = nn.Dropout(config.dropout_rate)

class T5Gemma2DecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.config = config
        self.layer_idx = layer_idx
        self.attention_type = config.layer_types[layer_idx]
        self.self_attn = T5Gemma2MergedAttention(config=config, layer_idx=layer_idx)
        self.pre_self_attn_layernorm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_self_attn_layernorm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.mlp = T5Gemma2MLP(config)
        self.pre_feedforward_layernorm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_feedforward_layernorm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.dropout = nn.Dropout(config.dropout_rate)

class T5Gemma2LMHead(nn.Module):

    def __init__(self, hidden_size, vocab_size, bias=False):
        super().__init__()
        self.out_proj = nn.Linear(hidden_size, vocab_size, bias=bias)

class T5Gemma2ClassificationHead(nn.Module):

    def __init__(self, hidden_size, num_labels, classifier_dropout_rate=0.0):
        super().__init__()
        self.dropout = nn.Dropout(p=classifier_dropout_rate)
        self.out_proj = nn.Linear(hidden_size, num_labels)

class T5Gemma2MultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.mm_input_projection_weight = nn.Parameter(torch.zeros(config.vision_config.hidden_size, config.text_config.hidden_size))
        self.mm_soft_emb_norm = T5Gemma2RMSNorm(config.vision_config.hidden_size, eps=config.vision_config.layer_norm_eps)
        self.patches_per_image = int(config.vision_config.image_size // config.vision_config.patch_size)
        self.tokens_per_side = int(config.mm_tokens_per_image ** 0.5)
        self.kernel_size = self.patches_per_image // self.tokens_per_side
        self.avg_pool = nn.AvgPool2d(kernel_size=self.kernel_size, stride=self.kernel_size)

class T5Gemma2TextScaledWordEmbedding(nn.Embedding):

    def __init__(self, num_embeddings, embedding_dim, padding_idx, embed_scale=1.0, eoi_token_index=256000):
        super().__init__(num_embeddings, embedding_dim, padding_idx)
        self.scalar_embed_scale = embed_scale
        self.embed_scale = nn.Buffer(torch.tensor(embed_scale), persistent=False)
        self.eoi_token_index = eoi_token_index
        self.eoi_embedding = nn.Parameter(torch.zeros(self.embedding_dim))

class T5Gemma2PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class T5Gemma2TextEncoder(T5Gemma2PreTrainedModel):

    def __init__(self, config, eoi_token_index=256000):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = T5Gemma2TextScaledWordEmbedding(config.vocab_size, config.hidden_size, self.padding_idx, embed_scale=config.hidden_size ** 0.5, eoi_token_index=eoi_token_index)
        self.norm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.gradient_checkpointing = False
        self.layers = nn.ModuleList([T5Gemma2EncoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.dropout = nn.Dropout(config.dropout_rate)
        self.rotary_emb = T5Gemma2RotaryEmbedding(config)
        self.post_init()

class T5Gemma2Encoder(T5Gemma2PreTrainedModel):

    def __init__(self, config, eoi_token_index=256000):
        super().__init__(config)
        self.text_model = T5Gemma2TextEncoder._from_config(config.text_config, eoi_token_index=eoi_token_index)
        self.vision_tower = AutoModel.from_config(config=config.vision_config)
        self.multi_modal_projector = T5Gemma2MultiModalProjector(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.text_model.get_input_embeddings()

class T5Gemma2Decoder(T5Gemma2PreTrainedModel):

    def __init__(self, config, eoi_token_index=256000):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = T5Gemma2TextScaledWordEmbedding(config.vocab_size, config.hidden_size, config.pad_token_id, embed_scale=config.hidden_size ** 0.5, eoi_token_index=eoi_token_index)
        self.norm = T5Gemma2RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.gradient_checkpointing = False
        self.layers = nn.ModuleList([T5Gemma2DecoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.dropout = nn.Dropout(config.dropout_rate)
        self.rotary_emb = T5Gemma2RotaryEmbedding(config)
        self.post_init()

class T5Gemma2Model(T5Gemma2PreTrainedModel):
    _tied_weights_keys = {'decoder.embed_tokens.weight': 'encoder.text_model.embed_tokens.weight', 'decoder.embed_tokens.eoi_embedding': 'encoder.text_model.embed_tokens.eoi_embedding'}

    def __init__(self, config):
        super().__init__(config)
        self.encoder = T5Gemma2Encoder(config.encoder, config.eoi_token_index)
        self.decoder = T5Gemma2Decoder(config.decoder, config.eoi_token_index)
        self.post_init()

    def get_encoder(self, modality=None):
        return self.encoder

    def get_decoder(self):
        return self.decoder

    def get_input_embeddings(self):
        return self.encoder.get_input_embeddings()

class T5Gemma2ForConditionalGeneration(T5Gemma2PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.out_proj.weight': 'model.encoder.text_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = T5Gemma2Model(config)
        self.vocab_size = config.decoder.vocab_size
        self.lm_head = T5Gemma2LMHead(config.decoder.hidden_size, self.vocab_size)
        self.loss_type = 'ForMaskedLM'
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head.out_proj

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()

    def get_encoder(self, modality=None):
        return self.model.get_encoder(modality=modality)

    def get_decoder(self):
        return self.model.get_decoder()

    @property
    def vision_tower(self):
        return self.get_encoder().vision_tower

class T5Gemma2ForSequenceClassification(T5Gemma2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.hidden_size = config.decoder.hidden_size
        self.model = T5Gemma2Model(config)
        classifier_dropout = getattr(config, 'classifier_dropout_rate', 0.1)
        self.score = T5Gemma2ClassificationHead(self.hidden_size, self.num_labels, classifier_dropout)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()

class T5Gemma2ForTokenClassification(T5Gemma2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.hidden_size = config.decoder.hidden_size
        self.model = T5Gemma2Model(config)
        classifier_dropout = getattr(config, 'classifier_dropout_rate', 0.1)
        self.score = T5Gemma2ClassificationHead(self.hidden_size, self.num_labels, classifier_dropout)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()
