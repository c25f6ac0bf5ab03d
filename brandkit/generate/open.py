"""Backends by name."""

from __future__ import annotations

from pathlib import Path

from brandkit.errors import InputError
from brandkit.generate.backend import Backend
from brandkit.prompt.models import ImageModel, get_model

NAMES = ("studio", "openai", "replay")


def open_backend(
    name: str, *, model: ImageModel | str | None = None, recordings: Path | None = None, timeout: float | None = None, previews: int = 0
) -> Backend:
    """The backend called `name`. Opening one calls nobody and needs no key: prices are known without.

    Args:
        name: `studio`, `openai` or `replay`.
        model: From the catalogue, or its id; the backend's default when None.
        recordings: Folder of recorded answers, for `replay`.
        timeout: Seconds to wait for an answer, for `openai`.
        previews: Previews that each call streams, for `openai`.

    Raises:
        InputError: There is no such backend or model, or `replay` has no recordings.
    """
    if name == "studio":
        from brandkit.generate.backends.studio import Studio

        return Studio()
    if name == "replay":
        from brandkit.generate.backends.replay import Replay

        if recordings is None or not recordings.is_dir():
            missing = "needs a folder of recordings" if recordings is None else f"finds no folder of recordings at {recordings}"
            raise InputError(f"the backend 'replay' {missing}", hint="name it with --recordings DIR")
        return Replay(recordings)
    if name == "openai":
        from brandkit.generate.backends.openai import TIMEOUT, OpenAIBackend

        chosen = model if isinstance(model, ImageModel) else get_model(model, backend="openai")
        return OpenAIBackend(chosen, timeout=timeout or TIMEOUT, previews=previews)
    raise InputError(f"there is no backend {name!r}", hint=f"choose one of {', '.join(NAMES)}")
