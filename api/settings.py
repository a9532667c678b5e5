"""The operator's settings, from the environment: `LORACFG_TOKEN`, `LORACFG_ROOTS` and so on."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from loracfg_api.wording import sentence
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from loracfg.errors import LoracfgError
from loracfg.sources.archive.limits import MIB, Limits

_LIMITS = Limits()


class Settings(BaseSettings):
    """The settings, including every limit of the service."""

    model_config = SettingsConfigDict(env_prefix="LORACFG_", frozen=True, extra="ignore")

    token: SecretStr | None = Field(
        None, description="Bearer token required for `POST` routes and `/metrics`.", min_length=1
    )
    roots: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Folders that requests may read by `path`, separated as in `PATH`."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins allowed to call the service from a browser, comma-separated."
    )

    max_json_bytes: int = Field(
        32 * MIB, gt=0, description="Maximum size of a JSON body, in bytes."
    )
    max_json_values: int = Field(
        200_000, gt=0, description="Maximum number of values in a JSON body, nested ones included."
    )
    max_upload_bytes: int = Field(
        64 * 1024 * MIB, gt=0, description="Maximum size of a multipart body, in bytes."
    )
    max_unpacked_bytes: int = Field(
        _LIMITS.max_unpacked_bytes,
        gt=0,
        description="Maximum unpacked size of an archive, in bytes.",
    )
    max_ratio: int = Field(
        _LIMITS.max_ratio,
        gt=0,
        description="Maximum ratio of unpacked to packed size of an archive, after 16 MiB.",
    )
    max_config_bytes: int = Field(
        _LIMITS.max_config_bytes, gt=0, description="Maximum size of a JSON file, in bytes."
    )
    max_header_bytes: int = Field(
        _LIMITS.max_header_bytes,
        gt=0,
        description="Maximum size of a weight file's header, in bytes.",
    )
    max_pickle_bytes: int = Field(
        _LIMITS.max_pickle_bytes, gt=0, description="Bytes read from each end of a `.bin` file."
    )
    max_kept_bytes: int = Field(
        _LIMITS.max_kept_bytes, gt=0, description="Maximum number of bytes kept per request."
    )
    max_held_bytes: int = Field(
        1024 * MIB, gt=0, description="Maximum number of bytes held per worker for all requests."
    )
    max_files: int = Field(
        _LIMITS.max_files, gt=0, description="Maximum number of files per request."
    )
    max_adapters: int = Field(
        _LIMITS.max_adapters, gt=0, description="Maximum number of adapters per request."
    )
    max_tensors: int = Field(
        100_000, gt=0, description="Maximum number of tensors per weight file."
    )
    max_modules: int = Field(
        100_000,
        gt=0,
        description="Maximum number of modules of a base, and in a response of `POST /modules`.",
    )

    max_connections: int = Field(
        1000, gt=0, description="Maximum number of connections per worker."
    )
    head_seconds: float = Field(10, gt=0, description="Timeout for the whole head of a request.")
    idle_seconds: float = Field(
        30, gt=0, description="Timeout between two parts of a body, and for reading a response."
    )
    min_bytes_per_second: int = Field(
        1000, gt=0, description="Slowest pace of a body or of reading a response, after a timeout."
    )
    upload_seconds: float = Field(3600, gt=0, description="Timeout for a whole body.")
    pattern_seconds: float = Field(
        2, gt=0, description="CPU time per request to match the patterns of its adapters."
    )
    request_seconds: float = Field(10, gt=0, description="CPU time per request.")
    threads: int = Field(2, gt=0, description="Concurrent validations per worker.")
    max_waiting: int = Field(
        1000, ge=0, description="Maximum number of requests waiting for a thread, per worker."
    )
    admission_places: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Folders that stand for what resources name, as `URI=FOLDER` or `NAME=FOLDER`, "
        "separated by spaces.",
    )
    admission_mode: Literal["deny", "warn"] = Field(
        "deny", description="Whether resources with an adapter that is refused are denied."
    )
    admission_on_failure: Literal["allow", "deny"] = Field(
        "allow", description="What happens to resources with an adapter that cannot be judged."
    )
    admission_for: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Engines that must load the adapters, separated by spaces."
    )
    admission_config: Path | None = Field(
        None, description="A `loracfg.toml` with rules to ignore, a policy and so on."
    )
    admission_fail_on: Literal["error", "warning"] = Field(
        "error", description="Lowest severity that refuses an adapter."
    )
    admission_seconds: float = Field(
        5, gt=0, description="Time for the adapters of a resource; the rest count as not judged."
    )

    access_log: bool = Field(True, description="Log a line for each request.")

    @field_validator("roots", mode="before")
    @classmethod
    def _split_roots(cls, value: Any) -> Any:
        return [one for one in value.split(os.pathsep) if one] if isinstance(value, str) else value

    @field_validator("admission_places", "admission_for", mode="before")
    @classmethod
    def _split_words(cls, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: Any) -> Any:
        if isinstance(value, str):
            return [one.strip() for one in value.split(",") if one.strip()]
        return value

    @cached_property
    def limits(self) -> Limits:
        """The limits for files that are sent."""
        return Limits(*(getattr(self, name) for name in Limits._fields))

    @cached_property
    def real_roots(self) -> tuple[Path, ...]:
        """The roots with links resolved."""
        return tuple(root.resolve() for root in self.roots)


def load_settings() -> Settings:
    """Return the settings from the environment.

    Raises:
        LoracfgError: if a variable has an invalid value.
    """
    try:
        return Settings()
    except (ValidationError, SettingsError) as error:
        raise LoracfgError(_wrong(error), "see docs/service.md for the settings") from None


def _wrong(error: ValidationError | SettingsError) -> str:
    if isinstance(error, SettingsError):
        return f"a setting cannot be read: {error}"
    first = error.errors(include_url=False)[0]
    return sentence([first], f"`LORACFG_{first['loc'][0]}`".upper())
