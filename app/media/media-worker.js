// Loads the media module into a worker's scope and hands it every message. Whatever goes wrong beyond repair reaches the page as
// an error event, upon which it starts another worker.
import init, { receive } from './media.js';

const waiting = [];
self.onmessage = (event) => waiting.push(event.data);
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  setTimeout(() => { throw event.reason; });
});

init().then(() => {
  self.onmessage = (event) => receive(event.data);
  waiting.forEach(receive);
});
