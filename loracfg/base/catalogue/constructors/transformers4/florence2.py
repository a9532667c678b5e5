"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): florence2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, CONFIG_MAPPING
from .common_activations import ACT2FN
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

class Florence2VisionConfig(PretrainedConfig):
    model_type = 'florence_vision'

    def __init__(self, in_channels=3, depths=(1, 1, 9, 1), patch_size=(7, 3, 3, 3), patch_stride=(4, 2, 2, 2), patch_padding=(3, 1, 1, 1), patch_prenorm=(False, True, True, True), embed_dim=(128, 256, 512, 1024), num_heads=(4, 8, 16, 32), num_groups=(4, 8, 16, 32), window_size=12, drop_path_rate=0.1, mlp_ratio=4.0, qkv_bias=True, activation_function='gelu', projection_dim=1024, max_temporal_embeddings=100, max_position_embeddings=50, initializer_range=0.02, **kwargs):
        self.in_channels = in_channels
        self.depths = list(depths)
        self.patch_size = list(patch_size)
        self.patch_stride = list(patch_stride)
        self.patch_padding = list(patch_padding)
        self.patch_prenorm = list(patch_prenorm)
        self.embed_dim = list(embed_dim)
        self.num_heads = list(num_heads)
        self.num_groups = list(num_groups)
        self.window_size = window_size
        self.drop_path_rate = drop_path_rate
        self.mlp_ratio = mlp_ratio
        self.qkv_bias = qkv_bias
        self.projection_dim = projection_dim
        self.max_temporal_embeddings = max_temporal_embeddings
        self.max_position_embeddings = max_position_embeddings
        self.initializer_range = initializer_range
        self.activation_function = activation_function
        super().__init__(**kwargs)

class Florence2Config(PretrainedConfig):
    model_type = 'florence2'
    sub_configs = {'text_config': AutoConfig, 'vision_config': Florence2VisionConfig}

    def __init__(self, text_config=None, vision_config=None, image_token_id=51289, is_encoder_decoder=True, **kwargs):
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'bart')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        elif text_config is None:
            text_config = CONFIG_MAPPING['bart']()
        if isinstance(vision_config, dict):
            vision_config = Florence2VisionConfig(**vision_config)
        elif vision_config is None:
            vision_config = Florence2VisionConfig()
        self.text_config = text_config
        self.vision_config = vision_config
        self.image_token_id = image_token_id
        super().__init__(is_encoder_decoder=is_encoder_decoder, **kwargs)

class Florence2VisionDropPath(nn.Module):

    def __init__(self, drop_prob=None):
        super().__init__()
        self.drop_prob = drop_prob

