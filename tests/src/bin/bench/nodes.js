// Renders the same graph by the engine's worklet, as an export does, and, where they are asked for, by the browser's own nodes, in turns; gives the
// milliseconds of each render.
const { ring, snapshot, rate, seconds, rounds, tracks, slots, bands, withDynamics, withNodes, layout } = arguments[0];
const QUANTUM = 128;
// What the worklet renders in one of the browser's quanta while it exports.
const BLOCKS_PER_QUANTUM = 32;
const { block, headerWords, slotWordsAt, slotsAt, commandWords, recordWords, outputWords, outputFrames, capacityAt, writtenAt } = layout;
const quanta = Math.ceil((seconds * rate) / block / BLOCKS_PER_QUANTUM);
const blocks = quanta * BLOCKS_PER_QUANTUM;
const small = new Int32Array(Uint8Array.from(atob(ring), (c) => c.charCodeAt(0)).buffer);
const slotWords = small[slotWordsAt];
const module = await WebAssembly.compileStreaming(fetch('worklet_bg.wasm'));
const noise = new Float32Array(rate);
for (let n = 0, state = 1; n < noise.length; n++) {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  noise[n] = state / 2147483648;
}

// A feed that holds the whole render: the small ring's blocks over and over, each in the place of its own number.
function wholeFeed() {
  const words = new Int32Array(new SharedArrayBuffer(4 * (headerWords + blocks * slotWords)));
  words.set(small.subarray(0, headerWords));
  words[slotsAt] = blocks;
  for (let slot = 0; slot < blocks; slot++) {
    const at = headerWords + slot * slotWords;
    const from = headerWords + (slot % slots) * slotWords;
    words.set(small.subarray(from, from + slotWords), at);
    words[at + 1] = slot;
    words[at + 2] = slot * block;
  }
  return words;
}
const feed = wholeFeed();

async function ours() {
  const context = new OfflineAudioContext(1, quanta * QUANTUM, rate);
  await context.audioWorklet.addModule('processor.js');
  feed.set(small.subarray(0, headerWords));
  feed[slotsAt] = blocks;
  const shared = (count) => new SharedArrayBuffer(4 * count);
  const output = new Int32Array(shared(outputWords));
  output[capacityAt] = outputFrames;
  const node = new AudioWorkletNode(context, 'headroom', {
    numberOfInputs: 0,
    outputChannelCount: [1],
    processorOptions: {
      module, feed: feed.buffer, commands: null, events: shared(commandWords), telemetry: shared(recordWords), output: output.buffer,
      snapshot: Uint8Array.from(snapshot), ignoreSolo: false, tailFrames: 0, watched: 0,
    },
  });
  const said = await new Promise((resolve) => { node.port.onmessage = ({ data }) => resolve(data); });
  if (!said.ready) throw new Error(JSON.stringify(said));
  const start = performance.now();
  await context.startRendering();
  const time = performance.now() - start;
  const written = Atomics.load(output, writtenAt);
  if (written < seconds * rate) throw new Error(`only ${written} frames were rendered`);
  const samples = new Float32Array(output.buffer, 4 * (outputWords - 2 * outputFrames));
  if (!samples.subarray(2 * (seconds - 1) * rate, 2 * seconds * rate).some((sample) => Math.abs(sample) > 0.01)) throw new Error('the render is silent');
  return time;
}

async function theirs() {
  const context = new OfflineAudioContext(2, seconds * rate, rate);
  const buffer = context.createBuffer(2, noise.length, rate);
  buffer.copyToChannel(noise, 0);
  buffer.copyToChannel(noise.slice().reverse(), 1);
  for (let track = 0; track < tracks; track++) {
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    let last = source;
    const then = (node) => { last.connect(node); last = node; };
    for (const [frequency, gain] of bands) then(new BiquadFilterNode(context, { type: 'peaking', frequency, gain, Q: 1 }));
    if (withDynamics) {
      then(new DynamicsCompressorNode(context, { threshold: -24, ratio: 4 }));
      then(new GainNode(context, { gain: 0.9 }));
      then(new StereoPannerNode(context, { pan: 0.3 }));
    }
    then(new GainNode(context, { gain: 0.06 }));
    last.connect(context.destination);
    source.start();
  }
  const start = performance.now();
  await context.startRendering();
  return performance.now() - start;
}

const times = { ours: [], theirs: [] };
for (let round = -1; round < rounds; round++) {
  const mine = await ours();
  const native = withNodes ? await theirs() : null;
  // The first round warms up.
  if (round < 0) continue;
  times.ours.push(mine);
  if (withNodes) times.theirs.push(native);
}
return times;
