//! Masters natively: programmes to measure, songs of the Master room, their renders, the way to a loudness, and what another program says.

use dsp::engine::{Excerpt, Limiting as Counted};
use dsp::protocol::InsertId;
use media::analysis::Analyser;
use session::analysis::Analysis;
use session::compile::{LONGEST_TAIL_S, Purpose};
use session::destination::destination;
use session::model::{Session, Song, SongId, SourceId};
use session::target::{self, Limiting, Solver, Step};
use session::{Edit, Ids};

use crate::example::{noise, source};
use crate::render::{MemorySamples, Pace, Stage};

const SOURCE: SourceId = SourceId(1);

/// Loud and soft passages of low-passed noise with strokes over them, its sides partly alike: roughly what music is to a meter.
pub fn programme(seed: u32, rate_hz: u32, seconds: u32) -> [Vec<f32>; 2] {
    let frames = (rate_hz * seconds) as usize;
    let common = noise(seed, frames);
    [1, 2].map(|side| {
        let own = noise(seed + side, frames);
        let (mut low, mut high, mut body, mut out) = (0.0f32, 0.0f32, 0.0f32, Vec::with_capacity(frames));
        for at in 0..frames {
            low += 0.08 * (0.7 * common[at] + 0.5 * own[at] - low);
            let level = [0.35, 0.9, 0.55, 0.2][at / (2 * rate_hz as usize) % 4];
            high += 0.5 * (common[at] - high);
            body += 0.5 * (high - body);
            let stroke = 1.0 / (1.0 + (at % (rate_hz as usize / 2)) as f32 / 400.0);
            out.push(level * (0.8 * low + 0.6 * stroke * body));
        }
        out
    })
}

/// What this program says of audio, taken in pieces.
pub fn analyse(planes: &[Vec<f32>; 2], rate_hz: u32, piece: usize) -> Analysis {
    let mut analyser = Analyser::new(rate_hz);
    for (left, right) in planes[0].chunks(piece).zip(planes[1].chunks(piece)) {
        analyser.push(left, right);
    }
    analyser.finish()
}

/// What another program says of audio: integrated loudness, range, true peak.
pub fn independent(planes: &[Vec<f32>; 2], rate_hz: u32) -> [f64; 3] {
    let mut meter = ebur128::EbuR128::new(2, rate_hz, ebur128::Mode::all()).expect("a meter");
    meter.add_frames_planar_f32(&[&planes[0], &planes[1]]).expect("frames");
    let peak = meter.true_peak(0).expect("a peak").max(meter.true_peak(1).expect("a peak"));
    [meter.loudness_global().expect("a loudness"), meter.loudness_range().expect("a range"), 20.0 * peak.log10()]
}

/// Fails unless one number is another, within a tolerance.
#[track_caller]
pub fn near(ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance, "{ours} is not {theirs} ± {tolerance}");
}

/// A song of the Master room with nothing in its chain.
pub fn song(planes: [Vec<f32>; 2], rate_hz: u32) -> (Session, SongId, MemorySamples) {
    let mut session = Session::new("0".repeat(32), "Masters");
    let mut made = source(SOURCE, 2, rate_hz, 1);
    made.frames = planes[0].len() as u64;
    session.apply(&Edit::AddSource { at: 0, source: made.clone() }).expect("a source");
    let mut ids: Ids = session.ids();
    let song = Song::stereo(&mut ids, "Song", rate_hz, &made);
    let id = song.id;
    session.apply(&Edit::AddSong { at: 0, song: Box::new(song) }).expect("a song");
    (session, id, MemorySamples([(SOURCE, planes.to_vec())].into()))
}

/// Renders a song as an export does; says what the limiter did.
pub fn render(session: &Session, song: SongId, limiter: InsertId, samples: &mut MemorySamples) -> ([Vec<f32>; 2], Limiting) {
    let song = session.song(song).expect("the song");
    let mut stage = Stage::new(session, song, Purpose::Export, samples, Pace::default());
    let mut excerpt = Excerpt::new(f64::from(song.rate_hz), LONGEST_TAIL_S * u64::from(song.rate_hz));
    let (mut out, mut counted) = ([Vec::new(), Vec::new()], Counted::default());
    let range = song.whole();
    stage.start(range.start, Some(range.end));
    while !excerpt.is_complete() {
        if let Some(header) = stage.step().expect("a block") {
            excerpt.feed(&header);
        }
        let kept = excerpt.keep(&stage.engine);
        let (left, right) = stage.engine.tap();
        out[0].extend_from_slice(&left[kept.clone()]);
        out[1].extend_from_slice(&right[kept]);
        if let Some(record) = stage.engine.telemetry_ready() {
            counted.note(record, limiter.0);
        }
    }
    (out, Limiting::of(counted))
}

/// Brings a song to a place's loudness, by what is known of its loudness as it is; gives the render, what the limiter did, and how many
/// renders it took.
pub fn reach(
    session: &Session,
    song: SongId,
    samples: &mut MemorySamples,
    place: &str,
    known_lufs: Option<f64>,
) -> Option<([Vec<f32>; 2], Limiting, usize)> {
    let place = destination(place).expect("a place");
    reach_level(session, song, samples, [place.target_lufs, place.peak_dbtp], known_lufs)
}

/// The same for any loudness and true peak.
pub fn reach_level(
    session: &Session,
    song: SongId,
    samples: &mut MemorySamples,
    [lufs, peak_dbtp]: [f64; 2],
    known_lufs: Option<f64>,
) -> Option<([Vec<f32>; 2], Limiting, usize)> {
    let rate_hz = session.song(song).expect("the song").rate_hz;
    let drive_db = target::drive_db(session, song);
    let solver = Solver::new(lufs, peak_dbtp, drive_db);
    let mut solver = known_lufs.map_or(solver.clone(), |lufs| solver.known(drive_db, lufs));
    let mut tried = Vec::new();
    for renders in 0.. {
        match solver.step() {
            Step::Try(setting) => {
                let (edit, limiter) = target::edit(session, song, setting).expect("an edit");
                let mut changed = session.clone();
                changed.apply(&edit).expect("an edit that fits");
                let (planes, limiting) = render(&changed, song, limiter, samples);
                let measured = analyse(&planes, rate_hz, 8_192);
                solver.measured(setting, measured.integrated_lufs, measured.true_peak_dbtp);
                tried.push((setting, planes, limiting));
            }
            Step::Reached(setting) => {
                let (_, planes, limiting) = tried.into_iter().find(|(tried, ..)| *tried == setting).expect("a render");
                return Some((planes, limiting, renders));
            }
            Step::OutOfReach(_) => return None,
        }
    }
    None
}
