"""Files as students find them in Moodle, and as nobody should send them."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import docx
import pptx
from docx.document import Document
from PIL import Image, ImageDraw, ImageFont
from pptx.presentation import Presentation

DOCX_TYPES = (
    '<Types><Override ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
PPTX_TYPES = DOCX_TYPES.replace("wordprocessingml.document", "presentationml.presentation")
LOCKED_OFFICE = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + bytes(600)
    + "EncryptedPackage".encode("utf-16-le")
)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)


def word(path: Path, write: Callable[[Document], object]) -> Path:
    document = docx.Document()
    write(document)
    document.save(str(path))
    return path


def slides(path: Path, write: Callable[[Presentation], object]) -> Path:
    presentation = pptx.Presentation()
    write(presentation)
    presentation.save(str(path))
    return path


def zipped(path: Path, entries: Mapping[str, str | Iterable[bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            pieces = [content.encode()] if isinstance(content, str) else content
            with archive.open(name, "w") as entry:
                for piece in pieces:
                    entry.write(piece)
    return path


def word_by_hand(path: Path, body: str | Iterable[bytes]) -> Path:
    """Write a Word file whose body is the XML given, whatever is wrong with it."""
    begin, end = b'<w:document xmlns:w="w"><w:body>', b"</w:body></w:document>"
    inner = [body.encode()] if isinstance(body, str) else body
    content = (piece for part in ([begin], inner, [end]) for piece in part)
    return zipped(path, {"[Content_Types].xml": DOCX_TYPES, "word/document.xml": content})


def printed(lines: list[str]) -> Image.Image:
    picture = Image.new("RGB", (1200, 80 * len(lines) + 100), "white")
    font = ImageFont.load_default(40)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((60, 50 + 80 * number), line, fill="black", font=font)
    return picture


def png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
