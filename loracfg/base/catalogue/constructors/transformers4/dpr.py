"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): dpr. Made by `python -m loracfg.base.transcriber`."""
from .bert import BertModel
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.nn import nn

class DPRConfig(PretrainedConfig):
    model_type = 'dpr'

    def __init__(self, vocab_size=30522, hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072, hidden_act='gelu', hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1, max_position_embeddings=512, type_vocab_size=2, initializer_range=0.02, layer_norm_eps=1e-12, pad_token_id=0, position_embedding_type='absolute', projection_dim=0, **kwargs):
        super().__init__(pad_token_id=pad_token_id, **kwargs)
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.hidden_act = hidden_act
        self.intermediate_size = intermediate_size
        self.hidden_dropout_prob = hidden_dropout_prob
        self.attention_probs_dropout_prob = attention_probs_dropout_prob
        self.max_position_embeddings = max_position_embeddings
        self.type_vocab_size = type_vocab_size
        self.initializer_range = initializer_range
        self.layer_norm_eps = layer_norm_eps
        self.projection_dim = projection_dim
        self.position_embedding_type = position_embedding_type

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
