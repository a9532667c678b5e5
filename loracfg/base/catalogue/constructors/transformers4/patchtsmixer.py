"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): patchtsmixer. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_time_series_utils import NegativeBinomialOutput, NormalOutput, StudentTOutput
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class PatchTSMixerConfig(PretrainedConfig):
    model_type = 'patchtsmixer'
    attribute_map = {'hidden_size': 'd_model', 'num_hidden_layers': 'num_layers'}

    def __init__(self, context_length=32, patch_length=8, num_input_channels=1, patch_stride=8, num_parallel_samples=100, d_model=8, expansion_factor=2, num_layers=3, dropout=0.2, mode='common_channel', gated_attn=True, norm_mlp='LayerNorm', self_attn=False, self_attn_heads=1, use_positional_encoding=False, positional_encoding_type='sincos', scaling='std', loss='mse', init_std=0.02, post_init=False, norm_eps=1e-05, mask_type='random', random_mask_ratio=0.5, num_forecast_mask_patches=[2], mask_value=0, masked_loss=True, channel_consistent_masking=True, unmasked_channel_indices=None, head_dropout=0.2, distribution_output='student_t', prediction_length=16, prediction_channel_indices=None, num_targets=3, output_range=None, head_aggregation='max_pool', **kwargs):
        self.num_input_channels = num_input_channels
        self.context_length = context_length
        self.patch_length = patch_length
        self.patch_stride = patch_stride
        self.d_model = d_model
        self.expansion_factor = expansion_factor
        self.num_layers = num_layers
        self.dropout = dropout
        self.mode = mode
        self.gated_attn = gated_attn
        self.norm_mlp = norm_mlp
        self.scaling = scaling
        self.head_dropout = head_dropout
        self.num_patches = (max(context_length, patch_length) - patch_length) // patch_stride + 1
        self.mask_type = mask_type
        self.random_mask_ratio = random_mask_ratio
        self.num_forecast_mask_patches = num_forecast_mask_patches
        self.mask_value = mask_value
        self.channel_consistent_masking = channel_consistent_masking
        self.masked_loss = masked_loss
        self.patch_last = True
        self.use_positional_encoding = use_positional_encoding
        self.positional_encoding_type = positional_encoding_type
        self.prediction_length = prediction_length
        self.prediction_channel_indices = prediction_channel_indices
        self.num_targets = num_targets
        self.output_range = output_range
        self.head_aggregation = head_aggregation
        self.self_attn = self_attn
        self.self_attn_heads = self_attn_heads
        self.init_std = init_std
        self.post_init = post_init
        self.distribution_output = distribution_output
        self.loss = loss
        self.num_parallel_samples = num_parallel_samples
        self.unmasked_channel_indices = unmasked_channel_indices
        self.norm_eps = norm_eps
        super().__init__(**kwargs)

class PatchTSMixerGatedAttention(nn.Module):

    def __init__(self, in_size, out_size):
        super().__init__()
        self.attn_layer = nn.Linear(in_size, out_size)
        self.attn_softmax = nn.Softmax(dim=-1)

class PatchTSMixerBatchNorm(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.batchnorm = nn.BatchNorm1d(config.d_model, eps=config.norm_eps)

class PatchTSMixerPositionalEncoding(nn.Module):

    def __init__(self, config):
        super().__init__()
        if config.use_positional_encoding:
            self.position_enc = self._init_pe(config)
        else:
            self.position_enc = nn.Parameter(torch.zeros(config.num_patches, config.d_model))

    @staticmethod
    def _init_pe(config):
        if config.positional_encoding_type == 'random':
            position_enc = nn.Parameter(torch.randn(config.num_patches, config.d_model), requires_grad=True)
        elif config.positional_encoding_type == 'sincos':
            position_enc = torch.zeros(config.num_patches, config.d_model)
            position = torch.arange(0, config.num_patches).unsqueeze(1)
            div_term = torch.exp(torch.arange(0, config.d_model, 2) * -(math.log(10000.0) / config.d_model))
            position_enc[:, 0::2] = torch.sin(position * div_term)
            position_enc[:, 1::2] = torch.cos(position * div_term)
            position_enc = position_enc - position_enc.mean()
            position_enc = position_enc / (position_enc.std() * 10)
            position_enc = nn.Parameter(position_enc, requires_grad=False)
        else:
            raise ValueError(f"{config.positional_encoding_type} is not a valid positional encoder. Available types are 'random' and 'sincos'.")
        return position_enc

class PatchTSMixerNormLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm_mlp = config.norm_mlp
        if 'batch' in config.norm_mlp.lower():
            self.norm = PatchTSMixerBatchNorm(config)
        else:
            self.norm = nn.LayerNorm(config.d_model, eps=config.norm_eps)

class PatchTSMixerMLP(nn.Module):

    def __init__(self, in_features, out_features, config):
        super().__init__()
        num_hidden = in_features * config.expansion_factor
        self.fc1 = nn.Linear(in_features, num_hidden)
        self.dropout1 = nn.Dropout(config.dropout)
        self.fc2 = nn.Linear(num_hidden, out_features)
        self.dropout2 = nn.Dropout(config.dropout)

class PatchTSMixerChannelFeatureMixerBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm = PatchTSMixerNormLayer(config)
        self.gated_attn = config.gated_attn
        self.mlp = PatchTSMixerMLP(in_features=config.num_input_channels, out_features=config.num_input_channels, config=config)
        if config.gated_attn:
            self.gating_block = PatchTSMixerGatedAttention(in_size=config.num_input_channels, out_size=config.num_input_channels)

class PatchTSMixerAttention(nn.Module):

    def __init__(self, embed_dim, num_heads, dropout=0.0, is_decoder=False, bias=True, is_causal=False, config=None):
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
        self.k_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.v_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.q_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)

class PatchMixerBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm = PatchTSMixerNormLayer(config)
        self.self_attn = config.self_attn
        self.gated_attn = config.gated_attn
        self.mlp = PatchTSMixerMLP(in_features=config.num_patches, out_features=config.num_patches, config=config)
        if config.gated_attn:
            self.gating_block = PatchTSMixerGatedAttention(in_size=config.num_patches, out_size=config.num_patches)
        if config.self_attn:
            self.self_attn_layer = PatchTSMixerAttention(embed_dim=config.d_model, num_heads=config.self_attn_heads, dropout=config.dropout, config=config)
            self.norm_attn = PatchTSMixerNormLayer(config)

class FeatureMixerBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm = PatchTSMixerNormLayer(config)
        self.gated_attn = config.gated_attn
        self.mlp = PatchTSMixerMLP(in_features=config.d_model, out_features=config.d_model, config=config)
        if config.gated_attn:
            self.gating_block = PatchTSMixerGatedAttention(in_size=config.d_model, out_size=config.d_model)

class PatchTSMixerLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.patch_mixer = PatchMixerBlock(config=config)
        self.feature_mixer = FeatureMixerBlock(config=config)
        self.mode = config.mode
        if config.mode == 'mix_channel':
            self.channel_feature_mixer = PatchTSMixerChannelFeatureMixerBlock(config=config)

class PatchTSMixerBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        num_layers = config.num_layers
        self.mixers = nn.ModuleList([PatchTSMixerLayer(config=config) for _ in range(num_layers)])

class PatchTSMixerForPredictionHead(nn.Module):

    def __init__(self, config, distribution_output=None):
        super().__init__()
        self.prediction_channel_indices = config.prediction_channel_indices
        if self.prediction_channel_indices is not None:
            self.prediction_channel_indices.sort()
        self.dropout_layer = nn.Dropout(config.head_dropout)
        if distribution_output is None:
            self.base_forecast_block = nn.Linear(config.num_patches * config.d_model, config.prediction_length)
        else:
            self.base_forecast_block = distribution_output.get_parameter_projection(config.num_patches * config.d_model)
        self.flatten = nn.Flatten(start_dim=-2)

class PatchTSMixerLinearHead(nn.Module):

    def __init__(self, config, distribution_output=None):
        super().__init__()
        self.head_aggregation = config.head_aggregation
        self.output_range = config.output_range
        if config.head_aggregation is None:
            mul_factor = config.num_patches
        else:
            mul_factor = 1
        self.distribution_output = distribution_output
        if distribution_output is None:
            self.projection = nn.Linear(config.d_model * config.num_input_channels * mul_factor, config.num_targets)
        else:
            self.projection = distribution_output.get_parameter_projection(config.d_model * config.num_input_channels * mul_factor)
        if config.head_aggregation is None:
            self.flatten = nn.Flatten(start_dim=-3)
        else:
            self.flatten = nn.Flatten(start_dim=-2)
        self.dropout = nn.Dropout(config.head_dropout)

class PatchTSMixerPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'past_values'
    supports_gradient_checkpointing = False

class PatchTSMixerPretrainHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dropout_layer = nn.Dropout(config.head_dropout)
        self.base_pt_block = nn.Linear(config.d_model, config.patch_length)

