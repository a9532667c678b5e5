"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): zoedepth. Made by `python -m loracfg.base.transcriber`."""
from .auto import CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_utils_backbone_utils import load_backbone
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class ZoeDepthConfig(PretrainedConfig):
    model_type = 'zoedepth'

    def __init__(self, backbone_config=None, backbone=None, use_pretrained_backbone=False, backbone_kwargs=None, hidden_act='gelu', initializer_range=0.02, batch_norm_eps=1e-05, readout_type='project', reassemble_factors=[4, 2, 1, 0.5], neck_hidden_sizes=[96, 192, 384, 768], fusion_hidden_size=256, head_in_index=-1, use_batch_norm_in_fusion_residual=False, use_bias_in_fusion_residual=None, num_relative_features=32, add_projection=False, bottleneck_features=256, num_attractors=[16, 8, 4, 1], bin_embedding_dim=128, attractor_alpha=1000, attractor_gamma=2, attractor_kind='mean', min_temp=0.0212, max_temp=50.0, bin_centers_type='softplus', bin_configurations=[{'n_bins': 64, 'min_depth': 0.001, 'max_depth': 10.0}], num_patch_transformer_layers=None, patch_transformer_hidden_size=None, patch_transformer_intermediate_size=None, patch_transformer_num_attention_heads=None, **kwargs):
        super().__init__(**kwargs)
        if readout_type not in ['ignore', 'add', 'project']:
            raise ValueError("Readout_type must be one of ['ignore', 'add', 'project']")
        if attractor_kind not in ['mean', 'sum']:
            raise ValueError("Attractor_kind must be one of ['mean', 'sum']")
        if use_pretrained_backbone:
            raise ValueError('Pretrained backbones are not supported yet.')
        if backbone_config is not None and backbone is not None:
            raise ValueError("You can't specify both `backbone` and `backbone_config`.")
        if backbone_config is None and backbone is None:
            backbone_config = CONFIG_MAPPING['beit'](image_size=384, num_hidden_layers=24, hidden_size=1024, intermediate_size=4096, num_attention_heads=16, use_relative_position_bias=True, reshape_hidden_states=False, out_features=['stage6', 'stage12', 'stage18', 'stage24'])
        elif isinstance(backbone_config, dict):
            backbone_model_type = backbone_config.get('model_type')
            config_class = CONFIG_MAPPING[backbone_model_type]
            backbone_config = config_class.from_dict(backbone_config)
        if backbone_kwargs is not None and backbone_kwargs and (backbone_config is not None):
            raise ValueError("You can't specify both `backbone_kwargs` and `backbone_config`.")
        self.backbone_config = backbone_config
        self.backbone = backbone
        self.hidden_act = hidden_act
        self.use_pretrained_backbone = use_pretrained_backbone
        self.initializer_range = initializer_range
        self.batch_norm_eps = batch_norm_eps
        self.readout_type = readout_type
        self.reassemble_factors = reassemble_factors
        self.neck_hidden_sizes = neck_hidden_sizes
        self.fusion_hidden_size = fusion_hidden_size
        self.head_in_index = head_in_index
        self.use_batch_norm_in_fusion_residual = use_batch_norm_in_fusion_residual
        self.use_bias_in_fusion_residual = use_bias_in_fusion_residual
        self.num_relative_features = num_relative_features
        self.add_projection = add_projection
        self.bottleneck_features = bottleneck_features
        self.num_attractors = num_attractors
        self.bin_embedding_dim = bin_embedding_dim
        self.attractor_alpha = attractor_alpha
        self.attractor_gamma = attractor_gamma
        self.attractor_kind = attractor_kind
        self.min_temp = min_temp
        self.max_temp = max_temp
        self.bin_centers_type = bin_centers_type
        self.bin_configurations = bin_configurations
        self.num_patch_transformer_layers = num_patch_transformer_layers
        self.patch_transformer_hidden_size = patch_transformer_hidden_size
        self.patch_transformer_intermediate_size = patch_transformer_intermediate_size
        self.patch_transformer_num_attention_heads = patch_transformer_num_attention_heads

    @property
    def sub_configs(self):
        return {'backbone_config': type(self.backbone_config)} if getattr(self, 'backbone_config', None) is not None else {}

