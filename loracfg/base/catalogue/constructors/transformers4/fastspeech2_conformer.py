"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): fastspeech2_conformer. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class FastSpeech2ConformerConfig(PretrainedConfig):
    model_type = 'fastspeech2_conformer'
    attribute_map = {'num_hidden_layers': 'encoder_layers', 'num_attention_heads': 'encoder_num_attention_heads'}

    def __init__(self, hidden_size=384, vocab_size=78, num_mel_bins=80, encoder_num_attention_heads=2, encoder_layers=4, encoder_linear_units=1536, decoder_layers=4, decoder_num_attention_heads=2, decoder_linear_units=1536, speech_decoder_postnet_layers=5, speech_decoder_postnet_units=256, speech_decoder_postnet_kernel=5, positionwise_conv_kernel_size=3, encoder_normalize_before=False, decoder_normalize_before=False, encoder_concat_after=False, decoder_concat_after=False, reduction_factor=1, speaking_speed=1.0, use_macaron_style_in_conformer=True, use_cnn_in_conformer=True, encoder_kernel_size=7, decoder_kernel_size=31, duration_predictor_layers=2, duration_predictor_channels=256, duration_predictor_kernel_size=3, energy_predictor_layers=2, energy_predictor_channels=256, energy_predictor_kernel_size=3, energy_predictor_dropout=0.5, energy_embed_kernel_size=1, energy_embed_dropout=0.0, stop_gradient_from_energy_predictor=False, pitch_predictor_layers=5, pitch_predictor_channels=256, pitch_predictor_kernel_size=5, pitch_predictor_dropout=0.5, pitch_embed_kernel_size=1, pitch_embed_dropout=0.0, stop_gradient_from_pitch_predictor=True, encoder_dropout_rate=0.2, encoder_positional_dropout_rate=0.2, encoder_attention_dropout_rate=0.2, decoder_dropout_rate=0.2, decoder_positional_dropout_rate=0.2, decoder_attention_dropout_rate=0.2, duration_predictor_dropout_rate=0.2, speech_decoder_postnet_dropout=0.5, max_source_positions=5000, use_masking=True, use_weighted_masking=False, num_speakers=None, num_languages=None, speaker_embed_dim=None, is_encoder_decoder=True, **kwargs):
        if positionwise_conv_kernel_size % 2 == 0:
            raise ValueError(f'positionwise_conv_kernel_size must be odd, but got {positionwise_conv_kernel_size} instead.')
        if encoder_kernel_size % 2 == 0:
            raise ValueError(f'encoder_kernel_size must be odd, but got {encoder_kernel_size} instead.')
        if decoder_kernel_size % 2 == 0:
            raise ValueError(f'decoder_kernel_size must be odd, but got {decoder_kernel_size} instead.')
        if duration_predictor_kernel_size % 2 == 0:
            raise ValueError(f'duration_predictor_kernel_size must be odd, but got {duration_predictor_kernel_size} instead.')
        if energy_predictor_kernel_size % 2 == 0:
            raise ValueError(f'energy_predictor_kernel_size must be odd, but got {energy_predictor_kernel_size} instead.')
        if energy_embed_kernel_size % 2 == 0:
            raise ValueError(f'energy_embed_kernel_size must be odd, but got {energy_embed_kernel_size} instead.')
        if pitch_predictor_kernel_size % 2 == 0:
            raise ValueError(f'pitch_predictor_kernel_size must be odd, but got {pitch_predictor_kernel_size} instead.')
        if pitch_embed_kernel_size % 2 == 0:
            raise ValueError(f'pitch_embed_kernel_size must be odd, but got {pitch_embed_kernel_size} instead.')
        if hidden_size % encoder_num_attention_heads != 0:
            raise ValueError('The hidden_size must be evenly divisible by encoder_num_attention_heads.')
        if hidden_size % decoder_num_attention_heads != 0:
            raise ValueError('The hidden_size must be evenly divisible by decoder_num_attention_heads.')
        if use_masking and use_weighted_masking:
            raise ValueError('Either use_masking or use_weighted_masking can be True, but not both.')
        self.hidden_size = hidden_size
        self.vocab_size = vocab_size
        self.num_mel_bins = num_mel_bins
        self.encoder_config = {'num_attention_heads': encoder_num_attention_heads, 'layers': encoder_layers, 'kernel_size': encoder_kernel_size, 'attention_dropout_rate': encoder_attention_dropout_rate, 'dropout_rate': encoder_dropout_rate, 'positional_dropout_rate': encoder_positional_dropout_rate, 'linear_units': encoder_linear_units, 'normalize_before': encoder_normalize_before, 'concat_after': encoder_concat_after}
        self.decoder_config = {'num_attention_heads': decoder_num_attention_heads, 'layers': decoder_layers, 'kernel_size': decoder_kernel_size, 'attention_dropout_rate': decoder_attention_dropout_rate, 'dropout_rate': decoder_dropout_rate, 'positional_dropout_rate': decoder_positional_dropout_rate, 'linear_units': decoder_linear_units, 'normalize_before': decoder_normalize_before, 'concat_after': decoder_concat_after}
        self.encoder_num_attention_heads = encoder_num_attention_heads
        self.encoder_layers = encoder_layers
        self.duration_predictor_channels = duration_predictor_channels
        self.duration_predictor_kernel_size = duration_predictor_kernel_size
        self.duration_predictor_layers = duration_predictor_layers
        self.energy_embed_dropout = energy_embed_dropout
        self.energy_embed_kernel_size = energy_embed_kernel_size
        self.energy_predictor_channels = energy_predictor_channels
        self.energy_predictor_dropout = energy_predictor_dropout
        self.energy_predictor_kernel_size = energy_predictor_kernel_size
        self.energy_predictor_layers = energy_predictor_layers
        self.pitch_embed_dropout = pitch_embed_dropout
        self.pitch_embed_kernel_size = pitch_embed_kernel_size
        self.pitch_predictor_channels = pitch_predictor_channels
        self.pitch_predictor_dropout = pitch_predictor_dropout
        self.pitch_predictor_kernel_size = pitch_predictor_kernel_size
        self.pitch_predictor_layers = pitch_predictor_layers
        self.positionwise_conv_kernel_size = positionwise_conv_kernel_size
        self.speech_decoder_postnet_units = speech_decoder_postnet_units
        self.speech_decoder_postnet_dropout = speech_decoder_postnet_dropout
        self.speech_decoder_postnet_kernel = speech_decoder_postnet_kernel
        self.speech_decoder_postnet_layers = speech_decoder_postnet_layers
        self.reduction_factor = reduction_factor
        self.speaking_speed = speaking_speed
        self.stop_gradient_from_energy_predictor = stop_gradient_from_energy_predictor
        self.stop_gradient_from_pitch_predictor = stop_gradient_from_pitch_predictor
        self.max_source_positions = max_source_positions
        self.use_cnn_in_conformer = use_cnn_in_conformer
        self.use_macaron_style_in_conformer = use_macaron_style_in_conformer
        self.use_masking = use_masking
        self.use_weighted_masking = use_weighted_masking
        self.num_speakers = num_speakers
        self.num_languages = num_languages
        self.speaker_embed_dim = speaker_embed_dim
        self.duration_predictor_dropout_rate = duration_predictor_dropout_rate
        self.is_encoder_decoder = is_encoder_decoder
        super().__init__(is_encoder_decoder=is_encoder_decoder, **kwargs)

