//! The scripted render from a session file to a WAV.

use std::path::PathBuf;

use media::archive::write_to_memory;
use media::decode::Decoder;
use media::import::import_planes;
use media::store::{MemoryFiles, Store, now};
use session::Edit;
use session::compile::Purpose;
use session::model::{Range, SampleFormat, Session, SongId, SourceId};
use tests::bounce::{Job, bounce};
use tests::example::example;
use tests::render::{MemorySamples, Pace, render_to_memory};

const RATE_HZ: u32 = 44_100;

/// The example's session with its sources in a store, so that their names there are right.
fn stored() -> (Session, SongId, MemorySamples, Store<MemoryFiles>) {
    let (session, song, samples) = example(RATE_HZ);
    let mut store = now(Store::open(MemoryFiles::default(), "t")).expect("memory");
    let mut named = Session::new(session.id.clone(), session.name.clone());
    for source in &session.sources {
        let planes = &samples.0[&source.id];
        let imported = now(import_planes(planes.clone(), &source.file_name, RATE_HZ, None, &mut store, |_| true)).expect("samples");
        named.apply(&Edit::AddSource { at: 9, source: imported.into_source(source.id) }).expect("a source");
    }
    let song_value = session.song(song).expect("the song").clone();
    named.apply(&Edit::AddSong { at: 0, song: Box::new(song_value) }).expect("the song");
    (named, song, samples, store)
}

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
    let (session, song, mut samples, mut store) = stored();
    let folder = folder("bits");
    let (archive, out) = (folder.join("example.headroom"), folder.join("out.wav"));
    let bytes = write_to_memory(&session, &mut store).expect("an archive").into_inner();
    std::fs::write(&archive, bytes).expect("a temporary file");
    let range = Range { start: 100_003, end: 300_004 };
    let job = Job { session: archive, out: out.clone(), song: None, format: SampleFormat::F32, dither: false, range: Some(range) };
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
    let (mut session, song, _, mut store) = stored();
    session.apply(&Edit::SetRate { song, rate_hz: 48_000 }).expect("a rate");
    let folder = folder("rate");
    let (archive, out) = (folder.join("example.headroom"), folder.join("out.wav"));
    std::fs::write(&archive, write_to_memory(&session, &mut store).expect("an archive").into_inner()).expect("a temporary file");
    let range = Some(Range { start: 0, end: 96_000 });
    bounce(&Job { session: archive, out: out.clone(), song: None, format: SampleFormat::I24, dither: true, range }).expect("a render");
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
    let job = Job { session: archive, out: folder.join("out.wav"), song: None, format: SampleFormat::F32, dither: false, range: None };
    assert!(bounce(&job).expect_err("no session").contains("song.headroom"));
    assert!(!folder.join("out.wav").exists());
    std::fs::remove_dir_all(&folder).expect("removable");
}
