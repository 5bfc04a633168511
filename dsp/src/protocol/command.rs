//! What the page tells the engine.
//!
//! A snapshot of a whole song is nothing but the commands that build it in an empty engine, so boot, restart, export and live
//! edits share one path. Commands that name something unknown are ignored: they can be late, never harmful.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);
    )*};
}

ids! {
    /// A strip, for the life of its document; never given twice.
    StripId,
    /// An insert, for the life of its document; never given twice.
    InsertId,
    /// A send, for the life of its document; never given twice.
    SendId
}

/// What feeds a strip and where it stands in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StripKind {
    /// A track's clips.
    Audio,
    /// The outputs of other strips.
    Group,
    /// Sends.
    Return,
    /// Everything that leaves the engine; exactly one, without output and sends.
    Master,
}

/// A parameter somewhere in the song; the number is the index in its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Address {
    /// One of [`crate::engine::STRIP_PARAMS`].
    Strip(StripId, u16),
    /// One of the processor's parameters.
    Insert(InsertId, u16),
    /// One of [`crate::engine::SEND_PARAMS`].
    Send(SendId, u16),
}

/// Where audio is tapped for whoever looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TapPoint {
    /// What goes into an insert.
    BeforeInsert(InsertId),
    /// What comes out of it.
    AfterInsert(InsertId),
    /// What leaves a strip; of the master, the mix.
    Strip(StripId),
    /// What goes into a strip's chain, behind trim and polarity.
    Head(StripId),
}

/// How an insert that is compared is listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Listen {
    /// As it is.
    Through,
    /// What goes into it, as loud as what comes out.
    Around,
    /// Only what it changes beside the loudness.
    Change,
    /// What comes out of it, as loud as what goes in: settings are compared at one loudness.
    Matched,
}

/// The shape of a fade: gain over its course from 0 to 1 (a fade-out runs it backwards).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FadeCurve {
    /// x: two linear fades over each other keep the level of equal material.
    #[default]
    Linear,
    /// sin(πx/2): two over each other keep the power of different material.
    EqualPower,
    /// 3x² − 2x³: gentle at both ends; two over each other keep the level.
    Smooth,
}

/// What a player must know of a clip; where its audio lies is the feeder's affair.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClipPlay {
    /// First frame on the timeline.
    pub start: u64,
    /// Length in frames, at least 1.
    pub length: u64,
    /// 0 or 1: which of the track's two lanes in the feed carries it.
    pub lane: u8,
    /// Linear gain.
    pub gain: f32,
    /// Length of the fade-in in frames, at most `length`.
    pub fade_in: u32,
    /// Length of the fade-out in frames, at most `length`.
    pub fade_out: u32,
    /// Shape of the fade-in.
    pub fade_in_curve: FadeCurve,
    /// Shape of the fade-out.
    pub fade_out_curve: FadeCurve,
}

/// How a lane runs from one point to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// Stays at this point's value.
    Hold,
    /// A straight line in the parameter's own taper.
    #[default]
    Linear,
    /// A curve in the parameter's own taper: x^(2^(4·bend)), bend from −1 (fast start) to 1 (slow start).
    Curve(f32),
}

/// A point of an automation lane.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanePoint {
    /// Timeline frame.
    pub frame: u64,
    /// Value in plain units.
    pub value: f32,
    /// The way to the next point; the last point's value holds for ever, the first point's before it.
    pub segment: Segment,
}

/// Long lists travel in pieces so that no quantum has to take in more than a few kilobytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The list starts anew; `total` elements will come, so the engine can take room once.
    pub first: bool,
    /// The list is complete and takes the old one's place.
    pub last: bool,
    /// Elements over all pieces.
    pub total: u32,
}

/// Most elements in one piece of a list.
pub const PIECE_ELEMENTS: usize = 16 * 16;

