//! The running values of one processor or strip: targets set by commands, approached by each parameter's smoothing, or
//! driven by a lane.
//!
//! A bank moves in grains: the engine calls [`ParamBank::advance`] once before each run of frames and hands the
//! changed values (their value at the END of that run) to the processor, which glides to them over the run.

use alloc::vec::Vec;

use super::{ParamSpec, Smoothing};
use crate::units::ms_to_frames;

/// A parameter whose value moved in this run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamChange {
    /// Index in the declaration.
    pub index: usize,
    /// Value at the end of the run, in plain units.
    pub value: f32,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    current: f32,
    target: f32,
    /// Positions (0 to 1) at the start and end of a running ramp.
    from_position: f32,
    to_position: f32,
    ramp_frames: u32,
    ramp_done: u32,
    /// The value must be handed over although no ramp runs (a jump, or a reset).
    dirty: bool,
    /// A lane drives it: targets wait until it lets go.
    driven: bool,
}

/// The running values of one declaration's parameters.
#[derive(Clone, Debug)]
pub struct ParamBank {
    specs: &'static [ParamSpec],
    slots: Vec<Slot>,
    rate_hz: f64,
    moving: u32,
}

impl ParamBank {
    /// All parameters at their defaults, each to be handed over at the first [`ParamBank::advance`].
    pub fn new(specs: &'static [ParamSpec], rate_hz: f64) -> Self {
        let slots = specs
            .iter()
            .map(|spec| Slot {
                current: spec.default,
                target: spec.default,
                from_position: 0.0,
                to_position: 0.0,
                ramp_frames: 0,
                ramp_done: 0,
                dirty: true,
                driven: false,
            })
            .collect::<Vec<_>>();
        let moving = slots.len() as u32;
        Self { specs, slots, rate_hz, moving }
    }

    /// The declaration.
    pub fn specs(&self) -> &'static [ParamSpec] {
        self.specs
    }

    /// Value now, in plain units; out-of-range indices read 0.
    pub fn value(&self, index: usize) -> f32 {
        self.slots.get(index).map_or(0.0, |slot| slot.current)
    }

    /// Where the value is going.
    pub fn target(&self, index: usize) -> f32 {
        self.slots.get(index).map_or(0.0, |slot| slot.target)
    }

    /// Sets where a parameter goes; the value is clamped. Unknown indices are ignored.
    pub fn set_target(&mut self, index: usize, value: f32) {
        let (Some(spec), Some(slot)) = (self.specs.get(index), self.slots.get_mut(index)) else {
            return;
        };
        let value = spec.clamp(value);
        slot.target = value;
        if slot.driven || value == slot.current && slot.ramp_frames == 0 {
            return;
        }
        let was_moving = slot.dirty || slot.ramp_frames > 0;
        match spec.smoothing {
            Smoothing::None => {
                slot.current = value;
                slot.ramp_frames = 0;
                slot.dirty = true;
            }
            Smoothing::Linear(ms) => {
                slot.from_position = spec.to_position(slot.current);
                slot.to_position = spec.to_position(value);
                slot.ramp_frames = ms_to_frames(ms as f64, self.rate_hz).max(1) as u32;
                slot.ramp_done = 0;
            }
        }
        if !was_moving {
            self.moving += 1;
        }
    }

    /// A lane's value at the end of the coming run; overrides target and ramp until [`ParamBank::release`].
    pub fn drive(&mut self, index: usize, value: f32) {
        let (Some(spec), Some(slot)) = (self.specs.get(index), self.slots.get_mut(index)) else {
            return;
        };
        let value = spec.clamp(value);
        let was_moving = slot.dirty || slot.ramp_frames > 0;
        slot.ramp_frames = 0;
        slot.driven = true;
        if value != slot.current {
            slot.current = value;
            slot.dirty = true;
        }
        match (was_moving, slot.dirty) {
            (false, true) => self.moving += 1,
            (true, false) => self.moving -= 1,
            _ => {}
        }
    }

    /// The lane lets go: the value glides back to its target.
    pub fn release(&mut self, index: usize) {
        if let Some(slot) = self.slots.get_mut(index)
            && slot.driven
        {
            slot.driven = false;
            let target = slot.target;
            self.set_target(index, target);
        }
    }

    /// Ends all ramps at their targets and marks every value to be handed over.
    pub fn snap(&mut self) {
        for slot in &mut self.slots {
            if !slot.driven {
                slot.current = slot.target;
            }
            slot.ramp_frames = 0;
            slot.dirty = true;
        }
        self.moving = self.slots.len() as u32;
    }

    /// Whether any value moves in the coming run.
    pub fn is_moving(&self) -> bool {
        self.moving > 0
    }

    /// Moves all values `frames` on and tells each that changed.
    pub fn advance(&mut self, frames: usize, mut changed: impl FnMut(ParamChange)) {
        if self.moving == 0 {
            return;
        }
        for (index, (slot, spec)) in self.slots.iter_mut().zip(self.specs).enumerate() {
            if slot.ramp_frames > 0 {
                slot.ramp_done = slot.ramp_done.saturating_add(frames as u32);
                if slot.ramp_done >= slot.ramp_frames {
                    slot.current = slot.target;
                    slot.ramp_frames = 0;
                    slot.dirty = false;
                    self.moving -= 1;
                } else {
                    let share = slot.ramp_done as f32 / slot.ramp_frames as f32;
                    slot.current = spec.from_position(slot.from_position + share * (slot.to_position - slot.from_position));
                }
                changed(ParamChange { index, value: slot.current });
            } else if slot.dirty {
                slot.dirty = false;
                self.moving -= 1;
                changed(ParamChange { index, value: slot.current });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Unit;

    static SPECS: [ParamSpec; 2] =
        [ParamSpec::new("gain", "Gain", Unit::Db, -30.0, 30.0, 0.0, ""), ParamSpec::toggle("on", "On", true, "")];

    fn settled() -> ParamBank {
        let mut bank = ParamBank::new(&SPECS, 48_000.0);
        bank.advance(16, |_| ());
        bank
    }

    #[test]
    fn a_new_bank_hands_every_default_over_once() {
        let mut bank = ParamBank::new(&SPECS, 48_000.0);
        let mut seen = Vec::new();
        bank.advance(16, |change| seen.push(change.index));
        assert_eq!(seen, [0, 1]);
        assert!(!bank.is_moving());
    }

    #[test]
    fn a_smoothed_target_is_reached_after_its_time_and_not_before() {
        let mut bank = settled();
        bank.set_target(0, 12.0);
        let mut frames = 0;
        while bank.is_moving() {
            bank.advance(16, |_| ());
            frames += 16;
        }
        assert_eq!(bank.value(0), 12.0);
        assert_eq!(frames, 960);
    }

    #[test]
    fn a_driven_value_ignores_targets_until_it_is_released() {
        let mut bank = settled();
        bank.drive(0, 5.0);
        bank.advance(16, |_| ());
        bank.set_target(0, -20.0);
        bank.advance(16, |_| ());
        assert_eq!(bank.value(0), 5.0);
        bank.release(0);
        for _ in 0..100 {
            bank.advance(16, |_| ());
        }
        assert_eq!(bank.value(0), -20.0);
        assert!(!bank.is_moving());
    }
}
