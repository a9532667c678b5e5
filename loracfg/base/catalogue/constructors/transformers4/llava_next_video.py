"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): llava_next_video. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn
import math

class LlavaNextVideoConfig(PretrainedConfig):
    model_type = 'llava_next_video'
    attribute_map = {'image_token_id': 'image_token_index', 'video_token_id': 'video_token_index'}
    sub_configs = {'text_config': AutoConfig, 'vision_config': AutoConfig}

    def __init__(self, vision_config=None, text_config=None, image_token_index=32001, projector_hidden_act='gelu', multimodal_projector_bias=True, vision_feature_select_strategy='default', vision_feature_layer=-2, image_grid_pinpoints=None, tie_word_embeddings=False, video_token_index=32000, spatial_pool_mode='average', spatial_pool_stride=2, image_seq_length=576, video_seq_length=288, **kwargs):
        self.video_token_index = video_token_index
        self.spatial_pool_mode = spatial_pool_mode
        self.spatial_pool_stride = spatial_pool_stride
        self.image_seq_length = image_seq_length
        self.video_seq_length = video_seq_length
        self.image_token_index = image_token_index
        self.projector_hidden_act = projector_hidden_act
        self.multimodal_projector_bias = multimodal_projector_bias
        if vision_feature_select_strategy not in ['default', 'full']:
            raise ValueError(f"vision_feature_select_strategy should be one of 'default', 'full'.Got: {vision_feature_select_strategy}")
        self.vision_feature_select_strategy = vision_feature_select_strategy
        self.vision_feature_layer = vision_feature_layer
        image_grid_pinpoints = image_grid_pinpoints if image_grid_pinpoints is not None else [[336, 672], [672, 336], [672, 672], [1008, 336], [336, 1008]]
        self.image_grid_pinpoints = image_grid_pinpoints
        if isinstance(vision_config, dict):
            vision_config['model_type'] = vision_config.get('model_type', 'clip_vision_model')
            vision_config = CONFIG_MAPPING[vision_config['model_type']](**vision_config)
        elif vision_config is None:
            vision_config = CONFIG_MAPPING['clip_vision_model'](intermediate_size=4096, hidden_size=1024, patch_size=14, image_size=336, num_hidden_layers=24, num_attention_heads=16, vocab_size=32000, projection_dim=768)
        self.vision_config = vision_config
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'llama')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        elif text_config is None:
            text_config = CONFIG_MAPPING['llama']()
        self.text_config = text_config
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)

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
    base_model_prefix = ''
    supports_gradient_checkpointing = True
    _no_split_modules = ['LlamaDecoderLayer']
    _can_compile_fullgraph = True

class LlavaNextVideoModel(LlavaNextVideoPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = AutoModel.from_config(config.vision_config)
        self.multi_modal_projector = LlavaNextVideoMultiModalProjector(config)
        embed_std = 1 / math.sqrt(config.text_config.hidden_size)
        self.image_newline = nn.Parameter(torch.randn(config.text_config.hidden_size, dtype=self.dtype) * embed_std)
        self.vocab_size = config.text_config.vocab_size
        self.language_model = AutoModel.from_config(config.text_config)
        self.pad_token_id = self.config.pad_token_id if self.config.pad_token_id is not None else -1
        self.vision_resampler = LlavaNextVideoPooler(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

    def get_decoder(self):
        return self.language_model

class LlavaNextVideoForConditionalGeneration(LlavaNextVideoPreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['lm_head.weight']

    def __init__(self, config):
        super().__init__(config)
        self.model = LlavaNextVideoModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.get_input_embeddings()

    def get_output_embeddings(self):
        return self.lm_head

    def get_decoder(self):
        return self.model.get_decoder()

    @property
    def language_model(self):
        return self.model.language_model

    @property
    def vision_tower(self):
        return self.model.vision_tower

    @property
    def multi_modal_projector(self):
        return self.model.multi_modal_projector
