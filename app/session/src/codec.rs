//! The lossy codecs that a release check sends a master through, and what comes of the master there.
//!
//! A codec keeps what is heard and not the waveform, so its decoder's peaks are others than the limiter held. What is over a limit after
//! decoding must be taken off the ceiling before: by as many dB, and to the tenth below.

use serde::{Deserialize, Serialize};

use crate::analysis::Analysis;
use crate::destination::PEAK_TOLERANCE_DB;

/// A codec at a bit rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codec {
    /// Permanent id.
    pub id: &'static str,
    /// Name on screen.
    pub name: &'static str,
    /// Its name in the WebCodecs registry.
    pub registered: &'static str,
    /// Bits in a second.
    pub bit_rate: u32,
}

/// Opus, whatever the rate of what goes in.
pub const OPUS: &str = "opus";
/// AAC, low complexity.
pub const AAC: &str = "mp4a.40.2";

/// All of them: what places stream music with, as far as browsers have encoders for it that keep to the bit rate. Firefox's Vorbis does not.
pub static CODECS: [Codec; 5] = [
    Codec { id: "opus_128", name: "Opus, 128 kbit/s", registered: OPUS, bit_rate: 128_000 },
    Codec { id: "opus_96", name: "Opus, 96 kbit/s", registered: OPUS, bit_rate: 96_000 },
    Codec { id: "opus_160", name: "Opus, 160 kbit/s", registered: OPUS, bit_rate: 160_000 },
    Codec { id: "aac_128", name: "AAC, 128 kbit/s", registered: AAC, bit_rate: 128_000 },
    Codec { id: "aac_256", name: "AAC, 256 kbit/s", registered: AAC, bit_rate: 256_000 },
];

impl Codec {
    /// The one with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        CODECS.iter().find(|codec| codec.id == id)
    }

    /// The rate at which it takes a song: Opus has one, the others take the nearer of the two that music is sold at.
    pub fn rate_hz(&self, song_hz: u32) -> u32 {
        if self.registered != OPUS && song_hz.is_multiple_of(44_100) { 44_100 } else { 48_000 }
    }
}

/// A master that has been encoded and decoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// [`Codec::id`].
    pub codec: String,
    /// The master as it was rendered.
    pub rendered: Analysis,
    /// What the decoder gives, aligned with it.
    pub decoded: Analysis,
    /// How late the decoder is, at the codec's rate.
    pub delay_frames: i64,
    /// What the codec takes away and adds, over the master, dB.
    pub change_db: f64,
    /// Size of what was encoded.
    pub bytes: u64,
}

impl Checked {
    /// The ceiling that would keep the decoded master under a limit; `None` when it is there already.
    pub fn ceiling_dbtp(&self, limit_dbtp: f64) -> Option<f64> {
        let over = self.decoded.true_peak_dbtp - limit_dbtp;
        // A tenth that is met exactly is not lowered by the last bit of its number.
        (over > PEAK_TOLERANCE_DB).then(|| libm::floor((self.rendered.true_peak_dbtp - over) * 10.0 + 1e-9) / 10.0)
    }

    /// By how much the decoded master must be turned to be as loud as the rendered one, dB.
    pub fn match_db(&self) -> f64 {
        let difference = self.rendered.integrated_lufs - self.decoded.integrated_lufs;
        if difference.is_finite() { difference } else { 0.0 }
    }

    /// Bits that a second took.
    pub fn bit_rate(&self) -> f64 {
        let seconds = self.decoded.frames as f64 / f64::from(self.decoded.rate_hz.max(1));
        self.bytes as f64 * 8.0 / seconds.max(1e-3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analysis(true_peak_dbtp: f64, integrated_lufs: f64) -> Analysis {
        Analysis {
            version: 1,
            rate_hz: 48_000,
            frames: 96_000,
            integrated_lufs,
            range_lu: 5.0,
            momentary_max_lufs: -9.0,
            short_term_max_lufs: -10.0,
            true_peak_dbtp,
            sample_peak_db: true_peak_dbtp,
            psr_min_lu: 8.0,
            correlation: 1.0,
            balance_db: 0.0,
            dc: [0.0; 2],
            clipped_runs: 0,
            short_term_lufs: Vec::new(),
            bands: Vec::new(),
            critical_db: Vec::new(),
        }
    }

    fn checked(rendered_dbtp: f64, decoded_dbtp: f64) -> Checked {
        Checked {
            codec: "opus_128".into(),
            rendered: analysis(rendered_dbtp, -14.0),
            decoded: analysis(decoded_dbtp, -14.2),
            delay_frames: 312,
            change_db: -25.0,
            bytes: 32_000,
        }
    }

    #[test]
    fn what_is_over_after_decoding_is_taken_off_the_ceiling_to_the_tenth_below() {
        assert_eq!(checked(-1.0, -0.34).ceiling_dbtp(-1.0), Some(-1.7));
        assert_eq!(checked(-1.0, -0.3).ceiling_dbtp(-1.0), Some(-1.7));
        assert_eq!(checked(-1.0, -0.97).ceiling_dbtp(-1.0), None, "within what meters differ by");
        assert_eq!(checked(-2.0, -1.4).ceiling_dbtp(-1.0), None);
        assert_eq!(checked(-2.0, -1.4).ceiling_dbtp(-2.0), Some(-2.6));
    }

    #[test]
    fn the_decoded_master_is_matched_and_its_bit_rate_is_that_of_its_bytes() {
        let checked = checked(-1.0, -0.5);
        assert!((checked.match_db() - 0.2).abs() < 1e-9);
        assert_eq!(checked.bit_rate(), 128_000.0);
    }

    #[test]
    fn ids_are_unique_and_each_codec_takes_a_rate_that_it_has() {
        for (at, codec) in CODECS.iter().enumerate() {
            assert!(CODECS[..at].iter().all(|other| other.id != codec.id) && Codec::find(codec.id) == Some(codec));
            assert_eq!(codec.rate_hz(96_000), 48_000);
            assert_eq!(codec.rate_hz(88_200), if codec.registered == OPUS { 48_000 } else { 44_100 });
        }
    }
}
