"""Rules that hold already while a kit is loaded; the loader finds the faults, and the ids are explained here."""

from __future__ import annotations

from brandkit.brand.registry import rule_on_loading

rule_on_loading(
    id="brand-file",
    area="structure",
    summary="The file is no valid brand file.",
    rationale="""
        What cannot be read as YAML, has an unknown key, or a value of the wrong type or outside its range. A misspelt key is an
        error rather than a rule that never applies. docs/brand-file.md lists every key.
    """,
    bad="""
        palete:
          colors: {tide: {value: "#04444E"}}
    """,
    good="""
        palette:
          colors: {tide: {value: "#04444E"}}
    """,
)
rule_on_loading(
    id="name-unknown",
    area="structure",
    summary="A colour or family is named that is not declared.",
    rationale="""
        Pairs, schemes, patterns and styles name colours and families of the kit. A name that is declared nowhere cannot be looked
        up; mostly it is misspelt, or the colour was renamed in one place only.
    """,
    bad="""
        palette:
          colors: {chalk: {value: "#F2EBE0"}, tide: {value: "#04444E"}}
          pairs: [{ink: tied, on: chalk}]
    """,
    good="""
        palette:
          colors: {chalk: {value: "#F2EBE0"}, tide: {value: "#04444E"}}
          pairs: [{ink: tide, on: chalk}]
    """,
)
rule_on_loading(
    id="file-missing",
    area="structure",
    summary="A file that the kit names is not there.",
    rationale="""
        Marks, fonts, licences, references and photographs are named by their paths, relative to the file that names them. A kit
        that was copied without one of them works nowhere else.
    """,
    bad="""
        logo:
          marks:
            main: {file: logo/mian.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
rule_on_loading(
    id="file-outside",
    area="structure",
    summary="A path leads out of the kit.",
    rationale="""
        A kit is a folder that can be copied, sent and unpacked. A path that is absolute, climbs with `..` or leaves through a
        link works on one machine only, and in a stranger's kit it would reach files that are none of its business.
    """,
    bad="""
        logo:
          marks:
            main: {file: ../main.svg}
    """,
    good="""
        logo:
          marks:
            main: {file: logo/main.svg}
    """,
)
rule_on_loading(
    id="open-unknown",
    area="structure",
    summary="`open` names a key that no brand file has.",
    rationale="""
        `open` lists the key paths that a child may override. A path that does not exist opens nothing, so the child that needs it
        is refused, and nobody sees why.
    """,
    bad="""
        open: [palete.colors]
    """,
    good="""
        open: [palette.colors]
    """,
)
rule_on_loading(
    id="key-closed",
    area="structure",
    summary="A value is changed that the parent does not open.",
    rationale="""
        A sub-brand or campaign may change what its parents open and nothing else, so that the parent stays true. Delete the
        change, or ask whoever owns the parent to open the key.
    """,
    bad="""
        extends: house
        palette:
          colors: {tide: {value: "#101820"}}
    """,
    good="""
        extends: house
        palette:
          colors: {flare: {value: "#C03A2B"}}
    """,
)
rule_on_loading(
    id="parent-broken",
    area="structure",
    summary="The brand that this one extends cannot be used.",
    rationale="""
        `extends` names the folder of another brand. When that is missing, extends in a circle, or is no brand file itself,
        nothing of this brand can be resolved.
    """,
    bad="""
        extends: hous
    """,
    good="""
        extends: house
    """,
)
