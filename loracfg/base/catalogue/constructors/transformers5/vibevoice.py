"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): vibevoice. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel
from .common_activations import ACT2FN
from .common_configuration_utils import PreTrainedConfig, SubConfigSpec
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
import math

@strict
class VibeVoiceDiffusionHeadConfig(PreTrainedConfig):
    model_type = 'vibevoice_diffusion'
    hidden_size: int = 1536
    latent_size: int = 64
    num_hidden_layers: int = 4
    intermediate_size: int = 4608
    rms_norm_eps: float = 1e-05
    hidden_act: str = 'silu'
    frequency_embedding_size: int = 256
    diffusion_max_period: int = 10000
    mlp_bias: bool = False

@strict
class VibeVoiceConfig(PreTrainedConfig):
    model_type = 'vibevoice'
    sub_configs_defaults = {'text_config': SubConfigSpec(config_class=AutoConfig, model_type='qwen2'), 'diffusion_head_config': VibeVoiceDiffusionHeadConfig, 'semantic_model_config': SubConfigSpec(config_class=AutoConfig, model_type='vibevoice_acoustic_tokenizer_encoder', init_kwargs={'hidden_size': 128}), 'audio_config': SubConfigSpec(config_class=AutoConfig, model_type='vibevoice_acoustic_tokenizer')}
    audio_config: dict | PreTrainedConfig | None = None
    semantic_model_config: dict | PreTrainedConfig | None = None
    text_config: dict | PreTrainedConfig | None = None
    diffusion_head_config: dict | PreTrainedConfig | None = None
    pad_token_id: int = 151643
    eos_token_id: int = 151643
    audio_bos_token_id: int = 151652
    audio_eos_token_id: int = 151653
    audio_token_id: int = 151654
    diffusion_loss_weight: float = 0.5

    def __post_init__(self, **kwargs):
        super().__post_init__(**kwargs)
        self.vocab_size = self.text_config.vocab_size
        self.tie_word_embeddings = getattr(self.text_config, 'tie_word_embeddings', False)
        self.diffusion_head_config.hidden_size = self.text_config.hidden_size
        self.diffusion_head_config.latent_size = self.audio_config.hidden_size

    def validate_architecture(self):
        if self.diffusion_head_config.hidden_size != self.text_config.hidden_size:
            raise ValueError(f'`diffusion_head_config.hidden_size` ({self.diffusion_head_config.hidden_size}) must match `text_config.hidden_size` ({self.text_config.hidden_size}).')
        if self.diffusion_head_config.latent_size != self.audio_config.hidden_size:
            raise ValueError(f'`diffusion_head_config.latent_size` ({self.diffusion_head_config.latent_size}) must match `audio_config.hidden_size` ({self.audio_config.hidden_size}).')

class VibeVoiceRMSNorm(nn.Module):

    def __init__(self, hidden_size, eps=1e-06):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

class VibeVoiceDiffusionHeadSinusoidalEmbedding(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.freq = nn.Buffer(self.compute_default_freq(config), persistent=False)

    @staticmethod
    def compute_default_freq(config):
        dim = config.frequency_embedding_size // 2
        return torch.exp(-math.log(config.diffusion_max_period) * torch.arange(dim, dtype=torch.float32) / dim)

class VibeVoiceDiffusionHeadMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.frequency_embedding_size, config.hidden_size, bias=False)
        self.fc2 = nn.Linear(config.hidden_size, config.hidden_size, bias=False)

class VibeVoiceMLP(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.hidden_size = config.hidden_size
        self.intermediate_size = config.intermediate_size
        self.gate_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(self.hidden_size, self.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(self.intermediate_size, self.hidden_size, bias=config.mlp_bias)
        self.act_fn = ACT2FN[config.hidden_act]

class VibeVoiceDiffusionHeadAdaLayerNorm(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.num_chunks = 3
        self.ffn = VibeVoiceMLP(config)
        self.norm = VibeVoiceRMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.act_fn = ACT2FN[config.hidden_act]
        self.linear = nn.Linear(config.hidden_size, config.hidden_size * self.num_chunks, bias=False)

class VibeVoiceDiffusionHeadFinalLayer(nn.Module):

    def __init__(self, config, output_size):
        super().__init__()
        self.num_chunks = 2
        self.rms_norm_eps = config.rms_norm_eps
        self.linear_1 = nn.Linear(config.hidden_size, self.num_chunks * config.hidden_size, bias=False)
        self.act_fn = ACT2FN[config.hidden_act]
        self.linear_2 = nn.Linear(config.hidden_size, output_size, bias=False)

class VibeVoiceDiffusionHead(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.noisy_images_proj = nn.Linear(config.latent_size, config.hidden_size, bias=False)
        self.cond_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.timestep_embedding = VibeVoiceDiffusionHeadSinusoidalEmbedding(config)
        self.timestep_proj = VibeVoiceDiffusionHeadMLP(config)
        self.layers = nn.ModuleList([VibeVoiceDiffusionHeadAdaLayerNorm(config) for _ in range(config.num_hidden_layers)])
        self.final_layer = VibeVoiceDiffusionHeadFinalLayer(config, output_size=config.latent_size)

class VibeVoiceMultiModalProjector(nn.Module):

    def __init__(self, input_dim, output_dim):
        super().__init__()
        self.linear_1 = nn.Linear(input_dim, output_dim)
        self.act = VibeVoiceRMSNorm(output_dim, eps=1e-06)
        self.linear_2 = nn.Linear(output_dim, output_dim)

class VibeVoicePreTrainedModel(PreTrainedModel):
    base_model_prefix = 'model'
    supports_gradient_checkpointing = True
    _can_compile_fullgraph = True

class VibeVoiceModel(VibeVoicePreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.audio_tower = AutoModel.from_config(config.audio_config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.multi_modal_projector = VibeVoiceMultiModalProjector(config.audio_config.hidden_size, config.text_config.hidden_size)
        self.semantic_tokenizer_encoder = AutoModel.from_config(config.semantic_model_config)
        self.semantic_connector = VibeVoiceMultiModalProjector(config.semantic_model_config.hidden_size, config.text_config.hidden_size)
        self.diffusion_head = VibeVoiceDiffusionHead(config.diffusion_head_config)
        self.latent_scaling_factor = nn.Parameter(torch.tensor(1.0))
        self.latent_bias_factor = nn.Parameter(torch.tensor(0.0))
        self.post_init()

class VibeVoiceForConditionalGeneration(VibeVoicePreTrainedModel):
    _tied_weights_keys = {'lm_head.weight': 'model.language_model.embed_tokens.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.model = VibeVoiceModel(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        self.post_init()
