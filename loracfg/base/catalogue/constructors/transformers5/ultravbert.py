"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): ultravbert. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from typing import Literal

@strict
class UltraVBertConfig(PreTrainedConfig):
    model_type = 'ultravbert'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='ultrabert'), 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='siglip_vision_model', init_kwargs={'vision_use_head': False})}
    text_config: PreTrainedConfig | dict | None = None
    vision_config: PreTrainedConfig | dict | None = None
    image_token_id: int = 49191
    pixel_shuffle_factor: int = 4
    initializer_range: float = 0.02
    initializer_cutoff_factor: float = 2.0
    classifier_pooling: Literal['cls', 'mean'] = 'cls'
    classifier_dropout: float | int = 0.0
    tie_word_embeddings: bool = False

class UltraVBertRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class UltraVBertConnector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.pixel_shuffle_factor = config.pixel_shuffle_factor
        self.modality_projection = nn.Linear(config.vision_config.hidden_size * config.pixel_shuffle_factor ** 2, config.text_config.hidden_size, bias=False)
        self.norm = UltraVBertRMSNorm(config.text_config.hidden_size, eps=config.text_config.rms_norm_eps)

    def pixel_shuffle(self, image_hidden_states, pixel_shuffle_factor):
        batch_size, seq_length, embed_dim = image_hidden_states.size()
        height = width = int(seq_length ** 0.5)
        image_hidden_states = image_hidden_states.view(batch_size, height, width, embed_dim)
        image_hidden_states = image_hidden_states.view(batch_size, height, int(width / pixel_shuffle_factor), embed_dim * pixel_shuffle_factor)
        image_hidden_states = image_hidden_states.permute(0, 2, 1, 3)
        image_hidden_states = image_hidden_states.reshape(batch_size, int(width / pixel_shuffle_factor), int(height / pixel_shuffle_factor), embed_dim * pixel_shuffle_factor ** 2)
        image_hidden_states = image_hidden_states.permute(0, 2, 1, 3)
        return image_hidden_states.reshape(batch_size, int(seq_length / pixel_shuffle_factor ** 2), embed_dim * pixel_shuffle_factor ** 2)

class UltraVBertPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _keys_to_ignore_on_load_unexpected = ['vision_model\\.head\\.']

class UltraVBertModel(UltraVBertPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = self.config.text_config.pad_token_id
        self.vocab_size = self.config.text_config.vocab_size
        self.vision_model = AutoModel.from_config(config.vision_config)
        self.connector = UltraVBertConnector(config)
        self.text_model = AutoModel.from_config(config.text_config)
        self.image_seq_len = int((config.vision_config.image_size // config.vision_config.patch_size) ** 2 / config.pixel_shuffle_factor ** 2)
        self.image_token_id = self.config.image_token_id
        self.post_init()

    def get_input_embeddings(self):
        return self.text_model.get_input_embeddings()

class UltraVBertPredictionHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.linear1 = nn.Linear(config.hidden_size, config.prediction_head_size, bias=False)
        self.linear2 = nn.Linear(config.prediction_head_size, config.hidden_size, bias=False)
        self.act_fn = ACT2FN['gelu_pytorch_tanh']

class UltraVBertForMaskedLM(UltraVBertPreTrainedModel):
    _tied_weights_keys = {'lm_head.weight': 'model.text_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.vocab_size = config.text_config.vocab_size
        self.model = UltraVBertModel(config)
        self.projection_head = UltraVBertPredictionHead(config.text_config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, self.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

class UltraVBertForSequenceClassification(UltraVBertPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.config = config
        self.model = UltraVBertModel(config)
        self.head = nn.Identity()
        self.drop = nn.Dropout(config.classifier_dropout)
        self.classifier = nn.Linear(config.text_config.hidden_size, config.num_labels)
        self.post_init()

class UltraVBertForTokenClassification(UltraVBertPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.model = UltraVBertModel(config)
        self.head = nn.Identity()
        self.drop = nn.Dropout(config.classifier_dropout)
        self.classifier = nn.Linear(config.text_config.hidden_size, config.num_labels)
        self.post_init()
