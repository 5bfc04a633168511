//! What makes a room, a plate or a hall: the lengths of the lines, the onset, and where highs begin to fall faster.

use super::network::LINES;

/// One kind's figures.
pub struct Kind {
    /// Shortest and longest line at size 100 %.
    pub line_ms: [f64; 2],
    /// Level of the diffused input that is heard at once.
    pub onset: f32,
    /// Where damping has half of its effect.
    pub damping_hz: f64,
}

/// In the order of the parameter's words.
pub static KINDS: [Kind; 3] = [
    Kind { line_ms: [17.0, 57.0], onset: 0.5, damping_hz: 5_000.0 },
    Kind { line_ms: [19.0, 67.0], onset: 0.6, damping_hz: 6_000.0 },
    Kind { line_ms: [31.0, 103.0], onset: 0.25, damping_hz: 4_000.0 },
];

/// Steps by which neighbouring lines lie apart in the order of lengths: both sides and all vectors get short and long ones.
const RANK_STEP: usize = 5;

fn is_prime(number: usize) -> bool {
    number > 1 && (2..).take_while(|divisor| divisor * divisor <= number).all(|divisor| !number.is_multiple_of(divisor))
}

impl Kind {
    /// The lines' lengths in frames: equal ratios between the shortest and the longest, each the next prime number, so that no
    /// echoes of different lines meet early.
    pub fn line_frames(&self, size: f64, rate_hz: f64) -> [usize; LINES] {
        let [shortest, longest] = self.line_ms;
        core::array::from_fn(|line| {
            let rank = (line * RANK_STEP) % LINES;
            let ms = size * shortest * libm::pow(longest / shortest, rank as f64 / (LINES - 1) as f64);
            let least = (ms * rate_hz / 1000.0) as usize;
            (least..).find(|frames| is_prime(*frames)).unwrap_or(least)
        })
    }
}
