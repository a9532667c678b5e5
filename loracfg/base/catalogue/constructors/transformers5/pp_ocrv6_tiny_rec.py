"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_ocrv6_tiny_rec. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_backbone_utils import consolidate_backbone_kwargs_to_config, load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class PPOCRV6TinyRecConfig(PreTrainedConfig):
    model_type = 'pp_ocrv6_tiny_rec'
    attribute_map = {'num_hidden_layers': 'depth'}
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='hgnet_v2', init_kwargs={'arch': 'L', 'return_idx': [0, 1, 2, 3], 'freeze_stem_only': True, 'freeze_at': 0, 'freeze_norm': True, 'lr_mult_list': [1.0, 1.0, 1.0, 1.0, 1.0], 'out_features': ['stage1', 'stage2', 'stage3', 'stage4'], 'stage_downsample': [True, True, True, True], 'stem_strides': [2, 1, 1, 1, 1], 'stage_downsample_strides': [[2, 1], [1, 2], [2, 1], [2, 1]]})}
    backbone_config: dict | PreTrainedConfig | None = None
    hidden_size: int = 120
    head_out_channels: int = 6625

    def __post_init__(self, **kwargs):
        self.backbone_config, kwargs = consolidate_backbone_kwargs_to_config(backbone_config=self.backbone_config, default_config_type='pp_lcnet_v4', **kwargs)
        super().__post_init__(**kwargs)

class PPOCRV6TinyRecPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = False
    _can_compile_fullgraph = True
    main_input_name = 'pixel_values'

class PPOCRV6TinyRecHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.backbone_config.block_configs[-1][-1][2]
        mid_channels = config.hidden_size
        self.conv1 = nn.Conv1d(in_channels, in_channels, kernel_size=5, padding=2, groups=in_channels, bias=False)
        self.norm1 = nn.BatchNorm1d(in_channels)
        self.conv2 = nn.Conv1d(in_channels, in_channels, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm1d(in_channels)
        self.act_fn = nn.Hardswish()
        self.fc1 = nn.Linear(in_channels, mid_channels)
        self.fc2 = nn.Linear(mid_channels, config.head_out_channels)

class PPOCRV6TinyRecModel(PPOCRV6TinyRecPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.backbone = load_backbone(config)
        self.gradient_checkpointing = False
        self.post_init()

class PPOCRV6TinyRecForTextRecognition(PPOCRV6TinyRecPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PPOCRV6TinyRecModel(config)
        self.head = PPOCRV6TinyRecHead(config)
        self.post_init()
