//! While a song plays, work beside it does not touch its sound: files come in, inserts and automation arrive, and the audio thread neither
//! waits, nor grows, nor makes garbage.

use std::sync::Arc;
use std::time::Duration;

use dsp::protocol::{LanePoint, Segment, StripId};
use serde_json::json;
use session::compile::Purpose;
use session::model::{Insert, Lane, Range, Session, SongId, Target};
use session::{Edit, Ids};
use tests::browser::{Browser, run_alone};
use tests::crowd::Crowd;
use tests::example::{keep, noise, write_archive};
use tests::fixtures::{Depth, Fixtures};
use tests::inspector::Inspector;
use tests::page::Page;
use tests::render::{Pace, render_to_memory};
use tests::sound::WORK;
use tests::temporary::TemporaryFolder;

const RATE_HZ: u32 = 44_100;
const SECONDS: u32 = 20;
const FRAMES: usize = (RATE_HZ * SECONDS) as usize;
/// Playing so much, on a machine that may not keep up with it.
const LIVE: Duration = Duration::from_secs(240);

/// Waits for the feeder that a whole play may owe to what else a machine does: a feeder that does not keep up waits at every block.
const MOST_WAITS: f64 = 1.0;

/// A song of 32 tracks, open in the page with audio started, and the frames that it must give.
struct Playing {
    session: Session,
    song: SongId,
    expected: Vec<f32>,
    _folder: TemporaryFolder,
}

impl Playing {
    async fn open(page: &Page) -> Self {
        let crowd = Crowd { rate_hz: RATE_HZ, tracks: 32, seconds: 2 * SECONDS, chain: &["equalizer", "compressor"] };
        let (session, song, mut samples) = crowd.make();
        let (session, mut store) = keep(&session, &samples);
        let folder = TemporaryFolder::new("steady");
        let archive = folder.path().join("Crowd.headroom");
        write_archive(&session, &mut store, &archive);
        let found = session.song(song).expect("the song");
        let range = Range { start: 0, end: FRAMES as u64 };
        let [left, right] = render_to_memory((&session, found, range), Purpose::Live, &mut samples, Pace::default()).expect("a render");
        let expected: Vec<f32> = left.iter().zip(&right).take(FRAMES).flat_map(|(left, right)| [*left, *right]).collect();
        assert!(expected.iter().filter(|sample| sample.abs() > 0.01).count() > FRAMES, "the song is nearly silent");
        page.open_session(&archive).await;
        page.start_audio().await;
        Self { session, song, expected, _folder: folder }
    }

    /// Plays from the start, does `work` meanwhile, and compares every frame.
    async fn while_it_plays(&self, page: &Page, work: impl AsyncFnOnce()) {
        page.start_tap(FRAMES).await;
        let memory_bytes = page.diagnostic("workletMemoryBytes").await;
        page.click(&[("button", "Play")]).await;
        page.wait("the song plays", WORK, async || page.diagnostic("tappedFrames").await > f64::from(RATE_HZ)).await;
        // What a busy machine may owe is the start, before there is a store of sound.
        let starved = page.diagnostic("starved").await;
        work().await;
        assert!((page.diagnostic("tappedFrames").await as usize) < FRAMES, "the work ended after the recording");
        page.finish_tap(FRAMES, LIVE).await;
        page.assert_recorded(0, &self.expected).await;
        let waits = page.diagnostic("starved").await - starved;
        assert!(waits <= MOST_WAITS, "{waits} waits for the feeder");
        assert_eq!(page.diagnostic("workletMemoryBytes").await, memory_bytes, "the audio thread's memory");
    }

    fn empty_strip(&self) -> StripId {
        let song = self.session.song(self.song).expect("the song");
        song.strips.iter().find(|strip| strip.name == "Empty").expect("the strip").id
    }
}

#[test]
fn importing_ten_files_while_32_tracks_play_starves_nothing() {
    run_alone(Browser::Chromium, "steady-import", async |page| {
        let playing = Playing::open(page).await;
        let fixtures = Fixtures::new();
        // Of another rate, so that there is work; they sound only after what is compared, so that their tracks change none of it.
        let quiet = vec![0.0; 48_000 * (SECONDS as usize + 5)];
        let late = |seed: u32| [quiet.clone(), noise(seed, 48_000)].concat();
        let file = |at: u32| fixtures.wav(&format!("Import {at}.wav"), 48_000, Depth::Int24, &[late(2 * at), late(2 * at + 1)]);
        let files: Vec<_> = (1..=10).map(file).collect();
        playing
            .while_it_plays(page, async || {
                page.add_audio(&files).await;
                page.get_within(&[("group", "Import 10")], WORK).await;
            })
            .await;
    });
}

