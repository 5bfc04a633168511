//! What crosses the border between the page, the workers and the audio thread.
//!
//! Four kinds of traffic, each over a SharedArrayBuffer seen as 32-bit words ([`SharedWords`]):
//! - [`Command`]s (page → engine) and [`Event`]s (engine → page): postcard messages in a [`ring::ByteRing`];
//! - audio (feeder → engine): blocks of all tracks in the [`feed`] ring;
//! - readings (engine → page): fixed records in the [`telemetry`] ring;
//! - audio for the eye (engine → page): blocks of what somebody looks at in the [`taps`] ring.
//!
//! **When a ring is full.** Commands: the writer keeps what does not fit and tries again at the next animation frame, in order,
//! nothing is dropped. Audio: the feeder waits. Telemetry: the oldest record is overwritten; maxima and integrated
//! readings live in the engine, so a slow reader loses detail only. Events: dropped and counted.

mod command;
mod event;
pub mod feed;
pub mod output;
pub mod ring;
pub mod taps;
pub mod telemetry;
mod words;

pub use command::{
    Address, ClipPlay, Command, FadeCurve, InsertId, LanePoint, Listen, PIECE_ELEMENTS, Piece, Segment, SendId, StripId, StripKind,
    TapPoint,
};
pub use event::Event;
pub use words::{LocalWords, SharedWords};

/// Raised whenever a layout or a message on this page changes; page, workers and worklet refuse to work with another's.
pub const PROTOCOL_VERSION: u32 = 4;
