//! The numbers that stand in the Master room while a song plays, as the engine's records carry them to the page: each is what another
//! program or its definition makes of the frames that left the engine, for one song and again for that song changed.

use dsp::engine::Excerpt;
use dsp::processors;
use dsp::protocol::StripId;
use dsp::protocol::telemetry::{BANDS, banded, banded_at, insert, insert_at, strip, strip_at, word};
use ebur128::{EbuR128, Mode};
use session::Edit;
use session::compile::{LONGEST_TAIL_S, Purpose};
use session::model::{Insert, Values};
use tests::masters::{near, programme, song};
use tests::render::{Pace, Stage};

use super::measures::windows;

const RATE_HZ: u32 = 48_000;
/// What correlation and RMS look back over.
const WINDOW_FRAMES: usize = (RATE_HZ as usize * 3) / 10;
/// The distribution: LU from here on.
const LOWEST_LUFS: f64 = -70.0;

/// A processor by its id with what differs from its defaults.
type Step<'a> = (&'a str, &'a [(&'a str, f32)]);

/// What left the engine, and the last record of it.
struct Played {
    planes: [Vec<f32>; 2],
    record: Vec<u32>,
    master: StripId,
}

impl Played {
    fn number(&self, at: usize) -> f64 {
        f64::from(f32::from_bits(self.record[at]))
    }

    /// A word of the master's.
    fn master(&self, at: usize) -> f64 {
        let strips = self.record[word::STRIPS] as usize;
        let found = (0..strips).map(strip_at).find(|from| self.record[from + strip::ID] == self.master.0);
        self.number(found.expect("the master is in the record") + at)
    }

    fn reduction_db(&self) -> f64 {
        self.number(insert_at(0) + insert::REDUCTION_DB)
    }

    /// Of each band of the one insert that works in bands.
    fn band_reductions_db(&self) -> [f64; BANDS] {
        assert_eq!(self.record[word::BANDED], 1, "one insert works in bands");
        std::array::from_fn(|band| self.number(banded_at(0) + banded::REDUCTIONS_DB + band))
    }

    fn measured_frames(&self) -> usize {
        self.record[word::MEASURED_FRAMES] as usize
    }
}

/// Plays a song with at most one step in its chain for so many seconds.
fn play(planes: [Vec<f32>; 2], step: Option<Step<'_>>, seconds: u32) -> Played {
    let (mut session, id, mut samples) = song(planes, RATE_HZ);
    let master = session.song(id).and_then(|song| song.master()).expect("a master").id;
    if let Some((processor, values)) = step {
        let values: Values = values.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect();
        let insert = Insert { values, ..Insert::new(&mut session.ids(), processor) };
        session.apply(&Edit::AddInsert { song: id, strip: master, at: 0, insert }).expect("an insert");
    }
    let song = session.song(id).expect("the song");
    let mut stage = Stage::new(&session, song, Purpose::Export, &mut samples, Pace::default());
    let mut excerpt = Excerpt::new(f64::from(RATE_HZ), LONGEST_TAIL_S * u64::from(RATE_HZ));
    stage.start(0, Some(song.whole().end));
    let mut played = Played { planes: [Vec::new(), Vec::new()], record: Vec::new(), master };
    while played.planes[0].len() < (RATE_HZ * seconds) as usize || played.record.is_empty() {
        if let Some(header) = stage.step().expect("a block") {
            excerpt.feed(&header);
        }
        let kept = excerpt.keep(&stage.engine);
        let (left, right) = stage.engine.tap();
        played.planes[0].extend_from_slice(&left[kept.clone()]);
        played.planes[1].extend_from_slice(&right[kept]);
        if let Some(record) = stage.engine.telemetry_ready() {
            played.record = record.to_vec();
        }
    }
    played
}

/// The mean power of the last frames.
fn power(plane: &[f32]) -> f64 {
    let last = &plane[plane.len().saturating_sub(WINDOW_FRAMES)..];
    last.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / last.len() as f64
}

/// How many windows of 3 s, ten a second, lie in each LU, by the `ebur128` crate.
fn counted(planes: &[Vec<f32>; 2]) -> Vec<u32> {
    let (mut meter, mut counts) = (EbuR128::new(2, RATE_HZ, Mode::S).expect("a meter"), vec![0; 80]);
    let step = RATE_HZ as usize / 10;
    for (at, (left, right)) in planes[0].chunks_exact(step).zip(planes[1].chunks_exact(step)).enumerate() {
        meter.add_frames_planar_f32(&[left, right]).expect("frames");
        let lufs = meter.loudness_shortterm().expect("a loudness");
        if at + 1 >= 30 && lufs > LOWEST_LUFS {
            counts[((lufs - LOWEST_LUFS) as usize).min(79)] += 1;
        }
    }
    counts
}

