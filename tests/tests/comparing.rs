//! What the Master room compares: a step and the whole chain against what goes into them, versions of the chain, other devices, places that
//! play the song, and what vanishes in mono.

use tests::fixtures::{Depth, Fixtures};
use tests::in_both_browsers;
use tests::masters::{independent, near, programme};
use tests::page::Page;
use tests::sound::WORK;

/// The decibels that stand in a text, with a true or a plain minus.
fn decibels(text: &str) -> f64 {
    let number: String = text.replace('−', "-").chars().filter(|c| c.is_ascii_digit() || "-.".contains(*c)).collect();
    number.parse().unwrap_or(f64::NAN)
}

/// A song whose sides oppose each other above a few kilohertz, in the Master room.
async fn song(page: &Page) -> [Vec<f32>; 2] {
    let mut planes = programme(41, 48_000, 8);
    let opposed: Vec<f32> =
        (0..planes[0].len()).map(|at| 0.08 * (std::f64::consts::TAU * 6_300.0 / 48_000.0 * at as f64).sin() as f32).collect();
    for (side, sign) in planes.iter_mut().zip([1.0, -1.0]) {
        side.iter_mut().zip(&opposed).for_each(|(sample, opposed)| *sample += sign * opposed);
    }
    let fixtures = Fixtures::new();
    let file = fixtures.wav("Paper boats.wav", 48_000, Depth::Float32, &planes);
    page.click(&[("tab", "Master")]).await;
    page.add_audio(&[file]).await;
    page.get_within(&[("button", "Add insert")], WORK).await;
    planes
}

in_both_browsers!(a_step_and_the_chain_are_compared_at_one_loudness_and_the_match_is_shown, async |page: &Page| {
    song(page).await;
    page.choose(&[("combobox", "Chain preset")], "Clean — An equalizer that does nothing yet and a limiter for the peaks.").await;
    page.get(&[("button", "Limiter on")]).await;
    page.click(&[("button", "EQ")]).await;
    page.type_value(&[("region", "EQ on Master"), ("slider", "Output")], "-6").await;
    page.click(&[("button", "Loop")]).await;
    page.click(&[("button", "Play")]).await;
    let group = [("group", "Compare with its input")];
    page.wait("the step is measured", WORK, async || (decibels(&page.text(&group).await) + 6.0).abs() < 0.11).await;
    let chain = [("group", "Compare the chain")];
    page.wait("the chain is measured", WORK, async || (decibels(&page.text(&chain).await) + 6.0).abs() < 0.3).await;

    let without = [("button", "Hear without it")];
    page.click(&without).await;
    assert_eq!(page.attribute(&without, "aria-pressed").await, "true");
    let bypass = [("region", "EQ on Master"), ("switch", "Bypass")];
    assert_eq!(page.attribute(&bypass, "aria-checked").await, "false", "the session's own bypass stays off");
    page.click(&without).await;
    page.press("o").await;
    page.wait("the song before its chain is heard", WORK, async || {
        page.attribute(&[("button", "Without the chain")], "aria-pressed").await == "true"
    })
    .await;
    page.press("o").await;

    page.click(&[("button", "Version B")]).await;
    page.wait("B begins as a copy", WORK, async || page.attribute(&[("button", "Version B")], "aria-pressed").await == "true").await;
    page.get(&[("button", "Limiter on")]).await;
    page.choose(&[("combobox", "Chain preset")], "Vinyl — Mono lows, sibilants held, no limiting.").await;
    page.gone(&[("button", "Limiter on")]).await;
    page.press("n").await;
    page.get(&[("button", "Limiter on")]).await;
    assert_eq!(page.attribute(&[("button", "Version A")], "aria-pressed").await, "true", "a key leads back to A");
});

in_both_browsers!(a_place_s_gain_is_heard_and_said_and_what_vanishes_in_mono_is_listed, async |page: &Page| {
    let planes = song(page).await;
    let [integrated, ..] = independent(&planes, 48_000);
    let lost = "return document.querySelector('table[aria-label=\"Lost in mono\"]')?.textContent ?? ''";
    page.wait("the file is measured", WORK, async || page.script(lost, &[]).await.as_str().is_some_and(|text| text.contains("6.3 kHz")))
        .await;
    page.choose(&[("combobox", "As played by")], "YouTube").await;
    let said = || async {
        page.script("return document.querySelector('.listen-said').textContent", &[]).await.as_str().unwrap_or_default().to_owned()
    };
    page.wait("it is said", WORK, async || said().await.contains("LUFS")).await;
    let text = said().await;
    let gain = (-14.0 - integrated).min(0.0);
    if gain < -0.05 {
        assert!(text.starts_with("turned down"), "{text}");
        near(decibels(text.split(" dB").next().unwrap_or_default()), -gain, 0.11);
    } else {
        assert!(text.starts_with("0.0 dB"), "{text}");
    }
    page.get(&[("group", "Loudest moments"), ("button", "*")]).await;
});
