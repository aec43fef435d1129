// The mixer: our own sounds, each with its volume. Browsers start sound only when asked by
// hand, so a mix that was kept waits for a press.
import { useEffect, useRef, useState } from "react";
import { RATE, SECONDS, render } from "./sounds.js";

const SAVE_AFTER_MS = 700;
const FADE_S = 0.12;
const SEED = 7;

/* What one page plays. A sound is made when it is first wanted. */
class Mixer {
  constructor() {
    this.context = new AudioContext();
    this.master = new GainNode(this.context, { gain: 1 });
    this.master.connect(this.context.destination);
    this.channels = new Map();
  }

  set(volumes) {
    for (const [key, volume] of Object.entries(volumes)) {
      if (volume > 0 || this.channels.has(key)) {
        // Ears hear the square: half the way is half as loud.
        this.fade(this.channel(key).gain, (volume / 100) ** 2);
      }
    }
  }

  mute(muted) {
    this.fade(this.master.gain, muted ? 0 : 1);
  }

  fade(gain, goal) {
    gain.setTargetAtTime(goal, this.context.currentTime, FADE_S);
  }

  channel(key) {
    if (!this.channels.has(key)) this.channels.set(key, this.start(key));
    return this.channels.get(key);
  }

  start(key) {
    const left = render(key, SEED);
    const right = new Float32Array(left.length);
    // The other ear hears the same loop from another place: wide, and still without a seam.
    const apart = Math.floor(0.43 * left.length);
    right.set(left.subarray(apart));
    right.set(left.subarray(0, apart), left.length - apart);
    const buffer = new AudioBuffer({ length: RATE * SECONDS, sampleRate: RATE, numberOfChannels: 2 });
    buffer.copyToChannel(left, 0);
    buffer.copyToChannel(right, 1);
    const gain = new GainNode(this.context, { gain: 0 });
    const source = new AudioBufferSourceNode(this.context, { buffer, loop: true });
    source.connect(gain).connect(this.master);
    source.start();
    return gain;
  }

  close() {
    this.context.close();
  }
}

const volumesOf = (sounds) => Object.fromEntries(sounds.map((one) => [one.key, one.volume]));

const SLIDER =
  "flex-1 min-w-0 h-11 md:h-9 appearance-none bg-transparent cursor-pointer rounded-lg " +
  "[&::-webkit-slider-runnable-track]:h-1 [&::-webkit-slider-runnable-track]:rounded-full " +
  "[&::-webkit-slider-runnable-track]:bg-[linear-gradient(to_right,var(--tone)_var(--fill),var(--card2)_var(--fill))] " +
  "[&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:size-3.5 " +
  "[&::-webkit-slider-thumb]:-mt-[5px] [&::-webkit-slider-thumb]:rounded-full " +
  "[&::-webkit-slider-thumb]:bg-[var(--tone)] " +
  "[&::-moz-range-track]:h-1 [&::-moz-range-track]:rounded-full [&::-moz-range-track]:bg-card2 " +
  "[&::-moz-range-progress]:h-1 [&::-moz-range-progress]:rounded-full " +
  "[&::-moz-range-progress]:bg-[var(--tone)] [&::-moz-range-thumb]:size-3.5 " +
  "[&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:rounded-full " +
  "[&::-moz-range-thumb]:bg-[var(--tone)]";

function Slider({ sound, volume, onChange }) {
  const style = { "--fill": `${volume}%`, "--tone": volume ? "var(--hue)" : "var(--ink3)" };
  return (
    <li className="flex items-center gap-3">
      <label
        htmlFor={`sound-${sound.key}`}
        className={`w-[104px] flex-none text-[14px] ${volume ? "text-ink" : "text-ink3"}`}
      >
        {sound.name}
      </label>
      <input
        id={`sound-${sound.key}`}
        type="range"
        min="0"
        max="100"
        step="5"
        value={volume}
        aria-valuetext={volume ? `${volume} percent` : "off"}
        onChange={(event) => onChange(sound.key, Number(event.target.value))}
        className={SLIDER}
        style={style}
      />
    </li>
  );
}

/* Takes over what the server keeps, unless the student is just moving something. */
function useVolumes(sounds, onMix) {
  const [volumes, setVolumes] = useState(() => volumesOf(sounds));
  const waiting = useRef(null);
  const save = useRef(onMix);
  save.current = onMix;
  const kept = JSON.stringify(volumesOf(sounds));
  useEffect(() => {
    if (waiting.current === null) setVolumes(JSON.parse(kept));
  }, [kept]);
  const flush = () => {
    if (waiting.current === null) return;
    clearTimeout(waiting.current.timer);
    save.current(waiting.current.mix);
    waiting.current = null;
  };
  useEffect(() => flush, []);
  const change = (mix) => {
    setVolumes(mix);
    clearTimeout(waiting.current?.timer);
    waiting.current = { mix, timer: setTimeout(flush, SAVE_AFTER_MS) };
  };
  return [volumes, change];
}

export function Ambience({ sounds, onMix }) {
  const [volumes, change] = useVolumes(sounds, onMix);
  const [playing, setPlaying] = useState(false);
  const [muted, setMuted] = useState(false);
  const mixer = useRef(null);
  const isMixed = Object.values(volumes).some((volume) => volume > 0);

  useEffect(() => () => mixer.current?.close(), []);
  useEffect(() => {
    if (playing) mixer.current.set(volumes);
  }, [playing, volumes]);
  useEffect(() => {
    mixer.current?.mute(muted);
  }, [muted]);

  const play = () => {
    mixer.current ??= new Mixer();
    mixer.current.context.resume();
    setPlaying(true);
  };
  const move = (key, volume) => {
    play();
    if (volume) setMuted(false);
    change({ ...volumes, [key]: volume });
  };
  const look = "min-h-11 -my-3 px-2.5 -mr-2.5 rounded-lg text-[13px] font-medium hover:bg-card2";
  return (
    <section aria-label="Ambience" className="surface">
      <div className="flex items-center justify-between gap-3 mb-2">
        <h2 className="text-[14px] font-semibold text-ink2">Ambience</h2>
        {isMixed &&
          (playing ? (
            <button
              type="button"
              aria-pressed={muted}
              aria-label="Mute all sounds"
              data-key="m"
              data-key-label="Mute all sounds"
              onClick={() => setMuted(!muted)}
              className={`${look} text-ink2`}
            >
              {muted ? "Muted" : "Mute"}
            </button>
          ) : (
            <button
              type="button"
              data-key="m"
              data-key-label="Play your sounds"
              onClick={play}
              className={`${look} text-hue-ink`}
            >
              Play sounds
            </button>
          ))}
      </div>
      {isMixed && !playing && (
        <p className="text-[13px] text-ink2 mb-2">
          Your mix is kept. A browser plays it only after you press Play sounds.
        </p>
      )}
      <ul className="list-none flex flex-col">
        {sounds.map((sound) => (
          <Slider key={sound.key} sound={sound} volume={volumes[sound.key] ?? 0} onChange={move} />
        ))}
      </ul>
      <p className="text-[13px] text-ink3 mt-2">Made by your browser, and only while this page is open.</p>
    </section>
  );
}
