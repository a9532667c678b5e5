"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): consistency_decoder_vae. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin
from .common_schedulers_scheduling_consistency_decoder import ConsistencyDecoderScheduler
from .unet_2d import UNet2DModel
from .vae import AutoencoderMixin, Encoder
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn

class ConsistencyDecoderVAE(ModelMixin, AttentionMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, scaling_factor=0.18215, latent_channels=4, sample_size=32, encoder_act_fn='silu', encoder_block_out_channels=(128, 256, 512, 512), encoder_double_z=True, encoder_down_block_types=('DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D'), encoder_in_channels=3, encoder_layers_per_block=2, encoder_norm_num_groups=32, encoder_out_channels=4, decoder_add_attention=False, decoder_block_out_channels=(320, 640, 1024, 1024), decoder_down_block_types=('ResnetDownsampleBlock2D', 'ResnetDownsampleBlock2D', 'ResnetDownsampleBlock2D', 'ResnetDownsampleBlock2D'), decoder_downsample_padding=1, decoder_in_channels=7, decoder_layers_per_block=3, decoder_norm_eps=1e-05, decoder_norm_num_groups=32, decoder_num_train_timesteps=1024, decoder_out_channels=6, decoder_resnet_time_scale_shift='scale_shift', decoder_time_embedding_type='learned', decoder_up_block_types=('ResnetUpsampleBlock2D', 'ResnetUpsampleBlock2D', 'ResnetUpsampleBlock2D', 'ResnetUpsampleBlock2D')):
        super().__init__()
        self.encoder = Encoder(act_fn=encoder_act_fn, block_out_channels=encoder_block_out_channels, double_z=encoder_double_z, down_block_types=encoder_down_block_types, in_channels=encoder_in_channels, layers_per_block=encoder_layers_per_block, norm_num_groups=encoder_norm_num_groups, out_channels=encoder_out_channels)
        self.decoder_unet = UNet2DModel(add_attention=decoder_add_attention, block_out_channels=decoder_block_out_channels, down_block_types=decoder_down_block_types, downsample_padding=decoder_downsample_padding, in_channels=decoder_in_channels, layers_per_block=decoder_layers_per_block, norm_eps=decoder_norm_eps, norm_num_groups=decoder_norm_num_groups, num_train_timesteps=decoder_num_train_timesteps, out_channels=decoder_out_channels, resnet_time_scale_shift=decoder_resnet_time_scale_shift, time_embedding_type=decoder_time_embedding_type, up_block_types=decoder_up_block_types)
        self.decoder_scheduler = ConsistencyDecoderScheduler()
        self.register_to_config(block_out_channels=encoder_block_out_channels)
        self.register_to_config(force_upcast=False)
        self.register_buffer('means', torch.tensor([0.38862467, 0.02253063, 0.07381133, -0.0171294])[None, :, None, None], persistent=False)
        self.register_buffer('stds', torch.tensor([0.9654121, 1.0440036, 0.76147926, 0.77022034])[None, :, None, None], persistent=False)
        self.quant_conv = nn.Conv2d(2 * latent_channels, 2 * latent_channels, 1)
        self.use_slicing = False
        self.use_tiling = False
        self.tile_sample_min_size = self.config.sample_size
        sample_size = self.config.sample_size[0] if isinstance(self.config.sample_size, (list, tuple)) else self.config.sample_size
        self.tile_latent_min_size = int(sample_size / 2 ** (len(self.config.block_out_channels) - 1))
        self.tile_overlap_factor = 0.25
