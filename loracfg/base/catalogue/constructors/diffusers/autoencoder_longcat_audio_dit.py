"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_longcat_audio_dit. Made by `python -m loracfg.base.transcriber`."""
from .vae import AutoencoderMixin
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.norms import weight_norm
from loracfg.base.catalogue.stand_ins.turns import range
import math

def _wn_conv1d(in_channels, out_channels, kernel_size, stride=1, dilation=1, padding=0, bias=True):
    return weight_norm(nn.Conv1d(in_channels, out_channels, kernel_size, stride, padding, dilation, bias=bias))

def _wn_conv_transpose1d(*args, **kwargs):
    return weight_norm(nn.ConvTranspose1d(*args, **kwargs))

class Snake1d(nn.Module):

    def __init__(self, channels, alpha_logscale=True):
        super().__init__()
        self.alpha_logscale = alpha_logscale
        self.alpha = nn.Parameter(torch.zeros(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

def _get_vae_activation(name, channels=0):
    if name == 'elu':
        act = nn.ELU()
    elif name == 'snake':
        act = Snake1d(channels)
    else:
        raise ValueError(f'Unknown activation: {name}')
    return act

class DownsampleShortcut(nn.Module):

    def __init__(self, in_channels, out_channels, factor):
        super().__init__()
        self.factor = factor
        self.group_size = in_channels * factor // out_channels
        self.out_channels = out_channels

class UpsampleShortcut(nn.Module):

    def __init__(self, in_channels, out_channels, factor):
        super().__init__()
        self.factor = factor
        self.repeats = out_channels * factor // in_channels

class VaeResidualUnit(nn.Module):

    def __init__(self, in_channels, out_channels, dilation, kernel_size=7, act_fn='snake'):
        super().__init__()
        padding = dilation * (kernel_size - 1) // 2
        self.layers = nn.Sequential(_get_vae_activation(act_fn, channels=out_channels), _wn_conv1d(in_channels, out_channels, kernel_size, dilation=dilation, padding=padding), _get_vae_activation(act_fn, channels=out_channels), _wn_conv1d(out_channels, out_channels, kernel_size=1))

class VaeEncoderBlock(nn.Module):

    def __init__(self, in_channels, out_channels, stride, act_fn='snake', downsample_shortcut='none'):
        super().__init__()
        layers = [VaeResidualUnit(in_channels, in_channels, dilation=1, act_fn=act_fn), VaeResidualUnit(in_channels, in_channels, dilation=3, act_fn=act_fn), VaeResidualUnit(in_channels, in_channels, dilation=9, act_fn=act_fn)]
        layers.append(_get_vae_activation(act_fn, channels=in_channels))
        layers.append(_wn_conv1d(in_channels, out_channels, kernel_size=2 * stride, stride=stride, padding=math.ceil(stride / 2)))
        self.layers = nn.Sequential(*layers)
        self.residual = DownsampleShortcut(in_channels, out_channels, stride) if downsample_shortcut == 'averaging' else None

class VaeDecoderBlock(nn.Module):

    def __init__(self, in_channels, out_channels, stride, act_fn='snake', upsample_shortcut='none'):
        super().__init__()
        layers = [_get_vae_activation(act_fn, channels=in_channels), _wn_conv_transpose1d(in_channels, out_channels, kernel_size=2 * stride, stride=stride, padding=math.ceil(stride / 2)), VaeResidualUnit(out_channels, out_channels, dilation=1, act_fn=act_fn), VaeResidualUnit(out_channels, out_channels, dilation=3, act_fn=act_fn), VaeResidualUnit(out_channels, out_channels, dilation=9, act_fn=act_fn)]
        self.layers = nn.Sequential(*layers)
        self.residual = UpsampleShortcut(in_channels, out_channels, stride) if upsample_shortcut == 'duplicating' else None

class AudioDiTVaeEncoder(nn.Module):

    def __init__(self, in_channels=1, channels=128, c_mults=None, strides=None, latent_dim=64, encoder_latent_dim=128, act_fn='snake', downsample_shortcut='averaging', out_shortcut='averaging'):
        super().__init__()
        c_mults = [1] + (c_mults or [1, 2, 4, 8, 16])
        strides = list(strides or [2] * (len(c_mults) - 1))
        if len(strides) < len(c_mults) - 1:
            strides.extend([strides[-1] if strides else 2] * (len(c_mults) - 1 - len(strides)))
        else:
            strides = strides[:len(c_mults) - 1]
        channels_base = channels
        layers = [_wn_conv1d(in_channels, c_mults[0] * channels_base, kernel_size=7, padding=3)]
        for idx in range(len(c_mults) - 1):
            layers.append(VaeEncoderBlock(c_mults[idx] * channels_base, c_mults[idx + 1] * channels_base, strides[idx], act_fn=act_fn, downsample_shortcut=downsample_shortcut))
        layers.append(_wn_conv1d(c_mults[-1] * channels_base, encoder_latent_dim, kernel_size=3, padding=1))
        self.layers = nn.Sequential(*layers)
        self.shortcut = DownsampleShortcut(c_mults[-1] * channels_base, encoder_latent_dim, 1) if out_shortcut == 'averaging' else None

class AudioDiTVaeDecoder(nn.Module):

    def __init__(self, in_channels=1, channels=128, c_mults=None, strides=None, latent_dim=64, act_fn='snake', in_shortcut='duplicating', final_tanh=False, upsample_shortcut='duplicating'):
        super().__init__()
        c_mults = [1] + (c_mults or [1, 2, 4, 8, 16])
        strides = list(strides or [2] * (len(c_mults) - 1))
        if len(strides) < len(c_mults) - 1:
            strides.extend([strides[-1] if strides else 2] * (len(c_mults) - 1 - len(strides)))
        else:
            strides = strides[:len(c_mults) - 1]
        channels_base = channels
        self.shortcut = UpsampleShortcut(latent_dim, c_mults[-1] * channels_base, 1) if in_shortcut == 'duplicating' else None
        layers = [_wn_conv1d(latent_dim, c_mults[-1] * channels_base, kernel_size=7, padding=3)]
        for idx in range(len(c_mults) - 1, 0, -1):
            layers.append(VaeDecoderBlock(c_mults[idx] * channels_base, c_mults[idx - 1] * channels_base, strides[idx - 1], act_fn=act_fn, upsample_shortcut=upsample_shortcut))
        layers.append(_get_vae_activation(act_fn, channels=c_mults[0] * channels_base))
        layers.append(_wn_conv1d(c_mults[0] * channels_base, in_channels, kernel_size=7, padding=3, bias=False))
        layers.append(nn.Tanh() if final_tanh else nn.Identity())
        self.layers = nn.Sequential(*layers)

class LongCatAudioDiTVae(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=1, channels=128, c_mults=None, strides=None, latent_dim=64, encoder_latent_dim=128, act_fn=None, use_snake=None, downsample_shortcut='averaging', upsample_shortcut='duplicating', out_shortcut='averaging', in_shortcut='duplicating', final_tanh=False, downsampling_ratio=2048, sample_rate=24000, scale=0.71):
        super().__init__()
        if act_fn is None:
            if use_snake is None:
                act_fn = 'snake'
            else:
                act_fn = 'snake' if use_snake else 'elu'
        self.encoder = AudioDiTVaeEncoder(in_channels=in_channels, channels=channels, c_mults=c_mults, strides=strides, latent_dim=latent_dim, encoder_latent_dim=encoder_latent_dim, act_fn=act_fn, downsample_shortcut=downsample_shortcut, out_shortcut=out_shortcut)
        self.decoder = AudioDiTVaeDecoder(in_channels=in_channels, channels=channels, c_mults=c_mults, strides=strides, latent_dim=latent_dim, act_fn=act_fn, in_shortcut=in_shortcut, final_tanh=final_tanh, upsample_shortcut=upsample_shortcut)
