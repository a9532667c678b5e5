"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): kyutai_speech_to_text. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, GenerationConfig
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from loracfg.base.catalogue.stand_ins.unknown import Unknown
import math
flash_attn_supports_top_left_mask = Unknown('flash_attn_supports_top_left_mask')

class KyutaiSpeechToTextConfig(PretrainedConfig):
    model_type = 'kyutai_speech_to_text'
    sub_configs = {'codec_config': AutoConfig}

    def __init__(self, codebook_vocab_size=2049, vocab_size=4001, hidden_size=2048, num_hidden_layers=48, num_attention_heads=32, num_key_value_heads=None, max_position_embeddings=750, rope_theta=100000.0, hidden_act='silu', head_dim=None, initializer_range=0.02, use_cache=True, sliding_window=375, attention_dropout=0.0, ffn_dim=11264, rms_norm_eps=1e-08, num_codebooks=32, audio_bos_token_id=2048, audio_pad_token_id=69569, tie_word_embeddings=False, pad_token_id=3, bos_token_id=48000, codec_config=None, **kwargs):
        super().__init__(pad_token_id=pad_token_id, bos_token_id=bos_token_id, tie_word_embeddings=tie_word_embeddings, **kwargs)
        if codec_config is None:
            self.codec_config = AutoConfig.for_model('mimi')
        elif isinstance(codec_config, dict):
            self.codec_config = AutoConfig.for_model(**codec_config)
        elif isinstance(codec_config, PretrainedConfig):
            self.codec_config = codec_config
        self.num_codebooks = num_codebooks
        self.frame_size = self.codec_config.frame_size
        self.audio_bos_token_id = audio_bos_token_id
        self.audio_pad_token_id = audio_pad_token_id
        self.codebook_vocab_size = codebook_vocab_size
        self.vocab_size = vocab_size
        self.max_position_embeddings = max_position_embeddings
        self.hidden_size = hidden_size
        if ffn_dim % 2 == 1:
            raise ValueError(f'`ffn_dim={ffn_dim}` must be even.')
        self.ffn_dim = ffn_dim
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        if num_key_value_heads is None:
            num_key_value_heads = num_attention_heads
        self.num_key_value_heads = num_key_value_heads
        self.hidden_act = hidden_act
        self.initializer_range = initializer_range
        self.rms_norm_eps = rms_norm_eps
        self.use_cache = use_cache
        self.rope_theta = rope_theta
        self.attention_dropout = attention_dropout
        self.head_dim = head_dim if head_dim is not None else self.hidden_size // self.num_attention_heads
        self.sliding_window = sliding_window

class KyutaiSpeechToTextRMSNorm(nn.Module):

    def __init__(self, dim, eps=1e-06):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

class KyutaiSpeechToTextFlexibleLinear(nn.Module):

    def __init__(self, input_size, output_size, num_layers):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(num_layers, output_size, input_size))

class KyutaiSpeechToTextPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _no_split_modules = ['KyutaiSpeechToTextDecoderLayer', 'MimiTransformerLayer']
    main_input_name = 'input_ids'

class KyutaiSpeechToTextEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size + config.num_codebooks * config.codebook_vocab_size + 1, config.hidden_size, padding_idx=config.audio_pad_token_id)
        audio_tokens_offsets = torch.arange(config.num_codebooks) * config.codebook_vocab_size
        audio_tokens_offsets += config.vocab_size
        audio_tokens_offsets = nn.functional.pad(audio_tokens_offsets, (1, 0))
        self.register_buffer('audio_tokens_offsets', audio_tokens_offsets, persistent=False)

class KyutaiSpeechToTextLinear(nn.Module):

    def __init__(self, input_dim, output_dim, num_codebooks, use_flexible_linear=False):
        super().__init__()
        self.use_flexible_linear = use_flexible_linear
        if not use_flexible_linear:
            self.linear = nn.Linear(input_dim, output_dim, bias=False)
        else:
            self.linear = KyutaiSpeechToTextFlexibleLinear(input_dim, output_dim, num_layers=num_codebooks)

class KyutaiSpeechToTextRotaryEmbedding(nn.Module):

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
        if layer_idx is None:
            pass
        self.attention_dropout = config.attention_dropout
        self.hidden_size = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = config.head_dim
        self.num_key_value_heads = config.num_key_value_heads
        self.num_key_value_groups = self.num_heads // self.num_key_value_heads
        self.max_position_embeddings = config.max_position_embeddings
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
            self.rope_theta = config.rope_theta
            self.rotary_emb = KyutaiSpeechToTextRotaryEmbedding(config)

class KyutaiSpeechToTextFlashAttention2(KyutaiSpeechToTextAttention):

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._flash_attn_uses_top_left_mask = flash_attn_supports_top_left_mask()

class KyutaiSpeechToTextSdpaAttention(KyutaiSpeechToTextAttention):
    pass

KYUTAI_SPEECH_TO_TEXT_ATTENTION_CLASSES = {'eager': KyutaiSpeechToTextAttention, 'flash_attention_2': KyutaiSpeechToTextFlashAttention2, 'sdpa': KyutaiSpeechToTextSdpaAttention}

class KyutaiSpeechToTextDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx, use_flexible_linear, use_rope=True):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.use_flexible_linear = use_flexible_linear
        self.self_attn = KYUTAI_SPEECH_TO_TEXT_ATTENTION_CLASSES[config._attn_implementation](config=config, layer_idx=layer_idx, use_flexible_linear=use_flexible_linear, use_rope=use_rope)
        self.mlp = KyutaiSpeechToTextGatingMLP(config, use_flexible_linear)
        self.input_layernorm = KyutaiSpeechToTextRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = KyutaiSpeechToTextRMSNorm(self.hidden_size, eps=config.rms_norm_eps)
        self.sliding_window = config.sliding_window
        self._attn_implementation = config._attn_implementation

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
    _tied_weights_keys = ['lm_head.weight']
    _keep_in_fp32_modules_strict = ['codec_model']

    def __init__(self, config):
        super().__init__(config)
        self.model = KyutaiSpeechToTextModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.codec_model = AutoModel.from_config(config.codec_config)
        self.codec_model.generation_config = GenerationConfig.from_model_config(config.codec_config)
        self.post_init()
