"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): lighton_ocr. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class LightOnOcrConfig(PreTrainedConfig):
    model_type = 'lighton_ocr'
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='pixtral', init_kwargs={'attention_dropout': 0.0, 'head_dim': 64, 'hidden_act': 'silu', 'hidden_size': 1024, 'image_size': 1540, 'initializer_range': 0.02, 'intermediate_size': 4096, 'model_type': 'pixtral', 'num_attention_heads': 16, 'num_channels': 3, 'num_hidden_layers': 24, 'patch_size': 14, 'rope_parameters': {'rope_type': 'default', 'rope_theta': 10000}}), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='qwen3', init_kwargs={'attention_dropout': 0.0, 'head_dim': 128, 'hidden_act': 'silu', 'hidden_size': 1024, 'initializer_range': 0.02, 'intermediate_size': 3072, 'max_position_embeddings': 40960, 'num_attention_heads': 16, 'num_hidden_layers': 28, 'num_key_value_heads': 8, 'rms_norm_eps': 1e-06, 'rope_theta': 1000000, 'sliding_window': None, 'use_cache': True, 'vocab_size': 151936})}
    spatial_merge_size: int = 2
    image_token_id: int = 151655
    tie_word_embeddings: bool = True
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None

class LightOnOcrRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class LightOnOcrPatchMerger(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        hidden_size = config.vision_config.hidden_size
        self.spatial_merge_size = config.spatial_merge_size
        self.patch_size = self.config.vision_config.patch_size
        self.merging_layer = nn.Linear(hidden_size * self.spatial_merge_size ** 2, hidden_size, bias=False)

class LightOnOcrMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.norm = LightOnOcrRMSNorm(config.vision_config.hidden_size, eps=config.text_config.rms_norm_eps)
        self.patch_merger = LightOnOcrPatchMerger(config)
        self.linear_1 = nn.Linear(config.vision_config.hidden_size, config.text_config.hidden_size, bias=False)
        self.act = nn.GELU()
        self.linear_2 = nn.Linear(config.text_config.hidden_size, config.text_config.hidden_size, bias=False)

class LightOnOcrPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class LightOnOcrModel(LightOnOcrPreTrainedModel):
    base_model_prefix = ''

    def __init__(self, config):
        super().__init__(config)
        self.vision_encoder = AutoModel.from_config(config.vision_config)
        self.vision_projection = LightOnOcrMultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

class LightOnOcrForConditionalGeneration(LightOnOcrPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = LightOnOcrModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
