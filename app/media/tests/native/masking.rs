//! Masking on tracks that overlap by design: who covers whom, where and how long, and what a proposed cut gains, measured on a new render.

use std::f64::consts::TAU;

use dsp::protocol::StripId;
use media::store::now;
use media::survey::measure;
use session::Edit;
use session::analysis::{BANDS, band_edges_hz};
use session::assist::masking::{Cover, Cut, covers, masking_db};
use session::model::{Insert, Strip};
use session::survey::{Survey, erb_hz};

use crate::studio::{FRAMES, RATE_HZ, Studio};
use crate::support::Random;

/// Sines that make a band of noise.
const SINES: usize = 100;

/// Noise between two frequencies with this power.
fn band_noise(seed: u64, low_hz: f64, high_hz: f64, rms: f64) -> Vec<f32> {
    let mut random = Random(seed);
    let mut place = || (f64::from(random.sample()) + 1.0) / 2.0;
    let mut out = vec![0.0f64; FRAMES];
    for _ in 0..SINES {
        let step = TAU * (low_hz + (high_hz - low_hz) * place()) / f64::from(RATE_HZ);
        let (turn_sin, turn_cos) = step.sin_cos();
        let (mut sin, mut cos) = (TAU * place()).sin_cos();
        for out in &mut out {
            *out += sin;
            (sin, cos) = (sin * turn_cos + cos * turn_sin, cos * turn_cos - sin * turn_sin);
        }
    }
    let gain = rms * (2.0 / SINES as f64).sqrt();
    out.into_iter().map(|sample| (gain * sample) as f32).collect()
}

fn sine(hz: f64, gain: f64) -> Vec<f32> {
    (0..FRAMES).map(|frame| (gain * (TAU * hz * frame as f64 / f64::from(RATE_HZ)).sin()) as f32).collect()
}

/// A voice from 300 to 3000 Hz under a guitar that is denser between two frequencies, a bass and hats beside them.
fn studio(low_hz: f64, high_hz: f64, guitar: f64) -> Studio {
    Studio::new(vec![
        ("Voice", vec![band_noise(1, 300.0, 3_000.0, 0.05)]),
        ("Guitar", vec![band_noise(2, low_hz, high_hz, guitar)]),
        ("Bass", vec![band_noise(3, 40.0, 90.0, 0.08)]),
        ("Hats", vec![band_noise(4, 9_000.0, 14_000.0, 0.05)]),
    ])
}

fn found(studio: &Studio, survey: &Survey, track: &str) -> Vec<Cover> {
    covers(studio.document.session(), studio.song, survey, studio.strip(track).id)
}

/// By how much a cut was to lower the masking, and by how much it did.
fn applied(studio: &mut Studio, track: &str, cover: &Cover, cut: &Cut, survey: impl Fn(&mut Studio) -> Survey) -> (f64, f64) {
    studio.edit(Edit::Batch(cut.proposal.edits.clone()));
    let survey = survey(studio);
    let (session, track) = (studio.document.session(), studio.strip(track).id);
    let measured = masking_db(session, studio.song, &survey, track, cover.by, cover.bands).expect("both sound");
    (cover.masking_db - cut.predicted_db, cover.masking_db - measured)
}

fn assert_as_predicted((predicted, gained): (f64, f64)) {
    assert!(predicted > 0.3 && (gained / predicted - 1.0).abs() <= 0.2, "predicted {predicted} dB, measured {gained} dB");
}

#[test]
fn the_track_that_lies_over_another_is_named_with_its_range_and_those_beside_it_are_not() {
    let mut studio = studio(800.0, 2_000.0, 0.08);
    let survey = studio.survey();
    let found = found(&studio, &survey, "Voice");
    assert_eq!(found.iter().map(|cover| cover.by).collect::<Vec<StripId>>(), [studio.strip("Guitar").id]);
    let [low_hz, high_hz] = found[0].range_hz();
    assert!((600.0..850.0).contains(&low_hz) && (1_950.0..3_000.0).contains(&high_hz), "{low_hz} to {high_hz}");
    assert!(found[0].share > 0.8, "{}", found[0].share);
}

