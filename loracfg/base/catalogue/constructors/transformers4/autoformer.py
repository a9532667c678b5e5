"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): autoformer. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from .common_time_series_utils import NegativeBinomialOutput, NormalOutput, StudentTOutput
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class AutoformerConfig(PretrainedConfig):
    model_type = 'autoformer'
    attribute_map = {'hidden_size': 'd_model', 'num_attention_heads': 'encoder_attention_heads', 'num_hidden_layers': 'encoder_layers'}

    def __init__(self, prediction_length=None, context_length=None, distribution_output='student_t', loss='nll', input_size=1, lags_sequence=[1, 2, 3, 4, 5, 6, 7], scaling=True, num_time_features=0, num_dynamic_real_features=0, num_static_categorical_features=0, num_static_real_features=0, cardinality=None, embedding_dimension=None, d_model=64, encoder_attention_heads=2, decoder_attention_heads=2, encoder_layers=2, decoder_layers=2, encoder_ffn_dim=32, decoder_ffn_dim=32, activation_function='gelu', dropout=0.1, encoder_layerdrop=0.1, decoder_layerdrop=0.1, attention_dropout=0.1, activation_dropout=0.1, num_parallel_samples=100, init_std=0.02, use_cache=True, is_encoder_decoder=True, label_length=10, moving_average=25, autocorrelation_factor=3, **kwargs):
        self.prediction_length = prediction_length
        self.context_length = context_length if context_length is not None else prediction_length
        self.distribution_output = distribution_output
        self.loss = loss
        self.input_size = input_size
        self.num_time_features = num_time_features
        self.lags_sequence = lags_sequence
        self.scaling = scaling
        self.num_dynamic_real_features = num_dynamic_real_features
        self.num_static_real_features = num_static_real_features
        self.num_static_categorical_features = num_static_categorical_features
        if cardinality is not None and num_static_categorical_features > 0:
            if len(cardinality) != num_static_categorical_features:
                raise ValueError('The cardinality should be a list of the same length as `num_static_categorical_features`')
            self.cardinality = cardinality
        else:
            self.cardinality = [0]
        if embedding_dimension is not None and num_static_categorical_features > 0:
            if len(embedding_dimension) != num_static_categorical_features:
                raise ValueError('The embedding dimension should be a list of the same length as `num_static_categorical_features`')
            self.embedding_dimension = embedding_dimension
        else:
            self.embedding_dimension = [min(50, (cat + 1) // 2) for cat in self.cardinality]
        self.num_parallel_samples = num_parallel_samples
        self.feature_size = input_size * len(self.lags_sequence) + self._number_of_features
        self.d_model = d_model
        self.encoder_attention_heads = encoder_attention_heads
        self.decoder_attention_heads = decoder_attention_heads
        self.encoder_ffn_dim = encoder_ffn_dim
        self.decoder_ffn_dim = decoder_ffn_dim
        self.encoder_layers = encoder_layers
        self.decoder_layers = decoder_layers
        self.dropout = dropout
        self.attention_dropout = attention_dropout
        self.activation_dropout = activation_dropout
        self.encoder_layerdrop = encoder_layerdrop
        self.decoder_layerdrop = decoder_layerdrop
        self.activation_function = activation_function
        self.init_std = init_std
        self.use_cache = use_cache
        self.label_length = label_length
        self.moving_average = moving_average
        self.autocorrelation_factor = autocorrelation_factor
        super().__init__(is_encoder_decoder=is_encoder_decoder, **kwargs)

    @property
    def _number_of_features(self):
        return sum(self.embedding_dimension) + self.num_dynamic_real_features + self.num_time_features + self.num_static_real_features + self.input_size * 2

class AutoformerFeatureEmbedder(nn.Module):

    def __init__(self, cardinalities, embedding_dims):
        super().__init__()
        self.num_features = len(cardinalities)
        self.embedders = nn.ModuleList([nn.Embedding(c, d) for c, d in zip(cardinalities, embedding_dims)])

class AutoformerStdScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.scaling_dim if hasattr(config, 'scaling_dim') else 1
        self.keepdim = config.keepdim if hasattr(config, 'keepdim') else True
        self.minimum_scale = config.minimum_scale if hasattr(config, 'minimum_scale') else 1e-05

class AutoformerMeanScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.scaling_dim if hasattr(config, 'scaling_dim') else 1
        self.keepdim = config.keepdim if hasattr(config, 'keepdim') else True
        self.minimum_scale = config.minimum_scale if hasattr(config, 'minimum_scale') else 1e-10
        self.default_scale = config.default_scale if hasattr(config, 'default_scale') else None

class AutoformerNOPScaler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dim = config.scaling_dim if hasattr(config, 'scaling_dim') else 1
        self.keepdim = config.keepdim if hasattr(config, 'keepdim') else True

def nll(input, target):
    return -input.log_prob(target)

class AutoformerSinusoidalPositionalEmbedding(nn.Embedding):

    def __init__(self, num_positions, embedding_dim, padding_idx=None):
        super().__init__(num_positions, embedding_dim)

class AutoformerValueEmbedding(nn.Module):

    def __init__(self, feature_size, d_model):
        super().__init__()
        self.value_projection = nn.Linear(in_features=feature_size, out_features=d_model, bias=False)

class AutoformerSeriesDecompositionLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.kernel_size = config.moving_average
        self.avg = nn.AvgPool1d(kernel_size=self.kernel_size, stride=1, padding=0)

class AutoformerLayernorm(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.layernorm = nn.LayerNorm(config.d_model)

class AutoformerAttention(nn.Module):

    def __init__(self, embed_dim, num_heads, dropout=0.0, is_decoder=False, bias=True, autocorrelation_factor=3, layer_idx=None):
        super().__init__()
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.head_dim = embed_dim // num_heads
        if self.head_dim * num_heads != self.embed_dim:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `num_heads`: {num_heads}).')
        self.scaling = self.head_dim ** (-0.5)
        self.is_decoder = is_decoder
        self.layer_idx = layer_idx
        self.k_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.v_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.q_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.autocorrelation_factor = autocorrelation_factor

class AutoformerEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.d_model
        self.self_attn = AutoformerAttention(embed_dim=self.embed_dim, num_heads=config.encoder_attention_heads, dropout=config.attention_dropout, autocorrelation_factor=config.autocorrelation_factor)
        self.self_attn_layer_norm = nn.LayerNorm(self.embed_dim)
        self.dropout = config.dropout
        self.activation_fn = ACT2FN[config.activation_function]
        self.activation_dropout = config.activation_dropout
        self.fc1 = nn.Linear(self.embed_dim, config.encoder_ffn_dim)
        self.fc2 = nn.Linear(config.encoder_ffn_dim, self.embed_dim)
        self.final_layer_norm = AutoformerLayernorm(config)
        self.decomp1 = AutoformerSeriesDecompositionLayer(config)
        self.decomp2 = AutoformerSeriesDecompositionLayer(config)

class AutoformerDecoderLayer(GradientCheckpointingLayer):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.embed_dim = config.d_model
        self.self_attn = AutoformerAttention(embed_dim=self.embed_dim, num_heads=config.decoder_attention_heads, dropout=config.attention_dropout, is_decoder=True, autocorrelation_factor=config.autocorrelation_factor, layer_idx=layer_idx)
        self.dropout = config.dropout
        self.activation_fn = ACT2FN[config.activation_function]
        self.activation_dropout = config.activation_dropout
        self.self_attn_layer_norm = nn.LayerNorm(self.embed_dim)
        self.encoder_attn = AutoformerAttention(self.embed_dim, config.decoder_attention_heads, dropout=config.attention_dropout, is_decoder=True, autocorrelation_factor=config.autocorrelation_factor, layer_idx=layer_idx)
        self.encoder_attn_layer_norm = nn.LayerNorm(self.embed_dim)
        self.fc1 = nn.Linear(self.embed_dim, config.decoder_ffn_dim)
        self.fc2 = nn.Linear(config.decoder_ffn_dim, self.embed_dim)
        self.final_layer_norm = AutoformerLayernorm(config)
        self.decomp1 = AutoformerSeriesDecompositionLayer(config)
        self.decomp2 = AutoformerSeriesDecompositionLayer(config)
        self.decomp3 = AutoformerSeriesDecompositionLayer(config)
        self.trend_projection = nn.Conv1d(in_channels=self.embed_dim, out_channels=config.feature_size, kernel_size=3, stride=1, padding=1, padding_mode='circular', bias=False)

class AutoformerPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'past_values'
    supports_gradient_checkpointing = True

class AutoformerEncoder(AutoformerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.layerdrop = config.encoder_layerdrop
        if config.prediction_length is None:
            raise ValueError('The `prediction_length` config needs to be specified.')
        self.value_embedding = AutoformerValueEmbedding(feature_size=config.feature_size, d_model=config.d_model)
        self.embed_positions = AutoformerSinusoidalPositionalEmbedding(config.context_length + config.prediction_length, config.d_model)
        self.layers = nn.ModuleList([AutoformerEncoderLayer(config) for _ in range(config.encoder_layers)])
        self.layernorm_embedding = nn.LayerNorm(config.d_model)
        self.gradient_checkpointing = False
        self.post_init()

class AutoformerDecoder(AutoformerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.layerdrop = config.decoder_layerdrop
        if config.prediction_length is None:
            raise ValueError('The `prediction_length` config needs to be specified.')
        self.value_embedding = AutoformerValueEmbedding(feature_size=config.feature_size, d_model=config.d_model)
        self.embed_positions = AutoformerSinusoidalPositionalEmbedding(config.context_length + config.prediction_length, config.d_model)
        self.layers = nn.ModuleList([AutoformerDecoderLayer(config, layer_idx=i) for i in range(config.decoder_layers)])
        self.layernorm_embedding = nn.LayerNorm(config.d_model)
        self.seasonality_projection = nn.Linear(config.d_model, config.feature_size)
        self.gradient_checkpointing = False
        self.post_init()

class AutoformerModel(AutoformerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        if config.scaling == 'mean' or config.scaling is True:
            self.scaler = AutoformerMeanScaler(config)
        elif config.scaling == 'std':
            self.scaler = AutoformerStdScaler(config)
        else:
            self.scaler = AutoformerNOPScaler(config)
        if config.num_static_categorical_features > 0:
            self.embedder = AutoformerFeatureEmbedder(cardinalities=config.cardinality, embedding_dims=config.embedding_dimension)
        self.encoder = AutoformerEncoder(config)
        self.decoder = AutoformerDecoder(config)
        self.decomposition_layer = AutoformerSeriesDecompositionLayer(config)
        self.post_init()

    def get_encoder(self):
        return self.encoder

class AutoformerForPrediction(AutoformerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = AutoformerModel(config)
        if config.distribution_output == 'student_t':
            self.distribution_output = StudentTOutput(dim=config.input_size)
        elif config.distribution_output == 'normal':
            self.distribution_output = NormalOutput(dim=config.input_size)
        elif config.distribution_output == 'negative_binomial':
            self.distribution_output = NegativeBinomialOutput(dim=config.input_size)
        else:
            raise ValueError(f'Unknown distribution output {config.distribution_output}')
        self.parameter_projection = self.distribution_output.get_parameter_projection(self.model.config.feature_size)
        self.target_shape = self.distribution_output.event_shape
        if config.loss == 'nll':
            self.loss = nll
        else:
            raise ValueError(f'Unknown loss function {config.loss}')
        self.post_init()

    def get_encoder(self):
        return self.model.get_encoder()

    def get_decoder(self):
        return self.model.get_decoder()
