"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): openai_privacy_filter. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_layers import GenericForTokenClassification
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer, use_experts_implementation
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

OPENAI_PRIVACY_FILTER_SPAN_LABELS = ('O', 'account_number', 'private_address', 'private_date', 'private_email', 'private_person', 'private_phone', 'private_url', 'secret')

OPENAI_PRIVACY_FILTER_NER_LABELS = ('O',) + tuple((f'{prefix}-{label}' for label in OPENAI_PRIVACY_FILTER_SPAN_LABELS if label != 'O' for prefix in ('B', 'I', 'E', 'S')))

@strict
class OpenAIPrivacyFilterConfig(PreTrainedConfig):
    model_type = 'openai_privacy_filter'
    attribute_map = {'num_experts': 'num_local_experts'}
    default_theta = 150000.0
    num_hidden_layers: int = 8
    num_local_experts: int = 128
    vocab_size: int = 200064
    hidden_size: int = 640
    intermediate_size: int = 640
    head_dim: int = 64
    num_attention_heads: int = 14
    num_key_value_heads: int = 2
    sliding_window: int = 128
    tie_word_embeddings: bool = False
    initializer_range: float = 0.02
    max_position_embeddings: int = 131072
    rms_norm_eps: float = 1e-05
    rope_parameters: dict | None = None
    attention_dropout: float | int = 0.0
    num_experts_per_tok: int = 4
    swiglu_alpha: float = 1.702
    swiglu_limit: float = 7.0
    router_aux_loss_coef: float = 0.001
    output_router_logits: bool = False
    use_cache: bool = True
    pad_token_id: int | None = 199999
    bos_token_id: int | None = None
    eos_token_id: int | list[int] | None = 199999
    attention_bias: bool = True
    classifier_dropout: float = 0.0

    def __post_init__(self, **kwargs):
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        self.head_dim = self.head_dim if self.head_dim is not None else self.hidden_size // self.num_attention_heads
        if self.rope_parameters is None:
            self.rope_parameters = {'rope_type': 'yarn', 'factor': 32.0, 'beta_fast': 32.0, 'beta_slow': 1.0, 'truncate': False, 'original_max_position_embeddings': 4096}
        requested_num_labels = kwargs.pop('num_labels', len(OPENAI_PRIVACY_FILTER_NER_LABELS))
        if self.id2label is None and requested_num_labels == len(OPENAI_PRIVACY_FILTER_NER_LABELS):
            self.id2label = dict(enumerate(OPENAI_PRIVACY_FILTER_NER_LABELS))
        elif self.id2label is None:
            self.num_labels = requested_num_labels
        if self.label2id is None and self.id2label is not None:
            self.label2id = {label: idx for idx, label in self.id2label.items()}
        super().__post_init__(**kwargs)

class OpenAIPrivacyFilterRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class OpenAIPrivacyFilterRotaryEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.max_seq_len_cached = config.max_position_embeddings
        self.original_max_seq_len = config.max_position_embeddings
        self.config = config
        self.rope_type = self.config.rope_parameters['rope_type']
        rope_init_fn = self.compute_default_rope_parameters
        if self.rope_type != 'default':
            rope_init_fn = ROPE_INIT_FUNCTIONS[self.rope_type]
        inv_freq, self.attention_scaling = rope_init_fn(self.config)
        self.inv_freq = nn.Buffer(inv_freq, persistent=False)
        self.original_inv_freq = nn.Buffer(inv_freq.clone(), persistent=False)

    @staticmethod
    def compute_default_rope_parameters(config, **kwargs):
        base = config.rope_parameters['rope_theta']
        dim = getattr(config, 'head_dim', None) or config.hidden_size // config.num_attention_heads
        attention_factor = 1.0
        inv_freq = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float) / dim)
        return (inv_freq, attention_factor)

class OpenAIPrivacyFilterAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = config.head_dim ** (-0.25)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)
        self.sliding_window = config.sliding_window + 1
        self.sinks = nn.Parameter(torch.empty(config.num_attention_heads))

@use_experts_implementation(is_transposed=True, has_bias=True)
class OpenAIPrivacyFilterExperts(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.intermediate_size = config.intermediate_size
        self.num_experts = config.num_local_experts
        self.hidden_size = config.hidden_size
        self.gate_up_proj = nn.Parameter(torch.empty(self.num_experts, self.hidden_size, 2 * self.intermediate_size))
        self.gate_up_proj_bias = nn.Parameter(torch.empty(self.num_experts, 2 * self.intermediate_size))
        self.down_proj = nn.Parameter(torch.empty((self.num_experts, self.intermediate_size, self.hidden_size)))
        self.down_proj_bias = nn.Parameter(torch.empty(self.num_experts, self.hidden_size))
        self.alpha = config.swiglu_alpha
        self.limit = config.swiglu_limit

class OpenAIPrivacyFilterTopKRouter(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.top_k = config.num_experts_per_tok
        self.num_experts = config.num_local_experts
        self.hidden_dim = config.hidden_size
        self.weight = nn.Parameter(torch.zeros(self.num_experts, self.hidden_dim))
        self.bias = nn.Parameter(torch.zeros(self.num_experts))

class OpenAIPrivacyFilterMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.router = OpenAIPrivacyFilterTopKRouter(config)
        self.num_experts = config.num_experts_per_tok
        self.experts = OpenAIPrivacyFilterExperts(config)

class OpenAIPrivacyFilterEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = OpenAIPrivacyFilterAttention(config)
        self.mlp = OpenAIPrivacyFilterMLP(config)
        self.input_layernorm = OpenAIPrivacyFilterRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = OpenAIPrivacyFilterRMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class OpenAIPrivacyFilterPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keep_in_fp32_modules = []
    _keep_in_fp32_modules_strict = ['sinks']

class OpenAIPrivacyFilterModel(OpenAIPrivacyFilterPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([OpenAIPrivacyFilterEncoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.norm = OpenAIPrivacyFilterRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = OpenAIPrivacyFilterRotaryEmbedding(config=config)
        self.gradient_checkpointing = False
        self.post_init()

class OpenAIPrivacyFilterForTokenClassification(GenericForTokenClassification, OpenAIPrivacyFilterPreTrainedModel):
    pass
