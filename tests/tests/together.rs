//! What reaches several clips or strips at once, by its samples in the export: takes put where their files say that they were recorded, clips that
//! cross over, strips that are set together, and faders that are linked.

use std::f64::consts::FRAC_PI_2;
use std::path::PathBuf;

use tests::browser::{Browser, run};
use tests::fixtures::{Depth, Fixtures, noise};
use tests::page::{Page, Route};
use tests::sound::WORK;
use tests::wav::Wav;
use thirtyfour::Key;

const RATE_HZ: u32 = 48_000;
const FRAMES: usize = 2 * RATE_HZ as usize;
const HOUR_FRAMES: u64 = 3_600 * RATE_HZ as u64;
/// How much later the second take began.
const LATER: usize = 12_000;
/// Half a second of the first clip under its copy.
const OVERLAP: usize = 24_000;
/// Sums in floats, in another order.
const TOLERANCE: f64 = 2e-6;
/// Bytes of a WAV before its data chunk.
const BEFORE_DATA: usize = 36;
/// A bext chunk (EBU Tech 3285), and the place of its time reference.
const BEXT_BYTES: usize = 602;
const TIME_REFERENCE: usize = 338;

const KICK: Route = &[("group", "Kick"), ("slider", "Volume")];
const PAD: Route = &[("group", "Pad"), ("slider", "Volume")];
const LEAD: Route = &[("group", "Lead"), ("slider", "Volume")];

/// A take of mono noise, recorded so many frames after midnight.
fn take(fixtures: &Fixtures, name: &str, signal: &Vec<f32>, recorded: u64) -> PathBuf {
    let plain = fixtures.wav(name, RATE_HZ, Depth::Float32, std::slice::from_ref(signal));
    let plain = std::fs::read(&plain).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut bext = vec![0; BEXT_BYTES];
    bext[TIME_REFERENCE..TIME_REFERENCE + 8].copy_from_slice(&recorded.to_le_bytes());
    let chunk = [b"bext".as_slice(), &(BEXT_BYTES as u32).to_le_bytes(), &bext].concat();
    let mut file = [&plain[..BEFORE_DATA], &chunk, &plain[BEFORE_DATA..]].concat();
    let size = (file.len() - 8) as u32;
    file[4..8].copy_from_slice(&size.to_le_bytes());
    fixtures.raw(name, &file)
}

/// The left side of what is exported.
async fn exported(page: &Page) -> Vec<f64> {
    let path = page.export("32 bit float", "None").await;
    let left = Wav::read(&path).samples.iter().step_by(2).map(|sample| f64::from(*sample)).collect();
    std::fs::remove_file(path).expect("the download can be removed");
    left
}

/// A signal, its gain by the frame, and where it starts.
type Part<'a> = (&'a [f32], &'a dyn Fn(usize) -> f64, usize);

#[track_caller]
fn is_sum(out: &[f64], parts: &[Part<'_>]) {
    for (frame, found) in out.iter().take(FRAMES + LATER).enumerate() {
        let sample =
            |signal: &[f32], start: usize| frame.checked_sub(start).and_then(|at| signal.get(at)).map_or(0.0, |sample| f64::from(*sample));
        let expected: f64 = parts.iter().map(|(signal, gain, start)| gain(frame) * sample(signal, *start)).sum();
        assert!((found - expected).abs() < TOLERANCE, "frame {frame}: {found} and not {expected}");
    }
}

fn gain(db: f64) -> f64 {
    10f64.powf(db / 20.0)
}

const RIGHT_CLICK: &str = "const element = document.querySelector(arguments[0]), box = element.getBoundingClientRect();
    element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: box.x + 9, clientY: box.y + box.height / 2 }));";
/// Chooses a track beside the selected one.
const BESIDE: &str = "const name = [...document.querySelectorAll('.track-name')].find((name) => name.textContent === arguments[0]);
    name.dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }));";

async fn choose_of(page: &Page, element: &str, line: &str) {
    page.script(RIGHT_CLICK, &[element.into()]).await;
    page.click(&[("menuitem", line)]).await;
    page.gone(&[("menuitem", line)]).await;
}

#[test]
fn chromium_takes_are_aligned_clips_cross_over_and_strips_are_set_together_in_the_export() {
    run(Browser::Chromium, "together", async |page: &Page| {
        let fixtures = Fixtures::new();
        let signals = [1, 2, 3].map(|seed| noise(seed, FRAMES).into_iter().map(|sample| 0.2 * sample).collect::<Vec<f32>>());
        let [kick, pad, lead] = &signals;
        let files = [
            take(&fixtures, "Kick.wav", kick, HOUR_FRAMES),
            take(&fixtures, "Pad.wav", pad, HOUR_FRAMES + LATER as u64),
            take(&fixtures, "Lead.wav", lead, HOUR_FRAMES),
        ];
        page.add_audio(&files).await;
        page.get_within(LEAD, WORK).await;
        page.wait("the files are read", WORK, async || !page.has(&[("progressbar", "*")]).await).await;
        page.press(Key::Control + "a").await;
        choose_of(page, "button.clip", "Align by time stamp").await;
        let one = |_: usize| 1.0;
        is_sum(&exported(page).await, &[(kick, &one, 0), (pad, &one, LATER), (lead, &one, 0)]);

        page.type_value(PAD, "-4").await;
        page.click(&[("button", "Select Kick")]).await;
        page.script(BESIDE, &["Pad".into()]).await;
        page.type_value(KICK, "-6").await;
        page.wait("both go down by six", WORK, async || page.value(PAD).await == -10.0).await;
        choose_of(page, ".strip[aria-label=Kick] .name", "Link the chosen faders").await;
        page.click(&[("button", "Select Lead")]).await;
        page.type_value(PAD, "-12").await;
        page.wait("the other follows its link", WORK, async || page.value(KICK).await == -8.0).await;
        let (low, lower) = (|_: usize| gain(-8.0), |_: usize| gain(-12.0));
        is_sum(&exported(page).await, &[(kick, &low, 0), (pad, &lower, LATER), (lead, &one, 0)]);

        page.click(&[("button", "Select Lead")]).await;
        page.keys(&[("list", "Lead clips"), ("button", "*")], Key::Control + "d").await;
        page.get(&[("button", "Lead clip 2, 0:02 to 0:04")]).await;
        page.press(",").await;
        page.press(Key::Shift + "X").await;
        let crossed = "return document.querySelectorAll('ul[aria-label=\"Lead clips\"] button').length === 2";
        page.wait("the copy lies over the end", WORK, async || page.script(crossed, &[]).await == true).await;
        let start = FRAMES - OVERLAP;
        let course = |frame: usize| ((frame as f64 - start as f64 + 0.5) / OVERLAP as f64).clamp(0.0, 1.0);
        let (down, up) = (|frame| (FRAC_PI_2 * (1.0 - course(frame))).sin(), |frame| (FRAC_PI_2 * course(frame)).sin());
        is_sum(&exported(page).await, &[(kick, &low, 0), (pad, &lower, LATER), (lead, &down, 0), (lead, &up, start)]);
    });
}
