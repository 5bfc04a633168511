//! The whole way of the demo song, from its stems to the written file, against the same stems, equalizers, compressors, sum and limiter as one
//! filter graph of ffmpeg. Ours measures the file as well and looks between samples; theirs does neither.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use dsp::protocol::StripKind;
use media::demo::{STEMS, score};
use session::model::{Insert, Session, Song, SourceId, Strip, Target};
use tests::example::{keep, source, write_archive};
use tests::fixtures::{Depth, Fixtures};
use tests::render::MemorySamples;
use tests::sound::WORK;

use crate::figure::Figure;
use crate::nodes::{against, set};
use crate::on_page;

const ROUNDS: usize = 3;
/// What is put on the master.
const MASTER: [&str; 3] = ["equalizer", "compressor", "limiter"];
/// The bands of an equalizer.
const BANDS: usize = 12;

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let fixtures = Fixtures::new();
    let (session, samples) = demo();
    let song = session.songs.first().unwrap_or_else(|| panic!("the demo has no song"));
    let stems: Vec<PathBuf> = session
        .sources
        .iter()
        .map(|source| {
            let name = format!("{}.wav", source.id.0);
            fixtures.wav(&name, score::RATE_HZ, Depth::Int24, &samples.0[&source.id])
        })
        .collect();
    let graph = graph(song);
    let theirs: Vec<f64> = (0..ROUNDS).map(|_| ffmpeg(&stems, &graph, &fixtures.path("theirs.wav"))).collect();
    let (kept, mut store) = keep(&session, &samples);
    let archive = fixtures.path("Demo.headroom");
    write_archive(&kept, &mut store, &archive);
    let ours = ours(&archive);
    let name = "Export of the demo song with its mix and a master chain";
    against(name, ours, ("ffmpeg, one filter graph, without true peak", theirs), "3, limit 1")
}

/// The demo song with a master chain that works.
fn demo() -> (Session, MemorySamples) {
    let mut samples = MemorySamples::default();
    let sources = STEMS
        .iter()
        .enumerate()
        .map(|(at, stem)| {
            let planes = (stem.render)();
            let mut made = source(SourceId(at as u32 + 1), planes.len() as u16, score::RATE_HZ, 1);
            made.frames = score::SONG_FRAMES as u64;
            samples.0.insert(made.id, planes);
            made
        })
        .collect();
    let mut session = media::demo::session(Session::new_id(3), sources);
    let mut ids = session.ids();
    let chain = MASTER.map(|processor| {
        let mut insert = Insert::new(&mut ids, processor);
        set(&mut insert);
        insert
    });
    let masters = session.songs.iter_mut().flat_map(|song| &mut song.strips).filter(|strip| strip.kind == StripKind::Master);
    masters.for_each(|master| master.inserts.extend(chain.clone()));
    (session, samples)
}

/// Milliseconds of each export in the page, from the press to the file on the disk.
fn ours(archive: &Path) -> Vec<f64> {
    on_page(async |page, _| {
        page.open_session(archive).await;
        page.click(&[("button", "Export")]).await;
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let start = Instant::now();
            page.click(&[("dialog", "Export"), ("button", "Start export")]).await;
            let file = page.download(".wav", WORK).await;
            times.push(start.elapsed().as_secs_f64() * 1e3);
            fs::remove_file(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            page.get_within(&[("dialog", "Export"), ("button", "Start export")], WORK).await;
        }
        times
    })
}

/// Milliseconds.
fn ffmpeg(stems: &[PathBuf], graph: &str, out: &Path) -> f64 {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y"]);
    for stem in stems {
        ffmpeg.arg("-i").arg(stem);
    }
    ffmpeg.args(["-filter_complex", graph, "-map", "[out]", "-c:a", "pcm_s24le"]).arg(out).stdin(Stdio::null());
    let start = Instant::now();
    assert!(ffmpeg.status().is_ok_and(|status| status.success()), "ffmpeg refuses the graph {graph}");
    start.elapsed().as_secs_f64() * 1e3
}