class ZoeDepthReassembleStage(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.readout_type = config.readout_type
        self.layers = nn.ModuleList()
        for neck_hidden_size, factor in zip(config.neck_hidden_sizes, config.reassemble_factors):
            self.layers.append(ZoeDepthReassembleLayer(config, channels=neck_hidden_size, factor=factor))
        if config.readout_type == 'project':
            self.readout_projects = nn.ModuleList()
            hidden_size = config.backbone_hidden_size
            for _ in config.neck_hidden_sizes:
                self.readout_projects.append(nn.Sequential(nn.Linear(2 * hidden_size, hidden_size), ACT2FN[config.hidden_act]))

class ZoeDepthReassembleLayer(nn.Module):

    def __init__(self, config, channels, factor):
        super().__init__()
        hidden_size = config.backbone_hidden_size
        self.projection = nn.Conv2d(in_channels=hidden_size, out_channels=channels, kernel_size=1)
        if factor > 1:
            self.resize = nn.ConvTranspose2d(channels, channels, kernel_size=factor, stride=factor, padding=0)
        elif factor == 1:
            self.resize = nn.Identity()
        elif factor < 1:
            self.resize = nn.Conv2d(channels, channels, kernel_size=3, stride=int(1 / factor), padding=1)

class ZoeDepthFeatureFusionStage(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList()
        for _ in range(len(config.neck_hidden_sizes)):
            self.layers.append(ZoeDepthFeatureFusionLayer(config))

class ZoeDepthPreActResidualLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.use_batch_norm = config.use_batch_norm_in_fusion_residual
        use_bias_in_fusion_residual = config.use_bias_in_fusion_residual if config.use_bias_in_fusion_residual is not None else not self.use_batch_norm
        self.activation1 = nn.ReLU()
        self.convolution1 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=use_bias_in_fusion_residual)
        self.activation2 = nn.ReLU()
        self.convolution2 = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=3, stride=1, padding=1, bias=use_bias_in_fusion_residual)
        if self.use_batch_norm:
            self.batch_norm1 = nn.BatchNorm2d(config.fusion_hidden_size, eps=config.batch_norm_eps)
            self.batch_norm2 = nn.BatchNorm2d(config.fusion_hidden_size, eps=config.batch_norm_eps)

class ZoeDepthFeatureFusionLayer(nn.Module):

    def __init__(self, config, align_corners=True):
        super().__init__()
        self.align_corners = align_corners
        self.projection = nn.Conv2d(config.fusion_hidden_size, config.fusion_hidden_size, kernel_size=1, bias=True)
        self.residual_layer1 = ZoeDepthPreActResidualLayer(config)
        self.residual_layer2 = ZoeDepthPreActResidualLayer(config)

class ZoeDepthNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        if config.backbone_config is not None and config.backbone_config.model_type == 'swinv2':
            self.reassemble_stage = None
        else:
            self.reassemble_stage = ZoeDepthReassembleStage(config)
        self.convs = nn.ModuleList()
        for channel in config.neck_hidden_sizes:
            self.convs.append(nn.Conv2d(channel, config.fusion_hidden_size, kernel_size=3, padding=1, bias=False))
        self.fusion_stage = ZoeDepthFeatureFusionStage(config)

class ZoeDepthRelativeDepthEstimationHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.head_in_index = config.head_in_index
        self.projection = None
        if config.add_projection:
            self.projection = nn.Conv2d(256, 256, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
        features = config.fusion_hidden_size
        self.conv1 = nn.Conv2d(features, features // 2, kernel_size=3, stride=1, padding=1)
        self.upsample = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)
        self.conv2 = nn.Conv2d(features // 2, config.num_relative_features, kernel_size=3, stride=1, padding=1)
        self.conv3 = nn.Conv2d(config.num_relative_features, 1, kernel_size=1, stride=1, padding=0)

class LogBinomialSoftmax(nn.Module):

    def __init__(self, n_classes=256, act=torch.softmax):
        super().__init__()
        self.k = n_classes
        self.act = act
        self.register_buffer('k_idx', torch.arange(0, n_classes).view(1, -1, 1, 1), persistent=False)
        self.register_buffer('k_minus_1', torch.tensor([self.k - 1]).view(1, -1, 1, 1), persistent=False)

class ZoeDepthConditionalLogBinomialSoftmax(nn.Module):

    def __init__(self, config, in_features, condition_dim, n_classes=256, bottleneck_factor=2):
        super().__init__()
        bottleneck = (in_features + condition_dim) // bottleneck_factor
        self.mlp = nn.Sequential(nn.Conv2d(in_features + condition_dim, bottleneck, kernel_size=1, stride=1, padding=0), nn.GELU(), nn.Conv2d(bottleneck, 2 + 2, kernel_size=1, stride=1, padding=0), nn.Softplus())
        self.p_eps = 0.0001
        self.max_temp = config.max_temp
        self.min_temp = config.min_temp
        self.log_binomial_transform = LogBinomialSoftmax(n_classes, act=torch.softmax)

class ZoeDepthSeedBinRegressor(nn.Module):

    def __init__(self, config, n_bins=16, mlp_dim=256, min_depth=0.001, max_depth=10):
        super().__init__()
        self.in_features = config.bottleneck_features
        self.bin_centers_type = config.bin_centers_type
        self.min_depth = min_depth
        self.max_depth = max_depth
        self.conv1 = nn.Conv2d(self.in_features, mlp_dim, 1, 1, 0)
        self.act1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(mlp_dim, n_bins, 1, 1, 0)
        self.act2 = nn.ReLU(inplace=True) if self.bin_centers_type == 'normed' else nn.Softplus()

class ZoeDepthAttractorLayer(nn.Module):

    def __init__(self, config, n_bins, n_attractors=16, min_depth=0.001, max_depth=10, memory_efficient=False):
        super().__init__()
        self.alpha = config.attractor_alpha
        self.gemma = config.attractor_gamma
        self.kind = config.attractor_kind
        self.n_attractors = n_attractors
        self.n_bins = n_bins
        self.min_depth = min_depth
        self.max_depth = max_depth
        self.memory_efficient = memory_efficient
        in_features = mlp_dim = config.bin_embedding_dim
        self.conv1 = nn.Conv2d(in_features, mlp_dim, 1, 1, 0)
        self.act1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(mlp_dim, n_attractors * 2, 1, 1, 0)
        self.act2 = nn.ReLU(inplace=True)

class ZoeDepthAttractorLayerUnnormed(nn.Module):

    def __init__(self, config, n_bins, n_attractors=16, min_depth=0.001, max_depth=10, memory_efficient=True):
        super().__init__()
        self.n_attractors = n_attractors
        self.n_bins = n_bins
        self.min_depth = min_depth
        self.max_depth = max_depth
        self.alpha = config.attractor_alpha
        self.gamma = config.attractor_alpha
        self.kind = config.attractor_kind
        self.memory_efficient = memory_efficient
        in_features = mlp_dim = config.bin_embedding_dim
        self.conv1 = nn.Conv2d(in_features, mlp_dim, 1, 1, 0)
        self.act1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(mlp_dim, n_attractors, 1, 1, 0)
        self.act2 = nn.Softplus()

class ZoeDepthProjector(nn.Module):

    def __init__(self, in_features, out_features, mlp_dim=128):
        super().__init__()
        self.conv1 = nn.Conv2d(in_features, mlp_dim, 1, 1, 0)
        self.act = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(mlp_dim, out_features, 1, 1, 0)

class ZoeDepthMultiheadAttention(nn.Module):

    def __init__(self, hidden_size, num_attention_heads, dropout):
        super().__init__()
        if hidden_size % num_attention_heads != 0:
            raise ValueError(f'The hidden size ({hidden_size}) is not a multiple of the number of attention heads ({num_attention_heads})')
        self.num_attention_heads = num_attention_heads
        self.attention_head_size = int(hidden_size / num_attention_heads)
        self.all_head_size = self.num_attention_heads * self.attention_head_size
        self.query = nn.Linear(hidden_size, self.all_head_size)
        self.key = nn.Linear(hidden_size, self.all_head_size)
        self.value = nn.Linear(hidden_size, self.all_head_size)
        self.out_proj = nn.Linear(hidden_size, hidden_size)
        self.dropout = nn.Dropout(dropout)

class ZoeDepthTransformerEncoderLayer(nn.Module):

    def __init__(self, config, dropout=0.1, activation='relu'):
        super().__init__()
        hidden_size = config.patch_transformer_hidden_size
        intermediate_size = config.patch_transformer_intermediate_size
        num_attention_heads = config.patch_transformer_num_attention_heads
        self.self_attn = ZoeDepthMultiheadAttention(hidden_size, num_attention_heads, dropout=dropout)
        self.linear1 = nn.Linear(hidden_size, intermediate_size)
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(intermediate_size, hidden_size)
        self.norm1 = nn.LayerNorm(hidden_size)
        self.norm2 = nn.LayerNorm(hidden_size)
        self.dropout1 = nn.Dropout(dropout)
        self.dropout2 = nn.Dropout(dropout)
        self.activation = ACT2FN[activation]

class ZoeDepthPatchTransformerEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.bottleneck_features
        self.transformer_encoder = nn.ModuleList([ZoeDepthTransformerEncoderLayer(config) for _ in range(config.num_patch_transformer_layers)])
        self.embedding_convPxP = nn.Conv2d(in_channels, config.patch_transformer_hidden_size, kernel_size=1, stride=1, padding=0)

class ZoeDepthMLPClassifier(nn.Module):

    def __init__(self, in_features, out_features):
        super().__init__()
        hidden_features = in_features
        self.linear1 = nn.Linear(in_features, hidden_features)
        self.activation = nn.ReLU()
        self.linear2 = nn.Linear(hidden_features, out_features)

class ZoeDepthMultipleMetricDepthEstimationHeads(nn.Module):

    def __init__(self, config):
        super().__init__()
        bin_embedding_dim = config.bin_embedding_dim
        n_attractors = config.num_attractors
        self.bin_configurations = config.bin_configurations
        self.bin_centers_type = config.bin_centers_type
        bottleneck_features = config.bottleneck_features
        self.conv2 = nn.Conv2d(bottleneck_features, bottleneck_features, kernel_size=1, stride=1, padding=0)
        self.patch_transformer = ZoeDepthPatchTransformerEncoder(config)
        self.mlp_classifier = ZoeDepthMLPClassifier(in_features=128, out_features=2)
        if self.bin_centers_type == 'normed':
            Attractor = ZoeDepthAttractorLayer
        elif self.bin_centers_type == 'softplus':
            Attractor = ZoeDepthAttractorLayerUnnormed
        self.seed_bin_regressors = nn.ModuleDict({conf['name']: ZoeDepthSeedBinRegressor(config, n_bins=conf['n_bins'], mlp_dim=bin_embedding_dim // 2, min_depth=conf['min_depth'], max_depth=conf['max_depth']) for conf in config.bin_configurations})
        self.seed_projector = ZoeDepthProjector(in_features=bottleneck_features, out_features=bin_embedding_dim, mlp_dim=bin_embedding_dim // 2)
        self.projectors = nn.ModuleList([ZoeDepthProjector(in_features=config.fusion_hidden_size, out_features=bin_embedding_dim, mlp_dim=bin_embedding_dim // 2) for _ in range(4)])
        self.attractors = nn.ModuleDict({configuration['name']: nn.ModuleList([Attractor(config, n_bins=n_attractors[i], min_depth=configuration['min_depth'], max_depth=configuration['max_depth']) for i in range(len(n_attractors))]) for configuration in config.bin_configurations})
        last_in = config.num_relative_features
        self.conditional_log_binomial = nn.ModuleDict({configuration['name']: ZoeDepthConditionalLogBinomialSoftmax(config, last_in, bin_embedding_dim, configuration['n_bins'], bottleneck_factor=4) for configuration in config.bin_configurations})

class ZoeDepthMetricDepthEstimationHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        bin_configuration = config.bin_configurations[0]
        n_bins = bin_configuration['n_bins']
        min_depth = bin_configuration['min_depth']
        max_depth = bin_configuration['max_depth']
        bin_embedding_dim = config.bin_embedding_dim
        n_attractors = config.num_attractors
        bin_centers_type = config.bin_centers_type
        self.min_depth = min_depth
        self.max_depth = max_depth
        self.bin_centers_type = bin_centers_type
        bottleneck_features = config.bottleneck_features
        self.conv2 = nn.Conv2d(bottleneck_features, bottleneck_features, kernel_size=1, stride=1, padding=0)
        if self.bin_centers_type == 'normed':
            Attractor = ZoeDepthAttractorLayer
        elif self.bin_centers_type == 'softplus':
            Attractor = ZoeDepthAttractorLayerUnnormed
        self.seed_bin_regressor = ZoeDepthSeedBinRegressor(config, n_bins=n_bins, min_depth=min_depth, max_depth=max_depth)
        self.seed_projector = ZoeDepthProjector(in_features=bottleneck_features, out_features=bin_embedding_dim)
        self.projectors = nn.ModuleList([ZoeDepthProjector(in_features=config.fusion_hidden_size, out_features=bin_embedding_dim) for _ in range(4)])
        self.attractors = nn.ModuleList([Attractor(config, n_bins=n_bins, n_attractors=n_attractors[i], min_depth=min_depth, max_depth=max_depth) for i in range(4)])
        last_in = config.num_relative_features + 1
        self.conditional_log_binomial = ZoeDepthConditionalLogBinomialSoftmax(config, last_in, bin_embedding_dim, n_classes=n_bins)

class ZoeDepthPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'zoedepth'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

class ZoeDepthForDepthEstimation(ZoeDepthPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        if hasattr(self.backbone.config, 'hidden_size') and hasattr(self.backbone.config, 'patch_size'):
            config.backbone_hidden_size = self.backbone.config.hidden_size
            self.patch_size = self.backbone.config.patch_size
        else:
            raise ValueError("ZoeDepth assumes the backbone's config to have `hidden_size` and `patch_size` attributes")
        self.neck = ZoeDepthNeck(config)
        self.relative_head = ZoeDepthRelativeDepthEstimationHead(config)
        self.metric_head = ZoeDepthMultipleMetricDepthEstimationHeads(config) if len(config.bin_configurations) > 1 else ZoeDepthMetricDepthEstimationHead(config)
        self.post_init()
