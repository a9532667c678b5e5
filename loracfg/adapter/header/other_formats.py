"""Recognize weight files that are empty, a Git LFS pointer, or in a different format."""

from __future__ import annotations

import re
from typing import BinaryIO, Final, Literal

from loracfg.document.json_document import is_lfs_pointer
from loracfg.named_tuple import NamedTuple
from loracfg.report.fault import Fault
from loracfg.report.report import Location

HEAD_BYTES: Final = 512
"""The number of first bytes needed to recognize a format; a tar header is the longest."""

_TAR_MAGIC: Final = (257, b"ustar")
_TEXT_LENGTH: Final = 40

FormatKind = Literal["zip", "archive", "pickle", "safetensors", "text", "other"]


class FileFormat(NamedTuple):
    """A file format, with its name for messages (`an HTML page`)."""

    kind: FormatKind
    name: str


_ZIP: Final = b"PK\x03\x04"
_NAME_AT: Final = 30
"""The offset of the first file's name in a zip archive; its length is 4 bytes before."""
_OF_TORCH: Final = rb"[^/]+/(data\.pkl|version|byteorder|\.\w+|data/.+)"
"""The names of files in archives of `torch.save`."""
_SIGNATURES: Final = (
    *((b"\x80%c" % version, FileFormat("pickle", "a Python pickle")) for version in range(2, 6)),
    (b"GGUF", FileFormat("other", "a GGUF file")),
    (b"\x89HDF", FileFormat("other", "an HDF5 file")),
    (b"\x93NUMPY", FileFormat("other", "a NumPy array")),
    (b"\x1f\x8b", FileFormat("other", "a gzip archive")),
    (b"\x28\xb5\x2f\xfd", FileFormat("other", "a Zstandard archive")),
    (b"\xfd7zXZ", FileFormat("other", "an xz archive")),
    (b"7z\xbc\xaf", FileFormat("other", "a 7-Zip archive")),
)


def read_exactly(stream: BinaryIO, count: int) -> bytes:
    """Read `count` bytes, or all that are left; one `read` of a raw stream may return fewer."""
    data = stream.read(count)
    if not data or len(data) == count:
        return data or b""
    parts = [data]
    missing = count - len(data)
    while missing and (data := stream.read(missing)):
        parts.append(data)
        missing -= len(data)
    return b"".join(parts)


def misplaced(head: bytes, file: str) -> Fault | None:
    """Return the fault of a file that is empty or a Git LFS pointer, given its first bytes."""
    if not head:
        message = "the file is empty: it has no header and no tensors"
        return Fault("weights-empty-file", message, Location(file), "save the adapter again")
    if is_lfs_pointer(head):
        message = "the file is a Git LFS pointer, not the weights themselves"
        advice = "run `git lfs pull` in the repository"
        return Fault("git-lfs-pointer", message, Location(file), advice)
    return None


def recognise(head: bytes) -> FileFormat | None:
    """Return the format of a file, given its first bytes; None if it is unknown."""
    if head[8:9] == b"{" and not any(head[4:8]):  # a safetensors header of less than 4 GiB
        return FileFormat("safetensors", "a safetensors file")
    if head.startswith(_ZIP):
        return _zip_format(head)
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return found
    offset, magic = _TAR_MAGIC
    if head.startswith(magic, offset):
        return FileFormat("other", "a tar archive")
    return _text_format(head)


def _zip_format(head: bytes) -> FileFormat:
    """Return whether a zip archive is from torch, by the name of its first file."""
    end = _NAME_AT + int.from_bytes(head[_NAME_AT - 4 : _NAME_AT - 2], "little")
    name = head[_NAME_AT:end]
    if name and not re.fullmatch(_OF_TORCH, name):
        return FileFormat("archive", "a zip archive")
    return FileFormat("zip", "a zip archive from `torch.save`")


def _text_format(head: bytes) -> FileFormat | None:
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace").strip()
    lower = text.lower()
    if lower.startswith(("<!doctype html", "<html")):
        return FileFormat("text", "an HTML page")
    if lower.startswith("<?xml"):
        return FileFormat("text", "an XML file")
    if lower.startswith(('{"', "{\n", "{\r", "[{")):
        return FileFormat("text", "JSON")
    first = text.splitlines()[0][:_TEXT_LENGTH] if text else ""
    if len(first) > 3 and first.isprintable() and "�" not in text[:-1] and "\0" not in text:
        return FileFormat("text", f"text that begins with `{first}`")
    return None


def advice_for(found: FileFormat) -> str:
    """Return the advice for a weight file in a different format."""
    match found.kind:
        case "zip" | "pickle":
            return "name it `adapter_model.bin`, or save the adapter again as safetensors"
        case "safetensors":
            return "name it `adapter_model.safetensors`"
        case "text":
            return "download the file again: a web page or message was saved in its place"
        case "archive":
            return "unpack it and pass the folder of the adapter"
        case "other":
            return "save the adapter again with `save_pretrained`"
