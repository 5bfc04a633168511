//! Soft takeover: a knob takes hold of a value only when it meets it, so that nothing jumps.

/// A knob this close to the value has met it: two steps of a knob with 7 bits.
const REACH: f32 = 2.0 / 127.0;

/// What a knob has to do with its value, both as places from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Takeover {
    hand: Option<f32>,
    /// The place that it set last, while it has hold.
    set: Option<f32>,
}

impl Takeover {
    /// The knob stands at `hand`, the value at `value`: whether the value follows now.
    pub fn follows(&mut self, hand: f32, value: f32) -> bool {
        let before = self.hand.replace(hand);
        let has_hold = self.set.is_some_and(|set| (set - value).abs() <= REACH);
        let meets = (hand - value).abs() <= REACH || before.is_some_and(|before| (before - value) * (hand - value) < 0.0);
        let follows = has_hold || meets;
        self.set = follows.then_some(hand);
        follows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_knob_far_away_moves_nothing_until_it_meets_the_value() {
        let mut takeover = Takeover::default();
        assert!(!takeover.follows(0.1, 0.5));
        assert!(!takeover.follows(0.3, 0.5));
        assert!(takeover.follows(0.49, 0.5));
        assert!(takeover.follows(0.9, 0.49), "once it has hold, a fast turn is followed");
    }

    #[test]
    fn a_knob_that_passes_the_value_in_one_step_has_met_it() {
        let mut takeover = Takeover::default();
        assert!(!takeover.follows(0.2, 0.5));
        assert!(takeover.follows(0.8, 0.5));
    }

    #[test]
    fn a_value_that_was_moved_otherwise_must_be_met_again() {
        let mut takeover = Takeover::default();
        assert!(takeover.follows(0.5, 0.5));
        assert!(!takeover.follows(0.52, 0.9), "the mouse has taken it to 0.9");
        assert!(takeover.follows(0.9, 0.9));
    }
}
