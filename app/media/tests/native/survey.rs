//! A song surveyed and staged: what is wrong is found, nothing is invented, and what was proposed holds when it is measured again.

use dsp::protocol::StripKind;
use media::demo::{STEMS, score};
use session::Edit;
use session::assist::gain_staging::{Fault, Line, PEAKS_DB, in_place, lines};
use session::model::Insert;
use session::survey::{Place, Survey};

use crate::studio::{FRAMES, RATE_HZ, Studio};
use crate::support::Random;

impl Studio {
    fn lines(&mut self, keeps_balance: bool) -> Vec<Line> {
        let survey = self.survey();
        lines(self.document.session(), self.song, &survey, keeps_balance)
    }

    /// Applies everything that is proposed, as one step.
    fn apply_all(&mut self, lines: &[Line]) {
        let edits = lines.iter().flat_map(Line::proposals).flat_map(|proposal| proposal.edits.clone()).collect();
        self.edit(Edit::Batch(edits));
    }
}

fn line<'a>(lines: &'a [Line], name: &str) -> &'a Line {
    lines.iter().find(|line| line.name == name).expect("a line")
}

fn faults(lines: &[Line]) -> Vec<(&str, Fault)> {
    lines.iter().flat_map(|line| line.faults.iter().map(|fault| (line.name.as_str(), *fault))).collect()
}

/// Noise through a one-pole low-pass, different for every seed.
fn noise(seed: u64, gain: f32) -> Vec<f32> {
    let mut random = Random(seed);
    let mut held = 0.0;
    (0..FRAMES)
        .map(|_| {
            held += 0.2 * (random.sample() - held);
            gain * held
        })
        .collect()
}

fn sine(hz: f32, gain: f32) -> Vec<f32> {
    (0..FRAMES).map(|frame| gain * (std::f32::consts::TAU * hz * frame as f32 / RATE_HZ as f32).sin()).collect()
}

fn band() -> Vec<(&'static str, Vec<Vec<f32>>)> {
    vec![
        ("Drums", vec![noise(1, 0.5), noise(2, 0.5)]),
        ("Bass", vec![sine(55.0, 0.2)]),
        ("Keys", vec![noise(3, 0.05)]),
        ("Voice", vec![noise(4, 0.15)]),
    ]
}

#[test]
fn clean_tracks_have_no_faults() {
    assert_eq!(faults(&Studio::new(band()).lines(true)), []);
}

#[test]
fn applied_trims_bring_every_track_into_place_and_keep_the_mix_and_one_undo_takes_them_back() {
    let mut studio = Studio::new(band());
    studio.set("Voice", "volume", -6.0);
    let before_document = studio.document.session().clone();
    let before = studio.survey();
    let proposed = studio.lines(true);
    assert!(in_place(&proposed).0 < in_place(&proposed).1);
    studio.apply_all(&proposed);
    let after = studio.survey();
    let staged = studio.lines(true);
    assert_eq!(in_place(&staged), (4, 4));
    for line in staged.iter().filter(|line| line.kind == StripKind::Audio) {
        assert!((PEAKS_DB[0]..=PEAKS_DB[1]).contains(&line.level.peak_db), "{}: {}", line.name, line.level.peak_db);
        assert_eq!(line.trim, None);
    }
    let song = studio.document.session().song(studio.song).expect("the song").clone();
    let mix = |survey: &Survey| survey.master(&song).expect("the master").output;
    assert!((mix(&before).integrated_lufs - mix(&after).integrated_lufs).abs() < 0.1);
    studio.document.undo().expect("undone");
    assert_eq!(studio.document.session().songs, before_document.songs);
}

#[test]
fn a_master_over_full_scale_is_brought_under_it() {
    let mut studio = Studio::new(vec![("A", vec![sine(100.0, 0.9)]), ("B", vec![sine(150.0, 0.9)])]);
    let proposed = studio.lines(true);
    assert!(line(&proposed, "Master").faults.iter().any(|fault| matches!(fault, Fault::Over(..))));
    studio.apply_all(&proposed);
    let after = studio.lines(true);
    assert!(line(&after, "Master").level.true_peak_dbtp < -0.9, "{}", line(&after, "Master").level.true_peak_dbtp);
    assert_eq!(faults(&after), []);
}