/// Compares every number of the record with what others say of the same frames.
fn assert_true(played: &Played) {
    // The record is written at the end of a block: what came after it is not in it.
    let frames = played.measured_frames();
    assert!(played.planes[0].len().abs_diff(frames) < 4_800, "{frames} of {} frames are measured", played.planes[0].len());
    let planes = played.planes.each_ref().map(|plane| plane[..frames.min(plane.len())].to_vec());
    let mut meter = EbuR128::new(2, RATE_HZ, Mode::all()).expect("a meter");
    meter.add_frames_planar_f32(&[&planes[0], &planes[1]]).expect("frames");
    let peak = meter.true_peak(0).expect("a peak").max(meter.true_peak(1).expect("a peak"));
    // The loudness of a window moves between its steps of 10 ms.
    near(played.number(word::MOMENTARY), meter.loudness_momentary().expect("a loudness"), 0.3);
    near(played.number(word::SHORT_TERM), meter.loudness_shortterm().expect("a loudness"), 0.05);
    near(played.number(word::INTEGRATED), meter.loudness_global().expect("a loudness"), 0.05);
    // That crate takes a window a second where EBU Tech 3342 asks for ten.
    near(played.number(word::RANGE), meter.loudness_range().expect("a range"), 0.8);
    near(20.0 * played.number(word::TRUE_PEAK_MAX).log10(), 20.0 * peak.log10(), 0.1);
    let [momentary, short, _] = windows(&planes);
    near(played.number(word::MOMENTARY_MAX), momentary, 0.1);
    near(played.number(word::SHORT_TERM_MAX), short, 0.05);
    let last = planes.each_ref().map(|plane| &plane[plane.len() - 3 * RATE_HZ as usize..]);
    let mut tail = EbuR128::new(2, RATE_HZ, Mode::TRUE_PEAK).expect("a meter");
    tail.add_frames_planar_f32(&last).expect("frames");
    let peak = tail.true_peak(0).expect("a peak").max(tail.true_peak(1).expect("a peak"));
    near(played.number(word::PSR), 20.0 * peak.log10() - meter.loudness_shortterm().expect("a loudness"), 0.15);

    let [left, right] = planes.each_ref().map(|plane| power(plane));
    let start = planes[0].len() - WINDOW_FRAMES;
    let both = planes[0][start..].iter().zip(&planes[1][start..]).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum::<f64>();
    near(played.number(word::CORRELATION), both / WINDOW_FRAMES as f64 / (left * right).sqrt(), 0.03);
    let balance_db = 20.0 * (played.master(strip::RMS_RIGHT) / played.master(strip::RMS_LEFT)).log10();
    near(balance_db, 10.0 * (right / left).log10(), 0.1);
    for (at, power) in [(strip::RMS_LEFT, left), (strip::RMS_RIGHT, right)] {
        near(20.0 * played.master(at).log10(), 10.0 * power.log10(), 0.3);
    }
    let highest = planes.iter().flatten().fold(0.0f32, |most, sample| most.max(sample.abs()));
    near(played.master(strip::PEAK_MAX), f64::from(highest), 1e-6);

    let counts = counted(&planes);
    let ours = &played.record[word::LOUDNESS_COUNTS..word::LOUDNESS_COUNTS + counts.len()];
    let (total, apart) =
        counts.iter().zip(ours).fold((0, 0), |(total, apart), (theirs, ours)| (total + theirs, apart + theirs.abs_diff(*ours)));
    assert!(total > 50 && apart <= total / 10, "{apart} of {total} windows lie in other LU");
}

#[test]
fn every_live_number_is_what_others_measure_and_follows_a_change_of_the_audio() {
    let planes = programme(61, RATE_HZ, 11);
    let before = play(planes.clone(), None, 10);
    assert_true(&before);
    let [left, _] = planes;
    let changed = play([0.5, 0.4].map(|gain| left.iter().map(|sample| gain * sample).collect()), None, 10);
    assert_true(&changed);
    for (at, least) in [(word::MOMENTARY, 3.0), (word::SHORT_TERM, 3.0), (word::INTEGRATED, 3.0), (word::CORRELATION, 0.1)] {
        let moved = (before.number(at) - changed.number(at)).abs();
        assert!(moved > least, "word {at} moved by {moved}");
    }
    near(changed.number(word::CORRELATION), 1.0, 1e-3);
}

