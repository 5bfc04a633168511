//! The K-System (B. Katz, JAES 2000): RMS on a scale whose zero leaves a fixed headroom, calibrated so that a sine reads its peak.

use crate::units::gain_to_db;

/// RMS of a sine against its peak, dB.
const SINE_DB: f64 = 3.010_299_956_639_812;

/// Where zero lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KScale {
    /// 12 dB below full scale, for broadcast.
    K12,
    /// 14 dB below, for most music.
    K14,
    /// 20 dB below, for music of wide range.
    K20,
}

impl KScale {
    /// Headroom above zero, dB.
    pub const fn headroom_db(self) -> f64 {
        match self {
            Self::K12 => 12.0,
            Self::K14 => 14.0,
            Self::K20 => 20.0,
        }
    }

    /// A linear RMS on this scale, dB.
    pub fn of_rms(self, rms: f64) -> f64 {
        gain_to_db(rms) + SINE_DB + self.headroom_db()
    }
}
