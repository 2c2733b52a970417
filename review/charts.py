"""Charts as plain HTML and SVG: they need no script, and print, copy and read aloud well."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

WIDTH, HEIGHT, BASE = 720, 150, 18
"""Of a column chart, in its own units; BASE is the room for the dates."""

Rows = Sequence[Mapping[str, Any]]


def bars(rows: Rows, label: str, value: str) -> Markup:
    """Horizontal bars, one a row, the longest as wide as the chart."""
    if not rows:
        return Markup('<p class="none">Nothing yet.</p>')
    most = max(row[value] for row in rows) or 1
    total = sum(row[value] for row in rows)
    line = Markup(
        '<tr><th scope="row">{}</th><td class="bar"><span style="width:{:.1f}%"></span></td>'
        '<td class="number">{:,}</td><td class="number dim">{:.0f} %</td></tr>'
    )
    lines = [
        line.format(row[label], 100 * row[value] / most, row[value], 100 * row[value] / total)
        for row in rows
    ]
    return Markup('<table class="bars">{}</table>').format(Markup("").join(lines))


def columns(rows: Rows, label: str, value: str) -> Markup:
    """Upright columns, one a row in order; the highest is marked with its figure."""
    if not rows:
        return Markup('<p class="none">Nothing yet.</p>')
    most = max(row[value] for row in rows) or 1
    step = WIDTH / max(len(rows), 14)
    column = Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2">'
        "<title>{}: {:,}</title></rect>"
    )
    scale = (HEIGHT - BASE - 16) / most
    heights = [scale * row[value] for row in rows]
    shapes = [
        column.format(
            number * step + 1, HEIGHT - BASE - height, step - 2, height, row[label], row[value]
        )
        for number, (row, height) in enumerate(zip(rows, heights, strict=True))
    ]
    return Markup(
        '<svg class="columns" viewBox="0 0 {} {}" role="img" aria-label="{} by {}">'
        '<text x="0" y="11">highest: {:,}</text>{}<text x="0" y="{}">{}</text>'
        '<text x="{}" y="{}" text-anchor="end">{}</text></svg>'
    ).format(
        WIDTH, HEIGHT, value, label, most, Markup("").join(shapes),
        HEIGHT - 4, rows[0][label],
        max(len(rows) * step, 150), HEIGHT - 4, rows[-1][label] if len(rows) > 1 else "",
    )  # fmt: skip
