"""What the Images API accepts, written down a second time, independently of the catalogue that the client uses."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence

from brandkit.testing.multipart import Part

COMMON = {"prompt", "model", "n", "size", "quality", "background", "output_format", "output_compression", "stream", "partial_images"}
GENERATE = COMMON | {"moderation", "complexity", "user", "safety_identifier"}
EDIT = COMMON | {"complexity", "user", "safety_identifier", "input_fidelity"}
FILES = {"image", "image[]", "mask"}
OLD = {"gpt-image-1.5", "gpt-image-1-mini"}
NEW = re.compile(r"gpt-image-2(\.[56]-(flare|sunburst))?(-\d{4}-\d{2}-\d{2})?")
FEW, MANY = {"low", "medium", "high"}, {"low", "medium", "high", "xhigh", "max"}
MAX_IMAGES, MAX_IMAGE_BYTES, MAX_PROMPT = 16, 50_000_000, 32_000
MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


class Rejection(Exception):
    """A request that the API answers with HTTP 400."""

    def __init__(self, param: str, message: str, code: str = "invalid_value") -> None:
        super().__init__(f"{param}: {message}")
        self.param = param
        self.message = message
        self.code = code


def check_generation(fields: Mapping[str, object]) -> None:
    """Refuse a JSON body of `/images/generations` that breaks a rule.

    Raises:
        Rejection: With the parameter at fault.
    """
    _known(fields, GENERATE)
    if not isinstance(fields.get("n", 1), int):
        raise Rejection("n", "n must be an integer")
    _check(fields)


def check_edit(fields: Mapping[str, str], names: Sequence[str], files: Sequence[Part]) -> None:
    """Refuse a form of `/images/edits` that breaks a rule.

    Args:
        fields: The text fields.
        names: Of all text fields as they came, with repetitions.
        files: The file parts, in the order of arrival.

    Raises:
        Rejection: With the parameter at fault.
    """
    _known(fields, EDIT)
    for name in names:
        if names.count(name) > 1:
            raise Rejection(name, f"Duplicate parameter: '{name}'", "duplicate_parameter")
    _check(fields)
    pictures = [part for part in files if part.name in ("image", "image[]")]
    if not pictures:
        raise Rejection("image", "image is required", "missing_required_parameter")
    if any(part.name == "image" for part in pictures) and len(pictures) > 1:
        raise Rejection("image", "Duplicate parameter: 'image'; use 'image[]' for several", "duplicate_parameter")
    if len(pictures) > MAX_IMAGES:
        raise Rejection("image", f"at most {MAX_IMAGES} images")
    numbers = [int(match[1]) for part in pictures if (match := re.match(r"(\d+)-", part.filename or ""))]
    if numbers and numbers != list(range(1, len(pictures) + 1)):
        raise Rejection("image[]", f"the pictures are numbered {numbers}: a prompt that names them by their place means others")
    for part in files:
        if part.name not in FILES:
            raise Rejection(part.name, f"Unknown parameter: '{part.name}'", "unknown_parameter")
        _check_file(part)


def check_batched_edit(fields: Mapping[str, object], files: Collection[str]) -> None:
    """Refuse a JSON body of `/images/edits`, as lines of a batch have it, that breaks a rule.

    Args:
        fields: The body.
        files: Ids of the files that were uploaded.

    Raises:
        Rejection: With the parameter at fault.
    """
    _known(fields, EDIT | {"images", "mask", "moderation"})
    _check(fields)
    images = fields.get("images")
    if not isinstance(images, list) or not 1 <= len(images) <= MAX_IMAGES:
        raise Rejection("images", f"1 to {MAX_IMAGES} images are required", "missing_required_parameter")
    for image in images:
        if not isinstance(image, dict) or set(image) != {"file_id"} or image["file_id"] not in files:
            raise Rejection("images", f"no such file: {image!r}", "invalid_image_file")


def _known(fields: Mapping[str, object], allowed: set[str]) -> None:
    for name in fields:
        if name not in allowed:
            raise Rejection(name, f"Unknown parameter: '{name}'", "unknown_parameter")


def _check(fields: Mapping[str, object]) -> None:
    prompt, model = fields.get("prompt"), str(fields.get("model", ""))
    if not isinstance(prompt, str) or not 0 < len(prompt) <= MAX_PROMPT:
        raise Rejection("prompt", f"prompt must have 1 to {MAX_PROMPT} characters")
    new = NEW.fullmatch(model)
    if not new and model not in OLD:
        raise Rejection("model", f"The model '{model}' does not exist", "model_not_found")
    if not 1 <= int(str(fields.get("n", 1))) <= 10:
        raise Rejection("n", "n must be between 1 and 10")
    qualities = MANY if new and new[1] else FEW
    if fields.get("quality", "auto") not in qualities | {"auto"}:
        raise Rejection("quality", f"quality must be one of {sorted(qualities)}")
    output, background = fields.get("output_format", "png"), fields.get("background", "auto")
    if output not in ("png", "jpeg", "webp"):
        raise Rejection("output_format", "output_format must be png, jpeg or webp")
    if background not in ("transparent", "opaque", "auto") or (background == "transparent" and output == "jpeg"):
        raise Rejection("background", "transparent backgrounds need png or webp")
    _check_size(str(fields.get("size", "auto")), free=bool(new))


def _check_size(size: str, *, free: bool) -> None:
    if size == "auto" or size in ("1024x1024", "1536x1024", "1024x1536"):
        return
    match = re.fullmatch(r"([1-9]\d{1,4})x([1-9]\d{1,4})", size)
    if not free or match is None:
        raise Rejection("size", f"'{size}' is not a supported size")
    width, height = int(match[1]), int(match[2])
    if width % 16 or height % 16:
        raise Rejection("size", "width and height must be divisible by 16")
    if max(width, height) > 3 * min(width, height) or max(width, height) > 3840 or not 655_360 <= width * height <= 8_294_400:
        raise Rejection("size", f"'{size}' is outside the limits of ratio, edge or pixels")


def _check_file(part: Part) -> None:
    from PIL import Image

    if not part.filename:
        raise Rejection(part.name, "a file needs a name")
    if len(part.data) >= MAX_IMAGE_BYTES:
        raise Rejection(part.name, "a file must be smaller than 50 MB")
    try:
        with Image.open(io.BytesIO(part.data), formats=tuple(MEDIA)) as image:
            kind = MEDIA[str(image.format)]
            image.load()
    except (OSError, SyntaxError, ValueError):
        raise Rejection(part.name, "the file is no png, webp or jpg picture", "invalid_image_file") from None
    if part.media_type != kind:
        raise Rejection(part.name, f"unsupported mimetype ('{part.media_type}'), the file is {kind}", "unsupported_file_mimetype")