#[test]
fn a_track_that_is_softer_everywhere_covers_nothing() {
    let mut studio = studio(800.0, 2_000.0, 0.008);
    let survey = studio.survey();
    assert_eq!(found(&studio, &survey, "Voice"), []);
}

#[test]
fn a_track_that_sounds_a_part_of_the_time_covers_for_that_share() {
    let mut guitar = band_noise(2, 800.0, 2_000.0, 0.16);
    guitar[FRAMES * 2 / 5..].fill(0.0);
    let voice = band_noise(1, 300.0, 3_000.0, 0.05);
    let mut studio = Studio::new(vec![("Voice", vec![voice]), ("Guitar", vec![guitar])]);
    let survey = studio.survey();
    let share = found(&studio, &survey, "Voice")[0].share;
    assert!((share - 0.4).abs() < 0.08, "{share}");
}

#[test]
fn the_groups_fader_and_mute_have_their_say() {
    let mut studio = studio(800.0, 2_000.0, 0.08);
    let mut ids = studio.document.session().ids();
    let group = Strip::group(&mut ids, "Band", 1);
    let (id, guitar) = (group.id, studio.strip("Guitar").id);
    studio.edit(Edit::AddStrip { song: studio.song, at: 4, strip: Box::new(group) });
    studio.edit(Edit::SetOutput { song: studio.song, strip: guitar, output: Some(id) });
    let survey = studio.survey();
    // In the middle of what the guitar covers it is louder all the time, so the excess falls by what the fader does.
    let [first, last] = found(&studio, &survey, "Voice")[0].bands;
    let middle = [first.midpoint(last); 2];
    let excess_db = |studio: &Studio| {
        let (session, voice) = (studio.document.session(), studio.strip("Voice").id);
        masking_db(session, studio.song, &survey, voice, guitar, middle).expect("both sound")
    };
    let before_db = excess_db(&studio);
    studio.set("Band", "volume", -3.0);
    let gained_db = before_db - excess_db(&studio);
    assert!((gained_db - 3.0).abs() < 0.5, "{gained_db} of {before_db} dB");
    studio.set("Band", "mute", 1.0);
    assert_eq!(found(&studio, &survey, "Voice"), []);
}

#[test]
fn cuts_lower_the_masking_by_what_was_predicted_and_one_undo_takes_one_back() {
    for (low_hz, high_hz, guitar) in [(800.0, 2_000.0, 0.08), (400.0, 700.0, 0.08), (1_500.0, 2_800.0, 0.2)] {
        let mut studio = studio(low_hz, high_hz, guitar);
        let before = studio.document.session().songs.clone();
        let survey = studio.survey();
        let cover = found(&studio, &survey, "Voice").remove(0);
        let cut = cover.cut.clone().expect("a cut");
        assert_as_predicted(applied(&mut studio, "Voice", &cover, &cut, Studio::survey));
        studio.document.undo().expect("undone");
        assert_eq!(studio.document.session().songs, before);
    }
}

#[test]
fn a_keyed_cut_gains_as_much_while_the_track_sounds_and_nothing_changes_while_it_rests() {
    let mut voice = band_noise(1, 300.0, 3_000.0, 0.05);
    voice[FRAMES / 2..].fill(0.0);
    let guitar = band_noise(2, 800.0, 2_000.0, 0.08);
    let mut studio = Studio::new(vec![("Voice", vec![voice]), ("Guitar", vec![guitar])]);
    let survey = studio.survey();
    let cover = found(&studio, &survey, "Voice").remove(0);
    let ducked = cover.ducked.clone().expect("a keyed cut");
    assert_as_predicted(applied(&mut studio, "Voice", &cover, &ducked, Studio::survey));
    let guitar = studio.strip("Guitar").id;
    let rests = survey.slices() * 3 / 4..survey.slices() - 1;
    let level_db = |survey: &Survey| {
        let measured = survey.strip(guitar).expect("the guitar");
        let power = |slice: usize| measured.slice(slice)[cover.bands[0]..=cover.bands[1]].iter().sum::<f32>();
        10.0 * rests.clone().map(power).sum::<f32>().log10()
    };
    let changed_db = level_db(&studio.survey()) - level_db(&survey);
    assert!(changed_db.abs() < 0.1, "{changed_db} dB while the voice rests");
}

