"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): vibevoice_acoustic_tokenizer. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class VibeVoiceAcousticTokenizerConfig(PreTrainedConfig):
    model_type = 'vibevoice_acoustic_tokenizer'
    channels: int = 1
    hidden_size: int = 64
    kernel_size: int = 7
    rms_norm_eps: float = 1e-05
    layer_scale_init_value: float = 1e-06
    initializer_range: float = 0.01
    num_filters: int = 32
    downsampling_ratios: list[int] | tuple[int, ...] = (2, 2, 4, 5, 5, 8)
    depths: list[int] | tuple[int, ...] = (3, 3, 3, 3, 3, 3, 8)
    hidden_act: str = 'gelu'
    ffn_expansion: int = 4
    vae_std: float = 0.625

    @property
    def hop_length(self):
        return int(math.prod(self.downsampling_ratios))

    @property
    def encoder_config(self):
        return VibeVoiceAcousticTokenizerEncoderConfig(**self.to_dict())

    @property
    def decoder_config(self):
        config_dict = self.to_dict()
        config_dict['depths'] = list(reversed(config_dict['depths']))
        return VibeVoiceAcousticTokenizerDecoderConfig(**config_dict)

@strict
class VibeVoiceAcousticTokenizerEncoderConfig(VibeVoiceAcousticTokenizerConfig):
    model_type = 'vibevoice_acoustic_tokenizer_encoder'

    @property
    def encoder_config(self):
        return None

@strict
class VibeVoiceAcousticTokenizerDecoderConfig(VibeVoiceAcousticTokenizerConfig):
    model_type = 'vibevoice_acoustic_tokenizer_decoder'

    @property
    def encoder_config(self):
        return None

    @property
    def decoder_config(self):
        return None

    @property
    def upsampling_ratios(self):
        return list(reversed(self.downsampling_ratios))

class VibeVoiceAcousticTokenizerRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class VibeVoiceAcousticTokenizerFeedForward(nn.Module):

    def __init__(self, config, hidden_size):
        super().__init__()
        self.linear1 = nn.Linear(hidden_size, config.ffn_expansion * hidden_size)
        self.activation = ACT2FN[config.hidden_act]
        self.linear2 = nn.Linear(config.ffn_expansion * hidden_size, hidden_size)

class VibeVoiceAcousticTokenizerCausalConv1d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, cache_key, stride=1, dilation=1, groups=1):
        super().__init__()
        self.conv = nn.Conv1d(in_channels, out_channels, kernel_size, stride, dilation=dilation, groups=groups)
        self.causal_padding = (kernel_size - 1) * dilation - (stride - 1)
        if self.causal_padding < 0:
            raise ValueError(f'Invalid causal padding {self.causal_padding} for kernel_size={kernel_size}, dilation={dilation}, stride={stride}.')
        self.cache_key = cache_key
        self.in_channels = in_channels
        self.left_pad = self.causal_padding

class VibeVoiceAcousticTokenizerCausalConvTranspose1d(nn.Module):

    def __init__(self, in_channels, out_channels, kernel_size, cache_key, stride=1):
        super().__init__()
        self.convtr = nn.ConvTranspose1d(in_channels, out_channels, kernel_size, stride)
        self.stride = stride
        self.cache_key = cache_key
        self.in_channels = in_channels
        self.padding_total = kernel_size - stride
        self.causal_padding = kernel_size - 1
        self.left_pad = self.causal_padding

class VibeVoiceAcousticTokenizerConvNext1dLayer(nn.Module):

    def __init__(self, config, hidden_size, dilation=1, stride=1, layer_idx=None):
        super().__init__()
        self.norm = VibeVoiceAcousticTokenizerRMSNorm(hidden_size, eps=config.rms_norm_eps)
        self.ffn_norm = VibeVoiceAcousticTokenizerRMSNorm(hidden_size, eps=config.rms_norm_eps)
        self.ffn = VibeVoiceAcousticTokenizerFeedForward(config, hidden_size)
        self.gamma = nn.Parameter(config.layer_scale_init_value * torch.ones(hidden_size), requires_grad=True)
        self.ffn_gamma = nn.Parameter(config.layer_scale_init_value * torch.ones(hidden_size), requires_grad=True)
        self.mixer = VibeVoiceAcousticTokenizerCausalConv1d(in_channels=hidden_size, out_channels=hidden_size, kernel_size=config.kernel_size, cache_key=f'convnext_layer_{layer_idx}', groups=hidden_size, dilation=dilation, stride=stride)

