//! The demo song: stems made by code from fixed seeds, the same on every machine, and an honest start of a mix on them.
//!
//! It is a rough mix on purpose: the kick and the bass share 55 Hz, piano, guitar and pad gather between 200 and 400 Hz, the lead and
//! the voice are uneven. There is something to do.

mod band;
mod drums;
mod mix;
pub mod score;
mod synth;
mod voice;

pub use mix::session;

/// One or two channels of samples.
pub type Stem = Vec<Vec<f32>>;

/// A stem of the demo song.
pub struct StemSpec {
    /// The track's name.
    pub name: &'static str,
    /// The track's colour in the design's palette.
    pub colour: u8,
    /// Makes its samples, [`score::SONG_FRAMES`] long, at [`score::RATE_HZ`], below full scale.
    pub render: fn() -> Stem,
}

/// The stems in track order.
pub const STEMS: &[StemSpec] = &[
    StemSpec { name: "Kick", colour: 1, render: drums::kick },
    StemSpec { name: "Snare", colour: 2, render: drums::snare },
    StemSpec { name: "Hats", colour: 3, render: drums::hats },
    StemSpec { name: "Overheads", colour: 4, render: drums::overheads },
    StemSpec { name: "Shaker", colour: 3, render: drums::shaker },
    StemSpec { name: "Bass", colour: 5, render: band::bass },
    StemSpec { name: "Piano", colour: 8, render: band::piano },
    StemSpec { name: "Guitar", colour: 6, render: band::guitar },
    StemSpec { name: "Pad", colour: 9, render: band::pad },
    StemSpec { name: "Lead", colour: 7, render: band::lead },
    StemSpec { name: "Lead vox", colour: 10, render: voice::lead_voice },
    StemSpec { name: "Backing vox", colour: 12, render: voice::backing_voices },
    StemSpec { name: "Effects", colour: 11, render: voice::effects },
];

fn mono() -> Stem {
    vec![vec![0.0; score::SONG_FRAMES]]
}

fn stereo() -> Stem {
    vec![vec![0.0; score::SONG_FRAMES]; 2]
}
