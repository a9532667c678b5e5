"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_decision_modeling_utils. Made by `python -m loracfg.base.transcriber`."""
from .common_decision_configuration_utils import DecisionConfig

class DecisionMixin:

    def post_init(self):
        super().post_init()
        self.decision_config = DecisionConfig()
