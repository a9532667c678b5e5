"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): deepseek_vl_hybrid. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn

class DeepseekVLHybridConfig(PretrainedConfig):
    model_type = 'deepseek_vl_hybrid'
    sub_configs = {'text_config': AutoConfig, 'vision_config': AutoConfig, 'high_res_vision_config': AutoConfig}

    def __init__(self, text_config=None, vision_config=None, high_res_vision_config=None, image_token_id=100015, **kwargs):
        super().__init__(**kwargs)
        if text_config is None:
            text_config = {}
        if vision_config is None:
            vision_config = {}
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'llama')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        if isinstance(vision_config, dict):
            vision_config['model_type'] = vision_config.get('model_type', 'siglip_vision_model')
            vision_config = CONFIG_MAPPING[vision_config['model_type']](**vision_config)
        self.text_config = text_config
        self.vision_config = vision_config
        self.image_token_id = image_token_id
        if high_res_vision_config is None:
            high_res_vision_config = {}
        if isinstance(high_res_vision_config, dict):
            high_res_vision_config['model_type'] = high_res_vision_config.get('model_type', 'sam_vision_model')
            high_res_vision_config = CONFIG_MAPPING[high_res_vision_config['model_type']](**high_res_vision_config)
        self.high_res_vision_config = high_res_vision_config

class DeepseekVLHybridLayerNorm(nn.LayerNorm):

    def __init__(self, normalized_shape, *, eps=1e-06, data_format='channels_last', **kwargs):
        super().__init__(normalized_shape, eps=eps, **kwargs)
        if data_format not in ['channels_last', 'channels_first']:
            raise NotImplementedError(f'Unsupported data format: {data_format}')
        self.data_format = data_format

class DeepseekVLSamVisionNeck(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.conv1 = nn.Conv2d(config.hidden_size, config.output_channels, kernel_size=1, bias=False)
        self.layer_norm1 = DeepseekVLHybridLayerNorm(config.output_channels, data_format='channels_first')
        self.conv2 = nn.Conv2d(config.output_channels, config.output_channels, kernel_size=3, padding=1, bias=False)
        self.layer_norm2 = DeepseekVLHybridLayerNorm(config.output_channels, data_format='channels_first')

class DeepseekVLSamVisionProj(nn.Module):

    def __init__(self, config, output_size=24):
        super().__init__()
        self.config = config
        self.output_size = output_size
        self.conv1 = nn.Conv2d(config.output_channels, config.output_channels * 2, kernel_size=3, stride=2, padding=1, bias=False)
        self.conv2 = nn.Conv2d(config.output_channels * 2, config.output_channels * 4, kernel_size=3, stride=2, padding=1, bias=False)

class DeepseekVLHybridAligner(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.vision_config.hidden_size
        high_res_in_channels = config.high_res_vision_config.output_channels * 4
        out_channels = config.text_config.hidden_size
        self.vision_proj = nn.Linear(in_channels, out_channels // 2)
        self.high_res_vision_proj = nn.Linear(high_res_in_channels, out_channels // 2)
        self.act = nn.GELU()
        self.proj = nn.Linear(out_channels, out_channels)

class DeepseekVLHybridPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _no_split_modules = ['LlamaDecoderLayer']
    _can_compile_fullgraph = True

class DeepseekVLHybridModel(DeepseekVLHybridPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.output_size = config.vision_config.image_size // config.vision_config.patch_size
        self.global_attn_index = config.high_res_vision_config.global_attn_indexes[0]
        self.high_res_vision_model = AutoModel.from_config(config.high_res_vision_config)
        self.high_res_vision_neck = DeepseekVLSamVisionNeck(config.high_res_vision_config)
        self.high_res_vision_proj = DeepseekVLSamVisionProj(config.high_res_vision_config, output_size=self.output_size)
        self.high_res_vision_alpha = nn.Parameter(torch.zeros(1))
        self.config = config
        self.vision_model = AutoModel.from_config(config.vision_config)
        self.aligner = DeepseekVLHybridAligner(config)
        self.language_model = AutoModel.from_config(config=config.text_config)
        self.gradient_checkpointing = False
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

class DeepseekVLHybridForConditionalGeneration(DeepseekVLHybridPreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['model.language_model.embed_tokens.weight', 'lm_head.weight']
    _can_compile_fullgraph = True

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.model = DeepseekVLHybridModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.language_model.get_input_embeddings()
