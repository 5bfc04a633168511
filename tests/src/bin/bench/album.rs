//! An album of twelve songs of four minutes, laid out from short programmes: how long it takes to come in and to be written, the memory of that,
//! and whether what was written is what was asked for: every song as loud as the anchor, the cue sheet's cuts where the songs begin, and one
//! song after the other in what is heard.

use std::fs;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::browser::Session;
use tests::fixtures::{Depth, Fixtures};
use tests::masters::{independent, programme};
use tests::page::Page;
use tests::sound::WORK;
use tests::wav::Wav;
use thirtyfour::Key;

use crate::figure::Figure;
use crate::{in_browser, pss};

const RATE_HZ: u32 = 44_100;
const SONGS: usize = 12;
/// A song is a programme of this length, again and again.
const PROGRAMME_S: u32 = 20;
const TURNS: usize = 12;
/// Frames of a sector of a CD.
const SECTOR: usize = 588;
/// Headers of the files that are made here.
const HEADER_BYTES: usize = 44;
/// Steps of the grid from the first song's start to two seconds before its end: half a second each, sixteen with a Page key.
const PAGES: usize = 29;
const STEPS: usize = 12;
const BEFORE_S: usize = 238;
/// Played over the seam, the gap of two seconds and into the second song.
const PLAYED_S: usize = 8;
const PERIOD: Duration = Duration::from_millis(250);
/// The whole album's export, on a machine that does other things.
const PATIENCE: Duration = Duration::from_secs(1_200);

fn title(at: usize) -> String {
    format!("{:02} Song", at + 1)
}

/// The files, each as loud as it happens to be.
fn songs(fixtures: &Fixtures) -> Vec<PathBuf> {
    let song = |at: usize| {
        let gain = 0.25 + 0.06 * ((5 * at) % SONGS) as f32;
        let planes = programme(100 + at as u32, RATE_HZ, PROGRAMME_S).map(|plane| plane.iter().map(|sample| sample * gain).collect());
        let short = fixtures.wav("short.wav", RATE_HZ, Depth::Int16, &planes);
        let short = fs::read(&short).unwrap_or_else(|error| panic!("{}: {error}", short.display()));
        let (header, data) = short.split_at(HEADER_BYTES);
        let mut long = [header, &data.repeat(TURNS)].concat();
        let bytes = (long.len() - HEADER_BYTES) as u32;
        long[4..8].copy_from_slice(&(bytes + HEADER_BYTES as u32 - 8).to_le_bytes());
        long[HEADER_BYTES - 4..HEADER_BYTES].copy_from_slice(&bytes.to_le_bytes());
        fixtures.raw(&format!("{}.wav", title(at)), &long)
    };
    (0..SONGS).map(song).collect()
}

/// The most memory above the blank page's that was seen since the last time it was asked for.
struct Memory {
    profile: PathBuf,
    blank: f64,
    most: f64,
}

impl Memory {
    fn new(session: &Session) -> Self {
        let profile = session.downloads().with_file_name("profile");
        Self { blank: pss::of_browser(&profile), profile, most: 0.0 }
    }

    fn look(&mut self) {
        self.most = self.most.max(pss::of_browser(&self.profile) - self.blank);
    }

    fn most(&mut self, doing: &str) -> Figure {
        let most = std::mem::take(&mut self.most);
        Figure::new(format!("Memory above the blank page, {doing}"), "MB", [most], "at most 450")
    }

    /// Looks again and again until something is so; gives how long that took.
    async fn until(&mut self, what: &str, is_so: impl AsyncFn() -> bool) -> f64 {
        let start = Instant::now();
        while !is_so().await {
            assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
            tokio::time::sleep(PERIOD).await;
            self.look();
        }
        start.elapsed().as_secs_f64()
    }
}

/// How many rows of the table have their loudness.
async fn measured(page: &Page) -> Option<u64> {
    let count = "return [...document.querySelectorAll('table[aria-label=\"Songs\"] tbody .album-main')].filter((cell) => /\\d/.test(cell.textContent)).length";
    page.script(count, &[]).await.as_u64()
}

