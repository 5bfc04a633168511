// Renders the same graph by the engine's worklet and by the browser's own nodes, in turns; gives the milliseconds of each render.
const { ring, snapshot, rate, seconds, rounds, tracks, slots, bands, withDynamics, headerWords, slotWordsAt, commandWords, recordWords } = arguments[0];
const BLOCK = 128;
const ringBytes = Uint8Array.from(atob(ring), (c) => c.charCodeAt(0));
const module = await WebAssembly.compileStreaming(fetch('worklet_bg.wasm'));
const noise = new Float32Array(rate);
for (let n = 0, state = 1; n < noise.length; n++) {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  noise[n] = state / 2147483648;
}

async function ours() {
  const context = new OfflineAudioContext(2, seconds * rate, rate);
  await context.audioWorklet.addModule('processor.js');
  const feed = new SharedArrayBuffer(ringBytes.length);
  new Uint8Array(feed).set(ringBytes);
  const words = new Int32Array(feed);
  const shared = (count) => new SharedArrayBuffer(4 * count);
  const node = new AudioWorkletNode(context, 'headroom', {
    numberOfInputs: 0,
    outputChannelCount: [2],
    processorOptions: {
      module, feed, commands: shared(commandWords), events: shared(commandWords), telemetry: shared(recordWords), output: null,
      snapshot: Uint8Array.from(snapshot), ignoreSolo: false, tailFrames: 0,
    },
  });
  const said = await new Promise((resolve) => { node.port.onmessage = ({ data }) => resolve(data); });
  if (!said.ready) throw new Error(JSON.stringify(said));
  node.connect(context.destination);
  // Every slot that was read becomes the one that is a whole ring later.
  const slotWords = words[slotWordsAt];
  const stamp = () => {
    const wanted = Atomics.load(words, 5);
    for (let slot = 0; slot < slots; slot++) {
      const at = headerWords + slot * slotWords;
      while (words[at + 1] < wanted) {
        words[at + 1] += slots;
        words[at + 2] += slots * BLOCK;
      }
    }
  };
  const step = (slots / 2) * BLOCK;
  for (let frame = step; frame < seconds * rate; frame += step) {
    context.suspend(frame / rate).then(() => { stamp(); context.resume(); });
  }
  const start = performance.now();
  const result = await context.startRendering();
  const time = performance.now() - start;
  const rendered = Atomics.load(words, 5);
  if (rendered < (seconds * rate) / BLOCK - 1) throw new Error(`only ${rendered} blocks were played`);
  if (!result.getChannelData(0).subarray(-rate).some((sample) => Math.abs(sample) > 0.01)) throw new Error('the render is silent');
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
await ours();
await theirs();
for (let round = 0; round < rounds; round++) {
  times.ours.push(await ours());
  times.theirs.push(await theirs());
}
return times;
