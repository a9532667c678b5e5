"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): speech_encoder_decoder. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, AutoModelForCausalLM
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

class SpeechEncoderDecoderConfig(PretrainedConfig):
    model_type = 'speech-encoder-decoder'
    sub_configs = {'encoder': AutoConfig, 'decoder': AutoConfig}
    has_no_defaults_at_init = True

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if 'encoder' not in kwargs or 'decoder' not in kwargs:
            raise ValueError(f'A configuration of type {self.model_type} cannot be instantiated because not both `encoder` and `decoder` sub-configurations are passed, but only {kwargs}')
        encoder_config = kwargs.pop('encoder')
        encoder_model_type = encoder_config.pop('model_type')
        decoder_config = kwargs.pop('decoder')
        decoder_model_type = decoder_config.pop('model_type')
        self.encoder = AutoConfig.for_model(encoder_model_type, **encoder_config)
        self.decoder = AutoConfig.for_model(decoder_model_type, **decoder_config)
        self.is_encoder_decoder = True

    @classmethod
    def from_encoder_decoder_configs(cls, encoder_config, decoder_config, **kwargs):
        decoder_config.is_decoder = True
        decoder_config.add_cross_attention = True
        return cls(encoder=encoder_config.to_dict(), decoder=decoder_config.to_dict(), **kwargs)

class SpeechEncoderDecoderModel(PreTrainedModel, GenerationMixin):
    base_model_prefix = 'speech_encoder_decoder'
    main_input_name = 'inputs'
    supports_gradient_checkpointing = True

    def __init__(self, config=None, encoder=None, decoder=None):
        if config is None and (encoder is None or decoder is None):
            raise ValueError('Either a configuration or an encoder and a decoder has to be provided.')
        if config is None:
            config = SpeechEncoderDecoderConfig.from_encoder_decoder_configs(encoder.config, decoder.config)
        elif not isinstance(config, self.config_class):
            raise ValueError(f'Config: {config} has to be of type {self.config_class}')
        if config.decoder.cross_attention_hidden_size is not None:
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
        if self.encoder.config.to_dict() != self.config.encoder.to_dict():
            pass
        if self.decoder.config.to_dict() != self.config.decoder.to_dict():
            pass
        self.config.encoder._attn_implementation = self.encoder.config._attn_implementation
        self.config.decoder._attn_implementation = self.decoder.config._attn_implementation
        self.encoder.config = self.config.encoder
        self.decoder.config = self.config.decoder
        self.encoder_output_dim = getattr(config.encoder, 'output_hidden_size', config.encoder.hidden_size)
        if self.encoder_output_dim != self.decoder.config.hidden_size and self.decoder.config.cross_attention_hidden_size is None:
            self.enc_to_dec_proj = nn.Linear(self.encoder.config.hidden_size, self.decoder.config.hidden_size)
        if self.encoder.get_output_embeddings() is not None:
            raise ValueError(f'The encoder {self.encoder} should not have a LM Head. Please use a model without LM Head')

    def get_encoder(self):
        return self.encoder

    def get_input_embeddings(self):
        return self.decoder.get_input_embeddings()

    def get_output_embeddings(self):
        return self.decoder.get_output_embeddings()
