// A player as a web app would have it, which tells what it sees. Times are in seconds.

const GIVEN_UP_AFTER_S = 45;
const SETTLED_S = 1; // that it must go on for after a switch

class Player {
  frames = []; // {at, now, height}: `at` in the film, `now` by the clock
  places = []; // {at, now}: where the film is, every moment
  errors = []; // {details, fatal, at}; those of hls.js that are not fatal mend themselves
  stalls = []; // {at, lasted}
  #hls = null;
  #ear = null;
  #stalledSince = null;
  #buffers = {}; // by what is in them

  constructor(video) {
    this.video = video;
    video.requestVideoFrameCallback((now, frame) => this.#see(now, frame));
    setInterval(() => this.places.push({ at: video.currentTime, now: performance.now() }), 20);
    video.addEventListener("waiting", () => this.#stall());
    video.addEventListener("playing", () => this.#goOn());
  }

  // -- what a viewer does

  async openHls(url, height) {
    const began = performance.now();
    this.#hls = new Hls();
    this.#hls.on(Hls.Events.ERROR, (_, { details, fatal }) => this.#fail(details, fatal));
    this.#hls.on(Hls.Events.BUFFER_APPENDED, (_, { timeRanges }) => (this.#buffers = timeRanges));
    this.#hls.loadSource(url);
    await this.#until(() => this.#hls.levels.length > 0, "no qualities are offered");
    this.#hls.loadLevel = this.#level(height); // and none by itself
    this.#hls.attachMedia(this.video);
    this.#play();
    return this.#frameSince(began, () => true);
  }

  async openFile(url) {
    const began = performance.now();
    this.video.src = url;
    this.#play();
    return this.#frameSince(began, () => true);
  }

  async seek(to) {
    const began = performance.now();
    this.video.currentTime = to;
    return this.#frameSince(began, (frame) => Math.abs(frame.at - to) < 1);
  }

  async watch(seconds) {
    const from = this.places.length;
    const start = this.video.currentTime;
    const isWatched = () => this.video.currentTime >= start + seconds;
    await this.#until(isWatched, `it does not play ${seconds} s on from ${start}`);
    return this.#course(from);
  }

  async changeQuality(height) {
    const from = this.places.length;
    this.#hls.nextLevel = this.#level(height);
    await this.#frameSince(performance.now(), (frame) => frame.height === height);
    await this.watch(SETTLED_S);
    return this.#course(from);
  }

  async changeAudio(index, pitch) {
    const from = this.places.length;
    this.#hls.audioTrack = index;
    await this.#until(() => this.#hears(pitch), `nothing is heard at ${pitch} Hz`);
    await this.watch(SETTLED_S);
    return this.#course(from);
  }

  async changeSubtitles(index) {
    this.#hls.subtitleTrack = index;
    this.#hls.subtitleDisplay = index >= 0;
  }

  async playToTheEnd() {
    await this.#until(() => this.video.ended, "it does not end");
    return { at: this.video.currentTime, duration: this.video.duration };
  }

  // -- what a viewer has before them

  userAgent() {
    return navigator.userAgent;
  }

  async bufferedFrom() {
    const { video, audio } = await this.#until(() => {
      const { video, audio } = this.#buffers;
      return video?.length && audio?.length && { video, audio };
    }, "nothing is buffered");
    return { video: video.start(0), audio: audio.start(0) };
  }

  offers() {
    return {
      heights: this.#hls.levels.map((level) => level.height),
      audio: this.#hls.audioTracks.map((track) => track.name),
      subtitles: this.#hls.subtitleTracks.map((track) => track.name),
    };
  }

  async hear(pitch) {
    await this.#until(() => this.#hears(pitch), `nothing is heard at ${pitch} Hz`);
  }

  async read() {
    const shown = () => [...this.video.textTracks].flatMap((track) => [...(track.activeCues ?? [])]);
    await this.#until(() => shown().length > 0, "no subtitle is shown");
    return shown().map(({ startTime, endTime, text }) => ({ start: startTime, end: endTime, text }));
  }

  summary() {
    const quality = this.video.getVideoPlaybackQuality();
    return {
      errors: this.errors,
      stalls: this.stalls,
      frames: quality.totalVideoFrames,
      dropped: quality.droppedVideoFrames,
      duration: this.video.duration,
    };
  }

  // -- how it is seen

  #play() {
    // not awaited: what never plays would never say so
    this.video.play().catch((error) => this.#fail(String(error), true));
  }

  #fail(details, fatal) {
    this.errors.push({ details, fatal, at: this.video.currentTime });
  }

  #see(now, { mediaTime, height }) {
    this.frames.push({ at: mediaTime, now, height });
    this.video.requestVideoFrameCallback((later, frame) => this.#see(later, frame));
  }

  #stall() {
    if (this.video.seeking || this.frames.length === 0) return; // that is no stall, but a start
    this.#stalledSince ??= performance.now();
  }

  #goOn() {
    if (this.#stalledSince === null) return;
    const lasted = (performance.now() - this.#stalledSince) / 1000;
    this.stalls.push({ at: this.video.currentTime, lasted });
    this.#stalledSince = null;
  }

  async #frameSince(began, isWanted) {
    const isNew = (frame) => frame.now >= began && isWanted(frame);
    await this.#until(() => this.frames.some(isNew), "the frame does not come");
    const { at, now, height } = this.frames.find(isNew);
    return { at, after: (now - began) / 1000, height };
  }

  // `ahead` is how far the film ran ahead of the clock in one moment, `back` how far it fell back.
  // Not told from the frames: those that come late are followed by others at once.
  #course(from) {
    const seen = this.places.slice(from);
    const steps = seen.slice(1).map(({ at, now }, n) => ({
      film: at - seen[n].at,
      clock: (now - seen[n].now) / 1000,
    }));
    return {
      ahead: Math.max(0, ...steps.map(({ film, clock }) => film - clock)),
      back: Math.max(0, ...steps.map(({ film }) => -film)),
      at: this.video.currentTime,
      height: this.video.videoHeight,
    };
  }

  // the one of the highest bit rate, which is the original where there is one of this height
  #level(height) {
    const index = this.#hls.levels.findLastIndex((level) => level.height === height);
    if (index < 0) throw new Error(`no quality has a height of ${height}`);
    return index;
  }

  #hears(pitch) {
    const { context, analyser } = (this.#ear ??= listen(this.video));
    const volumes = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(volumes);
    const loudest = volumes.indexOf(Math.max(...volumes));
    const heard = (loudest * context.sampleRate) / analyser.fftSize;
    return Number.isFinite(volumes[loudest]) && Math.abs(heard - pitch) < 20;
  }

  async #until(isSo, otherwise) {
    const end = performance.now() + GIVEN_UP_AFTER_S * 1000;
    for (let seen = isSo(); ; seen = isSo()) {
      if (seen) return seen;
      if (performance.now() > end) throw new Error(`${otherwise}: ${this.#state()}`);
      await new Promise((later) => setTimeout(later, 20));
    }
  }

  #state() {
    const { currentTime, readyState, seeking, paused, error, buffered } = this.video;
    const ranges = Array.from({ length: buffered.length }, (_, n) => [
      buffered.start(n),
      buffered.end(n),
    ]);
    const last = this.frames.at(-1);
    const seen = { currentTime, readyState, seeking, paused, ranges, last, errors: this.errors };
    return JSON.stringify({ ...seen, error: error?.message });
  }
}

function listen(video) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 8192 });
  context.createMediaElementSource(video).connect(analyser).connect(context.destination);
  return { context, analyser };
}

globalThis.player = new Player(document.getElementById("video"));
