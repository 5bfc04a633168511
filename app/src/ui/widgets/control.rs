//! A continuous value as the widgets see it.

use dsp::params::{Flags, ParamSpec, Unit};
use leptos::prelude::*;

use super::MenuItem;

/// A value that a person turns: its declaration, where it stands, and how it is changed.
///
/// A gesture is any number of `set` calls and one `done`; it becomes one entry of the history.
#[derive(Clone, Copy)]
pub struct Control {
    /// Range, taper, steps, wording.
    pub spec: &'static ParamSpec,
    /// The value in plain units.
    pub value: Signal<f32>,
    /// Sets the value as part of a gesture.
    pub set: Callback<f32>,
    /// Ends the gesture.
    pub done: Callback<()>,
    /// Further lines of its menu, for the name that it has.
    pub more: Option<Callback<String, Vec<MenuItem>>>,
}

/// From silence a key leads to this level, and from here down to silence: below it a fader's travel is too short to see.
const LOWEST_AUDIBLE_DB: f32 = -90.0;

/// How far a key moves a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stride {
    /// An arrow key.
    Step,
    /// Shift and an arrow key.
    Fine,
    /// A Page key.
    Large,
}

impl Control {
    /// The position from 0 to 1, tracked.
    pub fn position(&self) -> f32 {
        self.spec.to_position(self.value.get())
    }

    /// Where the filled part of the control starts: the middle for what has two sides, the bottom for the rest.
    pub fn origin(&self) -> f32 {
        if self.spec.flags.has(Flags::BIPOLAR) { self.spec.to_position(0.0) } else { 0.0 }
    }

    /// Sets the value as a gesture of its own.
    pub fn set_once(&self, value: f32) {
        self.set.run(value);
        self.done.run(());
    }
}

/// A dragged value on the grid of the fine step, so that what is shown is what is set.
pub fn on_grid(spec: &ParamSpec, value: f32) -> f32 {
    let fine = spec.steps.fine;
    let has_grid = matches!(spec.unit, Unit::Db | Unit::Dbtp | Unit::Percent | Unit::Pan | Unit::Degrees) && fine > 0.0;
    if !has_grid || value <= spec.min || value >= spec.max {
        return spec.clamp(value);
    }
    spec.clamp((value / fine).round() * fine)
}

/// The value that a key leads to; `direction` is 1 or −1.
pub fn stepped(spec: &ParamSpec, value: f32, stride: Stride, direction: f32) -> f32 {
    if spec.flags.has(Flags::MIN_IS_SILENCE) {
        if direction > 0.0 && value < LOWEST_AUDIBLE_DB {
            return spec.clamp(LOWEST_AUDIBLE_DB);
        }
        if direction < 0.0 && value <= LOWEST_AUDIBLE_DB {
            return spec.min;
        }
    }
    let amount = match stride {
        Stride::Step => spec.steps.step,
        Stride::Fine => spec.steps.fine,
        Stride::Large => spec.steps.large,
    };
    on_grid(spec, value + direction * amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp::engine::{STRIP_PARAMS, strip_param};

    #[test]
    fn a_fader_key_moves_half_a_decibel_and_shift_a_tenth() {
        let volume = &STRIP_PARAMS[strip_param::VOLUME];
        assert_eq!(stepped(volume, -6.0, Stride::Step, 1.0), -5.5);
        assert!((stepped(volume, -6.0, Stride::Fine, -1.0) + 6.1).abs() < 1e-5);
        assert_eq!(stepped(volume, -6.0, Stride::Large, -1.0), -9.0);
    }

    #[test]
    fn a_fader_at_the_bottom_comes_back_with_one_key_and_goes_silent_with_one() {
        let volume = &STRIP_PARAMS[strip_param::VOLUME];
        let up = stepped(volume, volume.min, Stride::Step, 1.0);
        assert_eq!(up, -90.0);
        assert_eq!(stepped(volume, up, Stride::Step, -1.0), volume.min);
    }

    #[test]
    fn a_dragged_level_lands_on_tenths() {
        let volume = &STRIP_PARAMS[strip_param::VOLUME];
        assert!((on_grid(volume, -3.137) + 3.1).abs() < 1e-5);
        assert_eq!(on_grid(volume, -200.0), volume.min);
    }
}