/// The song as ffmpeg writes graphs: each track's chain, fader and pan, what it sends, the returns, the sum and the master.
fn graph(song: &Song) -> String {
    let mut graph = String::new();
    let mut ends: Vec<String> = Vec::new();
    let returns: Vec<&Strip> = song.strips_of(StripKind::Return).collect();
    let mut sent: Vec<Vec<String>> = vec![Vec::new(); returns.len()];
    for (at, track) in song.strips_of(StripKind::Audio).enumerate() {
        let sends: Vec<(usize, f32)> = track
            .sends
            .iter()
            .filter_map(|send| {
                let to = returns.iter().position(|strip| strip.id == send.to)?;
                Some((to, track.value_of(&Target::Send(send.id, "level".into()))))
            })
            .collect();
        let copies: String = (0..sends.len()).map(|copy| format!("[c{at}_{copy}]")).collect();
        graph.push_str(&format!(
            "[{at}:a]aformat=sample_fmts=fltp:channel_layouts=stereo{}{},asplit={}[t{at}]{copies};",
            chain(track),
            level(track),
            sends.len() + 1
        ));
        ends.push(format!("[t{at}]"));
        for (copy, (to, level_db)) in sends.into_iter().enumerate() {
            graph.push_str(&format!("[c{at}_{copy}]volume={level_db}dB[s{at}_{copy}];"));
            sent[to].push(format!("[s{at}_{copy}]"));
        }
    }
    for (at, strip) in returns.iter().enumerate().filter(|(at, _)| !sent[*at].is_empty()) {
        graph.push_str(&format!("{}amix=inputs={}:normalize=0{}{}[r{at}];", sent[at].concat(), sent[at].len(), chain(strip), level(strip)));
        ends.push(format!("[r{at}]"));
    }
    let master = song.master().map(|master| format!("{}{}", chain(master), level(master))).unwrap_or_default();
    graph.push_str(&format!("{}amix=inputs={}:normalize=0{master}[out]", ends.concat(), ends.len()));
    graph
}

/// A strip's processors.
fn chain(strip: &Strip) -> String {
    strip.inserts.iter().map(|insert| processor(strip, insert)).collect()
}

fn processor(strip: &Strip, insert: &Insert) -> String {
    let value = |id: &str| strip.value_of(&Target::Insert(insert.id, id.into()));
    let gain = |db: f32| 10f32.powf(db / 20.0);
    match insert.processor.as_str() {
        "equalizer" => {
            let of = |band: usize, id: &str| value(&format!("band{band}_{id}"));
            // A bell that does nothing is left out of theirs.
            let works = (1..=BANDS).filter(|band| of(*band, "on") > 0.5 && of(*band, "gain") != 0.0);
            works.map(|band| format!(",equalizer=f={}:t=q:w={}:g={}", of(band, "frequency"), of(band, "q"), of(band, "gain"))).collect()
        }
        "compressor" => format!(
            ",acompressor=threshold={}:ratio={}:attack={}:release={}",
            gain(value("threshold")),
            value("ratio"),
            value("attack"),
            value("release")
        ),
        "limiter" => format!(",volume={}dB,alimiter=limit={}:level=0", value("gain"), gain(value("ceiling"))),
        other => panic!("{other} has no peer here"),
    }
}

/// Fader and balance: the far side is turned down.
fn level(strip: &Strip) -> String {
    let value = |id: &str| strip.value_of(&Target::Strip(id.into()));
    let (fader, pan) = (10f32.powf(value("volume") / 20.0), value("pan") / 100.0);
    let [left, right] = [(1.0 - pan).min(1.0), (1.0 + pan).min(1.0)].map(|side| side * fader);
    format!(",pan=stereo|c0={left}*c0|c1={right}*c1")
}
