//! A folder of stems becomes a mix: brought in, heard, set, undone and redone, found again, carried elsewhere, exported.

use std::time::Duration;

use tests::fixtures::{Depth, Fixtures, noise};
use tests::in_both_browsers;
use tests::page::{Page, Route};
use tests::wav::Wav;
use thirtyfour::Key;

/// Importing and rendering a few seconds of audio on a busy machine.
const WORK: Duration = Duration::from_secs(120);
const STEMS: [&str; 8] = ["Kick", "Snare", "Bass", "Lead", "Piano", "Cymbals", "Vocal", "Pad"];
const UNDO: Route = &[("button", "Undo")];
const REDO: Route = &[("button", "Redo")];
const VOLUME: Route = &[("group", "Kick"), ("slider", "Volume")];
const PAN: Route = &[("group", "Kick"), ("slider", "Pan")];
const BAND_GAIN: Route = &[("region", "Equalizer on Kick"), ("slider", "Band 3 gain")];
const THRESHOLD: Route = &[("region", "Compressor on Kick"), ("slider", "Threshold")];
const CEILING: Route = &[("region", "Limiter on Master"), ("slider", "Ceiling")];

async fn add_insert(page: &Page, strip: &str, processor: &str) {
    page.click(&[("group", strip), ("button", "Add insert")]).await;
    page.click(&[("menuitem", processor)]).await;
    page.get(&[("region", &format!("{processor} on {strip}"))]).await;
}

async fn is_pressed(page: &Page, route: Route<'_>) -> bool {
    page.attribute(route, "aria-pressed").await == "true"
}

/// Presses a history button until it is exhausted, and says how often that was.
async fn exhaust(page: &Page, route: Route<'_>) -> usize {
    let mut presses = 0;
    while page.get(route).await.is_enabled().await.unwrap_or(false) {
        page.click(route).await;
        presses += 1;
        assert!(presses < 200, "history does not end");
    }
    presses
}

async fn the_stems_appear(page: &Page, fixtures: &Fixtures) {
    page.drop_files(&fixtures.mixed_stems(), 0.25).await;
    for stem in STEMS {
        page.get_within(&[("group", stem)], WORK).await;
    }
    page.wait("all files are read", WORK, async || !page.has(&[("progressbar", "*")]).await).await;
    let clips =
        page.script("return [...document.querySelectorAll('button.clip')].map((clip) => clip.getAttribute('aria-label'))", &[]).await;
    let names: Vec<&str> = clips.as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
    for stem in STEMS {
        assert!(names.iter().any(|name| name.starts_with(stem) && name.contains("0:02")), "{stem} with its length: {names:?}");
    }
    // A waveform is more than a filled box: its columns have many heights.
    let heights = "return [...document.querySelectorAll('.timeline canvas')].some((canvas) => {
            if (!canvas.width || !canvas.height) return false;
            const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const columns = new Set();
            for (let x = 0; x < width; x += 1) {
                let drawn = 0;
                for (let y = 0; y < height; y += 1) drawn += data[4 * (y * width + x) + 3] > 0 ? data[4 * (y * width + x)] : 0;
                columns.add(drawn);
            }
            return columns.size > 20;
        });";
    page.wait("waveforms are drawn", WORK, async || page.script(heights, &[]).await == true).await;
}

async fn it_plays_and_its_meters_move(page: &Page) {
    page.click(&[("button", "Loop")]).await;
    page.click(&[("button", "Play")]).await;
    page.get(&[("button", "Stop")]).await;
    for strip in ["Kick", "Master"] {
        page.wait(strip, WORK, async || page.value(&[("group", strip), ("meter", "Level")]).await > -40.0).await;
    }
    let position = page.text(&[("timer", "Position")]).await;
    page.wait("the position moves", WORK, async || page.text(&[("timer", "Position")]).await != position).await;
    page.press(" ").await;
    page.get(&[("button", "Play")]).await;
}

async fn it_is_set(page: &Page) {
    page.type_value(VOLUME, "-6").await;
    page.keys(PAN, Key::Home + "").await;
    page.click(&[("group", "Snare"), ("button", "Mute")]).await;
    page.click(&[("group", "Bass"), ("button", "Solo")]).await;
    add_insert(page, "Kick", "Equalizer").await;
    page.type_value(BAND_GAIN, "-4").await;
    add_insert(page, "Kick", "Compressor").await;
    page.type_value(THRESHOLD, "-24").await;
    add_insert(page, "Master", "Limiter").await;
    page.type_value(CEILING, "-2").await;
}