#[test]
fn twenty_inserts_and_a_hundred_thousand_points_arrive_while_it_plays() {
    run_alone(Browser::Chromium, "steady-edit", async |page| {
        let playing = Playing::open(page).await;
        let (song, strip) = (playing.song, playing.empty_strip());
        let mut ids: Ids = playing.session.ids();
        let chain = ["equalizer", "compressor", "utility", "equalizer"].into_iter().cycle();
        let add = |processor| Edit::AddInsert { song, strip, at: 0, insert: Insert::new(&mut ids, processor) };
        let inserts = Edit::Batch(chain.take(20).map(add).collect());
        let point = |at: u64| LanePoint { frame: 37 * at, value: -((at % 40) as f32), segment: Segment::Linear };
        let target = Target::Strip("volume".into());
        let points = Arc::new((0..100_000).map(point).collect());
        let lane = Edit::SetLane { song, strip, target: target.clone(), lane: Some(Lane { target, enabled: true, points }) };
        playing
            .while_it_plays(page, async || {
                for edit in [inserts, lane] {
                    let json = serde_json::to_value(edit).expect("an edit");
                    assert_eq!(page.script("return headroomDiagnostics.edit(JSON.stringify(arguments[0]))", &[json]).await, json!(true));
                }
            })
            .await;
        let slots = page.all(&[("group", "Empty"), ("button", "Equalizer")]).await.len();
        assert_eq!(slots, 10, "equalizers in the console");
    });
}

#[test]
fn the_audio_thread_makes_no_garbage() {
    run_alone(Browser::Chromium, "steady-garbage", async |page| {
        let _playing = Playing::open(page).await;
        page.start_tap(FRAMES).await;
        page.click(&[("button", "Play")]).await;
        let played = async |seconds: u32| {
            let frames = f64::from(seconds * RATE_HZ);
            page.wait("the song plays", LIVE, async || page.diagnostic("tappedFrames").await > frames).await;
        };
        let mut inspector = Inspector::of(page);
        let worklets: Vec<String> =
            inspector.targets().iter().filter(|(kind, _)| kind == "worklet").map(|(_, session)| session.clone()).collect();
        let [worklet] = &worklets[..] else { panic!("no single audio thread among {:?}", inspector.targets()) };
        let mut heaps = Vec::new();
        for seconds in [4, 8, 12, 16] {
            played(seconds).await;
            heaps.push(inspector.heap_bytes(worklet));
        }
        let after = heaps[heaps.len() - 1];
        inspector.call(Some(worklet), "Runtime.evaluate", json!({ "expression": "for (let n = 0; n < 100; n++) [n, n]" }));
        let with_garbage = inspector.heap_bytes(worklet);
        assert!(with_garbage > after, "this would not have seen garbage: {after} and {with_garbage} bytes");
        // Some 1500 quanta lie between two readings: garbage would grow the heap in each of them, and a collection show; what runs often is
        // compiled once.
        let stillest = heaps.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(f64::INFINITY, f64::min);
        assert!(stillest < 1_000.0, "{heaps:?} bytes");
    });
}

#[test]
fn a_worker_that_dies_is_replaced_and_playing_goes_on() {
    run_alone(Browser::Chromium, "steady-death", async |page| {
        let _playing = Playing::open(page).await;
        let fixtures = Fixtures::new();
        page.start_tap(FRAMES).await;
        page.click(&[("button", "Play")]).await;
        let played = async |what: &str, seconds: f64| {
            let frames = page.diagnostic("tappedFrames").await + seconds * f64::from(RATE_HZ);
            page.wait(what, LIVE, async || page.diagnostic("tappedFrames").await >= frames).await;
        };
        played("the song plays", 1.0).await;
        let mut inspector = Inspector::of(page);
        let workers: Vec<String> =
            inspector.targets().iter().filter(|(kind, _)| kind == "worker").map(|(_, session)| session.clone()).collect();
        assert_eq!(workers.len(), 3, "a store and two that compute");
        for worker in workers {
            inspector.call(
                Some(&worker),
                "Runtime.evaluate",
                json!({ "expression": "setTimeout(() => { throw new Error('killed by a test') })" }),
            );
            // More than the ring holds: what is heard then was read by the new worker.
            played("the song goes on", 2.0).await;
        }
        page.add_audio(&[fixtures.wav("After.wav", RATE_HZ, Depth::Int16, &[noise(1, 4_410)])]).await;
        page.get_within(&[("group", "After")], WORK).await;
    });
}