/// What the page tells the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// A new strip at its defaults, sent to the master; ignored when it exists.
    AddStrip {
        /// Its id.
        strip: StripId,
        /// Its kind.
        kind: StripKind,
    },
    /// Takes a strip, its inserts, its sends and the sends to it away; what was sent to it goes to the master.
    RemoveStrip {
        /// Its id.
        strip: StripId,
    },
    /// Where a strip's sound goes; `None` is the master. A loop is refused with [`super::Event::LoopRefused`].
    SetOutput {
        /// Whose output.
        strip: StripId,
        /// A group, or the master.
        to: Option<StripId>,
    },
    /// A new insert with all its values, or all values, place and bypass of an insert that exists on this strip.
    PutInsert {
        /// Its strip.
        strip: StripId,
        /// Its id.
        insert: InsertId,
        /// The processor's permanent id; an unknown one passes audio through.
        processor: String,
        /// Its place in the chain; further than the end means the end.
        place: u16,
        /// Whether it is bypassed.
        bypassed: bool,
        /// The strip that it listens to.
        key: Option<StripId>,
        /// One value per parameter, in the declaration's order.
        values: Vec<f32>,
    },
    /// Moves an insert within its strip.
    MoveInsert {
        /// Its id.
        insert: InsertId,
        /// Its new place.
        place: u16,
    },
    /// Takes an insert away.
    RemoveInsert {
        /// Its id.
        insert: InsertId,
    },
    /// Bypasses an insert or not; cross-fades.
    SetBypass {
        /// Its id.
        insert: InsertId,
        /// Whether it is bypassed.
        bypassed: bool,
    },
    /// The strip whose output (after its fader) keys this insert.
    SetKey {
        /// The insert.
        insert: InsertId,
        /// The strip listened to.
        key: Option<StripId>,
    },
    /// A new send, or the destination and tap of one that exists.
    PutSend {
        /// From.
        strip: StripId,
        /// Its id.
        send: SendId,
        /// A return (or group).
        to: StripId,
        /// Before the fader.
        pre: bool,
        /// One value per entry of [`crate::engine::SEND_PARAMS`].
        values: Vec<f32>,
    },
    /// Takes a send away.
    RemoveSend {
        /// Its id.
        send: SendId,
    },
    /// A parameter's new target. While playing it glides, before the first play it is taken at once.
    SetParam {
        /// Which.
        address: Address,
        /// Plain units.
        value: f32,
    },
    /// The clips of a track, in pieces, ordered by start. The old list stays in force for blocks of its revision.
    SetClips {
        /// The track's strip.
        strip: StripId,
        /// The revision that the feeder writes into the blocks made from this list.
        revision: u32,
        /// How this piece belongs to the list.
        piece: Piece,
        /// The piece.
        clips: Vec<ClipPlay>,
    },
    /// A parameter's automation, in pieces, ordered by frame; an empty list takes the lane away.
    SetLane {
        /// Which parameter.
        address: Address,
        /// How this piece belongs to the list.
        piece: Piece,
        /// The piece.
        points: Vec<LanePoint>,
    },
    /// A lane that exists is read (`true`) or left alone (`false`, "off").
    EnableLane {
        /// Which parameter.
        address: Address,
        /// Whether it is read.
        enabled: bool,
    },
    /// Play the feed's blocks of this generation from its first; a running play changes over under the monitor's ramp. From a
    /// stop, every processor starts from its reset state, so a play sounds as a render from the same frame.
    Play {
        /// The feed's generation.
        generation: u32,
    },
    /// Stop under the monitor's ramp; tails ring out.
    Stop,
    /// Where the stopped transport stands; automation is read there.
    Locate {
        /// Timeline frame.
        frame: u64,
    },
    /// A value of the monitor stage, index into [`crate::monitor::MONITOR_PARAMS`].
    SetMonitor {
        /// Which.
        index: u16,
        /// Plain units.
        value: f32,
    },
    /// From now on a slot of the [`super::taps`] ring carries what passes here; `None` ends it.
    SetTap {
        /// Which slot; one that does not exist is left alone.
        slot: u8,
        /// The tap's number, by which its reader knows it.
        number: u32,
        /// Where.
        point: Option<TapPoint>,
    },
    /// Compares an insert with what goes into it, or ends that with `None`; of several only one is heard otherwise than it is.
    Compare {
        /// Which.
        insert: InsertId,
        /// What is heard of it.
        listen: Option<Listen>,
    },
    /// Starts the integrated loudness, its range and the held maxima anew, of all strips.
    ResetMeters,
    /// Clears one strip's held maximum and clip count.
    ResetPeak {
        /// Which.
        strip: StripId,
    },
}
