"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): flava. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from collections import OrderedDict
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
from typing import Any
import collections

@strict
class FlavaImageConfig(PreTrainedConfig):
    model_type = 'flava_image_model'
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = 'gelu'
    hidden_dropout_prob: float | int = 0.0
    attention_probs_dropout_prob: float | int = 0.0
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-12
    image_size: int | list[int] | tuple[int, int] = 224
    patch_size: int | list[int] | tuple[int, int] = 16
    num_channels: int = 3
    qkv_bias: bool = True
    mask_token: bool = True
    vocab_size: int = 8192

@strict
class FlavaTextConfig(PreTrainedConfig):
    model_type = 'flava_text_model'
    vocab_size: int = 30522
    type_vocab_size: int = 2
    max_position_embeddings: int = 512
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = 'gelu'
    hidden_dropout_prob: float | int = 0.0
    attention_probs_dropout_prob: float | int = 0.0
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-12
    pad_token_id: int | None = 0
    qkv_bias: bool = True

@strict
class FlavaMultimodalConfig(PreTrainedConfig):
    model_type = 'flava_multimodal_model'
    hidden_size: int = 768
    num_hidden_layers: int = 6
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = 'gelu'
    hidden_dropout_prob: float | int = 0.0
    attention_probs_dropout_prob: float | int = 0.0
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-12
    qkv_bias: bool = True
    use_cls_token: bool = True

@strict
class FlavaImageCodebookConfig(PreTrainedConfig):
    model_type = 'flava_image_codebook'
    num_groups: int = 4
    input_channels: int = 3
    num_blocks_per_group: int = 2
    hidden_size: int = 256
    vocab_size: int = 8192
    freeze: bool = True
    initializer_range: float = 0.02