class PatchTSMixerPatchify(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.sequence_length = config.context_length
        self.patch_length = config.patch_length
        self.patch_stride = config.patch_stride
        if self.sequence_length <= self.patch_length:
            raise ValueError(f'Sequence length ({self.sequence_length}) has to be greater than the patch length ({self.patch_length})')
        self.num_patches = (max(self.sequence_length, self.patch_length) - self.patch_length) // self.patch_stride + 1
        new_sequence_length = self.patch_length + self.patch_stride * (self.num_patches - 1)
        self.sequence_start = self.sequence_length - new_sequence_length

class PatchTSMixerMasking(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.random_mask_ratio = config.random_mask_ratio
        self.channel_consistent_masking = config.channel_consistent_masking
        self.mask_type = config.mask_type
        self.num_forecast_mask_patches = config.num_forecast_mask_patches
        self.unmasked_channel_indices = config.unmasked_channel_indices
        self.mask_value = config.mask_value
        if self.unmasked_channel_indices is not None:
            self.unmasked_channel_indices = sorted(self.unmasked_channel_indices)

class PatchTSMixerStdScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.scaling_dim if hasattr(config, 'scaling_dim') else 1
        self.keepdim = config.keepdim if hasattr(config, 'keepdim') else True
        self.minimum_scale = config.minimum_scale if hasattr(config, 'minimum_scale') else 1e-05

class PatchTSMixerMeanScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.scaling_dim if hasattr(config, 'scaling_dim') else 1
        self.keepdim = config.keepdim if hasattr(config, 'keepdim') else True
        self.minimum_scale = config.minimum_scale if hasattr(config, 'minimum_scale') else 1e-10
        self.default_scale = config.default_scale if hasattr(config, 'default_scale') else None

class PatchTSMixerNOPScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.scaling_dim if hasattr(config, 'scaling_dim') else 1
        self.keepdim = config.keepdim if hasattr(config, 'keepdim') else True

class PatchTSMixerEncoder(PatchTSMixerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.use_return_dict = config.use_return_dict
        self.patcher = nn.Linear(config.patch_length, config.d_model)
        if config.use_positional_encoding:
            self.positional_encoder = PatchTSMixerPositionalEncoding(config=config)
        else:
            self.positional_encoder = None
        self.mlp_mixer_encoder = PatchTSMixerBlock(config=config)
        if config.post_init:
            self.post_init()

class PatchTSMixerModel(PatchTSMixerPreTrainedModel):

    def __init__(self, config, mask_input=False):
        super().__init__(config)
        self.use_return_dict = config.use_return_dict
        self.encoder = PatchTSMixerEncoder(config)
        self.patching = PatchTSMixerPatchify(config)
        if mask_input is True:
            self.masking = PatchTSMixerMasking(config)
        else:
            self.masking = None
        if config.scaling == 'mean':
            self.scaler = PatchTSMixerMeanScaler(config)
        elif config.scaling == 'std' or config.scaling is True:
            self.scaler = PatchTSMixerStdScaler(config)
        else:
            self.scaler = PatchTSMixerNOPScaler(config)
        if config.post_init:
            self.post_init()

class PatchTSMixerForPretraining(PatchTSMixerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PatchTSMixerModel(config, mask_input=True)
        self.head = PatchTSMixerPretrainHead(config=config)
        self.masked_loss = config.masked_loss
        self.use_return_dict = config.use_return_dict
        if config.post_init:
            self.post_init()

class PatchTSMixerForPrediction(PatchTSMixerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.loss = config.loss
        self.use_return_dict = config.use_return_dict
        self.prediction_channel_indices = config.prediction_channel_indices
        self.num_parallel_samples = config.num_parallel_samples
        if config.loss == 'mse':
            self.distribution_output = None
        else:
            dim = config.prediction_length
            distribution_output_map = {'student_t': StudentTOutput, 'normal': NormalOutput, 'negative_binomial': NegativeBinomialOutput}
            output_class = distribution_output_map.get(config.distribution_output, None)
            if output_class is not None:
                self.distribution_output = output_class(dim=dim)
            else:
                raise ValueError(f'Unknown distribution output {config.distribution_output}')
        self.model = PatchTSMixerModel(config)
        self.head = PatchTSMixerForPredictionHead(config=config, distribution_output=self.distribution_output)
        if config.post_init:
            self.post_init()

class PatchTSMixerForTimeSeriesClassification(PatchTSMixerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PatchTSMixerModel(config)
        self.head = PatchTSMixerLinearHead(config=config)
        self.use_return_dict = config.use_return_dict
        if config.scaling in ['std', 'mean', True]:
            self.inject_scale = InjectScalerStatistics4D(d_model=config.d_model, num_patches=config.num_patches)
        else:
            self.inject_scale = None
        if config.post_init:
            self.post_init()

class InjectScalerStatistics4D(nn.Module):

    def __init__(self, d_model, num_patches, expansion=2):
        super().__init__()
        self.inverse_trans_expansion = nn.Linear(d_model + 2, expansion * d_model)
        self.inverse_trans_compression = nn.Linear(expansion * d_model, d_model)
        self.map_scale_expansion = nn.Linear(2, 2 * expansion)
        self.map_scale_compression = nn.Linear(2 * expansion, 2)
        self.num_patches = num_patches

class PatchTSMixerForRegression(PatchTSMixerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PatchTSMixerModel(config)
        self.loss = config.loss
        self.distribution_output = config.distribution_output
        self.use_return_dict = config.use_return_dict
        self.num_parallel_samples = config.num_parallel_samples
        if config.loss == 'mse':
            self.distribution_output = None
        else:
            distribution_output_map = {'student_t': StudentTOutput, 'normal': NormalOutput, 'negative_binomial': NegativeBinomialOutput}
            output_class = distribution_output_map.get(config.distribution_output)
            if output_class is not None:
                self.distribution_output = output_class(dim=config.num_targets)
            else:
                raise ValueError(f'Unknown distribution output {config.distribution_output}')
        if config.scaling in ['std', 'mean', True]:
            self.inject_scale = InjectScalerStatistics4D(d_model=config.d_model, num_patches=config.num_patches)
        else:
            self.inject_scale = None
        self.head = PatchTSMixerLinearHead(config=config, distribution_output=self.distribution_output)
        if config.post_init:
            self.post_init()
