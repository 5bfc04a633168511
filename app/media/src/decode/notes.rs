//! What an import found or mended, collected while reading and said at the end.

/// Findings of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// It had this many channels.
    pub folded_from: Option<u16>,
    /// Samples that were not numbers, or beyond any level.
    pub silenced: u64,
    /// Frames that the header promises, when fewer are there.
    pub promised: Option<u64>,
    /// Places that could not be decoded.
    pub damaged: u64,
    /// Its end is missing, by how much is not known.
    pub cut_short: bool,
    /// It goes on with another rate or number of channels.
    pub changes: bool,
    /// It has audio after its audio.
    pub second_part: bool,
}

impl Notes {
    /// As sentences, `read` frames having been found.
    pub fn sentences(&self, read: u64, rate_hz: u32) -> Vec<String> {
        let mut said = Vec::new();
        match self.promised {
            Some(promised) if promised > read => {
                let (got, all) = (clock(read, rate_hz), clock(promised, rate_hz));
                said.push(if got == all {
                    format!("The file is cut short: {} samples of its end are missing.", promised - read)
                } else {
                    format!("The file is cut short: {got} of {all} could be read.")
                });
            }
            _ if self.cut_short => said.push(format!("The file is cut short: {} could be read.", clock(read, rate_hz))),
            _ => {}
        }
        match self.damaged {
            0 => {}
            1 => said.push("One damaged place was left silent.".into()),
            many => said.push(format!("{many} damaged places were left silent.")),
        }
        match self.silenced {
            0 => {}
            1 => said.push("One sample was not a usable number and was replaced by silence.".into()),
            many => said.push(format!("{many} samples were not usable numbers and were replaced by silence.")),
        }
        if let Some(channels) = self.folded_from {
            said.push(format!("The file has {channels} channels; they were folded down to stereo."));
        }
        if self.changes {
            said.push("The file changes its rate or channels on the way; what follows was left out.".into());
        }
        if self.second_part {
            said.push("The file has a second block of audio, which was left out.".into());
        }
        said
    }
}

/// Minutes and seconds.
fn clock(frames: u64, rate_hz: u32) -> String {
    let seconds = frames / u64::from(rate_hz.max(1));
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}
