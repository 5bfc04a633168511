//! The master's tools that render: the assistant, a step of it heard alone before and behind Apply, and Match tone towards two references; each applied
//! as one step, measured in the written file, and undone.

use session::analysis::Analysis;
use session::assist::matching::{Target, distance_db, spectrum};
use tests::axe;
use tests::fixtures::{Depth, Fixtures};
use tests::in_both_browsers;
use tests::masters::{analyse, independent, near, programme};
use tests::page::{Page, Route};
use tests::sound::WORK;
use tests::wav::Wav;

const RATE_HZ: u32 = 48_000;
const SECONDS: u32 = 4;
const EQUALIZER: Route = &[("button", "Equalizer on")];
const LIMITER: Route = &[("button", "Limiter on")];

type Planes = [Vec<f32>; 2];

/// A programme through a one-pole low-pass, the darker the smaller its share.
fn dark(seed: u32, share: f32) -> Planes {
    programme(seed, RATE_HZ, SECONDS).map(|plane| {
        let mut held = 0.0;
        let filtered = plane.into_iter().map(|sample| {
            held += share * (sample - held);
            0.5 * held
        });
        filtered.collect()
    })
}

async fn open_tool(page: &Page, tool: &str) {
    page.click(&[("button", "Tools")]).await;
    page.click(&[("menuitem", tool)]).await;
    page.get(&[("dialog", tool)]).await;
}

async fn said(page: &Page) -> String {
    let text = page.script("return document.querySelector('.assist-foot [role=status]')?.textContent ?? ''", &[]).await;
    text.as_str().unwrap_or_default().to_owned()
}

async fn written(page: &Page) -> Planes {
    let wav = Wav::read(&page.export("32 bit float", "None").await);
    [0, 1].map(|side| wav.samples.iter().skip(side).step_by(2).copied().collect())
}

async fn bring_in(page: &Page, fixtures: &Fixtures, song: &Planes, references: &[(&str, &Planes)]) {
    let file = fixtures.wav("Song.wav", RATE_HZ, Depth::Float32, song);
    page.click(&[("tab", "Master")]).await;
    page.bring_in(&[file], &[("button", "Add insert")]).await;
    for (name, planes) in references {
        let file = fixtures.wav(name, RATE_HZ, Depth::Float32, *planes);
        page.give_files("Add reference", &[file]).await;
        page.get_within(&[("group", name.trim_end_matches(".wav"))], WORK).await;
    }
}

/// The first step is heard alone until its button is let go.
async fn hear_the_first_step(page: &Page) {
    let find = "const button = [...document.querySelectorAll('.assist button')].find(button => button.ariaLabel?.startsWith('Hear only'));";
    let is_heard = format!("{find} return button?.ariaPressed === 'true'");
    page.script(&format!("{find} button.click()"), &[]).await;
    page.wait("the step is heard alone", WORK, async || {
        page.script(&is_heard, &[]).await == true && page.has(&[("button", "Without the move")]).await
    })
    .await;
    page.script(&format!("{find} button.click()"), &[]).await;
    page.wait("it is heard no more", WORK, async || page.script(&is_heard, &[]).await == false).await;
}

in_both_browsers!(the_assistant_proposes_a_step_is_heard_alone_and_what_is_applied_has_the_target, async |page: &Page| {
    let fixtures = Fixtures::new();
    bring_in(page, &fixtures, &dark(21, 0.05), &[]).await;
    page.choose(&[("combobox", "Destination")], "Spotify").await;
    open_tool(page, "Assistant").await;
    page.click(&[("button", "Measure and propose")]).await;
    page.wait("moves are proposed", WORK, async || said(page).await.contains("from the target")).await;
    axe::assert_clean(page, "the assistant's ledger").await;
    hear_the_first_step(page).await;
    page.click(&[("dialog", "Assistant"), ("button", "Apply")]).await;
    page.wait("the moves are applied", WORK, async || said(page).await.starts_with("The moves are in")).await;
    hear_the_first_step(page).await;
    page.click(&[("dialog", "Assistant"), ("button", "Close")]).await;
    page.get(LIMITER).await;
    let [lufs, _, peak_dbtp] = independent(&written(page).await, RATE_HZ);
    near(lufs, -14.0, 0.1);
    assert!(peak_dbtp <= -0.95, "{peak_dbtp} dBTP");
    page.click(&[("button", "Undo")]).await;
    page.gone(LIMITER).await;
});

in_both_browsers!(a_song_comes_nearer_to_two_weighted_references_in_tone_and_to_their_loudness, async |page: &Page| {
    let fixtures = Fixtures::new();
    let (song, bright, brighter) = (dark(31, 0.05), dark(32, 0.3), dark(33, 0.6));
    bring_in(page, &fixtures, &song, &[("Bright.wav", &bright), ("Brighter.wav", &brighter)]).await;
    open_tool(page, "Match tone").await;
    page.get_within(&[("slider", "Weight of Brighter.wav")], WORK).await;
    page.choose(&[("combobox", "Limit")], "18\u{2009}dB").await;
    page.choose(&[("combobox", "Curve")], "Match filter: three Equalizers").await;
    page.click(&[("switch", "Loudness")]).await;
    let half = "const slider = document.querySelector('[aria-label=\"Weight of Brighter.wav\"]');
        slider.value = 50; slider.dispatchEvent(new Event('input', { bubbles: true }));";
    page.script(half, &[]).await;
    let measure = [("button", "Measure and match")];
    page.wait("the references are measured", WORK, async || page.attribute(&measure, "disabled").await.is_empty()).await;
    page.click(&measure).await;
    page.wait("it is matched", WORK, async || said(page).await.starts_with("The match is")).await;
    axe::assert_clean(page, "match tone").await;
    page.click(&[("dialog", "Match tone"), ("button", "Apply")]).await;
    page.wait("the match is applied", WORK, async || said(page).await.starts_with("The match is in")).await;
    page.click(&[("dialog", "Match tone"), ("button", "Close")]).await;
    page.get(EQUALIZER).await;
    let made = written(page).await;

    let measured = |planes: &Planes| analyse(planes, RATE_HZ, 8_192);
    let [before, after, one, other]: [Analysis; 4] = [&song, &made, &bright, &brighter].map(measured);
    let target = Target::of(&[(&one, 1.0), (&other, 0.5)]).expect("a target");
    let [before_db, after_db] = [&before, &after].map(|song| distance_db(&spectrum(song), &target.critical_db));
    assert!(after_db < 0.3 * before_db, "{before_db} to {after_db} dB");
    near(independent(&made, RATE_HZ)[0], target.integrated_lufs, 0.1);
    page.click(&[("button", "Undo")]).await;
    page.gone(EQUALIZER).await;
});
