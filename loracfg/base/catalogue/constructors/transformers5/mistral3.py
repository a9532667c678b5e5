"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): mistral3. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class Mistral3Config(PreTrainedConfig):
    model_type = 'mistral3'
    attribute_map = {'image_token_id': 'image_token_index'}
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='mistral', init_kwargs={'attention_dropout': 0.0, 'head_dim': 128, 'hidden_act': 'silu', 'hidden_size': 5120, 'initializer_range': 0.02, 'intermediate_size': 32768, 'max_position_embeddings': 131072, 'model_type': 'mistral', 'num_attention_heads': 32, 'num_hidden_layers': 40, 'num_key_value_heads': 8, 'rms_norm_eps': 1e-05, 'rope_theta': 1000000000.0, 'sliding_window': None, 'use_cache': True, 'vocab_size': 131072}), 'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='pixtral', init_kwargs={'intermediate_size': 4096, 'hidden_size': 1024, 'patch_size': 14, 'image_size': 1540, 'num_hidden_layers': 24, 'num_attention_heads': 16, 'vocab_size': 32000, 'head_dim': 64, 'hidden_act': 'gelu'})}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    image_token_index: int = 10
    projector_hidden_act: str = 'gelu'
    vision_feature_layer: int | list[int] = -1
    multimodal_projector_bias: bool = False
    spatial_merge_size: int = 2
    tie_word_embeddings: bool = True

class Mistral3RMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class Mistral3PatchMerger(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        hidden_size = config.vision_config.hidden_size
        self.spatial_merge_size = config.spatial_merge_size
        self.patch_size = self.config.vision_config.patch_size
        self.merging_layer = nn.Linear(hidden_size * self.spatial_merge_size ** 2, hidden_size, bias=False)

class Mistral3MultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.norm = Mistral3RMSNorm(config.vision_config.hidden_size, eps=config.text_config.rms_norm_eps)
        self.patch_merger = Mistral3PatchMerger(config)
        self.num_feature_layers = 1 if isinstance(config.vision_feature_layer, int) else len(config.vision_feature_layer)
        self.linear_1 = nn.Linear(config.vision_config.hidden_size * self.num_feature_layers, config.text_config.hidden_size, bias=config.multimodal_projector_bias)
        self.act = ACT2FN[config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.text_config.hidden_size, config.text_config.hidden_size, bias=config.multimodal_projector_bias)

class Mistral3PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Mistral3Model(Mistral3PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = Mistral3MultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

class Mistral3ForConditionalGeneration(Mistral3PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Mistral3Model(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
