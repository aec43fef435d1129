"""Recordings small enough for a test, real enough to be played."""

import io
import wave


def wav(*, seconds: float = 0.2) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(b"\0\0" * int(8_000 * seconds))
    return written.getvalue()
