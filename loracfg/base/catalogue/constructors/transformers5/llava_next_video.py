"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): llava_next_video. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn
from typing import Literal
import math

@strict
class LlavaNextVideoConfig(PreTrainedConfig):
    model_type = 'llava_next_video'
    attribute_map = {'image_token_id': 'image_token_index', 'video_token_id': 'video_token_index'}
    sub_configs_defaults = {'vision_config': SubConfigSpec(config_class=AutoConfig, model_type='clip_vision_model', init_kwargs={'intermediate_size': 4096, 'hidden_size': 1024, 'patch_size': 14, 'image_size': 336, 'num_hidden_layers': 24, 'num_attention_heads': 16, 'vocab_size': 32000, 'projection_dim': 768}), 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='llama')}
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    image_token_index: int = 32001
    video_token_index: int = 32000
    projector_hidden_act: str = 'gelu'
    vision_feature_select_strategy: Literal['default', 'full'] = 'default'
    vision_feature_layer: int | list[int] = -2
    multimodal_projector_bias: bool = True
    tie_word_embeddings: bool = False
    image_grid_pinpoints: list | None = None
    spatial_pool_mode: str = 'average'
    spatial_pool_stride: int = 2
    image_seq_length: int = 576
    video_seq_length: int = 288

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        self.image_grid_pinpoints = self.image_grid_pinpoints if self.image_grid_pinpoints is not None else [[336, 672], [672, 336], [672, 672], [1008, 336], [336, 1008]]
        if not self.tie_word_embeddings and self.text_config.tie_word_embeddings:
            self.tie_word_embeddings = self.text_config.tie_word_embeddings

class LlavaNextVideoPooler(nn.Module):

    def __init__(self, config):
        super().__init__()
        mode = config.spatial_pool_mode
        stride = config.spatial_pool_stride
        out_channels = getattr(config, 'spatial_pool_out_channels', config.vision_config.hidden_size)
        self.image_size = (config.vision_config.image_size // config.vision_config.patch_size) ** 2
        if mode == 'average':
            self.pool = nn.AvgPool2d(kernel_size=stride, stride=stride)
        elif mode == 'max':
            self.pool = nn.MaxPool2d(kernel_size=stride, stride=stride)
        elif mode == 'conv':
            self.pool = nn.Conv2d(in_channels=config.vision_config.hidden_size, out_channels=out_channels, kernel_size=stride, stride=stride)
        else:
            raise ValueError(f'Unknown pooling mode: {mode}. Has to be one of [`average`, `max`, `conv`]')

class LlavaNextVideoMultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        num_feature_layers = 1 if isinstance(config.vision_feature_layer, int) else len(config.vision_feature_layer)
        self.linear_1 = nn.Linear(config.vision_config.hidden_size * num_feature_layers, config.text_config.hidden_size, bias=config.multimodal_projector_bias)
        self.act = ACT2FN[config.projector_hidden_act]
        self.linear_2 = nn.Linear(config.text_config.hidden_size, config.text_config.hidden_size, bias=config.multimodal_projector_bias)

class LlavaNextVideoPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class LlavaNextVideoModel(LlavaNextVideoPreTrainedModel):
    base_model_prefix = 'model'

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = LlavaNextVideoMultiModalProjector(config)
        embed_std = 1 / math.sqrt(config.text_config.hidden_size)
        self.image_newline = nn.Parameter(torch.randn(config.text_config.hidden_size, dtype=self.dtype) * embed_std)
        self.vocab_size = config.text_config.vocab_size
        self.language_model = AutoModel.from_config(config.text_config)
        self.vision_resampler = LlavaNextVideoPooler(config)
        self.post_init()

class LlavaNextVideoForConditionalGeneration(LlavaNextVideoPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlavaNextVideoModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
