// The page's only entry: checks what the studio needs, makes the page cross-origin isolated where the host
// sends no headers, then starts the Leptos module. It is a file of its own because the content security
// policy allows no inline script.

const RELOADED = 'headroom-reloaded-for-isolation';

// The smallest module that uses a SIMD instruction: a function that drops an i8x16.splat of zero.
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11,
]);

function say(text) {
  const boot = document.getElementById('boot');
  boot.setAttribute('role', 'alert');
  boot.textContent = text;
}

function missingPart() {
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(SIMD_MODULE)) return 'WebAssembly with SIMD';
  if (typeof AudioWorkletNode !== 'function') return 'AudioWorklet';
  if (typeof SharedArrayBuffer !== 'function') return 'SharedArrayBuffer';
  return null;
}

function remember(value) {
  try {
    const before = sessionStorage.getItem(RELOADED);
    if (value) sessionStorage.setItem(RELOADED, '1');
    else sessionStorage.removeItem(RELOADED);
    return before !== null;
  } catch {
    return true; // Without a memory a second reload could not be told from the first: do not start the circle.
  }
}

// A page without the headers gets them from a service worker of its own origin, from the next load on.
async function isolate() {
  if (!('serviceWorker' in navigator) || remember(true)) return false;
  try {
    await navigator.serviceWorker.register('isolate.js');
    await navigator.serviceWorker.ready;
  } catch {
    return false;
  }
  location.reload();
  return true;
}

async function boot() {
  if (!crossOriginIsolated) {
    if (await isolate()) return;
    say('Headroom needs a cross-origin isolated page, and this host or private window does not allow one. Open it in a normal window, or serve it with the headers that its README names.');
    return;
  }
  remember(false);
  const missing = missingPart();
  if (missing) {
    say(`Headroom needs ${missing}, which this browser does not have. A current Chrome, Edge, Firefox or Safari has it.`);
    return;
  }
  try {
    const studio = await import('./headroom.js');
    await studio.default({ module_or_path: new URL('headroom_bg.wasm', import.meta.url) });
    document.getElementById('boot')?.remove();
  } catch (error) {
    console.error(error);
    say('Headroom could not start. Reload the page; if that does not help, its files on this host are incomplete.');
  }
}

boot();
