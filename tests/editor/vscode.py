"""The extension host of VS Code, as code-server has it, in headless Chromium.

    python -m tests.editor.vscode

installs code-server from npm, with the few native modules that it needs. That takes a compiler and
two minutes. What only downloads from GitHub would give (ripgrep, a password hash) is left out.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.cli.running import ROOT
from tests.npm import installed
from tests.releases.wheels import cache_folder

EXTENSION: Final = ROOT / "docs" / "vscode"
PROBE: Final = Path(__file__).with_name("vscode_probe")
VERSION: Final = "4.100.3"
"""The last release of code-server for Node 20; it has VS Code 1.100.3."""
CLICKED: Final = "Remove the mapping"
NATIVE: Final = ("@vscode/spdlog", "node-pty", "native-watchdog")
SECONDS: Final = 400
NODE: Final = 20
"""The oldest Node that the packager of extensions runs on."""
Step = tuple[str] | tuple[str, dict[str, Any]]

_MANIFEST: Final = """<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="probe" Version="1.0.0" Publisher="loracfg-tests"/>
    <DisplayName>probe</DisplayName>
    <Description/>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json"/>
  </Assets>
</PackageManifest>
"""
_TYPES: Final = """<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension=".json" ContentType="application/json"/>
  <Default Extension=".js" ContentType="application/javascript"/>
  <Default Extension=".vsixmanifest" ContentType="text/xml"/>
</Types>
"""


def package_extension(folder: Path) -> Path:
    """Build the extension in a copy of its folder, as its README says; return the package."""
    packages = installed(EXTENSION)
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout[1:].partition(".")[0]) < NODE:
        pytest.skip(f"the packager needs Node {NODE}")
    copy = folder / "docs" / "vscode"
    kept_out = shutil.ignore_patterns("node_modules", "dist", "*.vsix")
    shutil.copytree(EXTENSION, copy, ignore=kept_out)
    shutil.copy(ROOT / "LICENSE", folder)
    (copy / "node_modules").symlink_to(packages / "node_modules")
    done = subprocess.run(
        ["npm", "run", "package"],
        cwd=copy,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return copy / "loracfg.vsix"


def run_steps(work: Path, folder: Path, file: str, extension: Path, *steps: Step) -> list[Any]:
    """Open a folder and a file in VS Code, do steps of `probe.js`, and return what these show.

    If the extension offers to remove the mapping of the schema, it is removed.
    """
    api = pytest.importorskip("playwright.sync_api", reason="VS Code is driven with playwright")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium")
    program = _program()
    work.mkdir()
    command = ["node", str(program), "--config", str(work / "config.yaml")]
    command += ["--user-data-dir", str(work / "data")]
    command += ["--extensions-dir", str(work / "extensions")]
    for package in (extension, _probe(work)):
        subprocess.run([*command, "--install-extension", package], check=True, capture_output=True)
    settings = work / "data" / "User" / "settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('{"security.workspace.trust.enabled": false}')
    results = work / "results.json"
    variables = {"STEPS": json.dumps(steps), "RESULTS": str(results), "FILE": str(folder / file)}
    with _serving(command, variables, work / "log") as address, api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}/?folder={folder}")
        end = time.monotonic() + SECONDS
        button = page.get_by_role("button", name=CLICKED).first
        while not results.exists() and time.monotonic() < end:
            with suppress(api.Error):  # it moves while it appears, and goes away
                if button.is_visible():
                    button.click(timeout=2000)
            time.sleep(0.2)
        browser.close()
    answer = json.loads(results.read_text())
    assert "problem" not in answer, answer["problem"]
    return [one for one in answer["results"] if one is not None]


def _probe(work: Path) -> Path:
    """Package the extension of the tests, which does the steps."""
    package = work / "probe.vsix"
    with ZipFile(package, "w", ZIP_DEFLATED) as archive:
        archive.writestr("extension.vsixmanifest", _MANIFEST)
        archive.writestr("[Content_Types].xml", _TYPES)
        for path in PROBE.iterdir():
            archive.write(path, f"extension/{path.name}")
    return package


@contextmanager
def _serving(command: list[str], variables: dict[str, str], log: Path) -> Iterator[str]:
    """Start code-server on a free port, and wait until it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ("--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry")
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, *options, "--disable-update-check"],
            env=os.environ | variables,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            assert process.poll() is None, log.read_text()
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _program() -> Path:
    program = _folder() / "node_modules/code-server/out/node/entry.js"
    if not (_folder() / "installed").exists():
        pytest.skip(f"{program} is missing; `python -m tests.editor.vscode` installs it")
    return program


def _folder() -> Path:
    root = os.environ.get("LORACFG_ORACLE_ENVS") or cache_folder("oracle-envs")
    return Path(root) / f"code-server-{VERSION}"


def install() -> None:
    """Install code-server, without the scripts of its packages that download more."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm
    assert node
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund")
    subprocess.run([npm, "install", *quiet, f"code-server@{VERSION}"], cwd=folder, check=True)
    modules = folder / "node_modules"
    (modules / "argon2" / "argon2.js").write_text("module.exports = {};\n")
    code = modules / "code-server" / "lib" / "vscode"
    for part in (code, code / "extensions"):
        subprocess.run([npm, "install", *quiet, "--omit=dev"], cwd=part, check=True)
    gyp = Path(npm).resolve().parents[1] / "node_modules" / "node-gyp" / "bin" / "node-gyp.js"
    headers = Path(node).resolve().parents[1]
    for name in NATIVE:
        build = [node, str(gyp), "rebuild", f"--nodedir={headers}"]
        subprocess.run(build, cwd=code / "node_modules" / name, check=True)
    (folder / "installed").touch()


if __name__ == "__main__":
    install()
