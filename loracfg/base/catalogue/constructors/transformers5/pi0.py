"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): pi0. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
import math

@strict
class PI0Config(PreTrainedConfig):
    model_type = 'pi0'
    sub_configs_defaults = {'vlm_config': SubConfigSpec(config_class=AutoConfig, model_type='paligemma', init_kwargs={'text_config': {'model_type': 'gemma', 'hidden_size': 2048, 'num_hidden_layers': 18, 'intermediate_size': 16384, 'num_attention_heads': 8, 'num_key_value_heads': 1, 'vocab_size': 257152}, 'vision_config': {'model_type': 'siglip_vision_model', 'intermediate_size': 4304, 'hidden_size': 1152, 'patch_size': 14, 'image_size': 224, 'num_hidden_layers': 27, 'num_attention_heads': 16, 'vocab_size': 257152, 'vision_use_head': False}, 'projection_dim': 2048, 'image_token_id': 257152}), 'dit_config': SubConfigSpec(config_class=AutoConfig, model_type='gemma', init_kwargs={'hidden_size': 1024, 'num_hidden_layers': 18, 'intermediate_size': 4096, 'num_attention_heads': 8, 'num_key_value_heads': 1, 'head_dim': 256})}
    vlm_config: dict | PreTrainedConfig | None = None
    dit_config: dict | PreTrainedConfig | None = None
    chunk_size: int = 50
    max_state_dim: int = 32
    max_action_dim: int = 32
    num_inference_steps: int = 10
    time_sampling_beta_alpha: float = 1.5
    time_sampling_beta_beta: float = 1.0
    time_sampling_scale: float = 0.999
    time_sampling_offset: float = 0.001
    min_period: float = 0.004
    max_period: float = 4.0
    loss_reduction: str = 'mean'

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        self.dit_config.vocab_size = self.vlm_config.text_config.vocab_size
        self.dit_config.is_causal = True
        self.dit_config.use_bidirectional_attention = True
        self.vlm_config.text_config.use_bidirectional_attention = True

    def validate_architecture(self):
        if self.dit_config.hidden_size % 2 != 0:
            raise ValueError(f'DiT hidden dim=({self.dit_config.hidden_size}) must be divisible by 2')

class PI0TimestepEmbeddings(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        sinusoid_freq = self.compute_freqs(config)
        self.sinusoid_freq = nn.Buffer(sinusoid_freq, persistent=False)

    @staticmethod
    def compute_freqs(config):
        fraction = torch.linspace(0.0, 1.0, config.dit_config.hidden_size // 2, dtype=torch.float32)
        period = config.min_period * (config.max_period / config.min_period) ** fraction
        sinusoid_freq = 1.0 / period * 2 * math.pi
        return sinusoid_freq

class PI0ActionTimeEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.sinusoid_embeds = PI0TimestepEmbeddings(config)
        self.action_in_proj = nn.Linear(config.max_action_dim, config.dit_config.hidden_size)
        self.state_proj = nn.Linear(config.max_state_dim, config.dit_config.hidden_size)
        self.action_time_mlp_in = nn.Linear(2 * config.dit_config.hidden_size, config.dit_config.hidden_size)
        self.action_time_mlp_out = nn.Linear(config.dit_config.hidden_size, config.dit_config.hidden_size)

class PI0PreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    main_input_name = 'state'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class PI0Model(PI0PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.dit = AutoModel.from_config(config.dit_config)
        self.vlm = AutoModel.from_config(config.vlm_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.vlm.get_input_embeddings()

class PI0ForConditionalGeneration(PI0PreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.model = PI0Model(config)
        self.expert_hidden_size = config.dit_config.hidden_size
        self.embed_action_time = PI0ActionTimeEmbedding(config)
        self.action_out_proj = nn.Linear(self.expert_hidden_size, config.max_action_dim)
        self.post_init()
