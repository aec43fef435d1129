"""Line drawings of the lectures, from a few words per stroke to a picture on the page.

A drawing is written inside its lecture, one stroke a line, in points with the origin at the
lower left: `size 380 140`, `box x y width height [label]`, `ellipse x y rx ry [label]`,
`line x y x y ...`, `curve x y x y ...` (smooth), `dash x y x y ...` (smooth), `arrow x y x y`, `fill x y x y ...`, `dot x y [label]`
and `text x y label`.
"""

import math
from collections.abc import Callable, Sequence

from reportlab.graphics.shapes import (
    Circle,
    Drawing,
    Ellipse,
    Group,
    Line,
    Polygon,
    PolyLine,
    Rect,
    String,
)
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from demo.fonts import SERIF, font_runs

INK: Color = HexColor("#26323f")
TINT: Color = HexColor("#dce7ee")
_SIZE = 9.5
_HEAD = 6.0

Numbers = Sequence[float]
# Strokes whose numbers are followed by a label, with the count of the numbers.
_LABELLED = {"box": 4, "ellipse": 4, "dot": 2, "text": 2}


def draw(strokes: Sequence[str]) -> Drawing:
    """Draw a figure.

    Args:
        strokes: the lines of a figure block; the first may be `size WIDTH HEIGHT` in points.
    """
    picture = Drawing(380, 140)
    for stroke in strokes:
        word, *rest = stroke.split()
        count = _LABELLED.get(word, len(rest))
        numbers = [float(part) for part in rest[:count]]
        if word == "size":
            picture.width, picture.height = numbers
        else:
            picture.add(_STROKES[word](numbers, " ".join(rest[count:])))
    return picture


def _label(x: float, y: float, text: str) -> Group:
    """Centred text, each character in a font that has it."""
    runs = font_runs(text, SERIF)
    widths = [stringWidth(part, font, _SIZE) for font, part in runs]
    group, left = Group(), x - sum(widths) / 2
    for (font, part), width in zip(runs, widths, strict=True):
        group.add(
            String(left, y - _SIZE / 3, part, fontName=font, fontSize=_SIZE, fillColor=INK)
        )
        left += width
    return group


def _box(at: Numbers, label: str) -> Group:
    x, y, width, height = at
    shape = Rect(x, y, width, height, rx=3, ry=3)
    shape.strokeColor, shape.fillColor = INK, TINT
    return Group(shape, _label(x + width / 2, y + height / 2, label))


def _ellipse(at: Numbers, label: str) -> Group:
    x, y, rx, ry = at
    shape = Ellipse(x, y, rx, ry, strokeColor=INK, fillColor=TINT, fillOpacity=0.6)
    return Group(shape, _label(x, y, label))


def _line(at: Numbers, _label_text: str) -> PolyLine:
    return PolyLine(list(at), strokeColor=INK, strokeWidth=1.1)


def _curve(at: Numbers, _label_text: str) -> PolyLine:
    return PolyLine(_smooth(at), strokeColor=INK, strokeWidth=1.1)


def _dash(at: Numbers, _label_text: str) -> PolyLine:
    return PolyLine(_smooth(at), strokeColor=INK, strokeWidth=0.7, strokeDashArray=[3, 2])


def _smooth(at: Numbers) -> list[float]:
    """Points on the Catmull-Rom spline through the given points."""
    points = list(zip(at[::2], at[1::2], strict=True))
    padded = [points[0], *points, points[-1]]
    way: list[float] = []
    for before, start, end, after in zip(
        padded, padded[1:], padded[2:], padded[3:], strict=False
    ):
        for step in range(8):
            t = step / 8
            for axis in (0, 1):
                p0, p1, p2, p3 = before[axis], start[axis], end[axis], after[axis]
                way.append(
                    p1
                    + 0.5 * t * (p2 - p0)
                    + 0.5 * t**2 * (2 * p0 - 5 * p1 + 4 * p2 - p3)
                    + 0.5 * t**3 * (3 * p1 - p0 - 3 * p2 + p3)
                )
    return [*way, *points[-1]]


def _fill(at: Numbers, _label_text: str) -> Polygon:
    return Polygon(list(at), strokeColor=INK, fillColor=TINT)


def _arrow(at: Numbers, _label_text: str) -> Group:
    x1, y1, x2, y2 = at
    way = math.atan2(y2 - y1, x2 - x1)
    head = [x2, y2]
    for side in (2.7, -2.7):
        head += [x2 + _HEAD * math.cos(way + side), y2 + _HEAD * math.sin(way + side)]
    shaft = Line(x1, y1, x2, y2, strokeColor=INK, strokeWidth=1.1)
    return Group(shaft, Polygon(head, strokeColor=INK, fillColor=INK))


def _dot(at: Numbers, label: str) -> Group:
    x, y = at
    return Group(Circle(x, y, 2.4, strokeColor=INK, fillColor=INK), _label(x, y + 9, label))


_STROKES: dict[str, Callable[[Numbers, str], Group | PolyLine | Polygon]] = {
    "box": _box,
    "ellipse": _ellipse,
    "line": _line,
    "curve": _curve,
    "dash": _dash,
    "fill": _fill,
    "arrow": _arrow,
    "dot": _dot,
    "text": lambda at, label: _label(at[0], at[1], label),
}
