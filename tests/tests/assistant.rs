//! The assistant's ledger against measurements that share nothing with it: libebur128 for loudness and true peak, plain sums for the offset, and
//! a transform of its own for tone and width, all of a native render of the document that the ledger's edit makes.

use std::f64::consts::TAU;

use media::assistant::assist;
use media::import::import_planes;
use media::store::{MemoryFiles, Store, now};
use session::analysis::{BANDS, band_edges_hz, band_hz};
use session::assist::ledger::{self, Ledger, Move};
use session::assist::tone::{Shape, even_slope, excess};
use session::compile::Purpose;
use session::model::{Session, Song, SongId, SourceId};
use session::worker::Order;
use session::{Document, Edit};
use tests::render::{MemorySamples, Pace, render_to_memory};

const RATE_HZ: u32 = 48_000;
const SECONDS: usize = 8;

struct Case {
    store: Store<MemoryFiles>,
    session: Session,
    song: SongId,
    samples: MemorySamples,
}

/// A song with a constant offset, wide lows, a boom and dull highs: noise through two one-pole low-passes, some of it in the side signal.
fn case() -> Case {
    let mut state = 7u64;
    let mut noise = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 32) as i32 as f32) / 2_147_483_648.0
    };
    let mut held = [0.0f32; 4];
    let mut planes = vec![Vec::new(), Vec::new()];
    for frame in 0..SECONDS * RATE_HZ as usize {
        let (a, b) = (noise(), noise());
        held[0] += 0.05 * (a - held[0]);
        held[1] += 0.012 * (b - held[1]);
        let beat = if frame % 24_000 < 6_000 { 0.5 } else { 0.3 };
        let (mid, side) = (beat * (held[0] + 0.12 * a), 0.5 * beat * held[1]);
        planes[0].push(0.01 + mid + side);
        planes[1].push(0.01 + mid - side);
    }
    let (mut store, mut session) = (now(Store::open(MemoryFiles::default(), "t")).expect("a store"), Session::new("0".repeat(32), "S"));
    let imported = now(import_planes(planes.clone(), "song.wav", RATE_HZ, None, &mut store, |_| true)).expect("stored");
    let mut ids = session.ids();
    let source = imported.into_source(ids.source());
    let samples = MemorySamples([(source.id, planes)].into());
    let song = Song::stereo(&mut ids, "Song", RATE_HZ, &source);
    let id = song.id;
    session.apply(&Edit::Batch(vec![Edit::AddSource { at: 0, source }, Edit::AddSong { at: 0, song: Box::new(song) }])).expect("a song");
    Case { store, session, song: id, samples }
}

fn order(song: SongId) -> Order {
    Order { song, target_lufs: -14.0, peak_dbtp: -1.0, tone: even_slope(), rows: Vec::new(), finds: true }
}

impl Case {
    fn assist(&mut self, order: &Order) -> Ledger {
        now(assist(&self.session, order, &mut self.store, |_| true)).expect("a ledger")
    }

    fn render(&mut self, session: &Session) -> [Vec<f32>; 2] {
        let song = session.song(self.song).expect("the song");
        render_to_memory((session, song, song.whole()), Purpose::Export, &mut self.samples, Pace::default()).expect("a render")
    }
}

/// Loudness and true peak by libebur128.
fn loudness([left, right]: &[Vec<f32>; 2]) -> (f64, f64) {
    let mut meter = ebur128::EbuR128::new(2, RATE_HZ, ebur128::Mode::I | ebur128::Mode::TRUE_PEAK).expect("a meter");
    meter.add_frames_planar_f32(&[left, right]).expect("frames");
    let peak = meter.true_peak(0).expect("a peak").max(meter.true_peak(1).expect("a peak"));
    (meter.loudness_global().expect("a loudness"), 20.0 * peak.log10())
}