class FastSpeech2ConformerHifiGanConfig(PretrainedConfig):
    model_type = 'hifigan'

    def __init__(self, model_in_dim=80, upsample_initial_channel=512, upsample_rates=[8, 8, 2, 2], upsample_kernel_sizes=[16, 16, 4, 4], resblock_kernel_sizes=[3, 7, 11], resblock_dilation_sizes=[[1, 3, 5], [1, 3, 5], [1, 3, 5]], initializer_range=0.01, leaky_relu_slope=0.1, normalize_before=True, **kwargs):
        self.model_in_dim = model_in_dim
        self.upsample_initial_channel = upsample_initial_channel
        self.upsample_rates = upsample_rates
        self.upsample_kernel_sizes = upsample_kernel_sizes
        self.resblock_kernel_sizes = resblock_kernel_sizes
        self.resblock_dilation_sizes = resblock_dilation_sizes
        self.initializer_range = initializer_range
        self.leaky_relu_slope = leaky_relu_slope
        self.normalize_before = normalize_before
        super().__init__(**kwargs)

class FastSpeech2ConformerWithHifiGanConfig(PretrainedConfig):
    model_type = 'fastspeech2_conformer_with_hifigan'
    sub_configs = {'model_config': FastSpeech2ConformerConfig, 'vocoder_config': FastSpeech2ConformerHifiGanConfig}

    def __init__(self, model_config=None, vocoder_config=None, **kwargs):
        if model_config is None:
            model_config = {}
        if vocoder_config is None:
            vocoder_config = {}
        self.model_config = FastSpeech2ConformerConfig(**model_config)
        self.vocoder_config = FastSpeech2ConformerHifiGanConfig(**vocoder_config)
        super().__init__(**kwargs)

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
        self.pointwise_conv1 = nn.Conv1d(channels, 2 * channels, kernel_size=1, stride=1, padding=0, bias=True)
        self.depthwise_conv = nn.Conv1d(channels, channels, kernel_size, stride=1, padding=self.padding, groups=channels, bias=True)
        self.norm = nn.BatchNorm1d(channels)
        self.pointwise_conv2 = nn.Conv1d(channels, channels, kernel_size=1, stride=1, padding=0, bias=True)

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
        self.pos_enc = None
        self.max_len = 5000
        self.extend_pos_enc(torch.tensor(0.0).expand(1, self.max_len))

    def extend_pos_enc(self, x):
        if self.pos_enc is not None:
            if self.pos_enc.size(1) >= x.size(1) * 2 - 1:
                if self.pos_enc.dtype != x.dtype or self.pos_enc.device != x.device:
                    self.pos_enc = self.pos_enc.to(dtype=x.dtype, device=x.device)
                return
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
        self.pos_enc = pos_enc.to(device=x.device, dtype=x.dtype)

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
        self.register_buffer('mean', torch.zeros(config.model_in_dim))
        self.register_buffer('scale', torch.ones(config.model_in_dim))
        self.post_init()

class FastSpeech2ConformerWithHifiGan(PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = FastSpeech2ConformerModel(config.model_config)
        self.vocoder = FastSpeech2ConformerHifiGan(config.vocoder_config)
        self.config = config
