"""Tells what kind of document bytes are: what they show, then what is said about them."""

PDF = "application/pdf"
HTML = "text/html"
PLAIN = "text/plain"
MARKDOWN = "text/markdown"
VTT = "text/vtt"
SRT = "application/x-subrip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODP = "application/vnd.oasis.opendocument.presentation"
ZIP = "application/zip"
OLD_OFFICE = "application/x-ole-storage"
"""Office files from before 2007, and newer ones that are locked with a password."""

PNG, JPEG, WEBP, TIFF, GIF, BMP = (
    f"image/{name}" for name in ("png", "jpeg", "webp", "tiff", "gif", "bmp")
)
IMAGES = frozenset({PNG, JPEG, WEBP, TIFF, GIF, BMP})

START_BYTES = 4_096
"""Of a file, that are enough to tell its kind."""

PDF_REACH = 1_024
"""PDF readers, Moodle's own among them, forgive so many bytes before a PDF begins."""

PDF_MARK = b"%PDF-"
ZIP_MARK = b"PK\x03\x04"
OLD_OFFICE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKS = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF8", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"WEBVTT", VTT),
    (b"\xef\xbb\xbfWEBVTT", VTT),
    (b"{\\rtf", "application/rtf"),
)

ENDINGS = {
    "pdf": PDF,
    "html": HTML,
    "htm": HTML,
    "xhtml": HTML,
    "txt": PLAIN,
    "text": PLAIN,
    "md": MARKDOWN,
    "markdown": MARKDOWN,
    "vtt": VTT,
    "srt": SRT,
    "docx": DOCX,
    "docm": DOCX,
    "dotx": DOCX,
    "pptx": PPTX,
    "pptm": PPTX,
    "ppsx": PPTX,
    "potx": PPTX,
    "odt": ODT,
    "odp": ODP,
    "png": PNG,
    "jpg": JPEG,
    "jpeg": JPEG,
    "webp": WEBP,
    "tif": TIFF,
    "tiff": TIFF,
    "gif": GIF,
    "bmp": BMP,
    "doc": "application/msword",
    "ppt": "application/vnd.ms-powerpoint",
}

SAME = {
    "application/xhtml+xml": HTML,
    "application/x-pdf": PDF,
    "text/x-markdown": MARKDOWN,
    "text/srt": SRT,
    "application/x-srt": SRT,
    "image/jpg": JPEG,
    "image/x-ms-bmp": BMP,
    "application/vnd.ms-word.document.macroenabled.12": DOCX,
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": PPTX,
    "application/vnd.ms-powerpoint.slideshow.macroenabled.12": PPTX,
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow": PPTX,
    "application/vnd.openxmlformats-officedocument.presentationml.template": PPTX,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template": DOCX,
}
"""Other names of the same kinds."""

SAYS_NOTHING = frozenset({"", "application/octet-stream", "application/x-forcedownload"})
"""What servers send for files they do not know; Moodle's document/unknown is one more."""

UNKNOWN = "document/unknown"
ZIPPED = frozenset({DOCX, PPTX, ODT, ODP})
TEXTS = frozenset({PLAIN, MARKDOWN, VTT, SRT})
FOLDERS = ((b"word/", DOCX), (b"ppt/", PPTX))


def kind_of(start: bytes, *, listed: str, name: str) -> str:
    """Return the media type by which a file is read.

    Args:
        start: Its first bytes, best `START_BYTES` of them.
        listed: The media type that a server says it has.
        name: Its name; the ending counts where the server knows nothing.
    """
    said = _said(listed, name)
    if PDF_MARK in start[: PDF_REACH + len(PDF_MARK)] and (
        start.startswith(PDF_MARK) or said == PDF
    ):
        return PDF
    if start.startswith(ZIP_MARK):
        return _zipped(start, said)
    if start.startswith(OLD_OFFICE_MARK):
        return said if said in ZIPPED or "ms" in said else OLD_OFFICE
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return WEBP
    return next((kind for mark, kind in MARKS if start.startswith(mark)), said)


def _said(listed: str, name: str) -> str:
    plain = listed.partition(";")[0].strip().lower()
    kind = SAME.get(plain, plain)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    by_name = ENDINGS.get(ending, "")
    if kind in SAYS_NOTHING or kind == UNKNOWN:
        return by_name or kind
    # Servers that do not know captions or Markdown call them plain text.
    return by_name if kind == PLAIN and by_name in TEXTS else kind


def _zipped(start: bytes, said: str) -> str:
    """Return the kind of a ZIP file by the names of its first entries."""
    for kind in (ODT, ODP):
        if b"mimetype" + kind.encode() in start[:200]:
            return kind
    found = next((kind for folder, kind in FOLDERS if folder in start), "")
    return found or (said if said in ZIPPED else ZIP)
