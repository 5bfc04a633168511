//! Audio for the eye: copies of what passes at a few points of the graph, for whoever looks at it, and nothing while nobody does.
//!
//! The sound goes by unchanged; a copy is two kilobytes a block and takes no memory.

use alloc::boxed::Box;

use super::BLOCK_FRAMES;
use super::block::StereoBlock;
use crate::protocol::TapPoint;
use crate::protocol::taps::{BLOCK_WORDS, SLOTS};

struct Slot {
    point: Option<TapPoint>,
    number: u32,
    /// Frames carried since it was set, modulo 2³².
    written: u32,
    /// Left, then right.
    block: [f32; BLOCK_WORDS],
}

/// Sees every block at every point: what measures a whole song, never what plays it.
pub type Watcher = Box<dyn FnMut(TapPoint, &[f32], &[f32])>;

/// The slots.
pub struct Taps {
    slots: Box<[Slot]>,
    watcher: Option<Watcher>,
    in_use: usize,
}

impl Taps {
    /// Nobody looks.
    pub fn new() -> Self {
        let slots = (0..SLOTS).map(|_| Slot { point: None, number: 0, written: 0, block: [0.0; BLOCK_WORDS] }).collect();
        Self { slots, watcher: None, in_use: 0 }
    }

    /// Points a slot somewhere, or ends it.
    pub fn set(&mut self, slot: usize, number: u32, point: Option<TapPoint>) {
        if let Some(slot) = self.slots.get_mut(slot) {
            (slot.point, slot.number, slot.written) = (point, number, 0);
        }
        self.count();
    }

    /// From now on every block at every point is shown to `watcher`.
    pub fn watch(&mut self, watcher: Watcher) {
        self.watcher = Some(watcher);
        self.count();
    }

    fn count(&mut self) {
        self.in_use = self.slots.iter().filter(|slot| slot.point.is_some()).count() + usize::from(self.watcher.is_some());
    }

    /// A block passes this point.
    #[inline]
    pub fn take(&mut self, point: TapPoint, block: &StereoBlock) {
        if self.in_use == 0 {
            return;
        }
        if let Some(watcher) = &mut self.watcher {
            watcher(point, &block.left, &block.right);
        }
        for slot in self.slots.iter_mut().filter(|slot| slot.point == Some(point)) {
            let (left, right) = slot.block.split_at_mut(BLOCK_FRAMES);
            left.copy_from_slice(&block.left);
            right.copy_from_slice(&block.right);
            slot.written = slot.written.wrapping_add(BLOCK_FRAMES as u32);
        }
    }

    /// Each slot's number, frames and last block.
    pub fn slots(&self) -> impl Iterator<Item = (u32, u32, &[f32])> {
        self.slots.iter().map(|slot| (slot.number, slot.written, &slot.block[..]))
    }
}
