"""Which files are fetched by themselves, and why others are not. Pure."""

MEDIA = frozenset({"audio", "video"})

LARGE_BYTES = 25_000_000
"""Over this, what has no text in it is not fetched by itself."""


def is_on_demand(mimetype: str, *, size_bytes: int, readable: bool) -> bool:
    """Tell whether a file is fetched only when the student asks for it.

    Recordings are, and whatever is large without being something to read.
    """
    is_media = mimetype.partition("/")[0].lower() in MEDIA
    return is_media or (not readable and size_bytes > LARGE_BYTES)


def too_large(limit_mb: int) -> str:
    """Return why a file is not fetched that is over the limit (megabytes)."""
    return (
        f"StudyMaster keeps files of up to {limit_mb:,} MB, and this one is larger. "
        "Open it in Moodle."
    )