/// Powers of both sides and of the side signal in each third octave, by Hann windows of 2^15 frames side by side.
fn thirds([left, right]: &[Vec<f32>; 2]) -> [[f64; 2]; BANDS] {
    const FRAMES: usize = 1 << 15;
    let mut powers = [[0.0; 2]; BANDS];
    let band_of = |bin: usize| {
        let hz = bin as f64 * f64::from(RATE_HZ) / FRAMES as f64;
        (0..BANDS).find(|band| (band_edges_hz(*band)[0]..band_edges_hz(*band)[1]).contains(&hz))
    };
    let bands: Vec<Option<usize>> = (0..FRAMES / 2).map(band_of).collect();
    for (left, right) in left.chunks_exact(FRAMES).zip(right.chunks_exact(FRAMES)) {
        let windowed = |side: &[f32]| {
            let hann = |frame: usize| 0.5 - 0.5 * (TAU * frame as f64 / FRAMES as f64).cos();
            transform(side.iter().enumerate().map(|(frame, sample)| [f64::from(*sample) * hann(frame), 0.0]).collect())
        };
        let (left, right) = (windowed(left), windowed(right));
        for bin in 1..FRAMES / 2 {
            let Some(band) = bands[bin] else { continue };
            let (l, r) = (left[bin], right[bin]);
            powers[band][0] += l[0] * l[0] + l[1] * l[1] + r[0] * r[0] + r[1] * r[1];
            powers[band][1] += ((l[0] - r[0]).powi(2) + (l[1] - r[1]).powi(2)) / 2.0;
        }
    }
    powers
}

/// Cooley and Tukey's transform, by halves.
fn transform(samples: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    let count = samples.len();
    if count == 1 {
        return samples;
    }
    let half = |from: usize| transform(samples.iter().skip(from).step_by(2).copied().collect());
    let (even, odd) = (half(0), half(1));
    let mut out = vec![[0.0; 2]; count];
    for at in 0..count / 2 {
        let (sin, cos) = (-TAU * at as f64 / count as f64).sin_cos();
        let turned = [odd[at][0] * cos - odd[at][1] * sin, odd[at][0] * sin + odd[at][1] * cos];
        out[at] = [even[at][0] + turned[0], even[at][1] + turned[1]];
        out[at + count / 2] = [even[at][0] - turned[0], even[at][1] - turned[1]];
    }
    out
}

/// The figure of a move, measured independently.
fn figure(what: &Move, song: &[Vec<f32>; 2], thirds: &[[f64; 2]; BANDS]) -> f64 {
    match what {
        Move::Loudness { .. } => loudness(song).0,
        Move::RemoveOffset => {
            let mean = |side: &Vec<f32>| side.iter().map(|sample| f64::from(*sample)).sum::<f64>() / side.len() as f64;
            mean(&song[0]).abs().max(mean(&song[1]).abs()) * 100.0
        }
        Move::MonoBelow(hz) => {
            let lows = thirds.iter().enumerate().filter(|(band, _)| band_hz(*band) < f64::from(*hz));
            let (all, side) = lows.fold((0.0, 0.0), |(all, side), (_, powers)| (all + powers[0], side + powers[1]));
            side / all * 100.0
        }
        Move::Tone(band) => {
            let own: Vec<f64> = thirds.iter().map(|powers| 10.0 * powers[0].max(1e-20).log10()).collect();
            let excess = excess(&own, &even_slope());
            let reaches = |hz: f64| match band.shape {
                Shape::LowShelf => (31.0..=f64::from(band.frequency_hz)).contains(&hz),
                Shape::Bell => (hz / f64::from(band.frequency_hz)).log2().abs() <= 0.5,
                Shape::HighShelf => (f64::from(band.frequency_hz)..=16_500.0).contains(&hz),
            };
            let reached: Vec<f64> = (0..BANDS).filter(|third| reaches(band_hz(*third))).map(|third| excess[third]).collect();
            reached.iter().sum::<f64>() / reached.len() as f64
        }
    }
}

/// How far the two measurements of a figure may lie apart: the transforms see the lowest bands, with few bins, a little differently.
fn tolerance(what: &Move) -> f64 {
    match what {
        Move::Loudness { .. } => 0.1,
        Move::RemoveOffset => 0.05,
        Move::MonoBelow(_) => 1.0,
        Move::Tone(_) => 0.5,
    }
}