class Florence2VisionLearnedAbsolutePositionEmbedding2D(nn.Module):

    def __init__(self, config):
        super().__init__()
        num_pos = config.vision_config.max_position_embeddings
        embedding_dim = config.vision_config.embed_dim[-1]
        self.row_embeddings = nn.Embedding(num_pos, embedding_dim // 2)
        self.column_embeddings = nn.Embedding(num_pos, embedding_dim - embedding_dim // 2)

class Florence2VisionPositionalEmbeddingCosine1D(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.vision_config.embed_dim[-1]
        self.max_seq_len = config.vision_config.max_temporal_embeddings
        pos_idx_to_embed = torch.empty((self.max_seq_len, self.embed_dim))
        sine, cosine = self.get_sinusoid_embeddings(max_positions=self.max_seq_len, embed_dim=self.embed_dim)
        pos_idx_to_embed[:, 0::2] = sine
        pos_idx_to_embed[:, 1::2] = cosine
        self.register_buffer('pos_idx_to_embed', pos_idx_to_embed)

    @staticmethod
    def get_sinusoid_embeddings(max_positions, embed_dim):
        half_dim = embed_dim // 2
        emb = math.log(10000) / half_dim
        emb = torch.exp(torch.arange(half_dim, dtype=torch.int64).float() * -emb)
        emb = torch.arange(max_positions, dtype=torch.float).unsqueeze(1) * emb.unsqueeze(0)
        return (torch.sin(emb), torch.cos(emb))

class Florence2VisionMLP(nn.Module):

    def __init__(self, config, stage_idx):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.activation_function]
        self.fc1 = nn.Linear(config.embed_dim[stage_idx], int(config.embed_dim[stage_idx] * config.mlp_ratio))
        self.fc2 = nn.Linear(int(config.embed_dim[stage_idx] * config.mlp_ratio), config.embed_dim[stage_idx])

class Florence2VisionConvEmbed(nn.Module):

    def __init__(self, config, stage_idx):
        super().__init__()
        self.config = config
        self.stage_idx = stage_idx
        self.patch_size = config.patch_size[stage_idx]
        self.in_channels = config.in_channels if stage_idx == 0 else config.embed_dim[stage_idx - 1]
        self.embed_dim = config.embed_dim[stage_idx]
        self.stride = config.patch_stride[stage_idx]
        self.padding = config.patch_padding[stage_idx]
        self.pre_norm = config.patch_prenorm[stage_idx]
        self.conv = nn.Conv2d(self.in_channels, self.embed_dim, kernel_size=self.patch_size, stride=self.stride, padding=self.padding)
        dim_norm = self.in_channels if self.pre_norm else self.embed_dim
        self.norm = nn.LayerNorm(dim_norm)

class Florence2VisionChannelAttention(nn.Module):

    def __init__(self, config, stage_idx):
        super().__init__()
        self.config = config
        self.dim = config.embed_dim[stage_idx]
        self.groups = config.num_groups[stage_idx]
        self.qkv = nn.Linear(self.dim, self.dim * 3, bias=config.qkv_bias)
        self.proj = nn.Linear(self.dim, self.dim)
        self.is_causal = False

class Florence2VisionChannelBlock(nn.Module):

    def __init__(self, config, stage_idx, drop_path_rate):
        super().__init__()
        self.config = config
        dim_in = config.embed_dim[stage_idx]
        self.conv1 = nn.Conv2d(dim_in, dim_in, kernel_size=3, padding=1, groups=dim_in)
        self.norm1 = nn.LayerNorm(config.embed_dim[stage_idx])
        self.channel_attn = Florence2VisionChannelAttention(config=config, stage_idx=stage_idx)
        self.drop_path1 = Florence2VisionDropPath(drop_path_rate) if drop_path_rate > 0.0 else nn.Identity()
        self.conv2 = nn.Conv2d(dim_in, dim_in, kernel_size=3, padding=1, groups=dim_in)
        self.norm2 = nn.LayerNorm(config.embed_dim[stage_idx])
        self.ffn = Florence2VisionMLP(config=config, stage_idx=stage_idx)
        self.drop_path2 = Florence2VisionDropPath(drop_path_rate) if drop_path_rate > 0.0 else nn.Identity()

class Florence2VisionWindowAttention(nn.Module):

    def __init__(self, config, stage_idx):
        super().__init__()
        self.config = config
        self.dim = config.embed_dim[stage_idx]
        self.window_size = config.window_size
        self.num_heads = config.num_heads[stage_idx]
        head_dim = self.dim // self.num_heads
        self.scale = head_dim ** (-0.5)
        self.qkv = nn.Linear(self.dim, self.dim * 3, bias=config.qkv_bias)
        self.proj = nn.Linear(self.dim, self.dim)
        self.is_causal = False

class Florence2VisionSpatialBlock(nn.Module):

    def __init__(self, config, stage_idx, drop_path_rate):
        super().__init__()
        self.conv1 = nn.Conv2d(config.embed_dim[stage_idx], config.embed_dim[stage_idx], kernel_size=3, padding=1, groups=config.embed_dim[stage_idx])
        self.norm1 = nn.LayerNorm(config.embed_dim[stage_idx])
        self.window_attn = Florence2VisionWindowAttention(config=config, stage_idx=stage_idx)
        self.drop_path1 = Florence2VisionDropPath(drop_path_rate) if drop_path_rate > 0.0 else nn.Identity()
        self.conv2 = nn.Conv2d(config.embed_dim[stage_idx], config.embed_dim[stage_idx], kernel_size=3, padding=1, groups=config.embed_dim[stage_idx])
        self.norm2 = nn.LayerNorm(config.embed_dim[stage_idx])
        self.ffn = Florence2VisionMLP(config=config, stage_idx=stage_idx)
        self.drop_path2 = Florence2VisionDropPath(drop_path_rate) if drop_path_rate > 0.0 else nn.Identity()

class Florence2VisionBlock(nn.Module):

    def __init__(self, config, stage_idx, spatial_drop_path_rate, channel_drop_path_rate):
        super().__init__()
        self.spatial_block = Florence2VisionSpatialBlock(config=config, stage_idx=stage_idx, drop_path_rate=spatial_drop_path_rate)
        self.channel_block = Florence2VisionChannelBlock(config=config, stage_idx=stage_idx, drop_path_rate=channel_drop_path_rate)

class Florence2VisionPreTrainedModel(PreTrainedModel):
    config_class = Florence2VisionConfig
    main_input_name = 'pixel_values'
    _can_compile_fullgraph = True

class Florence2VisionBackbone(Florence2VisionPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.embed_dim = config.embed_dim
        self.num_heads = config.num_heads
        self.num_groups = config.num_groups
        self.num_stages = len(self.embed_dim)
        if not self.num_stages == len(self.num_heads) == len(self.num_groups):
            raise ValueError(f'Expected self.num_stages ({self.num_stages}) == len(self.num_heads) ({len(self.num_heads)}) == len(self.num_groups) ({len(self.num_groups)})')
        dpr = [x.item() for x in torch.linspace(0, config.drop_path_rate, sum(config.depths) * 2, device='cpu')]
        depth_offset = 0
        convs = []
        blocks = []
        for stage_idx in range(self.num_stages):
            conv_embed = Florence2VisionConvEmbed(config=config, stage_idx=stage_idx)
            convs.append(conv_embed)
            block = nn.ModuleList((Florence2VisionBlock(config=config, stage_idx=stage_idx, spatial_drop_path_rate=dpr[depth_offset + block_idx * 2], channel_drop_path_rate=dpr[depth_offset + block_idx * 2 + 1]) for block_idx in range(config.depths[stage_idx])))
            blocks.append(block)
            depth_offset += config.depths[stage_idx] * 2
        self.convs = nn.ModuleList(convs)
        self.blocks = nn.ModuleList(blocks)
        self.post_init()

class Florence2MultiModalProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.vision_embedding_dim = config.vision_config.embed_dim[-1]
        self.vision_projection_dim = config.vision_config.projection_dim
        self.image_projection = nn.Linear(self.vision_embedding_dim, self.vision_projection_dim, bias=False)
        self.image_proj_norm = nn.LayerNorm(self.vision_projection_dim)
        self.image_position_embed = Florence2VisionLearnedAbsolutePositionEmbedding2D(config=config)
        self.visual_temporal_embed = Florence2VisionPositionalEmbeddingCosine1D(config=config)

class Florence2PreTrainedModel(PreTrainedModel):
    base_model_prefix = ''
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True
    config_class = Florence2Config

class Florence2Model(Florence2PreTrainedModel):
    _tied_weights_keys = ['language_model.encoder.embed_tokens.weight', 'language_model.decoder.embed_tokens.weight']

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = Florence2VisionBackbone(config=config.vision_config)
        self.multi_modal_projector = Florence2MultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

    def get_decoder(self):
        return self.language_model.get_decoder()

    def get_encoder(self):
        return self.language_model.get_encoder()

class Florence2ForConditionalGeneration(Florence2PreTrainedModel, GenerationMixin):
    _tied_weights_keys = ['model.language_model.encoder.embed_tokens.weight', 'model.language_model.decoder.embed_tokens.weight', 'lm_head.weight']

    def __init__(self, config):
        super().__init__(config)
        self.model = Florence2Model(config)
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

    def get_encoder(self):
        return self.model.get_encoder()
