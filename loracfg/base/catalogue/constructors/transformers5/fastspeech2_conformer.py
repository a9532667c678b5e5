"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): fastspeech2_conformer. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class FastSpeech2ConformerConfig(PreTrainedConfig):
    model_type = 'fastspeech2_conformer'
    attribute_map = {'num_hidden_layers': 'encoder_layers', 'num_attention_heads': 'encoder_num_attention_heads'}
    hidden_size: int = 384
    vocab_size: int = 78
    num_mel_bins: int = 80
    encoder_num_attention_heads: int = 2
    encoder_layers: int = 4
    encoder_linear_units: int = 1536
    decoder_layers: int = 4
    decoder_num_attention_heads: int = 2
    decoder_linear_units: int = 1536
    speech_decoder_postnet_layers: int = 5
    speech_decoder_postnet_units: int = 256
    speech_decoder_postnet_kernel: int = 5
    positionwise_conv_kernel_size: int = 3
    encoder_normalize_before: bool = False
    decoder_normalize_before: bool = False
    encoder_concat_after: bool = False
    decoder_concat_after: bool = False
    reduction_factor: int = 1
    speaking_speed: float = 1.0
    use_macaron_style_in_conformer: bool = True
    use_cnn_in_conformer: bool = True
    encoder_kernel_size: int = 7
    decoder_kernel_size: int = 31
    duration_predictor_layers: int = 2
    duration_predictor_channels: int = 256
    duration_predictor_kernel_size: int = 3
    energy_predictor_layers: int = 2
    energy_predictor_channels: int = 256
    energy_predictor_kernel_size: int = 3
    energy_predictor_dropout: float | int = 0.5
    energy_embed_kernel_size: int = 1
    energy_embed_dropout: float | int = 0.0
    stop_gradient_from_energy_predictor: bool = False
    pitch_predictor_layers: int = 5
    pitch_predictor_channels: int = 256
    pitch_predictor_kernel_size: int = 5
    pitch_predictor_dropout: float | int = 0.5
    pitch_embed_kernel_size: int = 1
    pitch_embed_dropout: float | int = 0.0
    stop_gradient_from_pitch_predictor: bool = True
    encoder_dropout_rate: float | int = 0.2
    encoder_positional_dropout_rate: float | int = 0.2
    encoder_attention_dropout_rate: float | int = 0.2
    decoder_dropout_rate: float | int = 0.2
    decoder_positional_dropout_rate: float | int = 0.2
    decoder_attention_dropout_rate: float | int = 0.2
    duration_predictor_dropout_rate: float | int = 0.2
    speech_decoder_postnet_dropout: float | int = 0.5
    max_source_positions: int = 5000
    use_masking: bool = True
    use_weighted_masking: bool = False
    num_speakers: int | None = None
    num_languages: int | None = None
    speaker_embed_dim: int | None = None
    is_encoder_decoder: bool = True
    convolution_bias: bool = True

    def __post_init__(self, **kwargs):
        self.encoder_config = {'num_attention_heads': self.encoder_num_attention_heads, 'layers': self.encoder_layers, 'kernel_size': self.encoder_kernel_size, 'attention_dropout_rate': self.encoder_attention_dropout_rate, 'dropout_rate': self.encoder_dropout_rate, 'positional_dropout_rate': self.encoder_positional_dropout_rate, 'linear_units': self.encoder_linear_units, 'normalize_before': self.encoder_normalize_before, 'concat_after': self.encoder_concat_after}
        self.decoder_config = {'num_attention_heads': self.decoder_num_attention_heads, 'layers': self.decoder_layers, 'kernel_size': self.decoder_kernel_size, 'attention_dropout_rate': self.decoder_attention_dropout_rate, 'dropout_rate': self.decoder_dropout_rate, 'positional_dropout_rate': self.decoder_positional_dropout_rate, 'linear_units': self.decoder_linear_units, 'normalize_before': self.decoder_normalize_before, 'concat_after': self.decoder_concat_after}
        super().__post_init__(**kwargs)

    def validate_architecture(self):
        if self.positionwise_conv_kernel_size % 2 == 0:
            raise ValueError(f'positionwise_conv_kernel_size must be odd, but got {self.self.positionwise_conv_kernel_size} instead.')
        if self.encoder_kernel_size % 2 == 0:
            raise ValueError(f'encoder_kernel_size must be odd, but got {self.encoder_kernel_size} instead.')
        if self.decoder_kernel_size % 2 == 0:
            raise ValueError(f'decoder_kernel_size must be odd, but got {self.decoder_kernel_size} instead.')
        if self.duration_predictor_kernel_size % 2 == 0:
            raise ValueError(f'duration_predictor_kernel_size must be odd, but got {self.duration_predictor_kernel_size} instead.')
        if self.energy_predictor_kernel_size % 2 == 0:
            raise ValueError(f'energy_predictor_kernel_size must be odd, but got {self.energy_predictor_kernel_size} instead.')
        if self.energy_embed_kernel_size % 2 == 0:
            raise ValueError(f'energy_embed_kernel_size must be odd, but got {self.energy_embed_kernel_size} instead.')
        if self.pitch_predictor_kernel_size % 2 == 0:
            raise ValueError(f'pitch_predictor_kernel_size must be odd, but got {self.pitch_predictor_kernel_size} instead.')
        if self.pitch_embed_kernel_size % 2 == 0:
            raise ValueError(f'pitch_embed_kernel_size must be odd, but got {self.pitch_embed_kernel_size} instead.')
        if self.hidden_size % self.encoder_num_attention_heads != 0:
            raise ValueError('The hidden_size must be evenly divisible by encoder_num_attention_heads.')
        if self.hidden_size % self.decoder_num_attention_heads != 0:
            raise ValueError('The hidden_size must be evenly divisible by decoder_num_attention_heads.')
        if self.use_masking and self.use_weighted_masking:
            raise ValueError('Either use_masking or use_weighted_masking can be True, but not both.')

