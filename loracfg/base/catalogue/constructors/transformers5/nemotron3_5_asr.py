"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): nemotron3_5_asr. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class Nemotron3_5AsrConfig(PreTrainedConfig):
    model_type = 'nemotron3_5_asr'
    sub_configs_defaults = {'encoder_config': SubConfigSpec(config_class=AutoConfig, model_type='nemotron_asr_streaming_encoder')}
    vocab_size: int = 13088
    decoder_hidden_size: int = 640
    num_decoder_layers: int = 2
    hidden_act: str = 'relu'
    max_symbols_per_step: int = 10
    encoder_config: dict | PreTrainedConfig | None = None
    pad_token_id: int = 0
    blank_token_id: int = 13087
    is_encoder_decoder: bool = True
    num_prompts: int = 128
    prompt_intermediate_size: int = 2048
    default_prompt_id: int = 101

class Nemotron3_5AsrPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'input_features'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Nemotron3_5AsrPromptProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear_1 = nn.Linear(config.encoder_config.hidden_size + config.num_prompts, config.prompt_intermediate_size)
        self.act = nn.ReLU()
        self.linear_2 = nn.Linear(config.prompt_intermediate_size, config.encoder_config.hidden_size)

class Nemotron3_5AsrRNNTDecoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.blank_token_id = config.blank_token_id
        self.embedding = nn.Embedding(config.vocab_size, config.decoder_hidden_size)
        self.lstm = nn.LSTM(input_size=config.decoder_hidden_size, hidden_size=config.decoder_hidden_size, num_layers=config.num_decoder_layers, batch_first=True)
        self.decoder_projector = nn.Linear(config.decoder_hidden_size, config.decoder_hidden_size)

class Nemotron3_5AsrRNNTJointNetwork(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.activation = ACT2FN[config.hidden_act]
        self.head = nn.Linear(config.decoder_hidden_size, config.vocab_size)
        self.vocab_size = config.vocab_size

class Nemotron3_5AsrForRNNT(Nemotron3_5AsrPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.encoder = AutoModel.from_config(config.encoder_config)
        self.encoder_projector = nn.Linear(config.encoder_config.hidden_size, config.decoder_hidden_size)
        self.decoder = Nemotron3_5AsrRNNTDecoder(config)
        self.joint = Nemotron3_5AsrRNNTJointNetwork(config)
        self.max_symbols_per_step = config.max_symbols_per_step
        self.prompt_projector = Nemotron3_5AsrPromptProjector(config)
        self.post_init()
