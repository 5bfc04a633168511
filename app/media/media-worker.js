// Loads the media module into a worker's scope.
import init from './media.js';

init();
