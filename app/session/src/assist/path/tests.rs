//! What the path says of songs with known chains and measurements.

use dsp::protocol::{StripId, StripKind};

use super::{Mastered, Stage, State, Step, of_master, of_mix};
use crate::analysis::{ANALYSIS_VERSION, Analysis, BANDS, Band};
use crate::assist::tone::even_slope;
use crate::codec::Checked;
use crate::destination::destination;
use crate::edit::Edit;
use crate::model::{Insert, Session, SongId, Strip, Target};
use crate::survey::{Level, Place, Point, StripSurvey, Survey};
use crate::testing::{session, stereo_session};

fn step(steps: &[Step], stage: Stage) -> Step {
    steps.iter().find(|step| step.stage == stage).expect("the stage").clone()
}

fn tracks(session: &Session, song: SongId) -> Vec<StripId> {
    session.song(song).expect("the song").strips_of(StripKind::Audio).map(|strip| strip.id).collect()
}

fn add(session: &mut Session, song: SongId, strip: StripId, insert: Insert) {
    session.apply(&Edit::AddInsert { song, strip, at: usize::MAX, insert }).expect("an insert");
}

/// Every strip's head at one peak and its output at a loudness, in console order.
fn survey(session: &Session, song: SongId, peaks_db: &[f64], lufs: &[f64]) -> Survey {
    let level = |peak_db: f64, integrated_lufs: f64| Level {
        peak_db,
        true_peak_dbtp: peak_db,
        integrated_lufs,
        rms_db: peak_db - 12.0,
        dc: [0.0; 2],
        correlation: 1.0,
    };
    let strip = |(at, strip): (usize, &Strip)| StripSurvey {
        strip: strip.id,
        head: level(peaks_db[at], lufs[at]),
        output: level(peaks_db[at], lufs[at]),
        clipped_runs: 0,
        points: vec![Point { place: Place::Output, peak_db: peaks_db[at], frame: 0 }],
        powers: Vec::new(),
        side_powers: Vec::new(),
        peaks: Vec::new(),
    };
    let strips = session.song(song).expect("the song").strips.iter().enumerate().map(strip).collect();
    Survey { rate_hz: 48_000, strips, ..Survey::default() }
}

#[test]
fn without_a_measurement_nothing_is_said_to_be_measured() {
    let (session, song) = session();
    let steps = of_mix(&session, song, None);
    assert_eq!(
        steps.iter().map(|step| step.stage.name()).collect::<Vec<_>>(),
        ["Gain staging", "Balance", "EQ", "Compression", "Automation and space"]
    );
    assert_eq!(step(&steps, Stage::GainStaging).sentence, "Not measured as it is now.");
    assert_eq!(step(&steps, Stage::Balance).sentence, "0 of 3 faders stand off 0 dB, 0 of 3 tracks are panned.");
    assert!(steps.iter().all(|step| step.state == State::Open), "{steps:?}");
}

#[test]
fn gain_staging_is_reached_when_every_track_is_in_place_and_nothing_is_over() {
    let (session, song) = session();
    let mut peaks_db = [-11.0, -12.0, -6.0, -8.0, -8.0, -20.0, -20.0, -3.2];
    let lufs = [-20.0, -24.0, -17.5, -16.0, -16.0, -30.0, -29.0, -15.0];
    let say = |peaks_db: &[f64]| step(&of_mix(&session, song, Some(&survey(&session, song, peaks_db, &lufs))), Stage::GainStaging);
    let begun = say(&peaks_db);
    assert_eq!(begun.sentence, "2 of 3 tracks peak between −12 and −10 dBFS; the master peaks at −3.2 dBFS.");
    assert_eq!(begun.state, State::Begun);
    peaks_db[2] = -10.0;
    assert_eq!(say(&peaks_db).state, State::Reached);
    peaks_db[7] = 0.4;
    let over = say(&peaks_db);
    assert_eq!(
        (over.sentence.as_str(), over.state),
        ("3 of 3 tracks peak between −12 and −10 dBFS; levels pass full scale in 1 place.", State::Begun)
    );
}

#[test]
fn the_loudest_and_the_softest_track_are_named_and_moved_faders_counted() {
    let (mut session, song) = session();
    let kick = tracks(&session, song)[0];
    session.apply(&Edit::SetValue { song, strip: kick, target: Target::Strip("volume".into()), value: -3.0 }).expect("a value");
    session.apply(&Edit::SetValue { song, strip: kick, target: Target::Strip("pan".into()), value: 20.0 }).expect("a value");
    let lufs = [-20.0, -24.0, -17.5, -16.0, -16.0, -30.0, -29.0, -15.0];
    let steps = of_mix(&session, song, Some(&survey(&session, song, &[-11.0; 8], &lufs)));
    let balance = step(&steps, Stage::Balance);
    let wanted = "1 of 3 faders stand off 0 dB, 1 of 3 tracks are panned; from Snare at −24.0 to Bass at −17.5 LUFS.";
    assert_eq!((balance.sentence.as_str(), balance.state), (wanted, State::Begun));
    assert!(step(&steps, Stage::Automation).sentence.ends_with("the loudest return is 14.0 LU under the mix."));
}

