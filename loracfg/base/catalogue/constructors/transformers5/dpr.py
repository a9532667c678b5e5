"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): dpr. Made by `python -m loracfg.base.transcriber`."""
from .bert import BertModel
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.nn import nn

@strict
class DPRConfig(PreTrainedConfig):
    model_type = 'dpr'
    vocab_size: int = 30522
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = 'gelu'
    hidden_dropout_prob: float | int = 0.1
    attention_probs_dropout_prob: float | int = 0.1
    max_position_embeddings: int = 512
    type_vocab_size: int = 2
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-12
    pad_token_id: int | None = 0
    bos_token_id: int | None = None
    eos_token_id: int | list[int] | None = None
    projection_dim: int = 0
    is_decoder: bool = False
    add_cross_attention: bool = False

class DPRPreTrainedModel(PreTrainedModel):
    pass

class DPREncoder(DPRPreTrainedModel):
    base_model_prefix = 'bert_model'

    def __init__(self, config):
        super().__init__(config)
        self.bert_model = BertModel(config, add_pooling_layer=False)
        if self.bert_model.config.hidden_size <= 0:
            raise ValueError("Encoder hidden_size can't be zero")
        self.projection_dim = config.projection_dim
        if self.projection_dim > 0:
            self.encode_proj = nn.Linear(self.bert_model.config.hidden_size, config.projection_dim)
        self.post_init()

    @property
    def embeddings_size(self):
        if self.projection_dim > 0:
            return self.encode_proj.out_features
        return self.bert_model.config.hidden_size

class DPRSpanPredictor(DPRPreTrainedModel):
    base_model_prefix = 'encoder'

    def __init__(self, config):
        super().__init__(config)
        self.encoder = DPREncoder(config)
        self.qa_outputs = nn.Linear(self.encoder.embeddings_size, 2)
        self.qa_classifier = nn.Linear(self.encoder.embeddings_size, 1)
        self.post_init()

class DPRPretrainedContextEncoder(DPRPreTrainedModel):
    base_model_prefix = 'ctx_encoder'

class DPRPretrainedQuestionEncoder(DPRPreTrainedModel):
    base_model_prefix = 'question_encoder'

class DPRPretrainedReader(DPRPreTrainedModel):
    base_model_prefix = 'span_predictor'

class DPRContextEncoder(DPRPretrainedContextEncoder):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.ctx_encoder = DPREncoder(config)
        self.post_init()

class DPRQuestionEncoder(DPRPretrainedQuestionEncoder):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.question_encoder = DPREncoder(config)
        self.post_init()

class DPRReader(DPRPretrainedReader):

    def __init__(self, config):
        super().__init__(config)
        self.config = config
        self.span_predictor = DPRSpanPredictor(config)
        self.post_init()
