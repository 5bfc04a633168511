//! The tools that measure and propose, from their menu to the edit, the new measurement, and back.

use std::time::Duration;

use tests::fixtures::{Depth, Fixtures, noise};
use tests::page::{Page, Route};
use tests::{axe, in_both_browsers};

/// Importing and rendering two seconds of audio on a busy machine.
const WORK: Duration = Duration::from_secs(120);
const CHAIN: Route = &[("group", "Voice"), ("button", "Equalizer")];

async fn open_tool(page: &Page, tool: &str) {
    page.click(&[("button", "Tools")]).await;
    page.click(&[("menuitem", tool)]).await;
    page.get(&[("dialog", tool)]).await;
}

async fn said(page: &Page) -> String {
    let text = page.script("return document.querySelector('.assist-foot [role=status]')?.textContent ?? ''", &[]).await;
    text.as_str().unwrap_or_default().to_owned()
}

/// The path says what was measured, leads to the tool, and goes with one press.
async fn follow_the_path(page: &Page) {
    page.click(&[("button", "Tools")]).await;
    page.click(&[("menuitem", "Path for beginners")]).await;
    let said = async || page.script("return document.querySelector('.path-said')?.textContent ?? ''", &[]).await;
    page.wait("the path tells what was measured", WORK, async || {
        said().await.as_str().is_some_and(|text| text.contains("of 2 tracks peak"))
    })
    .await;
    axe::assert_clean(page, "path").await;
    page.script("document.querySelector('.path-open').click()", &[]).await;
    page.get(&[("dialog", "Gain staging")]).await;
    page.click(&[("dialog", "Gain staging"), ("button", "Close")]).await;
    page.click(&[("button", "Hide the path")]).await;
    page.wait("the path is gone", WORK, async || page.script("return !document.querySelector('.path')", &[]).await == true).await;
}

in_both_browsers!(a_cut_against_masking_is_proposed_applied_measured_and_undone, async |page: &Page| {
    let fixtures = Fixtures::new();
    let at = |gain: f32, seed| noise(seed, 96_000).into_iter().map(|sample| gain * sample).collect::<Vec<_>>();
    // The first track is the one that matters, and guitars stand before voices.
    let voice = fixtures.wav("Voice.wav", 48_000, Depth::Int24, &[at(0.4, 1)]);
    let guitar = fixtures.wav("Guitar.wav", 48_000, Depth::Int24, &[at(0.1, 2)]);
    page.add_audio(&[voice, guitar]).await;
    page.get_within(&[("group", "Guitar")], WORK).await;
    page.wait("the files are read", WORK, async || !page.has(&[("progressbar", "*")]).await).await;
    open_tool(page, "Gain staging").await;
    page.wait("the song is measured", WORK, async || said(page).await.contains("of 2 tracks")).await;
    axe::assert_clean(page, "gain staging").await;
    page.click(&[("dialog", "Gain staging"), ("button", "Close")]).await;
    follow_the_path(page).await;
    open_tool(page, "What stands out").await;
    page.wait("white noise stands out in the highs", WORK, async || {
        page.script("return !!document.querySelector('.assist-fault')", &[]).await == true
    })
    .await;
    axe::assert_clean(page, "what stands out").await;
    page.click(&[("dialog", "What stands out"), ("button", "Close")]).await;
    open_tool(page, "Masking").await;
    let apply = "return document.querySelector('.assist-offer button')?.textContent ?? ''";
    page.wait("a cut is proposed", WORK, async || page.script(apply, &[]).await == "Apply").await;
    axe::assert_clean(page, "masking").await;
    page.script("document.querySelector('.assist-offer button').click()", &[]).await;
    page.wait("what it gained is measured", WORK, async || said(page).await.starts_with("Measured after the cut")).await;
    page.click(&[("dialog", "Masking"), ("button", "Close")]).await;
    page.wait("the cut is in the chain", WORK, async || page.has(CHAIN).await).await;
    page.click(&[("button", "Undo")]).await;
    page.wait("one undo takes it back", WORK, async || !page.has(CHAIN).await).await;
});
