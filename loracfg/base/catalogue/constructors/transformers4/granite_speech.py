"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): granite_speech. Made by `python -m loracfg.base.transcriber`."""
from .auto import AutoConfig, AutoModel, AutoModelForCausalLM, CONFIG_MAPPING
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range
is_peft_available = lambda *_: False

class GraniteSpeechEncoderConfig(PretrainedConfig):
    model_type = 'granite_speech_encoder'

    def __init__(self, input_dim=160, num_layers=10, hidden_dim=1024, feedforward_mult=4, num_heads=8, dim_head=128, output_dim=42, context_size=200, max_pos_emb=512, dropout=0.1, conv_kernel_size=15, conv_expansion_factor=2, **kwargs):
        super().__init__(**kwargs)
        self.input_dim = input_dim
        self.num_layers = num_layers
        self.hidden_dim = hidden_dim
        self.feedforward_mult = feedforward_mult
        self.num_heads = num_heads
        self.dim_head = dim_head
        self.output_dim = output_dim
        self.context_size = context_size
        self.dropout = dropout
        self.conv_kernel_size = conv_kernel_size
        self.conv_expansion_factor = conv_expansion_factor
        self.max_pos_emb = max_pos_emb

class GraniteSpeechConfig(PretrainedConfig):
    model_type = 'granite_speech'
    attribute_map = {'audio_token_id': 'audio_token_index'}
    sub_configs = {'text_config': AutoConfig, 'encoder_config': GraniteSpeechEncoderConfig, 'projector_config': AutoConfig}

    def __init__(self, text_config=None, encoder_config=None, projector_config=None, audio_token_index=49155, initializer_range=0.02, has_lora_adapter=True, downsample_rate=5, window_size=15, **kwargs):
        if isinstance(text_config, dict):
            text_config['model_type'] = text_config.get('model_type', 'granite')
            text_config = CONFIG_MAPPING[text_config['model_type']](**text_config)
        elif text_config is None:
            text_config = CONFIG_MAPPING['granite']()
        if isinstance(projector_config, dict):
            projector_config['model_type'] = projector_config.get('model_type', 'blip_2_qformer')
            projector_config = CONFIG_MAPPING[projector_config['model_type']](**projector_config)
        elif projector_config is None:
            projector_config = CONFIG_MAPPING['blip_2_qformer']()
        if not isinstance(encoder_config, GraniteSpeechEncoderConfig):
            encoder_config = {} if encoder_config is None else encoder_config
            encoder_config = GraniteSpeechEncoderConfig(**encoder_config)
        self.text_config = text_config
        self.encoder_config = encoder_config
        self.projector_config = projector_config
        self.audio_token_index = audio_token_index
        self.initializer_range = initializer_range
        self.has_lora_adapter = has_lora_adapter
        self.downsample_rate = downsample_rate
        self.window_size = window_size
        super().__init__(**kwargs)

