//! An album from its files to the anchor's loudness and one WAV with its cue sheet, natively and on the page.

use std::collections::BTreeMap;
use std::fs;

use session::album::edits::{add, change_one, set_gains};
use session::album::level::{Level, Standing, bring, whole};
use session::album::{cd, entries, of};
use session::compile::Purpose;
use session::model::{Range, SampleFormat, Session, SourceId};
use session::worker::Imported;
use tests::axe;
use tests::browser::{Browser, run};
use tests::fixtures::{Depth, Fixtures};
use tests::masters::{analyse, independent, near, programme};
use tests::page::Page;
use tests::render::{MemorySamples, Pace, render_to_memory};
use tests::sound::WORK;
use tests::wav::Wav;
use thirtyfour::Key;

const RATE_HZ: u32 = 44_100;
const TITLES: [&str; 3] = ["Boats", "Lanterns", "Undertow"];
/// What the second song is meant to differ by.
const OFFSET_LU: f64 = -2.0;

type Planes = [Vec<f32>; 2];

/// Three songs of 5 s, each as loud as it happens to be.
fn songs() -> [Planes; 3] {
    [(11, 0.7), (23, 0.3), (37, 0.5)]
        .map(|(seed, gain)| programme(seed, RATE_HZ, 5).map(|plane| plane.iter().map(|sample| sample * gain).collect()))
}

/// The album of these songs, natively.
fn album(songs: &[Planes; 3]) -> (Session, MemorySamples) {
    let (mut session, mut samples) = (Session::new("0".repeat(32), "Low water"), BTreeMap::new());
    for (at, planes) in songs.iter().enumerate() {
        let imported = Imported {
            hash: format!("{at:064x}"),
            file_name: format!("{}.wav", TITLES[at]),
            rate_hz: RATE_HZ,
            channels: 2,
            frames: planes[0].len() as u64,
            format: SampleFormat::F32,
            notes: Vec::new(),
            time_reference: None,
        };
        session.apply(&add(&session, imported, at)).expect("a song");
        let source: SourceId = session.sources[at].id;
        samples.insert(source, planes.to_vec());
    }
    let second = entries(&session)[1].clip.id;
    let offset = change_one(&session, second, |piece| piece.track.offset_lu = OFFSET_LU as f32).expect("a change");
    session.apply(&offset).expect("an offset");
    (session, MemorySamples(samples))
}

#[test]
fn songs_brought_to_the_anchor_play_at_its_loudness_and_the_whole_is_as_loud_as_was_computed() {
    let songs = songs();
    let (mut session, mut samples) = album(&songs);
    let standings: Vec<Standing> = entries(&session)
        .iter()
        .zip(&songs)
        .map(|(entry, planes)| {
            let level = Level::of(&analyse(planes, RATE_HZ, 8_192), 0.0);
            Standing { clip: entry.clip.id, gain_db: 0.0, offset_lu: f64::from(entry.track.offset_lu), level }
        })
        .collect();
    let moves = bring(&standings, standings[0].clip).expect("an anchor that sounds");
    let gains_db: Vec<_> = moves.iter().map(|song| (song.clip, song.gain_db)).collect();
    session.apply(&set_gains(&session, &gains_db).expect("a change")).expect("gains");
    let (_, song) = of(&session).expect("the album");
    let mut levels = Vec::new();
    for (at, entry) in entries(&session).iter().enumerate() {
        let range = Range { start: entry.clip.start, end: entry.clip.end() };
        let planes = render_to_memory((&session, song, range), Purpose::Export, &mut samples, Pace::default()).expect("a render");
        let [integrated, _, peak] = independent(&planes, RATE_HZ);
        println!("{}: {integrated:.3} LUFS, {peak:.2} dBTP at {:+.2} dB", TITLES[at], moves[at].gain_db);
        near(integrated, standings[0].level.lufs + standings[at].offset_lu, 0.1);
        near(peak, moves[at].peak_dbtp, 0.15);
        levels.push((Level { lufs: moves[at].lufs, peak_dbtp: moves[at].peak_dbtp, short_term_lufs: 0.0 }, entry.clip.length));
    }
    let range = song.whole();
    let planes = render_to_memory((&session, song, range), Purpose::Export, &mut samples, Pace::default()).expect("a render");
    let [integrated, ..] = independent(&planes, RATE_HZ);
    println!("the whole: {integrated:.3} LUFS, computed {:.3}", whole(&levels).lufs);
    near(whole(&levels).lufs, integrated, 0.5);
}

/// Where a cue sheet's tracks begin, in frames at 44.1 kHz.
fn cuts(sheet: &str) -> Vec<usize> {
    let stamps = sheet.lines().filter_map(|line| line.trim().strip_prefix("INDEX 01 "));
    let frame = |stamp: &str| {
        let parts: Vec<usize> = stamp.split(':').map(|part| part.parse().expect("a number")).collect();
        ((parts[0] * 60 + parts[1]) * 75 + parts[2]) * 588
    };
    stamps.map(frame).collect()
}

async fn field(page: &Page, what: &str, title: &str) -> String {
    let read = "return document.querySelector(`input[aria-label=\"${arguments[0]}\"]`)?.value ?? ''";
    let value = page.script(read, &[format!("{what} of {title}").into()]).await;
    value.as_str().unwrap_or_default().replace('−', "-")
}

