//! Strips and clips chosen together, and their context menus, by keys alone; every step is looked for in the samples of the export. And what only
//! concerns listening is in none of them.

use std::path::PathBuf;

use tests::browser::{Browser, run};
use tests::fixtures::{Depth, Fixtures, noise};
use tests::page::{Page, Route};
use tests::sound::WORK;
use tests::wav::Wav;
use thirtyfour::Key;

const RATE_HZ: u32 = 48_000;
const FRAMES: usize = RATE_HZ as usize;
/// Sums in floats, in another order.
const TOLERANCE: f64 = 2e-6;
const NAMES: [&str; 3] = ["Kick", "Pad", "Lead"];
const KICK: Route = &[("group", "Kick"), ("slider", "Volume")];
const PAD: Route = &[("group", "Pad"), ("slider", "Volume")];

/// Three mono tracks of noise, left and right alike unless they are panned.
async fn bring_in(page: &Page, fixtures: &Fixtures) -> [Vec<f32>; 3] {
    let signals = [1, 2, 3].map(|seed| noise(seed, FRAMES).into_iter().map(|sample| 0.2 * sample).collect::<Vec<f32>>());
    let file = |at: usize| fixtures.wav(&format!("{}.wav", NAMES[at]), RATE_HZ, Depth::Float32, std::slice::from_ref(&signals[at]));
    page.bring_in(&[file(0), file(1), file(2)], &[("group", "Lead")]).await;
    signals
}

fn samples(path: PathBuf) -> Vec<f32> {
    let samples = Wav::read(&path).samples;
    std::fs::remove_file(path).expect("the download can be removed");
    samples
}

/// Fails unless the left side is the sum of the signals with these gains.
async fn is_mix(page: &Page, signals: &[Vec<f32>; 3], gains: [f64; 3]) {
    let out = samples(page.export_by_keys("32").await);
    for frame in 0..FRAMES {
        let expected: f64 = signals.iter().zip(gains).map(|(signal, gain)| gain * f64::from(signal[frame])).sum();
        let found = f64::from(out[2 * frame]);
        assert!((found - expected).abs() < TOLERANCE, "frame {frame}: {found} and not {expected}");
    }
}

/// What the browser makes of its menu key, which WebDriver does not press.
const MENU_KEY: &str = "const focused = document.activeElement, box = focused.getBoundingClientRect();
    focused.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }));";

/// Opens the menu of what has the focus and chooses a line.
async fn choose_of_focused(page: &Page, line: &str) {
    page.script(MENU_KEY, &[]).await;
    page.press_until(Key::Down, &[("menuitem", line)]).await;
    page.press(Key::Enter + "").await;
    page.gone(&[("menuitem", line)]).await;
}

fn gain(db: f64) -> f64 {
    10f64.powf(db / 20.0)
}

#[test]
fn chromium_strips_are_chosen_together_and_their_menus_are_opened_by_keys_alone() {
    run(Browser::Chromium, "chosen", async |page: &Page| {
        let fixtures = Fixtures::new();
        let signals = bring_in(page, &fixtures).await;
        page.press_by_keys(&[("button", "Select Kick")], Key::Enter).await;
        page.tab_to(&[("button", "Select Pad")]).await;
        page.press(Key::Control + Key::Enter).await;
        page.set_by_keys(KICK, "-6").await;
        page.wait("both go down", WORK, async || page.value(PAD).await == -6.0).await;
        is_mix(page, &signals, [gain(-6.0), gain(-6.0), 1.0]).await;

        let name: Route = &[("group", "Lead"), ("textbox", "Name")];
        page.tab_to(name).await;
        choose_of_focused(page, "Mute").await;
        assert!(page.has_focus(name).await, "the focus comes back");
        // A text box keeps its keys until it is left.
        page.press(Key::Escape + "").await;
        is_mix(page, &signals, [gain(-6.0), gain(-6.0), 0.0]).await;

        page.insert_by_keys("Kick", "Utility").await;
        page.set_by_keys(&[("region", "Utility on Kick"), ("slider", "Gain")], "-12").await;
        is_mix(page, &signals, [gain(-18.0), gain(-6.0), 0.0]).await;
        page.tab_to(&[("group", "Kick"), ("button", "Utility")]).await;
        choose_of_focused(page, "Bypass").await;
        is_mix(page, &signals, [gain(-6.0), gain(-6.0), 0.0]).await;
    });
}

#[test]
fn chromium_clips_are_chosen_together_by_keys_alone() {
    run(Browser::Chromium, "chosen-clips", async |page: &Page| {
        let fixtures = Fixtures::new();
        let signals = bring_in(page, &fixtures).await;
        let clip = |name: &'static str| -> [(&str, &str); 2] { [("list", name), ("button", "*")] };
        // Tracks stand in the order of their instruments.
        let [kick, lead, pad] = ["Kick clips", "Lead clips", "Pad clips"].map(clip);
        let are_chosen = async |expected: [bool; 3]| {
            for (clip, expected) in [&kick, &lead, &pad].into_iter().zip(expected) {
                assert_eq!(page.attribute(clip, "aria-pressed").await == "true", expected, "{}", clip[0].1);
            }
        };
        page.tab_to(&kick).await;
        for (key, chosen) in [(Key::Down, [true, true, false]), (Key::Down, [true; 3]), (Key::Up, [true, true, false])] {
            page.press(Key::Shift + key).await;
            are_chosen(chosen).await;
        }
        assert!(page.has_focus(&lead).await);
        page.press(Key::Delete + "").await;
        is_mix(page, &signals, [0.0, 1.0, 0.0]).await;
        page.press(Key::Control + "z").await;
        page.tab_to(&kick).await;
        page.press(Key::Down + "").await;
        are_chosen([false, true, false]).await;
        page.press(Key::Delete + "").await;
        is_mix(page, &signals, [1.0, 1.0, 0.0]).await;
    });
}

#[test]
fn chromium_what_only_concerns_listening_changes_no_bit_of_an_export() {
    run(Browser::Chromium, "listening", async |page: &Page| {
        let fixtures = Fixtures::new();
        bring_in(page, &fixtures).await;
        page.type_value(&[("group", "Kick"), ("slider", "Pan")], "-40").await;
        let bits = |path: PathBuf| samples(path).into_iter().map(f32::to_bits).collect::<Vec<_>>();
        let plain = bits(page.export("32 bit float", "None").await);
        assert!(plain.chunks(2).any(|frame| frame[0] != frame[1]), "both sides differ, so that they can be told apart");
        for switch in ["Dim", "Mono", "Swap"] {
            page.click(&[("group", "Master"), ("button", switch)]).await;
            assert!(bits(page.export("32 bit float", "None").await) == plain, "{switch}");
        }
        for part in ["Mid", "Side", "Left", "Right"] {
            page.choose(&[("group", "Master"), ("combobox", "Listen to")], part).await;
            assert!(bits(page.export("32 bit float", "None").await) == plain, "{part}");
        }
        page.click(&[("group", "Pad"), ("button", "Solo")]).await;
        assert!(bits(page.export("32 bit float", "None").await) == plain, "solo");
    });
}
