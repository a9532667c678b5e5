"""Answers about the rules, and about the bases in the catalogue."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from loracfg_api.problems import ProblemError
from loracfg_api.wording import where_rules_are_listed
from pydantic import BaseModel, Field

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS
from loracfg.base.catalogue.showing import facts, find
from loracfg.errors import LoracfgError
from loracfg.report.report import Severity
from loracfg.rules.registry import all_rules, find_rule
from loracfg.rules.rule import Stage

_PAGES: Final = 64
"""Number of cached pages on model types."""


class RuleSummary(BaseModel):
    """A rule in one line."""

    code: str = Field(examples=["LC503"])
    name: str = Field(examples=["rank-mismatch"])
    severity: Severity
    stage: Stage
    since: str = Field(description="The release of the rule's package that added it.")
    summary: str
    url: str


class RulePage(RuleSummary):
    """A rule with its explanation."""

    page: str = Field(description="What it finds and why it matters, with examples, in Markdown.")


class BaseType(BaseModel):
    """A model type whose classes are known from its config alone."""

    model_type: str = Field(description="The value for `base`.", examples=["llama"])
    library: str = Field(examples=["transformers"])
    classes: list[str] = Field(examples=[["LlamaForCausalLM"]])


class BasePage(BaseType):
    """A model type with its facts."""

    facts: str = Field(
        description="The config class, the modules with sizes as expressions over the config, and "
        "what the library refuses. `docs/facts.md` describes the format."
    )


def rule_summaries() -> list[RuleSummary]:
    """Return all rules, in the order of their codes."""
    return [RuleSummary.model_validate(rule.summary()) for rule in all_rules()]


def rule_page(code: str) -> RulePage:
    """Return the page of a rule.

    Args:
        code: its code or name.

    Raises:
        ProblemError: if there is none.
    """
    found = find_rule(code)
    if found is None:
        raise ProblemError(404, f"there is no rule `{code}`", where_rules_are_listed())
    return RulePage.model_validate({**found.summary(), "page": found.page})


@cache
def base_types() -> list[BaseType]:
    """Return the model types in the catalogue, then the diffusers classes."""
    types = [
        BaseType(model_type=one, library="transformers", classes=lookup.classes(one))
        for one in lookup.model_types()
    ]
    return types + [
        BaseType(model_type=one, library="diffusers", classes=[one])
        for one in lookup.model_types(DIFFUSERS)
    ]


def base_page(model_type: str, class_name: str | None = None) -> BasePage:
    """Return the page of a model type, with all classes or only one.

    Raises:
        ProblemError: if there is no such type or class.
    """
    try:
        return _base_page(model_type, class_name)
    except LoracfgError as error:
        raise ProblemError(404, error.message, error.help) from None


@lru_cache(_PAGES)
def _base_page(model_type: str, class_name: str | None) -> BasePage:
    known = find(model_type)
    classes = known.classes if class_name is None else [class_name]
    return BasePage(
        model_type=known.model_type,
        library=known.library,
        classes=classes,
        facts=facts(known, class_name),
    )
