"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): florence2. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class Florence2VisionConfig(PreTrainedConfig):
    model_type = 'florence_vision'
    in_channels: int = 3
    depths: list[int] | tuple[int, ...] = (1, 1, 9, 1)
    patch_size: list[int] | tuple[int, ...] = (7, 3, 3, 3)
    patch_stride: list[int] | tuple[int, ...] = (4, 2, 2, 2)
    patch_padding: list[int] | tuple[int, ...] = (3, 1, 1, 1)
    patch_prenorm: list[bool] | tuple[bool, ...] = (False, True, True, True)
    embed_dim: list[int] | tuple[int, ...] = (128, 256, 512, 1024)
    num_heads: list[int] | tuple[int, ...] = (4, 8, 16, 32)
    num_groups: list[int] | tuple[int, ...] = (4, 8, 16, 32)
    window_size: int = 12
    drop_path_rate: float | int = 0.1
    mlp_ratio: float = 4.0
    qkv_bias: bool = True
    activation_function: str = 'gelu'
    projection_dim: int = 1024
    max_temporal_embeddings: int = 100
    max_position_embeddings: int = 50
    initializer_range: float = 0.02

@strict
class Florence2Config(PreTrainedConfig):
    model_type = 'florence2'
    sub_configs_defaults = {'vision_config': Florence2VisionConfig, 'text_config': SubConfigSpec(config_class=AutoConfig, model_type='bart')}
    text_config: dict | PreTrainedConfig | None = None
    vision_config: dict | PreTrainedConfig | None = None
    image_token_id: int = 51289
    is_encoder_decoder: bool = True
    tie_word_embeddings: bool = True

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
        self.pos_idx_to_embed = nn.Buffer(pos_idx_to_embed)

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

class Florence2DropPath(nn.Module):

    def __init__(self, drop_prob=0.0):
        super().__init__()
        self.drop_prob = drop_prob

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
        self.drop_path1 = Florence2DropPath(drop_path_rate) if drop_path_rate > 0.0 else nn.Identity()
        self.conv2 = nn.Conv2d(dim_in, dim_in, kernel_size=3, padding=1, groups=dim_in)
        self.norm2 = nn.LayerNorm(config.embed_dim[stage_idx])
        self.ffn = Florence2VisionMLP(config=config, stage_idx=stage_idx)
        self.drop_path2 = Florence2DropPath(drop_path_rate) if drop_path_rate > 0.0 else nn.Identity()

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
        self.drop_path1 = Florence2DropPath(drop_path_rate) if drop_path_rate > 0.0 else nn.Identity()
        self.conv2 = nn.Conv2d(config.embed_dim[stage_idx], config.embed_dim[stage_idx], kernel_size=3, padding=1, groups=config.embed_dim[stage_idx])
        self.norm2 = nn.LayerNorm(config.embed_dim[stage_idx])
        self.ffn = Florence2VisionMLP(config=config, stage_idx=stage_idx)
        self.drop_path2 = Florence2DropPath(drop_path_rate) if drop_path_rate > 0.0 else nn.Identity()

class Florence2VisionBlock(nn.Module):

    def __init__(self, config, stage_idx, spatial_drop_path_rate, channel_drop_path_rate):
        super().__init__()
        self.spatial_block = Florence2VisionSpatialBlock(config=config, stage_idx=stage_idx, drop_path_rate=spatial_drop_path_rate)
        self.channel_block = Florence2VisionChannelBlock(config=config, stage_idx=stage_idx, drop_path_rate=channel_drop_path_rate)

class Florence2VisionPreTrainedModel(PreTrainedModel):
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
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class Florence2Model(Florence2PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.vision_tower = Florence2VisionBackbone(config=config.vision_config)
        self.multi_modal_projector = Florence2MultiModalProjector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

    def get_encoder(self, modality=None):
        if modality is None:
            return self.language_model.get_encoder()
        else:
            return super().get_encoder(modality=modality)

class Florence2ForConditionalGeneration(Florence2PreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.shared.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = Florence2Model(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