class VibeVoiceAcousticTokenizerEncoderStem(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv = VibeVoiceAcousticTokenizerCausalConv1d(in_channels=config.channels, out_channels=config.num_filters, kernel_size=config.kernel_size, cache_key='encoder_stem')
        self.stage = nn.ModuleList([VibeVoiceAcousticTokenizerConvNext1dLayer(config, hidden_size=config.num_filters, layer_idx=layer_idx) for layer_idx in range(1, config.depths[0] + 1)])

class VibeVoiceAcousticTokenizerEncoderLayer(nn.Module):

    def __init__(self, config, stage_idx):
        super().__init__()
        depth_idx = stage_idx + 1
        layer_idx = sum((depth + 1 for depth in config.depths[:depth_idx]))
        intermediate_channels = int(config.num_filters * 2 ** depth_idx)
        self.conv = VibeVoiceAcousticTokenizerCausalConv1d(in_channels=int(config.num_filters * 2 ** stage_idx), out_channels=intermediate_channels, kernel_size=int(config.downsampling_ratios[stage_idx] * 2), cache_key=f'encoder_layer_{stage_idx}', stride=config.downsampling_ratios[stage_idx])
        self.stage = nn.ModuleList([VibeVoiceAcousticTokenizerConvNext1dLayer(config, hidden_size=intermediate_channels, layer_idx=layer_idx + offset) for offset in range(1, config.depths[depth_idx] + 1)])

class VibeVoiceAcousticTokenizerPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'vibevoice_acoustic_tokenizer'
    main_input_name = 'input_values'

class VibeVoiceAcousticTokenizerEncoderModel(VibeVoiceAcousticTokenizerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.stem = VibeVoiceAcousticTokenizerEncoderStem(config)
        self.conv_layers = nn.ModuleList([VibeVoiceAcousticTokenizerEncoderLayer(config, stage_idx) for stage_idx in range(len(config.downsampling_ratios))])
        self.head = VibeVoiceAcousticTokenizerCausalConv1d(in_channels=int(config.num_filters * 2 ** len(config.downsampling_ratios)), out_channels=config.hidden_size, kernel_size=config.kernel_size, cache_key='encoder_head')
        self.post_init()

class VibeVoiceAcousticTokenizerDecoderStem(nn.Module):

    def __init__(self, config):
        super().__init__()
        intermediate_channels = int(config.num_filters * 2 ** (len(config.depths) - 1))
        self.conv = VibeVoiceAcousticTokenizerCausalConv1d(in_channels=config.hidden_size, out_channels=intermediate_channels, kernel_size=config.kernel_size, cache_key='decoder_stem')
        self.stage = nn.ModuleList([VibeVoiceAcousticTokenizerConvNext1dLayer(config, hidden_size=intermediate_channels, layer_idx=layer_idx) for layer_idx in range(1, config.depths[0] + 1)])

class VibeVoiceAcousticTokenizerDecoderLayer(nn.Module):

    def __init__(self, config, stage_idx):
        super().__init__()
        depth_idx = stage_idx + 1
        layer_idx = sum((depth + 1 for depth in config.depths[:depth_idx]))
        intermediate_channels = int(config.num_filters * 2 ** (len(config.depths) - 2 - stage_idx))
        self.convtr = VibeVoiceAcousticTokenizerCausalConvTranspose1d(in_channels=int(config.num_filters * 2 ** (len(config.depths) - 1 - stage_idx)), out_channels=intermediate_channels, kernel_size=int(config.upsampling_ratios[stage_idx] * 2), cache_key=f'decoder_layer_{stage_idx}', stride=config.upsampling_ratios[stage_idx])
        self.stage = nn.ModuleList([VibeVoiceAcousticTokenizerConvNext1dLayer(config, hidden_size=intermediate_channels, layer_idx=layer_idx + offset) for offset in range(1, config.depths[depth_idx] + 1)])

class VibeVoiceAcousticTokenizerDecoderModel(VibeVoiceAcousticTokenizerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.stem = VibeVoiceAcousticTokenizerDecoderStem(config)
        self.conv_layers = nn.ModuleList([VibeVoiceAcousticTokenizerDecoderLayer(config, stage_idx) for stage_idx in range(len(config.upsampling_ratios))])
        self.head = VibeVoiceAcousticTokenizerCausalConv1d(in_channels=config.num_filters, out_channels=config.channels, kernel_size=config.kernel_size, cache_key='decoder_head')
        self.post_init()

class VibeVoiceAcousticTokenizerModel(VibeVoiceAcousticTokenizerPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.encoder = AutoModel.from_config(config.encoder_config)
        self.decoder = AutoModel.from_config(config.decoder_config)
        self.post_init()
