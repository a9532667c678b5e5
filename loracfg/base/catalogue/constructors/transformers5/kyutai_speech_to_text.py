"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): kyutai_speech_to_text. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, GenerationConfig
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class KyutaiSpeechToTextConfig(PreTrainedConfig):
    model_type = 'kyutai_speech_to_text'
    sub_configs_defaults = {'codec_config': SubConfigSpec(config_class=AutoConfig, model_type='mimi')}
    codebook_vocab_size: int = 2049
    vocab_size: int = 4001
    hidden_size: int = 2048
    num_hidden_layers: int = 48
    num_attention_heads: int = 32
    num_key_value_heads: int | None = None
    max_position_embeddings: int = 750
    rope_parameters: RopeParameters | dict | None = None
    hidden_act: str = 'silu'
    head_dim: int | None = None
    initializer_range: float = 0.02
    use_cache: bool = True
    sliding_window: int = 375
    attention_dropout: float | int = 0.0
    ffn_dim: int = 11264
    rms_norm_eps: float = 1e-08
    num_codebooks: int = 32
    audio_bos_token_id: int | None = 2048
    audio_pad_token_id: int | None = 69569
    tie_word_embeddings: bool = False
    pad_token_id: int | None = 3
    bos_token_id: int | None = 48000
    eos_token_id: int | list[int] | None = None
    codec_config: dict | PreTrainedConfig | None = None

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        self.frame_size = self.codec_config.frame_size
        self.head_dim = self.head_dim if self.head_dim is not None else self.hidden_size // self.num_attention_heads

    def validate_token_ids(self):
        vocab_size = self.vocab_size + self.num_codebooks * self.codebook_vocab_size + 1
        if vocab_size is not None:
            for name in self:
                value = getattr(self, name)
                if name.endswith('_token_id') and isinstance(value, int) and (not 0 <= value < vocab_size):
                    pass

    def validate_architecture(self):
        if self.ffn_dim % 2 == 1:
            raise ValueError(f'`ffn_dim={self.ffn_dim}` must be even.')

class KyutaiSpeechToTextRMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

class KyutaiSpeechToTextFlexibleLinear(nn.Module):

    def __init__(self, input_size, output_size, num_layers):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(num_layers, output_size, input_size))

class KyutaiSpeechToTextLinear(nn.Module):

    def __init__(self, input_dim, output_dim, num_codebooks, use_flexible_linear=False):
        super().__init__()
        self.use_flexible_linear = use_flexible_linear
        if not use_flexible_linear:
            self.linear = nn.Linear(input_dim, output_dim, bias=False)
        else:
            self.linear = KyutaiSpeechToTextFlexibleLinear(input_dim, output_dim, num_layers=num_codebooks)

class KyutaiSpeechToTextRotaryEmbedding(nn.Module):

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

class KyutaiSpeechToTextGatingMLP(nn.Module):

    def __init__(self, config, use_flexible_linear=False):
        super().__init__()
        self.activation_fn = ACT2FN[config.hidden_act]
        ffn_dim = config.ffn_dim
        hidden_size = config.hidden_size
        num_layers = config.num_codebooks if use_flexible_linear else 1
        if num_layers == 1:
            self.fc1 = nn.Linear(hidden_size, ffn_dim, bias=False)
            self.fc2 = nn.Linear(ffn_dim // 2, hidden_size, bias=False)
        else:
            self.fc1 = KyutaiSpeechToTextFlexibleLinear(hidden_size, ffn_dim, num_layers)
            self.fc2 = KyutaiSpeechToTextFlexibleLinear(ffn_dim // 2, hidden_size, num_layers)

class KyutaiSpeechToTextAttention(nn.Module):

    def __init__(self, config, layer_idx=None, use_flexible_linear=False, use_rope=True):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.attention_dropout = config.attention_dropout
        self.hidden_size = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = config.head_dim
        self.num_key_value_heads = config.num_key_value_heads
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.is_causal = True
        self.scaling = 1 / math.sqrt(self.head_dim)
        if self.hidden_size % self.num_heads != 0:
            raise ValueError(f'hidden_size must be divisible by num_heads (got `hidden_size`: {self.hidden_size} and `num_heads`: {self.num_heads}).')
        self.q_proj = KyutaiSpeechToTextLinear(self.hidden_size, self.num_heads * self.head_dim, config.num_codebooks, use_flexible_linear)
        self.k_proj = KyutaiSpeechToTextLinear(self.hidden_size, self.num_key_value_heads * self.head_dim, config.num_codebooks, use_flexible_linear)
        self.v_proj = KyutaiSpeechToTextLinear(self.hidden_size, self.num_key_value_heads * self.head_dim, config.num_codebooks, use_flexible_linear)
        self.o_proj = KyutaiSpeechToTextLinear(self.num_heads * self.head_dim, self.hidden_size, config.num_codebooks, use_flexible_linear)
        self.rotary_emb = None
        if use_rope:
            self.rotary_emb = KyutaiSpeechToTextRotaryEmbedding(config)

class KyutaiSpeechToTextDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx, use_flexible_linear, use_rope=True):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.use_flexible_linear = use_flexible_linear
        self.self_attn = KyutaiSpeechToTextAttention(config=config, layer_idx=layer_idx, use_flexible_linear=use_flexible_linear, use_rope=use_rope)
        self.mlp = KyutaiSpeechToTextGatingMLP(config, use_flexible_linear)
        self.input_layernorm = KyutaiSpeechToTextRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = KyutaiSpeechToTextRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.sliding_window = config.sliding_window
        self._attn_implementation = config._attn_implementation

class KyutaiSpeechToTextPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    main_input_name = 'input_ids'

class KyutaiSpeechToTextEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size + config.num_codebooks * config.codebook_vocab_size + 1, config.hidden_size, padding_idx=config.audio_pad_token_id)
        audio_tokens_offsets = torch.arange(config.num_codebooks) * config.codebook_vocab_size
        audio_tokens_offsets += config.vocab_size
        audio_tokens_offsets = nn.functional.pad(audio_tokens_offsets, (1, 0))
        self.audio_tokens_offsets = nn.Buffer(audio_tokens_offsets, persistent=False)

class KyutaiSpeechToTextModel(KyutaiSpeechToTextPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = KyutaiSpeechToTextEmbeddings(config)
        self.layers = nn.ModuleList([KyutaiSpeechToTextDecoderLayer(config, layer_idx, use_flexible_linear=False) for layer_idx in range(config.num_hidden_layers)])
        self.norm = KyutaiSpeechToTextRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.gradient_checkpointing = False
        self.post_init()

class KyutaiSpeechToTextForConditionalGeneration(KyutaiSpeechToTextPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.embed_tokens.weight'}
    _keep_in_fp32_modules_strict = ['codec_model']

    def __init__(self, config):
        super().__init__(config)
        self.model = KyutaiSpeechToTextModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.codec_model = AutoModel.from_config(config.codec_config)
        self.codec_model.generation_config = GenerationConfig.from_model_config(config.codec_config)
        self.post_init()
