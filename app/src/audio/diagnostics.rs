//! What tests may ask a running page: what left the engine before the monitor stage, the size of the audio thread's memory, how it keeps up;
//! and an edit of the document that they have written. Functions only, on `window.headroomDiagnostics`; nothing of the page depends on it.

use std::cell::RefCell;
use std::rc::Rc;

use dsp::protocol::output::{CHANNELS, HEADER_WORDS, OutputRing, words_for};
use js_sys::{Float32Array, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::AudioEngine;
use super::shared::SharedMemory;

/// Where they are.
const NAME: &str = "headroomDiagnostics";
/// Longest recording, frames: three minutes at 96 kHz.
const MOST_FRAMES: f64 = (1 << 24) as f64;

/// Puts the functions on the window.
pub fn expose(engine: &AudioEngine) {
    let tap: Rc<RefCell<Option<SharedMemory>>> = Rc::default();
    let (recorder, held) = (engine.clone(), tap.clone());
    add("startTap", Closure::<dyn Fn(f64)>::new(move |frames| recorder.start_tap(&held, frames)).into_js_value());
    let (recorder, held) = (engine.clone(), tap.clone());
    add("stopTap", Closure::<dyn Fn() -> Float32Array>::new(move || recorder.stop_tap(&held)).into_js_value());
    add("tappedFrames", Closure::<dyn Fn() -> f64>::new(move || tapped_frames(&tap)).into_js_value());
    let live = engine.clone();
    let memory = move || live.live().map_or(0.0, |live| live.memory_bytes());
    add("workletMemoryBytes", Closure::<dyn Fn() -> f64>::new(memory).into_js_value());
    let live = engine.clone();
    add(
        "underruns",
        Closure::<dyn Fn() -> JsValue>::new(move || live.playback_stats().map_or(JsValue::NULL, |stats| stats.underruns.into()))
            .into_js_value(),
    );
    let live = engine.clone();
    let quantum = move || live.live().and_then(|live| live.quantum_frames()).unwrap_or(0.0);
    add("quantumFrames", Closure::<dyn Fn() -> f64>::new(quantum).into_js_value());
    let live = engine.clone();
    add("starved", Closure::<dyn Fn() -> u32>::new(move || live.live().map_or(0, |live| live.starved())).into_js_value());
}

/// Puts one more function beside them.
pub fn add(name: &str, function: JsValue) {
    let Some(window) = web_sys::window() else { return };
    let key = JsValue::from(NAME);
    let functions = Reflect::get(&window, &key).ok().filter(JsValue::is_object).unwrap_or_else(|| Object::new().into());
    // Plain objects take any property.
    let _ = Reflect::set(&functions, &name.into(), &function);
    let _ = Reflect::set(&window, &key, &functions);
}

fn tapped_frames(tap: &RefCell<Option<SharedMemory>>) -> f64 {
    tap.borrow().as_ref().map_or(0.0, |memory| f64::from(OutputRing::new(memory.clone()).written()))
}

impl AudioEngine {
    /// Records the mix from now on until the ring is full; only what is played counts.
    fn start_tap(&self, tap: &RefCell<Option<SharedMemory>>, frames: f64) {
        let Some(live) = self.live() else { return };
        let memory = SharedMemory::new(words_for((frames.clamp(1.0, MOST_FRAMES) as usize).next_power_of_two()));
        OutputRing::new(memory.clone()).format();
        live.post("tap", memory.buffer());
        *tap.borrow_mut() = Some(memory);
    }

    /// Ends the recording: interleaved frames.
    fn stop_tap(&self, tap: &RefCell<Option<SharedMemory>>) -> Float32Array {
        if let Some(live) = self.live() {
            live.post("tap", &JsValue::NULL);
        }
        tap.take().map_or_else(
            || Float32Array::new_with_length(0),
            |memory| {
                let frames = OutputRing::new(memory.clone()).filled();
                memory.samples(HEADER_WORDS, frames * CHANNELS)
            },
        )
    }
}
