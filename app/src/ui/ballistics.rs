//! How a meter's bar, line and number move: up at once, down slowly, held for two seconds.

/// Bars and lines fall 20 dB in 1.5 s, as IEC 60268-10 type I meters do.
const FALL_DB_PER_S: f32 = 20.0 / 1.5;
/// The line stands this long before it falls.
const HOLD_MS: f64 = 2000.0;
/// Everything below is the bottom of the scale.
pub const FLOOR_DB: f32 = -90.0;

/// A linear level in dB, not below [`FLOOR_DB`].
pub fn level_db(gain: f32) -> f32 {
    (dsp::units::gain_to_db(f64::from(gain)) as f32).max(FLOOR_DB)
}

/// One channel of a peak meter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeakChannel {
    /// Top of the bar, dB.
    pub bar_db: f32,
    /// The line, dB.
    pub line_db: f32,
    held_until_ms: f64,
    at_ms: f64,
}

impl Default for PeakChannel {
    fn default() -> Self {
        Self { bar_db: FLOOR_DB, line_db: FLOOR_DB, held_until_ms: 0.0, at_ms: 0.0 }
    }
}

impl PeakChannel {
    /// Takes in the highest level since the last call.
    pub fn take(&mut self, peak_db: f32, now_ms: f64) {
        let fall = FALL_DB_PER_S * ((now_ms - self.at_ms).clamp(0.0, 1000.0) / 1000.0) as f32;
        self.at_ms = now_ms;
        self.bar_db = peak_db.max(self.bar_db - fall).max(FLOOR_DB);
        if peak_db >= self.line_db {
            self.line_db = peak_db;
            self.held_until_ms = now_ms + HOLD_MS;
        } else if now_ms > self.held_until_ms {
            self.line_db = (self.line_db - fall).max(FLOOR_DB);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_rises_at_once_and_its_bar_falls_20_db_in_a_second_and_a_half() {
        let mut channel = PeakChannel::default();
        channel.take(-6.0, 0.0);
        assert_eq!(channel.bar_db, -6.0);
        for step in 1..=150 {
            channel.take(FLOOR_DB, f64::from(step) * 10.0);
        }
        assert!((channel.bar_db + 26.0).abs() < 0.1, "{}", channel.bar_db);
    }

    #[test]
    fn the_line_stands_for_two_seconds_before_it_falls() {
        let mut channel = PeakChannel::default();
        channel.take(-3.0, 0.0);
        channel.take(-40.0, 1990.0);
        assert_eq!(channel.line_db, -3.0);
        channel.take(-40.0, 2100.0);
        assert!(channel.line_db < -3.0);
    }
}
