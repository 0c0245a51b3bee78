"""Charts as inline SVG that takes its colours from the page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sre_advisor.evals.compare import Paired
from sre_advisor.evals.grading.grade import SURENESS
from sre_advisor.evals.report.summary import ArmFigures
from sre_advisor.model import Confidence

WIDTH, LEFT, RIGHT, ROW = 640, 190, 60, 30


def rates_chart(arms: Sequence[ArmFigures], name: str) -> str:
    """A rate of each arm as a bar with its interval."""
    parts = _axis(len(arms), 0.0, 1.0)
    for i, arm in enumerate(arms):
        interval, y = arm.rates.get(name), 20 + i * ROW
        parts.append(_label(arm.arm, y))
        if interval is None:
            continue
        low, middle, high = (_x(v, 0.0, 1.0) for v in (interval.low, interval.estimate, interval.high))
        parts.append(f'<rect class="bar" x="{LEFT}" y="{y - 8}" width="{middle - LEFT:.1f}" height="16"/>')
        parts.append(_whisker(low, high, y))
        parts.append(f'<text class="value" x="{WIDTH - RIGHT + 8}" y="{y + 4}">{interval.estimate:.1%}</text>')
    return _svg(len(arms), parts, f"{name.replace('_', ' ')} by model")


def tags_chart(tags: dict[str, Paired], a: str, b: str) -> str:
    """The cause found by tag: a dot for each of the two, joined."""
    parts = _axis(len(tags), 0.0, 1.0)
    for i, (tag, paired) in enumerate(sorted(tags.items(), key=lambda item: item[1].difference.estimate)):
        y, xa, xb = 20 + i * ROW, _x(paired.a, 0, 1), _x(paired.b, 0, 1)
        parts += [
            _label(f"{tag} ({paired.cases})", y),
            f'<line class="joint" x1="{xa:.1f}" y1="{y}" x2="{xb:.1f}" y2="{y}"/>',
            f'<circle class="a" cx="{xa:.1f}" cy="{y}" r="6"><title>A {escape(a)}: {paired.a:.2f}</title></circle>',
            f'<circle class="b" cx="{xb:.1f}" cy="{y}" r="4.5"><title>B {escape(b)}: {paired.b:.2f}</title></circle>',
        ]
    return _svg(len(tags), parts, "cause found by tag")


def differences_chart(paired: dict[str, Paired], names: dict[str, str]) -> str:
    """B less A with intervals, shares only."""
    reach = max([0.1, *(max(abs(p.difference.low), abs(p.difference.high)) for p in paired.values())])
    parts = _axis(len(paired), -reach, reach)
    zero = _x(0, -reach, reach)
    parts.append(f'<line class="zero" x1="{zero:.1f}" y1="4" x2="{zero:.1f}" y2="{len(paired) * ROW + 6}"/>')
    for i, (name, found) in enumerate(paired.items()):
        d, y = found.difference, 20 + i * ROW
        kind = "worse" if found.worse > 0 and d.excludes_zero else "better" if d.excludes_zero else "same"
        parts += [
            _label(names.get(name, name), y),
            _whisker(_x(d.low, -reach, reach), _x(d.high, -reach, reach), y),
            f'<circle class="{kind}" cx="{_x(d.estimate, -reach, reach):.1f}" cy="{y}" r="5"/>',
            f'<text class="value" x="{WIDTH - RIGHT + 8}" y="{y + 4}">{d.estimate:+.3f}</text>',
        ]
    return _svg(len(paired), parts, "differences with intervals")


def calibration_chart(arms: Sequence[ArmFigures]) -> str:
    """How often each word of confidence was right, beside the probability it is taken for."""
    rows = [(arm, word) for arm in arms for word in reversed(Confidence) if arm.calibration.levels[word][1]]
    parts = _axis(len(rows), 0.0, 1.0)
    for i, (arm, word) in enumerate(rows):
        right, of = arm.calibration.levels[word]
        y, meant = 20 + i * ROW, _x(SURENESS[word], 0, 1)
        parts += [
            _label(f"{arm.arm}, {word}", y),
            f'<rect class="bar" x="{LEFT}" y="{y - 8}" width="{_x(right / of, 0, 1) - LEFT:.1f}" height="16"/>',
            f'<line class="meant" x1="{meant:.1f}" y1="{y - 11}" x2="{meant:.1f}" y2="{y + 11}"/>',
            f'<text class="value" x="{WIDTH - RIGHT + 8}" y="{y + 4}">{right}/{of}</text>',
        ]
    return _svg(len(rows), parts, "how often right, by confidence")


def pass_k_chart(arms: Sequence[ArmFigures]) -> str:
    """The chance that all of k trials find the cause."""
    most = max((k for arm in arms for k in arm.pass_k), default=1)
    height, parts = 220, list[str]()
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = 10 + (1 - share) * (height - 40)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    for k in range(1, most + 1):
        parts.append(f'<text class="tick" x="{_step(k, most):.1f}" y="{height - 10}" text-anchor="middle">k={k}</text>')
    for i, arm in enumerate(arms):
        points = [(_step(k, most), 10 + (1 - p) * (height - 40)) for k, p in arm.pass_k.items()]
        if not points:
            continue
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="line s{i % 4}" points="{line}"/>')
        parts += [f'<circle class="dot s{i % 4}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points]
        parts.append(f'<text class="tick s{i % 4}" x="0" y="{24 + 18 * i}">● {escape(arm.arm[:24])}</text>')
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="pass^k">{"".join(parts)}</svg>'


def _step(k: int, most: int) -> float:
    return LEFT + 14 + (k - 1) * (WIDTH - RIGHT - LEFT - 28) / max(1, most - 1)


def _x(value: float, low: float, high: float) -> float:
    return LEFT + (min(max(value, low), high) - low) / (high - low) * (WIDTH - LEFT - RIGHT)


def _axis(rows: int, low: float, high: float) -> list[str]:
    bottom, parts = rows * ROW + 6, list[str]()
    for i in range(5):
        value = low + (high - low) * i / 4
        x = _x(value, low, high)
        words = f"{value:.0%}" if low == 0 else f"{value:+.2f}"
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="4" x2="{x:.1f}" y2="{bottom}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 14}" text-anchor="middle">{words}</text>')
    return parts


def _label(text: str, y: float) -> str:
    shown = text if len(text) <= 27 else f"{text[:26]}…"
    place = f'x="{LEFT - 10}" y="{y + 4}" text-anchor="end"'
    return f'<text class="label" {place}>{escape(shown)}<title>{escape(text)}</title></text>'


def _whisker(low: float, high: float, y: float) -> str:
    return f'<path class="whisker" d="M{low:.1f} {y - 5}V{y + 5}M{low:.1f} {y}H{high:.1f}M{high:.1f} {y - 5}V{y + 5}"/>'


def _svg(rows: int, parts: Sequence[str], name: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {rows * ROW + 28}" role="img" aria-label="{escape(name)}">{"".join(parts)}</svg>'
