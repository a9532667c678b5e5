"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): superglue. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModelForKeypointDetection
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class SuperGlueConfig(PreTrainedConfig):
    model_type = 'superglue'
    sub_configs_defaults = {'keypoint_detector_config': SubConfigSpec(config_class=AutoConfig, model_type='superpoint')}
    keypoint_detector_config: dict | PreTrainedConfig | None = None
    hidden_size: int = 256
    keypoint_encoder_sizes: list[int] | None = None
    gnn_layers_types: list[str] | None = None
    num_attention_heads: int = 4
    sinkhorn_iterations: int = 100
    matching_threshold: float = 0.0
    initializer_range: float = 0.02
    is_decoder: bool = False
    attention_probs_dropout_prob: int | float = 0.0

    def __post_init__(self, **kwargs):
        self.gnn_layers_types = self.gnn_layers_types if self.gnn_layers_types is not None else ['self', 'cross'] * 9
        self.keypoint_encoder_sizes = self.keypoint_encoder_sizes if self.keypoint_encoder_sizes is not None else [32, 64, 128, 256]
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if not all((layer_type in ['self', 'cross'] for layer_type in self.gnn_layers_types)):
            raise ValueError("All gnn_layers_types must be either 'self' or 'cross'")
        if self.hidden_size % self.num_attention_heads != 0:
            raise ValueError('hidden_size % num_attention_heads is different from zero')

class SuperGlueMultiLayerPerceptron(nn.Module):

    def __init__(self, config, in_channels, out_channels):
        super().__init__()
        self.linear = nn.Linear(in_channels, out_channels)
        self.batch_norm = nn.BatchNorm1d(out_channels)
        self.activation = nn.ReLU()

class SuperGlueKeypointEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        layer_sizes = config.keypoint_encoder_sizes
        hidden_size = config.hidden_size
        encoder_channels = [3] + layer_sizes + [hidden_size]
        layers = [SuperGlueMultiLayerPerceptron(config, encoder_channels[i - 1], encoder_channels[i]) for i in range(1, len(encoder_channels) - 1)]
        layers.append(nn.Linear(encoder_channels[-2], encoder_channels[-1]))
        self.encoder = nn.ModuleList(layers)

class SuperGlueSelfAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        if config.hidden_size % config.num_attention_heads != 0 and (not hasattr(config, 'embedding_size')):
            raise ValueError(f'The hidden size ({config.hidden_size}) is not a multiple of the number of attention heads ({config.num_attention_heads})')
        self.num_attention_heads = config.num_attention_heads
        self.attention_head_size = int(config.hidden_size / config.num_attention_heads)
        self.all_head_size = self.num_attention_heads * self.attention_head_size
        self.query = nn.Linear(config.hidden_size, self.all_head_size)
        self.key = nn.Linear(config.hidden_size, self.all_head_size)
        self.value = nn.Linear(config.hidden_size, self.all_head_size)
        self.dropout = nn.Dropout(config.attention_probs_dropout_prob)
        self.is_decoder = config.is_decoder

class SuperGlueSelfOutput(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)

SUPERGLUE_SELF_ATTENTION_CLASSES = {'eager': SuperGlueSelfAttention}

class SuperGlueAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.self = SUPERGLUE_SELF_ATTENTION_CLASSES[config._attn_implementation](config)
        self.output = SuperGlueSelfOutput(config)

class SuperGlueAttentionalPropagation(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_size = config.hidden_size
        self.attention = SuperGlueAttention(config)
        mlp_channels = [hidden_size * 2, hidden_size * 2, hidden_size]
        layers = [SuperGlueMultiLayerPerceptron(config, mlp_channels[i - 1], mlp_channels[i]) for i in range(1, len(mlp_channels) - 1)]
        layers.append(nn.Linear(mlp_channels[-2], mlp_channels[-1]))
        self.mlp = nn.ModuleList(layers)

class SuperGlueAttentionalGNN(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.layers_types = config.gnn_layers_types
        self.layers = nn.ModuleList([SuperGlueAttentionalPropagation(config) for _ in range(len(self.layers_types))])

class SuperGlueFinalProjection(nn.Module):

    def __init__(self, config):
        super().__init__()
        hidden_size = config.hidden_size
        self.final_proj = nn.Linear(hidden_size, hidden_size, bias=True)

class SuperGluePreTrainedModel(PreTrainedModel):
    base_model_prefix = 'superglue'
    main_input_name = 'pixel_values'

class SuperGlueForKeypointMatching(SuperGluePreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.keypoint_detector = AutoModelForKeypointDetection.from_config(config.keypoint_detector_config)
        self.keypoint_encoder = SuperGlueKeypointEncoder(config)
        self.gnn = SuperGlueAttentionalGNN(config)
        self.final_projection = SuperGlueFinalProjection(config)
        bin_score = torch.nn.Parameter(torch.tensor(1.0))
        self.register_parameter('bin_score', bin_score)
        self.post_init()