#[test]
fn every_figure_of_the_ledger_is_confirmed_and_the_target_is_reached() {
    let mut case = case();
    let order = order(case.song);
    let ledger = case.assist(&order);
    let edit = ledger::edit(&case.session, case.song, &ledger.rows).expect("an edit");
    let mut document = Document::new(case.session.clone());
    document.dispatch("Assistant", edit).expect("an edit that fits");
    let (before, after) = (case.render(&case.session.clone()), case.render(document.session()));

    let kinds = |wanted: fn(&Move) -> bool| ledger.rows.iter().filter(|row| wanted(&row.what)).count();
    assert_eq!(kinds(|what| *what == Move::RemoveOffset), 1);
    assert_eq!(kinds(|what| matches!(what, Move::MonoBelow(_))), 1);
    assert_eq!(kinds(|what| matches!(what, Move::Loudness { .. })), 1);
    assert!(kinds(|what| matches!(what, Move::Tone(_))) >= 2);
    let (thirds_before, thirds_after) = (thirds(&before), thirds(&after));
    for row in &ledger.rows {
        let (was, is) = (figure(&row.what, &before, &thirds_before), figure(&row.what, &after, &thirds_after));
        for (name, claimed, measured) in [("before", row.before, was), ("after", row.after, is)] {
            let off = (claimed - measured).abs();
            assert!(off <= tolerance(&row.what), "{} {name}: {claimed} against {measured}", row.what.title(row.amount));
        }
        if let Move::Tone(_) | Move::MonoBelow(_) | Move::RemoveOffset = row.what {
            assert!(row.after.abs() < row.before.abs(), "{}: {} to {}", row.what.title(1.0), row.before, row.after);
        }
    }
    let (lufs, true_peak) = loudness(&after);
    assert!((lufs + 14.0).abs() <= 0.1 && true_peak <= -1.0 + 0.05, "{lufs} LUFS, {true_peak} dBTP");
    assert!(ledger.tone_db[1] < 0.6 * ledger.tone_db[0], "{:?}", ledger.tone_db);

    document.undo().expect("one step");
    assert_eq!(document.session().songs, case.session.songs);
}

#[test]
fn the_same_song_twice_gives_the_same_ledger_and_amounts_are_measured_as_they_are_set() {
    let mut case = case();
    let order = order(case.song);
    let first = case.assist(&order);
    assert_eq!(first, case.assist(&order));
    let mut rows = first.rows.clone();
    rows.iter_mut().filter(|row| matches!(row.what, Move::Tone(_))).for_each(|row| row.amount = 0.0);
    let without_tone = case.assist(&Order { rows, finds: false, ..order.clone() });
    assert!((without_tone.tone_db[1] - without_tone.tone_db[0]).abs() < 0.3, "{:?}", without_tone.tone_db);
    assert!(first.to_text("Song").contains("LUFS"));
}

#[test]
fn what_is_locked_is_kept_and_measured_when_moves_are_found_anew() {
    let mut case = case();
    let order = order(case.song);
    let first = case.assist(&order);
    let mut rows = first.rows.clone();
    let at = rows.iter().position(|row| matches!(row.what, Move::Tone(_))).expect("a band");
    (rows[at].amount, rows[at].is_locked) = (0.3, true);
    let last = rows.last_mut().expect("a row");
    let Move::Loudness { drive_db, .. } = &mut last.what else { panic!("the loudness is not last") };
    *drive_db -= 3.0;
    let softer_db = *drive_db;
    last.is_locked = true;
    let again = case.assist(&Order { rows: rows.clone(), ..order });
    assert_eq!(again.rows.len(), first.rows.len());
    for (before, now) in rows.iter().zip(&again.rows) {
        let is_kept = before.is_locked && (now.what, now.amount, now.is_locked) == (before.what, before.amount, true);
        assert!(is_kept || (!before.is_locked && now.amount == 1.0), "{before:?} is {now:?}");
    }
    let edit = ledger::edit(&case.session, case.song, &again.rows).expect("an edit");
    let mut session = case.session.clone();
    session.apply(&edit).expect("an edit that fits");
    let drive_db = session::target::drive_db(&session, case.song);
    assert!((drive_db - softer_db).abs() < 1e-3, "{drive_db} dB for {softer_db}");
    let (lufs, _) = loudness(&case.render(&session));
    assert!((again.after.integrated_lufs - lufs).abs() <= 0.1 && lufs < -15.0, "{} against {lufs} LUFS", again.after.integrated_lufs);
}

#[test]
fn what_mastering_cannot_mend_is_refused_and_a_clean_song_has_nothing_refused() {
    let mut case = case();
    let order = order(case.song);
    let clean = case.assist(&order);
    assert!(clean.refusals.iter().all(|refusal| refusal.sentence.contains("target")), "{:?}", clean.refusals);
    let [left, right] = &mut case.samples.0.values_mut().next().expect("a source")[..] else { panic!("two sides") };
    left[1_000..1_010].fill(1.0);
    let planes = vec![left.clone(), right.iter().map(|sample| -sample).collect::<Vec<_>>()];
    let imported = now(import_planes(planes, "broken.wav", RATE_HZ, None, &mut case.store, |_| true)).expect("stored");
    case.session.sources[0] = imported.into_source(SourceId(case.session.sources[0].id.0));
    let broken = case.assist(&order);
    for word in ["Clipped", "against each other"] {
        assert!(broken.refusals.iter().any(|refusal| refusal.sentence.contains(word)), "{word}: {:?}", broken.refusals);
    }
}
