"""The process that draws SVGs: a cleaned drawing and a size in, PNG or the reason why not out, until stdin closes.

`svg_process` starts it, with the seconds and bytes that one drawing may take, and kills it. It imports nothing but Typst, opens no file,
and lowers its own limits before it reads a byte.
"""

from __future__ import annotations

import resource
import struct
import sys
from typing import Any, BinaryIO

REQUEST = struct.Struct(">III")  # width, height, bytes of SVG that follow
ANSWER = struct.Struct(">BI")  # DRAWN or REFUSED, bytes of PNG or of the reason that follow
DRAWN, REFUSED = 0, 1
SOURCE = b"""#let data = sys.inputs
#set page(width: int(data.width) * 1pt, height: int(data.height) * 1pt, margin: 0pt, fill: none)
#image(bytes(data.svg), format: "svg", width: 100%, height: 100%, fit: "stretch")
"""  # constant: the SVG is data, never source


def main() -> int:
    """Serve requests until stdin closes."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    if sys.platform == "linux":  # elsewhere shared libraries alone count for more address space than any drawing
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while head := stdin.read(REQUEST.size):
        width, height, length = REQUEST.unpack(head)
        _allow_time(seconds)
        if not _answer(stdout, stdin.read(length), width, height, fonts):
            return 1
    return 0


def _allow_time(seconds: int) -> None:
    """Move the limit on processor time, which counts from the start of the process, ahead of what is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(stdout: BinaryIO, svg: bytes, width: int, height: int, fonts: Any) -> bool:
    """Draw one SVG and write the answer; False when the renderer may be in a bad state afterwards."""
    import typst

    inputs = {"svg": svg.decode(), "width": str(width), "height": str(height)}
    kind, sound = DRAWN, True
    try:
        payload = bytes(typst.compile(SOURCE, format="png", ppi=72, font_paths=fonts, sys_inputs=inputs))
    except BaseException as error:  # a bug in the Rust renderer arrives as PanicException, which is no Exception
        kind, sound = REFUSED, isinstance(error, RuntimeError)
        payload = (str(error).splitlines() or ["the renderer failed"])[0][:400].encode()
    stdout.write(ANSWER.pack(kind, len(payload)) + payload)
    stdout.flush()
    return sound


if __name__ == "__main__":
    sys.exit(main())
