"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): xcodec. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedAudioTokenizerBase
from .common_utils_generic import ModelOutput
from .dac import DacConfig
from .hubert import HubertConfig
from .wavlm import WavLMConfig
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn
from loracfg.base.catalogue.stand_ins.records import dataclass
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Optional
import math

class XcodecConfig(PretrainedConfig):
    model_type = 'xcodec'
    sub_configs = {'acoustic_model_config': DacConfig, 'semantic_model_config': AutoConfig}

    def __init__(self, target_bandwidths=None, sample_rate=16000, kernel_size=3, channel_ratios=[1, 1], strides=[1, 1], block_dilations=[1, 1], unit_kernel_size=3, codebook_size=1024, codebook_dim=None, initializer_range=0.02, acoustic_model_config=None, semantic_model_config=None, **kwargs):
        super().__init__(**kwargs)
        if acoustic_model_config is None:
            self.acoustic_model_config = DacConfig(encoder_hidden_size=64, downsampling_ratios=[8, 5, 4, 2], decoder_hidden_size=1024, upsampling_ratios=[8, 5, 4, 2], hidden_size=256)
        elif isinstance(acoustic_model_config, dict):
            self.acoustic_model_config = DacConfig(**acoustic_model_config)
        elif isinstance(acoustic_model_config, DacConfig):
            self.acoustic_model_config = acoustic_model_config
        else:
            raise ValueError(f'acoustic_model_config must be a dict or DacConfig instance, but got {type(acoustic_model_config)}')
        if semantic_model_config is None:
            self.semantic_model_config = HubertConfig()
        elif isinstance(semantic_model_config, dict):
            if '_name_or_path' in semantic_model_config:
                self.semantic_model_config = AutoConfig.from_pretrained(semantic_model_config['_name_or_path'])
            else:
                self.semantic_model_config = HubertConfig(**semantic_model_config)
        elif isinstance(semantic_model_config, WavLMConfig) or isinstance(semantic_model_config, HubertConfig):
            self.semantic_model_config = semantic_model_config
        else:
            raise ValueError(f'semantic_model_config must be a dict, HubertConfig, or WavLMConfig instance, but got {type(semantic_model_config)}')
        if target_bandwidths is None:
            target_bandwidths = [0.5, 1, 1.5, 2, 4]
        self.target_bandwidths = target_bandwidths
        self.sample_rate = sample_rate
        self.kernel_size = kernel_size
        self.channel_ratios = channel_ratios
        self.strides = strides
        self.block_dilations = block_dilations
        self.unit_kernel_size = unit_kernel_size
        self.codebook_size = codebook_size
        self.initializer_range = initializer_range
        if codebook_dim is None:
            codebook_dim = self.acoustic_model_config.hidden_size + self.semantic_model_config.hidden_size
        self.codebook_dim = codebook_dim

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

@dataclass
class XcodecEncoderOutput(ModelOutput):
    audio_codes: Optional[torch.LongTensor] = None

@dataclass
class XcodecDecoderOutput(ModelOutput):
    audio_values: Optional[torch.FloatTensor] = None

class ResidualUnit(nn.Module):

    def __init__(self, config, in_channels, out_channels, dilation):
        super().__init__()
        self.activation = nn.ELU()
        padding = (config.unit_kernel_size - 1) // 2 * dilation
        self.conv1 = nn.Conv1d(in_channels, out_channels, config.unit_kernel_size, stride=1, padding=padding, dilation=dilation, groups=1, bias=False)
        self.conv2 = nn.Conv1d(in_channels=out_channels, out_channels=out_channels, kernel_size=1, bias=False)

class SemanticEncoderBlock(nn.Module):

    def __init__(self, config, in_channels, out_channels, stride):
        super().__init__()
        self.res_units = nn.ModuleList([ResidualUnit(config, in_channels, in_channels, dilation) for dilation in config.block_dilations])
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
            conv_blocks += [SemanticEncoderBlock(config, in_channels, out_channels, stride)]
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
        self.res_units = nn.ModuleList([ResidualUnit(config, out_channels, out_channels, dilation) for dilation in config.block_dilations])

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
        self.register_buffer('inited', torch.Tensor([True]))
        self.register_buffer('cluster_size', torch.zeros(config.codebook_size))
        self.register_buffer('embed', embed)
        self.register_buffer('embed_avg', embed.clone())

    def quantize(self, hidden_states):
        embed = self.embed.t()
        scaled_states = hidden_states.pow(2).sum(1, keepdim=True)
        dist = -(scaled_states - 2 * hidden_states @ embed + embed.pow(2).sum(0, keepdim=True))
        embed_ind = dist.max(dim=-1).indices
        return embed_ind

    def encode(self, hidden_states):
        shape = hidden_states.shape
        hidden_states = hidden_states.reshape((-1, shape[-1]))
        embed_ind = self.quantize(hidden_states)
        embed_ind = embed_ind.view(*shape[:-1])
        return embed_ind

    def decode(self, embed_ind):
        quantized = F.embedding(embed_ind, self.embed)
        return quantized

