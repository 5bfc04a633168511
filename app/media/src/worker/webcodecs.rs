//! The browser's own encoders and decoders (W3C WebCodecs), as far as a release check needs them; written out here because `web-sys` has them
//! only behind a flag of the compiler.

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// Raw frames.
    pub type AudioData;
    #[wasm_bindgen(constructor, catch)]
    pub fn new(init: &Object) -> Result<AudioData, JsValue>;
    #[wasm_bindgen(method, getter, js_name = numberOfFrames)]
    pub fn number_of_frames(this: &AudioData) -> u32;
    #[wasm_bindgen(method, getter, js_name = numberOfChannels)]
    pub fn number_of_channels(this: &AudioData) -> u32;
    #[wasm_bindgen(method, getter, js_name = sampleRate)]
    pub fn sample_rate(this: &AudioData) -> f32;
    #[wasm_bindgen(method, catch, js_name = copyTo)]
    pub fn copy_to(this: &AudioData, into: &Object, options: &Object) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    pub fn close(this: &AudioData);

    /// A packet.
    pub type EncodedAudioChunk;
    #[wasm_bindgen(method, getter, js_name = byteLength)]
    pub fn byte_length(this: &EncodedAudioChunk) -> u32;
    #[wasm_bindgen(method, catch, js_name = copyTo)]
    fn copy_to(this: &EncodedAudioChunk, into: &Object) -> Result<(), JsValue>;

    /// From frames to packets.
    pub type AudioEncoder;
    #[wasm_bindgen(constructor, catch)]
    pub fn new(init: &Object) -> Result<AudioEncoder, JsValue>;
    #[wasm_bindgen(static_method_of = AudioEncoder, js_name = isConfigSupported, catch)]
    fn is_config_supported(config: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn configure(this: &AudioEncoder, config: &Object) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn encode(this: &AudioEncoder, data: &AudioData) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn flush(this: &AudioEncoder) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn close(this: &AudioEncoder) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter, js_name = encodeQueueSize)]
    pub fn queued(this: &AudioEncoder) -> u32;

    /// From packets to frames.
    pub type AudioDecoder;
    #[wasm_bindgen(constructor, catch)]
    pub fn new(init: &Object) -> Result<AudioDecoder, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn configure(this: &AudioDecoder, config: &Object) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn decode(this: &AudioDecoder, packet: &EncodedAudioChunk) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn flush(this: &AudioDecoder) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn close(this: &AudioDecoder) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter, js_name = decodeQueueSize)]
    pub fn queued(this: &AudioDecoder) -> u32;
}

/// A dictionary of these members.
pub fn dictionary<const N: usize>(members: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // A fresh object takes any member.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}

/// What an encoder or decoder is told to call.
pub fn calls(output: &Function, error: &Function) -> Object {
    dictionary([("output", output.into()), ("error", error.into())])
}

/// Whether the browser encodes like this.
pub async fn can_encode(config: &Object) -> bool {
    let Ok(asked) = AudioEncoder::is_config_supported(config) else { return false };
    let Ok(support) = JsFuture::from(asked).await else { return false };
    Reflect::get(&support, &"supported".into()).is_ok_and(|supported| supported.is_truthy())
}

impl EncodedAudioChunk {
    /// Its bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, JsValue> {
        let bytes = Uint8Array::new_with_length(self.byte_length());
        self.copy_to(&bytes)?;
        Ok(bytes.to_vec())
    }
}

/// What an error of the browser says.
pub fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.filter(|message| !message.is_empty()).unwrap_or_else(|| "it gave no reason".to_owned()).trim_end_matches('.').to_owned()
}
