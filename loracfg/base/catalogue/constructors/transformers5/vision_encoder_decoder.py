"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): vision_encoder_decoder. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, AutoModelForCausalLM
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class VisionEncoderDecoderConfig(PreTrainedConfig):
    model_type = 'vision-encoder-decoder'
    sub_configs_defaults = {'decoder': SubConfigSpec(config_class=AutoConfig, model_type='bert', init_kwargs={'is_decoder': True, 'add_cross_attention': True}), 'encoder': SubConfigSpec(config_class=AutoConfig, model_type='vit')}
    encoder: PreTrainedConfig | dict | None = None
    decoder: PreTrainedConfig | dict | None = None
    is_encoder_decoder: bool = True

    @classmethod
    def from_encoder_decoder_configs(cls, encoder_config, decoder_config, **kwargs):
        decoder_config.is_decoder = True
        decoder_config.add_cross_attention = True
        return cls(encoder=encoder_config.to_dict(), decoder=decoder_config.to_dict(), **kwargs)

class VisionEncoderDecoderModel(PreTrainedModel, GenerationMixin):
    base_model_prefix = 'vision_encoder_decoder'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = True

    def __init__(self, config=None, encoder=None, decoder=None):
        if config is None and (encoder is None or decoder is None):
            raise ValueError('Either a configuration or an encoder and a decoder has to be provided.')
        if config is None:
            config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder.config, decoder.config)
        elif not isinstance(config, self.config_class):
            raise ValueError(f'Config: {config} has to be of type {self.config_class}')
        if getattr(config.decoder, 'cross_attention_hidden_size', None) is not None:
            if config.decoder.cross_attention_hidden_size != config.encoder.hidden_size:
                raise ValueError(f"If `cross_attention_hidden_size` is specified in the decoder's configuration, it has to be equal to the encoder's `hidden_size`. Got {config.decoder.cross_attention_hidden_size} for `config.decoder.cross_attention_hidden_size` and {config.encoder.hidden_size} for `config.encoder.hidden_size`.")
        config.tie_word_embeddings = False
        super().__init__(config)
        if encoder is None:
            encoder = AutoModel.from_config(config.encoder)
        if decoder is None:
            decoder = AutoModelForCausalLM.from_config(config.decoder)
        self.encoder = encoder
        self.decoder = decoder
        self._can_compile_fullgraph = decoder._can_compile_fullgraph
        if self.encoder.config.to_dict() != self.config.encoder.to_dict():
            pass
        if self.decoder.config.to_dict() != self.config.decoder.to_dict():
            pass
        self.config.encoder._attn_implementation = self.encoder.config._attn_implementation
        self.config.decoder._attn_implementation = self.decoder.config._attn_implementation
        self.encoder.config = self.config.encoder
        self.decoder.config = self.config.decoder
        if self.encoder.config.hidden_size != self.decoder.config.hidden_size and getattr(self.decoder.config, 'cross_attention_hidden_size', None) is None:
            self.enc_to_dec_proj = nn.Linear(self.encoder.config.hidden_size, self.decoder.config.hidden_size)
        if self.encoder.get_output_embeddings() is not None:
            raise ValueError(f'The encoder {self.encoder} should not have a LM Head. Please use a model without LM Head')
        self.post_init()

    def get_input_embeddings(self):
        return self.decoder.get_input_embeddings()

    def get_output_embeddings(self):
        return self.decoder.get_output_embeddings()
