//! What the engine last said of itself: levels, loudness, position. Read by drawings, once per animation frame; never by views.

use dsp::protocol::telemetry::BANDS;
use dsp::protocol::{InsertId, StripId};

/// A strip's levels since the last frame, linear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StripReading {
    /// Which.
    pub id: StripId,
    /// Highest sample after the fader, left and right.
    pub peak: [f32; 2],
    /// Highest sample before the fader, of both channels.
    pub peak_pre: f32,
    /// RMS over 300 ms, left and right.
    pub rms: [f32; 2],
    /// Highest sample since it was reset.
    pub peak_max: f32,
    /// Samples over full scale since it was reset.
    pub clipped: u32,
}

/// Everything that drawings need of the engine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readings {
    /// Whether an engine runs at all; without one nothing below was measured.
    pub running: bool,
    /// The transport plays.
    pub playing: bool,
    /// It plays, but waits for audio from the store.
    pub holding: bool,
    /// Timeline frame that is heard.
    pub position: u64,
    /// Strips.
    pub strips: Vec<StripReading>,
    /// Gain reduction of inserts in dB, 0 or negative.
    pub reductions_db: Vec<(InsertId, f32)>,
    /// The same of each band of inserts that work in bands.
    pub band_reductions_db: Vec<(InsertId, [f32; BANDS])>,
    /// What the way around an insert is turned by to be as loud, dB; not a number while it is not compared.
    pub matches_db: Vec<(InsertId, f32)>,
    /// What brings the song behind its master chain to its loudness before it, dB; not a number while it is not measured.
    pub chain_match_db: f32,
    /// What the device that it is heard through is turned by to be as loud as none, dB.
    pub device_match_db: f32,
    /// What the reference is turned by to be as loud as the song over the loop, dB; not a number while it is not measured.
    pub reference_match_db: f32,
    /// Momentary loudness, LUFS.
    pub momentary: f32,
    /// Short-term loudness, LUFS.
    pub short_term: f32,
    /// Integrated loudness, LUFS.
    pub integrated: f32,
    /// Loudness range, LU; not a number while it is not measured.
    pub range: f32,
    /// Largest short-term loudness since the reset, LUFS.
    pub short_term_max: f32,
    /// Largest true peak of the last 3 s less the short-term loudness, LU; not a number in silence.
    pub psr: f32,
    /// How many short-term windows lay in each LU from −70 LUFS on since the reset.
    pub loudness_counts: Vec<u32>,
    /// Frames over which the integrated loudness was measured.
    pub measured_frames: u64,
    /// True peak since the reset, linear.
    pub true_peak_max: f32,
    /// True peak since the last frame, linear, left and right.
    pub true_peak: [f32; 2],
    /// Correlation of the master.
    pub correlation: f32,
    /// From the timeline to the output, frames.
    pub latency_frames: u32,
}

impl Readings {
    /// A strip's reading.
    pub fn strip(&self, id: StripId) -> Option<&StripReading> {
        self.strips.iter().find(|strip| strip.id == id)
    }

    /// What the way around an insert is turned by, dB, once it was measured.
    pub fn match_db(&self, id: InsertId) -> Option<f32> {
        self.matches_db.iter().find(|insert| insert.0 == id).map(|insert| insert.1).filter(|db| db.is_finite())
    }

    /// An insert's gain reduction in dB, 0 or negative.
    pub fn reduction_db(&self, id: InsertId) -> f32 {
        self.reductions_db.iter().find(|insert| insert.0 == id).map_or(0.0, |insert| insert.1)
    }

    /// The gain reduction of an insert's band in dB, 0 or negative.
    pub fn band_reduction_db(&self, id: InsertId, band: usize) -> f32 {
        let bands_db = self.band_reductions_db.iter().find(|insert| insert.0 == id).map(|insert| insert.1);
        bands_db.and_then(|bands_db| bands_db.get(band).copied()).unwrap_or(0.0)
    }
}