/// Rows whose loudness is not the first one's.
async fn apart(page: &Page) -> Option<u64> {
    let count = "const cells = [...document.querySelectorAll('table[aria-label=\"Songs\"] tbody .album-main')].map((cell) => parseFloat(cell.textContent.replace('−', '-')));
        return cells.filter((lufs) => !(Math.abs(lufs - cells[0]) < 0.15)).length";
    page.script(count, &[]).await.as_u64()
}

/// Plays from before the first song's end into the second one; what was heard as left and right.
async fn play_over_the_seam(page: &Page, memory: &mut Memory) -> [Vec<f32>; 2] {
    page.click(&[("button", "Shared chain")]).await;
    page.click(&[("button", "Play")]).await;
    page.wait("the engine runs", WORK, async || page.diagnostic("workletMemoryBytes").await > 0.0).await;
    page.click(&[("button", "Stop")]).await;
    let keys = [vec![Key::Home], vec![Key::PageUp; PAGES], vec![Key::Right; STEPS]].concat();
    let keys: String = keys.into_iter().map(char::from).collect();
    page.keys(&[("slider", "Playhead")], keys.as_str()).await;
    page.wait("the playhead is there", WORK, async || page.value(&[("slider", "Playhead")]).await == BEFORE_S as f64).await;
    page.start_tap(PLAYED_S * RATE_HZ as usize).await;
    page.click(&[("button", "Play")]).await;
    let frames = (PLAYED_S * RATE_HZ as usize - 1) as f64;
    memory.until("the seam is played", async || page.diagnostic("tappedFrames").await >= frames).await;
    page.finish_tap(0, WORK).await;
    page.click(&[("button", "Stop")]).await;
    let bits = page.script("return new Uint32Array(window.recording.buffer).join()", &[]).await;
    let samples: Vec<f32> =
        bits.as_str().into_iter().flat_map(|text| text.split(',')).map(|bits| f32::from_bits(bits.parse().unwrap_or(0))).collect();
    [0, 1].map(|side| samples.iter().skip(side).step_by(2).copied().collect())
}

/// Presses a button of the album's files and waits for so many downloads; gives the files, and how long it took.
async fn written(page: &Page, memory: &mut Memory, button: &str, files: usize) -> (Vec<PathBuf>, f64) {
    let there = || -> Vec<PathBuf> {
        let all = fs::read_dir(page.downloads()).into_iter().flatten().flatten().map(|entry| entry.path());
        let done = all.filter(|path| path.extension().is_some_and(|ending| ending == "wav" || ending == "cue"));
        done.filter(|path| path.metadata().is_ok_and(|data| data.len() > 0)).collect()
    };
    page.click(&[("button", button)]).await;
    let seconds = memory.until(button, async || there().len() == files && !page.has(&[("progressbar", "*")]).await).await;
    let mut found = there();
    found.sort();
    (found, seconds)
}

/// Frames of a WAV of 16 bits in two channels, its data where the header says.
fn part(path: &Path, frames: Range<usize>) -> [Vec<f32>; 2] {
    let mut file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut header = vec![0; 4_096];
    let read = file.read(&mut header).unwrap_or(0);
    let data = header[..read].windows(4).position(|word| word == b"data").unwrap_or_else(|| panic!("{} has no data", path.display())) + 8;
    let mut bytes = vec![0; 4 * frames.len()];
    file.seek(SeekFrom::Start((data + 4 * frames.start) as u64))
        .and_then(|_| file.read_exact(&mut bytes))
        .unwrap_or_else(|error| panic!("{error}"));
    let side = |side: usize| {
        bytes.chunks_exact(4).map(|frame| f32::from(i16::from_le_bytes([frame[2 * side], frame[2 * side + 1]])) / 32_768.0).collect()
    };
    [side(0), side(1)]
}

/// Where a cue sheet's tracks begin, in frames.
fn cuts(sheet: &str) -> Vec<usize> {
    let stamps = sheet.lines().filter_map(|line| line.trim().strip_prefix("INDEX 01 "));
    let frame = |stamp: &str| {
        let parts: Vec<usize> = stamp.split(':').filter_map(|part| part.parse().ok()).collect();
        ((parts[0] * 60 + parts[1]) * 75 + parts[2]) * SECTOR
    };
    stamps.map(frame).collect()
}