@strict
class FastSpeech2ConformerHifiGanConfig(PreTrainedConfig):
    model_type = 'fastspeech2_conformer_hifigan'
    model_in_dim: int = 80
    upsample_initial_channel: int = 512
    upsample_rates: list[int] | tuple[int, ...] = (8, 8, 2, 2)
    upsample_kernel_sizes: list[int] | tuple[int, ...] = (16, 16, 4, 4)
    resblock_kernel_sizes: list[int] | tuple[int, ...] = (3, 7, 11)
    resblock_dilation_sizes: list | tuple | None = None
    initializer_range: float = 0.01
    leaky_relu_slope: float = 0.1
    normalize_before: bool = True

    def __post_init__(self, **kwargs):
        if self.resblock_dilation_sizes is None:
            self.resblock_dilation_sizes = [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
        super().__post_init__(**kwargs)

@strict
class FastSpeech2ConformerWithHifiGanConfig(PreTrainedConfig):
    model_type = 'fastspeech2_conformer_with_hifigan'
    sub_configs_defaults = {'model_config': FastSpeech2ConformerConfig, 'vocoder_config': FastSpeech2ConformerHifiGanConfig}
    model_config: dict | PreTrainedConfig | None = None
    vocoder_config: dict | PreTrainedConfig | None = None

class FastSpeech2ConformerDurationPredictor(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv_layers = nn.ModuleList()
        self.log_domain_offset = 1.0
        for layer_idx in range(config.duration_predictor_layers):
            num_chans = config.duration_predictor_channels
            input_channels = config.hidden_size if layer_idx == 0 else num_chans
            layer = FastSpeech2ConformerPredictorLayer(input_channels, num_chans, config.duration_predictor_kernel_size, config.duration_predictor_dropout_rate)
            self.conv_layers.append(layer)
        self.linear = nn.Linear(config.duration_predictor_channels, 1)

class FastSpeech2ConformerBatchNormConvLayer(nn.Module):

    def __init__(self, config, layer_id=0):
        super().__init__()
        if layer_id == 0:
            in_conv_dim = config.num_mel_bins
        else:
            in_conv_dim = config.speech_decoder_postnet_units
        if layer_id == config.speech_decoder_postnet_layers - 1:
            out_conv_dim = config.num_mel_bins
        else:
            out_conv_dim = config.speech_decoder_postnet_units
        self.conv = nn.Conv1d(in_conv_dim, out_conv_dim, kernel_size=config.speech_decoder_postnet_kernel, stride=1, padding=(config.speech_decoder_postnet_kernel - 1) // 2, bias=False)
        self.batch_norm = nn.BatchNorm1d(out_conv_dim)
        if layer_id < config.speech_decoder_postnet_layers - 1:
            self.activation = nn.Tanh()
        else:
            self.activation = None
        self.dropout = nn.Dropout(config.speech_decoder_postnet_dropout)

class FastSpeech2ConformerSpeechDecoderPostnet(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.feat_out = nn.Linear(config.hidden_size, config.num_mel_bins * config.reduction_factor)
        self.layers = nn.ModuleList([FastSpeech2ConformerBatchNormConvLayer(config, i) for i in range(config.speech_decoder_postnet_layers)])

class FastSpeech2ConformerPredictorLayer(nn.Module):

    def __init__(self, input_channels, num_chans, kernel_size, dropout_rate):
        super().__init__()
        self.conv = nn.Conv1d(input_channels, num_chans, kernel_size, stride=1, padding=(kernel_size - 1) // 2)
        self.activation = nn.ReLU()
        self.layer_norm = nn.LayerNorm(num_chans)
        self.dropout = nn.Dropout(dropout_rate)

class FastSpeech2ConformerVariancePredictor(nn.Module):

    def __init__(self, config, num_layers=2, num_chans=384, kernel_size=3, dropout_rate=0.5):
        super().__init__()
        self.conv_layers = nn.ModuleList()
        for idx in range(num_layers):
            input_channels = config.hidden_size if idx == 0 else num_chans
            layer = FastSpeech2ConformerPredictorLayer(input_channels, num_chans, kernel_size, dropout_rate)
            self.conv_layers.append(layer)
        self.linear = nn.Linear(num_chans, 1)

class FastSpeech2ConformerVarianceEmbedding(nn.Module):

    def __init__(self, in_channels=1, out_channels=384, kernel_size=1, padding=0, dropout_rate=0.0):
        super().__init__()
        self.conv = nn.Conv1d(in_channels=in_channels, out_channels=out_channels, kernel_size=kernel_size, padding=padding)
        self.dropout = nn.Dropout(dropout_rate)

class FastSpeech2ConformerAttention(nn.Module):

    def __init__(self, config, module_config):
        super().__init__()
        self.num_heads = module_config['num_attention_heads']
        self.hidden_size = config.hidden_size
        self.dim_key = self.hidden_size // self.num_heads
        self.head_dim = self.hidden_size // self.num_heads
        self.linear_q = nn.Linear(self.hidden_size, self.hidden_size)
        self.linear_k = nn.Linear(self.hidden_size, self.hidden_size)
        self.linear_v = nn.Linear(self.hidden_size, self.hidden_size)
        self.linear_out = nn.Linear(self.hidden_size, self.hidden_size)
        self.dropout = nn.Dropout(p=module_config['attention_dropout_rate'])
        self.linear_pos = nn.Linear(self.hidden_size, self.hidden_size, bias=False)
        self.pos_bias_u = nn.Parameter(torch.Tensor(self.num_heads, self.head_dim))
        self.pos_bias_v = nn.Parameter(torch.Tensor(self.num_heads, self.head_dim))

class FastSpeech2ConformerConvolutionModule(nn.Module):

    def __init__(self, config, module_config=None):
        super().__init__()
        channels = config.hidden_size
        if module_config is None:
            kernel_size = config.conv_kernel_size
            self.activation = ACT2FN[getattr(config, 'hidden_act', 'silu')]
        else:
            kernel_size = module_config['kernel_size']
            self.activation = ACT2FN[module_config.get('activation', 'silu')]
        self.padding = (kernel_size - 1) // 2
        self.pointwise_conv1 = nn.Conv1d(channels, 2 * channels, kernel_size=1, stride=1, padding=0, bias=config.convolution_bias)
        self.depthwise_conv = nn.Conv1d(channels, channels, kernel_size, stride=1, padding=self.padding, groups=channels, bias=config.convolution_bias)
        self.norm = nn.BatchNorm1d(channels)
        self.pointwise_conv2 = nn.Conv1d(channels, channels, kernel_size=1, stride=1, padding=0, bias=config.convolution_bias)

class FastSpeech2ConformerEncoderLayer(nn.Module):

    def __init__(self, config, module_config):
        super().__init__()
        self.self_attn = FastSpeech2ConformerAttention(config, module_config)
        self.feed_forward = FastSpeech2ConformerMultiLayeredConv1d(config, module_config)
        self.macaron_style = config.use_macaron_style_in_conformer
        if self.macaron_style:
            self.feed_forward_macaron = FastSpeech2ConformerMultiLayeredConv1d(config, module_config)
            self.ff_macaron_layer_norm = nn.LayerNorm(config.hidden_size)
            self.ff_scale = 0.5
        else:
            self.ff_scale = 1.0
        self.use_cnn_module = config.use_cnn_in_conformer
        if self.use_cnn_module:
            self.conv_module = FastSpeech2ConformerConvolutionModule(config, module_config)
            self.conv_layer_norm = nn.LayerNorm(config.hidden_size)
            self.final_layer_norm = nn.LayerNorm(config.hidden_size)
        self.ff_layer_norm = nn.LayerNorm(config.hidden_size)
        self.self_attn_layer_norm = nn.LayerNorm(config.hidden_size)
        self.dropout = nn.Dropout(module_config['dropout_rate'])
        self.size = config.hidden_size
        self.normalize_before = module_config['normalize_before']
        self.concat_after = module_config['concat_after']
        if self.concat_after:
            self.concat_linear = nn.Linear(config.hidden_size + config.hidden_size, config.hidden_size)

class FastSpeech2ConformerMultiLayeredConv1d(nn.Module):

    def __init__(self, config, module_config):
        super().__init__()
        input_channels = config.hidden_size
        hidden_channels = module_config['linear_units']
        kernel_size = config.positionwise_conv_kernel_size
        self.conv1 = nn.Conv1d(input_channels, hidden_channels, kernel_size, stride=1, padding=(kernel_size - 1) // 2)
        self.conv2 = nn.Conv1d(hidden_channels, input_channels, kernel_size, stride=1, padding=(kernel_size - 1) // 2)
        self.dropout = nn.Dropout(module_config['dropout_rate'])

class FastSpeech2ConformerRelPositionalEncoding(nn.Module):

    def __init__(self, config, module_config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.input_scale = math.sqrt(self.embed_dim)
        self.dropout = nn.Dropout(p=module_config['positional_dropout_rate'])
        self.max_len = 5000
        self.pos_enc = nn.Buffer(self.extend_pos_enc(torch.tensor(0.0).expand(1, self.max_len)), persistent=False)

    def extend_pos_enc(self, x, pos_enc=None):
        if pos_enc is not None:
            if pos_enc.size(1) >= x.size(1) * 2 - 1:
                if pos_enc.dtype != x.dtype or pos_enc.device != x.device:
                    pos_enc = pos_enc.to(dtype=x.dtype, device=x.device)
                return pos_enc
        pos_enc_positive = torch.zeros(x.size(1), self.embed_dim)
        pos_enc_negative = torch.zeros(x.size(1), self.embed_dim)
        position = torch.arange(0, x.size(1), dtype=torch.int64).float().unsqueeze(1)
        div_term = torch.exp(torch.arange(0, self.embed_dim, 2, dtype=torch.int64).float() * -(math.log(10000.0) / self.embed_dim))
        pos_enc_positive[:, 0::2] = torch.sin(position * div_term)
        pos_enc_positive[:, 1::2] = torch.cos(position * div_term)
        pos_enc_negative[:, 0::2] = torch.sin(-1 * position * div_term)
        pos_enc_negative[:, 1::2] = torch.cos(-1 * position * div_term)
        pos_enc_positive = torch.flip(pos_enc_positive, [0]).unsqueeze(0)
        pos_enc_negative = pos_enc_negative[1:].unsqueeze(0)
        pos_enc = torch.cat([pos_enc_positive, pos_enc_negative], dim=1)
        return pos_enc.to(device=x.device, dtype=x.dtype)

class FastSpeech2ConformerEncoder(nn.Module):

    def __init__(self, config, module_config, use_encoder_input_layer=False):
        super().__init__()
        self.embed = None
        if use_encoder_input_layer:
            self.embed = nn.Embedding(num_embeddings=config.vocab_size, embedding_dim=config.hidden_size, padding_idx=0)
        self.pos_enc = FastSpeech2ConformerRelPositionalEncoding(config, module_config)
        self.conformer_layers = nn.ModuleList([FastSpeech2ConformerEncoderLayer(config, module_config) for _ in range(module_config['layers'])])

class FastSpeech2ConformerLoss(nn.Module):

    def __init__(self, config):
        super().__init__()
        use_masking = config.use_masking
        use_weighted_masking = config.use_weighted_masking
        if use_masking and use_weighted_masking:
            raise ValueError('Either use_masking or use_weighted_masking can be True, but not both.')
        self.use_masking = use_masking
        self.use_weighted_masking = use_weighted_masking
        reduction = 'none' if self.use_weighted_masking else 'mean'
        self.l1_criterion = nn.L1Loss(reduction=reduction)
        self.mse_criterion = nn.MSELoss(reduction=reduction)
        self.duration_criterion = nn.MSELoss(reduction=reduction)
        self.log_domain_offset = 1.0

class FastSpeech2ConformerPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'fastspeech2_conformer'
    main_input_name = 'input_ids'

class FastSpeech2ConformerModel(FastSpeech2ConformerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.vocab_size = config.vocab_size
        self.num_mel_bins = config.num_mel_bins
        self.hidden_size = config.hidden_size
        self.reduction_factor = config.reduction_factor
        self.stop_gradient_from_pitch_predictor = config.stop_gradient_from_pitch_predictor
        self.stop_gradient_from_energy_predictor = config.stop_gradient_from_energy_predictor
        self.multilingual_model = config.num_languages is not None and config.num_languages > 1
        if self.multilingual_model:
            self.language_id_embedding = torch.nn.Embedding(config.num_languages, self.hidden_size)
        self.multispeaker_model = config.num_speakers is not None and config.num_speakers > 1
        if self.multispeaker_model:
            self.speaker_id_embedding = torch.nn.Embedding(config.num_speakers, config.hidden_size)
        self.speaker_embed_dim = config.speaker_embed_dim
        if self.speaker_embed_dim:
            self.projection = nn.Linear(config.hidden_size + self.speaker_embed_dim, config.hidden_size)
        self.encoder = FastSpeech2ConformerEncoder(config, config.encoder_config, use_encoder_input_layer=True)
        self.duration_predictor = FastSpeech2ConformerDurationPredictor(config)
        self.pitch_predictor = FastSpeech2ConformerVariancePredictor(config, num_layers=config.pitch_predictor_layers, num_chans=config.pitch_predictor_channels, kernel_size=config.pitch_predictor_kernel_size, dropout_rate=config.pitch_predictor_dropout)
        self.pitch_embed = FastSpeech2ConformerVarianceEmbedding(out_channels=self.hidden_size, kernel_size=config.pitch_embed_kernel_size, padding=(config.pitch_embed_kernel_size - 1) // 2, dropout_rate=config.pitch_embed_dropout)
        self.energy_predictor = FastSpeech2ConformerVariancePredictor(config, num_layers=config.energy_predictor_layers, num_chans=config.energy_predictor_channels, kernel_size=config.energy_predictor_kernel_size, dropout_rate=config.energy_predictor_dropout)
        self.energy_embed = FastSpeech2ConformerVarianceEmbedding(out_channels=self.hidden_size, kernel_size=config.energy_embed_kernel_size, padding=(config.energy_embed_kernel_size - 1) // 2, dropout_rate=config.energy_embed_dropout)
        self.decoder = FastSpeech2ConformerEncoder(config, config.decoder_config, use_encoder_input_layer=False)
        self.speech_decoder_postnet = FastSpeech2ConformerSpeechDecoderPostnet(config)
        self.criterion = FastSpeech2ConformerLoss(config)
        self.post_init()

class HifiGanResidualBlock(nn.Module):

    def __init__(self, channels, kernel_size=3, dilation=(1, 3, 5), leaky_relu_slope=0.1):
        super().__init__()
        self.leaky_relu_slope = leaky_relu_slope
        self.convs1 = nn.ModuleList([nn.Conv1d(channels, channels, kernel_size, stride=1, dilation=dilation[i], padding=self.get_padding(kernel_size, dilation[i])) for i in range(len(dilation))])
        self.convs2 = nn.ModuleList([nn.Conv1d(channels, channels, kernel_size, stride=1, dilation=1, padding=self.get_padding(kernel_size, 1)) for _ in range(len(dilation))])

    def get_padding(self, kernel_size, dilation=1):
        return (kernel_size * dilation - dilation) // 2

class FastSpeech2ConformerHifiGan(PreTrainedModel):
    main_input_name = 'spectrogram'

    def __init__(self, config):
        super().__init__(config)
        self.num_kernels = len(config.resblock_kernel_sizes)
        self.num_upsamples = len(config.upsample_rates)
        self.conv_pre = nn.Conv1d(config.model_in_dim, config.upsample_initial_channel, kernel_size=7, stride=1, padding=3)
        self.upsampler = nn.ModuleList()
        for i, (upsample_rate, kernel_size) in enumerate(zip(config.upsample_rates, config.upsample_kernel_sizes)):
            self.upsampler.append(nn.ConvTranspose1d(config.upsample_initial_channel // 2 ** i, config.upsample_initial_channel // 2 ** (i + 1), kernel_size=kernel_size, stride=upsample_rate, padding=(kernel_size - upsample_rate) // 2))
        self.resblocks = nn.ModuleList()
        for i in range(len(self.upsampler)):
            channels = config.upsample_initial_channel // 2 ** (i + 1)
            for kernel_size, dilation in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes):
                self.resblocks.append(HifiGanResidualBlock(channels, kernel_size, dilation, config.leaky_relu_slope))
        self.conv_post = nn.Conv1d(channels, 1, kernel_size=7, stride=1, padding=3)
        self.mean = nn.Buffer(torch.zeros(config.model_in_dim))
        self.scale = nn.Buffer(torch.ones(config.model_in_dim))
        self.post_init()

class FastSpeech2ConformerWithHifiGan(PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = FastSpeech2ConformerModel(config.model_config)
        self.vocoder = FastSpeech2ConformerHifiGan(config.vocoder_config)
        self.config = config
        self.post_init()
