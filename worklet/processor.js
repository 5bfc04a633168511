// The audio thread: copies between the shared rings and the engine's memory, block by block, and keeps the engine's own pace whatever the
// browser's quantum is. Views are made when something is attached, never while sound runs: `process` makes no garbage.

import * as engine from './worklet.js';

// Words of commands taken in before each block: what no longer list of commands can exceed.
const COMMAND_WORDS_PER_BLOCK = 4096;
// An export renders this many blocks in one of the browser's quanta, so that the browser's own buffer is a fraction of the song.
const BLOCKS_PER_QUANTUM = 32;
// Where the thread may wait (Firefox, offline) it looks again after this time, and gives the export up after this long without a block.
const WAIT_MS = 5;
const STARVED_MS = 20000;
const PAGE_BYTES = 65536;

class Headroom extends AudioWorkletProcessor {
  constructor({ processorOptions: options }) {
    super();
    try {
      this.start(options);
      this.port.onmessage = ({ data }) => this.attach(data);
      this.port.postMessage({ ready: true, version: this.layout.version });
    } catch (error) {
      this.fail(error);
    }
  }

  start(options) {
    this.memory = engine.initSync({ module: options.module }).memory;
    const [block, ringHeader, ringWrite, ringRead, ringDropped, feedHeader, feedSlots, feedSlotWords, feedTracks, feedGeneration, feedSequence,
      feedFirstLanes, feedFirstLanesOnly, recordsHeader, recordsWritten, memoryPages, records, recordWords, outHeader, outCapacity, outWrite,
      outRead, outState, outLimiting, tapsHeader, tapSlots, tapBlocks, tapCounts, running, finished, failed, version] = engine.layout();
    this.layout = { block, ringHeader, ringWrite, ringRead, ringDropped, feedHeader, feedSlots, feedSlotWords, feedTracks, feedGeneration,
      feedSequence, feedFirstLanes, feedFirstLanesOnly, recordsHeader, recordsWritten, memoryPages, records, recordWords, outHeader, outCapacity,
      outWrite, outRead, outState, outLimiting, tapsHeader, tapSlots, tapBlocks, tapCounts, running, finished, failed, version };
    this.blockLeft = 0;
    this.quantumFrames = 0;
    this.output = options.output ? new Int32Array(options.output) : null;
    this.commands = options.commands ? new Int32Array(options.commands) : null;
    this.events = options.events ? new Int32Array(options.events) : null;
    this.telemetry = options.telemetry ? new Int32Array(options.telemetry) : null;
    this.taps = options.taps ? new Int32Array(options.taps) : null;
    const firstRecord = recordsHeader + 1;
    this.records = Array.from({ length: this.telemetry ? records : 0 }, (_, n) =>
      new Int32Array(options.telemetry, 4 * (firstRecord + n * recordWords), recordWords - 1));
    engine.create(sampleRate, new Int32Array(options.feed)[feedTracks], options.ignoreSolo);
    this.attach(options);
    const at = engine.snapshot(options.snapshot.byteLength);
    new Uint8Array(this.memory.buffer, at).set(options.snapshot);
    if (!engine.load()) throw new Error('The snapshot cannot be read.');
    if (this.output) engine.start_excerpt(options.tailFrames, options.watched);
    this.follow();
  }

  // Takes over another feed ring or tap; comes from the page, rarely.
  attach({ feed, tap }) {
    const { feedHeader, feedSlots, feedSlotWords, feedTracks, feedFirstLanes } = this.layout;
    if (feed) {
      this.feed = new Int32Array(feed);
      this.slotWords = this.feed[feedSlotWords];
      this.slots = Array.from({ length: this.feed[feedSlots] }, (_, n) => new Int32Array(feed, 4 * (feedHeader + n * this.slotWords), this.slotWords));
      this.firstLanes = this.slots.map((slot) => slot.subarray(0, this.feed[feedFirstLanes]));
      engine.set_feed_tracks(this.feed[feedTracks]);
    }
    if (tap !== undefined) this.tap = tap && new Int32Array(tap);
    this.buffer = null;
    this.follow();
  }

  // Makes the views anew after the engine's memory moved, which happens only while the transport stands or something is attached.
  follow() {
    if (this.buffer !== this.memory.buffer) this.makeViews();
  }

  // Stands by itself: an inner function makes garbage of every call of the function around it.
  makeViews() {
    this.buffer = this.memory.buffer;
    this.message = new Int32Array(this.buffer, engine.message(), engine.message_words());
    this.input = new Int32Array(this.buffer, engine.input(), engine.input_words());
    this.block = new Int32Array(this.buffer, engine.tap(), 2 * this.layout.block);
    this.tapCounts = new Int32Array(this.buffer, engine.tap_counts(), 2 * this.layout.tapSlots);
    this.tapBlocks = Array.from({ length: this.taps ? this.layout.tapSlots : 0 }, (_, slot) =>
      new Int32Array(this.buffer, engine.tap_block(slot), 2 * this.layout.block));
    this.recordAt = 0;
    this.quantumFrames = 0;
    if (this.telemetry) Atomics.store(this.telemetry, this.layout.memoryPages, this.buffer.byteLength / PAGE_BYTES);
  }

