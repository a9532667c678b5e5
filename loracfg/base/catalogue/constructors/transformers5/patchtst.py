"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): patchtst. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2CLS
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_time_series_utils import NegativeBinomialOutput, NormalOutput, StudentTOutput
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class PatchTSTConfig(PreTrainedConfig):
    model_type = 'patchtst'
    attribute_map = {'hidden_size': 'd_model', 'num_attention_heads': 'num_attention_heads', 'num_hidden_layers': 'num_hidden_layers'}
    num_input_channels: int = 1
    context_length: int = 32
    distribution_output: str = 'student_t'
    loss: str | None = 'mse'
    patch_length: int = 1
    patch_stride: int = 1
    num_hidden_layers: int = 3
    d_model: int = 128
    num_attention_heads: int = 4
    share_embedding: bool = True
    channel_attention: bool = False
    ffn_dim: int = 512
    norm_type: str = 'batchnorm'
    norm_eps: float = 1e-05
    attention_dropout: float | int = 0.0
    positional_dropout: float | int = 0.0
    path_dropout: float | int = 0.0
    ff_dropout: float | int = 0.0
    bias: bool = True
    activation_function: str = 'gelu'
    pre_norm: bool = True
    positional_encoding_type: str = 'sincos'
    use_cls_token: bool = False
    init_std: float = 0.02
    share_projection: bool = True
    scaling: str | bool | None = 'std'
    do_mask_input: bool | None = None
    mask_type: str = 'random'
    random_mask_ratio: float = 0.5
    num_forecast_mask_patches: list[int] | tuple[int, ...] | int | None = (2,)
    channel_consistent_masking: bool | None = False
    unmasked_channel_indices: list[int] | None = None
    mask_value: int = 0
    pooling_type: str | None = 'mean'
    head_dropout: float | int = 0.0
    prediction_length: int = 24
    num_targets: int = 1
    output_range: list | None = None
    num_parallel_samples: int = 100

class PatchTSTAttention(nn.Module):

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

