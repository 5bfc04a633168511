//! Memory and speed of a song of 24 stereo tracks, of 5 and of 30 minutes, laid out from a few short files.

use std::time::{Duration, Instant};

use tests::crowd::Crowd;
use tests::page::Page;
use tests::sound::WORK;

use crate::figure::Figure;
use crate::playing::open;
use crate::{in_browser, pss};

const RATE_HZ: u32 = 44_100;
const TRACKS: usize = 24;
/// How long the song is played.
const PLAYED: Duration = Duration::from_secs(10);
const PERIOD: Duration = Duration::from_millis(500);
/// The longest song's export, on a machine that does other things.
const EXPORT: Duration = Duration::from_secs(900);

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    [5, 30].into_iter().flat_map(of_song).chain([demo()]).collect()
}

fn of_song(minutes: u32) -> Vec<Figure> {
    in_browser(async |page, session| {
        let profile = session.downloads().with_file_name("profile");
        let used = || pss::of_browser(&profile);
        tokio::time::sleep(Duration::from_secs(2)).await;
        let blank = used();
        page.open().await;
        open(page, Crowd { rate_hz: RATE_HZ, tracks: TRACKS, seconds: 60 * minutes, chain: &["equalizer", "compressor"] }).await;
        page.click(&[("button", "Play")]).await;
        let mut playing: Vec<f64> = Vec::new();
        let start = Instant::now();
        while start.elapsed() < PLAYED {
            tokio::time::sleep(PERIOD).await;
            playing.push(used() - blank);
        }
        page.click(&[("button", "Stop")]).await;
        let mut exporting: Vec<f64> = Vec::new();
        let seconds = export(page, || exporting.push(used() - blank)).await;
        let most = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
        let what = format!("{TRACKS} stereo tracks of {minutes} minutes");
        vec![
            Figure::new(format!("Memory of the blank page, before {what}"), "MB", [blank], ""),
            Figure::new(format!("Memory above it, playing {what}, at most"), "MB", [most(&playing)], "at most 450"),
            Figure::new(format!("Memory above it, exporting {what}, at most"), "MB", [most(&exporting)], "at most 450"),
            Figure::new(format!("Export of {what}, times real time"), "x", [f64::from(60 * minutes) / seconds], ""),
        ]
    })
}

/// Exports in 24 bits; gives how long it took.
async fn export(page: &Page, mut each_period: impl FnMut()) -> f64 {
    page.click(&[("button", "Export")]).await;
    page.click(&[("dialog", "Export"), ("button", "Start export")]).await;
    let start = Instant::now();
    while !page.has(&[("dialog", "Export"), ("link", "*")]).await {
        assert!(start.elapsed() < EXPORT, "the export did not end");
        tokio::time::sleep(PERIOD).await;
        each_period();
    }
    start.elapsed().as_secs_f64()
}

fn demo() -> Figure {
    let speed = crate::on_page(async |page, _| {
        page.click(&[("button", "Open demo song")]).await;
        page.get_within(&[("group", "Master")], WORK).await;
        let length = "return [...document.querySelectorAll('dialog .export-list .n')].map((line) => line.textContent)[0] ?? ''";
        let seconds = export(page, || ()).await;
        let text = page.script(length, &[]).await;
        let (minutes, rest) = text.as_str().and_then(|text| text.split(',').next()?.split_once(':')).unwrap_or(("0", "0"));
        let song = 60.0 * minutes.trim().parse::<f64>().unwrap_or(0.0) + rest.trim().parse::<f64>().unwrap_or(0.0);
        song / seconds
    });
    Figure::new("Export of the demo song with its mix, times real time", "x", [speed], "")
}
