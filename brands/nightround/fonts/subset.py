"""Makes the font files of this folder: `python subset.py READEX_FOLDER ZEN_FOLDER` (needs fonttools).

The folders are those of the npm packages @expo-google-fonts/readex-pro and @expo-google-fonts/zen-kaku-gothic-new, which hold the
complete static fonts. Readex Pro (Latin, Arabic) is taken whole. Zen Kaku Gothic New is cut to ASCII, kana, punctuation, full-width
forms and JIS X 0208 level 1 (2,965 kanji). Neither name is reserved by its licence ("RevReading Lexend" is), so both keep theirs.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools import subset

HERE = Path(__file__).parent
LATIN = {"300Light": "Light", "400Regular": "Regular", "600SemiBold": "SemiBold"}
JAPANESE = {"400Regular": "Regular", "500Medium": "Medium"}


def wanted() -> set[int]:
    """Code points that the Japanese files keep."""
    kanji = {
        ord(bytes((row + 0xA0, cell + 0xA0)).decode("euc_jp"))
        for row in range(16, 48)
        for cell in range(1, 95)
        if row < 47 or cell <= 51
    }
    return kanji | set(range(0x20, 0x7F)) | set(range(0x3000, 0x3100)) | set(range(0xFF01, 0xFF5F)) | {0xB7, 0x2014, 0x2015, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026}


def main() -> None:
    readex, zen = Path(sys.argv[1]), Path(sys.argv[2])
    for folder, weight in LATIN.items():
        shutil.copyfile(readex / folder / f"ReadexPro_{folder}.ttf", HERE / f"ReadexPro-{weight}.ttf")
    for folder, weight in JAPANESE.items():
        options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True, hinting=False, desubroutinize=True)
        font = subset.load_font(str(zen / folder / f"ZenKakuGothicNew_{folder}.ttf"), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=wanted())
        cutter.subset(font)
        subset.save_font(font, str(HERE / f"ZenKakuGothicNew-{weight}.ttf"), options)
    shutil.copyfile(readex / "LICENSE_FONT", HERE / "OFL-ReadexPro.txt")
    shutil.copyfile(zen / "LICENSE_FONT", HERE / "OFL-ZenKakuGothicNew.txt")


if __name__ == "__main__":
    main()
