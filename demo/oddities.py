"""Files that make trouble in real courses: scanned and cut off; and one picture."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from demo.fonts import FOLDER, SERIF

_DOTS = 2  # pixels per point: a poor scanner
_PAPER = "#f4f1e8"
_PRINT = "#2b2a28"


def scan(text: str) -> bytes:
    """A PDF of page pictures without a text layer; "---" alone on a line begins a new page."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    for page in text.split("\n---\n"):
        canvas.drawImage(ImageReader(_photograph(page)), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _photograph(page: str) -> Image.Image:
    width, height = (int(side * _DOTS) for side in A4)
    picture = Image.new("L", (width, height), _PAPER)
    pen = ImageDraw.Draw(picture)
    face = ImageFont.truetype(str(FOLDER / f"{SERIF}.ttf"), 13 * _DOTS)
    pen.multiline_text((70 * _DOTS, 80 * _DOTS), page, fill=_PRINT, font=face, spacing=14)
    # Nobody lays the page on the glass quite straight.
    return picture.rotate(0.6, fillcolor=_PAPER)


def cut_off(pdf: bytes) -> bytes:
    """The beginning of a PDF whose upload was interrupted."""
    return pdf[: len(pdf) // 3]


def cell_picture() -> bytes:
    """A PNG sketch of an animal cell for a page."""
    picture = Image.new("RGB", (480, 300), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((30, 20, 450, 280), outline="#1f5673", fill="#e4eef4", width=4)
    pen.ellipse((170, 90, 300, 210), outline="#1f5673", fill="#b8d0de", width=3)
    pen.ellipse((215, 130, 255, 170), fill="#1f5673")
    for left, top in ((80, 90), (340, 80), (330, 190)):
        pen.ellipse(
            (left, top, left + 70, top + 30), outline="#8a4b2f", fill="#f0d9cc", width=2
        )
    target = BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
