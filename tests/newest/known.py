"""The releases that loracfg knows, each from the place that says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from loracfg.base.derivation.building.library_releases import RELEASES as LIBRARIES
from loracfg.base.derivation.building.library_releases import Release
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.runtimes.profile_files import names, profile_of
from loracfg.runtimes.versions import parts
from tests.training.trainer_files.environments import ENVIRONMENTS, Environment

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
        yield _trainer(environment)


def _trainer(environment: Environment) -> Known:
    """Return what an environment installs; its sources may be those of an older release."""
    name = environment.sources.split("==")[0]
    pinned = [word for words in environment.installs for word in words]
    (version,) = (word.split("==")[1] for word in pinned if word.startswith(f"{name}=="))
    return Known(name, version, "Adding a trainer")


def _library(release: Release) -> Known:
    package, version = release.requirements[0].split("==")
    return Known(package, version, "The catalogue of architectures")


def is_newer(version: str, than: str) -> bool:
    """Tell whether a version on the index comes after a known one."""
    return parts(version) > parts(than)