class GraniteSpeechEncoderProjector(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.projector_config.hidden_size
        self.downsample_rate = config.downsample_rate
        self.window_size = config.window_size
        self.num_queries = config.window_size // config.downsample_rate
        self.query = nn.Parameter(torch.zeros(1, self.num_queries, config.projector_config.hidden_size))
        self.query.data.normal_(mean=0.0, std=1.0)
        self.qformer = AutoModel.from_config(config.projector_config)
        self.linear = nn.Linear(config.projector_config.hidden_size, config.text_config.hidden_size)

class GraniteSpeechConformerFeedForward(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.pre_norm = nn.LayerNorm(config.hidden_dim)
        self.up_proj = nn.Linear(config.hidden_dim, config.hidden_dim * config.feedforward_mult)
        self.silu = nn.SiLU()
        self.dropout = nn.Dropout(config.dropout)
        self.down_proj = nn.Linear(config.hidden_dim * config.feedforward_mult, config.hidden_dim)

class GraniteSpeechConformerAttention(nn.Module):

    def __init__(self, config):
        super().__init__()
        inner_dim = config.dim_head * config.num_heads
        self.max_pos_emb = config.max_pos_emb
        self.context_size = config.context_size
        self.num_heads = config.num_heads
        self.dim_head = config.dim_head
        self.scale = self.dim_head ** (-0.5)
        self.pre_norm = nn.LayerNorm(config.hidden_dim)
        self.to_q = nn.Linear(config.hidden_dim, inner_dim, bias=False)
        self.to_kv = nn.Linear(config.hidden_dim, inner_dim * 2, bias=False)
        self.to_out = nn.Linear(inner_dim, config.hidden_dim)
        self.rel_pos_emb = nn.Embedding(2 * self.max_pos_emb + 1, self.dim_head)
        self.dropout = nn.Dropout(config.dropout)
        if self.context_size <= 0 or self.context_size > self.max_pos_emb:
            raise ValueError('Context size is either less than 0 or exceeds the max_pos_emb')

class GraniteSpeechConformerDepthWiseConv1d(nn.Module):

    def __init__(self, chan_in, chan_out, kernel_size):
        super().__init__()
        pad = kernel_size // 2
        pad_offset = (kernel_size + 1) % 2
        self.padding = (pad, pad - pad_offset)
        self.conv = nn.Conv1d(chan_in, chan_out, kernel_size, groups=chan_in, bias=False)

class GraniteSpeechConformerConvModule(nn.Module):

    def __init__(self, config):
        super().__init__()
        inner_dim = config.hidden_dim * config.conv_expansion_factor
        self.norm = nn.LayerNorm(config.hidden_dim)
        self.up_conv = nn.Conv1d(config.hidden_dim, inner_dim * 2, 1)
        self.glu = nn.GLU(dim=1)
        self.depth_conv = GraniteSpeechConformerDepthWiseConv1d(inner_dim, inner_dim, kernel_size=config.conv_kernel_size)
        self.silu = nn.SiLU()
        self.batch_norm = nn.BatchNorm1d(inner_dim)
        self.down_conv = nn.Conv1d(inner_dim, config.hidden_dim, 1)
        self.dropout = nn.Dropout(config.dropout)

class GraniteSpeechConformerBlock(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.ff1 = GraniteSpeechConformerFeedForward(config)
        self.attn = GraniteSpeechConformerAttention(config)
        self.conv = GraniteSpeechConformerConvModule(config)
        self.ff2 = GraniteSpeechConformerFeedForward(config)
        self.post_norm = nn.LayerNorm(config.hidden_dim)

class GraniteSpeechCTCEncoder(nn.Module):

    def __init__(self, config):
        super().__init__()
        self.config = config
        seq = torch.arange(config.context_size)
        relpos_dist = seq.view(-1, 1) - seq.view(1, -1)
        attention_dists = torch.clamp(relpos_dist, -config.context_size, config.context_size) + config.max_pos_emb
        self.register_buffer('attention_dists', attention_dists, persistent=False)
        self.input_linear = nn.Linear(config.input_dim, config.hidden_dim, bias=True)
        self.layers = nn.ModuleList([GraniteSpeechConformerBlock(config) for _ in range(config.num_layers)])
        self.out = nn.Linear(config.hidden_dim, config.output_dim, bias=True)
        self.out_mid = nn.Linear(config.output_dim, config.hidden_dim, bias=True)
        self.num_layers = config.num_layers

class GraniteSpeechPreTrainedModel(PreTrainedModel):
    pass

class GraniteSpeechForConditionalGeneration(GraniteSpeechPreTrainedModel, GenerationMixin):

    def __init__(self, config):
        super().__init__(config)
        self.language_model = AutoModelForCausalLM.from_config(config.text_config)
        if self.language_model._tied_weights_keys is not None:
            self._tied_weights_keys = [f'language_model.{k}' for k in self.language_model._tied_weights_keys]
        self.encoder = GraniteSpeechCTCEncoder(config.encoder_config)
        self.projector = GraniteSpeechEncoderProjector(config)
        if config.has_lora_adapter and (not is_peft_available()):
            pass
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

    def get_output_embeddings(self):
        return self.language_model.get_output_embeddings()
