//! Songs for the page to hear, whole: rendered, and, for a release check, encoded and decoded.

use js_sys::Array;
use session::analysis::Analysis;
use session::codec::{Checked, Codec};
use session::model::{Range, Session, SongId};
use session::worker::Answer;
use wasm_bindgen::JsValue;

use super::planes::{Growing, LONGEST_FRAMES, PIECE_FRAMES, Planes};
use super::round_trip::round_trip;
use crate::codec::{Sides, compare};
use crate::import::Shelf;
use crate::resample::Resampler;
use crate::survey::render;

/// An answer with what goes beside it, or a sentence.
pub type Reply = Result<(Answer, Vec<JsValue>), String>;

/// Shares of the time that rendering, encoding and measuring take of a check.
const RENDERED: f32 = 0.7;
const CODED: f32 = 0.9;

/// Renders a song, or a stretch of it.
pub async fn rendered(
    session: &Session,
    song: SongId,
    range: Option<Range>,
    shelf: &mut impl Shelf,
    on_progress: impl FnMut(f32) -> bool,
) -> Reply {
    let (analysis, planes) = to_planes(session, song, range, shelf, on_progress).await?;
    let beside: Array = planes.0.into_iter().collect();
    Ok((Answer::Rendered(Box::new(analysis)), vec![beside.into()]))
}

async fn to_planes(
    session: &Session,
    song: SongId,
    range: Option<Range>,
    shelf: &mut impl Shelf,
    on_progress: impl FnMut(f32) -> bool,
) -> Result<(Analysis, Planes), String> {
    let whole = session.song(song).map(|song| range.unwrap_or_else(|| song.whole()));
    if whole.is_some_and(|range| range.end.saturating_sub(range.start) > LONGEST_FRAMES) {
        return Err("The song is longer than ten minutes at 96 kHz, which is more than the page can hold at once.".to_owned());
    }
    let mut planes = Growing::default();
    let analysis = render(session, song, range, shelf, on_progress, |left, right| planes.push(left, right)).await;
    analysis.map(|analysis| (analysis, planes.finish())).map_err(|error| error.to_string())
}

/// Renders a song and sends it through a codec.
pub async fn checked(
    session: &Session,
    song: SongId,
    codec: &str,
    shelf: &mut impl Shelf,
    mut on_progress: impl FnMut(f32) -> bool,
) -> Reply {
    let codec = Codec::find(codec).ok_or("This version does not know that codec.")?;
    let song_hz = session.song(song).map_or(0, |song| song.rate_hz);
    let (rendered, master) = to_planes(session, song, None, shelf, |part| on_progress(part * RENDERED)).await?;
    if rendered.is_silent() {
        return Err("The song is silent: there is nothing to check.".to_owned());
    }
    let rate_hz = codec.rate_hz(song_hz);
    let at_rate = resampled(&master, 0, master.frames(), [song_hz, rate_hz])?;
    let coded = round_trip(codec, &at_rate, rate_hz, |part| on_progress(RENDERED + part * (CODED - RENDERED))).await?;
    let compared = compare(&at_rate, &coded.decoded, rate_hz, |part| on_progress(CODED + part * (1.0 - CODED)));
    let compared = compared.map_err(|error| error.to_string())?;
    let heard = resampled(&coded.decoded, compared.delay_frames, at_rate.frames(), [rate_hz, song_hz])?;
    let checked = Checked {
        codec: codec.id.to_owned(),
        rendered,
        decoded: compared.decoded,
        delay_frames: compared.delay_frames,
        change_db: compared.change_db,
        bytes: coded.bytes,
    };
    let planes = [master, heard].into_iter().flat_map(|planes| planes.0.map(JsValue::from));
    let beside: Array = planes.chain(coded.file.map(JsValue::from)).collect();
    Ok((Answer::Checked(Box::new(checked)), vec![beside.into()]))
}

/// So many frames from a place on, at another rate.
fn resampled(planes: &Planes, from: i64, frames: usize, [from_hz, to_hz]: [u32; 2]) -> Result<Planes, String> {
    if from == 0 && from_hz == to_hz && frames == planes.frames() {
        return Ok(planes.clone());
    }
    let impossible = || format!("Audio at {from_hz} Hz cannot be brought to {to_hz} Hz.");
    let mut resampler = if from_hz == to_hz { None } else { Some(Resampler::new(from_hz, to_hz, 2).ok_or_else(impossible)?) };
    let mut whole = Growing::default();
    let (mut left, mut right, mut made) = (vec![0.0; PIECE_FRAMES], vec![0.0; PIECE_FRAMES], Vec::<f32>::new());
    for at in (0..frames).step_by(PIECE_FRAMES) {
        let count = PIECE_FRAMES.min(frames - at);
        let (left, right) = (&mut left[..count], &mut right[..count]);
        planes.read(from + at as i64, left, right);
        match &mut resampler {
            None => whole.push(left, right),
            Some(resampler) => {
                let interleaved: Vec<f32> = left.iter().zip(right.iter()).flat_map(|(left, right)| [*left, *right]).collect();
                made.clear();
                resampler.push(&interleaved, &mut made);
                whole.push_interleaved(&made);
            }
        }
    }
    if let Some(resampler) = &mut resampler {
        made.clear();
        resampler.finish(&mut made);
        whole.push_interleaved(&made);
    }
    Ok(whole.finish())
}
