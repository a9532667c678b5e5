"""What a person does on the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request


def choose(page: Page, adapter: Path | list[Path], base: Path | list[Path] | None = None) -> None:
    kind = "files" if isinstance(adapter, list) else "folder"
    page.set_input_files(f"#adapter-{kind}-input", adapter)
    page.wait_for_selector("#adapter-chosen li")
    if base is not None:
        page.set_input_files("#base-files-input", base)
        page.wait_for_selector("#base-chosen li")


def validate(page: Page) -> str:
    """Press the button, wait for the report with its picture, and return the status."""
    page.click("button[type=submit] >> text=Validate")
    page.wait_for_selector("#coverage h2")
    return page.inner_text("#status")


def sent(request: Request) -> dict[str, Any]:
    assert request.post_data is not None
    body: dict[str, Any] = json.loads(request.post_data)
    return body


def overflows(page: Page) -> bool:
    wider: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wider


def drop_folder(page: Page, folder: Path, selector: str) -> None:
    """Drop a folder as a file manager does, which the script of a page cannot."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        at = {"x": box["x"] + 40, "y": box["y"] + 40}
        session.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})
