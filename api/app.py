"""The application: the rules over HTTP. Validation over HTTP stands on the same engine later."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, HTTPException, Path
from pydantic import BaseModel

from loracfg import __version__
from loracfg.report.model import Severity
from loracfg.rules.registry import all_rules, find_rule


class RuleSummary(BaseModel):
    """A rule in one line."""

    code: str
    name: str
    severity: Severity
    summary: str
    url: str


class RulePage(RuleSummary):
    """A rule with the text that explains it."""

    page: str


def create_app() -> FastAPI:
    """Return the application, for any ASGI server."""
    app = FastAPI(title="loracfg", version=__version__)
    app.get("/healthz")(healthz)
    app.get("/rules")(rules)
    app.get("/rules/{code}")(rule)
    return app


def healthz() -> dict[str, str]:
    """Say that the service runs."""
    return {"status": "ok"}


def rules() -> list[RuleSummary]:
    """List all rules."""
    return [RuleSummary.model_validate(rule.summary()) for rule in all_rules()]


def rule(code: Annotated[str, Path(description="The code or name of a rule.")]) -> RulePage:
    """Explain a rule."""
    found = find_rule(code)
    if found is None:
        raise HTTPException(404, f"there is no rule `{code}`")
    return RulePage.model_validate({**found.summary(), "page": found.page})
