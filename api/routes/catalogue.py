"""`GET /rules` and `GET /bases`: the rules, and the bases in the catalogue."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from loracfg_api.catalogue_answers import (
    BasePage,
    BaseType,
    RulePage,
    RuleSummary,
    base_page,
    base_types,
    rule_page,
    rule_summaries,
)
from loracfg_api.documents import problems

router: Final = APIRouter(tags=["catalogue"])


@router.get("/rules", responses=problems("rules"), operation_id="rules")
def rules() -> list[RuleSummary]:
    """List all rules."""
    return rule_summaries()


@router.get("/rules/{code}", responses=problems("rule"), operation_id="rule")
def rule(
    code: Annotated[
        str, Path(description="The code or name of a rule.", examples=["LC503"], max_length=100)
    ],
) -> RulePage:
    """Explain a rule."""
    return rule_page(code)


@router.get("/bases")
def bases() -> list[BaseType]:
    """List the model types in the catalogue, including diffusers classes."""
    return base_types()


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
    return base_page(model_type, class_name)
