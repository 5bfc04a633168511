//! How far a clip's source swings between two frames: by its pyramid of peaks, and frame by frame where a pixel is narrower than the finest of
//! these.

use std::rc::Rc;

use session::model::{Session, Song, SourceId};
use session::worker::{PEAK_BASE_FRAMES, PeaksData};

use super::peak_store::{CLOSE_UP_FRAMES, PeakStore};
use super::peaks;
use super::wave::Column;

/// With fewer frames in a column the samples are a line.
const LINE_BELOW_FRAMES: f64 = 8.0;

/// A source's peaks and the way to more of them.
#[derive(Clone)]
pub struct Swing {
    hash: Rc<str>,
    peaks: Rc<PeaksData>,
    /// Frames of the source in one of the song.
    rate: f64,
    store: PeakStore,
}

impl Swing {
    /// Of a source in a song; `None` until its peaks are here.
    pub fn of(session: &Session, song: &Song, source: SourceId, store: PeakStore) -> Option<Self> {
        let source = session.source(source)?;
        let rate = f64::from(source.rate_hz) / f64::from(song.rate_hz.max(1));
        Some(Self { peaks: store.get(&source.hash)?, hash: source.hash.as_str().into(), rate, store })
    }

    /// Between two frames at the song's rate.
    pub fn column(&self, from: f64, to: f64) -> Option<Column> {
        let (from, to) = (from * self.rate, to * self.rate);
        self.close_up(from, to).or_else(|| peaks::column(&self.peaks, from, to))
    }

    fn close_up(&self, from: f64, to: f64) -> Option<Column> {
        if to - from >= f64::from(PEAK_BASE_FRAMES) {
            return None;
        }
        let number = from as u64 / u64::from(CLOSE_UP_FRAMES);
        let close_up = self.store.close_up(&self.hash, number)?;
        let start = (number * u64::from(CLOSE_UP_FRAMES)) as f64;
        // As far as the next sample: neighbouring columns touch.
        let column = peaks::column(&close_up, from - start, to - start + 1.0)?;
        Some(Column { is_line: to - from < LINE_BELOW_FRAMES, ..column })
    }
}
