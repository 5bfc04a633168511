//! The store: once by content, exact, swept, full, and whole whatever happens.

use media::store::{Files, FolderFiles, MemoryFiles, Part, SESSIONS, SOURCES, SourceMeta, Store, StoreError, now};
use session::model::{SampleFormat, Session};

use crate::support::{Random, float_wav, reader, store, take_in, wav};

const RATE_HZ: u32 = 48_000;

fn noise(count: usize, seed: u64) -> Vec<f32> {
    let mut random = Random(seed);
    (0..count).map(|_| random.sample()).collect()
}

/// An empty session with an id made of one digit.
fn session(digit: char, name: &str) -> Session {
    Session::new(digit.to_string().repeat(32), name)
}

fn json(session: &Session) -> Vec<u8> {
    session::file::to_json(session)
}

#[test]
fn stored_samples_are_read_from_any_frame_and_silent_after_the_end() {
    let mut store = store();
    let samples: Vec<i32> = (0..20_000).map(|at| (at * 7919) % 8_388_607 - 4_000_000).collect();
    let source = take_in(&mut store, wav(SampleFormat::I24, RATE_HZ, 2, &samples), "a.wav", None).expect("a good file");
    assert_eq!((source.frames, source.channels, source.format), (10_000, 2, SampleFormat::I24));
    let mut reader = reader(&mut store, &source, None);
    let (mut left, mut right) = (vec![9.0; 300], vec![9.0; 300]);
    reader.read(9_900, &mut left, Some(&mut right)).expect("readable");
    for at in 0..100 {
        assert_eq!(left[at], samples[2 * (9_900 + at)] as f32 / 8_388_608.0);
        assert_eq!(right[at], samples[2 * (9_900 + at) + 1] as f32 / 8_388_608.0);
    }
    assert!(left[100..].iter().chain(&right[100..]).all(|sample| *sample == 0.0));
}

#[test]
fn the_same_samples_have_one_name_and_other_rates_another() {
    let mut store = store();
    let samples = noise(1000, 1);
    let first = take_in(&mut store, float_wav(RATE_HZ, 1, &samples), "a.wav", None).expect("a good file");
    let again = take_in(&mut store, float_wav(RATE_HZ, 1, &samples), "b.wav", None).expect("a good file");
    let slower = take_in(&mut store, float_wav(44_100, 1, &samples), "c.wav", None).expect("a good file");
    assert_eq!(first.hash, again.hash);
    assert_ne!(first.hash, slower.hash);
}

#[test]
fn a_full_store_says_so_and_works_on() {
    let mut store = now(Store::open(MemoryFiles::with_limit(3 << 20), "t")).expect("a store");
    let failure = take_in(&mut store, float_wav(RATE_HZ, 2, &noise(2_000_000, 2)), "long.wav", None).expect_err("too long");
    let sentence = failure.to_string();
    assert!(sentence.starts_with("“long.wav” was not imported. There is no room left"), "{sentence}");
    take_in(&mut store, float_wav(RATE_HZ, 2, &noise(20_000, 2)), "short.wav", None).expect("room again");
}

#[test]
fn a_cancelled_import_leaves_nothing() {
    let files = MemoryFiles::default();
    let mut store = now(Store::open(files.clone(), "t")).expect("a store");
    let bytes = float_wav(RATE_HZ, 2, &noise(400_000, 2));
    let decoder = media::decode::Decoder::open(Box::new(std::io::Cursor::new(bytes)), "x").expect("a good file");
    let mut pieces = 0;
    let result = now(media::import::import(decoder, "x", Some(44_100), &mut store, |_| {
        pieces += 1;
        pieces < 9
    }));
    assert!(result.is_err());
    assert_eq!(now(files.list(SOURCES)), Ok(vec![]));
}

#[test]
fn a_file_that_somebody_else_wrote_becomes_a_source_and_one_of_a_draft_given_up_goes() {
    let files = MemoryFiles::default();
    let mut store = now(Store::open(files.clone(), "t")).expect("a store");
    let write = |name: &str| {
        let file = now(files.open(SOURCES, name, true)).expect("room").expect("a new file");
        file.write_at(0, &[0, 0x40, 0, 0xC0]).expect("room");
    };
    let draft = store.begin();
    write(&store.lend(draft, Part::Own).expect("a draft"));
    let meta = SourceMeta { hash: "ab".repeat(32), rate_hz: RATE_HZ, channels: 1, frames: 2, format: SampleFormat::I16 };
    now(store.commit(draft, &meta, None)).expect("a whole draft");
    let mut samples = [0.0; 2];
    now(store.reader(&meta.hash, None, "lent.wav")).expect("a source").read(0, &mut samples, None).expect("readable");
    assert_eq!(samples, [0.5, -0.5]);
    let left = now(files.list(SOURCES)).expect("a list");
    let draft = store.begin();
    write(&store.lend(draft, Part::Own).expect("a draft"));
    write(&store.lend(draft, Part::Twin).expect("a draft"));
    now(store.abort(draft));
    assert_eq!(now(files.list(SOURCES)).expect("a list"), left);
    assert_eq!(store.lend(draft, Part::Own), Err(StoreError::Cancelled));
}

