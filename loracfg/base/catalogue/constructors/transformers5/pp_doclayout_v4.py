"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pp_doclayout_v4. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig
from .common_activations import ACT2CLS, ACT2FN
from .common_backbone_utils import load_backbone
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class PPDocLayoutV4Config(PreTrainedConfig):
    model_type = 'pp_doclayout_v4'
    sub_configs_defaults = {'backbone_config': SubConfigSpec(config_class=AutoConfig, model_type='hgnet_v2', init_kwargs={'return_idx': [1, 2, 3], 'freeze_stem_only': True, 'freeze_at': 0, 'freeze_norm': True, 'lr_mult_list': [0, 0.05, 0.05, 0.05, 0.05], 'out_features': ['stage2', 'stage3', 'stage4']})}
    attribute_map = {'d_model': 'hidden_size', 'num_attention_heads': 'encoder_attention_heads'}
    initializer_range: float = 0.01
    initializer_bias_prior_prob: float | None = None
    layer_norm_eps: float = 1e-05
    batch_norm_eps: float = 1e-05
    tie_word_embeddings: bool = True
    backbone_config: dict | PreTrainedConfig | None = None
    freeze_backbone_batch_norms: bool = True
    encoder_hidden_dim: int = 256
    encoder_in_channels: list[int] | tuple[int, ...] = (512, 1024, 2048)
    feat_strides: list[int] | tuple[int, ...] = (8, 16, 32)
    encoder_layers: int = 1
    encoder_ffn_dim: int = 1024
    encoder_attention_heads: int = 8
    dropout: float | int = 0.0
    activation_dropout: float | int = 0.0
    encode_proj_layers: list[int] | tuple[int, ...] = (2,)
    positional_encoding_temperature: int = 10000
    encoder_activation_function: str = 'gelu'
    activation_function: str = 'silu'
    eval_size: list[int] | tuple[int, int] | None = None
    normalize_before: bool = False
    hidden_expansion: float = 1.0
    num_queries: int = 300
    decoder_in_channels: list[int] | tuple[int, ...] = (256, 256, 256)
    decoder_ffn_dim: int = 1024
    num_feature_levels: int = 3
    decoder_n_points: int = 4
    decoder_layers: int = 6
    decoder_attention_heads: int = 8
    decoder_activation_function: str = 'relu'
    attention_dropout: float | int = 0.0
    num_denoising: int = 100
    anchor_image_size: list[int] | tuple[int, int] | None = None
    disable_custom_kernels: bool = True
    is_encoder_decoder: bool = True
    global_pointer_head_size: int = 64
    gp_dropout_value: float | int = 0.1
    hidden_size: int = 256
    num_coords: int = 10
    s2r_steps: int = 3
    s2r_damping: float = 0.5
    s2r_closure_weight_init: float = 0.0

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        if self.initializer_bias_prior_prob is None:
            self.initializer_bias_prior_prob = 1 / (self.num_labels + 1)

    def validate_architecture(self):
        if self.num_coords != 10:
            raise ValueError(f'PP-DocLayoutV4 only supports `num_coords=10`, got {self.num_coords}.')

class MultiScaleDeformableAttention(nn.Module):
    pass

class PPDocLayoutV4MultiscaleDeformableAttention(nn.Module):

    def __init__(self, config, num_heads, n_points):
        super().__init__()
        self.attn = MultiScaleDeformableAttention()
        if config.d_model % num_heads != 0:
            raise ValueError(f'embed_dim (d_model) must be divisible by num_heads, but got {config.d_model} and {num_heads}')
        dim_per_head = config.d_model // num_heads
        if not (dim_per_head & dim_per_head - 1 == 0 and dim_per_head != 0):
            pass
        self.im2col_step = 64
        self.d_model = config.d_model
        self.n_levels = config.num_feature_levels
        self.n_heads = num_heads
        self.n_points = n_points
        self.sampling_offsets = nn.Linear(config.d_model, num_heads * self.n_levels * n_points * 2)
        self.attention_weights = nn.Linear(config.d_model, num_heads * self.n_levels * n_points)
        self.value_proj = nn.Linear(config.d_model, config.d_model)
        self.output_proj = nn.Linear(config.d_model, config.d_model)
        self.disable_custom_kernels = config.disable_custom_kernels

