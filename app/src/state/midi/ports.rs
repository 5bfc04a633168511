//! The browser's MIDI inputs: asked for when a person wants to use one, listened to as they come and go.

use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// What the browser gives when it allows MIDI.
    type Access;
    #[wasm_bindgen(method, getter, structural)]
    fn inputs(this: &Access) -> js_sys::Map;
    #[wasm_bindgen(method, setter, structural, js_name = onstatechange)]
    fn set_on_change(this: &Access, listener: &js_sys::Function);
    /// An input.
    type Input;
    #[wasm_bindgen(method, setter, structural, js_name = onmidimessage)]
    fn set_on_message(this: &Input, listener: &js_sys::Function);
    /// A message that came in.
    type Message;
    #[wasm_bindgen(method, getter, structural)]
    fn data(this: &Message) -> js_sys::Uint8Array;
}

/// Why there are no inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The browser has no MIDI.
    Absent,
    /// The person, or the browser for them, said no.
    Denied,
}

fn request() -> Option<js_sys::Promise> {
    let navigator = window().navigator();
    let request = js_sys::Reflect::get(&navigator, &"requestMIDIAccess".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    request.call0(&navigator).ok()?.dyn_into().ok()
}

/// Asks for the inputs and calls `heard` with every message of each, for as long as the page lives.
///
/// # Errors
/// Why there are none.
pub async fn listen(heard: impl Fn(&[u8]) + 'static) -> Result<(), Refusal> {
    let promise = request().ok_or(Refusal::Absent)?;
    let access: Access = JsFuture::from(promise).await.map_err(|_| Refusal::Denied)?.unchecked_into();
    let heard = Closure::<dyn Fn(Message)>::new(move |message: Message| heard(&message.data().to_vec())).into_js_value();
    let connect = Closure::<dyn Fn()>::new({
        let access: Access = access.clone().unchecked_into();
        move || {
            access.inputs().for_each(&mut |input, _| {
                let input: Input = input.unchecked_into();
                input.set_on_message(heard.unchecked_ref());
            });
        }
    })
    .into_js_value();
    let _ = connect.unchecked_ref::<js_sys::Function>().call0(&JsValue::NULL);
    access.set_on_change(connect.unchecked_ref());
    Ok(())
}
