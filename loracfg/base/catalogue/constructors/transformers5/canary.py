"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): canary. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from .common_utils_type_validators import interval
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class CanaryDecoderConfig(PreTrainedConfig):
    model_type = 'canary_decoder'
    vocab_size: int = 16384
    hidden_size: int = 1024
    intermediate_size: int = 4096
    num_hidden_layers: int = 8
    num_attention_heads: int = 8
    num_key_value_heads: int = 8
    hidden_act: str = 'relu'
    max_position_embeddings: int = 1024
    initializer_range: float = interval(min=0.0, max=1.0)(default=0.02)
    use_cache: bool = True
    pad_token_id: int | None = 2
    bos_token_id: int | None = 4
    eos_token_id: int | None = 3
    attention_bias: bool = True
    attention_dropout: int | float | None = 0.0
    head_dim: int = 128
    is_encoder_decoder: bool = True

    def __post_init__(self, **kwargs):
        if self.head_dim is None:
            self.head_dim = self.hidden_size // self.num_attention_heads
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError(f'The hidden size ({self.hidden_size}) is not a multiple of the number of attention heads ({self.num_attention_heads}).')

@strict
class CanaryConfig(PreTrainedConfig):
    model_type = 'canary'
    sub_configs_defaults = {'encoder_config': SubConfigSpec(config_class=AutoConfig, model_type='parakeet_encoder', init_kwargs={'num_hidden_layers': 32, 'num_mel_bins': 128, 'scale_input': False, 'layerdrop': 0.0}), 'decoder_config': CanaryDecoderConfig}
    encoder_config: dict | PreTrainedConfig | None = None
    decoder_config: dict | PreTrainedConfig | None = None
    use_cache: bool = True
    is_encoder_decoder: bool = True
    tie_word_embeddings: bool = True
    pad_token_id: int | None = 2
    bos_token_id: int | None = 4
    eos_token_id: int | None = 3
    decoder_start_token_id: int | None = 7
    initializer_range: float = 0.02
    vocab_size: int = 16384

    def validate_architecture(self):
        if self.decoder_config.vocab_size != self.vocab_size:
            raise ValueError(f'The decoder config vocabulary size ({self.decoder_config.vocab_size}) does not match the Canary config vocabulary size ({self.vocab_size}).')

    def get_text_config(self, *args, **kwargs):
        return self.decoder_config

class CanaryPositionalEmbedding(nn.Module):

    def __init__(self, length, channels):
        super().__init__()
        self.length = length
        self.channels = channels
        self.max_timescale = 10000 ** ((channels - 2) / channels)
        if channels % 2 != 0:
            raise ValueError('CanaryPositionalEmbedding needs even channels input')
        position_embedding = self.compute_default_singular_positional_embedding()
        self.positional_embedding = nn.Buffer(position_embedding, persistent=False)

    def compute_default_singular_positional_embedding(self):
        log_timescale_increment = np.log(self.max_timescale) / (self.channels // 2 - 1)
        inv_timescales = torch.exp(-log_timescale_increment * torch.arange(self.channels // 2).float())
        scaled_time = torch.arange(self.length)[:, np.newaxis] * inv_timescales[np.newaxis, :]
        return torch.cat([torch.sin(scaled_time), torch.cos(scaled_time)], dim=1)

class CanaryPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'input_features'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    _keys_to_ignore_on_load_unexpected = ['preprocessor\\.featurizer\\..*']

class CanaryDecoderMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class CanarySelfAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = True
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)

class CanaryCrossAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = config.num_attention_heads // config.num_key_value_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(config.hidden_size, config.num_attention_heads * self.head_dim, bias=config.attention_bias)
        self.k_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.v_proj = nn.Linear(config.hidden_size, config.num_key_value_heads * self.head_dim, bias=config.attention_bias)
        self.o_proj = nn.Linear(config.num_attention_heads * self.head_dim, config.hidden_size, bias=config.attention_bias)

class CanaryDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.self_attn = CanarySelfAttention(config=config, layer_idx=layer_idx)
        self.encoder_attn = CanaryCrossAttention(config=config, layer_idx=layer_idx)
        self.mlp = CanaryDecoderMLP(config)
        self.input_layernorm = nn.LayerNorm(config.hidden_size)
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size)
        self.final_layernorm = nn.LayerNorm(config.hidden_size)

class CanaryDecoder(CanaryPreTrainedModel):
    main_input_name = 'input_ids'

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = config.pad_token_id
        self.vocab_size = config.vocab_size
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size, self.padding_idx)
        self.layers = nn.ModuleList([CanaryDecoderLayer(config, idx) for idx in range(config.num_hidden_layers)])
        self.norm = nn.LayerNorm(config.hidden_size)
        self.gradient_checkpointing = False
        self.pos_emb = CanaryPositionalEmbedding(config.max_position_embeddings, config.hidden_size)
        self.embedding_layernorm = nn.LayerNorm(config.hidden_size)
        self.post_init()

class CanaryModel(CanaryPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.encoder = AutoModel.from_config(config.encoder_config)
        self.decoder = CanaryDecoder(config.decoder_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.decoder.embed_tokens

class CanaryForConditionalGeneration(CanaryPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'proj_out.weight': 'model.decoder.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = CanaryModel(config)
        self.proj_out = nn.Linear(config.decoder_config.hidden_size, config.decoder_config.vocab_size, bias=True)
        self.post_init()

    def get_output_embeddings(self):
        return self.proj_out

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()
