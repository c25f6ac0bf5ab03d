"""YAML as people write it, read without surprises: text stays text, every value keeps its place, and no file can blow up.

Numbers, `true`, `false` and `null` are what YAML 1.2 says; all else is text, so `no`, `012`, `3:25` and `2026-01-01` stay as written.
Anchors, aliases, tags, duplicate keys and second documents are refused. The limits hold while the file is being parsed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import yaml

from brandkit.brand.source import Source
from brandkit.brand.values import LINE_BREAK, Builder
from brandkit.errors import BrandFileError, Fault

MAX_BYTES = 1_000_000  # bytes; real kits are under 50 kB

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_BARE_HASH = re.compile(r"(?:[:\[,{-]\s*)(#[0-9A-Fa-f]{3,8})\b")


def read_source(file: Path) -> Source:
    """Read one YAML file whose root is a mapping.

    Raises:
        BrandFileError: It is missing, too large or deep, not UTF-8, or not the plain YAML that brandkit takes.
    """
    return source_of(read_text(file), file)


def source_of(text: str, file: Path) -> Source:
    """`text` as the content of `file`.

    Raises:
        BrandFileError: As `read_source`.
    """
    builder = Builder(file, LINE_BREAK.split(text))
    if bad := _UNPRINTABLE.search(text):
        before = LINE_BREAK.split(text[: bad.start()])
        builder.stop(len(before), len(before[-1]) + 1, f"holds the control character U+{ord(bad[0]):04X}", "delete it")
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        _syntax(builder, error)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        builder.stop(0, 0, f"cannot be read as YAML: {error}", "check it with an editor that knows YAML")
    return builder.finish()


def _missing(file: Path) -> str:
    if file.name == "campaign.yaml":
        return "check the path; a campaign is a folder that holds campaign.yaml (docs/campaign-file.md shows one)"
    if file.suffix and file.name != "brand.yaml":
        return "check the path"
    return "check the path; a brand is a folder that holds brand.yaml" + (
        "" if file.suffix else ", a campaign one that holds campaign.yaml"
    )


def read_text(file: Path) -> str:
    """The text of a YAML file within the limits, line breaks as they are.

    Raises:
        BrandFileError: It is missing, too large, or not UTF-8.
    """
    try:
        target = file.resolve()
        if file.is_symlink() and target.name != file.name and not target.is_relative_to(file.parent.resolve()):
            message = "is a link that leads out of its folder, to a file of another name"
            raise BrandFileError([Fault(str(file), 0, 0, "", message, hint="put the file itself there")])
        if not file.is_file():
            what = "is a folder, not a file" if file.is_dir() else "is not a file" if file.exists() else "does not exist"
            raise BrandFileError([Fault(str(file), 0, 0, "", what, hint=_missing(file))])
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BrandFileError(
            [Fault(repr(str(file)), 0, 0, "", f"cannot be read: {reason}", hint="check the path and its permissions")]
        ) from None
    if len(data) > MAX_BYTES:
        fault = Fault(
            str(file), 0, 0, "", f"is larger than {MAX_BYTES // 1_000_000} MB", hint="keep pictures and fonts in files of their own"
        )
        raise BrandFileError([fault])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BrandFileError([Fault(str(file), 1, 1, "", "is saved as UTF-16", hint="save it as UTF-8")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = LINE_BREAK.split(error.object[: error.start].decode("utf-8", "replace"))
        message = f"the byte 0x{error.object[error.start]:02X} is not UTF-8"
        raise BrandFileError([Fault(str(file), len(before), len(before[-1]) + 1, "", message, hint="save the file as UTF-8")]) from None


def _syntax(builder: Builder, error: yaml.MarkedYAMLError) -> NoReturn:
    problem = error.problem or "cannot be read as YAML"
    mark = error.problem_mark or error.context_mark
    lines = builder.source.lines[builder.file]
    if mark and error.context_mark and not "".join(lines[mark.line :])[mark.column :].strip():  # at the end: show where it began
        mark, problem = error.context_mark, problem.replace("',' or", "end of stream")
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    first = error.context_mark.line if error.context_mark else line - 1
    if not "".join(lines[max(0, line - 1) :]).strip():  # at the end nothing is wrong: it is in the last line that says something
        first = min(first, max((index for index, text in enumerate(lines) if text.strip()), default=0))
    letter = lines[line - 1][column - 1 : column] if 0 < line <= len(lines) else ""
    message, hint = _explain(problem, letter)
    for index in range(max(0, min(first, line - 1)), min(line, len(lines))):
        if bare := _BARE_HASH.search(lines[index]):
            line, column = index + 1, bare.start(1) + 1
            message, hint = "a '#' begins a comment, so the rest of the line is lost", f"quote it: '{bare[1]}'"
            break
    builder.stop(line, column, message, hint)


def _explain(problem: str, letter: str) -> tuple[str, str]:
    """YAML's own words, in plain ones, with what to write instead."""
    if letter == "\t":
        return "a tab stands where YAML wants spaces", "indent with spaces"
    if letter in {"@", "`", "%"} and "cannot start any token" in problem:
        return f"a value cannot begin with {letter!r}", "put it in quotes"
    if "mapping values are not allowed" in problem:
        return "a second ':' on this line, or a line indented too far", "put text that holds ': ' in quotes; line keys up under each other"
    if "end of stream" in problem:
        return "a quote or bracket is opened here and never closed", "close it"
    if "Unicode" in problem or "escape" in problem:
        return "an escape after '\\' names no character (a surrogate, or a letter that YAML does not know)", "write the character itself"
    if "',' or" in problem:
        return "a comma or the closing bracket is missing before this", "separate the entries by commas, and close the bracket"
    if "expected key" in problem or "block end" in problem or "could not find expected ':'" in problem:
        return (
            "a key with ':' was expected here",
            "line keys up under each other and write 'key: value'; put text with special characters in quotes",
        )
    if "'-' indicator" in problem:
        return "a list entry with '- ' was expected here", "line the entries up under each other"
    return f"cannot be read as YAML: {problem}", "put text with special characters in quotes, and check the indentation"
