//! Every place of the list, in the page: what is exported for it is measured by the `ebur128` crate, and what is out of reach, or only to be
//! had with damage, is refused with a sentence that says so.
//!
//! Real songs go there in stretches at every run, and whole where the test is asked for by name, which takes half an hour.

use std::path::{Path, PathBuf};
use std::time::Duration;

use session::destination::{Destination, TARGET_TOLERANCE_LU, destination, destinations};
use tests::browser::{Browser, run};
use tests::fixtures::{Depth, Fixtures, noise};
use tests::masters::{independent, near, programme, reach, song};
use tests::material::{decoded, name, songs};
use tests::page::Page;
use tests::wav::Wav;

use super::assert_said;
use super::songs::{LOUD, WITHIN_REACH, stretch};

const RATE_HZ: u32 = 44_100;
/// A dozen renders of a whole song on a busy machine.
const SOLVING: Duration = Duration::from_secs(1_200);
/// What the page says of damage, and of what no gain leads to.
const DAMAGE: &str = "cannot be reached without damage: the limiter would take more than 6 dB for";
const OUT_OF_REACH: &str = "is out of reach";

const REFUSALS: &str = "return [...document.querySelectorAll('[role=alert] .toast-text')].map((text) => text.textContent).join(' ')";
const CLOSE_REFUSALS: &str = "document.querySelectorAll('.toasts [role=alert] button').forEach((button) => button.click())";
const FILES: &str = "return document.querySelectorAll('dialog[open] .export-written a').length";

async fn text_of(page: &Page, script: &str) -> String {
    page.script(script, &[]).await.as_str().unwrap_or_default().to_owned()
}

async fn files(page: &Page) -> u64 {
    page.script(FILES, &[]).await.as_u64().unwrap_or_default()
}

/// Exports for a place and reads the file, of which everything that the dialog says must be true; or gives the sentence that refuses it.
pub async fn exported(page: &Page, place: &str, rate: Option<&str>) -> Result<([Vec<f32>; 2], u32), String> {
    page.click(&[("button", "Export")]).await;
    page.choose(&[("dialog", "Export"), ("combobox", "Loudness target")], place).await;
    if let Some(rate) = rate {
        page.choose(&[("dialog", "Export"), ("combobox", "Sample rate")], rate).await;
    }
    let before = files(page).await;
    page.click(&[("dialog", "Export"), ("button", "Start export")]).await;
    let is_done = async || files(page).await > before || !text_of(page, REFUSALS).await.is_empty();
    page.wait("the export is written or refused", SOLVING, is_done).await;
    page.get_within(&[("dialog", "Export"), ("button", "Start export")], SOLVING).await;
    let refusal = text_of(page, REFUSALS).await;
    let file = if refusal.is_empty() { Some(page.download(".wav", SOLVING).await) } else { None };
    let read = match file {
        Some(path) => {
            let wav = Wav::read(&path);
            std::fs::remove_file(path).expect("the download can be removed");
            let side = |side: usize| wav.samples.iter().skip(side).step_by(2).copied().collect::<Vec<_>>();
            let planes = [side(0), side(1)];
            assert_said(page, &planes, wav.rate_hz).await;
            Ok((planes, wav.rate_hz))
        }
        None => Err(refusal),
    };
    page.click(&[("dialog", "Export"), ("button", "Close")]).await;
    page.script(CLOSE_REFUSALS, &[]).await;
    read
}

/// Begins with one song.
async fn only_song(page: &Page, file: &Path) {
    page.open().await;
    page.click(&[("tab", "Master")]).await;
    page.bring_in(&[file.to_path_buf()], &[("meter", "Integrated loudness")]).await;
}

/// What a place asks for is in the file.
fn assert_fits(song: &str, place: &Destination, planes: &[Vec<f32>; 2], rate_hz: u32) {
    let [lufs, range, peak] = independent(planes, rate_hz);
    println!("{song} for {}: {lufs:.2} LUFS, {range:.1} LU, {peak:.2} dBTP, PLR {:.1} LU", place.name, peak - lufs);
    near(lufs, place.target_lufs, TARGET_TOLERANCE_LU);
    assert!(peak <= place.peak_dbtp, "{song} for {}: {peak} dBTP", place.name);
}

/// A programme whose peaks are rounded off, so that even a club's loudness can be had undamaged.
fn dense() -> [Vec<f32>; 2] {
    programme(77, RATE_HZ, 6).map(|plane| plane.into_iter().map(|sample| 0.7 * (2.5 * sample).tanh()).collect())
}

