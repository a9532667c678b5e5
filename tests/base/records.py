"""Configs as records, for tests: made of attributes, and read as objects of Python."""

from __future__ import annotations

from typing import Any

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import Config, ConfigClass


def record(class_name: str = "Given", **attributes: Any) -> Config:
    """Return a config with attributes, of a class without a library."""
    return Config(ConfigClass(class_name), attributes, Budget())


class View:
    """A config whose attributes are read and set as those of an object."""

    def __init__(self, config: Config) -> None:
        vars(self)["config"] = config

    def __getattr__(self, name: str) -> Any:
        value = vars(self)["config"].read(name)
        return View(value) if type(value) is Config else value

    def __setattr__(self, name: str, value: Any) -> None:
        vars(self)["config"].set(name, value)
