//! The engine in its worklet against the browser's own nodes, both in OfflineAudioContexts of one page, in turns. The worklet renders as it
//! does for an export: several blocks in each of the browser's quanta, into an output ring.

use dsp::engine::{BLOCK_FRAMES, EngineOptions};
use dsp::protocol::feed::{self, words_for};
use dsp::protocol::{Command, LocalWords, SharedWords, StripKind, output, ring, telemetry};
use serde_json::json;
use session::compile::{self, Purpose};
use session::feed::{FeedPlan, Feeder, format};
use session::model::{Insert, Session, SongId};
use tests::crowd::Crowd;
use tests::render::MemorySamples;

use crate::figure::Figure;
use crate::loading::numbers;
use crate::on_page;

pub const RATE_HZ: u32 = 48_000;
const TRACKS: usize = 16;
/// Sound in each render.
pub const SECONDS: u32 = 10;
pub const ROUNDS: usize = 7;
/// Blocks of sound that are handed to the page, which plays them over and over.
const SLOTS: usize = 128;
/// Frames of the output ring: a power of two that holds the whole render, so that nothing waits for a reader.
const OUTPUT_FRAMES: usize = ((RATE_HZ * SECONDS) as usize).next_power_of_two();
const COMMAND_WORDS: usize = 1 << 12;
/// The bands: frequency and gain; all are bells of Q 1, in the browser's nodes too.
pub const BANDS: [(f32, f32); 8] =
    [(60.0, 3.0), (120.0, -2.0), (250.0, 2.0), (500.0, -3.0), (1_000.0, 2.0), (2_500.0, -2.0), (6_000.0, 3.0), (12_000.0, -2.0)];

/// What the compressors do, the peers' too.
pub const COMPRESSION: [(&str, f32); 2] = [("threshold", -24.0), ("ratio", 4.0)];
/// What the limiter does, the peer's too: it works all the time.
pub const LIMITING: [(&str, f32); 2] = [("gain", 12.0), ("ceiling", -1.0)];

/// What is rendered.
#[derive(Clone, Copy)]
pub struct Graph {
    /// Stereo strips.
    pub tracks: usize,
    /// The processors of each.
    pub chain: &'static [&'static str],
    /// The processors of the master.
    pub master: &'static [&'static str],
    /// How far each strip is panned.
    pub pan: f32,
}

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let row = |name: &str, chain: &'static [&'static str], pan: f32, aim: &'static str| {
        let (ours, theirs) = render(Graph { tracks: TRACKS, chain, master: &[], pan }, true);
        against(name, ours, ("the browser's nodes", theirs), aim)
    };
    let mut figures = row("10 s of 16 stereo strips with 8 bands", &["equalizer"], 0.0, "10, limit 7");
    let chain = &["equalizer", "compressor", "utility"];
    figures.extend(row("10 s of 16 stereo strips with 8 bands, compressor, gain, pan", chain, 30.0, "10, limit 4"));
    figures
}

/// Milliseconds of ours, of a peer's, and how many times faster ours is.
pub fn against(name: &str, ours: Vec<f64>, (peer, theirs): (&str, Vec<f64>), aim: &'static str) -> Vec<Figure> {
    let ours = Figure::new(format!("{name}: ours"), "ms", ours, "");
    let theirs = Figure::new(format!("{name}: {peer}"), "ms", theirs, "");
    let ratio = theirs.median() / ours.median();
    vec![ours, theirs, Figure::new(format!("{name}: times faster"), "x", [ratio], aim)]
}

