"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): superglue. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModelForKeypointDetection, CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_pytorch_utils import find_pruneable_heads_and_indices, prune_linear_layer
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class SuperGlueConfig(PretrainedConfig):
    model_type = 'superglue'

    def __init__(self, keypoint_detector_config=None, hidden_size=256, keypoint_encoder_sizes=None, gnn_layers_types=None, num_attention_heads=4, sinkhorn_iterations=100, matching_threshold=0.0, initializer_range=0.02, **kwargs):
        self.gnn_layers_types = gnn_layers_types if gnn_layers_types is not None else ['self', 'cross'] * 9
        if not all((layer_type in ['self', 'cross'] for layer_type in self.gnn_layers_types)):
            raise ValueError("All gnn_layers_types must be either 'self' or 'cross'")
        if hidden_size % num_attention_heads != 0:
            raise ValueError('hidden_size % num_attention_heads is different from zero')
        self.keypoint_encoder_sizes = keypoint_encoder_sizes if keypoint_encoder_sizes is not None else [32, 64, 128, 256]
        self.hidden_size = hidden_size
        self.keypoint_encoder_sizes = keypoint_encoder_sizes
        self.gnn_layers_types = gnn_layers_types
        self.num_attention_heads = num_attention_heads
        self.sinkhorn_iterations = sinkhorn_iterations
        self.matching_threshold = matching_threshold
        if isinstance(keypoint_detector_config, dict):
            keypoint_detector_config['model_type'] = keypoint_detector_config.get('model_type', 'superpoint')
            keypoint_detector_config = CONFIG_MAPPING[keypoint_detector_config['model_type']](**keypoint_detector_config)
        if keypoint_detector_config is None:
            keypoint_detector_config = CONFIG_MAPPING['superpoint']()
        self.keypoint_detector_config = keypoint_detector_config
        self.initializer_range = initializer_range
        self.attention_probs_dropout_prob = 0
        self.is_decoder = False
        super().__init__(**kwargs)

    @property
    def sub_configs(self):
        return {'keypoint_detector_config': type(self.keypoint_detector_config)}

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

    def __init__(self, config, position_embedding_type=None):
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
        self.position_embedding_type = position_embedding_type or getattr(config, 'position_embedding_type', 'absolute')
        if self.position_embedding_type == 'relative_key' or self.position_embedding_type == 'relative_key_query':
            self.max_position_embeddings = config.max_position_embeddings
            self.distance_embedding = nn.Embedding(2 * config.max_position_embeddings - 1, self.attention_head_size)
        self.is_decoder = config.is_decoder

class SuperGlueSelfOutput(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)

SUPERGLUE_SELF_ATTENTION_CLASSES = {'eager': SuperGlueSelfAttention}

class SuperGlueAttention(nn.Module):

    def __init__(self, config, position_embedding_type=None):
        super().__init__()
        self.self = SUPERGLUE_SELF_ATTENTION_CLASSES[config._attn_implementation](config, position_embedding_type=position_embedding_type)
        self.output = SuperGlueSelfOutput(config)
        self.pruned_heads = set()

    def prune_heads(self, heads):
        if len(heads) == 0:
            return
        heads, index = find_pruneable_heads_and_indices(heads, self.self.num_attention_heads, self.self.attention_head_size, self.pruned_heads)
        self.self.query = prune_linear_layer(self.self.query, index)
        self.self.key = prune_linear_layer(self.self.key, index)
        self.self.value = prune_linear_layer(self.self.value, index)
        self.output.dense = prune_linear_layer(self.output.dense, index, dim=1)
        self.self.num_attention_heads = self.self.num_attention_heads - len(heads)
        self.self.all_head_size = self.self.attention_head_size * self.self.num_attention_heads
        self.pruned_heads = self.pruned_heads.union(heads)

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
