"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): gemma4_assistant. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn
from typing import Any

@strict
class Gemma4AssistantConfig(PreTrainedConfig):
    model_type = 'gemma4_assistant'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='gemma4_text')}
    text_config: PreTrainedConfig | dict[str, Any] | None = None
    backbone_hidden_size: int = 1536
    use_ordered_embeddings: bool = False
    num_centroids: int = 2048
    centroid_intermediate_top_k: int = 32
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if self.text_config is not None and (not self.text_config.num_kv_shared_layers):
            self.text_config.num_kv_shared_layers = self.text_config.num_hidden_layers

    def validate_architecture(self):
        text_config = self.text_config
        if text_config is not None:
            if text_config.hidden_size_per_layer_input != 0:
                raise ValueError(f'hidden_size_per_layer_input must be 0, got {text_config.hidden_size_per_layer_input}')
            if text_config.enable_moe_block is not False:
                raise ValueError(f'enable_moe_block must be False, got {text_config.enable_moe_block}')
            if text_config.use_double_wide_mlp is not False:
                raise ValueError(f'use_double_wide_mlp must be False, got {text_config.use_double_wide_mlp}')
            if text_config.vocab_size_per_layer_input != 0:
                raise ValueError(f'vocab_size_per_layer_input must be 0, got {text_config.vocab_size_per_layer_input}')
            if text_config.num_kv_shared_layers != text_config.num_hidden_layers:
                raise ValueError(f'All layers in a Gemma 4 Assistant models must be shared. Expected {text_config.num_hidden_layers}. Got {text_config.num_kv_shared_layers}')
        return super().validate_architecture()

class Gemma4AssistantMaskedEmbedder(nn.Module):

    def __init__(self, config):
        super().__init__()
        text_config = config.get_text_config()
        self.config = config
        self.centroid_intermediate_top_k = self.config.centroid_intermediate_top_k
        self.hidden_size = text_config.hidden_size
        self.num_centroids = self.config.num_centroids
        self.vocab_size = text_config.vocab_size
        self.vocab_size_per_centroid = self.vocab_size // self.num_centroids
        self.centroids = nn.Linear(self.hidden_size, self.num_centroids, bias=False)
        self.token_ordering = nn.Buffer(torch.empty(self.vocab_size, dtype=torch.long))

class Gemma4AssistantPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Gemma4AssistantForCausalLM(Gemma4AssistantPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        text_config = config.get_text_config()
        self.vocab_size = text_config.vocab_size
        self.hidden_size = text_config.hidden_size
        self.backbone_hidden_size = config.backbone_hidden_size
        self.model = AutoModel.from_config(text_config)
        self.lm_head = nn.Linear(self.hidden_size, self.vocab_size, bias=False)
        self.pre_projection = nn.Linear(2 * self.backbone_hidden_size, self.hidden_size, bias=False)
        self.post_projection = nn.Linear(self.hidden_size, self.backbone_hidden_size, bias=False)
        self.masked_embedding = Gemma4AssistantMaskedEmbedder(config) if self.config.use_ordered_embeddings else None
        self.post_init()
