//! What Symphonia does not take from an MP4: edit lists (the encoder's delay and padding), and how long a cut file was.
//!
//! Source: ISO/IEC 14496-12, boxes `moov`, `trak`, `edts`/`elst`, `mdhd`, `mvhd`, `hdlr`.

use super::source::{ByteSource, read_at};
use super::{Frames, Notes, Refusal, Samples, Spec};

/// Boxes beyond which a file is not walked further.
const MOST_BOXES: u32 = 100_000;

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mp4 {
    /// Where the last box says that it ends.
    pub claimed_len: u64,
    /// The part of the sound track that is meant to be heard, in seconds as fractions of its time scale.
    pub edit: Option<Edit>,
}

/// A stretch of the sound track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// Ticks before it.
    pub start: u64,
    /// Ticks of it; 0 is all.
    pub length: u64,
    /// Ticks per second.
    pub timescale: u32,
}

/// Looks at the boxes of a file that may be an MP4.
pub fn look(source: &mut dyn ByteSource) -> Option<Mp4> {
    let len = source.len();
    let mut found = Mp4 { claimed_len: len, edit: None };
    let mut boxes = Boxes { source, left: MOST_BOXES };
    let (first, ..) = boxes.header(0)?;
    if &first != b"ftyp" {
        return None;
    }
    let mut at = 0;
    while let Some((name, body, end)) = boxes.header(at) {
        if &name == b"moov" {
            found.edit = boxes.sound_edit(body, end.min(len));
        }
        found.claimed_len = found.claimed_len.max(end);
        at = end;
    }
    Some(found)
}

struct Boxes<'a> {
    source: &'a mut dyn ByteSource,
    left: u32,
}

impl Boxes<'_> {
    /// Name, first byte of the body and end of the box at a place.
    fn header(&mut self, at: u64) -> Option<([u8; 4], u64, u64)> {
        self.left = self.left.checked_sub(1)?;
        let mut header = [0; 16];
        let read = read_at(self.source, at, &mut header).ok()?;
        if read < 8 {
            return None;
        }
        let size = u64::from(word(&header, 0));
        let (body, size) = match size {
            0 => (at + 8, self.source.len().checked_sub(at)?),
            1 if read == 16 => (at + 16, u64::from(word(&header, 8)) << 32 | u64::from(word(&header, 12))),
            size => (at + 8, size),
        };
        let end = at.checked_add(size)?;
        (end >= body && end > at).then_some(([header[4], header[5], header[6], header[7]], body, end))
    }

    /// The first child with a name.
    fn child(&mut self, mut at: u64, end: u64, wanted: &[u8; 4]) -> Option<(u64, u64)> {
        while at < end {
            let (name, body, after) = self.header(at)?;
            if &name == wanted {
                return Some((body, after.min(end)));
            }
            at = after;
        }
        None
    }

    fn bytes<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        (read_at(self.source, at, &mut bytes).ok()? == N).then_some(bytes)
    }

    /// The time scale of an `mvhd` or `mdhd`.
    fn timescale(&mut self, body: u64) -> Option<u32> {
        let bytes: [u8; 24] = self.bytes(body)?;
        Some(word(&bytes, if bytes[0] == 1 { 20 } else { 12 })).filter(|scale| *scale > 0)
    }

    /// The edit of the first sound track.
    fn sound_edit(&mut self, moov: u64, end: u64) -> Option<Edit> {
        let (mvhd, _) = self.child(moov, end, b"mvhd")?;
        let movie_scale = self.timescale(mvhd)?;
        let mut at = moov;
        while at < end {
            let (name, body, after) = self.header(at)?;
            at = after;
            if &name != b"trak" {
                continue;
            }
            let (mdia, mdia_end) = self.child(body, after.min(end), b"mdia")?;
            let (hdlr, _) = self.child(mdia, mdia_end, b"hdlr")?;
            let handler: [u8; 12] = self.bytes(hdlr)?;
            if &handler[8..] == b"soun" {
                let (mdhd, _) = self.child(mdia, mdia_end, b"mdhd")?;
                let timescale = self.timescale(mdhd)?;
                let (edts, edts_end) = self.child(body, after.min(end), b"edts")?;
                let (elst, elst_end) = self.child(edts, edts_end, b"elst")?;
                return self.only_edit(elst, elst_end, movie_scale, timescale);
            }
        }
        None
    }

    /// The one edit of a list, leading empty ones left out; a list that rearranges the track is not followed.
    fn only_edit(&mut self, body: u64, end: u64, movie_scale: u32, timescale: u32) -> Option<Edit> {
        let header: [u8; 8] = self.bytes(body)?;
        let (is_long, count) = (header[0] == 1, word(&header, 4));
        let entry_bytes = if is_long { 20 } else { 12 };
        let mut edits = Vec::new();
        for index in 0..u64::from(count.min(8)) {
            let at = body + 8 + index * entry_bytes;
            if at + entry_bytes > end {
                break;
            }
            let entry: [u8; 16] = self.bytes(at)?;
            let (length, start) = if is_long {
                (
                    u64::from(word(&entry, 0)) << 32 | u64::from(word(&entry, 4)),
                    i64::from(word(&entry, 8)) << 32 | i64::from(word(&entry, 12)),
                )
            } else {
                (u64::from(word(&entry, 0)), i64::from(word(&entry, 4) as i32))
            };
            if let Ok(start) = u64::try_from(start) {
                let ticks = u128::from(length) * u128::from(timescale) / u128::from(movie_scale);
                edits.push(Edit { start, length: u64::try_from(ticks).ok()?, timescale });
            }
        }
        (edits.len() == 1).then(|| edits[0])
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Frames without those before and after an edit.
pub struct Trim {
    frames: Box<dyn Frames>,
    skip: u64,
    keep: u64,
}

impl Trim {
    /// The edit's frames at the track's rate.
    pub fn new(frames: Box<dyn Frames>, edit: Edit) -> Self {
        let rate_hz = u128::from(frames.spec().rate_hz);
        let at_rate = |ticks: u64| u64::try_from(u128::from(ticks) * rate_hz / u128::from(edit.timescale.max(1))).unwrap_or(u64::MAX);
        let keep = if edit.length == 0 { u64::MAX } else { at_rate(edit.length) };
        Self { frames, skip: at_rate(edit.start), keep }
    }
}

impl Frames for Trim {
    fn spec(&self) -> Spec {
        self.frames.spec()
    }

    fn next(&mut self, notes: &mut Notes) -> Result<Option<Samples>, Refusal> {
        let Some(mut piece) = self.frames.next(notes)? else { return Ok(None) };
        let channels = usize::from(self.spec().channels.max(1));
        let frames = (piece.len() / channels) as u64;
        let skip = self.skip.min(frames);
        let keep = self.keep.min(frames - skip);
        (self.skip, self.keep) = (self.skip - skip, self.keep - keep);
        piece.cut(skip as usize * channels, keep as usize * channels);
        Ok(Some(piece))
    }

    fn progress(&self) -> f32 {
        self.frames.progress()
    }
}
