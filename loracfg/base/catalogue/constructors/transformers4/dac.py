"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): dac. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedAudioTokenizerBase
from .common_utils_generic import ModelOutput
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.records import dataclass
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Optional
import math

class DacConfig(PretrainedConfig):
    model_type = 'dac'

    def __init__(self, encoder_hidden_size=64, downsampling_ratios=[2, 4, 8, 8], decoder_hidden_size=1536, n_codebooks=9, codebook_size=1024, codebook_dim=8, quantizer_dropout=0, commitment_loss_weight=0.25, codebook_loss_weight=1.0, sampling_rate=16000, **kwargs):
        self.encoder_hidden_size = encoder_hidden_size
        self.downsampling_ratios = downsampling_ratios
        self.decoder_hidden_size = decoder_hidden_size
        self.upsampling_ratios = downsampling_ratios[::-1]
        self.n_codebooks = n_codebooks
        self.codebook_size = codebook_size
        self.codebook_dim = codebook_dim
        self.quantizer_dropout = quantizer_dropout
        self.sampling_rate = sampling_rate
        self.hidden_size = encoder_hidden_size * 2 ** len(downsampling_ratios)
        self.hop_length = int(np.prod(downsampling_ratios))
        self.commitment_loss_weight = commitment_loss_weight
        self.codebook_loss_weight = codebook_loss_weight
        super().__init__(**kwargs)

    @property
    def frame_rate(self):
        hop_length = np.prod(self.upsampling_ratios)
        return math.ceil(self.sampling_rate / hop_length)

@dataclass
class DacEncoderOutput(ModelOutput):
    loss: Optional[torch.FloatTensor] = None
    quantized_representation: Optional[torch.FloatTensor] = None
    audio_codes: Optional[torch.FloatTensor] = None
    projected_latents: Optional[torch.FloatTensor] = None

@dataclass
class DacDecoderOutput(ModelOutput):
    audio_values: Optional[torch.FloatTensor] = None

class Snake1d(nn.Module):

    def __init__(self, hidden_dim):
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1, hidden_dim, 1))

