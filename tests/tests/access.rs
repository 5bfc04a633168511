//! Open to everyone: axe finds nothing in any room, and a keyboard alone goes all the way from stems to a file.

use std::path::PathBuf;
use std::time::Duration;

use tests::fixtures::{Depth, Fixtures, noise, sine};
use tests::masters::{independent, near};
use tests::page::{Page, Route};
use tests::wav::Wav;
use tests::{axe, in_both_browsers};
use thirtyfour::Key;

/// Importing and rendering a few seconds of audio on a busy machine.
const WORK: Duration = Duration::from_secs(120);
const KICK_VOLUME: Route = &[("group", "Kick"), ("slider", "Volume")];
const KICK_PAN: Route = &[("group", "Kick"), ("slider", "Pan")];
/// A chain of several steps, as the combobox says it.
const LOUD: &str = "Loud — The clipper takes the shortest peaks, so that the limiter has less to do.";
const PAD_MUTE: Route = &[("group", "Pad"), ("button", "Mute")];

fn two_stems(fixtures: &Fixtures) -> Vec<PathBuf> {
    let kick = fixtures.wav("Kick.wav", 48_000, Depth::Int24, &[sine(60.0, 48_000, 96_000)]);
    let pad = fixtures.wav("Pad.wav", 48_000, Depth::Int16, &[noise(1, 96_000), noise(2, 96_000)]);
    vec![kick, pad]
}

in_both_browsers!(axe_finds_nothing_in_the_mix_and_the_export_dialog, async |page: &Page| {
    let fixtures = Fixtures::new();
    page.bring_in(&two_stems(&fixtures), &[("group", "Kick")]).await;
    axe::assert_clean(page, "the mix").await;
    page.click(&[("button", "Automation of Kick")]).await;
    axe::assert_clean(page, "a lane").await;
    page.add_insert("Kick", "Equalizer").await;
    page.add_insert("Kick", "Compressor").await;
    axe::assert_clean(page, "the editors").await;
    page.click(&[("button", "Export")]).await;
    page.get(&[("dialog", "Export")]).await;
    axe::assert_clean(page, "the export dialog").await;
});

in_both_browsers!(axe_finds_nothing_in_the_master_room, async |page: &Page| {
    let fixtures = Fixtures::new();
    let song = fixtures.wav("Song.wav", 48_000, Depth::Int16, &[noise(1, 96_000), noise(2, 96_000)]);
    page.click(&[("tab", "Master")]).await;
    page.bring_in(&[song], &[("meter", "Integrated loudness")]).await;
    axe::assert_clean(page, "the master room").await;
    // Everything that opens in it: a reference, a chain with its editors, a target of one's own, what was written, the light theme.
    let reference = fixtures.wav("Reference.wav", 48_000, Depth::Int16, &[noise(3, 96_000), noise(4, 96_000)]);
    page.give_files("Add reference", &[reference]).await;
    page.choose(&[("combobox", "Chain preset")], LOUD).await;
    for (step, editor) in [("Multiband compressor", "Multiband compressor on Master"), ("Limiter", "Limiter on Master")] {
        page.click(&[("list", "Inserts"), ("button", step)]).await;
        page.get(&[("region", editor)]).await;
    }
    page.choose(&[("combobox", "Destination")], "Own").await;
    page.get_within(&[("heading", "Against")], WORK).await;
    axe::assert_clean(page, "the master room with its editors").await;
    page.click(&[("button", "Export")]).await;
    page.click(&[("dialog", "Export"), ("button", "Start export")]).await;
    page.get_within(&[("dialog", "Export"), ("link", "*")], WORK).await;
    page.get_within(&[("dialog", "Export"), ("button", "Start export")], WORK).await;
    axe::assert_clean(page, "a master that was written").await;
    page.click(&[("dialog", "Export"), ("button", "Close")]).await;
    // The first theme is the system's.
    let is_dark = page.has(&[("button", "Light theme")]).await;
    let (other, first) = if is_dark { ("Light theme", "Dark theme") } else { ("Dark theme", "Light theme") };
    page.click(&[("button", other)]).await;
    page.get(&[("button", first)]).await;
    axe::assert_clean(page, "the master room in the other theme").await;
});

async fn is_pressed(page: &Page, route: Route<'_>) -> bool {
    page.attribute(route, "aria-pressed").await == "true"
}