class PPDocLayoutV4FrozenBatchNorm2d(nn.Module):

    def __init__(self, n):
        super().__init__()
        self.weight = nn.Buffer(torch.ones(n))
        self.bias = nn.Buffer(torch.zeros(n))
        self.running_mean = nn.Buffer(torch.zeros(n))
        self.running_var = nn.Buffer(torch.ones(n))

def replace_batch_norm(model):
    for name, module in model.named_children():
        if isinstance(module, nn.BatchNorm2d):
            new_module = PPDocLayoutV4FrozenBatchNorm2d(module.num_features)
            if module.weight.device != torch.device('meta'):
                new_module.weight.copy_(module.weight)
                new_module.bias.copy_(module.bias)
                new_module.running_mean.copy_(module.running_mean)
                new_module.running_var.copy_(module.running_var)
            model._modules[name] = new_module
        if len(list(module.children())) > 0:
            replace_batch_norm(module)

class PPDocLayoutV4ConvEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        backbone = load_backbone(config)
        if config.freeze_backbone_batch_norms:
            with torch.no_grad():
                replace_batch_norm(backbone)
        self.model = backbone
        self.intermediate_channel_sizes = self.model.channels

class PPDocLayoutV4MLPPredictionHead(nn.Module):

    def __init__(self, input_dim, hidden_dim, output_dim, num_layers):
        super().__init__()
        self.num_layers = num_layers
        h = [hidden_dim] * (num_layers - 1)
        self.layers = nn.ModuleList((nn.Linear(n, k) for n, k in zip([input_dim] + h, h + [output_dim])))

class PPDocLayoutV4GlobalPointer(nn.Module):

    def __init__(self, config, antisymmetric):
        super().__init__()
        self.head_dim = config.global_pointer_head_size
        self.scaling = self.head_dim ** (-0.5)
        self.antisymmetric = antisymmetric
        self.q_proj = nn.Linear(config.d_model, self.head_dim)
        self.k_proj = nn.Linear(config.d_model, self.head_dim)
        self.dropout = nn.Dropout(config.gp_dropout_value)
        self.eye = nn.Buffer(torch.eye(config.num_queries), persistent=False)

