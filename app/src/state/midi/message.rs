//! What a MIDI controller sends when a knob or a fader of it is turned. Source: MIDI 1.0 Detailed Specification, channel voice messages.

use serde::{Deserialize, Serialize};

/// Status of a control change, in the upper half of the byte.
const CONTROL_CHANGE: u8 = 0xB0;
/// Status of a pitch bend, which motor faders send for their 14 bits.
const PITCH_BEND: u8 = 0xE0;
/// Controllers from here on are channel modes, not knobs.
const FIRST_CHANNEL_MODE: u8 = 120;

/// What of a controller was turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Knob {
    /// A control change, 0 to 119.
    Controller(u8),
    /// The pitch bend.
    PitchBend,
}

/// Where a message comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// 1 to 16.
    pub channel: u8,
    /// Which knob on it.
    pub knob: Knob,
}

impl Origin {
    /// As a person reads it: "controller 7 on channel 1".
    pub fn text(self) -> String {
        match self.knob {
            Knob::Controller(number) => format!("controller {number} on channel {}", self.channel),
            Knob::PitchBend => format!("the fader on channel {}", self.channel),
        }
    }
}

/// The knob that a message is about and its place from 0 to 1; `None` for all other messages.
pub fn turn_of(bytes: &[u8]) -> Option<(Origin, f32)> {
    let [status, first, second] = *bytes else { return None };
    let channel = (status & 0x0F) + 1;
    if first > 127 || second > 127 {
        return None;
    }
    match status & 0xF0 {
        CONTROL_CHANGE if first < FIRST_CHANNEL_MODE => {
            Some((Origin { channel, knob: Knob::Controller(first) }, f32::from(second) / 127.0))
        }
        PITCH_BEND => {
            let bend = u16::from(second) << 7 | u16::from(first);
            Some((Origin { channel, knob: Knob::PitchBend }, f32::from(bend) / 16_383.0))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_change_says_which_knob_and_where_it_stands() {
        let (origin, position) = turn_of(&[0xB2, 7, 127]).expect("a turn");
        assert_eq!(origin, Origin { channel: 3, knob: Knob::Controller(7) });
        assert_eq!(origin.text(), "controller 7 on channel 3");
        assert!((position - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_pitch_bend_has_fourteen_bits() {
        assert_eq!(turn_of(&[0xE0, 0, 0]).map(|turn| turn.1), Some(0.0));
        let (origin, position) = turn_of(&[0xE0, 0, 64]).expect("a turn");
        assert_eq!(origin.knob, Knob::PitchBend);
        assert!((position - 8_192.0 / 16_383.0).abs() < 1e-6);
    }

    #[test]
    fn notes_modes_clocks_and_broken_messages_turn_nothing() {
        for bytes in [&[0x90, 60, 100][..], &[0xB0, 123, 0], &[0xF8], &[0xB0, 7], &[0xB0, 200, 1], &[]] {
            assert_eq!(turn_of(bytes), None, "{bytes:?}");
        }
    }
}
