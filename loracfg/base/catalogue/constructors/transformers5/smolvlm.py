"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): smolvlm. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, GenerationConfig
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin, GradientCheckpointingLayer
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class SmolVLMVisionConfig(PreTrainedConfig):
    model_type = 'smolvlm_vision'
    hidden_size: int = 1152
    intermediate_size: int = 3072
    num_hidden_layers: int = 12
    num_attention_heads: int = 16
    num_channels: int = 3
    image_size: int | list[int] | tuple[int, int] = 224
    patch_size: int | list[int] | tuple[int, int] = 32
    hidden_act: str = 'gelu_pytorch_tanh'
    layer_norm_eps: float = 1e-06
    attention_dropout: float | int = 0.0
    initializer_range: float = 0.02

@strict
class SmolVLMConfig(PreTrainedConfig):
    model_type = 'smolvlm'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='llama', init_kwargs={'rms_norm_eps': 1e-05}), 'vision_config': SmolVLMVisionConfig}
    use_cache: bool = True
    image_token_id: int = 128257
    tie_word_embeddings: bool = False
    vision_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    scale_factor: int = 2

    def __post_init__(self, **kwargs):
        self._pad_token_id = kwargs.pop('pad_token_id', 128002)
        super().__post_init__(**kwargs)

    @property
    def pad_token_id(self):
        return self._pad_token_id

    @pad_token_id.setter
    def pad_token_id(self, value):
        self._pad_token_id = value

class SmolVLMPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True

class SmolVLMVisionEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.image_size = config.image_size
        self.patch_size = config.patch_size
        self.patch_embedding = nn.Conv2d(in_channels=config.num_channels, out_channels=self.embed_dim, kernel_size=self.patch_size, stride=self.patch_size, padding='valid')
        self.num_patches_per_side = self.image_size // self.patch_size
        self.num_patches = self.num_patches_per_side ** 2
        self.num_positions = self.num_patches
        self.position_embedding = nn.Embedding(self.num_positions, self.embed_dim)

class SmolVLMVisionAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_dim = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.embed_dim // self.num_heads
        if self.head_dim * self.num_heads != self.embed_dim:
            raise ValueError(f'embed_dim must be divisible by num_heads (got `embed_dim`: {self.embed_dim} and `num_heads`: {self.num_heads}).')
        self.scale = self.head_dim ** (-0.5)
        self.dropout = config.attention_dropout
        self.k_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.v_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.q_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.out_proj = nn.Linear(self.embed_dim, self.embed_dim)
        self.is_causal = False

class SmolVLMVisionMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

class SmolVLMEncoderLayer(GradientCheckpointingLayer):

    def __init__(self, config):
        super().__init__()
        self.embed_dim = config.hidden_size
        self.self_attn = SmolVLMVisionAttention(config)
        self.layer_norm1 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)
        self.mlp = SmolVLMVisionMLP(config)
        self.layer_norm2 = nn.LayerNorm(self.embed_dim, eps=config.layer_norm_eps)

class SmolVLMEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.layers = nn.ModuleList([SmolVLMEncoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.gradient_checkpointing = False

class SmolVLMVisionTransformer(SmolVLMPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        embed_dim = config.hidden_size
        self.embeddings = SmolVLMVisionEmbeddings(config)
        self.encoder = SmolVLMEncoder(config)
        self.patch_size = config.patch_size
        self.post_layernorm = nn.LayerNorm(embed_dim, eps=config.layer_norm_eps)
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings

class SmolVLMSimpleMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        input_size = config.vision_config.hidden_size * config.scale_factor ** 2
        output_size = config.text_config.hidden_size
        self.proj = nn.Linear(input_size, output_size, bias=False)

class SmolVLMConnector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.scale_factor = config.scale_factor
        self.modality_projection = SmolVLMSimpleMLP(config)

    def pixel_shuffle(self, x, scale_factor=2):
        bsz, seq, embed_dim = x.size()
        height = width = int(seq ** 0.5)
        x = x.view(bsz, height, width, embed_dim)
        x = x.view(bsz, height, int(width / scale_factor), embed_dim * scale_factor)
        x = x.permute(0, 2, 1, 3)
        x = x.reshape(bsz, int(width / scale_factor), int(height / scale_factor), embed_dim * scale_factor ** 2)
        x = x.permute(0, 2, 1, 3)
        x = x.reshape(bsz, int(seq / scale_factor ** 2), embed_dim * scale_factor ** 2)
        return x

class SmolVLMModel(SmolVLMPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.padding_idx = self.config.text_config.pad_token_id
        self.vocab_size = self.config.text_config.vocab_size
        self.vision_model = SmolVLMVisionTransformer._from_config(config.vision_config)
        self.connector = SmolVLMConnector(config)
        self.text_model = AutoModel.from_config(config.text_config)
        self.image_seq_len = int((config.vision_config.image_size // config.vision_config.patch_size) ** 2 / config.scale_factor ** 2)
        self.image_token_id = self.config.image_token_id
        self.post_init()

    def get_input_embeddings(self):
        return self.text_model.get_input_embeddings()

class SmolVLMForConditionalGeneration(SmolVLMPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'model.text_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = SmolVLMModel(config)
        self.image_token_id = self.config.image_token_id
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.vocab_size = config.text_config.vocab_size
        self.model.text_model.generation_config = GenerationConfig.from_model_config(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.text_model.get_input_embeddings()
