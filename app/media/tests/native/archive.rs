//! Session files: out and in again, and nothing believed that is not checked.

use std::io::Cursor;

use media::archive::{open_archive, write_to_memory};
use media::store::{MemoryFiles, Store};
use session::model::{SampleFormat, Session, SourceId};

use crate::support::{Random, float_wav, reader, store, take_in, wav};

/// A session with three sources of different widths.
fn filled() -> (Session, Store<MemoryFiles>) {
    let mut store = store();
    let mut random = Random(11);
    let whole: Vec<i32> = (0..3001).map(|_| random.next() as i32 >> 8).collect();
    let floats: Vec<f32> = (0..4000).map(|_| random.sample()).collect();
    let short: Vec<i32> = (0..70_000).map(|_| random.next() as i32 >> 16).collect();
    let files = [
        ("bass.wav", wav(SampleFormat::I24, 44_100, 1, &whole)),
        ("../pad <i>.wav", float_wav(48_000, 2, &floats)),
        ("kick.wav", wav(SampleFormat::I16, 48_000, 2, &short)),
    ];
    let mut session = Session::new("0123456789abcdef".repeat(2), "Song");
    for (id, (name, bytes)) in files.into_iter().enumerate() {
        let imported = take_in(&mut store, bytes, name, None).expect("a good file");
        session.sources.push(imported.into_source(SourceId(100 + id as u32)));
    }
    session.next_id = 200;
    (session, store)
}

fn archive() -> (Session, Store<MemoryFiles>, Vec<u8>) {
    let (session, mut store) = filled();
    let bytes = write_to_memory(&session, &mut store).expect("an archive").into_inner();
    (session, store, bytes)
}

fn refused(bytes: Vec<u8>) -> Option<String> {
    open_archive(Box::new(Cursor::new(bytes)), "song.headroom").err().map(|error| error.to_string())
}

#[test]
fn a_session_file_opens_elsewhere_with_the_same_document_and_samples() {
    let (session, mut before, bytes) = archive();
    let (opened, mut after) = open_archive(Box::new(Cursor::new(bytes)), "song.headroom").expect("a good archive");
    assert_eq!(opened, session);
    for source in &session.sources {
        let imported = session::worker::Imported {
            hash: source.hash.clone(),
            file_name: source.file_name.clone(),
            rate_hz: source.rate_hz,
            channels: source.channels,
            frames: source.frames,
            format: source.format,
            notes: Vec::new(),
            time_reference: None,
        };
        let samples = [&mut before, &mut after].map(|store| {
            let mut bytes = Vec::new();
            reader(store, &imported, None).read_raw(0, 100_000, &mut bytes).expect("readable");
            bytes
        });
        assert_eq!(samples[0], samples[1]);
        assert!(!samples[0].is_empty());
    }
}

#[test]
fn changed_audio_is_noticed() {
    let (_, _, mut bytes) = archive();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let sentence = refused(bytes).expect("refused");
    assert!(sentence.starts_with("“song.headroom” is not a session file that can be opened: the audio of"), "{sentence}");
}

#[test]
fn what_is_no_session_file_is_refused_with_its_name() {
    let (_, _, bytes) = archive();
    for bad in [Vec::new(), b"not a zip".to_vec(), bytes[..bytes.len() / 2].to_vec()] {
        let sentence = refused(bad).expect("refused");
        assert!(sentence.contains("“song.headroom”") && sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn no_damage_anywhere_panics() {
    let (_, _, bytes) = archive();
    let mut random = Random(13);
    for _ in 0..400 {
        let mut bad = bytes.clone();
        // The document and the list of contents are where a change can do harm.
        let places = [random.next() as usize % 2000, bad.len() - 1 - random.next() as usize % 600];
        for at in places {
            bad[at] = random.next() as u8;
        }
        if let Some(sentence) = refused(bad) {
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }
}
