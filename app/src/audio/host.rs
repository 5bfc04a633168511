//! Where an engine runs: a context with the worklet's module in it, and the node. Live playing and export differ only in the context.

use std::cell::RefCell;
use std::rc::Rc;

use dsp::protocol::{Command, PROTOCOL_VERSION};
use js_sys::{Function, Object, Promise, Reflect, SharedArrayBuffer, Uint8Array, WebAssembly};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioWorkletNode, AudioWorkletNodeOptions, BaseAudioContext, MessageEvent, OfflineAudioContext};

use super::clock;

/// What the worklet loads.
const PROCESSOR_URL: &str = "processor.js";
/// The engine, compiled here because only the page may.
const MODULE_URL: &str = "worklet_bg.wasm";
/// The names under which `processor.js` registers the engine and the meters' proof.
const PROCESSOR_NAME: &str = "headroom";
/// See [`PROCESSOR_NAME`].
const PROOF_NAME: &str = "headroom-proof";
/// How long the engine may take to say that it is ready.
const READY_MS: i32 = 20_000;

thread_local! {
    static MODULE: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// What an engine is started with.
pub struct Boot<'a> {
    /// The feed's ring.
    pub feed: &'a SharedArrayBuffer,
    /// Commands, events, telemetry and taps of a live engine.
    pub rings: Option<[&'a SharedArrayBuffer; 4]>,
    /// An export's output.
    pub output: Option<&'a SharedArrayBuffer>,
    /// What builds the song.
    pub snapshot: &'a [Command],
    /// Solo is left out.
    pub ignore_solo: bool,
    /// An export's longest tail.
    pub tail_frames: u64,
    /// The insert whose reduction an export counts, 0 for none.
    pub watched: u32,
}

/// Says why something in the browser did not work.
pub fn sentence(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.unwrap_or_else(|| format!("{error:?}"))
}

/// A node that runs the engine in this context; `on_trap` is called with the last words of an engine that fails after it was ready.
///
/// # Errors
/// A sentence that says what did not work.
pub async fn start_node(
    context: &BaseAudioContext,
    boot: &Boot<'_>,
    on_trap: impl Fn(String) + 'static,
) -> Result<AudioWorkletNode, String> {
    let failed = |error: JsValue| format!("The audio engine could not be started: {}.", sentence(&error).trim_end_matches('.'));
    let module = module().await.map_err(failed)?;
    let worklet = context.audio_worklet().map_err(failed)?;
    JsFuture::from(worklet.add_module(PROCESSOR_URL).map_err(failed)?).await.map_err(failed)?;
    let options = AudioWorkletNodeOptions::new();
    let channels = if boot.output.is_some() { 1 } else { 2 };
    // A reference comes in where it is listened to.
    options.set_number_of_inputs(if boot.output.is_some() { 0 } else { 1 });
    options.set_output_channel_count(&js_sys::Array::of1(&channels.into()));
    options.set_processor_options(Some(&processor_options(&module, boot).map_err(failed)?));
    let node = AudioWorkletNode::new_with_options(context, PROCESSOR_NAME, &options).map_err(failed)?;
    wait_until_ready(&node, Rc::new(on_trap)).await?;
    node.connect_with_audio_node(&context.destination()).map_err(failed)?;
    Ok(node)
}

/// Proves so many cases of the meters in this context; the numbers are then in `results`.
///
/// # Errors
/// A sentence that says what did not work.
pub async fn run_proof(context: &OfflineAudioContext, results: &SharedArrayBuffer, cases: usize) -> Result<(), String> {
    let failed = |error: JsValue| format!("The meters could not be tested: {}.", sentence(&error).trim_end_matches('.'));
    let module = module().await.map_err(failed)?;
    JsFuture::from(context.audio_worklet().and_then(|worklet| worklet.add_module(PROCESSOR_URL)).map_err(failed)?).await.map_err(failed)?;
    let (options, inner) = (AudioWorkletNodeOptions::new(), Object::new());
    for (name, value) in [("module", module), ("results", results.into()), ("cases", JsValue::from_f64(cases as f64))] {
        Reflect::set(&inner, &name.into(), &value).map_err(failed)?;
    }
    options.set_number_of_inputs(0);
    options.set_processor_options(Some(&inner));
    let node = AudioWorkletNode::new_with_options(context, PROOF_NAME, &options).map_err(failed)?;
    node.connect_with_audio_node(&context.destination()).map_err(failed)?;
    JsFuture::from(context.start_rendering().map_err(failed)?).await.map_err(failed)?;
    Ok(())
}

async fn module() -> Result<JsValue, JsValue> {
    if let Some(module) = MODULE.with_borrow(Clone::clone) {
        return Ok(module);
    }
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Promise = window.fetch_with_str(MODULE_URL);
    let module = JsFuture::from(WebAssembly::compile_streaming(&response)).await?;
    MODULE.set(Some(module.clone()));
    Ok(module)
}

fn processor_options(module: &JsValue, boot: &Boot<'_>) -> Result<Object, JsValue> {
    let snapshot: Vec<u8> = boot.snapshot.iter().filter_map(|command| postcard::to_allocvec(command).ok()).flatten().collect();
    let ring = |at: usize| boot.rings.map_or(JsValue::NULL, |rings| rings[at].into());
    let options = Object::new();
    for (name, value) in [
        ("module", module.clone()),
        ("feed", boot.feed.into()),
        ("commands", ring(0)),
        ("events", ring(1)),
        ("telemetry", ring(2)),
        ("taps", ring(3)),
        ("output", boot.output.map_or(JsValue::NULL, JsValue::from)),
        ("snapshot", Uint8Array::from(snapshot.as_slice()).into()),
        ("ignoreSolo", boot.ignore_solo.into()),
        ("tailFrames", (boot.tail_frames as f64).into()),
        ("watched", boot.watched.into()),
    ] {
        Reflect::set(&options, &name.into(), &value)?;
    }
    Ok(options)
}

/// Waits for the engine's first message, then listens for its last.
async fn wait_until_ready(node: &AudioWorkletNode, on_trap: Rc<dyn Fn(String)>) -> Result<(), String> {
    let port = node.port().map_err(|error| sentence(&error))?;
    let ready = Promise::new(&mut |resolve: Function, reject: Function| {
        let on_trap = on_trap.clone();
        let mut first = Some((resolve, reject));
        let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            let text = |name: &str| Reflect::get(&data, &name.into()).ok().and_then(|value| value.as_string());
            let version = Reflect::get(&data, &"version".into()).ok().and_then(|value| value.as_f64());
            match (text("trapped"), first.take()) {
                (Some(words), Some((_, reject))) => call(&reject, &js_sys::Error::new(&words)),
                (Some(words), None) => on_trap(words),
                (None, Some((resolve, _))) if version == Some(f64::from(PROTOCOL_VERSION)) => call(&resolve, &JsValue::TRUE),
                (None, Some((_, reject))) => call(&reject, &js_sys::Error::new("its files are of different versions; reload the page")),
                (None, None) => {}
            }
        });
        port.set_onmessage(Some(listen.as_ref().unchecked_ref()));
        // Lives as long as the node, which the browser frees with its context.
        listen.forget();
    });
    match clock::within(READY_MS, &ready).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err("The audio engine did not answer. Reload the page.".into()),
        Err(error) => Err(format!("The audio engine could not be started: {}.", sentence(&error).trim_end_matches('.'))),
    }
}

fn call(function: &Function, argument: &JsValue) {
    // The functions of a promise do not throw.
    let _ = function.call1(&JsValue::UNDEFINED, argument);
}