#[test]
fn no_key_is_proposed_that_would_be_a_circle() {
    let mut studio = studio(800.0, 2_000.0, 0.08);
    let mut hears = Insert::new(&mut studio.document.session().ids(), "compressor");
    hears.key = Some(studio.strip("Guitar").id);
    hears.bypassed = true;
    let voice = studio.strip("Voice").id;
    studio.edit(Edit::AddInsert { song: studio.song, strip: voice, at: 0, insert: hears });
    let survey = studio.survey();
    let cover = found(&studio, &survey, "Voice").remove(0);
    assert!(cover.cut.is_some() && cover.ducked.is_none(), "{cover:?}");
}

/// A detector that knows nothing of masking: a tone is found when the level of the third octave around it rises by 1 dB, the step in level
/// that listeners just notice in noise. How loud must the tone be, against its track as it is?
fn just_found_db(studio: &mut Studio, tone_hz: f64) -> f64 {
    let third = (0..BANDS).find(|band| band_edges_hz(*band)[1] > tone_hz).expect("a third octave");
    let mut level_db = |muted: f32, volume_db: f32| {
        studio.set("Tone", "mute", muted);
        studio.set("Tone", "volume", volume_db);
        let measured = now(measure(studio.document.session(), studio.song, None, &mut studio.store, |_| true)).expect("measured");
        f64::from(measured.bands[third].level_db)
    };
    let noise_db = level_db(1.0, 0.0);
    let (mut low_db, mut high_db) = (-24.0f32, 12.0f32);
    while high_db - low_db > 0.1 {
        let middle_db = (low_db + high_db) / 2.0;
        if level_db(0.0, middle_db) - noise_db >= 1.0 { high_db = middle_db } else { low_db = middle_db }
    }
    level_db(0.0, 0.0);
    f64::from((low_db + high_db) / 2.0)
}

#[test]
fn what_a_cut_gains_a_simple_detector_of_a_masked_tone_gains_too() {
    // The middle of a critical band, so that the tone is in that band alone.
    let tone_hz = (0..).map(erb_hz).find(|hz| *hz > 950.0).expect("a band");
    let noise = band_noise(5, 600.0, 1_600.0, 0.15);
    let mut studio = Studio::new(vec![("Tone", vec![sine(tone_hz, 0.03)]), ("Noise", vec![noise])]);
    let survey = studio.survey();
    let cover = found(&studio, &survey, "Tone").remove(0);
    let cut = cover.cut.clone().expect("a cut");
    let before_db = just_found_db(&mut studio, tone_hz);
    let (predicted, gained) = applied(&mut studio, "Tone", &cover, &cut, Studio::survey);
    assert_as_predicted((predicted, gained));
    let found_db = before_db - just_found_db(&mut studio, tone_hz);
    assert!((found_db / predicted - 1.0).abs() <= 0.2, "predicted {predicted} dB, by the detector {found_db} dB");
}

#[test]
fn on_the_demo_a_cut_gains_what_was_predicted() {
    let mut studio = Studio::demo();
    let survey = studio.survey_of(20..26);
    let cover = found(&studio, &survey, "Lead vox").remove(0);
    let cut = cover.cut.clone().expect("a cut");
    assert_as_predicted(applied(&mut studio, "Lead vox", &cover, &cut, |studio| studio.survey_of(20..26)));
}
