"""Compares pypdf and pypdfium2 at reading lectures: speed, memory, words, broken files.

Run `python -m benchmarks.pdf_text [FILE.pdf ...]`. Without files it prints its own lectures
first, whose text it knows; given files are measured for speed only. Each reading happens in
a process of its own, and the two libraries take turns, so that their ratio comes from the
same minute of the same machine.
"""

import io
import random
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median

import pypdf
import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

ROUNDS = 3
SHINGLE = 5  # words in a row: also counts whether the reading order survived

VOCABULARY = """
the cell membrane carries channels that open when a ligand binds its receptor and
charge moves along the gradient while matrices rotate vectors in a chosen basis so
every eigenvalue stretches its own direction whereas treaties signed after long wars
rarely settled borders for more than one generation of farmers workers and merchants
""".split()  # noqa: SIM905 - prose reads better than a list of its words


def prose(seed: int, *, words: int) -> str:
    """Return sentences of known words, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - prose, not secrets
    sentences: list[str] = []
    while words > 0:
        length = min(words, dice.randint(6, 22))
        sentence = [dice.choice(VOCABULARY) for _ in range(length)]
        sentences.append(" ".join(sentence).capitalize() + ".")
        words -= length
    return " ".join(sentences)


def one_column(path: Path, *, pages: int) -> str:
    """Print a plain lecture; return its text."""
    canvas, told = Canvas(str(path), pagesize=A4), list[str]()
    for number in range(pages):
        text = prose(number, words=300)
        told.append(text)
        lines = canvas.beginText(72, 760)
        lines.setFont("Times-Roman", 12)
        lines.textLines("\n".join(textwrap.wrap(text, 85)))
        canvas.drawText(lines)
        canvas.showPage()
    canvas.save()
    return "\n".join(told)


def two_columns(path: Path, *, pages: int) -> str:
    """Print a justified lecture in two columns; return its text."""
    style = ParagraphStyle("body", fontName="Helvetica", fontSize=9, alignment=4)
    width, height = A4
    frames = [Frame(x, 60, width / 2 - 60, height - 120) for x in (40.0, width / 2 + 10)]
    document = BaseDocTemplate(str(path), pagesize=A4)
    document.addPageTemplates(PageTemplate(frames=frames))
    told = [prose(number, words=120) for number in range(pages * 6)]
    document.build([Paragraph(text, style) for text in told])
    return "\n".join(told)


def read_with_pypdf(path: Path) -> list[str]:
    """Return the text of each page, read by pypdf."""
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def read_with_pdfium(path: Path) -> list[str]:
    """Return the text of each page, read by pypdfium2."""
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


READERS: dict[str, Callable[[Path], list[str]]] = {
    "pypdf": read_with_pypdf,
    "pypdfium2": read_with_pdfium,
}


def memory_kib(field: str) -> int:
    """Return a line of Linux's account of this process: `VmRSS` now, `VmHWM` at most."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split(f"{field}:")[1].split()[0])


def measure(reader: str, path: Path) -> None:
    """Print seconds, peak MiB, pages and characters of one reading (run in a child)."""
    before = memory_kib("VmRSS")
    start = time.perf_counter()
    pages = READERS[reader](path)
    seconds = time.perf_counter() - start
    peak = memory_kib("VmHWM") - before
    print(seconds, peak / 1024, len(pages), sum(map(len, pages)))


def measure_apart(reader: str, path: Path) -> tuple[float, float, int, int]:
    """Run `measure` in a new process and return what it printed."""
    command = [sys.executable, "-m", "benchmarks.pdf_text", "--measure", reader, str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    seconds, peak, pages, characters = answer.stdout.split()
    return float(seconds), float(peak), int(pages), int(characters)


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return every run of five words."""
    words = text.split()
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


def share_found(reader: str, path: Path, told: str) -> float:
    """Return the share (0..1) of the source's five-word runs that came out in order."""
    wanted = shingles(told)
    return len(wanted & shingles("\n".join(READERS[reader](path)))) / len(wanted)


def compare(path: Path, told: str | None) -> None:
    """Print one line per library for one file, and how much faster the faster one is."""
    rounds: dict[str, list[tuple[float, float, int, int]]] = {name: [] for name in READERS}
    for _ in range(ROUNDS):
        for name in READERS:
            rounds[name].append(measure_apart(name, path))
    print(f"\n{path.name}")
    for name, runs in rounds.items():
        seconds = median(run[0] for run in runs)
        found = "" if told is None else f"{share_found(name, path, told):8.2%} found"
        print(
            f"  {name:10} {seconds:8.3f} s {runs[0][2] / seconds:8.0f} pages/s "
            f"{median(run[1] for run in runs):7.1f} MiB {runs[0][3]:9} characters {found}"
        )
    ratios = [
        slow[0] / fast[0]
        for slow, fast in zip(rounds["pypdf"], rounds["pypdfium2"], strict=True)
    ]
    print(f"  pypdfium2 is {min(ratios):.0f} to {max(ratios):.0f} times as fast")


def compare_pictures(path: Path) -> None:
    """Print bytes and milliseconds of one page drawn 1,200 pixels wide, by format."""
    formats: dict[str, dict[str, int]] = {
        "PNG": {},
        "WEBP": {"quality": 82, "method": 2},
        "JPEG": {"quality": 82},
    }
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        picture = page.render(scale=1200 / page.get_width()).to_pil().convert("RGB")  # pyright: ignore[reportUnknownVariableType]
    print(f"\na page of {path.name}, {picture.width} x {picture.height}")
    for name, options in formats.items():
        written, start = io.BytesIO(), time.perf_counter()
        picture.save(written, name, **options)
        spent = (time.perf_counter() - start) * 1_000
        print(f"  {name:5} {len(written.getvalue()):8} bytes {spent:5.0f} ms")


def try_broken(path: Path, folder: Path) -> None:
    """Print how many pages each library still reads of files broken on purpose."""
    whole = path.read_bytes()
    broken = {
        "cut at 95 %": whole[: len(whole) * 95 // 100],
        "cut at 50 %": whole[: len(whole) // 2],
        "no table of contents": whole.replace(b"startxref", b"startzref"),
        "junk before": b"HTTP/1.1 200 OK\r\n\r\n" + whole,
        "garbage": bytes(range(256)) * 40,
    }
    print("\nbroken files: pages read")
    for name, content in broken.items():
        copy = folder / "broken.pdf"
        copy.write_bytes(content)
        print(f"  {name:22}", {reader: pages_read(reader, copy) for reader in READERS})


def pages_read(reader: str, path: Path) -> int | str:
    """Return how many pages had text, or the name of what was raised."""
    try:
        return sum(bool(text.strip()) for text in READERS[reader](path))
    except Exception as error:  # noqa: BLE001 - which exceptions there are is the question
        return type(error).__name__


def main(files: list[Path]) -> None:
    """Print the whole comparison."""
    print(f"pypdf {pypdf.__version__}, pypdfium2 {version(pypdfium2.__name__)}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = folder / "one column.pdf"
        compare(plain, one_column(plain, pages=100))
        columns = folder / "two columns.pdf"
        compare(columns, two_columns(columns, pages=40))
        long = folder / "3,000 pages.pdf"
        compare(long, one_column(long, pages=3_000))
        compare_pictures(columns)
        try_broken(plain, folder)
    for path in files:
        compare(path, None)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main([Path(name) for name in sys.argv[1:]])
