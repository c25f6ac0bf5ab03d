"""What a brand has at hand: folders unfolded, and every logo, picture, font and foreign file in them looked at."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from brandkit.brand.exchange.catalogue import INSTEAD, format_of
from brandkit.brand.exchange.importing import read_all
from brandkit.brand.exchange.sketch import Remark, Sketch
from brandkit.errors import BrandFileError, Fault, InputError, PictureError
from brandkit.start.drawings import Drawing, is_drawing, look_at_drawing
from brandkit.start.pictures import look_at_picture
from brandkit.start.sightings import Sighting
from brandkit.start.type_files import SUFFIXES, Face, read_face

PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".tif", ".tiff"}
MAX_FILES = 200  # files of one command, folders unfolded
MACHINES = {"__MACOSX", "node_modules"}  # folders that programs fill; hidden ones are passed over, too
OWN = {"brand.yaml", "calibration.json"}  # of a kit that a folder holds: read as a kit, never as a source
LOGO = re.compile(r"logo|mark|signet|symbol|emblem|badge", re.IGNORECASE)  # in the names of logos and of the folders that hold them
FLAT = 0.5  # of a picture in flat colours, from which it is a drawing and no photograph


@dataclass
class Found:
    """What was seen in all files."""

    sightings: list[Sighting] = field(default_factory=list)
    drawings: dict[Path, Drawing] = field(default_factory=dict)
    faces: list[Face] = field(default_factory=list)
    sketches: list[tuple[Sketch, Path]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    photographs: list[Path] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """True when no file showed anything of a brand."""
        return not (self.sightings or self.drawings or self.faces or any(not sketch.empty for sketch, _ in self.sketches))

    def broken(self, file: Path, error: PictureError) -> None:
        """Note that a file cannot be used."""
        self.remarks.append(Remark(Fault(str(file), 0, 0, "", error.message, hint=error.hint or ""), "broken"))


def look_at_all(sources: Sequence[Path], into: Path) -> tuple[list[Path], Found]:
    """The files among `sources`, folders unfolded without the kit `into`, and what is seen in them.

    A file that is named and of no use is an error; one that merely lies in a folder is passed over and told.

    Raises:
        BrandFileError: A foreign file that is named cannot be read.
        InputError: A file does not exist, or there are too many.
        PictureError: A font that is named cannot be used.
    """
    found = Found()
    files = _unfolded(sources, into, found)
    logos = any(says_logo(file) and is_drawing(file) for file in files)
    foreign = [file for file in files if not _look(file, found, named=file in sources, logos=logos)]
    _read_foreign(foreign, sources, found)
    return files, found


def _unfolded(sources: Sequence[Path], into: Path, found: Found) -> list[Path]:
    files: list[Path] = []
    for source in sources:
        if not source.exists():
            raise InputError(f"{source} does not exist", hint="check the path")
        for file in _walked(source, into) if source.is_dir() else [source]:
            if file == source or file.suffix.lower() in PICTURES | SUFFIXES | {".svg"} or _foreign(file, found):
                files.append(file)
            if len(files) > MAX_FILES:
                raise InputError(f"there are more than {MAX_FILES} files", hint="choose the ones that show the brand best")
    return list(dict.fromkeys(files))


def _walked(source: Path, into: Path) -> Iterator[Path]:
    """The files of a folder and of those in it, in the order of names, without hidden ones and without a kit that lies in it."""
    kit = into.resolve()
    for place, folders, names in os.walk(source):
        here = Path(place)
        deeper = sorted(name for name in folders if not name.startswith(".") and name not in MACHINES)
        folders[:] = [name for name in deeper if (here / name).resolve() != kit]
        own = OWN if here.resolve() == kit else set()
        yield from (here / name for name in sorted(names) if not name.startswith(".") and name not in own and (here / name).is_file())


def _foreign(file: Path, found: Found) -> bool:
    """Whether a file is in a foreign format; else what it is and what to give instead is told, where that is known."""
    try:
        return bool(format_of(file))
    except BrandFileError as error:
        told = Fault(str(file), 0, 0, "", "is nothing that brandkit reads")
        if file.suffix.lower() in INSTEAD:
            told = error.faults[0]
        found.remarks.append(Remark(told, "left-out"))
        return False


def says_logo(file: Path) -> bool:
    """Whether a file's name, or that of its folder, says that it is a logo."""
    return bool(LOGO.search(file.stem) or LOGO.search(file.parent.name))


def _is_logo(file: Path, found: Found, *, named: bool, logos: bool) -> bool:
    """Whether a file is a logo. A cut-out product is transparent around its ink, too: beside `logos` that say so, it is a picture."""
    if not is_drawing(file):
        return False
    if file.suffix.lower() == ".svg" or named or not logos or says_logo(file):
        return True
    message = "is taken as a picture: neither its name nor its folder's says that it is a logo"
    found.remarks.append(
        Remark(Fault(str(file), 0, 0, "", message, hint="if it is one, give it by its own name, beside the folder"), "guessed")
    )
    return False


def _look(file: Path, found: Found, *, named: bool, logos: bool) -> bool:
    """Look at a logo, picture or font; False for any other file."""
    kind = file.suffix.lower()
    try:
        if _is_logo(file, found, named=named, logos=logos):
            found.drawings[file] = look_at_drawing(file)
            found.sightings += found.drawings[file].sightings
        elif kind in PICTURES:
            seen = look_at_picture(file)
            found.sightings += seen
            if sum(one.share for one in seen if one.sure == "flat") < FLAT:
                found.photographs.append(file)
        elif kind in SUFFIXES:
            found.faces.append(read_face(file))
        else:
            return False
    except PictureError as error:
        if named and kind in SUFFIXES:
            raise
        found.broken(file, error)
    return True


def _read_foreign(files: Sequence[Path], named: Sequence[Path], found: Found) -> None:
    while files:
        try:
            found.sketches, remarks = read_all(files, {})
        except BrandFileError as error:
            wrong = {fault.file: fault for fault in error.faults if Path(fault.file) not in named}
            if not wrong:
                raise
            found.remarks += [Remark(fault, "broken") for fault in wrong.values()]
            files = [file for file in files if str(file) not in wrong]
        else:
            found.remarks += remarks
            return
