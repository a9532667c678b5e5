"""`GET /rules` and `GET /bases`: what there is to find, and what is known of bases."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final

from fastapi import APIRouter, Path
from loracfg_api.documents import problems
from loracfg_api.problems import ProblemError
from pydantic import BaseModel, Field

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS
from loracfg.report.model import Severity
from loracfg.rules.registry import all_rules, find_rule

router: Final = APIRouter(tags=["catalogue"])


class RuleSummary(BaseModel):
    """A rule in one line."""

    code: str = Field(examples=["LC503"])
    name: str = Field(examples=["rank-mismatch"])
    severity: Severity
    summary: str
    url: str


class RulePage(RuleSummary):
    """A rule with the text that explains it."""

    page: str = Field(description="What it finds and why it matters, with examples, in Markdown.")


class BaseType(BaseModel):
    """A model type whose classes are known from its config alone."""

    model_type: str = Field(description="What `base` takes.", examples=["llama"])
    library: str = Field(examples=["transformers"])
    classes: list[str] = Field(examples=[["LlamaForCausalLM"]])


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
    """List the model types of the catalogue, and the classes of diffusers."""
    types = [
        BaseType(model_type=one, library="transformers", classes=lookup.classes(one))
        for one in lookup.model_types()
    ]
    return types + [
        BaseType(model_type=one, library="diffusers", classes=[one])
        for one in lookup.model_types(DIFFUSERS)
    ]
