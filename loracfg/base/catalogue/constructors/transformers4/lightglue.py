"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): lightglue. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModelForKeypointDetection, CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class LightGlueConfig(PretrainedConfig):
    model_type = 'lightglue'
    sub_configs = {'keypoint_detector_config': AutoConfig}

    def __init__(self, keypoint_detector_config=None, descriptor_dim=256, num_hidden_layers=9, num_attention_heads=4, num_key_value_heads=None, depth_confidence=0.95, width_confidence=0.99, filter_threshold=0.1, initializer_range=0.02, hidden_act='gelu', attention_dropout=0.0, attention_bias=True, trust_remote_code=False, **kwargs):
        self.trust_remote_code = trust_remote_code
        if descriptor_dim % num_attention_heads != 0:
            raise ValueError('descriptor_dim % num_heads is different from zero')
        self.descriptor_dim = descriptor_dim
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        if num_key_value_heads is None:
            num_key_value_heads = num_attention_heads
        self.num_key_value_heads = num_key_value_heads
        self.depth_confidence = depth_confidence
        self.width_confidence = width_confidence
        self.filter_threshold = filter_threshold
        self.initializer_range = initializer_range
        if isinstance(keypoint_detector_config, dict):
            keypoint_detector_config['model_type'] = keypoint_detector_config.get('model_type', 'superpoint')
            if keypoint_detector_config['model_type'] not in CONFIG_MAPPING:
                keypoint_detector_config = AutoConfig.from_pretrained(keypoint_detector_config['_name_or_path'], trust_remote_code=self.trust_remote_code)
            else:
                keypoint_detector_config = CONFIG_MAPPING[keypoint_detector_config['model_type']](**keypoint_detector_config, attn_implementation='eager')
        if keypoint_detector_config is None:
            keypoint_detector_config = CONFIG_MAPPING['superpoint'](attn_implementation='eager')
        self.keypoint_detector_config = keypoint_detector_config
        self.hidden_size = descriptor_dim
        self.intermediate_size = descriptor_dim * 2
        self.hidden_act = hidden_act
        self.attention_dropout = attention_dropout
        self.attention_bias = attention_bias
        super().__init__(**kwargs)

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
        self.keypoint_detector = AutoModelForKeypointDetection.from_config(config.keypoint_detector_config, trust_remote_code=config.trust_remote_code)
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
