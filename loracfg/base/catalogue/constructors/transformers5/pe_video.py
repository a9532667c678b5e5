"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pe_video. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, AutoModelForImageClassification
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_rope_utils import ROPE_INIT_FUNCTIONS
from .common_modeling_utils import PreTrainedModel
from .timm_wrapper import TimmWrapperConfig
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer, RopeParameters
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PeVideoEncoderConfig(PreTrainedConfig):
    model_type = 'pe_video_encoder'
    default_theta = 20000
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=TimmWrapperConfig, init_kwargs={'architecture': 'vit_pe_core_large_patch14_336', 'do_pooling': True, 'num_classes': 1024, 'global_pool': 'map', 'initializer_range': 0.02})}
    vision_config: dict | PreTrainedConfig | None = None
    hidden_size: int = 1792
    intermediate_size: int = 4800
    num_hidden_layers: int = 6
    num_attention_heads: int = 14
    num_key_value_heads: int | None = None
    head_dim: int = 128
    hidden_act: str = 'silu'
    max_position_embeddings: int = 10000
    initializer_range: float = 0.02
    rms_norm_eps: float = 1e-05
    rope_parameters: RopeParameters | dict | None = None
    attention_bias: bool = False
    attention_dropout: float | int = 0.0

    def __post_init__(self, **kwargs):
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        if isinstance(self.vision_config, dict):
            self.vision_config = {**self.sub_configs_defaults['vision_config'].init_kwargs, **self.vision_config}
        super().__post_init__(**kwargs)

@strict
class PeVideoConfig(PreTrainedConfig):
    model_type = 'pe_video'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='modernbert', init_kwargs={'hidden_size': 1024, 'intermediate_size': 2624, 'num_hidden_layers': 22, 'num_attention_heads': 16}), 'video_config': PeVideoEncoderConfig}
    text_config: dict | PreTrainedConfig | None = None
    video_config: dict | PreTrainedConfig | None = None

    def __post_init__(self, **kwargs):
        if isinstance(self.text_config, dict):
            self.text_config = {**self.sub_configs_defaults['text_config'].init_kwargs, **self.text_config}
        super().__post_init__(**kwargs)

class PeVideoContrastiveHead(nn.Module):

    def __init__(self, in_dim, out_dim):
        super().__init__()
        self.layer_norm = nn.LayerNorm(normalized_shape=in_dim, eps=1e-06)
        self.proj = nn.Linear(in_dim, out_dim, bias=False)

class PeVideoMaskedGroupNorm(nn.GroupNorm):
    pass

class PeVideoConvBlock1d(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.groupnorm = PeVideoMaskedGroupNorm(num_groups=1, num_channels=config.hidden_size)
        self.activation = nn.SiLU()
        self.project = nn.Conv1d(in_channels=config.hidden_size, out_channels=config.hidden_size, kernel_size=3, padding='same')

class PeVideoResnetBlock1d(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.block1 = PeVideoConvBlock1d(config)
        self.block2 = PeVideoConvBlock1d(config)

class PeVideoEncoderPatchEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.resnet_block = PeVideoResnetBlock1d(config)
        self.class_embedding = nn.Parameter(torch.randn(1, 1, config.hidden_size))

class PeVideoEncoderEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.vision_model = AutoModelForImageClassification.from_config(config.vision_config)
        self.proj = nn.Linear(config.vision_config.num_labels, config.hidden_size, bias=False)
        self.data_proj = nn.Linear(config.hidden_size, config.hidden_size)

class PeVideoEncoderRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class PeVideoEncoderAttention(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.layer_type = config.layer_types[layer_idx] if hasattr(config, 'layer_types') else None
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
        self.q_norm = PeVideoEncoderRMSNorm(self.head_dim, eps=config.rms_norm_eps)
        self.k_norm = PeVideoEncoderRMSNorm(self.head_dim, eps=config.rms_norm_eps)

class PeVideoEncoderMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=False)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]

class PeVideoEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.self_attn = PeVideoEncoderAttention(config=config, layer_idx=layer_idx)
        self.mlp = PeVideoEncoderMLP(config)
        self.input_layernorm = PeVideoEncoderRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.post_attention_layernorm = PeVideoEncoderRMSNorm(config.hidden_size, eps=config.rms_norm_eps)

class PeVideoPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'video_model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    main_input_name = 'pixel_values_videos'

class PeVideoEncoderRotaryEmbedding(nn.Module):

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

class PeVideoEncoder(PeVideoPreTrainedModel):
    main_input_name = 'pixel_values_videos'
    base_model_prefix = 'video_model.video_encoder'

    def __init__(self, config):
        super().__init__(config)
        self.embedder = PeVideoEncoderEmbedder(config)
        self.patch_embedder = PeVideoEncoderPatchEmbedder(config)
        self.layers = nn.ModuleList([PeVideoEncoderLayer(config, layer_idx) for layer_idx in range(config.num_hidden_layers)])
        self.norm = PeVideoEncoderRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.rotary_emb = PeVideoEncoderRotaryEmbedding(config=config)
        self.output = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.gradient_checkpointing = False
        self.post_init()

class PeVideoModel(PeVideoPreTrainedModel):
    main_input_name = 'input_ids'

    def __init__(self, config):
        super().__init__(config)
        self.text_model = AutoModel.from_config(config.text_config)
        self.video_encoder = PeVideoEncoder(config.video_config)
        self.text_video_head = PeVideoContrastiveHead(config.text_config.hidden_size, config.text_config.hidden_size)
        self.video_head = PeVideoContrastiveHead(config.video_config.hidden_size, config.text_config.hidden_size)
        self.text_video_logit_scale = nn.Parameter(torch.zeros(1))
        self.text_video_logit_bias = nn.Parameter(torch.zeros(1))
        self.post_init()

        def get_text_features(self, input_ids, attention_mask=None, **kwargs):
            text_outputs = self.text_model(input_ids=input_ids, attention_mask=attention_mask, return_dict=True, **kwargs)
            text_outputs.pooler_output = self.text_video_head(text_outputs.last_hidden_state)
            return text_outputs

        def get_video_features(self, pixel_values_videos, padding_mask_videos=None, **kwargs):
            video_outputs = self.video_encoder(pixel_values_videos=pixel_values_videos, padding_mask_videos=padding_mask_videos, return_dict=True, **kwargs)
            video_outputs.pooler_output = self.video_head(video_outputs.pooler_output)
            return video_outputs
