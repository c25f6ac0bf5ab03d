"""Pictures that a server of one's own gives as addresses: fetched from that server only, and only where the user allows it."""

from __future__ import annotations

import base64
import json
import time
from urllib.parse import urljoin, urlsplit

from brandkit.generate.backend import Answer

LARGEST = 64_000_000  # bytes; a picture of 8 megapixels without compression is half of it
TIMEOUT = 60.0  # s to the first byte, and from there to the last


def with_picture(answer: Answer, address: str, *, key: str) -> Answer:
    """`answer` with its picture in it, where it only names an address on the same host; unchanged in every other case.

    Args:
        answer: As it came.
        address: Of the server: scheme, host and port must agree.
        key: Sent along, since it is the server's own.
    """
    try:
        raw = json.loads(answer.body)
        item = raw["data"][0]
        url = urljoin(address, str(item["url"]))
    except (ValueError, KeyError, IndexError, TypeError):
        return answer
    here, there = urlsplit(address), urlsplit(url)
    if item.get("b64_json") or (here.scheme, here.netloc) != (there.scheme, there.netloc):
        return answer
    picture = _fetched(url, key)
    if picture is None:
        return answer
    item["b64_json"] = base64.b64encode(picture).decode()
    return Answer(json.dumps(raw).encode(), answer.headers)


def _fetched(url: str, key: str) -> bytes | None:
    import httpx2

    data = bytearray()
    try:
        with httpx2.stream("GET", url, headers={"authorization": f"Bearer {key}"}, timeout=TIMEOUT, follow_redirects=False) as response:
            if response.status_code != 200:
                return None
            end = time.monotonic() + TIMEOUT
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > LARGEST or time.monotonic() > end:
                    return None
    except httpx2.HTTPError:
        return None
    return bytes(data)
