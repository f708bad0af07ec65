"""Small line charts as SVG: one row a part, memory on the left, CPU on the right."""

from html import escape
from statistics import linear_regression

WIDTH, HEIGHT, GAP, LEFT, TOP = 380, 110, 70, 90, 64
_INK, _QUIET, _LINE, _FIT = "#222", "#777", "#2563eb", "#dc2626"

#: x (minutes) and y of a chart, and what it is called.
Series = tuple[str, list[tuple[float, float]]]


def page(title: str, lines: list[str], rows: list[tuple[str, Series, Series]]) -> str:
    """A whole picture: a title, some lines of text, and for each part its two charts. Each scale begins at 0; the red line is the fit."""
    top = TOP + 18 * len(lines)
    height, width = top + len(rows) * (HEIGHT + GAP) + 10, LEFT + 2 * (WIDTH + GAP)
    parts = [_text(16, 34, title, 20, _INK, "bold")]
    parts += [_text(16, 60 + 18 * number, line, 13, _QUIET) for number, line in enumerate(lines)]
    for number, (name, memory, cpu) in enumerate(rows):
        y = top + number * (HEIGHT + GAP) + 24
        parts.append(_text(16, y + HEIGHT / 2, name, 14, _INK, "bold"))
        parts += [_chart(LEFT + 30 + place * (WIDTH + GAP), y, *series) for place, series in enumerate((memory, cpu))]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="system-ui, sans-serif">'
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="white"/>', *parts, "</svg>\n"])


def _chart(x: float, y: float, label: str, points: list[tuple[float, float]]) -> str:
    most_x, most_y = max((at for at, _ in points), default=1) or 1, (max((value for _, value in points), default=1) or 1) * 1.15

    def place(at: float, value: float) -> str:
        return f"{x + at / most_x * WIDTH:.1f},{y + HEIGHT - value / most_y * HEIGHT:.1f}"

    parts = [f'<path d="M{x} {y}v{HEIGHT}h{WIDTH}" fill="none" stroke="#ccc"/>', _text(x, y - 8, label, 12, _INK)]
    parts += [_text(x - 6, y + 10, f"{most_y:.3g}", 10, _QUIET, anchor="end"), _text(x - 6, y + HEIGHT, "0", 10, _QUIET, anchor="end")]
    parts.append(_text(x + WIDTH, y + HEIGHT + 14, f"{most_x:.3g} min", 10, _QUIET, anchor="end"))
    if len(points) > 1:
        parts.append(f'<polyline points="{" ".join(place(*point) for point in points)}" fill="none" stroke="{_LINE}" stroke-width="1.5"/>')
    if fit := _fit(points[len(points) // 2 :]):
        parts.append(f'<polyline points="{" ".join(place(*point) for point in fit)}" fill="none" stroke="{_FIT}" stroke-dasharray="5 3"/>')
    return "\n".join(parts)


def _fit(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The ends of the line fitted to the points."""
    if len(points) < 3:
        return []
    slope, start = linear_regression(*zip(*points, strict=True))
    return [(x, max(0.0, slope * x + start)) for x in (points[0][0], points[-1][0])]


def _text(x: float, y: float, text: str, size: int, colour: str, weight: str = "normal", anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" font-weight="{weight}" text-anchor="{anchor}">{escape(text)}</text>'
