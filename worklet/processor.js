// Loads the engine's module into the audio thread's scope.
import { initSync } from './worklet.js';

export { initSync };