/// All that a session holds of what was set; solo is listening, and not in it.
async fn is_as_set(page: &Page) -> bool {
    page.value(VOLUME).await == -6.0
        && page.value(PAN).await == -100.0
        && is_pressed(page, &[("group", "Snare"), ("button", "Mute")]).await
        && page.has(&[("group", "Kick"), ("button", "Equalizer")]).await
        && page.has(&[("group", "Kick"), ("button", "Compressor")]).await
        && page.has(&[("group", "Master"), ("button", "Limiter")]).await
        && is_pressed(page, &[("button", "Loop")]).await
}

async fn it_is_undone_and_redone(page: &Page) {
    let undone = exhaust(page, UNDO).await;
    assert!(undone >= 11, "{undone} steps");
    assert!(!page.has(&[("group", "Kick")]).await, "without its import there is no strip");
    assert_eq!(exhaust(page, REDO).await, undone);
    page.wait("the mix is as it was set", WORK, async || is_as_set(page).await).await;
    assert!(is_pressed(page, &[("group", "Bass"), ("button", "Solo")]).await);
}

/// Opens the editors and reads what their sliders say.
async fn the_processors_are_as_set(page: &Page) {
    for (strip, processor, slider, value) in
        [("Kick", "Equalizer", BAND_GAIN, -4.0), ("Kick", "Compressor", THRESHOLD, -24.0), ("Master", "Limiter", CEILING, -2.0)]
    {
        let editor = [("region", &*format!("{processor} on {strip}"))];
        if !page.has(&editor).await {
            page.click(&[("group", strip), ("button", processor)]).await;
        }
        page.wait(processor, WORK, async || page.value(slider).await == value).await;
    }
}

async fn it_is_found_again(page: &Page) {
    // Straight after the last change, so that nothing but leaving the page can have saved it.
    page.click(&[("group", "Pad"), ("button", "Mute")]).await;
    page.reload().await;
    page.get_within(&[("group", "Kick")], WORK).await;
    page.wait("the mix is found again", WORK, async || is_as_set(page).await).await;
    assert!(is_pressed(page, &[("group", "Pad"), ("button", "Mute")]).await, "and its last change");
    the_processors_are_as_set(page).await;
    page.click(&[("group", "Pad"), ("button", "Mute")]).await;
}

async fn it_is_carried_elsewhere(page: &Page) {
    page.click(&[("button", "Save session file")]).await;
    let archive = page.download(".headroom", WORK).await;
    page.click(&[("button", "Headroom, start page")]).await;
    page.get(&[("button", "Open demo song")]).await;
    page.give_files("Open session file", &[archive]).await;
    page.get_within(&[("group", "Kick")], WORK).await;
    page.wait("the opened session is the same", WORK, async || is_as_set(page).await).await;
    the_processors_are_as_set(page).await;
}

async fn it_is_exported_as_floats(page: &Page) {
    page.click(&[("button", "Export")]).await;
    page.choose(&[("dialog", "Export"), ("combobox", "Bit depth")], "32 bit float").await;
    page.click(&[("dialog", "Export"), ("button", "Start export")]).await;
    let wav = Wav::read(&page.download(".wav", WORK).await);
    page.get(&[("dialog", "Export"), ("progressbar", "Export progress")]).await;
    assert_eq!((wav.channels, wav.bits), (2, 32));
    assert!(wav.frames() >= 2 * wav.rate_hz as usize, "{} frames", wav.frames());
    let ceiling = 10f32.powf(-2.0 / 20.0);
    assert!(wav.peak() <= ceiling && wav.peak() > 0.1, "eight stems under the ceiling: {}", wav.peak());
}

in_both_browsers!(eight_stems_become_a_mix_that_is_kept_and_exported, async |page: &Page| {
    let fixtures = Fixtures::new();
    the_stems_appear(page, &fixtures).await;
    it_plays_and_its_meters_move(page).await;
    it_is_set(page).await;
    it_is_undone_and_redone(page).await;
    it_is_found_again(page).await;
    it_is_carried_elsewhere(page).await;
    it_is_exported_as_floats(page).await;
});

in_both_browsers!(what_came_in_just_before_the_page_was_left_is_still_there, async |page: &Page| {
    let fixtures = Fixtures::new();
    let file = fixtures.wav("Late.wav", 44_100, Depth::Int16, &[noise(1, 44_100)]);
    page.add_audio(&[file]).await;
    page.get_within(&[("group", "Late")], WORK).await;
    // Sooner than a change is saved.
    page.reload().await;
    page.get_within(&[("group", "Late")], WORK).await;
    page.click(&[("button", "Save session file")]).await;
    let archive = page.download(".headroom", WORK).await;
    assert!(archive.metadata().is_ok_and(|data| data.len() > 88_200), "the session file holds the audio");
});
