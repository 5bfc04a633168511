//! What is heard beside the song: the browser's own players, which play into the engine's node. There they enter the monitor stage, behind
//! the mix; an export's node has no input, so none can hold them.

use std::cell::Cell;

use js_sys::Float32Array;
use wasm_bindgen::JsValue;
use web_sys::{AudioBuffer, AudioBufferSourceNode, AudioContext, GainNode, OfflineAudioContext};

use super::AudioEngine;
use super::host::sentence;
use super::live::Live;

/// Length of the fades at both ends: as long as the monitor stage takes to mute.
const FADE_S: f64 = 0.02;
/// Length of the fade from one of two sounds to the other.
const SWITCH_S: f64 = 0.008;
/// Two sounds begin so much later than they are asked for: on one frame, however late the audio thread hears of each.
const TOGETHER_S: f64 = 0.05;

/// A sound that plays, repeated at its end.
struct Voice {
    context: AudioContext,
    source: AudioBufferSourceNode,
    fader: GainNode,
    /// Where the fader goes: not every browser tells how far it is.
    gain: Cell<f32>,
}

/// A reference that plays, repeated at its end.
pub struct ReferencePlayer {
    voice: Voice,
    began_s: f64,
    offset_s: f64,
    length_s: f64,
}

/// Two sounds that are heard in each other's place. Clones are the same two.
#[derive(Clone)]
pub struct Pair([AudioBuffer; 2]);

/// A pair that plays, in step, repeated at its end.
pub struct PairPlayer {
    voices: [Voice; 2],
    began_s: f64,
    offset_s: f64,
}

fn failed(error: &JsValue) -> String {
    format!("It cannot be played: {}.", sentence(error).trim_end_matches('.'))
}

fn buffer(planes: &[Float32Array; 2], rate_hz: u32) -> Result<AudioBuffer, String> {
    // A buffer is of no context; this one only makes it, at the song's rate.
    let maker = OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(2, 1, rate_hz as f32);
    let made = maker.and_then(|maker| maker.create_buffer(2, planes[0].length().max(1), rate_hz as f32));
    let buffer = made.map_err(|error| failed(&error))?;
    for (side, plane) in planes.iter().enumerate() {
        buffer.copy_to_channel_with_f32_array(plane, side as i32).map_err(|error| failed(&error))?;
    }
    Ok(buffer)
}

impl Voice {
    /// From a place of a buffer on, at a time, faded in.
    fn start(live: &Live, buffer: &AudioBuffer, begins_s: f64, offset_s: f64, gain: f32) -> Result<Self, String> {
        let context = live.context().clone();
        let start = || -> Result<_, JsValue> {
            let source = context.create_buffer_source()?;
            let fader = context.create_gain()?;
            source.set_buffer(Some(buffer));
            source.set_loop(true);
            source.connect_with_audio_node(&fader)?;
            fader.connect_with_audio_node(live.node())?;
            fader.gain().set_value_at_time(0.0, begins_s)?;
            fader.gain().linear_ramp_to_value_at_time(gain, begins_s + FADE_S)?;
            source.start_with_when_and_grain_offset(begins_s, offset_s.rem_euclid(buffer.duration()))?;
            Ok((source, fader))
        };
        let (source, fader) = start().map_err(|error| failed(&error))?;
        Ok(Self { context, source, fader, gain: Cell::new(gain) })
    }

    /// To another gain from now on.
    fn turn(&self, gain: f32, within_s: f64) {
        let (now, fader) = (self.context.current_time(), self.fader.gain());
        // A context that is closed plays nothing any more, which is what is wanted.
        let _ = fader.cancel_scheduled_values(now);
        let _ = fader.set_value_at_time(self.gain.replace(gain), now);
        let _ = fader.linear_ramp_to_value_at_time(gain, now + within_s);
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.turn(0.0, FADE_S);
        #[allow(deprecated, reason = "the binding that replaces it is of another type")]
        let _ = self.source.stop_with_when(self.context.current_time() + 2.0 * FADE_S);
    }
}

impl AudioEngine {
    /// Plays a reference from a place on, at a linear gain; `None` while there is no sound.
    ///
    /// # Errors
    /// A sentence that says what did not work.
    pub fn play_reference(&self, planes: &[Float32Array; 2], offset_s: f64, gain: f32) -> Result<Option<ReferencePlayer>, String> {
        let Some(live) = self.live() else { return Ok(None) };
        let buffer = buffer(planes, live.rate_hz())?;
        let (began_s, length_s) = (live.context().current_time(), buffer.duration());
        let voice = Voice::start(&live, &buffer, began_s, offset_s, gain)?;
        Ok(Some(ReferencePlayer { voice, began_s, offset_s: offset_s.rem_euclid(length_s), length_s }))
    }

    /// Plays a pair from a place on, each at a linear gain; `None` while there is no sound.
    ///
    /// # Errors
    /// A sentence that says what did not work.
    pub fn play_pair(&self, pair: &Pair, offset_s: f64, gains: [f32; 2]) -> Result<Option<PairPlayer>, String> {
        let Some(live) = self.live() else { return Ok(None) };
        let began_s = live.context().current_time() + TOGETHER_S;
        let voice = |at: usize| Voice::start(&live, &pair.0[at], began_s, offset_s, gains[at]);
        Ok(Some(PairPlayer { voices: [voice(0)?, voice(1)?], began_s, offset_s }))
    }
}

impl ReferencePlayer {
    /// Where it is, seconds.
    pub fn place_s(&self) -> f64 {
        (self.offset_s + self.voice.context.current_time() - self.began_s).rem_euclid(self.length_s)
    }
}

impl Pair {
    /// Of the sides of both, at a rate.
    ///
    /// # Errors
    /// A sentence that says what did not work.
    pub fn new(sounds: [&[Float32Array; 2]; 2], rate_hz: u32) -> Result<Self, String> {
        Ok(Self([buffer(sounds[0], rate_hz)?, buffer(sounds[1], rate_hz)?]))
    }
}

impl PairPlayer {
    /// Other linear gains from now on, without a click.
    pub fn turn(&self, gains: [f32; 2]) {
        for (voice, gain) in self.voices.iter().zip(gains) {
            voice.turn(gain, SWITCH_S);
        }
    }

    /// For how long it has played since the beginning of the first sound, seconds.
    pub fn place_s(&self) -> f64 {
        (self.offset_s + self.voices[0].context.current_time() - self.began_s).max(0.0)
    }
}