#[test]
fn an_equalizer_counts_when_it_bends_the_sound_and_a_bypassed_compressor_does_not() {
    let (mut session, song) = session();
    let strips = tracks(&session, song);
    let mut ids = session.ids();
    let flat = Insert::new(&mut ids, "equalizer");
    let mut bent = Insert::new(&mut ids, "equalizer");
    bent.values.insert("band2_gain".into(), -3.0);
    let mut moving = Insert::new(&mut ids, "equalizer");
    moving.values.insert("band2_dynamic".into(), 1.0);
    for (strip, insert) in strips.iter().zip([flat, bent, moving]) {
        add(&mut session, song, *strip, insert);
    }
    let mut ids = session.ids();
    let mut bypassed = Insert::new(&mut ids, "compressor");
    bypassed.bypassed = true;
    let works = Insert::new(&mut ids, "compressor");
    add(&mut session, song, strips[0], bypassed);
    add(&mut session, song, strips[1], works);
    let lufs = [-20.0; 8];
    let steps = of_mix(&session, song, Some(&survey(&session, song, &[-11.0; 8], &lufs)));
    assert_eq!(step(&steps, Stage::Equalizers).sentence, "2 of 3 tracks have an equalizer that shapes their tone.");
    let wanted = "1 of 3 tracks have a compressor; their peaks stand 12.0 dB over the mean before their chains, 12.0 behind.";
    assert_eq!(step(&steps, Stage::Compression).sentence, wanted);
}

#[test]
fn a_track_has_space_when_its_send_is_heard_in_a_strip_with_a_reverb() {
    let (mut session, song) = session();
    let count = |session: &Session| step(&of_mix(session, song, None), Stage::Automation).sentence;
    assert_eq!(count(&session), "0 of 3 tracks are automated, 0 of 3 have a reverb or a delay.");
    let found = session.song(song).expect("the song");
    let (room, kick) = (found.strips[5].id, found.strips[0].clone());
    let reverb = Insert::new(&mut session.ids(), "reverb");
    add(&mut session, song, room, reverb);
    let level = Target::Send(kick.sends[0].id, "level".into());
    session.apply(&Edit::SetValue { song, strip: kick.id, target: level, value: -12.0 }).expect("a send");
    assert!(count(&session).contains("1 of 3 have a reverb"), "{}", count(&session));
}

fn analysis(integrated_lufs: f64, true_peak_dbtp: f64, width: f32) -> Analysis {
    Analysis {
        version: ANALYSIS_VERSION,
        rate_hz: 48_000,
        frames: 48_000,
        integrated_lufs,
        range_lu: 6.2,
        momentary_max_lufs: -8.0,
        short_term_max_lufs: -9.0,
        true_peak_dbtp,
        sample_peak_db: true_peak_dbtp,
        psr_min_lu: 8.0,
        correlation: 0.62,
        balance_db: 0.0,
        dc: [0.0; 2],
        clipped_runs: 0,
        short_term_lufs: Vec::new(),
        bands: even_slope().into_iter().map(|level| Band { level_db: level as f32, width }).collect(),
        critical_db: Vec::new(),
    }
}

#[test]
fn a_master_is_told_by_what_was_measured_against_where_it_goes() {
    let (mut session, song) = stereo_session();
    let slope = even_slope();
    let place = destination("spotify");
    let say = |session: &Session, analysis: &Analysis, checked: Option<&Checked>| {
        let known = Mastered { analysis: Some(analysis), tone: Some(&slope), place, checked };
        of_master(session.song(song).expect("the song"), known)
    };
    let raw = say(&session, &analysis(-18.0, 0.3, 0.9), None);
    let states = |steps: &[Step]| steps.iter().map(|step| step.state).collect::<Vec<_>>();
    assert_eq!(states(&raw), [State::Open, State::Open, State::Open, State::Open, State::Begun, State::Open]);
    assert_eq!(step(&raw, Stage::Target).sentence, "−18.0 LUFS, 4.0 LU softer than the −14.0 of Spotify.");
    assert_eq!(step(&raw, Stage::Imaging).sentence, format!("Correlation 0.62; {BANDS} third octaves lose more than 6 dB in mono."));
    assert_eq!(step(&raw, Stage::Check).sentence, "Not sent through a codec as it is now.");
    let master = session.song(song).and_then(|song| song.master()).expect("a master").id;
    let limiter = Insert::new(&mut session.ids(), "limiter");
    add(&mut session, song, master, limiter);
    let made = analysis(-14.05, -1.0, 0.1);
    let checked = Checked {
        codec: "opus_128".into(),
        rendered: made.clone(),
        decoded: analysis(-14.0, -0.2, 0.1),
        delay_frames: 312,
        change_db: -25.0,
        bytes: 32_000,
    };
    let done = say(&session, &made, Some(&checked));
    assert_eq!(states(&done), [State::Open, State::Open, State::Reached, State::Reached, State::Reached, State::Begun]);
    assert!(step(&done, Stage::Limiting).sentence.starts_with("With a limiter the true peak is −1.0 dBTP"));
    assert!(step(&done, Stage::CorrectiveEqualizer).sentence.contains("0.0 dB from the tone target"));
    assert!(step(&done, Stage::Check).sentence.starts_with("After Opus, 128 kbit/s the true peak is −0.2 dBTP"));
}

#[test]
fn a_silent_master_and_an_empty_mix_reach_nothing() {
    let (session, song) = stereo_session();
    let silent = analysis(f64::NEG_INFINITY, f64::NEG_INFINITY, 0.0);
    let known = Mastered { analysis: Some(&silent), ..Mastered::default() };
    let steps = of_master(session.song(song).expect("the song"), known);
    assert!(steps.iter().all(|step| step.state == State::Open && step.sentence == "The song is silent."));
    let mut empty = Session::new(Session::new_id(9), "Empty");
    let made = crate::model::Song::mix(&mut empty.ids(), "Mix", 48_000);
    let id = made.id;
    empty.apply(&Edit::AddSong { at: 0, song: Box::new(made) }).expect("a song");
    assert!(of_mix(&empty, id, None).iter().all(|step| step.sentence == "There are no tracks yet."));
}
