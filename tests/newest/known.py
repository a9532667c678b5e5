"""The releases that loracfg knows, each from the place that says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from loracfg.base.derivation.building.library_releases import RELEASES as LIBRARIES
from loracfg.base.derivation.building.library_releases import Release
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.runtimes.profile_files import names, profile_of
from loracfg.runtimes.versions import parts
from tests.training.trainer_files.environments import ENVIRONMENTS

_LIBRARIES: Final = ("5", "diffusers")
"""The layouts of the catalogue whose library still gets releases."""


class Known(NamedTuple):
    """A package, the newest release that is known, and where to add a newer one."""

    package: str
    version: str
    guide: str


def known() -> Iterator[Known]:
    """Yield every package that loracfg knows releases of, once for each guide."""
    yield Known("peft", PEFT_RELEASE, "Adding a release of PEFT")
    for layout in _LIBRARIES:
        yield _library(LIBRARIES[layout])
    for name in names():
        profile = profile_of(name)
        if profile.package and profile.package not in ("diffusers", "transformers"):
            yield Known(profile.package, profile.newest, "Adding an engine")
    for environment in ENVIRONMENTS.values():
        pinned = (word for words in environment.installs for word in words)
        found = [
            word.split("==")
            for word in pinned
            if word.startswith(f"{_name(environment.sources)}==")
        ]
        yield Known(*found[0], "Adding a trainer")


def _library(release: Release) -> Known:
    package, version = release.requirements[0].split("==")
    return Known(package, version, "The catalogue of architectures")


def _name(requirement: str) -> str:
    return requirement.split("==")[0]


def is_newer(version: str, than: str) -> bool:
    """Tell whether a version on the index comes after a known one."""
    return parts(version) > parts(than)
