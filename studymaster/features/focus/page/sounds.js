// Sounds to focus by, computed here sample by sample: no recordings. Each is a stretch that
// begins where it ends, so that it can go round without a seam.
export const RATE = 24_000;
export const SECONDS = 12;
const SEAM = RATE;
const LOUDNESS = 0.1;

function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const hiss = (roll) => () => 2 * roll() - 1;

/* Noise that falls by 3 dB an octave: white noise held for longer and longer times. */
function pink(roll) {
  const rows = new Float32Array(12);
  let sum = 0;
  let count = 0;
  return () => {
    count = (count + 1) & 4095;
    const row = count ? Math.min(11, 31 - Math.clz32(count & -count)) : 11;
    const fresh = (2 * roll() - 1) / 12;
    sum += fresh - rows[row];
    rows[row] = fresh;
    return sum + (2 * roll() - 1) / 12;
  };
}

function brown(roll) {
  let level = 0;
  return () => {
    level = 0.998 * level + 0.04 * (2 * roll() - 1);
    return level;
  };
}

function lowPass(hertz) {
  const share = 1 - Math.exp((-2 * Math.PI * hertz) / RATE);
  let level = 0;
  return (sample) => (level += share * (sample - level));
}

function highPass(hertz) {
  const low = lowPass(hertz);
  return (sample) => sample - low(sample);
}

/* A resonance whose pitch may wander: `q` is how narrow it is. */
function resonance(q) {
  let low = 0;
  let band = 0;
  let step = 0;
  let tuned = 0;
  return (sample, hertz) => {
    if (hertz !== tuned) {
      step = 2 * Math.sin((Math.PI * Math.min(hertz, RATE / 6)) / RATE);
      tuned = hertz;
    }
    low += step * band;
    band += step * (sample - low - band / q);
    return band / q;
  };
}

/* A level that wanders between 0 and 1, reaching a new goal every `seconds` or so. */
function wandering(roll, seconds) {
  let level = roll();
  let goal = roll();
  let rest = 0;
  const share = 1 - Math.exp(-3 / (seconds * RATE));
  return () => {
    if (rest-- <= 0) {
      goal = roll();
      rest = seconds * RATE * (0.5 + roll());
    }
    level += share * (goal - level);
    return level;
  };
}

function each(samples, next) {
  for (let place = 0; place < samples.length; place += 1) samples[place] = next(place);
  return samples;
}

/* Adds short events: `perSecond` on average, each drawn by `draw(place within, dice)`. */
function sprinkle(samples, roll, { perSecond, seconds, draw }) {
  const count = Math.round((perSecond * samples.length) / RATE);
  const length = Math.round(seconds * RATE);
  for (let event = 0; event < count; event += 1) {
    const start = Math.floor(roll() * (samples.length - length));
    const one = draw(roll);
    for (let place = 0; place < length; place += 1) samples[start + place] += one(place / RATE);
  }
}

function rain(samples, roll) {
  const source = pink(roll);
  const bright = highPass(500);
  const soft = lowPass(7000);
  const gust = wandering(roll, 4);
  each(samples, () => soft(bright(source())) * (0.8 + 0.4 * gust()));
  sprinkle(samples, roll, {
    perSecond: 45,
    seconds: 0.03,
    draw: () => {
      const pitch = 2 * Math.PI * (1500 + 4500 * roll());
      const loud = 0.1 * roll() ** 3;
      return (at) => loud * Math.exp(-at / 0.004) * Math.sin(pitch * at);
    },
  });
}

function brownNoise(samples, roll) {
  const source = brown(roll);
  const steady = highPass(20);
  each(samples, () => steady(source()));
}

function whiteNoise(samples, roll) {
  each(samples, hiss(roll));
}

/* A voice two tables away: a buzz and some breath through two formants, syllable by syllable. */
function voice(roll) {
  const breath = hiss(roll);
  const low = resonance(4);
  const high = resonance(6);
  const syllables = wandering(roll, 0.14);
  const turns = wandering(roll, 3);
  const melody = wandering(roll, 0.6);
  const base = 95 + 110 * roll();
  const formant = 320 + 280 * roll();
  let phase = roll();
  return () => {
    phase = (phase + (base * (0.85 + 0.3 * melody())) / RATE) % 1;
    const loud = syllables() ** 2 * Math.max(0, turns() - 0.25);
    const source = 1.4 * (phase - 0.5) + 0.3 * breath();
    return loud * (low(source, formant) + 0.35 * high(source, 2.6 * formant));
  };
}

