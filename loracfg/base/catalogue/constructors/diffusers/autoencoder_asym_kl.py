"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): autoencoder_asym_kl. Made by `python -m loracfg.base.transcriber`."""
from .vae import AutoencoderMixin, Encoder, MaskConditionDecoder
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn

class AsymmetricAutoencoderKL(ModelMixin, AutoencoderMixin, ConfigMixin):

    @register_to_config
    def __init__(self, in_channels=3, out_channels=3, down_block_types=('DownEncoderBlock2D',), down_block_out_channels=(64,), layers_per_down_block=1, up_block_types=('UpDecoderBlock2D',), up_block_out_channels=(64,), layers_per_up_block=1, act_fn='silu', latent_channels=4, norm_num_groups=32, sample_size=32, scaling_factor=0.18215):
        super().__init__()
        self.encoder = Encoder(in_channels=in_channels, out_channels=latent_channels, down_block_types=down_block_types, block_out_channels=down_block_out_channels, layers_per_block=layers_per_down_block, act_fn=act_fn, norm_num_groups=norm_num_groups, double_z=True)
        self.decoder = MaskConditionDecoder(in_channels=latent_channels, out_channels=out_channels, up_block_types=up_block_types, block_out_channels=up_block_out_channels, layers_per_block=layers_per_up_block, act_fn=act_fn, norm_num_groups=norm_num_groups)
        self.quant_conv = nn.Conv2d(2 * latent_channels, 2 * latent_channels, 1)
        self.post_quant_conv = nn.Conv2d(latent_channels, latent_channels, 1)
        self.register_to_config(block_out_channels=up_block_out_channels)
        self.register_to_config(force_upcast=False)