class XcodecVectorQuantization(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.codebook = XcodecEuclideanCodebook(config)

    def encode(self, hidden_states):
        hidden_states = hidden_states.permute(0, 2, 1)
        embed_in = self.codebook.encode(hidden_states)
        return embed_in

    def decode(self, embed_ind):
        quantize = self.codebook.decode(embed_ind)
        quantize = quantize.permute(0, 2, 1)
        return quantize

class XcodecResidualVectorQuantization(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.quantizers = nn.ModuleList([XcodecVectorQuantization(config) for _ in range(config.num_quantizers)])
        self.frame_rate = config.frame_rate
        self.codebook_size = config.codebook_size
        self.num_quantizers = config.num_quantizers

    def get_bandwidth_per_quantizer(self):
        return math.log2(self.codebook_size) * self.frame_rate / 1000

    def get_num_quantizers_for_bandwidth(self, bandwidth=None):
        bw_per_q = self.get_bandwidth_per_quantizer()
        num_quantizers = self.num_quantizers
        if bandwidth is not None and bandwidth > 0.0:
            num_quantizers = int(max(1, math.floor(bandwidth / bw_per_q)))
        return num_quantizers

    def encode(self, embeddings, bandwidth=None):
        num_quantizers = self.get_num_quantizers_for_bandwidth(bandwidth)
        residual = embeddings
        all_indices = []
        for quantizer in self.quantizers[:num_quantizers]:
            indices = quantizer.encode(residual)
            quantized = quantizer.decode(indices)
            residual = residual - quantized
            all_indices.append(indices)
        out_indices = torch.stack(all_indices)
        return out_indices

    def decode(self, codes):
        quantized_out = torch.tensor(0.0, device=codes.device)
        for i, indices in enumerate(codes):
            quantizer = self.quantizers[i]
            quantized = quantizer.decode(indices)
            quantized_out = quantized_out + quantized
        return quantized_out

class XcodecPreTrainedModel(PreTrainedAudioTokenizerBase):
    config_class = XcodecConfig
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

    def _extract_semantic_features(self, input_values):
        input_values = input_values[:, 0, :]
        input_values = F.pad(input_values, (self.pad, self.pad))
        with torch.no_grad():
            outputs = self.semantic_model(input_values, output_hidden_states=True)
            hidden_states = outputs.hidden_states
        stacked = torch.stack(hidden_states, dim=1)
        return stacked.mean(dim=1)

    def encode(self, input_values, bandwidth=None, return_dict=None):
        return_dict = return_dict if return_dict is not None else self.config.return_dict
        channels = input_values.shape[1]
        if channels != 1:
            raise ValueError(f'Audio must be mono, but got {channels}')
        if bandwidth is None:
            bandwidth = self.config.target_bandwidths[-1]
        elif bandwidth not in self.config.target_bandwidths:
            raise ValueError(f"This model doesn't support the bandwidth {bandwidth}. Select one of {self.config.target_bandwidths}.")
        e_semantic_input = self._extract_semantic_features(input_values).detach()
        e_semantic = self.encoder_semantic(e_semantic_input.transpose(1, 2))
        e_acoustic = self.acoustic_encoder(input_values)
        if e_acoustic.shape[2] != e_semantic.shape[2]:
            e_acoustic = self.acoustic_encoder(F.pad(input_values[:, 0, :], (self.pad, self.pad)).unsqueeze(1))
        embeddings = torch.cat([e_acoustic, e_semantic], dim=1)
        embeddings = self.fc(embeddings.transpose(1, 2)).transpose(1, 2)
        audio_codes = self.quantizer.encode(embeddings, bandwidth)
        audio_codes = audio_codes.transpose(0, 1)
        if not return_dict:
            return audio_codes
        return XcodecEncoderOutput(audio_codes)

    def decode(self, audio_codes, return_dict=None):
        return_dict = return_dict if return_dict is not None else self.config.return_dict
        audio_codes = audio_codes.transpose(0, 1)
        quantized = self.quantizer.decode(audio_codes)
        quantized_acoustic = self.fc2(quantized.transpose(1, 2)).transpose(1, 2)
        audio_values = self.acoustic_decoder(quantized_acoustic)
        if not return_dict:
            return audio_values
        return XcodecDecoderOutput(audio_values)