class PPDocLayoutV4S2RFusion(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.steps = config.s2r_steps
        self.damping = config.s2r_damping
        self.closure_weight = nn.Parameter(torch.full((1,), config.s2r_closure_weight_init))
        self.relative_weight = 1.0
        self.one_minus_eye = nn.Buffer(1.0 - torch.eye(config.num_queries), persistent=False)

class PPDocLayoutV4SuccessorOrderHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.proj = nn.ModuleList([nn.Linear(config.d_model, config.d_model) for _ in range(config.decoder_layers)])
        self.global_pointer = PPDocLayoutV4GlobalPointer(config, antisymmetric=False)

class PPDocLayoutV4RelativeOrderHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.proj = nn.ModuleList([nn.Linear(config.d_model, config.d_model) for _ in range(config.decoder_layers)])
        self.global_pointer = PPDocLayoutV4GlobalPointer(config, antisymmetric=True)
        self.s2r_fusion = PPDocLayoutV4S2RFusion(config)

class PPDocLayoutV4PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'pixel_values'

class PPDocLayoutV4MLP(nn.Module):

    def __init__(self, config, hidden_size, intermediate_size, activation_function):
        super().__init__()
        self.fc1 = nn.Linear(hidden_size, intermediate_size)
        self.fc2 = nn.Linear(intermediate_size, hidden_size)
        self.activation_fn = ACT2FN[activation_function]
        self.activation_dropout = config.activation_dropout
        self.dropout = config.dropout

class PPDocLayoutV4SelfAttention(nn.Module):

    def __init__(self, config, hidden_size, num_attention_heads, dropout=0.0, bias=True):
        super().__init__()
        self.config = config
        self.head_dim = hidden_size // num_attention_heads
        self.scaling = self.head_dim ** (-0.5)
        self.attention_dropout = dropout
        self.is_causal = False
        self.k_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.v_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.q_proj = nn.Linear(hidden_size, hidden_size, bias=bias)
        self.o_proj = nn.Linear(hidden_size, hidden_size, bias=bias)

class PPDocLayoutV4ConvNormLayer(nn.Module):

    def __init__(self, config, in_channels, out_channels, kernel_size, stride, padding=None, activation=None):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding=(kernel_size - 1) // 2 if padding is None else padding, bias=False)
        self.norm = nn.BatchNorm2d(out_channels, config.batch_norm_eps)
        self.activation = nn.Identity() if activation is None else ACT2CLS[activation]()

class PPDocLayoutV4EncoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.normalize_before = config.normalize_before
        self.hidden_size = config.encoder_hidden_dim
        self.self_attn = PPDocLayoutV4SelfAttention(config=config, hidden_size=self.hidden_size, num_attention_heads=config.num_attention_heads, dropout=config.dropout)
        self.self_attn_layer_norm = nn.LayerNorm(self.hidden_size, eps=config.layer_norm_eps)
        self.dropout = config.dropout
        self.mlp = PPDocLayoutV4MLP(config, self.hidden_size, config.encoder_ffn_dim, config.encoder_activation_function)
        self.final_layer_norm = nn.LayerNorm(self.hidden_size, eps=config.layer_norm_eps)

class PPDocLayoutV4RepVggBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        activation = config.activation_function
        hidden_channels = int(config.encoder_hidden_dim * config.hidden_expansion)
        self.conv1 = PPDocLayoutV4ConvNormLayer(config, hidden_channels, hidden_channels, 3, 1, padding=1)
        self.conv2 = PPDocLayoutV4ConvNormLayer(config, hidden_channels, hidden_channels, 1, 1, padding=0)
        self.activation = nn.Identity() if activation is None else ACT2CLS[activation]()

class PPDocLayoutV4CSPRepLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        in_channels = config.encoder_hidden_dim * 2
        out_channels = config.encoder_hidden_dim
        num_blocks = 3
        activation = config.activation_function
        hidden_channels = int(out_channels * config.hidden_expansion)
        self.conv1 = PPDocLayoutV4ConvNormLayer(config, in_channels, hidden_channels, 1, 1, activation=activation)
        self.conv2 = PPDocLayoutV4ConvNormLayer(config, in_channels, hidden_channels, 1, 1, activation=activation)
        self.bottlenecks = nn.Sequential(*[PPDocLayoutV4RepVggBlock(config) for _ in range(num_blocks)])
        if hidden_channels != out_channels:
            self.conv3 = PPDocLayoutV4ConvNormLayer(config, hidden_channels, out_channels, 1, 1, activation=activation)
        else:
            self.conv3 = nn.Identity()

class PPDocLayoutV4SinePositionEmbedding(nn.Module):

    def __init__(self, embed_dim=256, temperature=10000):
        super().__init__()
        self.embed_dim = embed_dim
        self.temperature = temperature

class PPDocLayoutV4AIFILayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.encoder_hidden_dim = config.encoder_hidden_dim
        self.eval_size = config.eval_size
        self.position_embedding = PPDocLayoutV4SinePositionEmbedding(embed_dim=self.encoder_hidden_dim, temperature=config.positional_encoding_temperature)
        self.layers = nn.ModuleList([PPDocLayoutV4EncoderLayer(config) for _ in range(config.encoder_layers)])

class PPDocLayoutV4HybridEncoder(PPDocLayoutV4PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.in_channels = config.encoder_in_channels
        self.feat_strides = config.feat_strides
        self.encoder_hidden_dim = config.encoder_hidden_dim
        self.encode_proj_layers = config.encode_proj_layers
        self.positional_encoding_temperature = config.positional_encoding_temperature
        self.eval_size = config.eval_size
        self.out_channels = [self.encoder_hidden_dim for _ in self.in_channels]
        self.out_strides = self.feat_strides
        self.num_fpn_stages = len(self.in_channels) - 1
        self.num_pan_stages = len(self.in_channels) - 1
        self.aifi = nn.ModuleList([PPDocLayoutV4AIFILayer(config) for _ in range(len(self.encode_proj_layers))])
        self.lateral_convs = nn.ModuleList()
        self.fpn_blocks = nn.ModuleList()
        for _ in range(self.num_fpn_stages):
            lateral_conv = PPDocLayoutV4ConvNormLayer(config, in_channels=self.encoder_hidden_dim, out_channels=self.encoder_hidden_dim, kernel_size=1, stride=1, activation=config.activation_function)
            fpn_block = PPDocLayoutV4CSPRepLayer(config)
            self.lateral_convs.append(lateral_conv)
            self.fpn_blocks.append(fpn_block)
        self.downsample_convs = nn.ModuleList()
        self.pan_blocks = nn.ModuleList()
        for _ in range(self.num_pan_stages):
            downsample_conv = PPDocLayoutV4ConvNormLayer(config, in_channels=self.encoder_hidden_dim, out_channels=self.encoder_hidden_dim, kernel_size=3, stride=2, activation=config.activation_function)
            pan_block = PPDocLayoutV4CSPRepLayer(config)
            self.downsample_convs.append(downsample_conv)
            self.pan_blocks.append(pan_block)
        self.post_init()

class PPDocLayoutV4DecoderLayer(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.d_model
        self.self_attn = PPDocLayoutV4SelfAttention(config=config, hidden_size=self.hidden_size, num_attention_heads=config.decoder_attention_heads, dropout=config.attention_dropout)
        self.dropout = config.dropout
        self.self_attn_layer_norm = nn.LayerNorm(self.hidden_size, eps=config.layer_norm_eps)
        self.encoder_attn = PPDocLayoutV4MultiscaleDeformableAttention(config, num_heads=config.decoder_attention_heads, n_points=config.decoder_n_points)
        self.encoder_attn_layer_norm = nn.LayerNorm(self.hidden_size, eps=config.layer_norm_eps)
        self.mlp = PPDocLayoutV4MLP(config, self.hidden_size, config.decoder_ffn_dim, config.decoder_activation_function)
        self.final_layer_norm = nn.LayerNorm(self.hidden_size, eps=config.layer_norm_eps)

class PPDocLayoutV4Decoder(PPDocLayoutV4PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dropout = config.dropout
        self.layers = nn.ModuleList([PPDocLayoutV4DecoderLayer(config) for _ in range(config.decoder_layers)])
        self.query_pos_head = PPDocLayoutV4MLPPredictionHead(config.num_coords, 2 * config.d_model, config.d_model, num_layers=2)
        self.bbox_embed = nn.ModuleList([PPDocLayoutV4MLPPredictionHead(config.d_model, config.d_model, config.num_coords, num_layers=3) for _ in range(config.decoder_layers)])
        self.class_embed = nn.ModuleList([nn.Linear(config.d_model, config.num_labels) for _ in range(config.decoder_layers)])
        self.num_queries = config.num_queries
        self.successor_order_head = PPDocLayoutV4SuccessorOrderHead(config)
        self.relative_order_head = PPDocLayoutV4RelativeOrderHead(config)
        self.post_init()

class PPDocLayoutV4Model(PPDocLayoutV4PreTrainedModel):
    _tied_weights_keys = {}

    def __init__(self, config):
        super().__init__(config)
        self.backbone = PPDocLayoutV4ConvEncoder(config)
        intermediate_channel_sizes = self.backbone.intermediate_channel_sizes
        num_backbone_outs = len(intermediate_channel_sizes)
        encoder_input_proj_list = []
        for i in range(num_backbone_outs):
            in_channels = intermediate_channel_sizes[i]
            encoder_input_proj_list.append(nn.Sequential(nn.Conv2d(in_channels, config.encoder_hidden_dim, kernel_size=1, bias=False), nn.BatchNorm2d(config.encoder_hidden_dim)))
        self.encoder_input_proj = nn.ModuleList(encoder_input_proj_list)
        self.encoder = PPDocLayoutV4HybridEncoder(config)
        self.enc_output = nn.Sequential(nn.Linear(config.d_model, config.d_model), nn.LayerNorm(config.d_model, eps=config.layer_norm_eps))
        self.enc_score_head = nn.Linear(config.d_model, config.num_labels)
        self.enc_bbox_head = PPDocLayoutV4MLPPredictionHead(config.d_model, config.d_model, config.num_coords, num_layers=3)
        if config.anchor_image_size:
            self.anchors, self.valid_mask = self.generate_anchors(dtype=self.dtype)
        num_backbone_outs = len(config.decoder_in_channels)
        decoder_input_proj_list = []
        for i in range(num_backbone_outs):
            in_channels = config.decoder_in_channels[i]
            decoder_input_proj_list.append(nn.Sequential(nn.Conv2d(in_channels, config.d_model, kernel_size=1, bias=False), nn.BatchNorm2d(config.d_model, config.batch_norm_eps)))
        for _ in range(config.num_feature_levels - num_backbone_outs):
            decoder_input_proj_list.append(nn.Sequential(nn.Conv2d(in_channels, config.d_model, kernel_size=3, stride=2, padding=1, bias=False), nn.BatchNorm2d(config.d_model, config.batch_norm_eps)))
            in_channels = config.d_model
        self.decoder_input_proj = nn.ModuleList(decoder_input_proj_list)
        self.decoder = PPDocLayoutV4Decoder(config)
        self.denoising_class_embed = nn.Embedding(config.num_labels, config.d_model) if config.num_denoising > 0 else None
        self.post_init()

    @staticmethod
    def _cached_generate_anchors(spatial_shapes, grid_size, device='cpu', dtype=torch.float32):
        anchors = []
        for level, (height, width) in enumerate(spatial_shapes):
            grid_y, grid_x = torch.meshgrid(torch.arange(end=height, device=device).to(dtype), torch.arange(end=width, device=device).to(dtype), indexing='ij')
            grid_xy = torch.stack([grid_x, grid_y], -1)
            grid_xy = grid_xy.unsqueeze(0) + 0.5
            grid_xy[..., 0] /= width
            grid_xy[..., 1] /= height
            half = grid_size * 2.0 ** level / 2.0
            corners = torch.tensor([0.5 - half, 0.5 - half, 0.5 + half, 0.5 - half, 0.5 + half, 0.5 + half, 0.5 - half, 0.5 + half], device=device, dtype=dtype).expand(1, height * width, 8)
            anchors.append(torch.concat([grid_xy.reshape(1, height * width, 2), corners], -1))
        eps = 0.01
        anchors = torch.concat(anchors, 1)
        valid_mask = ((anchors > eps) * (anchors < 1 - eps)).all(-1, keepdim=True)
        anchors = torch.log(anchors / (1 - anchors))
        anchors = torch.where(valid_mask, anchors, torch.full((), torch.finfo(dtype).max, dtype=dtype, device=device))
        return (anchors, valid_mask)

    def generate_anchors(self, spatial_shapes=None, grid_size=0.05, device='cpu', dtype=torch.float32):
        if spatial_shapes is None:
            spatial_shapes = ((int(self.config.anchor_image_size[0] / s), int(self.config.anchor_image_size[1] / s)) for s in self.config.feat_strides)
        return self._cached_generate_anchors(spatial_shapes, grid_size, device, dtype)

class PPDocLayoutV4ForObjectDetection(PPDocLayoutV4PreTrainedModel):
    _tied_weights_keys = {}

    def __init__(self, config):
        super().__init__(config)
        self.model = PPDocLayoutV4Model(config)
        self.num_queries = config.num_queries
        self.post_init()
