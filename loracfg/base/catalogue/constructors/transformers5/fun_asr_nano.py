"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): fun_asr_nano. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class FunAsrNanoEncoderConfig(PreTrainedConfig):
    model_type = 'fun_asr_nano_encoder'
    num_mel_bins: int = 80
    hidden_size: int = 512
    num_attention_heads: int = 4
    intermediate_size: int = 2048
    num_hidden_layers: int = 70
    hidden_dropout: float = 0.1
    attention_dropout: float = 0.1
    layer_norm_eps: float = 1e-05
    hidden_act: str = 'relu'
    max_position_embeddings: int = 2049
    num_stacked_frames: int = 7
    num_timestamp_prediction_layers: int = 20
    fsmn_kernel_size: int = 11

    @property
    def input_size(self):
        return self.num_mel_bins * self.num_stacked_frames

@strict
class FunAsrNanoAdaptorConfig(PreTrainedConfig):
    hidden_size: int = 1024
    num_attention_heads: int = 8
    intermediate_size: int = 256
    num_hidden_layers: int = 2
    hidden_dropout: float = 0.0
    attention_dropout: float = 0.0
    layer_norm_eps: float = 1e-05
    hidden_act: str = 'relu'
    projector_hidden_act: str = 'relu'
    projector_hidden_size: int = 2048

@strict
class FunAsrNanoConfig(PreTrainedConfig):
    model_type = 'fun_asr_nano'
    sub_configs_defaults = {'adaptor_config': SubConfigSpec(config_class=FunAsrNanoAdaptorConfig, init_kwargs={'hidden_size': 1024, 'intermediate_size': 1024 // 4}), 'audio_config': SubConfigSpec(config_class=AutoConfig, model_type='fun_asr_nano_encoder'), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='qwen3', init_kwargs={'hidden_size': 1024, 'intermediate_size': 3072, 'num_hidden_layers': 28, 'num_attention_heads': 16, 'num_key_value_heads': 8, 'max_position_embeddings': 40960, 'tie_word_embeddings': True})}
    adaptor_config: dict | PreTrainedConfig | None = None
    audio_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    audio_token_id: int = 151646
    initializer_range: float = 0.02
    tie_word_embeddings: bool = True

    def validate_architecture(self):
        if self.adaptor_config.hidden_size != self.text_config.hidden_size:
            raise ValueError(f'`adaptor_config.hidden_size` ({self.adaptor_config.hidden_size}) must match `text_config.hidden_size` ({self.text_config.hidden_size}).')
        if self.adaptor_config.intermediate_size != self.text_config.hidden_size // 4:
            raise ValueError(f'`adaptor_config.intermediate_size` ({self.adaptor_config.intermediate_size}) must equal `text_config.hidden_size // 4` ({self.text_config.hidden_size // 4}).')

class FunAsrNanoPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True

class FunAsrNanoAttention(nn.Module):

    def __init__(self, config, layer_idx=None, hidden_size=None, use_fsmn=False):
        super().__init__()
        hidden_size = hidden_size or config.hidden_size
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = getattr(config, 'head_dim', config.hidden_size // config.num_attention_heads)
        self.num_key_value_groups = 1
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = config.attention_dropout
        self.is_causal = False
        self.q_proj = nn.Linear(hidden_size, config.hidden_size, bias=True)
        self.k_proj = nn.Linear(hidden_size, config.hidden_size, bias=True)
        self.v_proj = nn.Linear(hidden_size, config.hidden_size, bias=True)
        self.o_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=True)
        self.fsmn = FunAsrNanoFSMN(config) if use_fsmn else None

class FunAsrNanoFSMN(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv = nn.Conv1d(config.hidden_size, config.hidden_size, config.fsmn_kernel_size, stride=1, padding=0, groups=config.hidden_size, bias=False)
        left_padding = (config.fsmn_kernel_size - 1) // 2
        right_padding = config.fsmn_kernel_size - 1 - left_padding
        self.pad = nn.ConstantPad1d((left_padding, right_padding), 0.0)
        self.dropout = config.hidden_dropout

class FunAsrNanoMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)
        self.hidden_dropout = config.hidden_dropout

class FunAsrNanoPositionEmbedding(nn.Module):

    def __init__(self, length, channels, max_timescale=10000):
        super().__init__()
        self.length = length
        self.channels = channels
        self.max_timescale = max_timescale
        if channels % 2 != 0:
            raise ValueError('FunAsrNanoPositionEmbedding needs even channels input')
        position_embedding = self.compute_default_singular_positional_embedding()
        self.positional_embedding = nn.Buffer(position_embedding, persistent=False)

    def compute_default_singular_positional_embedding(self):
        log_timescale_increment = np.log(self.max_timescale) / (self.channels // 2 - 1)
        inv_timescales = torch.exp(-log_timescale_increment * torch.arange(self.channels // 2).float())
        scaled_time = torch.arange(self.length)[:, np.newaxis] * inv_timescales[np.newaxis, :]
        return torch.cat([torch.sin(scaled_time), torch.cos(scaled_time)], dim=1)

class FunAsrNanoEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, hidden_size=None, use_fsmn=True, add_norm=False):
        super().__init__()
        hidden_size = hidden_size or config.hidden_size
        self.hidden_size = config.hidden_size
        self.self_attn = FunAsrNanoAttention(config, hidden_size=hidden_size, use_fsmn=use_fsmn)
        self.mlp = FunAsrNanoMLP(config)
        self.input_layernorm = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.hidden_dropout = config.hidden_dropout
        self.final_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps) if add_norm else nn.Identity()

class FunAsrNanoEncoder(FunAsrNanoPreTrainedModel):
    main_input_name = 'input_features'

    def __init__(self, config):
        super().__init__(config)
        self.position_embeddings = FunAsrNanoPositionEmbedding(config.max_position_embeddings, config.input_size)
        self.scaling = config.hidden_size ** 0.5
        num_transcription_layers = config.num_hidden_layers - config.num_timestamp_prediction_layers
        layer_norm_indices = (num_transcription_layers - 1, config.num_hidden_layers - 1)
        self.layers = nn.ModuleList([FunAsrNanoEncoderLayer(config, hidden_size=config.input_size if layer_idx == 0 else None, add_norm=layer_idx in layer_norm_indices) for layer_idx in range(config.num_hidden_layers)])
        self.post_init()

class FunAsrNanoMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear_1 = nn.Linear(config.audio_config.hidden_size, config.adaptor_config.projector_hidden_size)
        self.act = ACT2FN[config.adaptor_config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.adaptor_config.projector_hidden_size, config.adaptor_config.hidden_size)
        self.layers = nn.ModuleList([FunAsrNanoEncoderLayer(config.adaptor_config, use_fsmn=False) for _ in range(config.adaptor_config.num_hidden_layers)])
        self.config = config.adaptor_config

class FunAsrNanoModel(FunAsrNanoPreTrainedModel):
    _keep_in_fp32_modules_strict = None

    def __init__(self, config):
        super().__init__(config)
        self.audio_tower = AutoModel.from_config(config.audio_config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.multi_modal_projector = FunAsrNanoMultiModalProjector(config)
        self.post_init()

class FunAsrNanoForConditionalGeneration(FunAsrNanoPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = FunAsrNanoModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
