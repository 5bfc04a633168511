//! How long the Master room takes with a song of four minutes: to know it, to bring it to a loudness, and to deliver it at another rate with a
//! whole chain.

use std::time::Instant;

use serde_json::json;
use tests::fixtures::{Depth, Fixtures};
use tests::masters::programme;
use tests::page::Page;
use tests::sound::WORK;

use crate::figure::Figure;
use crate::on_page;

const RATE_HZ: u32 = 48_000;
const SECONDS: u32 = 240;
/// The chain with the most steps.
const CHAIN: &str = "Loud — The clipper takes the shortest peaks, so that the limiter has less to do.";

/// Seconds until the integrated loudness of a column stands in the table of the whole song and is what is wanted.
async fn until(page: &Page, column: usize, wanted: &str) -> f64 {
    let began = Instant::now();
    let find = "const [column, wanted] = arguments;
        const cell = document.querySelector('table[aria-label=\"Whole song\"] tbody tr')?.querySelectorAll('td')[column];
        const text = cell?.textContent ?? '–';
        return wanted ? text === wanted : text !== '–'";
    let is_there = async || page.script(find, &[json!(column), json!(wanted)]).await == true;
    page.wait("the song is measured", WORK, is_there).await;
    began.elapsed().as_secs_f64()
}

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let planes = programme(11, RATE_HZ, SECONDS);
    on_page(async |page, _| {
        let fixtures = Fixtures::new();
        let file = fixtures.wav("Four minutes.wav", RATE_HZ, Depth::Int24, &planes);
        page.click(&[("tab", "Master")]).await;
        page.add_audio(&[file]).await;
        page.get_within(&[("button", "Add insert")], WORK).await;
        let analysis = until(page, 0, "").await;
        page.choose(&[("combobox", "Destination")], "Spotify").await;
        page.click(&[("button", "Reach the target")]).await;
        let reached = until(page, 1, "−14.0").await;
        page.choose(&[("combobox", "Chain preset")], CHAIN).await;
        page.click(&[("button", "Export")]).await;
        page.choose(&[("dialog", "Export"), ("combobox", "Sample rate")], "96 kHz").await;
        let began = Instant::now();
        page.click(&[("dialog", "Export"), ("button", "Start export")]).await;
        page.download(".wav", WORK).await;
        let exported = began.elapsed().as_secs_f64();
        vec![
            Figure::new("Analysis of a song of 4 minutes", "s", [analysis], "under 4"),
            Figure::new("Reach the target, a song of 4 minutes", "s", [reached], "under 15"),
            Figure::new("Export at 96 kHz, 4 minutes with a chain of four", "s", [exported], ""),
        ]
    })
}
