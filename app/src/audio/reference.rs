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
/// A shorter stretch is no music any more.
const SHORTEST_S: f64 = 0.1;

/// What is played of a reference: from where, which stretch is repeated, and how loud.
#[derive(Clone, Copy, Debug)]
pub struct Excerpt {
    /// Where it begins, seconds.
    pub place_s: f64,
    /// Start and length of what is repeated, seconds; `None` is the whole.
    pub stretch_s: Option<(f64, f64)>,
    /// Linear.
    pub gain: f32,
}

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
    place_s: f64,
    /// What is repeated.
    from_s: f64,
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
    /// From a place of a buffer on, at a time, faded in; a stretch of it is repeated, or the whole.
    fn start(live: &Live, buffer: &AudioBuffer, begins_s: f64, excerpt: Excerpt) -> Result<Self, String> {
        let (context, gain) = (live.context().clone(), excerpt.gain);
        let (from_s, length_s) = repeated(excerpt.stretch_s, buffer.duration());
        let start = || -> Result<_, JsValue> {
            let source = context.create_buffer_source()?;
            let fader = context.create_gain()?;
            source.set_buffer(Some(buffer));
            source.set_loop(true);
            source.set_loop_start(from_s);
            source.set_loop_end(from_s + length_s);
            source.connect_with_audio_node(&fader)?;
            fader.connect_with_audio_node(live.node())?;
            fader.gain().set_value_at_time(0.0, begins_s)?;
            fader.gain().linear_ramp_to_value_at_time(gain, begins_s + FADE_S)?;
            source.start_with_when_and_grain_offset(begins_s, inside(excerpt.place_s, from_s, length_s))?;
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
    /// Plays a reference; `None` while there is no sound.
    ///
    /// # Errors
    /// A sentence that says what did not work.
    pub fn play_reference(&self, planes: &[Float32Array; 2], excerpt: Excerpt) -> Result<Option<ReferencePlayer>, String> {
        let Some(live) = self.live() else { return Ok(None) };
        let buffer = buffer(planes, live.rate_hz())?;
        let began_s = live.context().current_time();
        let (from_s, length_s) = repeated(excerpt.stretch_s, buffer.duration());
        let voice = Voice::start(&live, &buffer, began_s, excerpt)?;
        Ok(Some(ReferencePlayer { voice, began_s, place_s: inside(excerpt.place_s, from_s, length_s), from_s, length_s }))
    }

    /// Plays a pair from a place on, each at a linear gain; `None` while there is no sound.
    ///
    /// # Errors
    /// A sentence that says what did not work.
    pub fn play_pair(&self, pair: &Pair, offset_s: f64, gains: [f32; 2]) -> Result<Option<PairPlayer>, String> {
        let Some(live) = self.live() else { return Ok(None) };
        let began_s = live.context().current_time() + TOGETHER_S;
        let excerpt = |at: usize| Excerpt { place_s: offset_s, stretch_s: None, gain: gains[at] };
        let voice = |at: usize| Voice::start(&live, &pair.0[at], began_s, excerpt(at));
        Ok(Some(PairPlayer { voices: [voice(0)?, voice(1)?], began_s, offset_s }))
    }
}

impl ReferencePlayer {
    /// Where it is, seconds.
    pub fn place_s(&self) -> f64 {
        inside(self.place_s + self.voice.context.current_time() - self.began_s, self.from_s, self.length_s)
    }

    /// Turns it to a linear gain.
    pub fn set_gain(&self, gain: f32) {
        self.voice.turn(gain, FADE_S);
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

/// Start and length of what is repeated of so many seconds: the stretch as far as it lies inside, or the whole.
fn repeated(stretch_s: Option<(f64, f64)>, whole_s: f64) -> (f64, f64) {
    let inside = stretch_s.map(|(from_s, length_s)| (from_s, length_s.min(whole_s - from_s)));
    inside.filter(|(from_s, length_s)| *from_s >= 0.0 && *length_s >= SHORTEST_S).unwrap_or((0.0, whole_s))
}

/// A place brought into a stretch that is repeated.
fn inside(place_s: f64, from_s: f64, length_s: f64) -> f64 {
    from_s + (place_s - from_s).rem_euclid(length_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_ends_with_the_reference_and_one_outside_it_is_the_whole() {
        assert_eq!(repeated(None, 60.0), (0.0, 60.0));
        assert_eq!(repeated(Some((20.0, 8.0)), 60.0), (20.0, 8.0));
        assert_eq!(repeated(Some((55.0, 8.0)), 60.0), (55.0, 5.0));
        assert_eq!(repeated(Some((60.0, 8.0)), 60.0), (0.0, 60.0));
        assert_eq!((inside(30.5, 20.0, 8.0), inside(19.0, 20.0, 8.0)), (22.5, 27.0));
    }
}
