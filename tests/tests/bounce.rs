//! The scripted render from a session file to a WAV.

use std::path::PathBuf;

use media::decode::Decoder;
use session::Edit;
use session::compile::Purpose;
use session::model::{Range, SampleFormat, SourceId};
use session::worker::Dither;
use tests::bounce::{Job, bounce};
use tests::example::{stored, write_archive};
use tests::render::{Pace, render_to_memory};

const RATE_HZ: u32 = 44_100;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("headroom-bounce-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

fn read_wav(path: &PathBuf) -> (u32, Vec<[f32; 2]>) {
    let file = std::fs::File::open(path).expect("the WAV");
    let mut decoder = Decoder::open(Box::new(file), "out.wav").expect("a WAV");
    let mut frames = Vec::new();
    let spec = decoder.spec();
    while let Some(samples) = decoder.next("out.wav").expect("whole samples") {
        frames.extend(samples.to_float(spec.format).chunks(2).map(|frame| [frame[0], frame[1]]));
    }
    (spec.rate_hz, frames)
}

#[test]
fn a_session_file_bounces_to_the_bits_of_a_direct_render() {
    let (session, song, mut samples, mut store) = stored(RATE_HZ);
    let folder = folder("bits");
    let (archive, out) = (folder.join("example.headroom"), folder.join("out.wav"));
    write_archive(&session, &mut store, &archive);
    let range = Range { start: 100_003, end: 300_004 };
    let job = Job { session: archive, out: out.clone(), song: None, format: SampleFormat::F32, dither: Dither::None, range: Some(range) };
    bounce(&job).expect("a render");
    let found = session.song(song).expect("the song");
    let direct = render_to_memory((&session, found, range), Purpose::Export, &mut samples, Pace::default()).expect("a render");
    let (rate_hz, frames) = read_wav(&out);
    assert_eq!((rate_hz, frames.len()), (RATE_HZ, direct[0].len()));
    let same = frames.iter().zip(direct[0].iter().zip(&direct[1]));
    assert!(same.into_iter().all(|(frame, (left, right))| frame.map(f32::to_bits) == [left.to_bits(), right.to_bits()]));
    std::fs::remove_dir_all(&folder).expect("removable");
}

#[test]
fn a_source_of_another_rate_is_resampled_to_the_song_s() {
    let (mut session, song, _, mut store) = stored(RATE_HZ);
    session.apply(&Edit::SetRate { song, rate_hz: 48_000 }).expect("a rate");
    let folder = folder("rate");
    let (archive, out) = (folder.join("example.headroom"), folder.join("out.wav"));
    write_archive(&session, &mut store, &archive);
    let range = Some(Range { start: 0, end: 96_000 });
    bounce(&Job { session: archive, out: out.clone(), song: None, format: SampleFormat::I24, dither: Dither::Triangular, range })
        .expect("a render");
    let (rate_hz, frames) = read_wav(&out);
    let loud = frames.iter().filter(|frame| frame[0].abs() > 0.01).count();
    assert_eq!(rate_hz, 48_000);
    assert!(frames.len() >= 96_000 && loud > 10_000, "{} frames, {loud} of them loud", frames.len());
    assert!(session.source(SourceId(1)).is_some());
    std::fs::remove_dir_all(&folder).expect("removable");
}

#[test]
fn a_file_that_is_no_session_is_refused_with_its_name() {
    let folder = folder("broken");
    let archive = folder.join("song.headroom");
    std::fs::write(&archive, b"not an archive").expect("a temporary file");
    let job =
        Job { session: archive, out: folder.join("out.wav"), song: None, format: SampleFormat::F32, dither: Dither::None, range: None };
    assert!(bounce(&job).expect_err("no session").contains("song.headroom"));
    assert!(!folder.join("out.wav").exists());
    std::fs::remove_dir_all(&folder).expect("removable");
}