function cafe(samples, roll) {
  const voices = Array.from({ length: 6 }, () => voice(roll));
  const room = lowPass(220);
  const air = pink(roll);
  each(samples, () => {
    let sum = 0.12 * room(air());
    for (const speak of voices) sum += speak();
    return sum;
  });
  sprinkle(samples, roll, {
    perSecond: 0.6,
    seconds: 0.25,
    draw: () => {
      const pitch = 2 * Math.PI * (2600 + 2200 * roll());
      const loud = 0.05 + 0.05 * roll();
      return (at) =>
        loud * Math.exp(-at / 0.05) * (Math.sin(pitch * at) + 0.4 * Math.sin(2.76 * pitch * at));
    },
  });
}

function waves(samples, roll) {
  const body = brown(roll);
  const spray = pink(roll);
  const foam = highPass(900);
  const whole = samples.length / RATE - 1;
  each(samples, (place) => {
    // Two waves of the loop's length each: its end meets its beginning in the same ebb.
    const turn = (2 * place) / RATE / whole;
    const within = turn - Math.floor(turn);
    const swell = within < 0.35 ? (within / 0.35) ** 2 : ((1 - within) / 0.65) ** 1.6;
    return 0.5 * body() * (0.25 + 0.75 * swell) + 1.4 * foam(spray()) * swell ** 1.5;
  });
}

function wind(samples, roll) {
  const source = hiss(roll);
  const howl = resonance(9);
  const whistle = resonance(14);
  const strength = wandering(roll, 2.5);
  const pitch = wandering(roll, 3.5);
  each(samples, () => {
    const sample = source();
    const now = strength();
    const hertz = 220 + 420 * pitch() + 160 * now;
    return (0.25 + now) ** 2 * (howl(sample, hertz) + 0.35 * whistle(sample, 1.9 * hertz));
  });
}

function fire(samples, roll) {
  const source = brown(roll);
  const deep = lowPass(160);
  const flicker = wandering(roll, 0.5);
  const embers = highPass(700);
  const breath = pink(roll);
  each(samples, () => {
    const heat = 0.4 + flicker();
    return heat * (0.22 * deep(source()) + 0.05 * embers(breath()));
  });
  sprinkle(samples, roll, {
    perSecond: 9,
    seconds: 0.04,
    draw: () => {
      const noise = hiss(roll);
      const sharp = highPass(1200);
      const loud = 0.04 + 0.6 * roll() ** 4;
      const fade = 0.002 + 0.006 * roll();
      return (at) => loud * Math.exp(-at / fade) * sharp(noise());
    },
  });
}

function crickets(samples, roll) {
  const night = pink(roll);
  const far = lowPass(500);
  const singers = [3900, 4350, 4800].map((hertz, place) => ({
    hertz: 2 * Math.PI * hertz,
    period: 0.62 + 0.17 * place,
    start: roll(),
    loud: [0.1, 0.06, 0.04][place],
  }));
  each(samples, (place) => {
    const at = place / RATE;
    let sum = 0.05 * far(night());
    for (const one of singers) {
      // A chirp is four short pulses, then silence.
      const within = (at + one.start) % one.period;
      const pulse = within < 0.16 ? Math.sin((Math.PI * within) / 0.04) ** 2 : 0;
      sum += one.loud * pulse * Math.sin(one.hertz * at);
    }
    return sum;
  });
}

export const SOUNDS = {
  rain,
  brown: brownNoise,
  white: whiteNoise,
  cafe,
  waves,
  wind,
  fire,
  crickets,
};

/* One channel of a sound: its end runs into its beginning, and it is as loud as the others. */
export function render(name, seed) {
  const length = RATE * SECONDS;
  const raw = new Float32Array(length + SEAM);
  SOUNDS[name](raw, dice(seed));
  const samples = raw.slice(0, length);
  for (let place = 0; place < SEAM; place += 1) {
    const part = place / SEAM;
    samples[place] =
      raw[place] * Math.sqrt(part) + raw[length + place] * Math.sqrt(1 - part);
  }
  let power = 0;
  let peak = 0;
  for (const sample of samples) {
    power += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  const scale = Math.min(LOUDNESS / Math.sqrt(power / length), 0.95 / peak);
  return samples.map((sample) => sample * scale);
}
