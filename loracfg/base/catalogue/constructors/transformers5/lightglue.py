"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): lightglue. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModelForKeypointDetection
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class LightGlueConfig(PreTrainedConfig):
    model_type = 'lightglue'
    sub_configs_defaults = {'keypoint_detector_config': SubConfigSpec(config_class=AutoConfig, model_type='superpoint')}
    keypoint_detector_config: dict | PreTrainedConfig | None = None
    descriptor_dim: int = 256
    num_hidden_layers: int = 9
    num_attention_heads: int = 4
    num_key_value_heads: int | None = None
    depth_confidence: float = 0.95
    width_confidence: float = 0.99
    filter_threshold: float = 0.1
    initializer_range: float = 0.02
    hidden_act: str = 'gelu'
    attention_dropout: float | int = 0.0
    attention_bias: bool = True

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        self.keypoint_detector_config.attn_implementation = 'eager'
        self.intermediate_size = self.descriptor_dim * 2
        self.hidden_size = self.descriptor_dim

    def validate_architecture(self):
        if self.descriptor_dim % self.num_attention_heads != 0:
            raise ValueError('descriptor_dim % num_heads is different from zero')

class LightGluePositionalEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.projector = nn.Linear(2, config.descriptor_dim // config.num_attention_heads // 2, bias=False)

class LightGlueAttention(nn.Module):

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

class LightGlueMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.intermediate_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)
        self.layer_norm = nn.LayerNorm(config.intermediate_size, elementwise_affine=True)

class LightGlueTransformerLayer(nn.Module):

    def __init__(self, config, layer_idx):
        super().__init__()
        self.self_attention = LightGlueAttention(config, layer_idx)
        self.self_mlp = LightGlueMLP(config)
        self.cross_attention = LightGlueAttention(config, layer_idx)
        self.cross_mlp = LightGlueMLP(config)

class LightGlueMatchAssignmentLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.descriptor_dim = config.descriptor_dim
        self.final_projection = nn.Linear(self.descriptor_dim, self.descriptor_dim, bias=True)
        self.matchability = nn.Linear(self.descriptor_dim, 1, bias=True)

class LightGlueTokenConfidenceLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.token = nn.Linear(config.descriptor_dim, 1)

class LightGluePreTrainedModel(PreTrainedModel):
    base_model_prefix = 'lightglue'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = False

class LightGlueForKeypointMatching(LightGluePreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.keypoint_detector = AutoModelForKeypointDetection.from_config(config.keypoint_detector_config)
        self.keypoint_detector_descriptor_dim = config.keypoint_detector_config.descriptor_decoder_dim
        self.descriptor_dim = config.descriptor_dim
        self.num_layers = config.num_hidden_layers
        self.filter_threshold = config.filter_threshold
        self.depth_confidence = config.depth_confidence
        self.width_confidence = config.width_confidence
        if self.descriptor_dim != self.keypoint_detector_descriptor_dim:
            self.input_projection = nn.Linear(self.keypoint_detector_descriptor_dim, self.descriptor_dim, bias=True)
        else:
            self.input_projection = nn.Identity()
        self.positional_encoder = LightGluePositionalEncoder(config)
        self.transformer_layers = nn.ModuleList([LightGlueTransformerLayer(config, layer_idx=i) for i in range(config.num_hidden_layers)])
        self.match_assignment_layers = nn.ModuleList([LightGlueMatchAssignmentLayer(config) for _ in range(config.num_hidden_layers)])
        self.token_confidence = nn.ModuleList([LightGlueTokenConfidenceLayer(config) for _ in range(config.num_hidden_layers - 1)])
        self.post_init()
