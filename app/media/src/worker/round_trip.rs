//! A song through one of the browser's encoders and back through its decoder.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Float32Array, Function, Object, Reflect, Uint8Array};
use session::codec::{AAC, CODECS, Codec, OPUS};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::planes::{Growing, Planes};
use super::scope::sleep;
use super::webcodecs::{AudioData, AudioDecoder, AudioEncoder, EncodedAudioChunk, calls, can_encode, dictionary, words};
use crate::codec::{Sides, ogg_opus};

/// Frames that are encoded at a time.
const STEP_FRAMES: u32 = 9_600;
/// So much may wait in the encoder and in the decoder; more is memory for nothing.
const MOST_QUEUED: u32 = 64;
/// Pause while more waits.
const PAUSE_MS: i32 = 2;
const MICROSECONDS: f64 = 1.0e6;

/// What came back.
pub struct Coded {
    /// What the decoder gave.
    pub decoded: Planes,
    /// Size of all packets.
    pub bytes: u64,
    /// The packets as a file, where there is a simple one for the codec.
    pub file: Option<Uint8Array>,
}

/// Which of [`CODECS`] this browser can encode with.
pub async fn supported() -> Vec<bool> {
    let mut all = Vec::new();
    for codec in &CODECS {
        all.push(can_encode(&config(codec, codec.rate_hz(48_000))).await);
    }
    all
}

fn config(codec: &Codec, rate_hz: u32) -> Object {
    let config = dictionary([
        ("codec", codec.registered.into()),
        ("sampleRate", rate_hz.into()),
        ("numberOfChannels", 2.into()),
        ("bitrate", codec.bit_rate.into()),
    ]);
    if codec.registered == AAC {
        // Packets with headers of their own, so that one after another they are a file.
        let _ = Reflect::set(&config, &"aac".into(), &dictionary([("format", "adts".into())]));
    }
    config
}

/// What the callbacks share.
struct Shared {
    decoder: RefCell<Option<AudioDecoder>>,
    is_configured: Cell<bool>,
    plain_config: Object,
    head: RefCell<Vec<u8>>,
    packets: RefCell<Vec<Vec<u8>>>,
    decoded: RefCell<Growing>,
    rate_hz: u32,
    failure: RefCell<Option<String>>,
}

impl Shared {
    fn fail(&self, what: &str, error: &JsValue) {
        self.failure.borrow_mut().get_or_insert_with(|| format!("The browser’s {what} failed: {}.", words(error)));
    }

    fn check(&self) -> Result<(), String> {
        self.failure.borrow().clone().map_or(Ok(()), Err)
    }

    /// A packet has come out of the encoder.
    fn encoded(&self, packet: &EncodedAudioChunk, metadata: &JsValue) -> Result<(), JsValue> {
        let decoder = self.decoder.borrow();
        let Some(decoder) = &*decoder else { return Ok(()) };
        if !self.is_configured.replace(true) {
            let told = Reflect::get(metadata, &"decoderConfig".into()).ok().filter(JsValue::is_object);
            let config: Object = told.map_or_else(|| self.plain_config.clone(), JsCast::unchecked_into);
            if let Ok(head) = Reflect::get(&config, &"description".into()) {
                *self.head.borrow_mut() = bytes_of(&head);
            }
            decoder.configure(&config)?;
        }
        decoder.decode(packet)?;
        self.packets.borrow_mut().push(packet.bytes()?);
        Ok(())
    }

    /// Frames have come out of the decoder.
    fn decoded(&self, data: &AudioData) -> Result<(), JsValue> {
        if data.sample_rate() as u32 != self.rate_hz {
            return Err(js_sys::Error::new("it gave another sample rate").into());
        }
        let planes = [(); 2].map(|()| Float32Array::new_with_length(data.number_of_frames()));
        for (side, plane) in planes.iter().enumerate() {
            let index = (side as u32).min(data.number_of_channels().saturating_sub(1));
            data.copy_to(plane, &dictionary([("planeIndex", index.into()), ("format", "f32-planar".into())]))?;
        }
        self.decoded.borrow_mut().push_piece(planes);
        Ok(())
    }
}

/// Bytes of a buffer or of a view of one.
fn bytes_of(value: &JsValue) -> Vec<u8> {
    if !value.is_object() {
        return Vec::new();
    }
    match value.dyn_ref::<Uint8Array>() {
        Some(view) => view.to_vec(),
        None => Uint8Array::new(value).to_vec(),
    }
}

