//! Whether the browser keeps up: 32 stereo tracks with an equalizer and a compressor each, for a minute.

use tests::crowd::Crowd;
use tests::example::{keep, write_archive};
use tests::page::Page;
use tests::sound::WORK;
use tests::temporary::TemporaryFolder;

use crate::figure::Figure;
use crate::on_page;

const RATE_HZ: u32 = 44_100;
const SECONDS: u32 = 60;

/// Opens a crowd in the page and starts audio.
pub async fn open(page: &Page, crowd: Crowd<'_>) {
    let (session, _, samples) = crowd.make();
    let (session, mut store) = keep(&session, &samples);
    let folder = TemporaryFolder::new("bench");
    let archive = folder.path().join("Crowd.headroom");
    write_archive(&session, &mut store, &archive);
    page.open_session(&archive).await;
    page.start_audio().await;
}

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    on_page(async |page, _| {
        open(page, Crowd { rate_hz: RATE_HZ, tracks: 32, seconds: SECONDS + 5, chain: &["equalizer", "compressor"] }).await;
        page.start_tap(1).await;
        let before = page.diagnostic("underruns").await;
        page.click(&[("button", "Play")]).await;
        let played = async || page.script("return document.querySelector('[aria-label=Position]').textContent", &[]).await;
        page.wait("a minute is played", WORK, async || played().await.as_str().is_some_and(|text| text.contains("1:00."))).await;
        let underruns = page.diagnostic("underruns").await - before;
        let starved = page.diagnostic("starved").await;
        vec![
            Figure::new("Underruns in 60 s, 32 stereo tracks with equalizer and compressor", "", [underruns], "0"),
            Figure::new("Waits for the feeder in the same minute", "", [starved], "0"),
        ]
    })
}
