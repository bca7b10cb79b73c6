"""Runs Pillow on untrusted photos, in a process of its own that may come to grief. Run as a script by `photos`, never imported.

It gets a job as JSON in its first argument and leaves ``out.npz`` (plain arrays, no pickle) or ``error.txt`` in the job's folder.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[2]))  # this package, where it is not installed

import numpy as np
from PIL import Image, ImageOps

from restoration.apart import limit_process, packed


def made_small(path: str, job: dict[str, Any]) -> bytes | None:
    """A JPEG of at most so many pixels a side, upright, with nothing of what the camera wrote of place, time and maker."""
    try:
        with Image.open(path, formats=job["formats"]) as opened:
            if opened.width * opened.height > job["most_pixels"]:
                return None
            opened.draft("RGB", (2 * job["side"], 2 * job["side"]))  # a JPEG is then decoded at a fraction of its size
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((job["side"], job["side"]))
            clean = Image.new("RGB", upright.size, "white")
            whole = upright.convert("RGBA")
            clean.paste(whole, mask=whole.getchannel("A"))
            out = io.BytesIO()
            clean.save(out, "JPEG", quality=job["quality"], optimize=True)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    try:
        limit_process(request["limits"])
        Image.MAX_IMAGE_PIXELS = request["most_pixels"]
        np.savez(request["out"], **packed("photos", [made_small(path, request) for path in request["paths"]]))
    except Exception as error:  # noqa: BLE001 - whatever Pillow says of a hostile file, the parent goes on without it
        Path(request["error"]).write_text(f"{type(error).__name__}: {error}"[:2000], encoding="utf-8", errors="replace")
        sys.exit(1)
