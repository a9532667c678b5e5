"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): rag. Made by `python -m loracfg.base.transcriber`."""
from .auto import CONFIG_MAPPING
from .common_configuration_utils import PreTrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.unknown import Unknown
RagRetriever = Unknown('RagRetriever')

@strict
class RagConfig(PreTrainedConfig):
    model_type = 'rag'
    question_encoder: PreTrainedConfig | dict | None = None
    generator: PreTrainedConfig | dict | None = None
    vocab_size: int | None = None
    is_encoder_decoder: bool = True
    prefix: str | None = None
    bos_token_id: int | None = None
    pad_token_id: int | None = None
    eos_token_id: int | list[int] | None = None
    decoder_start_token_id: int | None = None
    title_sep: str = ' / '
    doc_sep: str = ' // '
    n_docs: int = 5
    max_combined_length: int = 300
    retrieval_vector_size: int = 768
    retrieval_batch_size: int = 8
    dataset: str = 'wiki_dpr'
    dataset_split: str = 'train'
    index_name: str = 'compressed'
    index_path: str | None = None
    passages_path: str | None = None
    use_dummy_dataset: bool = False
    reduce_loss: bool = False
    label_smoothing: float = 0.0
    do_deduplication: bool = True
    exclude_bos_score: bool = False
    do_marginalize: bool = False
    output_retrieved: bool = False
    use_cache: bool = True
    dataset_revision: str | None = None

    def __post_init__(self, **kwargs):
        if isinstance(self.question_encoder, dict):
            self.question_encoder['model_type'] = self.question_encoder.get('model_type', 'dpr')
            self.question_encoder = CONFIG_MAPPING[self.question_encoder['model_type']](**self.question_encoder)
        elif self.question_encoder is None:
            self.question_encoder = CONFIG_MAPPING['dpr']()
        if isinstance(self.generator, dict):
            self.generator['model_type'] = self.generator.get('model_type', 'bart')
            self.generator = CONFIG_MAPPING[self.generator['model_type']](**self.generator)
        elif self.generator is None:
            self.generator = CONFIG_MAPPING['bart']()
        super().__post_init__(**kwargs)

    @classmethod
    def from_question_encoder_generator_configs(cls, question_encoder_config, generator_config, **kwargs):
        return cls(question_encoder=question_encoder_config.to_dict(), generator=generator_config.to_dict(), **kwargs)

class RagPreTrainedModel(PreTrainedModel):
    base_model_prefix = 'rag'

class RagModel(RagPreTrainedModel):

    def __init__(self, config=None, question_encoder=None, generator=None, retriever=None, **kwargs):
        assert config is not None or (question_encoder is not None and generator is not None)
        if config is None:
            config = RagConfig.from_question_encoder_generator_configs(question_encoder.config, generator.config, **kwargs)
        else:
            assert isinstance(config, self.config_class)
        super().__init__(config)
        if question_encoder is None:
            from .auto import AutoModel
            question_encoder = AutoModel.from_config(config.question_encoder)
        if generator is None:
            from .auto import AutoModelForSeq2SeqLM
            generator = AutoModelForSeq2SeqLM.from_config(config.generator)
        self.retriever = retriever
        if self.retriever is not None:
            assert isinstance(retriever, RagRetriever)
            self.retriever = retriever
        self.question_encoder = question_encoder
        self.generator = generator
        self.ctx_encoder = None
        self.context_encoder_training = False
        self.post_init()

class RagSequenceForGeneration(RagPreTrainedModel):

    def __init__(self, config=None, question_encoder=None, generator=None, retriever=None, **kwargs):
        assert config is not None or (question_encoder is not None and generator is not None)
        if config is None:
            config = RagConfig.from_question_encoder_generator_configs(question_encoder.config, generator.config, **kwargs)
        super().__init__(config)
        self.rag = RagModel(config=config, question_encoder=question_encoder, generator=generator, retriever=retriever)
        self.post_init()

    @property
    def retriever(self):
        return self.rag.retriever

    @property
    def generator(self):
        return self.rag.generator

    @property
    def question_encoder(self):
        return self.rag.question_encoder

class RagTokenForGeneration(RagPreTrainedModel, GenerationMixin):

    def __init__(self, config=None, question_encoder=None, generator=None, retriever=None, **kwargs):
        assert config is not None or (question_encoder is not None and generator is not None)
        if config is None:
            config = RagConfig.from_question_encoder_generator_configs(question_encoder.config, generator.config, **kwargs)
        super().__init__(config)
        self.rag = RagModel(config=config, question_encoder=question_encoder, generator=generator, retriever=retriever)
        self.post_init()

    @property
    def retriever(self):
        return self.rag.retriever

    @property
    def generator(self):
        return self.rag.generator

    @property
    def question_encoder(self):
        return self.rag.question_encoder

    def get_input_embeddings(self):
        return self.rag.generator.get_input_embeddings()

    def get_output_embeddings(self):
        return self.rag.generator.get_output_embeddings()