/// Encodes a song that is at the codec's rate, and decodes what comes of it; `on_progress` says whether to go on.
///
/// # Errors
/// A sentence that says what did not work.
pub async fn round_trip(codec: &Codec, master: &Planes, rate_hz: u32, mut on_progress: impl FnMut(f32) -> bool) -> Result<Coded, String> {
    let encoding = config(codec, rate_hz);
    if !can_encode(&encoding).await {
        return Err(format!("This browser has no encoder for {}.", codec.name));
    }
    let shared = Rc::new(Shared {
        decoder: RefCell::new(None),
        is_configured: Cell::new(false),
        plain_config: dictionary([("codec", codec.registered.into()), ("sampleRate", rate_hz.into()), ("numberOfChannels", 2.into())]),
        head: RefCell::default(),
        packets: RefCell::default(),
        decoded: RefCell::default(),
        rate_hz,
        failure: RefCell::default(),
    });
    let calls_kept = Calls::new(&shared);
    let refused = |error: JsValue| format!("The browser refused {}: {}.", codec.name, words(&error));
    let decoder = AudioDecoder::new(&calls_kept.decoder()).map_err(refused)?;
    *shared.decoder.borrow_mut() = Some(decoder);
    let encoder = AudioEncoder::new(&calls_kept.encoder()).map_err(refused)?;
    encoder.configure(&encoding).map_err(refused)?;
    let result = feed(&encoder, &shared, master, &mut on_progress).await;
    // What has failed is closed already.
    let _ = encoder.close();
    if let Some(decoder) = shared.decoder.take() {
        let _ = decoder.close();
    }
    result?;
    shared.check()?;
    let packets = shared.packets.take();
    let file = file_of(codec, &shared.head.borrow(), &packets, master.frames());
    let bytes = packets.iter().map(|packet| packet.len() as u64).sum();
    Ok(Coded { decoded: shared.decoded.take().finish(), bytes, file })
}

async fn feed(encoder: &AudioEncoder, shared: &Shared, master: &Planes, on_progress: &mut impl FnMut(f32) -> bool) -> Result<(), String> {
    let refused = |error: JsValue| format!("The song could not be encoded: {}.", words(&error));
    let queued = || encoder.queued() + shared.decoder.borrow().as_ref().map_or(0, AudioDecoder::queued);
    let [left, right] = &master.0;
    let frames = left.length();
    for at in (0..frames).step_by(STEP_FRAMES as usize) {
        let to = frames.min(at + STEP_FRAMES);
        let samples = Float32Array::new_with_length(2 * (to - at));
        samples.set(&left.subarray(at, to), 0);
        samples.set(&right.subarray(at, to), to - at);
        let data = AudioData::new(&dictionary([
            ("format", "f32-planar".into()),
            ("sampleRate", shared.rate_hz.into()),
            ("numberOfFrames", (to - at).into()),
            ("numberOfChannels", 2.into()),
            ("timestamp", (f64::from(at) * MICROSECONDS / f64::from(shared.rate_hz)).round().into()),
            ("data", samples.into()),
        ]))
        .map_err(refused)?;
        let encoded = encoder.encode(&data);
        data.close();
        encoded.map_err(refused)?;
        while queued() > MOST_QUEUED && shared.failure.borrow().is_none() {
            sleep(PAUSE_MS).await;
        }
        shared.check()?;
        if !on_progress(to as f32 / frames as f32) {
            return Err("It was cancelled.".to_owned());
        }
    }
    JsFuture::from(encoder.flush().map_err(refused)?).await.map_err(refused)?;
    let flushed = shared.decoder.borrow().as_ref().map(AudioDecoder::flush);
    if let Some(flushed) = flushed {
        JsFuture::from(flushed.map_err(refused)?).await.map_err(refused)?;
    }
    Ok(())
}

/// The functions that the browser calls, for as long as it may.
struct Calls {
    packet: Closure<dyn Fn(EncodedAudioChunk, JsValue)>,
    frames: Closure<dyn Fn(AudioData)>,
    encoder_error: Closure<dyn Fn(JsValue)>,
    decoder_error: Closure<dyn Fn(JsValue)>,
}

impl Calls {
    fn new(shared: &Rc<Shared>) -> Self {
        let (of_packet, of_frames, of_encoder, of_decoder) = (shared.clone(), shared.clone(), shared.clone(), shared.clone());
        Self {
            packet: Closure::new(move |packet: EncodedAudioChunk, metadata: JsValue| {
                if let Err(error) = of_packet.encoded(&packet, &metadata) {
                    of_packet.fail("decoder", &error);
                }
            }),
            frames: Closure::new(move |data: AudioData| {
                let taken = of_frames.decoded(&data);
                data.close();
                if let Err(error) = taken {
                    of_frames.fail("decoder", &error);
                }
            }),
            encoder_error: Closure::new(move |error: JsValue| of_encoder.fail("encoder", &error)),
            decoder_error: Closure::new(move |error: JsValue| of_decoder.fail("decoder", &error)),
        }
    }

    fn encoder(&self) -> Object {
        calls(function(self.packet.as_ref()), function(self.encoder_error.as_ref()))
    }

    fn decoder(&self) -> Object {
        calls(function(self.frames.as_ref()), function(self.decoder_error.as_ref()))
    }
}

fn function(closure: &JsValue) -> &Function {
    closure.unchecked_ref()
}

fn file_of(codec: &Codec, head: &[u8], packets: &[Vec<u8>], frames: usize) -> Option<Uint8Array> {
    let bytes = match codec.registered {
        OPUS if !head.is_empty() => ogg_opus(head, packets, frames as u64),
        AAC => packets.concat(),
        _ => return None,
    };
    Some(Uint8Array::from(bytes.as_slice()))
}