class PatchTSTBatchNorm(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.batchnorm = nn.BatchNorm1d(config.d_model, eps=config.norm_eps)

class PatchTSTPatchify(nn.Module):

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

class PatchTSTMasking(nn.Module):

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

class PatchTSTEncoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.channel_attention = config.channel_attention
        self.self_attn = PatchTSTAttention(embed_dim=config.d_model, num_heads=config.num_attention_heads, dropout=config.attention_dropout, config=config)
        self.dropout_path1 = nn.Dropout(config.path_dropout) if config.path_dropout > 0 else nn.Identity()
        if config.norm_type == 'batchnorm':
            self.norm_sublayer1 = PatchTSTBatchNorm(config)
        elif config.norm_type == 'layernorm':
            self.norm_sublayer1 = nn.LayerNorm(config.d_model, eps=config.norm_eps)
        else:
            raise ValueError(f'{config.norm_type} is not a supported norm layer type.')
        if self.channel_attention:
            self.dropout_path2 = nn.Dropout(config.path_dropout) if config.path_dropout > 0 else nn.Identity()
            if config.norm_type == 'batchnorm':
                self.norm_sublayer2 = PatchTSTBatchNorm(config)
            elif config.norm_type == 'layernorm':
                self.norm_sublayer2 = nn.LayerNorm(config.d_model, eps=config.norm_eps)
            else:
                raise ValueError(f'{config.norm_type} is not a supported norm layer type.')
        self.ff = nn.Sequential(nn.Linear(config.d_model, config.ffn_dim, bias=config.bias), ACT2CLS[config.activation_function](), nn.Dropout(config.ff_dropout) if config.ff_dropout > 0 else nn.Identity(), nn.Linear(config.ffn_dim, config.d_model, bias=config.bias))
        self.dropout_path3 = nn.Dropout(config.path_dropout) if config.path_dropout > 0 else nn.Identity()
        if config.norm_type == 'batchnorm':
            self.norm_sublayer3 = PatchTSTBatchNorm(config)
        elif config.norm_type == 'layernorm':
            self.norm_sublayer3 = nn.LayerNorm(config.d_model, eps=config.norm_eps)
        else:
            raise ValueError(f'{config.norm_type} is not a supported norm layer type.')
        self.pre_norm = config.pre_norm

class PatchTSTPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'past_values'
    supports_gradient_checkpointing = False

class PatchTSTEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_input_channels = config.num_input_channels
        self.share_embedding = config.share_embedding
        if self.share_embedding:
            self.input_embedding = nn.Linear(config.patch_length, config.d_model)
        else:
            self.input_embedding = nn.ModuleList()
            for _ in range(config.num_input_channels):
                self.input_embedding.append(nn.Linear(config.patch_length, config.d_model))

class PatchTSTPositionalEncoding(nn.Module):

    def __init__(self, config, num_patches):
        super().__init__()
        self.use_cls_token = config.use_cls_token
        self.num_input_channels = config.num_input_channels
        if config.use_cls_token:
            self.cls_token = nn.Parameter(torch.zeros(1, 1, 1, config.d_model))
            num_patches += 1
        self.position_enc = self._init_pe(config, num_patches)
        self.positional_dropout = nn.Dropout(config.positional_dropout) if config.positional_dropout > 0 else nn.Identity()

    @staticmethod
    def _init_pe(config, num_patches):
        if config.positional_encoding_type == 'random':
            position_enc = nn.Parameter(torch.randn(num_patches, config.d_model), requires_grad=True)
        elif config.positional_encoding_type == 'sincos':
            position_enc = torch.zeros(num_patches, config.d_model)
            position = torch.arange(0, num_patches).unsqueeze(1)
            div_term = torch.exp(torch.arange(0, config.d_model, 2) * -(math.log(10000.0) / config.d_model))
            position_enc[:, 0::2] = torch.sin(position * div_term)
            position_enc[:, 1::2] = torch.cos(position * div_term)
            position_enc = position_enc - position_enc.mean()
            position_enc = position_enc / (position_enc.std() * 10)
            position_enc = nn.Parameter(position_enc, requires_grad=False)
        else:
            raise ValueError(f"{config.positional_encoding_type} is not a valid positional encoder. Available types are 'random' and 'sincos'.")
        return position_enc

class PatchTSTEncoder(PatchTSTPreTrainedModel):

    def __init__(self, config, num_patches):
        super().__init__(config)
        self.gradient_checkpointing = False
        self.embedder = PatchTSTEmbedding(config)
        self.positional_encoder = PatchTSTPositionalEncoding(config, num_patches)
        self.layers = nn.ModuleList([PatchTSTEncoderLayer(config) for i in range(config.num_hidden_layers)])
        self.post_init()

class PatchTSTStdScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.scaling_dim if hasattr(config, 'scaling_dim') else 1
        self.keepdim = config.keepdim if hasattr(config, 'keepdim') else True
        self.minimum_scale = config.minimum_scale if hasattr(config, 'minimum_scale') else 1e-05

class PatchTSTMeanScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.scaling_dim if hasattr(config, 'scaling_dim') else 1
        self.keepdim = config.keepdim if hasattr(config, 'keepdim') else True
        self.minimum_scale = config.minimum_scale if hasattr(config, 'minimum_scale') else 1e-10
        self.default_scale = config.default_scale if hasattr(config, 'default_scale') else None

class PatchTSTNOPScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.scaling_dim if hasattr(config, 'scaling_dim') else 1
        self.keepdim = config.keepdim if hasattr(config, 'keepdim') else True

class PatchTSTScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        if config.scaling == 'mean' or config.scaling is True:
            self.scaler = PatchTSTMeanScaler(config)
        elif config.scaling == 'std':
            self.scaler = PatchTSTStdScaler(config)
        else:
            self.scaler = PatchTSTNOPScaler(config)

class PatchTSTModel(PatchTSTPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.scaler = PatchTSTScaler(config)
        self.patchifier = PatchTSTPatchify(config)
        self.do_mask_input = config.do_mask_input
        num_patches = self.patchifier.num_patches
        if self.do_mask_input:
            self.masking = PatchTSTMasking(config)
        else:
            self.masking = nn.Identity()
        self.encoder = PatchTSTEncoder(config, num_patches=num_patches)
        self.post_init()

class PatchTSTMaskPretrainHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dropout = nn.Dropout(config.head_dropout) if config.head_dropout > 0 else nn.Identity()
        self.linear = nn.Linear(config.d_model, config.patch_length)
        self.use_cls_token = config.use_cls_token

class PatchTSTForPretraining(PatchTSTPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        config.do_mask_input = True
        self.model = PatchTSTModel(config=config)
        self.head = PatchTSTMaskPretrainHead(config)
        self.post_init()

class PatchTSTClassificationHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.use_cls_token = config.use_cls_token
        self.pooling_type = config.pooling_type
        self.flatten = nn.Flatten(start_dim=1)
        self.dropout = nn.Dropout(config.head_dropout) if config.head_dropout > 0 else nn.Identity()
        self.linear = nn.Linear(config.num_input_channels * config.d_model, config.num_targets)

class PatchTSTForClassification(PatchTSTPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        if config.do_mask_input:
            config.do_mask_input = False
        self.model = PatchTSTModel(config)
        self.head = PatchTSTClassificationHead(config)
        self.post_init()

class PatchTSTPredictionHead(nn.Module):

    def __init__(self, config, num_patches, distribution_output=None):
        super().__init__()
        self.share_projection = config.share_projection
        self.num_input_channels = config.num_input_channels
        self.use_cls_token = config.use_cls_token
        self.pooling_type = config.pooling_type
        if self.pooling_type or self.use_cls_token:
            head_dim = config.d_model
        else:
            head_dim = config.d_model * num_patches
        if not self.share_projection:
            self.projections = nn.ModuleList()
            self.dropouts = nn.ModuleList()
            self.flattens = nn.ModuleList()
            for i in range(self.num_input_channels):
                self.flattens.append(nn.Flatten(start_dim=2))
                if distribution_output is None:
                    self.projections.append(nn.Linear(head_dim, config.prediction_length))
                else:
                    self.projections.append(distribution_output.get_parameter_projection(head_dim))
                self.dropouts.append(nn.Dropout(config.head_dropout) if config.head_dropout > 0 else nn.Identity())
        else:
            self.flatten = nn.Flatten(start_dim=2)
            if distribution_output is None:
                self.projection = nn.Linear(head_dim, config.prediction_length)
            else:
                self.projection = distribution_output.get_parameter_projection(head_dim)
            self.dropout = nn.Dropout(config.head_dropout) if config.head_dropout > 0 else nn.Identity()

class PatchTSTForPrediction(PatchTSTPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        if config.do_mask_input:
            config.do_mask_input = False
        self.model = PatchTSTModel(config)
        if config.loss == 'mse':
            self.distribution_output = None
        elif config.distribution_output == 'student_t':
            self.distribution_output = StudentTOutput(dim=config.prediction_length)
        elif config.distribution_output == 'normal':
            self.distribution_output = NormalOutput(dim=config.prediction_length)
        elif config.distribution_output == 'negative_binomial':
            self.distribution_output = NegativeBinomialOutput(dim=config.prediction_length)
        else:
            raise ValueError(f'Unknown distribution output {config.distribution_output}')
        self.head = PatchTSTPredictionHead(config, self.model.patchifier.num_patches, distribution_output=self.distribution_output)
        self.post_init()

class PatchTSTRegressionHead(nn.Module):

    def __init__(self, config, distribution_output=None):
        super().__init__()
        self.y_range = config.output_range
        self.use_cls_token = config.use_cls_token
        self.pooling_type = config.pooling_type
        self.distribution_output = distribution_output
        head_dim = config.num_input_channels * config.d_model
        self.flatten = nn.Flatten(start_dim=1)
        self.dropout = nn.Dropout(config.head_dropout) if config.head_dropout > 0 else nn.Identity()
        if distribution_output is None:
            self.projection = nn.Linear(head_dim, config.num_targets)
        else:
            self.projection = distribution_output.get_parameter_projection(head_dim)

class PatchTSTForRegression(PatchTSTPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        if config.do_mask_input:
            config.do_mask_input = False
        self.model = PatchTSTModel(config)
        if config.loss == 'mse':
            self.distribution_output = None
        elif config.distribution_output == 'student_t':
            self.distribution_output = StudentTOutput(dim=config.num_targets)
        elif config.distribution_output == 'normal':
            self.distribution_output = NormalOutput(dim=config.num_targets)
        elif config.distribution_output == 'negative_binomial':
            self.distribution_output = NegativeBinomialOutput(dim=config.num_targets)
        else:
            raise ValueError(f'Unknown distribution output {config.distribution_output}')
        self.head = PatchTSTRegressionHead(config, self.distribution_output)
        self.post_init()
