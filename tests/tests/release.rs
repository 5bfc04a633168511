//! A master before it goes out: what a codec makes of it, against another decoder, and two of its states told apart blind.

use session::blind::BlindTest;
use tests::axe;
use tests::fixtures::{Depth, Fixtures};
use tests::in_both_browsers;
use tests::masters::{analyse, independent, near, programme};
use tests::page::Page;
use tests::sound::WORK;
use tests::wav::Wav;
use thirtyfour::Key;

const RATE_HZ: u32 = 48_000;
const SEED: u32 = 7;
const TRIALS: usize = 10;
/// One wrong answer.
const WRONG: usize = 4;

async fn open_tool(page: &Page, tool: &str) {
    page.click(&[("button", "Tools")]).await;
    page.click(&[("menuitem", tool)]).await;
    page.get(&[("dialog", tool)]).await;
}

async fn said(page: &Page) -> String {
    let text = page.script("return document.querySelector('.assist-foot [role=status]')?.textContent ?? ''", &[]).await;
    text.as_str().unwrap_or_default().to_owned()
}

/// The peaks that the check says: of the master, and after decoding.
async fn peaks(page: &Page) -> [f64; 2] {
    let said = said(page).await.replace('−', "-");
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [before, after, ..] = numbers[..] else { panic!("no peaks in {said:?}") };
    [before, after]
}

async fn is_pressed(page: &Page, button: &str) -> bool {
    page.attribute(&[("button", button)], "aria-pressed").await == "true"
}

in_both_browsers!(a_master_is_checked_behind_a_codec_and_told_from_its_mix_blind, async |page: &Page| {
    page.open_with(&format!("blind-seed={SEED}")).await;
    let planes = programme(5, RATE_HZ, 4);
    let largest = planes.iter().flatten().fold(0.0f32, |most, sample| most.max(sample.abs()));
    let planes = planes.map(|plane| plane.into_iter().map(|sample| 0.94 * sample / largest).collect::<Vec<_>>());
    let fixtures = Fixtures::new();
    let file = fixtures.wav("Paper boats.wav", RATE_HZ, Depth::Float32, &planes);
    page.click(&[("tab", "Master")]).await;
    page.add_audio(&[file]).await;
    page.get_within(&[("button", "Add insert")], WORK).await;

    open_tool(page, "Release check").await;
    let check = [("button", "Check the master")];
    page.wait("the browser has a codec", WORK, async || page.attribute(&check, "disabled").await.is_empty()).await;
    page.click(&check).await;
    page.wait("the master is checked", WORK, async || said(page).await.starts_with("True peak")).await;
    axe::assert_clean(page, "release check").await;
    let [before, after] = peaks(page).await;
    near(before, analyse(&planes, RATE_HZ, 10_000).true_peak_dbtp, 0.02);

    page.click(&[("button", "Save the encoded file")]).await;
    let coded = page.download(".opus", WORK).await;
    std::fs::copy(&coded, fixtures.path("coded.opus")).expect("a copy");
    let decoded = Wav::read(&fixtures.converted("coded.opus", "decoded.wav", &["-c:a", "pcm_f32le"]));
    let side = |side: usize| decoded.samples.iter().skip(side).step_by(2).copied().collect::<Vec<_>>();
    let planes_elsewhere = [side(0), side(1)];
    let elsewhere = analyse(&planes_elsewhere, decoded.rate_hz, 10_000).true_peak_dbtp;
    let meter_elsewhere = independent(&planes_elsewhere, decoded.rate_hz)[2];
    println!("True peak {before} before, {after} after; by another decoder {elsewhere:.3}, by another meter too {meter_elsewhere:.3}.");
    near(after, elsewhere, 0.1);
    // Both meters interpolate fourfold, by filters of their own.
    near(after, meter_elsewhere, 0.2);
    assert_eq!(side(0).len(), planes[0].len(), "the file ends with the song");

    for part in ["Decoded", "What the codec changes"] {
        page.click(&[("button", part)]).await;
        page.wait("it is heard", WORK, async || is_pressed(page, part).await).await;
    }
    page.script("document.querySelector('.assist-foot .is-primary').click()", &[]).await;
    page.wait("the ceiling is set", WORK, async || said(page).await.starts_with("The ceiling is set")).await;
    page.click(&[("dialog", "Release check"), ("button", "Close")]).await;
    page.get(&[("button", "Limiter on")]).await;

    open_tool(page, "Blind test").await;
    page.choose(&[("combobox", "Length of the test")], "10 trials").await;
    page.click(&[("button", "Prepare the test")]).await;
    page.wait("both are rendered", WORK, async || said(page).await == "Trial 1 of 10.").await;
    page.press("x").await;
    page.wait("X is heard", WORK, async || is_pressed(page, "Hear X").await).await;
    axe::assert_clean(page, "blind test").await;
    let mut test = BlindTest::new(u64::from(SEED), TRIALS);
    for trial in 0..TRIALS {
        page.wait("the trial is there", WORK, async || said(page).await == format!("Trial {} of 10.", trial + 1)).await;
        let answer = if trial == WRONG { 1 - test.x() } else { test.x() };
        test.answer(answer);
        page.press(["1", "2"][answer]).await;
    }
    let score = test.score().expect("the end").sentence();
    page.wait("the score is shown", WORK, async || said(page).await == score).await;
    assert!(score.starts_with("9 of 10 right."), "{score}");
    page.press(Key::Escape + "").await;
    page.gone(&[("dialog", "Blind test")]).await;
    page.click(&[("button", "Undo")]).await;
    page.gone(&[("button", "Limiter on")]).await;
});