class DacVectorQuantize(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.codebook_dim = config.codebook_dim
        self.in_proj = nn.Conv1d(config.hidden_size, config.codebook_dim, kernel_size=1)
        self.out_proj = nn.Conv1d(config.codebook_dim, config.hidden_size, kernel_size=1)
        self.codebook = nn.Embedding(config.codebook_size, config.codebook_dim)

class DacResidualUnit(nn.Module):

    def __init__(self, dimension=16, dilation=1):
        super().__init__()
        pad = (7 - 1) * dilation // 2
        self.snake1 = Snake1d(dimension)
        self.conv1 = nn.Conv1d(dimension, dimension, kernel_size=7, dilation=dilation, padding=pad)
        self.snake2 = Snake1d(dimension)
        self.conv2 = nn.Conv1d(dimension, dimension, kernel_size=1)

class DacEncoderBlock(nn.Module):

    def __init__(self, config, stride=1, stride_index=1):
        super().__init__()
        dimension = config.encoder_hidden_size * 2 ** stride_index
        self.res_unit1 = DacResidualUnit(dimension // 2, dilation=1)
        self.res_unit2 = DacResidualUnit(dimension // 2, dilation=3)
        self.res_unit3 = DacResidualUnit(dimension // 2, dilation=9)
        self.snake1 = Snake1d(dimension // 2)
        self.conv1 = nn.Conv1d(dimension // 2, dimension, kernel_size=2 * stride, stride=stride, padding=math.ceil(stride / 2))

class DacDecoderBlock(nn.Module):

    def __init__(self, config, stride=1, stride_index=1):
        super().__init__()
        input_dim = config.decoder_hidden_size // 2 ** stride_index
        output_dim = config.decoder_hidden_size // 2 ** (stride_index + 1)
        self.snake1 = Snake1d(input_dim)
        self.conv_t1 = nn.ConvTranspose1d(input_dim, output_dim, kernel_size=2 * stride, stride=stride, padding=math.ceil(stride / 2))
        self.res_unit1 = DacResidualUnit(output_dim, dilation=1)
        self.res_unit2 = DacResidualUnit(output_dim, dilation=3)
        self.res_unit3 = DacResidualUnit(output_dim, dilation=9)

class DacResidualVectorQuantize(nn.Module):

    def __init__(self, config):
        super().__init__()
        n_codebooks = config.n_codebooks
        quantizer_dropout = config.quantizer_dropout
        self.n_codebooks = n_codebooks
        self.quantizers = nn.ModuleList([DacVectorQuantize(config) for i in range(config.n_codebooks)])
        self.quantizer_dropout = quantizer_dropout

    def from_codes(self, audio_codes):
        quantized_representation = 0.0
        projected_latents = []
        n_codebooks = audio_codes.shape[1]
        for i in range(n_codebooks):
            projected_latents_i = self.quantizers[i].codebook(audio_codes[:, i, :]).transpose(1, 2)
            projected_latents.append(projected_latents_i)
            quantized_representation += self.quantizers[i].out_proj(projected_latents_i)
        return (quantized_representation, torch.cat(projected_latents, dim=1), audio_codes)

class DacDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        input_channel = config.hidden_size
        channels = config.decoder_hidden_size
        strides = config.upsampling_ratios
        self.conv1 = nn.Conv1d(input_channel, channels, kernel_size=7, padding=3)
        block = []
        for stride_index, stride in enumerate(strides):
            block += [DacDecoderBlock(config, stride, stride_index)]
        self.block = nn.ModuleList(block)
        output_dim = config.decoder_hidden_size // 2 ** (stride_index + 1)
        self.snake1 = Snake1d(output_dim)
        self.conv2 = nn.Conv1d(output_dim, 1, kernel_size=7, padding=3)
        self.tanh = nn.Tanh()

class DacEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        strides = config.downsampling_ratios
        self.conv1 = nn.Conv1d(1, config.encoder_hidden_size, kernel_size=7, padding=3)
        self.block = []
        for stride_index, stride in enumerate(strides):
            stride_index = stride_index + 1
            self.block += [DacEncoderBlock(config, stride=stride, stride_index=stride_index)]
        self.block = nn.ModuleList(self.block)
        d_model = config.encoder_hidden_size * 2 ** stride_index
        self.snake1 = Snake1d(d_model)
        self.conv2 = nn.Conv1d(d_model, config.hidden_size, kernel_size=3, padding=1)

class DacPreTrainedModel(PreTrainedAudioTokenizerBase):
    base_model_prefix = 'dac'
    main_input_name = 'input_values'

class DacModel(DacPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.encoder = DacEncoder(config)
        self.decoder = DacDecoder(config)
        self.quantizer = DacResidualVectorQuantize(config)
        self.bits_per_codebook = int(math.log2(self.config.codebook_size))
        if 2 ** self.bits_per_codebook != self.config.codebook_size:
            raise ValueError('The codebook_size must be a power of 2.')
        self.post_init()

    def encode(self, input_values, n_quantizers=None, return_dict=None):
        return_dict = return_dict if return_dict is not None else self.config.return_dict
        quantized_representation = self.encoder(input_values)
        quantized_representation, audio_codes, projected_latents, commitment_loss, codebook_loss = self.quantizer(quantized_representation, n_quantizers)
        loss = self.config.commitment_loss_weight * commitment_loss + self.config.codebook_loss_weight * codebook_loss
        if not return_dict:
            return (loss, quantized_representation, audio_codes, projected_latents)
        return DacEncoderOutput(loss, quantized_representation, audio_codes, projected_latents)

    def decode(self, quantized_representation=None, audio_codes=None, return_dict=None):
        if quantized_representation is None and audio_codes is None:
            raise ValueError('Either `quantized_representation` or `audio_codes` must be provided.')
        return_dict = return_dict if return_dict is not None else self.config.return_dict
        if audio_codes is not None:
            quantized_representation = self.quantizer.from_codes(audio_codes)[0]
        audio_values = self.decoder(quantized_representation).squeeze(1)
        if not return_dict:
            return (audio_values,)
        return DacDecoderOutput(audio_values)
