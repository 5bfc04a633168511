//! What every node needs while a block is rendered.

use super::block::StereoBlock;
use super::events::EventQueue;
use super::taps::Taps;
use super::timeline::Timeline;

/// Shared state of one block's rendering.
pub struct Context<'a> {
    /// Where the nodes are.
    pub timeline: &'a Timeline,
    /// Where they tell what happened.
    pub events: &'a mut EventQueue,
    /// Values that were not numbers and were stopped, since the engine began.
    pub repaired: &'a mut u32,
    /// Whether somebody reads meters.
    pub is_read: bool,
    /// Who looks at the sound.
    pub taps: &'a mut Taps,
    /// What the insert that is listened to changes, for the monitor stage.
    pub change: &'a mut StereoBlock,
}