@strict
class FlavaConfig(PreTrainedConfig):
    model_type = 'flava'
    sub_configs_defaults = {'text_config': FlavaTextConfig, 'image_config': FlavaImageConfig, 'multimodal_config': FlavaMultimodalConfig, 'image_codebook_config': FlavaImageCodebookConfig}
    image_config: dict[str, Any] | PreTrainedConfig | None = None
    text_config: dict[str, Any] | PreTrainedConfig | None = None
    multimodal_config: dict[str, Any] | PreTrainedConfig | None = None
    image_codebook_config: dict[str, Any] | PreTrainedConfig | None = None
    hidden_size: int = 768
    layer_norm_eps: float = 1e-12
    projection_dim: int = 768
    init_codebook: bool = True
    logit_scale_init_value: float = 2.6592
    initializer_range: float = 0.02
    ce_ignore_index: int = -100
    mim_weight: float = 1.0
    mlm_weight: float = 1.0
    global_contrastive_weight: float = 1.0
    itm_weight: float = 1.0
    mmm_image_weight: float = 1.0
    mmm_text_weight: float = 1.0
    global_backprop_contrastive: bool = True
    skip_unmasked_multimodal_encoder: bool = True
    return_loss: bool = True
    tie_word_embeddings: bool = True
    initializer_factor: float = 1.0

    def __post_init__(self, **kwargs):
        if (text_config_dict := kwargs.pop('text_config_dict', None)) is not None:
            _text_config_dict = FlavaTextConfig(**text_config_dict).to_dict()
            text_config = self.text_config.to_dict() if isinstance(self.text_config, PreTrainedConfig) else self.text_config
            text_config = text_config or {}
            for key, value in _text_config_dict.items():
                if key in text_config and value != text_config[key] and (key != 'transformers_version'):
                    if key in text_config_dict:
                        message = f'`{key}` is found in both `text_config_dict` and `text_config` but with different values. The value `text_config_dict["{key}"]` will be used instead.'
                    else:
                        message = f'`text_config_dict` is provided which will be used to initialize `FlavaTextConfig`. The value `text_config["{key}"]` will be overridden.'
            text_config.update(_text_config_dict)
            self.text_config = text_config
        if (image_config_dict := kwargs.pop('image_config_dict', None)) is not None:
            _image_config_dict = FlavaImageConfig(**image_config_dict).to_dict()
            if 'id2label' in _image_config_dict:
                _image_config_dict['id2label'] = {str(key): value for key, value in _image_config_dict['id2label'].items()}
            image_config = self.image_config.to_dict() if isinstance(self.image_config, PreTrainedConfig) else self.image_config
            image_config = image_config or {}
            for key, value in _image_config_dict.items():
                if key in image_config and value != image_config[key] and (key != 'transformers_version'):
                    if key in image_config_dict:
                        message = f'`{key}` is found in both `image_config_dict` and `image_config` but with different values. The value `image_config_dict["{key}"]` will be used instead.'
                    else:
                        message = f'`image_config_dict` is provided which will be used to initialize `FlavaImageConfig`. The value `image_config["{key}"]` will be overridden.'
            image_config.update(_image_config_dict)
            self.image_config = image_config
        if (multimodal_config_dict := kwargs.pop('multimodal_config_dict', None)) is not None:
            _multimodal_config_dict = FlavaMultimodalConfig(**multimodal_config_dict).to_dict()
            multimodal_config = self.multimodal_config.to_dict() if isinstance(self.multimodal_config, PreTrainedConfig) else self.multimodal_config
            multimodal_config = multimodal_config or {}
            for key, value in _multimodal_config_dict.items():
                if key in multimodal_config and value != multimodal_config[key] and (key != 'transformers_version'):
                    if key in multimodal_config_dict:
                        message = f'`{key}` is found in both `multimodal_config_dict` and `multimodal_config` but with different values. The value `multimodal_config_dict["{key}"]` will be used instead.'
                    else:
                        message = f'`multimodal_config_dict` is provided which will be used to initialize `FlavaMultimodalConfig`. The value `multimodal_config["{key}"]` will be overridden.'
            multimodal_config.update(_multimodal_config_dict)
            self.multimodal_config = multimodal_config
        if (image_codebook_config_dict := kwargs.pop('image_codebook_config_dict', None)) is not None:
            _image_codebook_config_dict = FlavaImageCodebookConfig(**image_codebook_config_dict).to_dict()
            image_codebook_config = self.image_codebook_config.to_dict() if isinstance(self.image_codebook_config, PreTrainedConfig) else self.image_codebook_config
            image_codebook_config = image_codebook_config or {}
            for key, value in _image_codebook_config_dict.items():
                if key in image_codebook_config and value != image_codebook_config[key] and (key != 'transformers_version'):
                    if key in image_codebook_config_dict:
                        message = f'`{key}` is found in both `image_codebook_config_dict` and `image_codebook_config` but with different values. The value `image_codebook_config_dict["{key}"]` will be used instead.'
                    else:
                        message = f'`image_codebook_config_dict` is provided which will be used to initialize `FlavaImageCodebookConfig`. The value `image_codebook_config["{key}"]` will be overridden.'
            image_codebook_config.update(_image_codebook_config_dict)
            self.image_codebook_config = image_codebook_config
        super().__post_init__(**kwargs)

class FlavaImageEmbeddings(nn.Module):

    def __init__(self, config, use_mask_token=False):
        super().__init__()
        use_mask_token = use_mask_token or config.mask_token
        self.cls_token = nn.Parameter(torch.zeros(1, 1, config.hidden_size))
        self.mask_token = nn.Parameter(torch.zeros(1, 1, config.hidden_size)) if use_mask_token else None
        self.patch_embeddings = PatchEmbeddings(image_size=config.image_size, patch_size=config.patch_size, num_channels=config.num_channels, embed_dim=config.hidden_size)
        num_patches = self.patch_embeddings.num_patches
        self.position_embeddings = nn.Parameter(torch.zeros(1, num_patches + 1, config.hidden_size))
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.patch_size = config.patch_size
        self.config = config

