//! The rooms.

/// What the main part of the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    /// Stems: timeline and console.
    #[default]
    Mix,
    /// Finished stereo files, and the mix's master strip.
    Master,
    /// Several songs in order, as one album.
    Album,
}

impl Room {
    /// All of them, in the order of their tabs.
    pub const ALL: [Self; 3] = [Self::Mix, Self::Master, Self::Album];

    /// Its name on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mix => "Mix",
            Self::Master => "Master",
            Self::Album => "Album",
        }
    }
}