#[test]
fn the_reduction_of_each_step_is_what_it_takes_from_a_steady_tone() {
    // The middle of the multiband compressor's second band, where the others hear next to nothing.
    const HZ: f64 = 550.0;
    let tone = |level_db: f64| {
        let level = 10f64.powf(level_db / 20.0);
        let sample = |frame: u32| (level * (std::f64::consts::TAU * HZ * f64::from(frame) / f64::from(RATE_HZ)).sin()) as f32;
        let plane: Vec<f32> = (0..4 * RATE_HZ).map(sample).collect();
        [plane.clone(), plane]
    };
    let peak = |played: &Played| {
        let plane = &played.planes[0];
        f64::from(plane[plane.len() - WINDOW_FRAMES..].iter().fold(0.0f32, |most, sample| most.max(sample.abs())))
    };
    // What each step turns up by before it takes away.
    let steps: [(Step<'_>, f64); 4] = [
        (("compressor", &[("threshold", -20.0), ("ratio", 4.0), ("release", 100.0)]), 0.0),
        (("multiband", &[("band2_threshold", -20.0), ("band2_ratio", 4.0)]), 0.0),
        (("limiter", &[("gain", 8.0), ("ceiling", -6.0)]), 8.0),
        (("clipper", &[("gain", 6.0), ("ceiling", -9.0)]), 6.0),
    ];
    for ((processor, values), gain_db) in steps {
        assert!(processors::spec(processor).is_some());
        let reductions = [-4.0, -8.0].map(|level_db| {
            let played = play(tone(level_db), Some((processor, values)), 3);
            let taken_db = 20.0 * peak(&played).log10() - (level_db + gain_db);
            println!("{processor} at {level_db} dBFS: {:.2} dB shown, {taken_db:.2} dB taken", played.reduction_db());
            near(played.reduction_db(), taken_db, 0.2);
            played.reduction_db()
        });
        assert!(reductions[0] < reductions[1] - 1.0, "{processor}: a softer tone is turned down less");
    }
}

/// A tone's amplitude over the last frames, which hold whole periods of it.
fn amplitude(plane: &[f32], hz: f64) -> f64 {
    let last = &plane[plane.len() - WINDOW_FRAMES..];
    let turn = |frame: usize| std::f64::consts::TAU * hz * frame as f64 / f64::from(RATE_HZ);
    let sum = |wave: fn(f64) -> f64| last.iter().enumerate().map(|(at, sample)| f64::from(*sample) * wave(turn(at))).sum::<f64>();
    2.0 * sum(f64::sin).hypot(sum(f64::cos)) / last.len() as f64
}

#[test]
fn the_reduction_of_each_band_is_what_it_takes_from_the_tone_in_it() {
    const HZ: [f64; 3] = [80.0, 600.0, 5_000.0];
    let tones = |levels: [f64; 3]| {
        let tone = |frame: u32, (hz, level): (f64, f64)| level * (std::f64::consts::TAU * hz * f64::from(frame) / f64::from(RATE_HZ)).sin();
        let plane: Vec<f32> =
            (0..4 * RATE_HZ).map(|frame| HZ.into_iter().zip(levels).map(|of| tone(frame, of)).sum::<f64>() as f32).collect();
        [plane.clone(), plane]
    };
    // Hold keeps the gain still between the peaks of a low tone; steep splits far from the tones keep each in its own band.
    let values = [
        ("split1", 220.0),
        ("split2", 1_800.0),
        ("slope", 4.0),
        ("band1_threshold", -30.0),
        ("band1_ratio", 3.0),
        ("band1_hold", 50.0),
        ("band2_threshold", -26.0),
        ("band2_ratio", 2.0),
        ("band2_hold", 50.0),
    ];
    for levels in [[0.25, 0.125, 0.2], [0.125, 0.25, 0.3]] {
        let played = play(tones(levels), Some(("multiband", &values)), 3);
        let readings = played.band_reductions_db();
        for ((hz, level), reading) in HZ.into_iter().zip(levels).zip(readings) {
            let taken_db = 20.0 * (amplitude(&played.planes[0], hz) / level).log10();
            println!("{hz} Hz at {level}: {reading:.2} dB shown, {taken_db:.2} dB taken");
            near(reading, taken_db, 0.3);
        }
        assert!(readings[0] < -7.0 && readings[1] < -3.0, "{readings:?}");
        assert!(readings[2..].iter().all(|reading| *reading == 0.0), "{readings:?}");
        near(played.reduction_db(), readings[0].min(readings[1]), 1e-6);
    }
}