/// Milliseconds of each render, ours and, where they are asked for, those of the browser's nodes.
pub fn render(graph: Graph, with_nodes: bool) -> (Vec<f64>, Vec<f64>) {
    let (session, song, samples) = strips(graph);
    let snapshot = snapshot(&session, song);
    let ring = ring_of(&session, song, samples);
    on_page(async |page, _| {
        let layout = json!({
            "block": BLOCK_FRAMES, "headerWords": feed::HEADER_WORDS, "slotWordsAt": feed::SLOT_WORDS,
            "slotsAt": feed::SLOTS, "commandWords": ring::words_for(COMMAND_WORDS),
            "recordWords": telemetry::total_words(), "outputWords": output::words_for(OUTPUT_FRAMES), "outputFrames": OUTPUT_FRAMES,
            "capacityAt": output::CAPACITY, "writtenAt": output::WRITE,
        });
        let request = json!({
            "ring": ring, "snapshot": snapshot, "rate": RATE_HZ, "seconds": SECONDS, "rounds": ROUNDS, "tracks": graph.tracks,
            "slots": SLOTS, "bands": BANDS, "withDynamics": graph.chain.len() > 1, "withNodes": with_nodes, "layout": layout,
        });
        let times = page.async_script(include_str!("nodes.js"), &[request]).await;
        assert!(times.is_object(), "the graphs were not rendered: {times}");
        (numbers(&times["ours"]), numbers(&times["theirs"]))
    })
}

/// The strips and their master, with every band on.
fn strips(Graph { tracks, chain, master, pan }: Graph) -> (Session, SongId, MemorySamples) {
    let (mut session, id, samples) = Crowd { rate_hz: RATE_HZ, tracks, seconds: SECONDS, chain }.make();
    let mut ids = session.ids();
    for strip in session.songs.iter_mut().flat_map(|song| &mut song.strips) {
        match strip.kind {
            StripKind::Audio => {
                strip.values.insert("pan".into(), pan);
            }
            StripKind::Master => strip.inserts = master.iter().map(|processor| Insert::new(&mut ids, processor)).collect(),
            _ => {}
        }
        strip.inserts.iter_mut().for_each(set);
    }
    (session, id, samples)
}

/// Settings under which a processor works all the time.
pub fn set(insert: &mut Insert) {
    let mut put = |id: String, value: f32| {
        insert.values.insert(id, value);
    };
    match insert.processor.as_str() {
        "equalizer" => {
            for (band, (hz, gain_db)) in BANDS.iter().enumerate() {
                let values = [("on", 1.0), ("shape", 0.0), ("frequency", *hz), ("gain", *gain_db), ("q", 1.0)];
                values.into_iter().for_each(|(id, value)| put(format!("band{}_{id}", band + 1), value));
            }
        }
        "compressor" => COMPRESSION.into_iter().for_each(|(id, value)| put(id.into(), value)),
        "limiter" => LIMITING.into_iter().for_each(|(id, value)| put(id.into(), value)),
        _ => put("gain".into(), -1.0),
    }
}

/// The commands that build the song and play it.
fn snapshot(session: &Session, song: SongId) -> Vec<u8> {
    let song = session.song(song).unwrap_or_else(|| panic!("the song is gone"));
    let commands = compile::snapshot(song, Purpose::Live).into_iter().chain([Command::Play { generation: 1 }]);
    commands.filter_map(|command| postcard::to_allocvec(&command).ok()).flatten().collect()
}

/// A ring full of the song's first blocks, little-endian, in base 64.
fn ring_of(session: &Session, song: SongId, mut samples: MemorySamples) -> String {
    let song = session.song(song).unwrap_or_else(|| panic!("the song is gone"));
    let tracks = song.strips_of(StripKind::Audio).count().max(EngineOptions::default().feed_tracks);
    let words = LocalWords::new(words_for(SLOTS, tracks));
    format(&words, SLOTS, tracks);
    let mut feeder = Feeder::new(FeedPlan::from_song(session, song, Purpose::Live));
    feeder.start(1, 0, None);
    feeder.fill(&words, &mut samples, SLOTS as u32).unwrap_or_else(|error| panic!("{error}"));
    let bytes: Vec<u8> = (0..words.len()).flat_map(|at| words.load(at).to_le_bytes()).collect();
    base64(&bytes)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for three in bytes.chunks(3) {
        let word = three.iter().enumerate().fold(0_u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= three.len() { char::from(digit) } else { '=' });
        }
    }
    out
}
