"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_decision_configuration_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.configs import strict
from loracfg.base.catalogue.stand_ins.records import dataclass, field
from loracfg.base.catalogue.stand_ins.unknown import Unknown

@strict
@dataclass
class DecisionConfig:
    labels: dict[str, list[str]] = field(default_factory=dict)
    temperature: dict[str, float | int] = field(default_factory=dict)
    chat_template: str | None = None
    noul_options: list[str] = field(default_factory=lambda: ['true', 'false'])
    sanitize_control_tokens: bool = True
    adapter: str | None = None

    def validate_noul_options(self):
        if sorted(self.noul_options) != ['false', 'true']:
            raise ValueError(f"noul_options must order 'true' and 'false', got {self.noul_options!r}.")

    def get_logits_processor(self, question_type):
        LogitsProcessorList = Unknown('LogitsProcessorList')
        TemperatureLogitsWarper = Unknown('TemperatureLogitsWarper')
        return LogitsProcessorList([TemperatureLogitsWarper(float(self.temperature.get(question_type, 1.0)))])

    @property
    def logits_processors(self):
        if getattr(self, '_logits_processors', None) is None:
            from .common_decision_template_utils import Question
            self._logits_processors = {kind: self.get_logits_processor(kind) for kind in Question.questions_types}
        return self._logits_processors