class PatchEmbeddings(nn.Module):

    def __init__(self, image_size=224, patch_size=16, num_channels=3, embed_dim=768):
        super().__init__()
        if not isinstance(image_size, collections.abc.Iterable):
            image_size = (image_size, image_size)
        if not isinstance(patch_size, collections.abc.Iterable):
            patch_size = (patch_size, patch_size)
        num_patches = image_size[1] // patch_size[1] * (image_size[0] // patch_size[0])
        self.image_size = image_size
        self.patch_size = patch_size
        self.num_patches = num_patches
        self.projection = nn.Conv2d(num_channels, embed_dim, kernel_size=patch_size, stride=patch_size)

class FlavaTextEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.word_embeddings = nn.Embedding(config.vocab_size, config.hidden_size, padding_idx=config.pad_token_id)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.position_ids = nn.Buffer(torch.arange(config.max_position_embeddings).expand((1, -1)), persistent=False)
        self.token_type_ids = nn.Buffer(torch.zeros(self.position_ids.size(), dtype=torch.long), persistent=False)

class FlavaSelfAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        if config.hidden_size % config.num_attention_heads != 0 and (not hasattr(config, 'embedding_size')):
            raise ValueError(f'The hidden size {config.hidden_size} is not a multiple of the number of attention heads {config.num_attention_heads}.')
        self.num_attention_heads = config.num_attention_heads
        self.attention_head_size = int(config.hidden_size / config.num_attention_heads)
        self.all_head_size = self.num_attention_heads * self.attention_head_size
        self.query = nn.Linear(config.hidden_size, self.all_head_size, bias=config.qkv_bias)
        self.key = nn.Linear(config.hidden_size, self.all_head_size, bias=config.qkv_bias)
        self.value = nn.Linear(config.hidden_size, self.all_head_size, bias=config.qkv_bias)
        self.dropout = nn.Dropout(config.attention_probs_dropout_prob)