in_both_browsers!(a_keyboard_alone_mixes_and_exports, async |page: &Page| {
    let fixtures = Fixtures::new();
    // What the button opens is the system's own chooser, which a test cannot see: the files are given to it instead.
    page.tab_to(&[("button", "Choose stems")]).await;
    page.bring_in(&two_stems(&fixtures), &[("group", "Kick")]).await;
    page.press(" ").await;
    page.get(&[("button", "Stop")]).await;
    page.wait("the level of Kick rises", WORK, async || page.value(&[("group", "Kick"), ("meter", "Level")]).await > -40.0).await;
    page.press(" ").await;
    page.get(&[("button", "Play")]).await;

    page.set_by_keys(KICK_VOLUME, "-6").await;
    page.tab_to(KICK_PAN).await;
    page.press(Key::Home + "").await;
    page.tab_to(&[("group", "Pad"), ("button", "Solo")]).await;
    page.press(" ").await;
    page.tab_to(PAD_MUTE).await;
    page.press(" ").await;
    page.insert_by_keys("Kick", "Equalizer").await;
    page.set_by_keys(&[("region", "Equalizer on Kick"), ("slider", "Band 3 gain")], "-4").await;
    page.insert_by_keys("Kick", "Compressor").await;
    page.set_by_keys(&[("region", "Compressor on Kick"), ("slider", "Threshold")], "-24").await;
    page.insert_by_keys("Master", "Limiter").await;
    page.set_by_keys(&[("region", "Limiter on Master"), ("slider", "Ceiling")], "-2").await;
    page.press("l").await;

    assert_eq!((page.value(KICK_VOLUME).await, page.value(KICK_PAN).await), (-6.0, -100.0));
    assert!(is_pressed(page, PAD_MUTE).await && is_pressed(page, &[("button", "Loop")]).await);
    for _ in 0..3 {
        page.press(Key::Control + "z").await;
    }
    assert!(!is_pressed(page, &[("button", "Loop")]).await, "the loop was the last thing");
    for _ in 0..3 {
        page.press(Key::Control + "y").await;
    }
    page.wait("the limiter is back", WORK, async || page.has(&[("group", "Master"), ("button", "Limiter")]).await).await;
    page.press(Key::Control + "s").await;
    assert!(page.download(".headroom", WORK).await.metadata().is_ok_and(|data| data.len() > 0));

    let wav = Wav::read(&page.export_by_keys("32").await);
    assert_eq!((wav.bits, wav.channels), (32, 2));
    assert!(wav.peak() > 0.01 && wav.peak() <= 10f32.powf(-2.0 / 20.0), "peak {}", wav.peak());
});

in_both_browsers!(a_keyboard_alone_masters_and_exports, async |page: &Page| {
    let fixtures = Fixtures::new();
    // At half of full scale: louder noise could only be had with damage.
    let half = |seed| noise(seed, 96_000).iter().map(|sample| 0.5 * sample).collect::<Vec<f32>>();
    let song = fixtures.wav("Song.wav", 48_000, Depth::Int24, &[half(5), half(6)]);
    page.tab_to(&[("tab", "Mix")]).await;
    page.press(Key::Right + "").await;
    page.bring_in(&[song], &[("meter", "Integrated loudness")]).await;
    page.tab_to(&[("button", "Add insert")]).await;
    page.press(Key::Enter + "").await;
    page.press_until(Key::Down, &[("menuitem", "Limiter")]).await;
    page.press(Key::Enter + "").await;
    let ceiling: Route = &[("region", "Limiter on Master"), ("slider", "Ceiling")];
    page.set_by_keys(ceiling, "-3").await;
    assert_eq!(page.value(ceiling).await, -3.0);
    // The destination is found by the first letters of its name.
    page.tab_to(&[("combobox", "Destination")]).await;
    page.press("Ap").await;
    page.tab_to(&[("button", "Reach the target")]).await;
    page.press(Key::Enter + "").await;
    let integrated =
        "return document.querySelector('table[aria-label=\"Whole song\"] tbody tr')?.querySelectorAll('td')[1]?.textContent ?? ''";
    page.wait("the target is reached", WORK, async || page.script(integrated, &[]).await == "−16.0").await;
    let wav = Wav::read(&page.export_by_keys("24").await);
    assert_eq!((wav.bits, wav.channels), (24, 2));
    let side = |side: usize| wav.samples.iter().skip(side).step_by(2).copied().collect::<Vec<f32>>();
    let [lufs, _, peak_dbtp] = independent(&[side(0), side(1)], wav.rate_hz);
    near(lufs, -16.0, 0.1);
    assert!(peak_dbtp <= -1.0, "{peak_dbtp} dBTP");
});
