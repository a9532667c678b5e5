"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): modernvbert. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn
from typing import Literal

@strict
class ModernVBertConfig(PreTrainedConfig):
    model_type = 'modernvbert'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='modernbert'), 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='siglip_vision_model')}
    text_config: PreTrainedConfig | dict | None = None
    vision_config: PreTrainedConfig | dict | None = None
    image_token_id: int = 50407
    pixel_shuffle_factor: int = 4
    initializer_range: float = 0.02
    initializer_cutoff_factor: float = 2.0
    classifier_pooling: Literal['cls', 'mean'] = 'cls'
    classifier_dropout: float | int = 0.0
    classifier_bias: bool = False
    tie_word_embeddings: bool = False

class ModernVBertConnector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.pixel_shuffle_factor = config.pixel_shuffle_factor
        self.modality_projection = nn.Linear(config.vision_config.hidden_size * config.pixel_shuffle_factor ** 2, config.text_config.hidden_size, bias=False)

    def pixel_shuffle(self, image_hidden_states, pixel_shuffle_factor):
        batch_size, seq_length, embed_dim = image_hidden_states.size()
        height = width = int(seq_length ** 0.5)
        image_hidden_states = image_hidden_states.view(batch_size, height, width, embed_dim)
        image_hidden_states = image_hidden_states.view(batch_size, height, int(width / pixel_shuffle_factor), embed_dim * pixel_shuffle_factor)
        image_hidden_states = image_hidden_states.permute(0, 2, 1, 3)
        image_hidden_states = image_hidden_states.reshape(batch_size, int(width / pixel_shuffle_factor), int(height / pixel_shuffle_factor), embed_dim * pixel_shuffle_factor ** 2)
        image_hidden_states = image_hidden_states.permute(0, 2, 1, 3)
        return image_hidden_states.reshape(batch_size, int(seq_length / pixel_shuffle_factor ** 2), embed_dim * pixel_shuffle_factor ** 2)

class ModernVBertPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True

class ModernVBertModel(ModernVBertPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = self.config.text_config.pad_token_id
        self.vocab_size = self.config.text_config.vocab_size
        self.vision_model = AutoModel.from_config(config.vision_config)
        self.connector = ModernVBertConnector(config)
        self.text_model = AutoModel.from_config(config.text_config)
        self.image_seq_len = int((config.vision_config.image_size // config.vision_config.patch_size) ** 2 / config.pixel_shuffle_factor ** 2)
        self.image_token_id = self.config.image_token_id
        self.post_init()

    def get_input_embeddings(self):
        return self.text_model.get_input_embeddings()

class ModernVBertPredictionHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.dense = nn.Linear(config.hidden_size, config.hidden_size, config.classifier_bias)
        self.act = ACT2FN[config.classifier_activation]
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.norm_eps, bias=config.norm_bias)

class ModernVBertForMaskedLM(ModernVBertPreTrainedModel):
    _tied_weights_keys = {'lm_head.weight': 'model.text_model.embeddings.tok_embeddings.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.vocab_size = config.text_config.vocab_size
        self.model = ModernVBertModel(config)
        self.projection_head = ModernVBertPredictionHead(config.text_config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, self.vocab_size, bias=config.text_config.decoder_bias)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

class ModernVBertForSequenceClassification(ModernVBertPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.config = config
        self.model = ModernVBertModel(config)
        self.head = ModernVBertPredictionHead(config.text_config)
        self.drop = nn.Dropout(config.classifier_dropout)
        self.classifier = nn.Linear(config.text_config.hidden_size, config.num_labels)
        self.post_init()

class ModernVBertForTokenClassification(ModernVBertPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.model = ModernVBertModel(config)
        self.head = ModernVBertPredictionHead(config.text_config)
        self.drop = nn.Dropout(config.classifier_dropout)
        self.classifier = nn.Linear(config.text_config.hidden_size, config.num_labels)
        self.post_init()
