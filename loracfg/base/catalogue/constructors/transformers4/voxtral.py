"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): voxtral. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, AutoModelForCausalLM, CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class VoxtralEncoderConfig(PretrainedConfig):
    model_type = 'voxtral_encoder'
    attribute_map = {'d_model': 'hidden_size', 'encoder_layers': 'num_hidden_layers', 'encoder_attention_heads': 'num_attention_heads', 'encoder_ffn_dim': 'intermediate_size', 'encoder_layerdrop': 'layerdrop'}

    def __init__(self, vocab_size=51866, hidden_size=1280, intermediate_size=5120, num_hidden_layers=32, num_attention_heads=20, scale_embedding=False, activation_function='gelu', num_mel_bins=128, max_source_positions=1500, initializer_range=0.02, attention_dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.intermediate_size = intermediate_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.scale_embedding = scale_embedding
        self.activation_function = activation_function
        self.num_mel_bins = num_mel_bins
        self.max_source_positions = max_source_positions
        self.initializer_range = initializer_range
        self.dropout = 0.0
        self.layerdrop = 0.0
        self.activation_dropout = 0.0
        self.attention_dropout = attention_dropout

class VoxtralConfig(PretrainedConfig):
    model_type = 'voxtral'
    sub_configs = {'text_config': AutoConfig, 'audio_config': AutoConfig}
    _default_text_config_kwargs = {'vocab_size': 131072, 'hidden_size': 3072, 'intermediate_size': 8192, 'num_hidden_layers': 30, 'num_key_value_heads': 8, 'max_position_embeddings': 131072, 'rms_norm_eps': 1e-05, 'use_cache': True, 'rope_theta': 100000000.0, 'head_dim': 128}

    def __init__(self, audio_config=None, text_config=None, audio_token_id=None, projector_hidden_act='gelu', **kwargs):
        if isinstance(audio_config, dict):
            audio_config['model_type'] = audio_config.get('model_type', 'voxtral_encoder')
            audio_config = CONFIG_MAPPING[audio_config['model_type']](**audio_config)
        elif audio_config is None:
            audio_config = CONFIG_MAPPING['voxtral_encoder']()
        self.audio_config = audio_config
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'llama')
            text_config = CONFIG_MAPPING[text_config['model_type']](**{**self._default_text_config_kwargs, **text_config})
        elif text_config is None:
            text_config = CONFIG_MAPPING['llama'](**self._default_text_config_kwargs)
        self.text_config = text_config
        self.vocab_size = text_config.vocab_size
        self.hidden_size = text_config.hidden_size
        self.audio_token_id = audio_token_id
        self.projector_hidden_act = projector_hidden_act
        super().__init__(**kwargs)

class VoxtralAttention(nn.Module):

    def __init__(self, embed_dim, num_heads, dropout=0.0, is_decoder=False, bias=True, is_causal=False, layer_idx=None, config=None):
        super().__init__()
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.head_dim = embed_dim // num_heads
        self.config = config
        if self.head_dim * num_heads != self.embed_dim:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `num_heads`: {num_heads}).')
        self.scaling = self.head_dim ** (-0.5)
        self.is_decoder = is_decoder
        self.is_causal = is_causal
        if layer_idx is None and is_decoder:
            pass
        self.layer_idx = layer_idx
        self.k_proj = nn.Linear(embed_dim, embed_dim, bias=False)
        self.v_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.q_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)

class VoxtralEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.d_model
        self.self_attn = VoxtralAttention(embed_dim=self.embed_dim, num_heads=config.encoder_attention_heads, dropout=config.attention_dropout, config=config)
        self.self_attn_layer_norm = nn.LayerNorm(self.embed_dim)
        self.dropout = config.dropout
        self.activation_fn = ACT2FN[config.activation_function]
        self.activation_dropout = config.activation_dropout
        self.fc1 = nn.Linear(self.embed_dim, config.encoder_ffn_dim)
        self.fc2 = nn.Linear(config.encoder_ffn_dim, self.embed_dim)
        self.final_layer_norm = nn.LayerNorm(self.embed_dim)

class VoxtralPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _no_split_modules = None
    _can_compile_fullgraph = True

class VoxtralEncoder(VoxtralPreTrainedModel):
    main_input_name = 'input_features'
    _no_split_modules = ['VoxtralEncoderLayer']

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.layerdrop = config.encoder_layerdrop
        embed_dim = config.d_model
        self.num_mel_bins = config.num_mel_bins
        self.padding_idx = config.pad_token_id
        self.max_source_positions = config.max_source_positions
        self.embed_scale = math.sqrt(embed_dim) if config.scale_embedding else 1.0
        self.conv1 = nn.Conv1d(self.num_mel_bins, embed_dim, kernel_size=3, padding=1)
        self.conv2 = nn.Conv1d(embed_dim, embed_dim, kernel_size=3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(self.max_source_positions, embed_dim)
        self.embed_positions.requires_grad_(False)
        self.layers = nn.ModuleList([VoxtralEncoderLayer(config) for _ in range(config.encoder_layers)])
        self.layer_norm = nn.LayerNorm(config.d_model)
        self.avg_pooler = nn.AvgPool1d(2, stride=2)
        self.gradient_checkpointing = False
        self.post_init()

    def get_input_embeddings(self):
        return self.conv1

class VoxtralMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear_1 = nn.Linear(config.audio_config.intermediate_size, config.text_config.hidden_size, bias=False)
        self.act = ACT2FN[config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.text_config.hidden_size, config.text_config.hidden_size, bias=False)

class VoxtralForConditionalGeneration(VoxtralPreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['lm_head.weight']
    _keep_in_fp32_modules_strict = ['embed_positions']

    def __init__(self, config):
        super().__init__(config)
        self.vocab_size = config.text_config.vocab_size
        self.audio_tower = AutoModel.from_config(config.audio_config)
        self.language_model = AutoModelForCausalLM.from_config(config.text_config)
        self.multi_modal_projector = VoxtralMultiModalProjector(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

    def get_output_embeddings(self):
        return self.language_model.get_output_embeddings()

    def get_decoder(self):
        return self.language_model.get_decoder()
