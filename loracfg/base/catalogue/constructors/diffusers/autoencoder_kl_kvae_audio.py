"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_kl_kvae_audio. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, AttentionModuleMixin
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.arrays import numpy as np
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.norms import parametrized_weight_norm as weight_norm
import math

class KVAEAudioSnake1d(nn.Module):

    def __init__(self, channels):
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1, channels, 1))

class KVAEAudioResidualUnit(nn.Module):

    def __init__(self, dimension=16, dilation=1):
        super().__init__()
        pad = (7 - 1) * dilation // 2
        self.snake1 = KVAEAudioSnake1d(dimension)
        self.conv1 = weight_norm(nn.Conv1d(dimension, dimension, kernel_size=7, dilation=dilation, padding=pad))
        self.snake2 = KVAEAudioSnake1d(dimension)
        self.conv2 = weight_norm(nn.Conv1d(dimension, dimension, kernel_size=1))

class KVAEAudioEncoderBlock(nn.Module):

    def __init__(self, input_dim, output_dim, stride=1):
        super().__init__()
        self.res_unit1 = KVAEAudioResidualUnit(input_dim, dilation=1)
        self.res_unit2 = KVAEAudioResidualUnit(input_dim, dilation=3)
        self.res_unit3 = KVAEAudioResidualUnit(input_dim, dilation=9)
        self.snake1 = KVAEAudioSnake1d(input_dim)
        self.conv1 = weight_norm(nn.Conv1d(input_dim, output_dim, kernel_size=2 * stride, stride=stride, padding=math.ceil(stride / 2)))

class KVAEAudioDecoderBlock(nn.Module):

    def __init__(self, input_dim, output_dim, stride=1):
        super().__init__()
        self.snake1 = KVAEAudioSnake1d(input_dim)
        self.conv_t1 = weight_norm(nn.ConvTranspose1d(input_dim, output_dim, kernel_size=2 * stride, stride=stride, padding=math.ceil(stride / 2), output_padding=stride % 2))
        self.res_unit1 = KVAEAudioResidualUnit(output_dim, dilation=1)
        self.res_unit2 = KVAEAudioResidualUnit(output_dim, dilation=3)
        self.res_unit3 = KVAEAudioResidualUnit(output_dim, dilation=9)

class KVAEAudioEncoder(nn.Module):

    def __init__(self, encoder_dim, encoder_rates, latent_dim, num_channels):
        super().__init__()
        self.conv1 = weight_norm(nn.Conv1d(num_channels, encoder_dim, kernel_size=7, padding=3))
        d_model = encoder_dim
        blocks = []
        for stride in encoder_rates:
            input_dim = d_model
            d_model *= 2
            blocks.append(KVAEAudioEncoderBlock(input_dim, d_model, stride=stride))
        self.block = nn.ModuleList(blocks)
        self.snake1 = KVAEAudioSnake1d(d_model)
        self.conv2 = weight_norm(nn.Conv1d(d_model, latent_dim, kernel_size=3, padding=1))

class KVAEAudioDecoder(nn.Module):

    def __init__(self, latent_dim, decoder_dim, decoder_rates, num_channels):
        super().__init__()
        self.conv1 = weight_norm(nn.Conv1d(latent_dim, decoder_dim, kernel_size=7, padding=3))
        d_model = decoder_dim
        blocks = []
        for stride in decoder_rates:
            input_dim = d_model
            d_model = d_model // 2
            blocks.append(KVAEAudioDecoderBlock(input_dim, d_model, stride=stride))
        self.block = nn.ModuleList(blocks)
        self.snake1 = KVAEAudioSnake1d(d_model)
        self.conv2 = weight_norm(nn.Conv1d(d_model, num_channels, kernel_size=7, padding=3))
        self.tanh = nn.Tanh()

class KVAEAudioAttnProcessor:
    _attention_backend = None
    _parallel_config = None

class KVAEAudioAttention(nn.Module, AttentionModuleMixin):
    _default_processor_cls = KVAEAudioAttnProcessor

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(dim, dim)
        self.to_k = nn.Linear(dim, dim)
        self.to_v = nn.Linear(dim, dim)
        self.to_out = nn.ModuleList([nn.Linear(dim, dim), nn.Dropout(0.0)])
        self.set_processor(KVAEAudioAttnProcessor())

class AutoencoderKLKVAEAudio(ModelMixin, AttentionMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, encoder_dim=64, encoder_rates=[2, 3, 4, 5, 8], latent_dim=2048, codebook_dim=64, decoder_dim=1536, decoder_rates=[8, 5, 4, 3, 2], sample_rate=48000, num_channels=1, attn_num_heads=8):
        super().__init__()
        self.hop_length = int(np.prod(encoder_rates))
        self.encoder = KVAEAudioEncoder(encoder_dim, encoder_rates, latent_dim, num_channels)
        self.in_proj = weight_norm(nn.Conv1d(latent_dim, codebook_dim * 2, kernel_size=1))
        self.out_proj = weight_norm(nn.Conv1d(codebook_dim, latent_dim, kernel_size=1))
        self.decoder = KVAEAudioDecoder(latent_dim, decoder_dim, decoder_rates, num_channels)
        self.attn = KVAEAudioAttention(latent_dim, attn_num_heads)
        self.use_slicing = False
