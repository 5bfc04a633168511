//! What the engine tells the page, rarely and never as a stream.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{InsertId, StripId};

/// What the engine tells the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The first block of this generation sounds.
    Started {
        /// The feed's generation.
        generation: u32,
    },
    /// The feeder fell behind: the whole transport holds until it has caught up.
    Starved {
        /// How often since the engine began.
        count: u32,
    },
    /// A routing that would feed a strip from itself was refused; the path, first and last strip the same.
    LoopRefused {
        /// The strips along the loop.
        path: Vec<StripId>,
    },
    /// A processor produced something that is not a number; it was reset and goes on.
    Repaired {
        /// Which.
        insert: InsertId,
    },
    /// A strip went over 0 dBFS (once until its peak is reset).
    Clipped {
        /// Which.
        strip: StripId,
    },
    /// A command could not be read or did not fit into the pool while playing; it will be applied at the next stop.
    Refused {
        /// How many commands wait.
        waiting: u32,
    },
    /// The feed's blocks ended (a render's last frame has been given out).
    Ended,
}
