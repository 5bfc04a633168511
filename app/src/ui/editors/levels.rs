//! The level on both sides of a processor over the last seconds: the highest sample of what goes in and of what comes out, frame by frame.

use std::collections::VecDeque;

use dsp::protocol::{InsertId, TapPoint};

use crate::audio::Tap;
use crate::state::Studio;
use crate::ui::ballistics::{FLOOR_DB, level_db};

/// The audio thread hands over in bursts: so long nothing new is no silence yet.
const LATE_MS: f64 = 100.0;

/// One look: when it was, and both levels in dB.
type Look = (f64, [f32; 2]);

/// See the module's text.
pub struct Levels {
    taps: [Tap; 2],
    looks: VecDeque<Look>,
    span_ms: f64,
}

impl Levels {
    /// Looks at a processor for so long.
    pub fn new(studio: Studio, insert: InsertId, span_ms: f64) -> Self {
        let taps = [TapPoint::BeforeInsert(insert), TapPoint::AfterInsert(insert)].map(|point| studio.sound.tap(point));
        Self { taps, looks: VecDeque::new(), span_ms }
    }

    /// Takes in what came; `true` while there is anything to show.
    pub fn take(&mut self, now_ms: f64) -> bool {
        let (mut peaks, mut frames) = ([0.0_f32; 2], 0);
        for (tap, peak) in self.taps.iter_mut().zip(&mut peaks) {
            let highest = |side: &[f32]| side.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            frames += tap.read(|left, right| *peak = peak.max(highest(left)).max(highest(right)));
        }
        if frames > 0 || self.looks.back().is_none_or(|look| now_ms - look.0 > LATE_MS) {
            keep(&mut self.looks, (now_ms, peaks.map(level_db)), self.span_ms);
        }
        self.looks.iter().any(|look| look.1.iter().any(|db| *db > FLOOR_DB))
    }

    /// All looks, the oldest first.
    pub fn looks(&self) -> impl Iterator<Item = &Look> {
        self.looks.iter()
    }
}

/// Adds a look and drops what is older than the span.
fn keep(looks: &mut VecDeque<Look>, look: Look, span_ms: f64) {
    looks.push_back(look);
    while looks.front().is_some_and(|oldest| look.0 - oldest.0 > span_ms) {
        looks.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_older_than_the_span_are_forgotten() {
        let mut looks = VecDeque::new();
        for at_ms in [0.0, 500.0, 1_000.0, 1_600.0] {
            keep(&mut looks, (at_ms, [-6.0, -9.0]), 1_000.0);
        }
        assert_eq!(looks.iter().map(|look| look.0).collect::<Vec<_>>(), [1_000.0, 1_600.0]);
    }
}