#[test]
fn a_twin_made_at_import_equals_one_made_later() {
    let bytes = float_wav(44_100, 2, &noise(100_000, 4));
    let (mut at_once, mut later) = (store(), store());
    let source = take_in(&mut at_once, bytes.clone(), "a.wav", Some(RATE_HZ)).expect("a good file");
    take_in(&mut later, bytes, "a.wav", None).expect("a good file");
    assert!(!later.has_twin(&source.hash, RATE_HZ));
    now(media::import::ensure_rate(&source.hash, RATE_HZ, &mut later, |_| true)).expect("a twin");
    let mut both = [&mut at_once, &mut later].map(|store| {
        let mut reader = reader(store, &source, Some(RATE_HZ));
        assert_eq!(reader.frames(), 54_422);
        let (mut left, mut right) = (vec![0.0; 54_422], vec![0.0; 54_422]);
        reader.read(0, &mut left, Some(&mut right)).expect("readable");
        (left, right)
    });
    let [first, second] = &mut both;
    assert!(first == second && first.0.iter().any(|sample| *sample != 0.0));
}

#[test]
fn a_new_run_finds_everything_and_sweeps_drafts() {
    let files = MemoryFiles::default();
    let mut store = now(Store::open(files.clone(), "a")).expect("a store");
    let source = take_in(&mut store, float_wav(RATE_HZ, 1, &noise(5000, 5)), "a.wav", Some(44_100)).expect("a good file");
    let draft = store.begin();
    now(store.put(draft, media::store::Part::Own, &[1; 100])).expect("room");
    let before = now(files.list(SOURCES)).expect("a list").len();
    let mut store = now(Store::open(files.clone(), "b")).expect("a store");
    now(store.sweep_drafts()).expect("a sweep");
    assert_eq!(now(files.list(SOURCES)).expect("a list").len(), before - 1);
    assert!(store.has_twin(&source.hash, 44_100));
    assert_eq!(reader(&mut store, &source, None).frames(), 5000);
}

#[test]
fn deleting_a_session_takes_only_the_audio_that_no_other_uses() {
    let mut store = store();
    let mut take = |seed, name: &str| take_in(&mut store, float_wav(RATE_HZ, 1, &noise(500, seed)), name, None).expect("a good file");
    let (shared, own) = (take(1, "shared.wav"), take(2, "own.wav"));
    let (mut one, mut two) = (session('a', "One"), session('b', "Two"));
    one.sources = vec![shared.clone().into_source(session::model::SourceId(1)), own.clone().into_source(session::model::SourceId(2))];
    two.sources = vec![shared.clone().into_source(session::model::SourceId(1))];
    now(store.save_session(&json(&one), 1)).expect("saved");
    now(store.save_session(&json(&two), 2)).expect("saved");
    now(store.delete_session(&one.id)).expect("deleted");
    // What this run still refers to is kept; the shared source is, the other one's session was the last.
    assert!(now(store.meta(&shared.hash, "shared.wav")).is_ok());
    assert_eq!(now(store.meta(&own.hash, "own.wav")), Err(StoreError::Missing("own.wav".into())));
    assert_eq!(now(store.load_session(&one.id)), Err(StoreError::NoSession));
}

#[test]
fn the_list_names_the_latest_session_first() {
    let mut store = store();
    let (one, two) = (session('a', "One"), session('b', "Zwei <b>"));
    now(store.save_session(&json(&one), 10)).expect("saved");
    now(store.save_session(&json(&two), 20)).expect("saved");
    now(store.save_session(&json(&one), 30)).expect("saved");
    let names: Vec<(String, u64)> =
        now(store.list_sessions()).expect("a list").into_iter().map(|entry| (entry.name, entry.saved_ms)).collect();
    assert_eq!(names, [("One".into(), 30), ("Zwei <b>".into(), 20)]);
}

#[test]
fn a_save_that_was_cut_off_leaves_the_one_before() {
    let files = MemoryFiles::default();
    let mut store = now(Store::open(files.clone(), "t")).expect("a store");
    let mut session = session('a', "First");
    for name in ["First", "Second", "Third"] {
        session.name = name.into();
        now(store.save_session(&json(&session), 1)).expect("saved");
    }
    let third = json(&session);
    assert_eq!(now(store.load_session(&session.id)), Ok(third));
    // The third save went into the slot of the first.
    for cut in [0, 40, 700] {
        let slot = now(files.open(SESSIONS, &format!("{}.a", session.id), false)).expect("a file").expect("a file");
        slot.truncate(cut).expect("cut");
        let json = now(store.load_session(&session.id)).expect("the second save");
        assert!(String::from_utf8_lossy(&json).contains("Second"), "cut at {cut}");
    }
}

#[test]
fn a_folder_holds_what_memory_holds() {
    let folder = std::env::temp_dir().join(format!("headroom-store-{}", std::process::id()));
    let mut store = now(Store::open(FolderFiles::new(&folder), "t")).expect("a store");
    let draft = store.begin();
    now(store.put(draft, media::store::Part::Own, &[1, 2])).expect("room");
    now(store.put(draft, media::store::Part::Own, &[3, 4])).expect("room");
    let hash = "ab".repeat(32);
    let meta = media::store::SourceMeta { hash: hash.clone(), rate_hz: RATE_HZ, channels: 1, frames: 2, format: SampleFormat::I16 };
    now(store.commit(draft, &meta, None)).expect("committed");
    let mut again = now(Store::open(FolderFiles::new(&folder), "u")).expect("a store");
    let mut reader = now(again.reader(&hash, None, "x")).expect("a source");
    let mut left = [0.0; 2];
    reader.read(0, &mut left, None).expect("readable");
    assert_eq!(left, [513.0 / 32_768.0, 1027.0 / 32_768.0]);
    std::fs::remove_dir_all(&folder).expect("a folder to remove");
}
