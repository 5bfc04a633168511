//! A whole mix by keyboard alone, what the shorter one of `access.rs` leaves out: clips cut, faded and set, automation, sends, groups, chains,
//! two states, freezing, markers and the loop. Each is looked for in the samples of what is exported, and at last the scripted render of the saved
//! session file gives the bits of the page's own export.

use std::path::Path;

use session::model::SampleFormat;
use session::worker::Dither;
use tests::bounce::{Job, bounce};
use tests::browser::{Browser, run};
use tests::fixtures::{Depth, Fixtures, noise};
use tests::page::{Page, Route};
use tests::sound::WORK;
use tests::wav::Wav;
use thirtyfour::Key;

const RATE_HZ: u32 = 48_000;
const SECOND: usize = RATE_HZ as usize;
const FRAMES: usize = 2 * SECOND;
/// −6 dB.
const LOWER: f64 = 0.501_187_233_627_272_3;
/// Sums in floats, in another order.
const TOLERANCE: f64 = 2e-6;

const ADD: Route = &[("button", "Add to the timeline")];
const PLAYHEAD: Route = &[("slider", "Playhead")];
const KICK_VOLUME: Route = &[("group", "Kick"), ("slider", "Volume")];
const POINTS: &str = "return [...document.querySelectorAll('.lane-point')].map((point) => point.getAttribute('aria-label'))";

/// The mix's two tracks.
struct Stems {
    kick: Vec<f32>,
    pad: [Vec<f32>; 2],
}

fn quiet(seed: u32) -> Vec<f32> {
    noise(seed, FRAMES).into_iter().map(|sample| 0.2 * sample).collect()
}

/// What is exported, whole seconds of song first.
async fn exported(page: &Page) -> Vec<f32> {
    let path = page.export_by_keys("32").await;
    let wav = Wav::read(&path);
    remove(&path);
    assert!((wav.bits, wav.channels) == (32, 2) && wav.frames() >= FRAMES);
    wav.samples
}