class FlavaSelfOutput(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

class FlavaAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.attention = FlavaSelfAttention(config)
        self.output = FlavaSelfOutput(config)

class FlavaIntermediate(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.intermediate_size)
        if isinstance(config.hidden_act, str):
            self.intermediate_act_fn = ACT2FN[config.hidden_act]
        else:
            self.intermediate_act_fn = config.hidden_act

class FlavaOutput(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.intermediate_size, config.hidden_size)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

class FlavaLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.chunk_size_feed_forward = config.chunk_size_feed_forward
        self.seq_len_dim = 1
        self.attention = FlavaAttention(config)
        self.intermediate = FlavaIntermediate(config)
        self.output = FlavaOutput(config)
        self.layernorm_before = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.layernorm_after = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

class FlavaEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.layer = nn.ModuleList([FlavaLayer(config) for _ in range(config.num_hidden_layers)])
        self.gradient_checkpointing = False

class FlavaPooler(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.activation = nn.Tanh()

class FlavaPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'flava'
    supports_gradient_checkpointing = True

class FlavaImageModel(FlavaPreTrainedModel):
    base_model_prefix = 'flava.image_model'
    main_input_name = 'pixel_values'

    def __init__(self, config, add_pooling_layer=True):
        super().__init__(config)
        self.config = config
        self.embeddings = FlavaImageEmbeddings(config)
        self.encoder = FlavaEncoder(config)
        self.layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.pooler = FlavaPooler(config) if add_pooling_layer else None
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings.patch_embeddings

class FlavaTextModel(FlavaPreTrainedModel):
    base_model_prefix = 'flava.text_model'

    def __init__(self, config, add_pooling_layer=True):
        super().__init__(config)
        self.config = config
        self.embeddings = FlavaTextEmbeddings(config)
        self.encoder = FlavaEncoder(config)
        self.layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.pooler = FlavaPooler(config) if add_pooling_layer else None
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings.word_embeddings

class FlavaMultimodalModel(FlavaPreTrainedModel):
    base_model_prefix = 'flava.multimodal_model'
    main_input_name = 'hidden_states'

    def __init__(self, config, add_pooling_layer=True):
        super().__init__(config)
        self.config = config
        self.use_cls_token = self.config.use_cls_token
        if self.use_cls_token:
            self.cls_token = nn.Parameter(torch.zeros(1, 1, config.hidden_size))
        self.encoder = FlavaEncoder(config)
        self.layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.pooler = FlavaPooler(config) if add_pooling_layer else None
        self.post_init()

class FlavaModel(FlavaPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        if not isinstance(config.text_config, FlavaTextConfig):
            raise TypeError(f'config.text_config is expected to be of type FlavaTextConfig but is of type {type(config.text_config)}.')
        if not isinstance(config.image_config, FlavaImageConfig):
            raise TypeError(f'config.image_config is expected to be of type FlavaImageConfig but is of type {type(config.image_config)}.')
        if not isinstance(config.multimodal_config, FlavaMultimodalConfig):
            raise TypeError('config.multimodal_config is expected to be of type FlavaMultimodalConfig but ' + f'is of type {type(config.multimodal_config)}.')
        text_config = config.text_config
        image_config = config.image_config
        multimodal_config = config.multimodal_config
        self.projection_dim = config.projection_dim
        self.text_hidden_size = text_config.hidden_size
        self.image_hidden_size = image_config.hidden_size
        self.mm_hidden_size = multimodal_config.hidden_size
        self.text_model = FlavaTextModel(text_config)
        self.image_model = FlavaImageModel(image_config)
        self.multimodal_model = FlavaMultimodalModel(multimodal_config)
        self.image_projection = nn.Linear(self.image_hidden_size, self.projection_dim)
        self.text_projection = nn.Linear(self.text_hidden_size, self.projection_dim)
        self.logit_scale = nn.Parameter(torch.tensor(self.config.logit_scale_init_value))
        self.image_to_mm_projection = nn.Linear(self.image_hidden_size, self.mm_hidden_size)
        self.text_to_mm_projection = nn.Linear(self.text_hidden_size, self.mm_hidden_size)
        self.post_init()

class FlavaImageCodebookResPath(nn.Module):

    def __init__(self, in_size, out_size, **kwargs):
        super().__init__()
        hid_size = out_size // 4
        path = OrderedDict()
        path['relu_1'] = nn.ReLU()
        path['conv_1'] = nn.Conv2d(in_size, hid_size, kernel_size=3, padding=1)
        path['relu_2'] = nn.ReLU()
        path['conv_2'] = nn.Conv2d(hid_size, hid_size, kernel_size=3, padding=1)
        path['relu_3'] = nn.ReLU()
        path['conv_3'] = nn.Conv2d(hid_size, hid_size, kernel_size=3, padding=1)
        path['relu_4'] = nn.ReLU()
        path['conv_4'] = nn.Conv2d(hid_size, out_size, kernel_size=1, padding=0)
        self.path = nn.Sequential(path)

class FlavaImageCodebookBlock(nn.Module):

    def __init__(self, in_size, out_size, num_layers, **kwargs):
        super().__init__()
        self.post_gain = 1 / num_layers ** 2
        if in_size != out_size:
            self.id_path = nn.Conv2d(in_size, out_size, kernel_size=1, padding=0)
        else:
            self.id_path = nn.Identity()
        self.res_path = FlavaImageCodebookResPath(in_size, out_size)

class FlavaImageCodebookLayerGroup(nn.Module):

    def __init__(self, num_blocks, num_layers, in_size, out_size, use_pool=True):
        super().__init__()
        blocks = OrderedDict()
        for i in range(num_blocks):
            if i == 0:
                blocks[f'block_{i + 1}'] = FlavaImageCodebookBlock(in_size, out_size, num_layers)
            else:
                blocks[f'block_{i + 1}'] = FlavaImageCodebookBlock(out_size, out_size, num_layers)
        if use_pool:
            blocks['pool'] = nn.MaxPool2d(kernel_size=2)
        self.group = nn.Sequential(blocks)

class FlavaImageCodebook(FlavaPreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'
    supports_gradient_checkpointing = False

    def __init__(self, config, **kwargs):
        super().__init__(config)
        self.config = config
        self.num_groups = config.num_groups
        self.input_channels = config.input_channels
        self.num_blocks_per_group = config.num_blocks_per_group
        self.hidden_size = config.hidden_size
        self.vocab_size = config.vocab_size
        num_layers = self.num_groups * self.num_blocks_per_group
        output_blocks = OrderedDict()
        output_blocks['relu'] = nn.ReLU()
        output_blocks['conv'] = nn.Conv2d(8 * self.hidden_size, self.vocab_size, kernel_size=1, padding=0)
        blocks = OrderedDict()
        blocks['input'] = nn.Conv2d(self.input_channels, 1 * self.hidden_size, kernel_size=7, padding=3)
        blocks['group_1'] = FlavaImageCodebookLayerGroup(self.num_blocks_per_group, num_layers, 1 * self.hidden_size, 1 * self.hidden_size)
        blocks['group_2'] = FlavaImageCodebookLayerGroup(self.num_blocks_per_group, num_layers, 1 * self.hidden_size, 2 * self.hidden_size)
        blocks['group_3'] = FlavaImageCodebookLayerGroup(self.num_blocks_per_group, num_layers, 2 * self.hidden_size, 4 * self.hidden_size)
        blocks['group_4'] = FlavaImageCodebookLayerGroup(self.num_blocks_per_group, num_layers, 4 * self.hidden_size, 8 * self.hidden_size, use_pool=False)
        blocks['output'] = nn.Sequential(output_blocks)
        self.blocks = nn.Sequential(blocks)
        self.post_init()
        if self.config.freeze:
            for param in self.parameters():
                param.requires_grad = False

class FlavaPredictionHeadTransform(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        if isinstance(config.hidden_act, str):
            self.transform_act_fn = ACT2FN[config.hidden_act]
        else:
            self.transform_act_fn = config.hidden_act
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

class FlavaMaskedPredictionHead(nn.Module):

    def __init__(self, config, weight=None):
        super().__init__()
        self.config = config
        self.transform = FlavaPredictionHeadTransform(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=True)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))
        if weight is not None:
            self.decoder.weight = weight

class FlavaITMHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.pooler = FlavaPooler(config)
        self.seq_relationship = nn.Linear(config.hidden_size, 2)

class FlavaGlobalContrastiveHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.global_backprop_contrastive = config.global_backprop_contrastive

class FlavaForPreTraining(FlavaPreTrainedModel):
    _tied_weights_keys = {'mmm_text_head.bias': 'mmm_text_head.decoder.bias', 'mim_head.bias': 'mim_head.decoder.bias', 'mlm_head.bias': 'mlm_head.decoder.bias', 'mmm_image_head.bias': 'mmm_image_head.decoder.bias'}

    def __init__(self, config, image_codebook=None):
        super().__init__(config)
        self.flava = FlavaModel(config)
        self.image_codebook = image_codebook
        if self.image_codebook is None and config.init_codebook:
            self.image_codebook = FlavaImageCodebook(config.image_codebook_config)
        self.mim_head = FlavaMaskedPredictionHead(config.image_config)
        self.mlm_head = FlavaMaskedPredictionHead(config.text_config)
        self.itm_head = FlavaITMHead(config)
        self.mmm_image_head = FlavaMaskedPredictionHead(config.image_config)
        self.mmm_text_head = FlavaMaskedPredictionHead(config.text_config)
        self.global_contrastive_head = FlavaGlobalContrastiveHead(config)
        self.image_vocab_size = config.image_config.vocab_size
        self.text_vocab_size = config.text_config.vocab_size
        self.mlm_weight = config.mlm_weight
        self.mim_weight = config.mim_weight
        self.global_contrastive_weight = config.global_contrastive_weight
        self.ce_ignore_index = config.ce_ignore_index
        self.itm_weight = config.itm_weight
        self.mmm_image_weight = config.mmm_image_weight
        self.mmm_text_weight = config.mmm_text_weight
        self.skip_unmasked_multimodal_encoder = config.skip_unmasked_multimodal_encoder
        self.post_init()