fn furthest(one: &[Vec<f32>; 2], other: &[Vec<f32>; 2]) -> f32 {
    let side = |side: usize| one[side].iter().zip(&other[side]).fold(0.0f32, |most, (one, other)| most.max((one - other).abs()));
    side(0).max(side(1))
}

fn planes(wav: &Wav) -> [Vec<f32>; 2] {
    [0, 1].map(|side| wav.samples.iter().skip(side).step_by(2).copied().collect())
}

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    in_browser(async |page, session| {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let (mut memory, fixtures) = (Memory::new(session), Fixtures::new());
        let files = songs(&fixtures);
        page.open().await;
        page.click(&[("tab", "Album")]).await;
        page.add_audio(&files).await;
        let known = memory.until("all songs are measured", async || measured(page).await == Some(SONGS as u64)).await;
        let mut figures = vec![
            Figure::new("Twelve songs of 4 minutes, from their files until all are measured", "s", [known], ""),
            memory.most("while twelve songs come in"),
        ];
        page.click(&[("button", "Bring to the anchor")]).await;
        let brought = memory.until("the songs are brought to the anchor", async || apart(page).await == Some(0)).await;
        figures.push(Figure::new("Twelve songs brought to the anchor", "s", [brought], ""));
        let heard = play_over_the_seam(page, &mut memory).await;
        figures.push(memory.most("playing the album"));
        page.click(&[("tab", "Album")]).await;
        let (each, seconds) = written(page, &mut memory, "Each song as WAV", SONGS).await;
        figures.extend([export_speed("each song", &each, seconds), memory.most("writing each song")]);
        figures.extend(loudness(&each));
        let own: Vec<[Vec<f32>; 2]> = each.iter().map(|path| part(path, 0..RATE_HZ as usize)).collect();
        each.iter().for_each(|path| drop(fs::remove_file(path)));
        let (whole, seconds) = written(page, &mut memory, "WAV and cue sheet", 2).await;
        figures.extend([export_speed("one file", &whole, seconds), memory.most("writing the album as one file")]);
        let [sheet, wav] = &whole[..] else { panic!("{whole:?}") };
        let cuts = cuts(&fs::read_to_string(sheet).unwrap_or_default());
        let right =
            cuts.iter().zip(&own).filter(|(start, own)| furthest(&part(wav, **start..**start + RATE_HZ as usize), own) < 4.0 / 32_768.0);
        figures.push(Figure::new("Cuts of the cue sheet at which a song begins", "", [right.count() as f64], "12"));
        let start = BEFORE_S * RATE_HZ as usize;
        let in_file = part(wav, start..start + heard[0].len());
        let off = f64::from(furthest(&heard, &in_file)) * 32_768.0;
        figures.push(Figure::new("Heard over the seam of two songs against the file, at most", "LSB", [off], "under 4, the dither"));
        figures
    })
}

fn export_speed(what: &str, files: &[PathBuf], seconds: f64) -> Figure {
    let bytes: u64 = files.iter().filter_map(|path| path.metadata().ok()).map(|data| data.len()).sum();
    let speed = bytes as f64 / f64::from(4 * RATE_HZ) / seconds;
    Figure::new(format!("Export of the album as {what}, times real time"), "x", [speed], "")
}

/// How far the songs' files are from the first one's loudness, and whether each ends with a sector.
fn loudness(files: &[PathBuf]) -> Vec<Figure> {
    let read = |path: &PathBuf| {
        let wav = Wav::read(path);
        (independent(&planes(&wav), RATE_HZ)[0], wav.frames().is_multiple_of(SECTOR))
    };
    let read: Vec<(f64, bool)> = files.iter().map(read).collect();
    let off: Vec<f64> = read.iter().map(|(lufs, _)| (lufs - read[0].0).abs()).collect();
    let most = off.iter().copied().fold(0.0, f64::max);
    println!("Loudness of the files: {}", json!(read.iter().map(|(lufs, _)| Value::from(*lufs)).collect::<Vec<_>>()));
    let ends = read.iter().filter(|(_, ends)| *ends).count() as f64;
    vec![
        Figure::new("Songs' files from the anchor's loudness, at most, by libebur128", "LU", [most], "at most 0.2"),
        Figure::new("Songs' files that end with a sector", "", [ends], "12"),
    ]
}
