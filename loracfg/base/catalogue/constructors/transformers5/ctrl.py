"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): ctrl. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

@strict
class CTRLConfig(PreTrainedConfig):
    model_type = 'ctrl'
    attribute_map = {'max_position_embeddings': 'n_positions', 'hidden_size': 'n_embd', 'num_attention_heads': 'n_head', 'num_hidden_layers': 'n_layer'}
    vocab_size: int = 246534
    n_positions: int = 256
    n_embd: int = 1280
    dff: int = 8192
    n_layer: int = 48
    n_head: int = 16
    resid_pdrop: float | int = 0.1
    embd_pdrop: float | int = 0.1
    layer_norm_epsilon: float = 1e-06
    initializer_range: float = 0.02
    use_cache: bool = True
    pad_token_id: int | None = None
    bos_token_id: int | None = None
    eos_token_id: int | list[int] | None = None
    tie_word_embeddings: bool = True

def angle_defn(pos, i, d_model_size):
    angle_rates = 1 / torch.pow(10000, 2 * (i // 2) / d_model_size)
    return pos * angle_rates

def positional_encoding(position, d_model_size, dtype):
    angle_rads = angle_defn(torch.arange(position, dtype=torch.int64).to(dtype).unsqueeze(1), torch.arange(d_model_size, dtype=torch.int64).to(dtype).unsqueeze(0), d_model_size)
    sines = torch.sin(angle_rads[:, 0::2])
    cosines = torch.cos(angle_rads[:, 1::2])
    pos_encoding = torch.cat([sines, cosines], dim=-1)
    return pos_encoding

class MultiHeadAttention(nn.Module):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.config = config
        self.num_heads = config.n_head
        self.d_model_size = config.n_embd
        self.layer_idx = layer_idx
        self.is_causal = True
        self.head_dim = int(self.d_model_size / self.num_heads)
        self.scaling = self.head_dim ** (-0.5)
        self.Wq = nn.Linear(self.d_model_size, self.d_model_size)
        self.Wk = nn.Linear(self.d_model_size, self.d_model_size)
        self.Wv = nn.Linear(self.d_model_size, self.d_model_size)
        self.dense = nn.Linear(self.d_model_size, self.d_model_size)

def point_wise_feed_forward_network(d_model_size, dff):
    return nn.Sequential(nn.Linear(d_model_size, dff), nn.ReLU(), nn.Linear(dff, d_model_size))

class EncoderLayer(nn.Module):

    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.multi_head_attention = MultiHeadAttention(config, layer_idx=layer_idx)
        self.ffn = point_wise_feed_forward_network(config.n_embd, config.dff)
        self.layernorm1 = nn.LayerNorm(config.n_embd, eps=1e-06)
        self.layernorm2 = nn.LayerNorm(config.n_embd, eps=1e-06)
        self.dropout1 = nn.Dropout(config.resid_pdrop)
        self.dropout2 = nn.Dropout(config.resid_pdrop)

class CTRLPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'transformer'

class CTRLModel(CTRLPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.d_model_size = config.n_embd
        self.num_layers = config.n_layer
        self.w = nn.Embedding(config.vocab_size, config.n_embd)
        self.dropout = nn.Dropout(config.embd_pdrop)
        self.h = nn.ModuleList([EncoderLayer(config, layer_idx=i) for i in range(config.n_layer)])
        self.layernorm = nn.LayerNorm(config.n_embd, eps=config.layer_norm_epsilon)
        self.pos_encoding = nn.Buffer(positional_encoding(config.n_positions, self.d_model_size, torch.float), persistent=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.w

class CTRLLMHeadModel(CTRLPreTrainedModel, GenerationMixin):
    _tied_weights_keys = {'lm_head.weight': 'transformer.w.weight'}

    def __init__(self, config):
        super().__init__(config)
        self.transformer = CTRLModel(config)
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=True)
        self.post_init()

class CTRLForSequenceClassification(CTRLPreTrainedModel):

    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.transformer = CTRLModel(config)
        self.classifier = nn.Linear(config.n_embd, self.num_labels, bias=False)
        self.post_init()
