"""What an operator sets, by the environment: `LORACFG_TOKEN`, `LORACFG_ROOTS` and so on."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from loracfg.errors import LoracfgError
from loracfg.sources.archive.limits import MIB, Limits

_LIMITS = Limits()


class Settings(BaseSettings):
    """The settings, with every limit of the service."""

    model_config = SettingsConfigDict(env_prefix="LORACFG_", frozen=True, extra="ignore")

    token: SecretStr | None = Field(
        None, description="Bearer token that `POST` routes and `/metrics` ask for.", min_length=1
    )
    roots: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Folders in which `path` names adapters and bases, separated as in `PATH`."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose pages may call the service, separated by commas."
    )

    max_json_bytes: int = Field(32 * MIB, gt=0, description="Largest JSON body.")
    max_json_values: int = Field(
        200_000, gt=0, description="Most values of a JSON body, in all its lists and objects."
    )
    max_upload_bytes: int = Field(64 * 1024 * MIB, gt=0, description="Largest multipart body.")
    max_unpacked_bytes: int = Field(
        _LIMITS.max_unpacked_bytes, gt=0, description="Most bytes that one archive may hold."
    )
    max_ratio: int = Field(
        _LIMITS.max_ratio,
        gt=0,
        description="How many times its size an archive may hold, after 16 MiB.",
    )
    max_config_bytes: int = Field(
        _LIMITS.max_config_bytes, gt=0, description="Largest JSON file that is kept."
    )
    max_header_bytes: int = Field(
        _LIMITS.max_header_bytes, gt=0, description="Largest header of weights."
    )
    max_pickle_bytes: int = Field(
        _LIMITS.max_pickle_bytes, gt=0, description="What is kept of either end of a `.bin` file."
    )
    max_kept_bytes: int = Field(
        _LIMITS.max_kept_bytes, gt=0, description="Most bytes kept of one request."
    )
    max_held_bytes: int = Field(
        1024 * MIB, gt=0, description="Most bytes that a worker holds of all requests together."
    )
    max_files: int = Field(_LIMITS.max_files, gt=0, description="Most files of one request.")
    max_adapters: int = Field(
        _LIMITS.max_adapters, gt=0, description="Most adapters of one request."
    )
    max_tensors: int = Field(100_000, gt=0, description="Most tensors of one weight file.")

    idle_seconds: float = Field(30, gt=0, description="Longest wait for more of a body.")
    upload_seconds: float = Field(3600, gt=0, description="Longest time for a whole body.")
    pattern_seconds: float = Field(
        2, gt=0, description="Processor time for the patterns of all adapters of one request."
    )
    request_seconds: float = Field(
        30, gt=0, description="Processor time for all adapters of one request."
    )
    threads: int = Field(2, gt=0, description="Validations at once, per worker.")
    max_waiting: int = Field(
        1000, ge=0, description="Most requests that wait for a thread, per worker."
    )
    access_log: bool = Field(True, description="Whether each request has a line in the log.")

    @field_validator("roots", mode="before")
    @classmethod
    def _split_roots(cls, value: Any) -> Any:
        return [one for one in value.split(os.pathsep) if one] if isinstance(value, str) else value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: Any) -> Any:
        if isinstance(value, str):
            return [one.strip() for one in value.split(",") if one.strip()]
        return value

    @cached_property
    def limits(self) -> Limits:
        """The limits of what is read of files that are sent."""
        return Limits(*(getattr(self, name) for name in Limits._fields))

    @cached_property
    def real_roots(self) -> tuple[Path, ...]:
        """The roots without links."""
        return tuple(root.resolve() for root in self.roots)


def load_settings() -> Settings:
    """Return the settings of the environment.

    Raises:
        LoracfgError: if a variable has no usable value.
    """
    try:
        return Settings()
    except (ValidationError, SettingsError) as error:
        raise LoracfgError(_wrong(error), "docs/service.md lists the settings") from None


def _wrong(error: ValidationError | SettingsError) -> str:
    if isinstance(error, SettingsError):
        return f"a setting cannot be read: {error}"
    first = error.errors(include_url=False)[0]
    name = f"LORACFG_{'_'.join(map(str, first['loc'][:1])).upper()}"
    return f"`{name}`: {first['msg']}"