#[test]
fn a_planted_clipped_run_is_found_and_no_mend_is_promised() {
    let mut tracks = band();
    tracks[3].1[0][70_000..70_008].fill(1.0);
    let lines = Studio::new(tracks).lines(true);
    assert_eq!(line(&lines, "Voice").faults, [Fault::Clipped(1)]);
    assert!(lines.iter().all(|line| line.name == "Voice" || !line.faults.iter().any(|fault| matches!(fault, Fault::Clipped(_)))));
    assert!(line(&lines, "Voice").mends.is_empty());
}

#[test]
fn a_planted_offset_is_found_and_mended() {
    let mut tracks = band();
    tracks[2].1[0].iter_mut().for_each(|sample| *sample += 0.02);
    let mut studio = Studio::new(tracks);
    let found = studio.lines(true);
    let [("Keys", Fault::Offset(offset))] = faults(&found)[..] else { panic!("{:?}", faults(&found)) };
    assert!((offset - 0.02).abs() < 0.001, "{offset}");
    studio.apply_all(&found);
    assert_eq!(faults(&studio.lines(true)), []);
}

#[test]
fn a_flipped_microphone_and_flipped_sides_are_found_and_mended() {
    let mut tracks = band();
    let (mut under, top) = (noise(5, 0.15), noise(5, 0.2));
    under.iter_mut().zip(noise(6, 0.03)).for_each(|(sample, own)| *sample = own - *sample);
    tracks.push(("Snare top", vec![top]));
    tracks.push(("Snare under", vec![under]));
    let wide = noise(7, 0.2);
    tracks.push(("Pad", vec![wide.clone(), wide.iter().map(|sample| -sample).collect()]));
    let mut studio = Studio::new(tracks);
    let found = studio.lines(true);
    let top = studio.strip("Snare top").id;
    match faults(&found)[..] {
        [("Snare under", Fault::Cancels(other, correlation)), ("Pad", Fault::SidesCancel(sides))] => {
            assert_eq!(other, top);
            assert!(correlation < -0.9 && sides < -0.99, "{correlation}, {sides}");
        }
        ref other => panic!("{other:?}"),
    }
    studio.apply_all(&found);
    assert_eq!(faults(&studio.lines(true)), []);
}

#[test]
fn an_overload_in_a_chain_is_found_where_it_happens_though_the_fader_hides_it() {
    let mut studio = Studio::new(band());
    let strip = studio.strip("Voice");
    let mut ids = studio.document.session().ids();
    let mut insert = Insert::new(&mut ids, "utility");
    insert.values.insert("gain".into(), 20.0);
    let id = insert.id;
    studio.edit(Edit::AddInsert { song: studio.song, strip: strip.id, at: 0, insert });
    studio.set("Voice", "volume", -30.0);
    let lines = studio.lines(true);
    let [("Voice", Fault::Over(place, peak_db, _))] = faults(&lines)[..] else { panic!("{:?}", faults(&lines)) };
    assert_eq!(place, Place::Insert(id));
    assert!((peak_db - (line(&lines, "Voice").level.peak_db + 20.0)).abs() < 0.01);
}

/// The demo song, all of its stems, ten seconds of them.
#[test]
fn the_demo_is_staged_and_what_it_has_is_not_invented() {
    let mut studio = Studio::demo();
    let measure = |studio: &mut Studio| {
        let survey = studio.survey_of(20..30);
        lines(studio.document.session(), studio.song, &survey, true)
    };
    let found = measure(&mut studio);
    for (name, fault) in faults(&found) {
        match fault {
            Fault::Over(..) => {}
            Fault::Offset(offset) => {
                let stem = STEMS.iter().find(|stem| stem.name == name).map(|stem| (stem.render)()).expect("a stem");
                let stretch = &stem[0][20 * score::RATE_HZ as usize..30 * score::RATE_HZ as usize];
                let mean = stretch.iter().map(|sample| f64::from(*sample)).sum::<f64>() / stretch.len() as f64;
                assert!((offset - mean).abs() < 0.1 * mean.abs(), "{name}: {offset} against {mean}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    studio.apply_all(&found);
    let staged = measure(&mut studio);
    let (good, all) = in_place(&staged);
    assert_eq!(good, all);
    assert!(all >= 8, "{all} tracks sound");
    assert!(line(&staged, "Master").level.peak_db < 0.0);
}
