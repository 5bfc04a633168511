//! Gain staging on whole songs: the demo, and each folder of stems where the machine has some (`HEADROOM_MATERIAL`, its folder `stems`). Each track's
//! level is that of a render of the track alone, and each fault that is told is looked for in the stem's own samples.

use std::fs;
use std::path::Path;

use dsp::protocol::{StripId, StripKind};
use media::store::now;
use media::survey::survey;
use session::assist::gain_staging::{Fault, Line, PEAKS_DB, lines};
use session::model::{Session, Strip};
use session::{Document, Edit};
use tests::kept::Kept;
use tests::{material, places};

/// Samples at full scale, as 16 bits have it.
const FULL_SCALE: f32 = 32_767.0 / 32_768.0;
/// A run of so many is no peak.
const RUN: usize = 3;

fn peak_db(sound: &[Vec<f32>]) -> f64 {
    20.0 * f64::from(sound.iter().flatten().fold(0.0f32, |peak, sample| peak.max(sample.abs()))).log10()
}

/// What stands before a track's chain, alone in the song: its clips and its trim.
fn alone(session: &Session, kept: &Kept, track: StripId) -> Session {
    let mut session = session.clone();
    let song = session.songs.iter_mut().find(|song| song.id == kept.song).expect("the song");
    for strip in &mut song.strips {
        let trim = strip.values.get("trim").copied().filter(|_| strip.id == track);
        (strip.inserts, strip.sends, strip.lanes, strip.output) = (Vec::new(), Vec::new(), Vec::new(), None);
        strip.values = trim.map(|trim| ("trim".to_owned(), trim)).into_iter().collect();
        if strip.id != track {
            strip.clips.clear();
        }
    }
    session
}

fn found(kept: &mut Kept, session: &Session) -> Vec<Line> {
    let survey = now(survey(session, kept.song, None, &mut kept.store, |_| true)).expect("a survey");
    lines(session, kept.song, &survey, true)
}

fn stem<'a>(kept: &'a Kept, session: &Session, strip: StripId) -> &'a [Vec<f32>] {
    let song = session.song(kept.song).expect("the song");
    &kept.samples.0[&song.strip(strip).and_then(|strip: &Strip| strip.clips.first()).expect("a clip").source]
}

fn clipped_runs(stem: &[Vec<f32>]) -> usize {
    let runs = |side: &Vec<f32>| side.split(|sample| sample.abs() < FULL_SCALE).filter(|run| run.len() >= RUN).count();
    stem.iter().map(runs).sum()
}

/// A fault that is told must be in the samples; what no sample can show is a fault of the mixer, and its level is looked at.
fn assert_true(fault: Fault, stem: &[Vec<f32>], name: &str) {
    let mean = |side: &Vec<f32>| side.iter().map(|sample| f64::from(*sample)).sum::<f64>() / side.len() as f64;
    match fault {
        Fault::Clipped(runs) => assert_eq!(runs as usize, clipped_runs(stem), "{name}"),
        Fault::Offset(_) => assert!(stem.iter().any(|side| mean(side).abs() >= 0.001), "{name} has no offset"),
        Fault::Over(_, peak_db, _) => assert!(peak_db > 0.0, "{name}"),
        Fault::SidesCancel(_) | Fault::Cancels(..) => panic!("{name}: {fault:?}"),
    }
}

/// Stages a song and measures what came of it.
fn stage(mut kept: Kept, title: &str) {
    let mut document = Document::new(kept.session.clone());
    let proposed = found(&mut kept, document.session());
    for line in &proposed {
        for fault in &line.faults {
            println!("{title}, {}: {fault:?}", line.name);
            if line.kind == StripKind::Audio {
                assert_true(*fault, stem(&kept, document.session(), line.strip), &line.name);
            }
        }
        if line.kind == StripKind::Audio {
            let has_run = clipped_runs(stem(&kept, document.session(), line.strip)) > 0;
            assert_eq!(line.faults.iter().any(|fault| matches!(fault, Fault::Clipped(_))), has_run, "{}", line.name);
        }
    }
    let edits = proposed.iter().flat_map(Line::proposals).flat_map(|proposal| proposal.edits.clone()).collect();
    document.dispatch("Gain staging", Edit::Batch(edits)).expect("an edit that fits");
    let staged = document.session().clone();
    for line in proposed.iter().filter(|line| line.kind == StripKind::Audio && !line.level.is_silent()) {
        let session = alone(&staged, &kept, line.strip);
        let peak_db = peak_db(&kept.render(&session));
        println!("{title}, {:24} {:6.1} to {peak_db:6.2} dBFS", line.name, line.level.peak_db);
        // A hundredth for the rounding of what is read.
        assert!((PEAKS_DB[0] - 0.01..=PEAKS_DB[1] + 0.01).contains(&peak_db), "{title}, {}: {peak_db} dBFS", line.name);
    }
    let master_db = peak_db(&kept.render(&staged));
    println!("{title}, the mix: {master_db:.2} dBFS");
    assert!(master_db < 0.0, "{title}: {master_db} dBFS");
    document.undo().expect("one step");
    assert_eq!(document.session().songs, kept.session.songs);
}

fn stems(folder: &Path) -> Option<Kept> {
    let mut files: Vec<_> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "flac"));
    files.sort();
    let decoded: Vec<_> = files.iter().map(|path| (material::name(path), material::decoded(path, usize::MAX))).collect();
    let (_, (_, rate_hz)) = *decoded.first()?;
    Some(Kept::mix(decoded.into_iter().map(|(name, (planes, _))| (name, planes.to_vec())).collect(), rate_hz))
}

#[test]
fn every_track_of_the_demo_comes_into_place_and_no_fault_is_invented() {
    stage(Kept::demo(), "Demo");
}

#[test]
fn every_track_of_real_stems_comes_into_place_and_no_fault_is_invented() {
    let Some(material) = places::material() else {
        println!("HEADROOM_MATERIAL is not set: no stems are tried");
        return;
    };
    for folder in fs::read_dir(material.join("stems")).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if let Some(kept) = stems(&folder) {
            stage(kept, &material::name(&folder));
        }
    }
}