/// The integrated loudness in a row of the table.
async fn lufs_in(page: &Page, row: usize) -> f64 {
    let read = "return document.querySelectorAll('table[aria-label=\"Songs\"] tbody tr')[arguments[0]]?.querySelector('.album-main')?.textContent.trim() ?? ''";
    let text = page.script(read, &[row.into()]).await;
    text.as_str().unwrap_or_default().replace('−', "-").parse().unwrap_or(f64::NAN)
}

/// Drags a row by its handle and lets it go over another.
const DRAG_ROW: &str = "const rows = document.querySelectorAll('table[aria-label=\"Songs\"] tbody tr'), dataTransfer = new DataTransfer();
    const [from, to] = [...arguments].map((row) => rows[row]), handle = from.querySelector('.album-handle');
    const send = (element, type) => element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    send(handle, 'dragstart');
    if (send(to, 'dragover')) throw new Error('the row takes nothing');
    send(to, 'drop');
    send(handle, 'dragend');";

async fn brings_exports_and_takes_back(page: &Page) {
    let (songs, fixtures) = (songs(), Fixtures::new());
    let files: Vec<_> =
        songs.iter().zip(TITLES).map(|(planes, title)| fixtures.wav(&format!("{title}.wav"), RATE_HZ, Depth::Float32, planes)).collect();
    page.click(&[("tab", "Album")]).await;
    page.add_audio(&files).await;
    page.wait("the songs are measured", WORK, async || lufs_in(page, 2).await.is_finite() && lufs_in(page, 0).await.is_finite()).await;
    let anchor = independent(&songs[0], RATE_HZ)[0];
    near(lufs_in(page, 0).await, anchor, 0.06);

    let offset = [("textbox", "Offset of Lanterns")];
    page.keys(&offset, Key::Control + "a").await;
    page.keys(&offset, "-2").await;
    page.keys(&offset, Key::Enter + "").await;
    page.wait("the offset is set", WORK, async || field(page, "Offset", "Lanterns").await == "-2.0").await;
    page.click(&[("button", "Bring to the anchor")]).await;
    page.wait("every song has its loudness", WORK, async || {
        (lufs_in(page, 2).await - anchor).abs() < 0.06 && (lufs_in(page, 1).await - anchor - OFFSET_LU).abs() < 0.06
    })
    .await;
    axe::assert_clean(page, "the album").await;
    page.keys(&[("button", "Move Undertow")], Key::Up + "").await;
    page.wait("the order is another", WORK, async || (lufs_in(page, 2).await - anchor - OFFSET_LU).abs() < 0.06).await;
    page.press(Key::Control + "z").await;
    page.wait("the order is back", WORK, async || (lufs_in(page, 1).await - anchor - OFFSET_LU).abs() < 0.06).await;
    page.script(DRAG_ROW, &[2.into(), 0.into()]).await;
    page.wait("the row is dropped in the other's place", WORK, async || (lufs_in(page, 2).await - anchor - OFFSET_LU).abs() < 0.06).await;
    page.press(Key::Control + "z").await;
    page.wait("and goes back", WORK, async || (lufs_in(page, 1).await - anchor - OFFSET_LU).abs() < 0.06).await;

    page.click(&[("button", "WAV and cue sheet")]).await;
    let wav = Wav::read(&page.download(".wav", WORK).await);
    page.get_within(&[("link", "Download Untitled.cue")], WORK).await;
    let sheet = fs::read_to_string(page.download(".cue", WORK).await).expect("a text");
    assert_eq!((wav.rate_hz, wav.bits, wav.channels, wav.frames() % 588), (RATE_HZ, 16, 2, 0));
    assert!(sheet.contains("FILE \"Untitled.wav\" WAVE") && TITLES.iter().all(|title| sheet.contains(title)), "{sheet}");
    let starts = cuts(&sheet);
    let side = |side: usize, range: std::ops::Range<usize>| -> Vec<f32> { range.map(|frame| wav.samples[2 * frame + side]).collect() };
    assert_eq!(starts.len(), 3);
    for (at, start) in starts.into_iter().enumerate() {
        let range = start..start + songs[at][0].len();
        let [integrated, ..] = independent(&[side(0, range.clone()), side(1, range)], RATE_HZ);
        println!("{} in the file: {integrated:.3} LUFS, the anchor {anchor:.3}", TITLES[at]);
        near(integrated, anchor + if at == 1 { OFFSET_LU } else { 0.0 }, 0.2);
        let gap = side(0, start.saturating_sub(cd::RATE_HZ as usize)..start);
        assert!(gap.iter().all(|sample| sample.abs() < 4.0 / 32_768.0), "only dither before the cut");
    }
    page.click(&[("button", "Undo")]).await;
    page.wait("one undo takes the gains back", WORK, async || field(page, "Gain", "Undertow").await == "0.0").await;
}

mod an_album_is_brought_to_its_anchor_and_written_with_a_cue_sheet_that_cuts_on_frames {
    #[test]
    fn chromium() {
        super::run(super::Browser::Chromium, "album-chromium", async |page| super::brings_exports_and_takes_back(page).await);
    }
}