fn remove(path: &Path) {
    std::fs::remove_file(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Fails unless the left side is the sum of both tracks with gains of their own, where these are known.
#[track_caller]
fn is_mix(out: &[f32], stems: &Stems, gains: impl Fn(usize) -> Option<[f64; 2]>) {
    for frame in 0..FRAMES {
        let Some([kick, pad]) = gains(frame) else { continue };
        let expected = kick * f64::from(stems.kick[frame]) + pad * f64::from(stems.pad[0][frame]);
        let found = f64::from(out[2 * frame]);
        assert!((found - expected).abs() < TOLERANCE, "frame {frame}: {found} and not {expected}");
    }
}

/// The fade at the end of the kick's second half, half a second long, and the gain of that half.
fn clip_gain(frame: usize) -> f64 {
    let fade = (((FRAMES - frame) as f64 - 0.5) / (SECOND / 2) as f64).min(1.0);
    if frame < SECOND { 1.0 } else { LOWER * fade }
}

/// Brings the playhead to so many beats from the start: half a second each.
async fn to_beat(page: &Page, beat: usize) {
    page.tab_to(PLAYHEAD).await;
    page.press(Key::Home + "").await;
    for _ in 0..beat {
        page.press(Key::Right + "").await;
    }
    page.wait("the playhead is there", WORK, async || page.value(PLAYHEAD).await == beat as f64 / 2.0).await;
}

async fn a_clip_is_split_faded_and_set(page: &Page, stems: &Stems) {
    let plain = exported(page).await;
    is_mix(&plain, stems, |_| Some([1.0, 1.0]));
    page.tab_to(&[("button", "Kick clip 1, 0:00 to 0:02")]).await;
    to_beat(page, 2).await;
    page.press("s").await;
    page.get(&[("button", "Kick clip 2, 0:01 to 0:02")]).await;
    assert!(exported(page).await == plain, "a split is not heard");
    page.tab_to(&[("button", "Kick clip 1, 0:00 to 0:01")]).await;
    page.press_until(Key::Right, &[("button", "Kick clip 2, 0:01 to 0:02")]).await;
    page.set_by_keys(&[("slider", "Fade out")], "500").await;
    page.set_by_keys(&[("slider", "Gain")], "-6").await;
    is_mix(&exported(page).await, stems, |frame| Some([clip_gain(frame), 1.0]));
}

async fn points(page: &Page) -> Vec<String> {
    let names = page.script(POINTS, &[]).await;
    names.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

async fn a_fader_is_automated(page: &Page, stems: &Stems) {
    page.press_by_keys(&[("button", "Automation of Kick")], Key::Enter).await;
    for beat in [0, 2] {
        to_beat(page, beat).await;
        page.press_by_keys(&[("button", "Add point")], Key::Enter).await;
        page.wait("the point is there", WORK, async || points(page).await.len() == 1 + beat / 2).await;
    }
    page.tab_to(&[("list", "Kick Volume points"), ("button", "0.0 dB at 0:01.000")]).await;
    for step in 1..=12 {
        page.press(Key::Down + "").await;
        let lower = format!("−{:.1} dB", f64::from(step) / 2.0);
        page.wait("the point goes down and keeps the focus", WORK, async || {
            let focused = "return document.activeElement.classList.contains('lane-point')";
            points(page).await[1].starts_with(&lower) && page.script(focused, &[]).await == true
        })
        .await;
    }
    // Between both points the way is the fader's own.
    let behind = |frame| (frame > SECOND + 1_000).then(|| [LOWER * clip_gain(frame), 1.0]);
    is_mix(&exported(page).await, stems, behind);
    page.press_by_keys(&[("switch", "Read automation")], Key::Space).await;
    is_mix(&exported(page).await, stems, |frame| Some([clip_gain(frame), 1.0]));
}

async fn a_send_and_a_group_carry_it(page: &Page, stems: &Stems) {
    page.choose_by_keys(ADD, "Empty return").await;
    page.get(&[("group", "Return")]).await;
    page.set_by_keys(&[("group", "Kick"), ("slider", "Send to Return")], "-6").await;
    page.press_by_keys(&[("button", "Select Kick")], Key::Enter).await;
    // In a small window the channel comes over the timeline when it is asked for.
    page.press("c").await;
    page.press_by_keys(&[("region", "Channel"), ("switch", "Send to Return before the fader")], Key::Space).await;
    page.press("c").await;
    page.tab_to(KICK_VOLUME).await;
    page.press(Key::Home + "").await;
    page.choose_by_keys(ADD, "Group").await;
    page.set_by_keys(&[("group", "Group 1"), ("slider", "Volume")], "-6").await;
    page.tab_to(&[("group", "Pad"), ("combobox", "Output")]).await;
    page.press("Gr").await;
    is_mix(&exported(page).await, stems, |frame| Some([LOWER * clip_gain(frame), LOWER]));
}

async fn two_states_stay_apart(page: &Page) {
    let first = exported(page).await;
    // A combobox keeps its letters.
    page.tab_to(PLAYHEAD).await;
    page.press(Key::Shift + "B").await;
    page.wait("B is heard", WORK, async || page.attribute(&[("button", "Mix B")], "aria-pressed").await == "true").await;
    page.set_by_keys(&[("group", "Return"), ("slider", "Volume")], "-20").await;
    let second = exported(page).await;
    assert!(second != first);
    page.press(Key::Shift + "B").await;
    page.wait("A is heard", WORK, async || page.attribute(&[("button", "Mix A")], "aria-pressed").await == "true").await;
    assert!(exported(page).await == first);
}

async fn a_chain_is_ordered_and_frozen(page: &Page) {
    for processor in ["Equalizer", "Compressor"] {
        page.insert_by_keys("Kick", processor).await;
    }
    page.set_by_keys(&[("region", "Equalizer on Kick"), ("slider", "Band 3 gain")], "-9").await;
    page.set_by_keys(&[("region", "Compressor on Kick"), ("slider", "Threshold")], "-30").await;
    let one_way = exported(page).await;
    page.tab_to(&[("group", "Kick"), ("button", "Compressor")]).await;
    page.press(Key::Alt + Key::Up).await;
    let first = "return document.querySelector('.strip[aria-label=Kick] [data-insert]').getAttribute('aria-label')";
    page.wait("the compressor is the first", WORK, async || page.script(first, &[]).await == "Compressor").await;
    let other_way = exported(page).await;
    assert!(one_way[..2 * FRAMES] != other_way[..2 * FRAMES], "the order is heard");
    page.press(Key::Control + "k").await;
    page.wait("the palette listens", WORK, async || page.has_focus(&[("combobox", "Find a command")]).await).await;
    page.press("freeze kick").await;
    page.press(Key::Enter + "").await;
    let thaw: Route = &[("group", "Kick"), ("button", "Thaw 2 inserts")];
    page.get_within(thaw, WORK).await;
    page.wait("the dialog has closed", WORK, async || !page.has(&[("dialog", "*")]).await).await;
    assert!(exported(page).await[..2 * FRAMES] == other_way[..2 * FRAMES], "a frozen track sounds as it did");
    page.press_by_keys(thaw, Key::Enter).await;
    page.get(&[("group", "Kick"), ("button", "Compressor")]).await;
}

async fn places_are_named(page: &Page) {
    to_beat(page, 1).await;
    page.press("i").await;
    page.press(Key::Right + "").await;
    page.press("o").await;
    page.wait("the loop is on", WORK, async || page.attribute(&[("button", "Loop")], "aria-pressed").await == "true").await;
    page.choose_by_keys(ADD, "Marker at the playhead").await;
    page.tab_to(&[("button", "Marker Marker 1")]).await;
    page.press(Key::F2 + "").await;
    page.wait("its name is typed", WORK, async || page.has_focus(&[("textbox", "Marker name")]).await).await;
    page.press("Chorus").await;
    page.press(Key::Enter + "").await;
    page.get(&[("button", "Marker Chorus")]).await;
}

/// The saved session, rendered natively.
async fn the_scripted_render_has_the_same_bits(page: &Page, fixtures: &Fixtures) {
    let own = exported(page).await;
    page.press(Key::Control + "s").await;
    let (session, out) = (page.download(".headroom", WORK).await, fixtures.path("bounce.wav"));
    let job = Job { session, out: out.clone(), song: None, format: SampleFormat::F32, dither: Dither::None, range: None };
    bounce(&job).expect("a render");
    let bits = |samples: &[f32]| samples.iter().map(|sample| sample.to_bits()).collect::<Vec<_>>();
    assert!(bits(&Wav::read(&out).samples) == bits(&own));
}

#[test]
fn chromium_a_keyboard_alone_does_a_whole_mix_and_every_step_is_in_the_export() {
    run(Browser::Chromium, "keyboard", async |page: &Page| {
        let (fixtures, stems) = (Fixtures::new(), Stems { kick: quiet(1), pad: [quiet(2), quiet(3)] });
        let kick = fixtures.wav("Kick.wav", RATE_HZ, Depth::Float32, std::slice::from_ref(&stems.kick));
        let pad = fixtures.wav("Pad.wav", RATE_HZ, Depth::Float32, &stems.pad);
        page.tab_to(&[("button", "Choose stems")]).await;
        page.add_audio(&[kick, pad]).await;
        page.get_within(&[("group", "Pad")], WORK).await;
        page.wait("the files are read", WORK, async || !page.has(&[("progressbar", "*")]).await).await;
        a_clip_is_split_faded_and_set(page, &stems).await;
        a_fader_is_automated(page, &stems).await;
        a_send_and_a_group_carry_it(page, &stems).await;
        two_states_stay_apart(page).await;
        places_are_named(page).await;
        a_chain_is_ordered_and_frozen(page).await;
        the_scripted_render_has_the_same_bits(page, &fixtures).await;
    });
}
