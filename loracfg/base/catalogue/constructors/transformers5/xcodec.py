"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): xcodec. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedAudioTokenizerBase
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class XcodecConfig(PreTrainedConfig):
    model_type = 'xcodec'
    sub_configs_defaults = {'acoustic_model_config': SubConfigSpec(config_class=AutoConfig, model_type='dac', init_kwargs={'encoder_hidden_size': 64, 'downsampling_ratios': [8, 5, 4, 2], 'decoder_hidden_size': 1024, 'upsampling_ratios': [8, 5, 4, 2], 'hidden_size': 256}), 'semantic_model_config': SubConfigSpec(config_class=AutoConfig, model_type='hubert')}
    target_bandwidths: list[int | float] | tuple[int | float, ...] = (0.5, 1, 1.5, 2, 4)
    sample_rate: int = 16000
    kernel_size: int = 3
    channel_ratios: list[int] | tuple[int, ...] = (1, 1)
    strides: list[int] | tuple[int, ...] = (1, 1)
    block_dilations: list[int] | tuple[int, ...] = (1, 1)
    unit_kernel_size: int = 3
    codebook_size: int = 1024
    codebook_dim: int | None = None
    initializer_range: float = 0.02
    acoustic_model_config: dict | PreTrainedConfig | None = None
    semantic_model_config: dict | PreTrainedConfig | None = None

    def __post_init__(self, **kwargs):
        if isinstance(self.acoustic_model_config, dict):
            self.acoustic_model_config = {**self.sub_configs_defaults['acoustic_model_config'].init_kwargs, **self.acoustic_model_config}
        if isinstance(self.semantic_model_config, dict):
            self.semantic_model_config = {**self.sub_configs_defaults['semantic_model_config'].init_kwargs, **self.semantic_model_config}
        super().__post_init__(**kwargs)
        if self.codebook_dim is None:
            self.codebook_dim = self.acoustic_model_config.hidden_size + self.semantic_model_config.hidden_size

    @property
    def frame_rate(self):
        return math.ceil(self.sample_rate / self.hop_length)

    @property
    def semantic_hidden_size(self):
        return self.semantic_model_config.hidden_size

    @property
    def hop_length(self):
        return int(np.prod(self.acoustic_model_config.downsampling_ratios))

    @property
    def codebook_nbits(self):
        return math.ceil(math.log2(self.codebook_size))

    @property
    def hidden_size(self):
        return self.acoustic_model_config.hidden_size + self.semantic_model_config.hidden_size

    @property
    def num_quantizers(self):
        return int(1000 * self.target_bandwidths[-1] // (self.frame_rate * self.codebook_nbits))

class XcodecResidualUnit(nn.Module):

    def __init__(self, config, in_channels, out_channels, dilation):
        super().__init__()
        self.activation = nn.ELU()
        padding = (config.unit_kernel_size - 1) // 2 * dilation
        self.conv1 = nn.Conv1d(in_channels, out_channels, config.unit_kernel_size, stride=1, padding=padding, dilation=dilation, groups=1, bias=False)
        self.conv2 = nn.Conv1d(in_channels=out_channels, out_channels=out_channels, kernel_size=1, bias=False)

class XcodecSemanticEncoderBlock(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride):
        super().__init__()
        self.res_units = nn.ModuleList([XcodecResidualUnit(config, in_channels, in_channels, dilation) for dilation in config.block_dilations])
        kernel = 3 if stride == 1 else 2 * stride
        padding = (kernel - 1) // 2
        self.conv = nn.Conv1d(in_channels, out_channels, kernel_size=kernel, stride=stride, padding=padding, bias=True)

class SemanticEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        if len(config.strides) != len(config.channel_ratios):
            raise ValueError('Number of strides must match the number of channel_ratios.')
        self.conv = nn.Conv1d(config.semantic_hidden_size, config.semantic_hidden_size, config.kernel_size, 1, config.kernel_size // 2, bias=False)
        in_channels = config.semantic_hidden_size
        conv_blocks = []
        for i, stride in enumerate(config.strides):
            out_channels = int(config.semantic_hidden_size * config.channel_ratios[i])
            conv_blocks += [XcodecSemanticEncoderBlock(config, in_channels, out_channels, stride)]
            in_channels = out_channels
        self.conv_blocks = nn.ModuleList(conv_blocks)

class SemanticDecoderBlock(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride):
        super().__init__()
        if stride == 1:
            self.conv = nn.Conv1d(in_channels, out_channels, kernel_size=3, stride=1, padding=1, bias=True)
        else:
            kernel_size = 2 * stride
            padding = (stride + 1) // 2
            output_padding = 1 if stride % 2 == 1 else 0
            self.conv = nn.ConvTranspose1d(in_channels, out_channels, kernel_size, stride, padding, output_padding, bias=False)
        self.res_units = nn.ModuleList([XcodecResidualUnit(config, out_channels, out_channels, dilation) for dilation in config.block_dilations])

class SemanticDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.conv1 = nn.Conv1d(in_channels=config.semantic_hidden_size, out_channels=int(config.semantic_hidden_size * config.channel_ratios[0]), kernel_size=config.kernel_size, stride=1, padding=config.kernel_size // 2, bias=False)
        conv_blocks = []
        for i, stride in enumerate(config.strides):
            in_channels = int(config.semantic_hidden_size * config.channel_ratios[i])
            if i < len(config.channel_ratios) - 1:
                out_channels = int(config.semantic_hidden_size * config.channel_ratios[i + 1])
            else:
                out_channels = config.semantic_hidden_size
            conv_blocks += [SemanticDecoderBlock(config, in_channels, out_channels, stride)]
        self.conv_blocks = nn.ModuleList(conv_blocks)
        self.conv2 = nn.Conv1d(config.semantic_hidden_size, config.semantic_hidden_size, config.kernel_size, stride=1, padding=config.kernel_size // 2, bias=False)

class XcodecEuclideanCodebook(nn.Module):

    def __init__(self, config):
        super().__init__()
        embed = torch.zeros(config.codebook_size, config.codebook_dim)
        self.codebook_size = config.codebook_size
        self.inited = nn.Buffer(torch.Tensor([True]))
        self.cluster_size = nn.Buffer(torch.zeros(config.codebook_size))
        self.embed = nn.Buffer(embed)
        self.embed_avg = nn.Buffer(embed.clone())

    def quantize(self, hidden_states):
        embed = self.embed.t()
        scaled_states = hidden_states.pow(2).sum(1, keepdim=True)
        dist = -(scaled_states - 2 * hidden_states @ embed + embed.pow(2).sum(0, keepdim=True))
        embed_ind = dist.max(dim=-1).indices
        return embed_ind

class XcodecVectorQuantization(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.codebook = XcodecEuclideanCodebook(config)

class XcodecResidualVectorQuantization(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.quantizers = nn.ModuleList([XcodecVectorQuantization(config) for _ in range(config.num_quantizers)])
        self.frame_rate = config.frame_rate
        self.codebook_size = config.codebook_size
        self.num_quantizers = config.num_quantizers

class XcodecPreTrainedModel(PreTrainedAudioTokenizerBase):
    base_model_prefix = 'xcodec'
    main_input_name = 'input_values'

class XcodecModel(XcodecPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.pad = config.hop_length // 2
        acoustic_model = AutoModel.from_config(config.acoustic_model_config)
        self.acoustic_encoder = acoustic_model.encoder
        self.acoustic_decoder = acoustic_model.decoder
        self._adjust_dac_decoder(self.acoustic_decoder)
        self.encoder_semantic = SemanticEncoder(config)
        self.decoder_semantic = SemanticDecoder(config)
        self.semantic_model = AutoModel.from_config(config.semantic_model_config).eval()
        self.fc = nn.Linear(config.hidden_size, config.hidden_size)
        self.fc1 = nn.Linear(config.hidden_size, config.semantic_model_config.hidden_size)
        self.fc2 = nn.Linear(config.hidden_size, config.acoustic_model_config.hidden_size)
        self.quantizer = XcodecResidualVectorQuantization(config)
        self.post_init()

    @staticmethod
    def _adjust_dac_decoder(decoder):
        for module in decoder.modules():
            if isinstance(module, nn.ConvTranspose1d):
                stride = module.stride[0] if isinstance(module.stride, tuple) else module.stride
                module.output_padding = (stride % 2,)
        if hasattr(decoder, 'tanh') and isinstance(decoder.tanh, nn.Tanh):
            decoder.tanh = nn.Identity()
