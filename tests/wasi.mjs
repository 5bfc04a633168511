// Runs a program for wasm32-wasip1 in Node: `node wasi.mjs PROGRAM [ARGUMENT]...`. The exit code is the program's.
//
// Only what our programs ask of WASI is here: arguments, output, a clock, random numbers. Node's own WASI crashes now and then when it ends.
import { readFileSync, writeSync } from "node:fs";
import { randomFillSync } from "node:crypto";

const BAD_FILE = 8;
const NOT_SUPPORTED = 58;

class Exit {
  constructor(code) {
    this.code = code;
  }
}

const args = process.argv.slice(2).map((argument) => new TextEncoder().encode(`${argument}\0`));
let memory;
const view = () => new DataView(memory.buffer);
const bytes = (start, length) => new Uint8Array(memory.buffer, start, length);

function writeAll(file, data) {
  for (let at = 0; at < data.length; ) {
    try {
      at += writeSync(file, data, at);
    } catch (error) {
      // A pipe whose reader is slow.
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

const known = {
  args_sizes_get(count, size) {
    view().setUint32(count, args.length, true);
    view().setUint32(size, args.reduce((sum, argument) => sum + argument.length, 0), true);
    return 0;
  },
  args_get(pointers, text) {
    for (const [index, argument] of args.entries()) {
      view().setUint32(pointers + 4 * index, text, true);
      bytes(text, argument.length).set(argument);
      text += argument.length;
    }
    return 0;
  },
  environ_sizes_get(count, size) {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return 0;
  },
  environ_get: () => 0,
  fd_write(file, pieces, count, written) {
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      const [start, length] = [view().getUint32(pieces + 8 * index, true), view().getUint32(pieces + 8 * index + 4, true)];
      writeAll(file, bytes(start, length));
      sum += length;
    }
    view().setUint32(written, sum, true);
    return 0;
  },
  clock_time_get(_clock, _precision, time) {
    view().setBigUint64(time, process.hrtime.bigint(), true);
    return 0;
  },
  random_get(start, length) {
    randomFillSync(bytes(start, length));
    return 0;
  },
  fd_prestat_get: () => BAD_FILE,
  sched_yield: () => 0,
  proc_exit(code) {
    throw new Exit(code);
  },
};

const functions = new Proxy(known, { get: (_, name) => known[name] ?? (() => NOT_SUPPORTED) });
const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: functions });
memory = instance.exports.memory;
try {
  instance.exports._start();
} catch (error) {
  if (!(error instanceof Exit)) throw error;
  process.exitCode = error.code;
}
