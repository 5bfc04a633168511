//! What only the browser can decode (Opus): decoded whole, at a rate at which nothing is lost.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioBuffer, File, OfflineAudioContext};

use super::MediaError;

/// Largest file that is given to the browser: it decodes into memory at once, about twenty times the size.
const LARGEST_BYTES: f64 = 100.0 * 1024.0 * 1024.0;

/// The file's channels as Float32Arrays.
pub async fn decode(file: &File, rate_hz: u32) -> Result<Vec<JsValue>, MediaError> {
    let refused = || MediaError::new(format!("“{}” cannot be decoded by this browser. Convert it to WAV or FLAC.", file.name()));
    if file.size() > LARGEST_BYTES {
        return Err(MediaError::new(format!("“{}” is too large to be decoded by the browser. Convert it to WAV or FLAC.", file.name())));
    }
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| refused())?;
    let context =
        OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(1, 1, rate_hz as f32).map_err(|_| refused())?;
    let decoding = context.decode_audio_data(bytes.unchecked_ref()).map_err(|_| refused())?;
    let decoded: AudioBuffer = JsFuture::from(decoding).await.map_err(|_| refused())?.unchecked_into();
    (0..decoded.number_of_channels())
        .map(|channel| {
            let mut plane = vec![0.0; decoded.length() as usize];
            decoded.copy_from_channel(&mut plane, channel as i32).map_err(|_| refused())?;
            Ok(js_sys::Float32Array::from(plane.as_slice()).into())
        })
        .collect()
}
