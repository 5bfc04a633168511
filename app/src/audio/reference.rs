//! A reference as it is heard: the browser's own player, which plays into the engine's node. There it enters the monitor stage, behind the
//! mix; an export's node has no input, so none can hold it.

use web_sys::{AudioBufferSourceNode, AudioContext, GainNode};

use super::AudioEngine;
use super::host::sentence;

/// Length of the fades at both ends: as long as the monitor stage takes to mute.
const FADE_S: f64 = 0.02;

/// A reference that plays, repeated at its end.
pub struct ReferencePlayer {
    context: AudioContext,
    source: AudioBufferSourceNode,
    fader: GainNode,
    began_s: f64,
    offset_s: f64,
    length_s: f64,
}

impl AudioEngine {
    /// Plays a reference from a place on, at a linear gain; `None` while there is no sound.
    ///
    /// # Errors
    /// A sentence that says what did not work.
    pub fn play_reference(&self, planes: &[js_sys::Float32Array; 2], offset_s: f64, gain: f32) -> Result<Option<ReferencePlayer>, String> {
        let Some(live) = self.live() else { return Ok(None) };
        let context = live.context().clone();
        let failed = |error| format!("The reference cannot be played: {}.", sentence(&error).trim_end_matches('.'));
        let buffer = context.create_buffer(2, planes[0].length().max(1), live.rate_hz() as f32).map_err(failed)?;
        for (side, plane) in planes.iter().enumerate() {
            buffer.copy_to_channel_with_f32_array(plane, side as i32).map_err(failed)?;
        }
        let source = context.create_buffer_source().map_err(failed)?;
        let fader = context.create_gain().map_err(failed)?;
        source.set_buffer(Some(&buffer));
        source.set_loop(true);
        source.connect_with_audio_node(&fader).map_err(failed)?;
        fader.connect_with_audio_node(live.node()).map_err(failed)?;
        let length_s = buffer.duration();
        let (began_s, offset_s) = (context.current_time(), offset_s.rem_euclid(length_s));
        fader.gain().set_value_at_time(0.0, began_s).map_err(failed)?;
        fader.gain().linear_ramp_to_value_at_time(gain, began_s + FADE_S).map_err(failed)?;
        source.start_with_when_and_grain_offset(began_s, offset_s).map_err(failed)?;
        Ok(Some(ReferencePlayer { context, source, fader, began_s, offset_s, length_s }))
    }
}

impl ReferencePlayer {
    /// Where it is, seconds.
    pub fn place_s(&self) -> f64 {
        (self.offset_s + self.context.current_time() - self.began_s).rem_euclid(self.length_s)
    }
}

impl Drop for ReferencePlayer {
    fn drop(&mut self) {
        let now = self.context.current_time();
        let gain = self.fader.gain();
        // A context that is closed plays nothing any more, which is what is wanted.
        let _ = gain.set_value_at_time(gain.value(), now);
        let _ = gain.linear_ramp_to_value_at_time(0.0, now + FADE_S);
        #[allow(deprecated, reason = "the binding that replaces it is of another type")]
        let _ = self.source.stop_with_when(now + 2.0 * FADE_S);
    }
}
