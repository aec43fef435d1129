from itertools import combinations

import pytest

from studymaster.features.focus.rules import asking
from tests.features.focus.page.javascript import run

MEASURE = """
const EDGES = Array.from({ length: 15 }, (_, edge) => 60 * 2 ** (edge / 2));
const SIZE = 2048;
const spectrum = (re, im) => {
  if (re.length === 1) return [re, im];
  const half = (list, odd) => list.filter((_, place) => place % 2 === odd);
  const [er, ei] = spectrum(half(re, 0), half(im, 0));
  const [or, oi] = spectrum(half(re, 1), half(im, 1));
  const outR = new Float64Array(re.length), outI = new Float64Array(re.length);
  for (let bin = 0; bin < er.length; bin += 1) {
    const turn = (-2 * Math.PI * bin) / re.length;
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    const [r, i] = [c * or[bin] - s * oi[bin], c * oi[bin] + s * or[bin]];
    outR[bin] = er[bin] + r; outI[bin] = ei[bin] + i;
    outR[bin + er.length] = er[bin] - r; outI[bin + er.length] = ei[bin] - i;
  }
  return [outR, outI];
};
const bandsOf = (samples) => {
  const bands = EDGES.slice(1).map(() => 0);
  for (let start = 0; start + SIZE < samples.length; start += 7000) {
    const hann = (_, place) => 1 - Math.cos((2 * Math.PI * place) / (SIZE - 1));
    const window = Float64Array.from({ length: SIZE }, hann);
    const [re, im] = spectrum(
      window.map((weight, place) => weight * samples[start + place]),
      new Float64Array(SIZE),
    );
    for (let bin = 0; bin < SIZE / 2; bin += 1) {
      const hertz = (bin * m.RATE) / SIZE;
      const band = EDGES.findIndex((edge) => hertz < edge) - 1;
      if (band >= 0) bands[band] += re[bin] ** 2 + im[bin] ** 2;
    }
  }
  return bands;
};
const spread = (values) => {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length) / mean;
};
return Object.fromEntries(Object.keys(m.SOUNDS).map((name) => {
  const samples = m.render(name, 7);
  const bands = bandsOf(samples);
  const whole = bands.reduce((sum, one) => sum + one, 0);
  const levels = [];
  for (let start = 0; start + 2400 <= samples.length; start += 2400) {
    let power = 0;
    for (let place = 0; place < 2400; place += 1) power += samples[start + place] ** 2;
    levels.push(Math.sqrt(power / 2400));
  }
  let power = 0, peak = 0, step = 0;
  for (let place = 0; place < samples.length; place += 1) {
    power += samples[place] ** 2;
    peak = Math.max(peak, Math.abs(samples[place]));
    if (place) step = Math.max(step, Math.abs(samples[place] - samples[place - 1]));
  }
  return [name, {
    seconds: samples.length / m.RATE,
    loud: Math.sqrt(power / samples.length),
    peak,
    step,
    seam: Math.abs(samples[0] - samples[samples.length - 1]),
    bands: bands.map((one) => one / whole),
    swing: spread(levels),
  }];
}));
"""


@pytest.fixture(scope="module")
def sounds() -> dict:
    found = run("sounds.js", MEASURE)
    assert isinstance(found, dict)
    return found


def test_the_browser_can_make_every_sound_that_can_be_mixed(sounds) -> None:
    assert set(sounds) == set(asking.SOUNDS)


def test_each_can_be_heard_and_none_is_torn(sounds) -> None:
    for name, sound in sounds.items():
        assert 0.02 < sound["loud"] < 0.15, name
        assert sound["peak"] <= 0.95, name
        assert sound["seconds"] == 12, name


def test_each_goes_round_without_a_click(sounds) -> None:
    for name, sound in sounds.items():
        assert sound["seam"] <= sound["step"], name


def test_they_are_really_different(sounds) -> None:
    for (one, first), (other, second) in combinations(sounds.items(), 2):
        pairs = zip(first["bands"], second["bands"], strict=True)
        in_colour = sum(abs(a - b) for a, b in pairs)
        in_motion = abs(first["swing"] - second["swing"])
        assert in_colour > 0.5 or in_motion > 0.3, (one, other, in_colour, in_motion)


def test_a_sound_is_the_same_every_time() -> None:
    same = "const one = m.render('rain', 7); return m.render('rain', 7).every((s, i) => s === one[i]);"
    assert run("sounds.js", same) is True
