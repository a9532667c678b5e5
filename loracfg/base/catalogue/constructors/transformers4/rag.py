"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): rag. Made by `python -m loracfg.base.transcriber`."""
from .common_configuration_utils import PretrainedConfig
from .common_modeling_utils import PreTrainedModel
from loracfg.base.catalogue.stand_ins.models import GenerationMixin
from loracfg.base.catalogue.stand_ins.unknown import Unknown
RagRetriever = Unknown('RagRetriever')

class RagConfig(PretrainedConfig):
    model_type = 'rag'
    has_no_defaults_at_init = True

    def __init__(self, vocab_size=None, is_encoder_decoder=True, prefix=None, bos_token_id=None, pad_token_id=None, eos_token_id=None, decoder_start_token_id=None, title_sep=' / ', doc_sep=' // ', n_docs=5, max_combined_length=300, retrieval_vector_size=768, retrieval_batch_size=8, dataset='wiki_dpr', dataset_split='train', index_name='compressed', index_path=None, passages_path=None, use_dummy_dataset=False, reduce_loss=False, label_smoothing=0.0, do_deduplication=True, exclude_bos_score=False, do_marginalize=False, output_retrieved=False, use_cache=True, forced_eos_token_id=None, dataset_revision=None, **kwargs):
        super().__init__(bos_token_id=bos_token_id, pad_token_id=pad_token_id, eos_token_id=eos_token_id, decoder_start_token_id=decoder_start_token_id, forced_eos_token_id=forced_eos_token_id, is_encoder_decoder=is_encoder_decoder, prefix=prefix, vocab_size=vocab_size, **kwargs)
        if 'question_encoder' not in kwargs or 'generator' not in kwargs:
            raise ValueError(f'A configuration of type {self.model_type} cannot be instantiated because both `question_encoder` and `generator` sub-configurations were not passed, only {kwargs}')
        question_encoder_config = kwargs.pop('question_encoder')
        question_encoder_model_type = question_encoder_config.pop('model_type')
        decoder_config = kwargs.pop('generator')
        decoder_model_type = decoder_config.pop('model_type')
        from .auto import AutoConfig
        self.question_encoder = AutoConfig.for_model(question_encoder_model_type, **question_encoder_config)
        self.generator = AutoConfig.for_model(decoder_model_type, **decoder_config)
        self.reduce_loss = reduce_loss
        self.label_smoothing = label_smoothing
        self.exclude_bos_score = exclude_bos_score
        self.do_marginalize = do_marginalize
        self.title_sep = title_sep
        self.doc_sep = doc_sep
        self.n_docs = n_docs
        self.max_combined_length = max_combined_length
        self.dataset = dataset
        self.dataset_split = dataset_split
        self.index_name = index_name
        self.retrieval_vector_size = retrieval_vector_size
        self.retrieval_batch_size = retrieval_batch_size
        self.passages_path = passages_path
        self.index_path = index_path
        self.use_dummy_dataset = use_dummy_dataset
        self.dataset_revision = dataset_revision
        self.output_retrieved = output_retrieved
        self.do_deduplication = do_deduplication
        self.use_cache = use_cache
        if self.forced_eos_token_id is None:
            self.forced_eos_token_id = getattr(self.generator, 'forced_eos_token_id', None)

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

class RagSequenceForGeneration(RagPreTrainedModel):

    def __init__(self, config=None, question_encoder=None, generator=None, retriever=None, **kwargs):
        assert config is not None or (question_encoder is not None and generator is not None)
        if config is None:
            config = RagConfig.from_question_encoder_generator_configs(question_encoder.config, generator.config, **kwargs)
        super().__init__(config)
        self.rag = RagModel(config=config, question_encoder=question_encoder, generator=generator, retriever=retriever)

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
