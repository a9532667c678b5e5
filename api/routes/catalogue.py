"""`GET /rules` and `GET /bases`: the rules, and the bases in the catalogue."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from loracfg_api.documents import problems
from loracfg_api.problems import ProblemError
from pydantic import BaseModel, Field

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS
from loracfg.base.catalogue.showing import facts, find
from loracfg.errors import LoracfgError
from loracfg.report.report import Severity
from loracfg.rules.registry import all_rules, find_rule
from loracfg.rules.rule import Stage

router: Final = APIRouter(tags=["catalogue"])

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


@router.get("/rules", responses=problems("rules"), operation_id="rules")
def rules() -> list[RuleSummary]:
    """List all rules."""
    return [RuleSummary.model_validate(rule.summary()) for rule in all_rules()]


@router.get("/rules/{code}", responses=problems("rule"), operation_id="rule")
def rule(
    code: Annotated[
        str, Path(description="The code or name of a rule.", examples=["LC503"], max_length=100)
    ],
) -> RulePage:
    """Explain a rule."""
    found = find_rule(code)
    if found is None:
        raise ProblemError(404, f"there is no rule `{code}`", "`GET /rules` lists all rules")
    return RulePage.model_validate({**found.summary(), "page": found.page})


@router.get("/bases")
@cache
def bases() -> list[BaseType]:
    """List the model types in the catalogue, including diffusers classes."""
    types = [
        BaseType(model_type=one, library="transformers", classes=lookup.classes(one))
        for one in lookup.model_types()
    ]
    return types + [
        BaseType(model_type=one, library="diffusers", classes=[one])
        for one in lookup.model_types(DIFFUSERS)
    ]


@router.get("/bases/{model_type}", responses=problems("base"), operation_id="base")
def base(
    model_type: Annotated[
        str,
        Path(description="A model type of `GET /bases`.", examples=["llama"], max_length=100),
    ],
    class_name: Annotated[
        str | None, Query(alias="class", description="Only show this class.", max_length=100)
    ] = None,
) -> BasePage:
    """Show the modules of a model type and what its config computes."""
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