  process(inputs, outputs) {
    if (this.dead) return false;
    try {
      if (this.output) return this.renderExport();
      this.renderQuantum(inputs[0], outputs[0]);
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  renderQuantum(reference, output) {
    const frames = output[0].length;
    let done = 0;
    this.makeQuantum(frames);
    if (reference.length > 0) this.putReference(reference);
    while (done < frames) {
      if (this.blockLeft === 0) {
        this.nextBlock();
        this.makeQuantum(frames);
        this.blockLeft = this.layout.block;
      }
      const take = Math.min(this.blockLeft, frames - done);
      engine.give(this.layout.block - this.blockLeft, done, take);
      this.blockLeft -= take;
      done += take;
    }
    output[0].set(this.left);
    if (output.length > 1) output[1].set(this.right);
  }

  // A reference that plays into the node is heard through the monitor stage.
  putReference(reference) {
    this.referenceLeft.set(reference[0]);
    this.referenceRight.set(reference[reference.length - 1]);
    engine.put_reference();
  }

  makeQuantum(frames) {
    if (frames === this.quantumFrames) return;
    const at = engine.set_quantum(frames);
    this.follow();
    this.quantumFrames = frames;
    this.left = new Float32Array(this.buffer, at, frames);
    this.right = new Float32Array(this.buffer, at + 4 * frames, frames);
    const reference = engine.reference_input();
    this.referenceLeft = new Float32Array(this.buffer, reference, frames);
    this.referenceRight = new Float32Array(this.buffer, reference + 4 * frames, frames);
  }

  nextBlock() {
    this.takeCommands();
    if (engine.wants_block()) this.fetch();
    engine.render_block();
    this.follow();
    this.publish();
    this.publishTaps();
    const tapped = this.tap ? engine.tap_frames() : 0;
    if (tapped > 0) this.write(this.tap, 0, tapped);
  }

  takeCommands() {
    const { ringHeader, ringWrite, ringRead } = this.layout;
    const mask = this.commands.length - ringHeader - 1;
    const write = Atomics.load(this.commands, ringWrite);
    let read = Atomics.load(this.commands, ringRead);
    let budget = COMMAND_WORDS_PER_BLOCK;
    while (read !== write && budget > 0) {
      const bytes = this.commands[ringHeader + (read & mask)];
      const words = (bytes + 3) >>> 2;
      const fits = words <= this.message.length;
      for (let n = 0; fits && n < words; n++) this.message[n] = this.commands[ringHeader + ((read + 1 + n) & mask)];
      read = fits ? (read + 1 + words) | 0 : write;
      Atomics.store(this.commands, ringRead, read);
      if (fits) engine.take_command(bytes);
      this.follow();
      budget -= words + 1;
    }
  }

  // Copies the wanted block's slot; false when it is not there, or was rewritten meanwhile.
  fetch() {
    const generation = engine.wanted_generation() | 0;
    const sequence = engine.wanted_sequence();
    const place = sequence % this.slots.length;
    const slot = this.slots[place];
    let arrived = this.holds(slot, generation, sequence);
    if (arrived) {
      this.input.set(slot[this.layout.feedFirstLanesOnly] === 1 ? this.firstLanes[place] : slot);
      arrived = this.holds(slot, generation, sequence) && engine.block_arrived();
    }
    if (!arrived) engine.block_missing();
    // Sequence first: a feeder that sees the old generation beside the new sequence ignores both.
    Atomics.store(this.feed, this.layout.feedSequence, sequence + (arrived ? 1 : 0));
    Atomics.store(this.feed, this.layout.feedGeneration, generation);
    return arrived;
  }

  holds(slot, generation, sequence) {
    return Atomics.load(slot, 0) === generation && Atomics.load(slot, 1) === (sequence | 0);
  }

  // Leaves the newest record and the waiting events for the page.
  publish() {
    const { recordsHeader, recordsWritten, recordWords, records } = this.layout;
    const at = engine.take_record();
    if (at !== 0) {
      if (at !== this.recordAt) this.record = new Int32Array(this.buffer, at + 4, recordWords - 1);
      this.recordAt = at;
      const number = Atomics.load(this.telemetry, recordsWritten) >>> 0;
      const start = recordsHeader + (number % records) * recordWords;
      Atomics.store(this.telemetry, start, 0);
      this.records[number % records].set(this.record);
      Atomics.store(this.telemetry, start, number + 1);
      Atomics.store(this.telemetry, recordsWritten, number + 1);
    }
    for (let bytes = engine.take_event(); bytes > 0; bytes = engine.take_event()) this.tell(bytes);
  }

  // Leaves the blocks that somebody looks at.
  publishTaps() {
    const { tapsHeader, tapBlocks, tapCounts, block } = this.layout;
    for (let slot = 0; slot < this.tapBlocks.length; slot++) {
      const at = tapCounts + 2 * slot;
      const number = this.tapCounts[2 * slot];
      const written = this.tapCounts[2 * slot + 1];
      if (written === 0 || (written === this.taps[at + 1] && number === this.taps[at])) continue;
      const ring = (((written >>> 0) / block - 1) % tapBlocks + slot * tapBlocks) * 2 * block;
      this.taps.set(this.tapBlocks[slot], tapsHeader + ring);
      Atomics.store(this.taps, at + 1, written);
      Atomics.store(this.taps, at, number);
    }
  }

  tell(bytes) {
    const { ringHeader, ringWrite, ringRead, ringDropped } = this.layout;
    const mask = this.events.length - ringHeader - 1;
    const write = Atomics.load(this.events, ringWrite);
    const words = (bytes + 3) >>> 2;
    if (words + 1 > mask + 1 - ((write - Atomics.load(this.events, ringRead)) >>> 0)) {
      Atomics.add(this.events, ringDropped, 1);
      engine.count_dropped_event();
      return;
    }
    this.events[ringHeader + (write & mask)] = bytes;
    for (let n = 0; n < words; n++) this.events[ringHeader + ((write + 1 + n) & mask)] = this.message[n];
    Atomics.store(this.events, ringWrite, (write + 1 + words) | 0);
  }

  // Appends the block's frames to an output ring, whole or not at all: false when there is no room.
  write(ring, from, to) {
    const { outHeader, outCapacity, outWrite } = this.layout;
    const mask = 2 * ring[outCapacity] - 1;
    const write = Atomics.load(ring, outWrite);
    if (!this.hasRoom(ring, to - from)) return false;
    const start = (2 * write) & mask;
    if (2 * (to - from) === this.block.length && start + this.block.length <= mask + 1) {
      ring.set(this.block, outHeader + start);
    } else {
      for (let n = 2 * from, at = start; n < 2 * to; n++, at++) ring[outHeader + (at & mask)] = this.block[n];
    }
    Atomics.store(ring, outWrite, (write + to - from) | 0);
    return true;
  }

  hasRoom(ring, frames) {
    const { outCapacity, outWrite, outRead } = this.layout;
    return ring[outCapacity] - ((Atomics.load(ring, outWrite) - Atomics.load(ring, outRead)) | 0) >= frames;
  }

  // Renders ahead as far as feed and output allow. What is missing is waited for here, or before the browser's next quantum by the page.
  renderExport() {
    const { outState, running, failed, block } = this.layout;
    this.progressMs ??= Date.now();
    for (let blocks = 0; blocks < BLOCKS_PER_QUANTUM;) {
      if (Atomics.load(this.output, outState) !== running) return false;
      if (this.hasRoom(this.output, block) && (!engine.wants_block() || this.fetch())) {
        engine.render_block();
        this.write(this.output, engine.kept_from(), engine.kept_to());
        if (engine.is_complete()) this.finish();
        this.progressMs = Date.now();
        blocks++;
      } else if (!this.wait()) {
        return true;
      } else if (Date.now() - this.progressMs > STARVED_MS) {
        Atomics.compareExchange(this.output, outState, running, failed);
      }
    }
    return true;
  }

  // The render has its last frame: what the watched limiter did comes before the state that lets it be read.
  finish() {
    const { outState, outLimiting, running, finished } = this.layout;
    const words = new Int32Array(this.memory.buffer, engine.limiting(), 4);
    words.forEach((word, n) => Atomics.store(this.output, outLimiting + n, word));
    Atomics.compareExchange(this.output, outState, running, finished);
  }

  wait() {
    if (this.mayWait === false) return false;
    try {
      Atomics.wait(this.output, this.layout.outRead, Atomics.load(this.output, this.layout.outRead), WAIT_MS);
      this.mayWait = true;
    } catch {
      this.mayWait = false;
    }
    return this.mayWait;
  }

  // The engine is dead: say so once, and be silent.
  fail(error) {
    this.dead = true;
    const text = this.memory ? new Uint8Array(this.memory.buffer, engine.trap_text(), engine.trap_text_bytes()) : [];
    if (this.output) Atomics.store(this.output, this.layout.outState, this.layout.failed);
    this.port.postMessage({ trapped: `${error} ${String.fromCharCode(...text)}` });
  }
}

// Proves one case of the meters in each of an offline context's quanta, and leaves the numbers for the page.
const NUMBERS_PER_CASE = 12;

class Proof extends AudioWorkletProcessor {
  constructor({ processorOptions: { module, results, cases } }) {
    super();
    engine.initSync({ module });
    this.results = new Float64Array(results);
    this.cases = cases;
    this.next = 0;
  }

  process() {
    if (this.next >= this.cases) return false;
    this.results.set(engine.prove(this.next, sampleRate), this.next * NUMBERS_PER_CASE);
    this.next++;
    return true;
  }
}

registerProcessor('headroom', Headroom);
registerProcessor('headroom-proof', Proof);
