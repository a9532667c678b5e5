"""The page of `loracfg inspect`, opened from a file in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import loracfg
from loracfg.adapter.header.tensor import Shape
from loracfg.config.model.lora_config import LoraConfig
from loracfg.inspection.html_page import render
from tests.base.headers import Entry, write_checkpoint
from tests.browser.conftest import Seen
from tests.browser.driving import overflows
from tests.browser.files import ADAPTER, BASE
from tests.cli.running import call, write_adapter, write_base
from tests.llama8b import make

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CELLS: Final = "table.grid td[aria-label]"
MODULES: Final = {"self_attn.q_proj": (64, 32), "mlp.experts.{}.up_proj": (24, 32)}


@contextmanager
def opened(
    browser: Browser, path: Path, width: int = 1100, *, dark: bool = False
) -> Iterator[Page]:
    """Open a page from disk, and check in the end that it had no error and asked for no more."""
    scheme: Any = "dark" if dark else "light"
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    context.set_default_timeout(10_000)
    seen, page = Seen(), context.new_page()
    seen.watch(page)
    page.on("dialog", lambda dialog: seen.errors.append(dialog.message))
    page.goto(path.as_uri())
    try:
        yield page
        assert seen.errors == []
        assert [one.url for one in seen.requests] == [path.as_uri()]
    finally:
        context.close()


def written(folder: Path, adapter: Path, base: Path | None = None) -> Path:
    """Have the command line write the page of an adapter."""
    page = folder / "page.html"
    given = ("--base", base) if base else ()
    outcome = call("inspect", adapter, *given, "--format", "html", "--output", page)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    return page


def many_experts(folder: Path, layers: int = 80, experts: int = 64) -> Path:
    """Write the header of an adapter of many layers, each with experts of its own."""
    folder.mkdir()
    ranks = {rf"layers\.{layer}\..*": 8 for layer in range(layers // 2)}
    config = LoraConfig(r=4, target_modules=["q_proj", "up_proj"], rank_pattern=ranks)
    config.save_pretrained(folder)
    entries: dict[str, Entry] = {}
    for layer in range(layers):
        rank = 8 if layer < layers // 2 else 4
        for name, (out, into) in MODULES.items():
            for expert in range(experts if "{}" in name else 1):
                stem = f"base_model.model.model.layers.{layer}.{name.format(expert)}"
                shapes: dict[str, Shape] = {"lora_A": (rank, into), "lora_B": (out, rank)}
                entries |= {f"{stem}.{part}.weight": ("BF16", s) for part, s in shapes.items()}
    write_checkpoint(folder / "adapter_model.safetensors", entries)
    return folder


def test_cells_tell_what_they_stand_for(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, ADAPTER, BASE)) as page:
        assert page.inner_text("h1") == str(ADAPTER)
        assert page.locator(".valid .judged").inner_text() == "validate: valid, no findings."
        cell = page.locator(f"{CELLS}.fits").nth(1)
        assert page.locator("#tip").is_hidden()
        cell.hover()
        words = "layer 1, self_attn.q_proj: fits the base, 32 → 32, rank 4, alpha 8, scale 2.0, F32"
        assert page.inner_text("#tip") == f"{words}, 256 parameters, 1.0 KiB"
        page.hover("h1")
        assert page.locator("#tip").is_hidden()
        assert page.locator(f"{CELLS}.not_targeted").count() == 10
        assert not overflows(page)


def test_arrow_keys_go_from_cell_to_cell(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, ADAPTER, BASE)) as page:
        page.focus("#by-rank")
        page.keyboard.press("Tab")
        assert page.inner_text("#tip").startswith("layer 0, self_attn.q_proj:")
        page.keyboard.press("ArrowRight")
        assert page.inner_text("#tip").startswith("layer 1, self_attn.q_proj:")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert page.inner_text("#tip").startswith("layer 1, self_attn.v_proj:")
        page.keyboard.press("ArrowRight")  # there is no further layer
        assert page.inner_text("#tip").startswith("layer 1, self_attn.v_proj:")
        page.keyboard.press("Escape")
        assert page.locator("#tip").is_hidden()
        assert page.locator(f"{CELLS}[tabindex='0']").count() == 1


def test_colours_stand_for_rank_or_scale(browser: Browser, tmp_path: Path) -> None:
    page_file = written(tmp_path, many_experts(tmp_path / "adapter", 4, 2))
    with opened(browser, page_file) as page:
        colour = "cell => getComputedStyle(cell).backgroundColor"
        first, last = page.locator(CELLS).nth(0), page.locator(CELLS).nth(3)
        by_rank = first.evaluate(colour), last.evaluate(colour)
        assert page.locator(".of-r li").all_inner_texts() == ["4", "8"]
        assert page.locator(".of-s").is_hidden()
        page.click("#by-scale")
        assert page.locator(".of-s li").all_inner_texts() == ["1.0", "2.0"]
        assert (last.evaluate(colour), first.evaluate(colour)) == by_rank


def test_wrong_and_missing_modules_are_marked(browser: Browser, tmp_path: Path) -> None:
    lines = ["drop 0.self_attn.q_proj", "reshape 1.self_attn.v_proj.lora_B -> [13, 4]"]
    adapter = write_adapter(tmp_path / "adapter", *lines)
    with opened(browser, written(tmp_path, adapter, write_base(tmp_path / "base"))) as page:
        (missing,) = page.locator(f"{CELLS}.missing").all()
        (wrong,) = page.locator(f"{CELLS}.wrong_shape").all()
        assert missing.get_attribute("aria-label") == "layer 0, self_attn.q_proj: missing"
        assert (missing.inner_text(), wrong.inner_text()) == ("○", "\N{MULTIPLICATION SIGN}")
        assert "wrong shape, 16 → 13, rank 4" in (wrong.get_attribute("aria-label") or "")
        assert "error LC" in page.inner_text(".invalid .judged")


def test_dark_and_narrow(browser: Browser, tmp_path: Path) -> None:
    adapter, base = make(tmp_path)
    with opened(browser, written(tmp_path, adapter, base), 360, dark=True) as page:
        assert not overflows(page)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(21, 24, 27)"


def test_experts_share_a_row(browser: Browser, tmp_path: Path) -> None:
    page_file = written(tmp_path, many_experts(tmp_path / "adapter"))
    assert page_file.stat().st_size < 100_000
    with opened(browser, page_file, 1280) as page:
        assert page.locator("table.grid tbody th").all_inner_texts() == [
            "mlp.experts.*.up_proj",
            "self_attn.q_proj",
        ]
        page.locator(CELLS).nth(3).hover()
        assert page.inner_text("#tip").startswith("layer 3, mlp.experts.*.up_proj: 64 modules, ")
        assert page.locator(CELLS).count() == 160
        assert not overflows(page)


def test_names_are_never_markup(browser: Browser, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script><img/src=x\"'onerror=alert(2)>&amp;\u202e\x1b"
    part = f"{hostile}.0.{hostile}"
    lines = [
        f"tensor base_model.model.{part}.lora_A.weight F32 [4, 16]",
        f"tensor base_model.model.{part}.lora_B.weight F32 [16, 4]",
        f"tensor base_model.model.{hostile}.lora_A.weight F32 [4, 16]",
        f"tensor {hostile} F32 [4]",
        'config {"base_model_name_or_path": "</title><script>alert(3)</script>"}',
    ]
    adapter = write_adapter(tmp_path / "<b>", *lines)
    with opened(browser, written(tmp_path, adapter)) as page:
        assert page.locator("script").count() == 1
        assert page.locator("img, b").count() == 0
        assert "<script>alert(1)</script>" in page.inner_text("figcaption >> nth=0")
        assert "\u202e" not in page.content()
        assert page.inner_text("h1").endswith("<b>")


def test_policy_stops_scripts_that_are_not_the_page_s(browser: Browser, tmp_path: Path) -> None:
    script = (
        "document.body.append(Object.assign(document.createElement('script'), {text: 'x = 1'}))"
    )
    with (
        pytest.raises(AssertionError, match="Content Security Policy"),
        opened(browser, written(tmp_path, ADAPTER)) as page,
    ):
        page.evaluate(script)


@pytest.mark.slow
def test_output_is_bounded(tmp_path: Path) -> None:
    entries: dict[str, Entry] = {}
    for number in range(50_000):
        stem = f"base_model.model.list{number % 997}.{number}.name{number % 1009}.q_proj"
        entries[f"{stem}.lora_A.weight"] = ("F32", (4, 8))
        entries[f"{stem}.lora_B.weight"] = ("F32", (8, 4))
    folder = tmp_path / "adapter"
    folder.mkdir()
    LoraConfig(r=4, target_modules=["q_proj"]).save_pretrained(folder)
    write_checkpoint(folder / "adapter_model.safetensors", entries)
    found = loracfg.inspect(folder)
    assert (found.total.tensors, len(found.groups)) == (100_000, 50_000)
    assert len(render(found)) < 3_000_000
    assert " not shown." in render(found)