#[test]
fn chromium_a_song_goes_to_every_place_of_the_list_at_its_loudness_with_its_peak_under_the_limit() {
    run(Browser::Chromium, "places", async |page: &Page| {
        let fixtures = Fixtures::new();
        only_song(page, &fixtures.wav("Paper boats.wav", RATE_HZ, Depth::Float32, &dense())).await;
        for place in destinations() {
            let (planes, rate_hz) = exported(page, &place.name, None).await.unwrap_or_else(|refusal| panic!("{}: {refusal}", place.name));
            assert_fits("Paper boats", place, &planes, rate_hz);
        }
    });
}

/// The product of several noises: peaks far over its power at every moment, which a limiter has to hold down all the time to make it loud.
fn spikes() -> [Vec<f32>; 2] {
    let frames = 6 * RATE_HZ as usize;
    [1, 11].map(|first| {
        let factors: Vec<Vec<f32>> = (first..first + 6).map(|seed| noise(seed, frames)).collect();
        let plane: Vec<f32> = (0..frames).map(|frame| factors.iter().map(|factor| factor[frame]).product()).collect();
        let highest = plane.iter().fold(0.0f32, |most, sample| most.max(sample.abs()));
        plane.into_iter().map(|sample| 0.9 * sample / highest).collect()
    })
}

#[test]
fn chromium_what_takes_damage_or_is_out_of_reach_is_refused_with_its_word_and_not_written() {
    const SAID: &str = "return document.querySelector('.goal-said')?.textContent ?? ''";
    run(Browser::Chromium, "refusals", async |page: &Page| {
        let fixtures = Fixtures::new();
        let silence = [vec![0.0; 88_200], vec![0.0; 88_200]];
        for (title, planes, place, word) in [("Spikes", spikes(), "Club", DAMAGE), ("Nothing", silence, "Spotify", OUT_OF_REACH)] {
            only_song(page, &fixtures.wav(&format!("{title}.wav"), RATE_HZ, Depth::Float32, &planes)).await;
            let refusal = exported(page, place, None).await.expect_err("no file");
            assert!(refusal.contains(word), "{title} for {place}: {refusal}");
            assert!(std::fs::read_dir(page.downloads()).is_ok_and(|mut files| files.next().is_none()), "nothing is written");
            page.choose(&[("combobox", "Destination")], place).await;
            page.click(&[("button", "Reach the target")]).await;
            page.wait(&format!("the room says that it {word}"), SOLVING, async || text_of(page, SAID).await.contains(word)).await;
            assert!(!page.has(&[("button", "Limiter on")]).await, "the chain is left as it was");
        }
    });
}

/// Takes a song to the places where every song must get, and to the loud ones, where it may be refused: then a render of its own says so too.
async fn to_all_places(page: &Page, title: &str, file: &Path, planes: &[Vec<f32>; 2], rate_hz: u32) {
    only_song(page, file).await;
    for id in WITHIN_REACH.into_iter().chain(LOUD) {
        let place = destination(id).expect("a place");
        match exported(page, &place.name, None).await {
            Ok((planes, rate_hz)) => assert_fits(title, place, &planes, rate_hz),
            Err(refusal) => {
                println!("{title} for {}: {refusal}", place.name);
                assert!(LOUD.contains(&id), "{title} does not reach {}: {refusal}", place.name);
                assert!(refusal.contains(DAMAGE) || refusal.contains(OUT_OF_REACH), "{title}: {refusal}");
                let (session, song, mut samples) = song(planes.clone(), rate_hz);
                let own = reach(&session, song, &mut samples, id, None);
                assert!(own.is_none_or(|(_, limiting, _)| limiting.is_damage()), "{title} reaches {} undamaged", place.name);
            }
        }
    }
}

#[test]
fn chromium_every_song_s_stretch_goes_to_its_places_or_is_refused_with_the_word() {
    let songs = songs();
    if songs.is_empty() {
        return;
    }
    run(Browser::Chromium, "stretches", async |page: &Page| {
        let fixtures = Fixtures::new();
        for path in songs {
            let (title, (planes, rate_hz)) = (name(&path), stretch(&path));
            let file: PathBuf = fixtures.wav(&format!("{title}.wav"), rate_hz, Depth::Float32, &planes);
            to_all_places(page, &title, &file, &planes, rate_hz).await;
        }
    });
}

#[test]
#[ignore = "half an hour: cargo test -p tests --test mastering -- --ignored --nocapture, with HEADROOM_MATERIAL and a built page"]
fn chromium_every_whole_song_goes_to_its_places_or_is_refused_with_the_word() {
    run(Browser::Chromium, "whole-songs", async |page: &Page| {
        for path in songs() {
            let (planes, rate_hz) = decoded(&path, usize::MAX);
            to_all_places(page, &name(&path), &path, &planes, rate_hz).await;
        }
    });
}
