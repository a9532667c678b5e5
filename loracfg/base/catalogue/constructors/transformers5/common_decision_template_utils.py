"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_decision_template_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.records import dataclass
from typing import Any, Literal

@dataclass
class Question:
    name: str
    type: Literal['noul', 'choice', 'score']
    instructions: Any
    options: list[str]
    labels: list[str]
    descriptions: list[Any]
    questions_types = tuple(questions_schemes)
