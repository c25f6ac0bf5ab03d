"""Multipart forms taken apart byte for byte, so that a test can compare what arrived with what was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Part:
    """One part of a form, in the order of arrival."""

    name: str
    filename: str | None
    media_type: str | None
    data: bytes = field(repr=False)


def parse_multipart(content_type: str, body: bytes) -> tuple[Part, ...]:
    """The parts of a `multipart/form-data` body.

    Raises:
        ValueError: The body is not a well-formed form.
    """
    match = re.search(r'boundary="?([^";]+)"?', content_type)
    if not content_type.lower().startswith("multipart/form-data") or match is None:
        raise ValueError(f"{content_type!r} is no multipart form")
    mark = b"--" + match[1].encode()
    if not body.startswith(mark) or not body.rstrip(b"\r\n").endswith(mark + b"--"):
        raise ValueError("the form does not begin and end with its boundary")
    inner = body.rstrip(b"\r\n")[len(mark) + 2 : -len(mark) - 4]
    return tuple(_part(chunk) for chunk in inner.split(b"\r\n" + mark + b"\r\n"))


def _part(chunk: bytes) -> Part:
    head, separator, data = chunk.partition(b"\r\n\r\n")
    if not separator:
        raise ValueError("a part has no blank line after its headers")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head.decode().split("\r\n"))}
    disposition = headers.get("content-disposition", "")
    name = re.search(r'(?<!file)name="([^"]*)"', disposition)
    if name is None:
        raise ValueError(f"a part has no name: {disposition!r}")
    filename = re.search(r'filename="([^"]*)"', disposition)
    return Part(name[1], filename[1] if filename else None, headers.get("content-type"), data)
